"""What the limits are worth: duals in natural units, in money of their month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.data import PlanData
from models.nations import HOURS_PER_YEAR
from planner.solve.solution import Solution
from planner.tables.frames import table

SMALLEST_MUSD = 1e-9  # a price below a tenth of a cent is the solver's dust


@dataclass(frozen=True)
class Limit:
    """How a row's dual is read: its unit, what one unit of the row is, and where the month stands in its index."""

    unit: str
    words: str
    month_at: int | None
    usd: float = 1e6  # of one unit of the row's dual (million USD) in the natural unit


LIMITS = {
    "limit_power_growth": Limit("USD per MW", "one more MW of {where} connected in {month}", 2),
    "limit_national_growth": Limit("USD per MW", "one more MW of grid for AI in {where} in plan year {month}", None),
    "limit_technology_supply": Limit("USD per MW", "one more MW of {where} delivered in {month}", 1),
    "limit_shell_growth": Limit("USD per MW", "one more MW of halls in {where} finished in {month}", 1),
    "house_chips": Limit("USD per MW-month", "one more firm MW in {where} during {month}", 1),
    "fit_shell": Limit("USD per MW-month", "one more MW of hall in {where} during {month}", 1),
    "respect_capacity": Limit("USD per MW-month", "one more MW of {where} during {month}", 2),
    "keep_commitment": Limit("USD per MW", "one MW less committed to {where} in {month}", 2),
    "limit_launch_mass": Limit("USD per tonne", "one more tonne to orbit in {month}", 0),
    "limit_satellite_factory": Limit("USD per MW", "one more MW of satellites built in {month}", 0),
    "limit_downlink": Limit("USD per Gbit/s-month", "one more Gbit/s down from {where} during {month}", 1),
    "limit_network": Limit("USD per Gbit/s-month", "one more Gbit/s to {where} during {month}", 1),
    "limit_route": Limit("USD per Gbit/s-month", "one more Gbit/s on {where} during {month}", 1),
    "limit_carbon": Limit("USD per tCO2", "one more tonne of CO2 in {where}", None, 1e3),
    "require_share": Limit("USD per kH100e-month", "one kH100e less required by {where} in {month}", 1),
    "limit_share": Limit("USD per kH100e-month", "one more kH100e allowed by {where} in {month}", 1),
}


def limits_table(solution: Solution) -> pd.DataFrame:
    """Binding limits: what one more unit is worth in money of its month, and the rent of the whole limit (discounted)."""
    d, form = solution.data, solution.form
    sides = {}
    for (name, index), low, high in zip(form.rows, form.row_lower.tolist(), form.row_upper.tolist(), strict=True):
        if name in LIMITS:
            sides[name, index] = high if high < float("inf") else low
    last_of_year = {y: t for t, y in d.plan_year.items()}
    gathered: dict[tuple[str, str, int], list[float]] = {}
    for name, limit in LIMITS.items():
        for index, price in solution.prices.get(name, {}).items():
            if abs(price) < SMALLEST_MUSD:
                continue
            t, where = month_and_place(name, limit, index, last_of_year, d.carbon_periods)
            entry = gathered.setdefault((name, where, t), [0.0, 0.0, 0.0])
            entry[0] += price * limit.usd / d.discount[t]
            entry[1] = _envelope_mw(d, *index) if name == "limit_national_growth" else sides[name, index]
            entry[2] += price * entry[1]
    rows = [
        (name, where, d.months[t - 1], usd, LIMITS[name].unit, side, rent)
        for (name, where, t), (usd, side, rent) in gathered.items()
    ]
    return table("limits", rows)


def _envelope_mw(d: PlanData, country: str, year: int) -> float:
    """What the limit says, without today's capacity, which in the first year stands on the same side of the row."""
    return d.national_growth_mwh[country, year] / (HOURS_PER_YEAR * d.national_load_frac[country])


def month_and_place(name: str, limit: Limit, index: Any, last_of_year: dict[int, int], periods: Any) -> tuple[int, str]:
    """The month and the place that a row of a limit speaks of; a year stands for its last month."""
    parts = index if isinstance(index, tuple) else (index,)
    if name == "limit_national_growth":
        return last_of_year[parts[1]], str(parts[0])
    if name == "limit_carbon":
        return max(periods[parts[0]]), str(parts[0])
    assert limit.month_at is not None
    rest = [str(part) for at, part in enumerate(parts) if at < limit.month_at]
    return parts[limit.month_at], " / ".join(rest)


def most_valuable(limits: pd.DataFrame, count: int) -> list[tuple[str, str, str, float, float]]:
    """The limits with the greatest rent over the horizon: (constraint, where, month of the highest price, that price, rent).

    Rents of housing, halls and capacity repeat what the growth limits already say, so they are left out of the ranking."""
    growth = limits[~limits["constraint"].isin(["house_chips", "fit_shell", "respect_capacity", "keep_commitment"])]
    found = []
    for (name, where), rows in growth.groupby(["constraint", "where"], sort=False):
        worth = rows["worth_usd"].to_numpy(dtype=float)
        top = int(worth.argmax())
        month = str(rows["month"].tolist()[top])
        found.append((str(name), str(where), month, float(worth[top]), float(rows["rent_musd"].sum())))
    return sorted(found, key=lambda item: -abs(item[4]))[:count]


def say(constraint: str, where: str, month: str) -> str:
    """What one more unit of a limit is, in words."""
    return LIMITS[constraint].words.format(where=where.replace(" / ", " "), month=month)
