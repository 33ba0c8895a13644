"""What is paid: capital by the month in which it falls due, and all of it by calendar year, chips at list price."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from models.budget import capital_of
from models.data import PlanData
from models.offers import taken_kunit
from planner.schema.glossary import CASH_COMPONENTS, NOT_PAID, SPENT
from planner.schema.settings import Money
from planner.solve.solution import Solution
from planner.tables.frames import table

KEYS = ("place_id", "item_id", "component")


def capital_table(solution: Solution) -> pd.DataFrame:
    """One row a place, item, component and month in which capital falls due: of what is decided, in all months decided."""
    d, paid = solution.data, dict[tuple[str, str, str, int], float]()
    for each in capital_of(lambda name: [index for index, value in solution.values[name].items() if value], d):
        for t, share in each.due.items():
            if t <= len(d.months):
                key = (each.place, each.item, each.component, t)
                paid[key] = paid.get(key, 0.0) + share * each.musd * solution.values[each.variable][each.index]
    places = _place_rank(d)
    keys = sorted(paid, key=lambda key: (SPENT.index(key[2]), places[key[0]], key[1], key[3]))
    return table("capital", [(*key[:3], d.months[key[3] - 1], paid[key]) for key in keys])


def cash_table(
    solution: Solution, capital: pd.DataFrame, costs: pd.DataFrame, chip_usd_per_unit: Mapping[str, float]
) -> pd.DataFrame:
    """One row a place, item, component and year. ``costs``: the table of costs, whose monthly charges for capital and whose
    components that nobody pays are left out; ``capital`` is there instead."""
    d = solution.data
    paid: dict[tuple[str, str, str, int], float] = {}
    for place, item, component, month, musd in (*_rows(capital, "capital_musd"), *_rows(costs, "cost_musd")):
        if component not in NOT_PAID:
            key = (place, item, component, int(month[:4]))
            paid[key] = paid.get(key, 0.0) + musd
    for (g, t), kunit in taken_kunit(d, solution.values).items():  # powered or not; thousand units x USD = thousand USD
        if t <= len(d.horizon):
            key = ("", g, "chips", int(d.months[t - 1][:4]))
            paid[key] = paid.get(key, 0.0) + 1e-3 * kunit * chip_usd_per_unit[g]
    kinds, places = {name: i for i, name in enumerate(CASH_COMPONENTS)}, _place_rank(d)

    def rank(key: tuple[str, str, str, int]) -> tuple[int, int, str, int]:
        place, item, component, year = key
        return kinds.get(component, len(kinds)), places.get(place, len(places)), item, year

    return table("cash", [(*key, paid[key]) for key in sorted(paid, key=rank)])


def _place_rank(d: PlanData) -> dict[str, int]:
    return {name: i for i, name in enumerate(("", *d.regions, *d.designs))}


def _rows(frame: pd.DataFrame, column: str) -> list[tuple[str, str, str, str, float]]:
    """Place, item, component, month and million USD."""
    return list(zip(*(frame[name].tolist() for name in (*KEYS, "month", column)), strict=True))


def nominal_table(cash: pd.DataFrame, money: Money) -> pd.DataFrame:
    """One row a component and year, at the prices of that year; none where the plan does not state the year of its money."""
    paid: dict[tuple[str, int], float] = {}
    for component, year, musd in zip(*(cash[name].tolist() for name in ("component", "year", "cash_musd")), strict=True):
        paid[component, year] = paid.get((component, year), 0.0) + musd
    if money.year is None:
        return table("nominal", [])
    level = {year: (1.0 + money.inflation_frac_per_year) ** (year - money.year) for _, year in paid}
    return table("nominal", [(*key, musd, level[key[1]], level[key[1]] * musd) for key, musd in paid.items()])
