"""Heat: what a square metre of radiator rejects to space, and how cold it may become before it rejects nothing.

Per m2 of panel planform with N_f radiating faces at panel temperature T:

    q = fin N_f eps sigma T^4  -  N_f F (eps E_ir + alpha_s A_earth G phi)  -  alpha_s G sin(sun error)

eps is the infrared emissivity, alpha_s the solar absorptance; Earth's infrared E_ir is absorbed with the *infrared*
emissivity. F is the view factor from one face to Earth, A_earth the albedo, G the solar constant. phi is the share of
the subsolar albedo that an orbit meets: about nothing on the terminator, one over the subsolar point. The panel stands
edge-on to Earth and to the sun, within the sun error: on a dawn-dusk orbit that takes one axis of steering.
Source: Gilmore, Spacecraft Thermal Control Handbook, volume 1, chapters 2 and 6; the view factor of a plate edge-on to
a sphere is in every catalogue of configuration factors and is checked by quadrature in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.physics.constants import (
    EARTH_ALBEDO_FRAC,
    EARTH_INFRARED_W_PER_M2,
    EARTH_RADIUS_KM,
    SOLAR_CONSTANT_W_PER_M2,
    STEFAN_BOLTZMANN_W_PER_M2_K4,
    ZERO_CELSIUS_K,
    Array,
    Numbers,
    as_array,
)
from planner.physics.errors import PhysicsError, ThermalError


def kelvin(temperature_c: Numbers) -> Array:
    """Celsius to kelvin. Raises PhysicsError at or below absolute zero."""
    temperature_k = as_array(temperature_c) + ZERO_CELSIUS_K
    if not np.all(temperature_k > 0):
        raise PhysicsError(f"temperature {temperature_c} C: not above absolute zero")
    return temperature_k


def edge_on_view_factor(altitude_km: Numbers) -> Array:
    """View factor F from one face of a small plate, edge-on to Earth, to the sphere (dimensionless, 0..0.5).

    F = (th - sin th cos th) / pi with th = asin(R / (R + h)). On the ground it is one half. Raises PhysicsError below it.
    """
    altitude = as_array(altitude_km)
    if not np.all(altitude >= 0):
        raise PhysicsError(f"altitude {altitude_km} km: a plate sees Earth from above the ground")
    angle = np.arcsin(EARTH_RADIUS_KM / (EARTH_RADIUS_KM + altitude))
    return as_array((angle - np.sin(angle) * np.cos(angle)) / np.pi)


def black_body_flux_w_per_m2(temperature_c: Numbers, emissivity_frac: Numbers = 1.0, faces: Numbers = 1) -> Array:
    """faces * eps * sigma * T^4, W per m2 of planform, to a space at zero kelvin. Raises PhysicsError below absolute zero."""
    return faces * emissivity_frac * STEFAN_BOLTZMANN_W_PER_M2_K4 * kelvin(temperature_c) ** 4


@dataclass(frozen=True)
class Surroundings:
    """What shines on a panel: the geometry of Earth and sun that the flux formula needs."""

    view_factor_frac: float
    """F of one face to Earth."""
    albedo_phase_frac: float
    """phi, share of the subsolar albedo, mean over the orbit."""
    sun_error_deg: float
    """Angle by which the panel misses being edge-on to the sun."""


def absorbed_w_per_m2(
    surroundings: Surroundings, emissivity_frac: Numbers, solar_absorptance_frac: Numbers, faces: Numbers = 2
) -> Array:
    """Heat absorbed from Earth and sun, W per m2 of planform: the two negative terms of the flux formula."""
    infrared = as_array(emissivity_frac) * EARTH_INFRARED_W_PER_M2
    sunlight = as_array(solar_absorptance_frac) * SOLAR_CONSTANT_W_PER_M2
    earth = surroundings.view_factor_frac * (infrared + sunlight * EARTH_ALBEDO_FRAC * surroundings.albedo_phase_frac)
    return as_array(faces * earth + sunlight * np.sin(np.radians(surroundings.sun_error_deg)))


def net_flux_w_per_m2(
    temperature_c: Numbers,
    surroundings: Surroundings,
    emissivity_frac: Numbers,
    solar_absorptance_frac: Numbers,
    fin_efficiency_frac: Numbers = 1.0,
    faces: Numbers = 2,
) -> Array:
    """q of the module's formula, W per m2 of planform; zero or negative where the panel is too cold to reject anything."""
    emitted = fin_efficiency_frac * black_body_flux_w_per_m2(temperature_c, emissivity_frac, faces)
    return emitted - absorbed_w_per_m2(surroundings, emissivity_frac, solar_absorptance_frac, faces)


def coldest_panel_c(
    surroundings: Surroundings,
    emissivity_frac: Numbers,
    solar_absorptance_frac: Numbers,
    fin_efficiency_frac: Numbers = 1.0,
    faces: Numbers = 2,
) -> Array:
    """Panel temperature at which q = 0, Celsius: colder than this the surroundings heat the radiator."""
    absorbed = absorbed_w_per_m2(surroundings, emissivity_frac, solar_absorptance_frac, faces)
    conductance = fin_efficiency_frac * as_array(faces * emissivity_frac * STEFAN_BOLTZMANN_W_PER_M2_K4)
    return as_array((absorbed / conductance) ** 0.25 - ZERO_CELSIUS_K)


def radiator_area_m2(heat_w: Numbers, net_flux: Numbers) -> Array:
    """Planform heat / q, m2. Raises ThermalError if the flux (W/m2) is not positive: no panel is large enough."""
    flux = as_array(net_flux)
    if not np.all(flux > 0):
        raise ThermalError(
            f"radiator too cold: net flux {np.min(flux):.1f} W/m2, it absorbs from Earth and sun what it emits, "
            "so no net heat is rejected at any size"
        )
    return as_array(heat_w) / flux
