"""The calendar of a plan: months by name, their hours, and how much each counts today."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Sequence


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


def discount_factors(months: int, frac_per_year: float) -> dict[int, float]:
    """By month, the first being 1."""
    return {t: (1 + frac_per_year) ** (-(t - 1) / 12) for t in range(1, months + 1)}


def growth_factors(months: int, frac_per_year: float) -> list[float]:
    """By month, the first being 1."""
    return [(1 + frac_per_year) ** (step / 12) for step in range(months)]


def plan_years(months: int) -> dict[int, int]:
    """Plan year of each month, both counted from 1."""
    return {t: (t - 1) // 12 + 1 for t in range(1, months + 1)}


def parts_of_plan_years(months: int) -> dict[int, float]:
    """What part of a year each plan year has, by its months: the part of a yearly limit that holds in it."""
    return {y: count / 12 for y, count in Counter(plan_years(months).values()).items()}


def parts_of_calendar_years(months: Sequence[str]) -> dict[str, float]:
    """What part of each calendar year, '2027', the months are: the part of a yearly limit that holds for them."""
    return {year: count / 12 for year, count in Counter(month[:4] for month in months).items()}
