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


def panel_temperature_c(
    junction_c: float, *, conduction_k: float, interface_k: float, cold_plate_k: float, loop_k: float
) -> float:
    """Mean radiator temperature: chip junction minus every drop on the way, each stated by the caller.

    Drops in kelvin: conduction inside the package, thermal interface, cold plate (wall to coolant), loop (half the rise
    of the coolant plus coolant to panel). Raises ThermalError for a negative drop: heat does not climb without a pump.
    """
    drops_k = {"conduction": conduction_k, "interface": interface_k, "cold plate": cold_plate_k, "loop": loop_k}
    for name, drop_k in drops_k.items():
        if drop_k < 0:
            raise ThermalError(f"{name} drop {drop_k} K: heat flows only from hot to cold, a drop is not negative")
    panel_c = junction_c - sum(drops_k.values())
    kelvin(panel_c)
    return panel_c


def flat_plate_temperature_c(absorptance_frac: float = 1.0, emissivity_frac: float = 1.0, converted_frac: float = 0.0) -> float:
    """Equilibrium of a plate with one face square to the sun and both radiating, Celsius, Earth left out.

    (alpha - converted) G = 2 eps sigma T^4. Chips on the back of their own cells return as heat what the cells
    convert, so nothing is converted away (331 K) and the plate needs no further radiator. Raises ThermalError if
    nothing is absorbed.
    """
    absorbed = (absorptance_frac - converted_frac) * SOLAR_CONSTANT_W_PER_M2
    if absorbed <= 0:
        raise ThermalError("flat plate: nothing is absorbed, so no temperature above absolute zero balances it")
    return float((absorbed / (2 * emissivity_frac * STEFAN_BOLTZMANN_W_PER_M2_K4)) ** 0.25 - ZERO_CELSIUS_K)
