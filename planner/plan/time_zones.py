"""Where a place lies by law: its country, its time zone, and by how much its clock is ahead of UTC in each calendar month.

A month in which the clock changes counts at the offset that holds on most of its days: March in Paris is winter time, in New
York it is summer time. Rules are those of the year in which the plan starts, by the tz database.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from tzfpy import get_tz

from planner.plan.table import Table

Ahead = tuple[float, ...]
"""Hours that a clock is ahead of UTC, January to December."""


@cache
def time_zone(latitude_deg: float, longitude_deg: float) -> str:
    """The time zone of a place by its name in the tz database; at sea, the nautical one."""
    return get_tz(longitude_deg, latitude_deg)


@cache
def legal_ahead_h(zone: str, year: int) -> Ahead:
    """Of each calendar month, the offset that holds on most of its days."""
    clock = ZoneInfo(zone)

    def offset_h(month: int) -> float:
        noons = (datetime(year, month, day, 12, tzinfo=UTC) for day in range(1, monthrange(year, month)[1] + 1))
        days = Counter(noon.astimezone(clock).utcoffset() or timedelta() for noon in noons)
        return max(sorted(days), key=days.__getitem__) / timedelta(hours=1)

    return tuple(offset_h(month) for month in range(1, 13))


def clock_of(table: Table, place: str, year: int) -> Ahead:
    """The clock of a place: the offset that its row states, all year, or the legal time of its coordinates."""
    stated, latitude, longitude = (table.value(name, place) for name in ("utc_offset_h", "latitude_deg", "longitude_deg"))
    return legal_ahead_h(time_zone(latitude, longitude), year) if stated is None else (stated,) * 12


@cache
def _country_of_zone() -> dict[str, str]:
    """The one country of each time zone that is kept on land."""
    rows = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    return {row.split("\t")[2]: row.split("\t")[0] for row in rows if row and not row.startswith("#")}


def country_at(latitude_deg: float, longitude_deg: float) -> str:
    """The country in which a place lies, in the two letters of ISO 3166; empty at sea, 22 km off the coast."""
    return _country_of_zone().get(time_zone(latitude_deg, longitude_deg), "")
