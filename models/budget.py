"""Budget: the capital that falls due in a period, such as a calendar year, stays within what the plan may spend.

    sum over what enters service of its capital * the share of it that falls due in the period
    + list price of what is bought in the period <= budget_musd[period] - list price of firm deliveries in the period

Capital falls due by the payment profile of its asset, so many months before service; without a profile all of it when service
begins. What would fall due before the plan begins falls due in its first month. The objective knows monthly charges alone:
when a plant is paid moves no cost, only what the budget leaves. Chips count where the plan says so, as they are delivered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pyomo.core as pyo

from models.costs import Used
from models.data import HALLS, PlanData
from models.index import parameter
from models.rows import Price, rows

after = ("fleet", "orbit", "power", "halls", "projects", "offers")

SATELLITES, LAUNCHES = "satellites", "launches"
"""Assets besides halls that are no option of power, by the names that a payment profile gives them."""

COMPONENTS = {HALLS: "hall_capital", SATELLITES: "satellites", LAUNCHES: "launches"}


class Capital(NamedTuple):
    """Capital of one unit of a variable, not discounted: million USD in all, and the share that falls due in each month."""

    variable: str
    index: Any
    place: str
    item: str
    component: str
    musd: float
    due: Mapping[int, float]


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """For each period with a budget, what of which decision falls due in it. One in which nothing can has no row."""
    found: dict[tuple[str, str], dict[Any, float]] = {}
    number = {t: y for y in d.budget_musd for t in d.budget_months[y]}
    decisions = {"build_mw": m.build_mw, "build_shell": m.build_shell, "deploy": m.deploy, "take": m.take}
    for each in capital_of(lambda name: decisions[name], d) if number else ():
        for t, share in each.due.items():
            if t in number and each.musd:
                of_period = found.setdefault((number[t], each.variable), {})
                of_period[each.index] = of_period.get(each.index, 0.0) + share * each.musd
    firm = firm_chips_musd(d)
    offers = {y: [key for key in m.OFFERS if number.get(key[1]) == y and key[0] in d.budget_chip_usd_per_unit] for y in firm}
    later = {y: [key for key in m.defer if number.get(key[2]) == y and key[0] in d.budget_chip_usd_per_unit] for y in firm}
    periods = [y for y in d.budget_musd if any(y == period for period, _ in found) or offers.get(y) or later.get(y)]
    m.BUDGETS = pyo.Set(initialize=periods)
    m.budget_musd = parameter({y: d.budget_musd[y] - firm[y] for y in periods}, m.BUDGETS)
    m.CHIPS_DUE = pyo.Set(m.BUDGETS, dimen=2, initialize={y: offers[y] for y in periods})
    m.DEFERRED_DUE = pyo.Set(m.BUDGETS, dimen=3, initialize={y: later[y] for y in periods})
    m.chip_musd = parameter({g: 1e-3 * usd for g, usd in d.budget_chip_usd_per_unit.items()}, m.GENERATIONS, default=0.0)
    power, halls, orbit, projects = ({y: found.get((y, name), {}) for y in periods} for name in decisions)
    m.POWER_DUE = pyo.Set(m.BUDGETS, dimen=3, initialize={y: list(some) for y, some in power.items()})
    m.HALLS_DUE = pyo.Set(m.BUDGETS, dimen=2, initialize={y: list(some) for y, some in halls.items()})
    m.ORBIT_DUE = pyo.Set(m.BUDGETS, dimen=3, initialize={y: list(some) for y, some in orbit.items()})
    m.PROJECTS_DUE = pyo.Set(m.BUDGETS, dimen=2, initialize={y: list(some) for y, some in projects.items()})
    m.projects_due_musd = parameter(_flat(projects), m.BUDGETS, m.PROJECTS, m.MONTHS, default=0.0)
    m.power_due_musd = parameter(_flat(power), m.BUDGETS, m.OPTIONS, m.MONTHS, default=0.0)
    m.halls_due_musd = parameter(_flat(halls), m.BUDGETS, m.REGIONS, m.MONTHS, default=0.0)
    m.orbit_due_musd = parameter(_flat(orbit), m.BUDGETS, m.IN_ORBIT, m.MONTHS, default=0.0)


def _flat(by_period: Mapping[str, Mapping[Any, float]]) -> dict[Any, float]:
    return {(y, *index): musd for y, some in by_period.items() for index, musd in some.items()}


@rows(
    "BUDGETS",
    kind="limit",
    account="the capital budget",
    price=Price("USD per million USD", "one more million USD of budget in {where}", "capital budget", "million USD of budget"),
)
def limit_budget(m, period):
    """sum over what enters service of capital that falls due in period + chips bought in it <= budget_musd[period].

    A company can spend only so much in a year, whatever it would bring; of part of a year, that part. Where budgets count
    chips, firm deliveries are taken off the budget.
    Dual: what one more million USD of budget saves, million USD per million USD."""
    return (
        sum(m.power_due_musd[period, r, p, t] * m.build_mw[r, p, t] for r, p, t in m.POWER_DUE[period])
        + sum(m.halls_due_musd[period, r, t] * m.build_shell[r, t] for r, t in m.HALLS_DUE[period])
        + sum(m.orbit_due_musd[period, o, g, t] * m.deploy[o, g, t] for o, g, t in m.ORBIT_DUE[period])
        + sum(m.projects_due_musd[period, j, t] * m.take[j, t] for j, t in m.PROJECTS_DUE[period])
        + sum(m.chip_musd[g] * m.buy[g, t] for g, t in m.CHIPS_DUE[period])
        + sum(m.chip_musd[g] * m.defer[g, t, s] for g, t, s in m.DEFERRED_DUE[period])
        <= m.budget_musd[period]
    )


def firm_chips_musd(d: PlanData) -> dict[str, float]:
    """By period with a budget, the list price of what is delivered in any case; thousand units x USD = thousand USD."""
    found = dict.fromkeys(d.budget_musd, 0.0)
    for y in found:
        for t in d.budget_months[y]:
            for g, usd in d.budget_chip_usd_per_unit.items():
                found[y] += 1e-3 * usd * (d.delivered_kunit.get((g, t), 0.0) - d.optional_kunit.get((g, t), 0.0))
    return found


def capital_of(used: Used, d: PlanData) -> Iterator[Capital]:
    """The capital of every decision that has any; halls where the cost scope counts them. USD per kW x MW = thousand USD."""
    for index in used("build_mw"):
        r, p, t = index
        yield Capital("build_mw", index, r, p, "power_capital", 1e-3 * d.power_usd_per_kw.get((r, p), 0.0), due(d, p, t))
    for index in used("build_shell"):
        r, t = index
        yield Capital("build_shell", index, r, HALLS, COMPONENTS[HALLS], 1e-3 * d.hall_usd_per_kw.get(r, 0.0), due(d, HALLS, t))
    for index in used("deploy"):
        o, g, t = index
        if o in d.kg_per_kw and t >= 1:
            for asset, usd_per_kw in ((SATELLITES, d.satellite_usd_per_kw), (LAUNCHES, d.launch_usd_per_kw)):
                musd = 1e-3 * d.kw_per_unit[g] * usd_per_kw.get((o, t), 0.0)
                yield Capital("deploy", index, o, SATELLITES, COMPONENTS[asset], musd, due(d, asset, t))

    parts = {each.project_id: each.parts for each in d.projects}
    for index in used("take"):
        j, t = index
        for part in parts[j]:
            halls = part.p == HALLS
            musd = part.capital_musd if not halls or d.boundary == "facility" else 0.0
            yield Capital(
                "take", index, part.r, part.p, COMPONENTS[HALLS] if halls else "power_capital", musd, due(d, part.base, t)
            )


def due(d: PlanData, asset: str, t: int) -> dict[int, float]:
    """By month, the share of capital that falls due of what enters service in month t."""
    found: dict[int, float] = {}
    for months_before, share in d.payment_fracs.get(asset, ((0, 1.0),)):
        month = max(1, t - months_before)
        found[month] = found.get(month, 0.0) + share
    return found
