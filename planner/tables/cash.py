"""What is paid by calendar year: capital in full when it enters service, chips at list price, the rest as it falls due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from planner.prepare.orbit import Launch
from planner.prepare.prices import Prices
from planner.schema.glossary import CASH_COMPONENTS
from planner.solve.solution import Solution
from planner.tables.frames import table

Payment = tuple[str, str, str, int, float]  # place, item, component, month, million USD of that month


def cash_table(solution: Solution, costs: pd.DataFrame, prices: Prices, launches: Mapping[str, Launch]) -> pd.DataFrame:
    """One row a place, item, component and year. ``costs``: the table of costs, whose monthly charges for capital and whose
    components that nobody pays are left out."""
    d, year = solution.data, {t: int(month[:4]) for t, month in enumerate(solution.data.horizon, start=1)}
    paid: dict[tuple[str, str, str, int], float] = {}
    for place, item, component, t, musd in (
        *_capital(solution, prices),
        *_orbit(solution, launches),
        *_chips(solution, prices),
    ):
        if t in year:
            key = (place, item, component, year[t])
            paid[key] = paid.get(key, 0.0) + musd
    due = (costs[name].tolist() for name in ("place_id", "item_id", "component", "month", "cost_musd"))
    for place, item, component, month, musd in zip(*due, strict=True):
        if CASH_COMPONENTS.get(component) != "":
            key = (place, item, component, int(month[:4]))
            paid[key] = paid.get(key, 0.0) + musd
    kinds = {name: i for i, name in enumerate(CASH_COMPONENTS)}
    places = {name: i for i, name in enumerate(("", *d.regions, *d.designs))}

    def rank(key: tuple[str, str, str, int]) -> tuple[int, int, str, int]:
        place, item, component, year = key
        return kinds.get(component, len(kinds)), places.get(place, len(places)), item, year

    return table("cash", [(*key, paid[key]) for key in sorted(paid, key=rank)])


def _capital(solution: Solution, prices: Prices) -> Iterator[Payment]:
    """Plants, grid connections and halls in the month in which they start; halls where the cost scope counts them.
    USD per kW x MW = thousand USD."""
    for (r, p, t), mw in solution.values["build_mw"].items():
        yield r, p, "power_capital", t, 1e-3 * mw * prices.power_usd_per_kw[r, p]
    for (r, t), mw in solution.values["build_shell"].items() if solution.data.boundary == "facility" else ():
        yield r, "halls", "hall_capital", t, 1e-3 * mw * prices.hall_usd_per_kw[r]


def _orbit(solution: Solution, launches: Mapping[str, Launch]) -> Iterator[Payment]:
    """Satellites and launches in the month of launch, each with its insurance."""
    for (o, g, t), kunit in solution.values["deploy"].items():
        if o in launches and kunit:
            launch, mw = launches[o], solution.data.kw_per_unit[g] * kunit
            to_orbit = launch.usd_per_kg[t - 1] * launch.usd_per_kw_per_usd_per_kg
            yield o, "satellites", "satellites", t, 1e-3 * mw * (launch.capital_usd_per_kw[t - 1] - to_orbit)
            yield o, "satellites", "launches", t, 1e-3 * mw * to_orbit


def _chips(solution: Solution, prices: Prices) -> Iterator[Payment]:
    """Every chip that is delivered, at its list price, powered or not. Thousand units x USD = thousand USD."""
    for (g, t), kunit in solution.data.delivered_kunit.items():
        yield "", g, "chips", t, 1e-3 * kunit * prices.chip_usd_per_unit[g]
