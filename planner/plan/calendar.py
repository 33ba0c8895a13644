"""The calendar of a plan: months by name, their hours, and how much each counts today."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from planner.schema.settings import Settings

Value = TypeVar("Value")


def month_number(name: str) -> int:
    """Months since year 0; consecutive months differ by one."""
    year, month = name.split("-")
    return 12 * int(year) + int(month) - 1


def month_name(number: int) -> str:
    """Inverse of `month_number`."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_names(start: str, months: int) -> tuple[str, ...]:
    """Names of consecutive months."""
    first = month_number(start)
    return tuple(month_name(first + step) for step in range(months))


def hours_of(name: str) -> float:
    """Calendar hours of a month."""
    year, month = name.split("-")
    return 24.0 * calendar.monthrange(int(year), int(month))[1]


def discount_factor(months: int, frac_per_year: float) -> float:
    """What one dollar that is paid so many months later is worth now; above one for months that have passed."""
    return float((1 + frac_per_year) ** (-months / 12))


def discount_factors(months: int, frac_per_year: float) -> dict[int, float]:
    """By month, the first being 1."""
    return {t: discount_factor(t - 1, frac_per_year) for t in range(1, months + 1)}


def plan_years(months: int, past: int = 0) -> dict[int, int]:
    """Plan year of each month, both counted from 1. ``past``: months of the first year before the start."""
    return {t: (t - 1 + past) // 12 + 1 for t in range(1, months + 1)}


def parts_of_plan_years(months: int, past: int = 0) -> dict[int, float]:
    """What part of a year each plan year has, by its months and those ``past``: the part of a yearly limit that holds in it."""
    return {y: count / 12 for y, count in Counter(plan_years(months + past).values()).items()}


def parts_of_calendar_years(months: Sequence[str]) -> dict[str, float]:
    """What part of each calendar year, '2027', the months are: the part of a yearly limit that holds for them."""
    return {year: count / 12 for year, count in Counter(month[:4] for month in months).items()}


@dataclass(frozen=True)
class Calendar:
    """The months of a plan: those of its horizon, and the look-ahead, which is decided with them and not reported.

    What is stated month by month, or grows, holds in the look-ahead what it was last: its value of the horizon's last month, or
    of a later month that is stated."""

    start: str
    horizon_months: int
    look_ahead_months: int = 0
    past: int = 0
    """Months of the first plan year before the start."""

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Names of all months."""
        return month_names(self.start, self.horizon_months + self.look_ahead_months)

    @cached_property
    def number(self) -> dict[str, int]:
        """Of each month, counted from 1."""
        return {month: t for t, month in enumerate(self.months, start=1)}

    @property
    def horizon(self) -> tuple[str, ...]:
        """Names of the months that are reported."""
        return self.months[: self.horizon_months]

    def elapsed(self) -> list[int]:
        """By month, the months for which a series has grown: none in the first, no more after the horizon."""
        return [min(step, self.horizon_months - 1) for step in range(len(self.months))]

    def growth(self, frac_per_year: float) -> list[float]:
        """By month, the first being 1."""
        return [(1 + frac_per_year) ** (step / 12) for step in self.elapsed()]

    def held(self, stated: Mapping[str, Value]) -> dict[int, Value]:
        """By number of the month, from values by name; a month of the horizon that is not stated has none."""
        found: dict[int, Value] = {}
        for t, month in enumerate(self.months, start=1):
            if month in stated:
                found[t] = stated[month]
            elif t > self.horizon_months and t - 1 in found:
                found[t] = found[t - 1]
        return found


def calendar_of(settings: Settings) -> Calendar:
    """The months of a plan."""
    years_from = settings.national.years_from
    past = 0 if years_from is None else (month_number(settings.start) - month_number(years_from)) % 12
    return Calendar(settings.start, settings.months, settings.look_ahead_months, past)
