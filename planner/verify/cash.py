"""The table of cash, from inputs and decisions: capital when it starts, chips at list price, the rest as it falls due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

import numpy as np

from planner.verify.case import Case
from planner.verify.collector import Collector
from planner.verify.costs import capex_usd_per_kw
from planner.verify.linear import Cost, term
from planner.verify.orbit import kg_per_kw
from planner.verify.program import Program
from planner.verify.run import records

CHARGES = ("capital", "halls", "orbit_capital")
"""Components of cost that are monthly charges for capital: cash counts the capital."""
NOT_PAID = ("unserved", "orbit_chip_loss")
WHOLE = ("halls", "satellites")
KEYS = ("place_id", "item_id", "component", "year")
Key = tuple[str, ...]


def check_cash(checks: Collector, program: Program, own: Collection[str]) -> None:
    """Each row of `cash`, and none that is missing; ``own`` components of cost are taken as the table of costs has them."""
    run = checks.run
    years = np.array([month[:4] for month in run.months])
    derived: dict[Key, float] = defaultdict(float)
    due = [cost for name, cost in program.costs.items() if name not in (*CHARGES, *NOT_PAID)]
    for cost in (*due, *_spent(program.case)):
        axes, musd = program.axes(cost), program.musd(cost)[..., : run.reported]
        for cell in map(tuple, np.argwhere(musd != 0.0).tolist()):
            place = next((axes[i][cell[i]] for i, letter in enumerate(cost.over) if letter in "xro"), "")
            item = next((axes[i][cell[i]] for i, letter in enumerate(cost.over) if letter in "gpwh"), "")
            derived[place, item, cost.name, str(years[cell[-1]])] += float(musd[cell])
    costs = run.horizon.table("costs")
    costs = costs[costs["component"].isin(list(own)).to_numpy(dtype=bool)]
    for place, item, name, month, amount in records(costs, (*KEYS[:-1], "month", "cost_musd")):
        derived[place, item, name, month[:4]] += float(amount)
    frame, written = run.table("cash"), defaultdict[Key, float](float)
    for place, item, name, year, amount in records(frame, (*KEYS, "cash_musd")):
        written[place, "" if item in WHOLE else item, name, year] += float(amount)
    names = list(derived | written)
    told, known = (np.array([each.get(name, 0.0) for name in names]) for each in (written, derived))
    words = [" / ".join(filter(None, name)) for name in names]
    checks.same("cash.cash_musd", told, known, (words,), "million USD", "cash follows from inputs and decisions")


def _spent(case: Case) -> Iterator[Cost]:
    """Capital in the month in which it enters service or is launched, and the list price of what is delivered, million USD."""
    run, mw = case.run, case.fleet.kw / 1e3
    shell = run.vector("inputs.regions", "shell_usd_per_kw") * run.facility / 1e3
    yield Cost("power_capital", "rpt", [term("build", "rpt", rp=capex_usd_per_kw(run) / 1e3)])
    yield Cost("hall_capital", "rt", [term("build_shell", "rt", r=shell)])
    insured = 1.0 + run.vector("inputs.designs", "insurance_frac")
    mass = kg_per_kw(run)
    platform = insured * run.vector("inputs.designs", "build_usd_per_kg")
    built = platform[:, None] * (mass - run.vector("inputs.designs", "it_kg_per_kw")[:, None])
    flown = insured[:, None] * run.cube("inputs.launch_price", "usd_per_kg") * mass
    yield Cost("satellites", "ot", [term("deploy", "ogt", g=mw, ot=built)])
    yield Cost("launches", "ot", [term("deploy", "ogt", g=mw, ot=flown)])
    yield Cost("chips", "gt", [run.vector("inputs.accelerators", "price_usd_per_unit")[:, None] * case.fleet.delivered / 1e3])
