"""Physical constants of the orbital model, each with its unit in its name and its source beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
"""What the functions return: one value a month, a day, an age or a design."""

Numbers = float | Array
"""What they take: a number or an array of numbers."""

EARTH_RADIUS_KM = 6371.0
"""Mean radius: the sphere that casts the shadow and fills the view (IUGG mean radius, rounded)."""

EARTH_EQUATORIAL_RADIUS_KM = 6378.137
"""WGS 84: the reference length of J2, and the sphere above which the altitude of an orbit is quoted."""

EARTH_MU_KM3_PER_S2 = 398600.4418
"""Gravitational parameter, WGS 84 / IERS."""

EARTH_J2 = 1.08262668e-3
"""Oblateness, EGM 96."""

EARTH_OBLIQUITY_DEG = 23.439
"""Mean obliquity of the ecliptic at J2000 (Astronomical Almanac)."""

TROPICAL_YEAR_DAYS = 365.2421897
"""Mean tropical year: one turn of the mean sun in right ascension."""

HOURS_OF_365_DAYS = 8760.0
"""The year of the energy sums of orbit: 8.76 MWh per kW-year, 730 h a month."""

SOLAR_CONSTANT_W_PER_M2 = 1361.0
"""Total solar irradiance at 1 au (Kopp and Lean 2011)."""

STEFAN_BOLTZMANN_W_PER_M2_K4 = 5.670374419e-8
"""CODATA 2018, exact."""

EARTH_INFRARED_W_PER_M2 = 237.0
"""Mean infrared exitance of Earth at the surface of the mean sphere (CERES: 237 to 240)."""

EARTH_ALBEDO_FRAC = 0.30
"""Mean Bond albedo of Earth (CERES: 0.29 to 0.30)."""

ZERO_CELSIUS_K = 273.15
"""Zero degree Celsius in kelvin, exact."""


def as_array(value: Numbers) -> Array:
    """The number or numbers as an array of floats."""
    return np.asarray(value, dtype=float)
