"""Sunlight on flat ground through the day: how it is spread over the hours and the months of a year, not how much there is.

The sun's height above the horizon, with latitude L, declination dec and hour angle w (15 degrees an hour from solar noon):

    sin(height) = sin L sin dec + cos L cos dec cos w

Each calendar month is stood for by its mean day (Klein 1977) with Cooper's declination. Clouds, the equation of time (up to a
quarter of an hour) and panels that turn with the sun are left out.
Source of the formulas: Duffie and Beckman, Solar Engineering of Thermal Processes, chapter 1.
"""

from __future__ import annotations

import numpy as np

from planner.physics.constants import Array

MEAN_DAY = (17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344)
"""Day of the year whose declination is the mean of its month (Klein)."""


def sunlight(latitude_deg: float, longitude_deg: float) -> Array:
    """Mean of sin(height) over each UTC hour, zero at night, [12 months, 24 hours]. Noon follows longitude."""
    day = np.array(MEAN_DAY, dtype=float)[:, None]
    declination = np.radians(23.45 * np.sin(np.radians(360.0 / 365.0 * (284.0 + day))))
    latitude = np.radians(latitude_deg)
    level = np.sin(latitude) * np.sin(declination)
    swing = np.cos(latitude) * np.cos(declination)
    above = np.clip(np.divide(-level, swing, out=np.sign(-level) * np.ones_like(swing), where=swing > 1e-12), -1.0, 1.0)
    sunset = np.arccos(above)  # hour angle; 0: the sun stays down, pi: it stays up

    begin = np.radians(15.0 * (np.arange(24.0) - 12.0) + longitude_deg)[None, :]
    total = np.zeros((12, 24))
    for turn in (-2.0 * np.pi, 0.0, 2.0 * np.pi):  # the daylight of the day before, of this day, and of the next
        low = np.clip(begin, turn - sunset, turn + sunset)
        high = np.clip(begin + np.pi / 12.0, turn - sunset, turn + sunset)
        total += level * (high - low) + swing * (np.sin(high) - np.sin(low))
    return np.maximum(total / (np.pi / 12.0), 0.0)


def scaled_to(shape: Array, mean: float) -> Array:
    """A shape as shares of 1 with the mean asked for; what would exceed 1 is cut there and made up for by the other hours.

    Raises ValueError when the hours of light are too few for that mean."""
    falling = np.sort(shape[shape > 0])[::-1]
    if mean * shape.size > len(falling):
        raise ValueError(f"{mean:g} is more than the share of hours with light, {len(falling) / shape.size:.3g}")
    rest = np.cumsum(falling[::-1])[::-1]  # of what is not cut, when the brightest 0, 1, .. hours are
    factor = (mean * shape.size - np.arange(len(falling))) / rest
    fits = factor * falling <= 1.0
    return np.asarray(np.minimum(1.0, factor[int(np.argmax(fits))] * shape)) if fits.any() else (shape > 0).astype(float)
