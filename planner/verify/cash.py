"""The tables of capital and of cash, from inputs and decisions: what falls due when, and chips at list price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import numpy as np

from planner.verify.capital import capital_costs
from planner.verify.collector import Collector
from planner.verify.linear import Cost
from planner.verify.program import Program
from planner.verify.run import dig, records

CHARGES = ("capital", "halls", "chips_bought", "orbit_capital")
"""Components of cost that are monthly charges for capital: cash counts the capital."""
NOT_PAID = ("unserved", "orbit_chip_loss")
WHOLE = ("halls", "satellites")
"""What an item is called that is all of its kind in a place."""
KEYS = ("place_id", "item_id", "component")
NOMINAL = ("component", "year", "cash_musd", "price_level", "nominal_musd")
Amounts = dict[tuple[str, ...], float]


def check_capital(checks: Collector, program: Program) -> None:
    """Each row of `capital` in all months that are decided."""
    run = checks.run
    derived = _amounts(program, list(capital_costs(program.case)), run.months, run.month_count)
    _compare(checks, "capital", "month", derived, "capital falls due as its payments say")


def check_cash(checks: Collector, program: Program, own: Collection[str]) -> None:
    """Each row of `cash`, and none that is missing; ``own`` components of cost are taken as the table of costs has them."""
    run, case = checks.run, program.case
    delivered = run.vector("inputs.accelerators", "price_usd_per_unit")[:, None] * case.fleet.taken / 1e3
    paid = [cost for name, cost in program.costs.items() if name not in (*CHARGES, *NOT_PAID)]
    paid += [*capital_costs(case), Cost("chips", "gt", [delivered])]
    derived = _amounts(program, paid, [month[:4] for month in run.months], run.reported)
    costs = run.horizon.table("costs")
    costs = costs[costs["component"].isin(list(own)).to_numpy(dtype=bool)]
    for place, item, name, month, amount in records(costs, (*KEYS, "month", "cost_musd")):
        derived[place, item, name, month[:4]] += float(amount)
    _compare(checks, "cash", "year", derived, "cash follows from inputs and decisions")


def check_nominal(checks: Collector) -> None:
    """The table of cash by component and year, at the prices of each year; no row where no year of money is stated."""
    run = checks.run
    written: dict[tuple[str, ...], list[float]] = {}
    for name, year, *numbers in records(run.table("nominal"), NOMINAL):
        written[str(name), str(year)] = [float(number) for number in numbers]
    paid: Amounts = defaultdict(float)
    if dig(run.plan, "money.year") is not None:
        for name, year, amount in records(run.table("cash"), ("component", "year", "cash_musd")):
            paid[str(name), str(year)] += float(amount)
    names = [name for name in dict.fromkeys([*paid, *written]) if name in written or paid[name] != 0.0]
    base, rise = run.number("money.year", 0.0), run.number("money.inflation_frac_per_year", 0.0)
    level = np.array([(1.0 + rise) ** (int(name[1]) - base) for name in names], dtype=float)
    cash = np.array([paid.get(name, 0.0) for name in names], dtype=float)
    told = np.array([written.get(name, [0.0] * 3) for name in names], dtype=float).reshape(len(names), 3)
    words = ([" / ".join(name) for name in names],)
    law = "nominal = cash x prices of the year over those of the plan's year"
    for number, derived in enumerate((cash, level, cash * level)):
        checks.same(f"nominal.{NOMINAL[number + 2]}", told[:, number], derived, words, "", law)


def _amounts(program: Program, costs: Sequence[Cost], periods: Sequence[str], months: int) -> Amounts:
    """Million USD by place, item, component and period, of the first ``months``; ``periods`` names that of each month."""
    found: Amounts = defaultdict(float)
    for cost in costs:
        axes, musd = program.axes(cost), program.musd(cost)[..., :months]
        for cell in map(tuple, np.argwhere(musd != 0.0).tolist()):
            place = next((axes[i][cell[i]] for i, letter in enumerate(cost.over) if letter in "xro"), "")
            item = next((axes[i][cell[i]] for i, letter in enumerate(cost.over) if letter in "gpwhnce"), "")
            found[place, item, cost.name, periods[cell[-1]]] += float(musd[cell])
    return found


def _compare(checks: Collector, table: str, period: str, derived: Amounts, law: str) -> None:
    """Each row of a table of amounts, and none that is missing."""
    column, written = f"{table}_musd", defaultdict[tuple[str, ...], float](float)
    for place, item, name, when, amount in records(checks.run.table(table), (*KEYS, period, column)):
        written[place, "" if item in WHOLE else item, name, when] += float(amount)
    names = list(derived | written)
    told, known = (np.array([each.get(name, 0.0) for name in names]) for each in (written, derived))
    words = [" / ".join(filter(None, name)) for name in names]
    checks.same(f"{table}.{column}", told, known, (words,), "million USD", law)
