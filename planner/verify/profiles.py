"""Profiles once more: values by day type, month and hour of a local clock, as means over the slices of a run."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import tzfpy

from planner.verify.verdict import Array

MEAN_DAY = (17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344)
"""Klein's mean day of each month."""


def expand(rows: pd.DataFrame, days: tuple[str, ...]) -> dict[str, tuple[str, Array]]:
    """Kind and values [day, 12, 24] of every profile; what says more of an hour comes later and counts."""
    found: dict[str, tuple[str, Array]] = {}
    named = rows["day_type"].isin(["", "*"])
    precise = rows.assign(day=~named, of_month=rows["calendar_month"].notna(), of_hour=rows["from_h"].notna())
    for _, row in precise.sort_values(["day", "of_month", "of_hour"], kind="stable").iterrows():
        _, values = found.setdefault(str(row["profile_id"]), (str(row["kind"]), np.full((len(days), 12, 24), np.nan)))
        if row["day"] and row["day_type"] not in days:
            continue
        day = [days.index(row["day_type"])] if row["day"] else list(range(len(days)))
        month = [int(row["calendar_month"]) - 1] if row["of_month"] else list(range(12))
        hour = [int(row["from_h"])] if row["of_hour"] else list(range(24))
        values[np.ix_(day, month, hour)] = row["value"]
    return found


def over_slices(values: Array, ahead_h: Array, slices: list[tuple[int, int, int]]) -> Array:
    """Mean over each slice (day, UTC hour, hours) of values [day, 12, 24] by a clock so far ahead in each month, [12, k]."""
    month = np.arange(12)[:, None]
    columns = []
    for day, start, length in slices:
        clock = start + np.arange(length) + ahead_h[:, None]
        before = np.floor(clock).astype(int)
        part = clock - before
        column = (1.0 - part) * values[day][month, before % 24] + part * values[day][month, (before + 1) % 24]
        columns.append(column.mean(axis=1))
    return np.stack(columns, axis=1)


def year_mean(values: Array, share: Array) -> float:
    """Mean over a year: months alike, day types by their share."""
    return float(values.mean(axis=(1, 2)) @ share)


def sun(latitude_deg: float, longitude_deg: float, frac: float) -> Array:
    """Share of capacity that sunlight gives by UTC hour, [12, 24], with the mean `frac`; cut at one."""
    declination = np.radians(23.45 * np.sin(2.0 * np.pi * (284.0 + np.array(MEAN_DAY)[:, None]) / 365.0))
    north = np.radians(latitude_deg)
    a, b = np.sin(north) * np.sin(declination), np.maximum(np.cos(north) * np.cos(declination), 1e-12)
    dusk = np.arccos(np.clip(-a / b, -1.0, 1.0))
    noon = np.pi * (np.arange(24) / 12.0 - 1.0) + np.radians(longitude_deg)
    begin = (noon + np.pi) % (2.0 * np.pi) - np.pi
    light = np.zeros((12, 24))
    for low in (begin, begin - 2.0 * np.pi):  # an hour that passes midnight is in two days
        x, y = np.clip(low, -dusk, dusk), np.clip(low + np.pi / 12.0, -dusk, dusk)
        light += np.maximum(0.0, a * (y - x) + b * (np.sin(y) - np.sin(x)))
    bright = np.sort(light, axis=None)[::-1]
    rest = np.cumsum(bright[::-1])[::-1]  # of an hour and of all that are darker
    cut = np.arange(light.size)  # hours at full power
    scale = np.divide(frac * light.size - cut, rest, out=np.full(light.size, np.nan), where=rest > 0.0)
    fits = scale * bright <= 1.0
    return np.minimum(1.0, scale[np.argmax(fits)] * light) if fits.any() else np.where(light > 0.0, 1.0, 0.0)


def clocks(frame: pd.DataFrame, year: int) -> list[Array]:
    """Local clock minus UTC by calendar month, [12], of each row: as stated, or as the law has it on most days of the month."""
    named = zip(*(frame[name].tolist() for name in ("utc_offset_h", "latitude_deg", "longitude_deg")), strict=True)
    return [
        legal(tzfpy.get_tz(east, north), year) if np.isnan(stated) else np.full(12, stated) for stated, north, east in named
    ]


@cache
def legal(zone: str, year: int) -> Array:
    """The middle one of the offsets of a month's days, [12]: the clock changes once in a month at most."""
    days = pd.date_range(f"{year}-01-01T12", f"{year}-12-31T12", tz="UTC")
    ahead = (days.tz_convert(ZoneInfo(zone)).tz_localize(None) - days.tz_localize(None)) / pd.Timedelta(hours=1)
    return np.asarray(pd.Series(ahead).groupby(days.month).quantile(0.5, interpolation="lower"), dtype=float)
