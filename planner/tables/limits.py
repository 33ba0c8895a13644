"""What the limits are worth: duals in natural units, in money of their month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from models import PRICES, REGISTER
from models.data import PlanData
from planner.solve.solution import Solution
from planner.tables.frames import table

SMALLEST_MUSD = 1e-9  # a price below a tenth of a cent is the solver's dust


def limits_table(solution: Solution) -> pd.DataFrame:
    """Binding limits: what one more unit is worth in money of its month, and the scarcity value of the whole (discounted)."""
    d, form = solution.data, solution.form
    sides = {}
    for (name, index), low, high in zip(form.rows, form.row_lower.tolist(), form.row_upper.tolist(), strict=True):
        if name in PRICES:
            sides[name, index] = high if high < float("inf") else low
    gathered: dict[tuple[str, str, int], list[float]] = {}
    for name, of in PRICES.items():
        row = REGISTER[name]
        for index, price in solution.prices.get(name, {}).items():
            if abs(price) < SMALLEST_MUSD:
                continue
            t = row.last_month(index, d)
            entry = gathered.setdefault((name, row.where(index), t), [0.0, 0.0, 0.0])
            entry[0] += price * of.usd / d.discount[t]
            entry[1] = sides[name, index] if row.side is None else row.side(solution, *index)
            entry[2] += price * entry[1]
    rows = [
        (name, where, d.months[t - 1], usd, PRICES[name].unit, side, worth)
        for (name, where, t), (usd, side, worth) in gathered.items()
    ]
    return table("limits", rows)


def most_valuable(limits: pd.DataFrame, count: int) -> list[tuple[str, str, str, float, float]]:
    """The tightest limits over the horizon: (constraint, where, month of the highest price, that price, scarcity value).

    Prices of housing, halls and capacity repeat what the growth limits already say, so they are left out of the ranking."""
    growth = limits[~limits["constraint"].isin([name for name, price in PRICES.items() if price.repeats])]
    found = []
    for (name, where), rows in growth.groupby(["constraint", "where"], sort=False):
        worth = rows["worth_usd"].to_numpy(dtype=float)
        top = int(worth.argmax())
        month = str(rows["month"].tolist()[top])
        found.append((str(name), str(where), month, float(worth[top]), float(rows["rent_musd"].sum())))
    return sorted(found, key=lambda item: -abs(item[4]))[:count]


def dearest_usd_per_h100e_h(d: PlanData, musd: float) -> float:
    """Discounted USD per H100e-hour, where one more kH100e-month costs so many million USD: in a month of mean length."""
    months = {t: sum(d.hours_h[t, k] for k in d.slices) for t in range(1, len(d.months) + 1)}
    return 1e3 * musd * len(months) / sum(months.values())


def say(constraint: str, where: str, month: str) -> str:
    """What one more unit of a limit is, in words."""
    return PRICES[constraint].words.format(where=where.replace(" / ", " "), month=month)


def place_words(constraint: str, where: str, names: Mapping[str, str]) -> str:
    """`us_ohio / grid` by name: grid at New Albany, Ohio; work is of those who ask."""
    place, _, item = (names.get(part, part) for part in where.partition(" / "))
    return f"{item} {'of' if REGISTER[constraint].has('pool') else 'at'} {place}" if item else place
