"""Capital: when that of each asset falls due, as costs by month and as what falls due in a year with a budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from planner.verify.case import Case
from planner.verify.costs import capex_usd_per_kw
from planner.verify.linear import Cost, Term, term
from planner.verify.orbit import kg_per_kw
from planner.verify.run import Run, records
from planner.verify.verdict import Array


def due(run: Run, assets: Sequence[str]) -> Array:
    """[asset,v,t] share of the capital of what enters service in month v that falls due in month t.

    All of it in month v unless payments say otherwise; what would fall due before the first month falls due in that."""
    stated: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for asset, months, part in records(run.table("inputs.payments"), ("asset_id", "months_before", "capital_frac")):
        stated[str(asset)].append((round(float(months)), float(part)))
    found = np.zeros((len(assets), run.month_count, run.month_count))
    for number, name in enumerate(assets):
        for before, share in stated.get(name, [(0, 1.0)]):
            for v in range(run.month_count):
                if max(0, v - before) < run.month_count:
                    found[number, v, max(0, v - before)] += share
    return found


def capital_costs(case: Case) -> Iterator[Cost]:
    """Capital of each kind in the month in which it falls due, million USD."""
    for name, over, terms, shares in _capital(case):
        yield Cost(name, over, [_with(one, ("pvt" if shares.ndim == 3 else "vt", shares)) for one in terms])


def capital_terms(case: Case, inside: Array) -> list[Term]:
    """What falls due in some months: a term for each kind of capital over i, where ``inside`` [i,t] says which months count."""
    found = []
    for _, _, terms, shares in _capital(case):
        factor = ("piv" if shares.ndim == 3 else "iv", np.einsum("...vt,it->...iv", shares, inside))
        found += [_with(one, factor) for one in terms]
    return found


def price_terms(case: Case) -> list[Term]:
    """The whole capital of what is decided, whenever it falls due."""
    return [one for _, _, terms, _ in _capital(case) for one in terms]


def _with(one: Term, factor: tuple[str, Array]) -> Term:
    return Term(one.variable, one.over, (*one.factors, factor))


def _capital(case: Case) -> Iterator[tuple[str, str, list[Term], Array]]:
    """Kind, letters of its cost, capital by month of service, and the shares due, [v,t] or by option [p,v,t]."""
    run, mw = case.run, case.fleet.kw / 1e3
    projects = case.power.projects
    power = [term("build", "rpv", rp=capex_usd_per_kw(run) / 1e3)]
    power.append(term("take", "qv", qrp=projects.by_power(projects.capital_musd)))
    yield "power_capital", "rpt", power, due(run, projects.paid_as)
    halls, satellites, launches = due(run, ("halls", "satellites", "launches"))
    shell = run.vector("inputs.regions", "shell_usd_per_kw") * run.facility / 1e3
    of_projects = term("take", "qv", qr=projects.by_halls(projects.capital_musd) * run.facility)
    yield "hall_capital", "rt", [term("build_shell", "rv", r=shell), of_projects], halls
    insured = 1.0 + run.vector("inputs.designs", "insurance_frac")
    mass = kg_per_kw(run)
    platform = insured * run.vector("inputs.designs", "build_usd_per_kg")
    built = platform[:, None] * (mass - run.vector("inputs.designs", "it_kg_per_kw")[:, None])
    flown = insured[:, None] * run.held("inputs.launch_price", "usd_per_kg") * mass
    yield "satellites", "ot", [term("deploy", "ogv", g=mw, ov=built)], satellites
    yield "launches", "ot", [term("deploy", "ogv", g=mw, ov=flown)], launches
