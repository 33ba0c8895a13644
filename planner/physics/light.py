"""Light and shadow of a circular orbit: how much of each month a satellite spends in the sun.

The orbit is a circle of altitude h around a sphere of radius R; the shadow is a cylinder behind that sphere.
The one angle that matters is beta, between the direction of the sun and the plane of the orbit:

    shadow-free angle   beta* = asin(R / (R + h))
    eclipse fraction    e = acos( sqrt(h^2 + 2 R h) / ((R + h) cos beta) ) / pi      for |beta| < beta*, else 0
    sun angle           sin beta = cos(dec) sin(i) sin(node - ra) + sin(dec) cos(i)

Over the year the sun moves (declination `dec`, right ascension `ra`) and the node of the orbit drifts by Earth's
oblateness J2. At one inclination it drifts as fast as the mean sun: the orbit is sun-synchronous and keeps its local time.
Days are counted in UTC and sampled at noon; penumbra and refraction (together some ten seconds a pass) are left out.
Source of the formulas: Vallado, Fundamentals of Astrodynamics and Applications, chapters 5, 9 and 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from planner.physics.constants import (
    EARTH_EQUATORIAL_RADIUS_KM,
    EARTH_J2,
    EARTH_MU_KM3_PER_S2,
    EARTH_OBLIQUITY_DEG,
    EARTH_RADIUS_KM,
    TROPICAL_YEAR_DAYS,
    Array,
    Numbers,
    as_array,
)
from planner.physics.errors import PhysicsError

Month = tuple[int, int]
"""A calendar month: (year, month 1..12)."""

NODE_EPOCH = date(2026, 1, 1)
"""The day on which a drifting orbit (no sun-synchronous one) has its stated node local time."""

SIZING_MONTHS: tuple[Month, ...] = tuple((2026 + k // 12, 1 + k % 12) for k in range(48))
"""A whole leap cycle. A design is sized for its worst month here, so that its mass does not depend on a plan's horizon."""

_J2000_ORDINAL = date(2000, 1, 1).toordinal()


def eclipse_frac(altitude_km: Numbers, beta_deg: Numbers) -> Array:
    """Share of one revolution in the shadow, 0..0.5 (formula above). Raises PhysicsError below the ground."""
    radius_km = _radius_km(altitude_km, EARTH_RADIUS_KM)
    horizon_km = np.sqrt(radius_km**2 - EARTH_RADIUS_KM**2)
    across_km = radius_km * np.cos(np.radians(beta_deg))
    ratio = np.divide(
        horizon_km, across_km, out=np.ones(np.broadcast(horizon_km, across_km).shape), where=across_km > horizon_km
    )
    return np.arccos(ratio) / np.pi


def orbit_period_h(altitude_km: Numbers) -> Array:
    """Kepler: 2 pi sqrt(a^3 / mu), with a above the equatorial radius, in hours."""
    return 2 * np.pi * np.sqrt(_radius_km(altitude_km, EARTH_EQUATORIAL_RADIUS_KM) ** 3 / EARTH_MU_KM3_PER_S2) / 3600


def node_drift_deg_per_day(altitude_km: Numbers, inclination_deg: Numbers) -> Array:
    """Secular J2 drift of the node of a circle: -1.5 n J2 (Re / a)^2 cos(i), in degrees per day (Vallado 9.6)."""
    axis_km = _radius_km(altitude_km, EARTH_EQUATORIAL_RADIUS_KM)
    motion_deg_per_day = 360 * 24 / orbit_period_h(altitude_km)
    flattening = EARTH_J2 * (EARTH_EQUATORIAL_RADIUS_KM / axis_km) ** 2
    return -1.5 * motion_deg_per_day * flattening * np.cos(np.radians(inclination_deg))


def sun_synchronous_inclination_deg(altitude_km: Numbers) -> Array:
    """Inclination at which the node turns once in a tropical year, 96 to 180 degrees.

    Raises PhysicsError where no inclination is enough (above about 5,970 km).
    """
    cosine = -(360 / TROPICAL_YEAR_DAYS) / np.abs(node_drift_deg_per_day(altitude_km, 0.0))
    if np.any(cosine < -1):
        raise PhysicsError(f"altitude {altitude_km} km: no sun-synchronous orbit so high, J2 turns the node too slowly")
    return np.degrees(np.arccos(cosine))


def sun_position_deg(day: Numbers) -> tuple[Array, Array, Array]:
    """(declination, right ascension, mean longitude) of the sun in degrees; `day` counts from J2000 (2000-01-01 12 h).

    Low-precision formula of the Astronomical Almanac, good to 0.01 degree between 1950 and 2050.
    """
    day = as_array(day)
    mean_deg = 280.460 + 0.9856474 * day
    anomaly = np.radians(357.528 + 0.9856003 * day)
    longitude = np.radians(mean_deg + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(EARTH_OBLIQUITY_DEG)
    declination = np.arcsin(np.sin(tilt) * np.sin(longitude))
    right_ascension = np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude))
    return np.degrees(declination), np.degrees(right_ascension), mean_deg


def beta_deg(day: Numbers, altitude_km: Numbers, node_local_time_h: Numbers, inclination_deg: Numbers | None = None) -> Array:
    """Sun angle of the orbit on each day (counted from J2000), in degrees.

    Without inclination the orbit is sun-synchronous: its node stays at `node_local_time_h` mean solar time of the ascending
    node (6 and 18 are dawn-dusk). With one, the node has that local time on NODE_EPOCH and drifts by J2 from there.
    """
    declination, right_ascension, mean_deg = sun_position_deg(day)
    local_deg = 15 * (as_array(node_local_time_h) - 12)
    if inclination_deg is None:
        tilt = np.radians(sun_synchronous_inclination_deg(altitude_km))
        node_deg = mean_deg + local_deg
    else:
        tilt = np.radians(inclination_deg)
        start = float(NODE_EPOCH.toordinal() - _J2000_ORDINAL)
        drift = node_drift_deg_per_day(altitude_km, inclination_deg)
        node_deg = sun_position_deg(start)[2] + local_deg + drift * (as_array(day) - start)
    ahead = np.radians(node_deg - right_ascension)
    dec = np.radians(declination)
    sine = np.cos(dec) * np.sin(tilt) * np.sin(ahead) + np.sin(dec) * np.cos(tilt)
    return as_array(np.degrees(np.arcsin(np.clip(sine, -1, 1))))


def days_of_month(month: Month) -> Array:
    """Every day of a calendar month at noon UTC, counted from J2000. Raises ValueError for a month that does not exist."""
    year, number = month
    first = date(year, number, 1).toordinal()
    last = date(year + number // 12, number % 12 + 1, 1).toordinal()
    return np.arange(first, last, dtype=float) - _J2000_ORDINAL


def eclipse_by_month(
    altitude_km: float, months: Sequence[Month], node_local_time_h: float, inclination_deg: float | None = None
) -> tuple[Array, Array]:
    """(mean, largest) eclipse fraction of each calendar month: the mean over its days, and its worst day."""
    days = [days_of_month(month) for month in months]
    starts = np.cumsum([0, *map(len, days)])[:-1]
    daily = eclipse_frac(altitude_km, beta_deg(np.concatenate(days), altitude_km, node_local_time_h, inclination_deg))
    counts = np.array([len(each) for each in days], dtype=float)
    return np.add.reduceat(daily, starts) / counts, np.maximum.reduceat(daily, starts)


def sunlit_frac_by_month(
    altitude_km: float, months: Sequence[Month], node_local_time_h: float, inclination_deg: float | None = None
) -> Array:
    """Share of each calendar month in the sun: 1 - mean eclipse fraction."""
    return 1 - eclipse_by_month(altitude_km, months, node_local_time_h, inclination_deg)[0]


def longest_eclipse_h(
    altitude_km: float,
    node_local_time_h: float,
    inclination_deg: float | None = None,
    months: Sequence[Month] = SIZING_MONTHS,
) -> float:
    """Longest single pass through the shadow in these months, in hours: largest eclipse fraction times period."""
    worst = eclipse_by_month(altitude_km, months, node_local_time_h, inclination_deg)[1].max()
    return float(worst * orbit_period_h(altitude_km))


def worst_month(
    altitude_km: float,
    node_local_time_h: float,
    inclination_deg: float | None = None,
    months: Sequence[Month] = SIZING_MONTHS,
) -> tuple[Month, float]:
    """(month, eclipse fraction) of the darkest calendar month among these."""
    mean = eclipse_by_month(altitude_km, months, node_local_time_h, inclination_deg)[0]
    index = int(np.argmax(mean))
    return months[index], float(mean[index])


def _radius_km(altitude_km: Numbers, ground_km: float) -> Array:
    """Radius of the orbit above a sphere; PhysicsError for an altitude that is not above the ground."""
    altitude = as_array(altitude_km)
    if not np.all(altitude > 0):
        raise PhysicsError(f"altitude {altitude_km} km: an orbit lies above the ground")
    return altitude + ground_km
