"""The 36 months of the plan, and how yearly figures become monthly ones."""

from __future__ import annotations

YEARS = (2026, 2027, 2028, 2029)  # 2026 only as the point that months are interpolated from
MONTHS = [f"{year}-{month:02d}" for year in YEARS[1:] for month in range(1, 13)]
HOURS_PER_YEAR = 8766


def mid_years() -> list[tuple[int, float]]:
    """For each month the year whose middle comes before it, and the part of a year since then."""
    middles = [(month - 0.5) / 12 for month in range(1, 13)]
    return [(year, at - 0.5) if at >= 0.5 else (year - 1, at + 0.5) for year in YEARS[1:] for at in middles]


def spread(total: dict[int, float]) -> list[float]:
    """Distribute yearly totals over months without steps: monthly rates of mid-years, interpolated in logarithms and scaled."""
    rate = {**total, YEARS[-1] + 1: total[YEARS[-1]] ** 2 / total[YEARS[-2]]}
    months = [rate[before] ** (1 - part) * rate[before + 1] ** part for before, part in mid_years()]
    sums = {y: sum(v for m, v in zip(MONTHS, months, strict=True) if int(m[:4]) == y) for y in YEARS[1:]}
    return [v * total[int(m[:4])] / sums[int(m[:4])] for m, v in zip(MONTHS, months, strict=True)]


def blend(mix: dict[int, float]) -> list[float]:
    """Interpolate mid-year shares by month: linear in between, constant after the last mid-year."""
    return [mix[before] * (1 - part) + mix.get(before + 1, mix[before]) * part for before, part in mid_years()]
