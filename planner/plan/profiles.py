"""Profiles as arrays: every value by day type, calendar month and hour, turned from the local clock of a place to UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from planner.physics.sunlight import scaled_to, sunlight
from planner.plan.day import DAY, Array, Shares
from planner.plan.table import Table
from planner.plan.time_zones import Ahead

SUN = "sun"
"""The availability profile that needs no rows: sunlight at the place."""

Tables = Mapping[str, Table]


@dataclass(frozen=True)
class Profile:
    """Values by local hour, [day types, 12, 24]; not a number where no row covers the hour."""

    kind: str
    local: Array

    def at(self, ahead_h: Ahead) -> Array:
        """Values by UTC hour where local time is so far ahead in each month; half hours average two."""
        return np.stack([_turned(self.local[:, month], hours) for month, hours in enumerate(ahead_h)], axis=1)


def profiles_of(table: Table, shares: Shares) -> dict[str, Profile]:
    """Every profile by name. More specific rows override others: day type first, then month, then hour.

    Rows of day types that the plan does not have are left out."""
    days = {day: number for number, (day, _) in enumerate(shares)}
    rows = list(table.select("profile_id", "kind", "day_type", "calendar_month", "from_h", "value"))
    found: dict[str, Profile] = {}
    rows.sort(key=lambda row: (row[2] != "*", row[3] is not None, row[4] is not None))
    for name, kind, day, month, hour, value in rows:
        profile = found.setdefault(name, Profile(kind, np.full((len(days), 12, DAY), np.nan)))
        if day == "*" or day in days:
            of_day = slice(None) if day == "*" else days[day]
            of_month = slice(None) if month is None else month - 1
            profile.local[of_day, of_month, slice(None) if hour is None else hour] = value
    return found


def mean_of(hourly: Array, shares: Shares) -> float:
    """Mean over a year of [day types, 12, 24]: day types by their days, months equally."""
    return float(sum(share * hourly[day].mean() for day, (_, share) in enumerate(shares)))


def sun_curve(tables: Tables, region: str, frac: float) -> Array:
    """Share of capacity that sunlight gives in a region by UTC hour, [12, 24], with `frac` as the mean of the year.

    Raises ValueError where the days are too short for that."""
    place = tables["regions"]
    return scaled_to(sunlight(place.value("latitude_deg", region), place.value("longitude_deg", region)), frac)


def _turned(local: Array, ahead_h: float) -> Array:
    """Values by local hour as values by UTC hour."""
    whole = int(np.floor(ahead_h))
    part = ahead_h - whole
    here = np.roll(local, -whole, axis=-1)
    return here if part == 0 else (1 - part) * here + part * np.roll(here, -1, axis=-1)
