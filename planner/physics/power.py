"""Power in orbit, per kW of IT: how large the array and the battery must be, and what is left of them with age.

    array power       bus * (1 + ride * e / (eta_storage (1 - e))) kW, e the eclipse fraction of the worst month
    oversizing        begin of life = array power / D,   D = (1 - (1 - d)^N) / (N d)
    health            min(1, (1 - d)^a / D) at age a in years: the oversizing is not lost twice
    battery           bus * ride * longest eclipse / (depth of discharge * Wh/kg)

`bus` is bus power over IT power, the orbital counterpart of PUE. `ride` is the share of the load carried through
eclipse; the rest is shed. D is the mean of (1 - d)^a over the starts of the years of life, so that the *array* meets
the load in the mean. The load cannot use what is left over early, so its own mean health is a little below one.
Source: Wertz, Everett, Puschell, Space Mission Engineering, chapter 21.2 (array and battery sizing).
"""

from __future__ import annotations

import numpy as np

from planner.physics.constants import SOLAR_CONSTANT_W_PER_M2, Array, Numbers, as_array
from planner.physics.errors import PhysicsError


def array_power_w_per_kw(
    bus_overhead: Numbers, ride_through_frac: Numbers, eclipse_frac: Numbers, storage_efficiency_frac: Numbers
) -> Array:
    """Power of the array in sunlight per kW of IT, W, that feeds the bus and refills the battery in the worst month.

    Raises PhysicsError for an eclipse fraction outside [0, 1) or a storage efficiency that is not positive.
    """
    dark = as_array(eclipse_frac)
    if not np.all((dark >= 0) & (dark < 1)):
        raise PhysicsError(f"eclipse fraction {eclipse_frac}: an orbit that never sees the sun cannot be powered by it")
    if not np.all(np.asarray(storage_efficiency_frac) > 0):
        raise PhysicsError(f"storage efficiency {storage_efficiency_frac}: a battery that gives nothing back carries no load")
    return 1000 * bus_overhead * (1 + ride_through_frac * dark / (storage_efficiency_frac * (1 - dark)))


def storage_loss_w_per_kw(
    bus_overhead: Numbers, ride_through_frac: Numbers, eclipse_frac: Numbers, storage_efficiency_frac: Numbers
) -> Array:
    """Heat of charging and discharging in the worst month, W per kW of IT, spread over the sunlit part of the orbit.

    The refill minus what it gives back: bus * ride * e / (1 - e) * (1 / eta_storage - 1). It closes the energy balance.
    """
    perfect = array_power_w_per_kw(bus_overhead, ride_through_frac, eclipse_frac, 1.0)
    return array_power_w_per_kw(bus_overhead, ride_through_frac, eclipse_frac, storage_efficiency_frac) - perfect


def mean_health_frac(array_loss_frac_per_year: Numbers, life_years: Numbers) -> Array:
    """D = (1 - (1 - d)^N) / (N d), one where nothing is lost. Raises PhysicsError for d outside [0, 1) or N <= 0."""
    loss, life = as_array(array_loss_frac_per_year), as_array(life_years)
    if not np.all((loss >= 0) & (loss < 1)):
        raise PhysicsError(f"array loss {array_loss_frac_per_year} a year: must lie in [0, 1)")
    if not np.all(life > 0):
        raise PhysicsError(f"life {life_years} years: must be positive")
    lost = -np.expm1(life * np.log1p(-loss))
    return np.divide(lost, life * loss, out=np.ones(np.broadcast(loss, life).shape), where=loss > 0)


def health_frac(age_years: Numbers, array_loss_frac_per_year: Numbers, life_years: Numbers) -> Array:
    """Share of the load that the aged array still carries: min(1, (1 - d)^a / D)."""
    left = (1 - as_array(array_loss_frac_per_year)) ** as_array(age_years)
    return as_array(np.minimum(1.0, left / mean_health_frac(array_loss_frac_per_year, life_years)))


def array_area_m2(power_w: Numbers, efficiency_frac: Numbers) -> Array:
    """Area facing the sun, m2: power / (1361 W/m2 * efficiency), efficiency at array level with packing."""
    return as_array(power_w) / (SOLAR_CONSTANT_W_PER_M2 * as_array(efficiency_frac))


def array_mass_kg(power_w: Numbers, specific_power_w_per_kg: Numbers) -> Array:
    """Mass of the array, kg: power / (W/kg at array level, begin of life)."""
    return as_array(power_w) / as_array(specific_power_w_per_kg)


def battery_mass_kg_per_kw(
    bus_overhead: Numbers,
    ride_through_frac: Numbers,
    longest_eclipse_h: Numbers,
    depth_of_discharge_frac: Numbers,
    specific_energy_wh_per_kg: Numbers,
) -> Array:
    """Battery per kW of IT, kg: energy at the bus of the longest eclipse over the usable Wh/kg."""
    energy_wh = 1000 * as_array(bus_overhead * ride_through_frac * longest_eclipse_h)
    return energy_wh / as_array(depth_of_discharge_frac * specific_energy_wh_per_kg)
