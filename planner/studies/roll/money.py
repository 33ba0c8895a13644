"""Money of what was decided before a month: what it still costs, and what it leaves of yearly limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models import BLOCKS
from models.budget import capital_of
from models.costs import Cost, costs_of
from models.data import PlanData
from models.offers import taken_kunit
from planner.plan.calendar import Calendar
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.schema.start import RUNNING
from planner.schema.table_schema import BINDING, HALLS, HIBERNATION, LAUNCH, SITE
from planner.solve.solution import Solution

LASTING = ("build_mw", "build_shell", "deploy", "retire", "buy", "take", "arrived_mw", "move")
"""Decisions that are paid for in later months too; the month in which each is made is the last part of its index."""

Charges = dict[tuple[str, str, str, int], float]
"""USD by component, place, item and month."""


def running_charges(plan: Plan, solution: Solution, calendar: Calendar, k: int) -> Charges:
    """What decisions up to month ``k`` cost after it."""
    d, values = solution.data, solution.values
    found: Charges = {key: usd for key, usd in d.running_charge_usd.items() if key[-1] > k}
    begun = _ended_of_begun(plan.tables["commitments"], d, calendar, k)
    for each in _costs(solution):
        value = values[each.variable][each.index]
        if each.variable in ("ended_mw", "ended_shell"):
            key = each.index if each.variable == "ended_mw" else (each.index[0], HALLS, each.index[1])
            value = begun.get(key, 0.0)
        elif each.variable not in LASTING or each.index[-1] > k:
            continue
        for place, item, months, unit, usd in each.payments:
            for component, amount in usd.items():
                for t in months:
                    if t > k and amount:
                        found[component, place, item, t] = (
                            found.get((component, place, item, t), 0.0) + value * unit * amount * 1e6
                        )
    unknown = {component for component, *_ in found} - {*RUNNING}
    assert not unknown, f"what outlasts its month is not a charge: {unknown}"
    return {key: usd for key, usd in found.items() if usd > 1e-6}


def _costs(solution: Solution) -> Iterator[Cost]:
    values = solution.values
    return costs_of(BLOCKS, lambda name: [index for index, value in values[name].items() if value], solution.data)


def _ended_of_begun(commitments: Table, d: PlanData, calendar: Calendar, k: int) -> dict[tuple[str, str, int], float]:
    """[r, p or halls, t] of what ends in t, what was built by month k: as `planner.prepare.orders` counts it."""
    found: dict[tuple[str, str, int], float] = {}
    named, number = {order.name for order in d.orders}, calendar.number
    columns = ("region_id", "option_id", "month", "until_month", "status", "build_mw")
    for r, p, month, until, status, mw in commitments.select(*columns):
        firm = status in BINDING and p not in (SITE, HIBERNATION, LAUNCH) and f"{r} / {p} / {month}" not in named
        if firm and mw and number.get(month, k + 1) <= k and until in number:
            end = number[until] + 1
            if end <= len(d.months) and end < d.closing_month.get(r, end + 1):
                found[r, p, end] = found.get((r, p, end), 0.0) + mw
    return found


def carbon_carried(plan: Plan, solution: Solution, k: int) -> dict[str, float]:
    """Million tonnes by calendar year: what its months up to ``k`` have left of their part of the cap."""
    d, used = solution.data, dict[str, float]()
    for (r, p, t, s), mw in solution.values["output"].items():
        if t <= k and mw:
            year = d.months[t - 1][:4]
            used[year] = used.get(year, 0.0) + 1e-6 * d.hours_h[t, s] * d.carbon_t_per_mwh[r, p] * mw
    caps = {year: tonnes / 1e6 for year, tonnes in d.carbon_cap_t.items()}
    return _carried(d, caps, plan.settings.carbon.cap_mtco2_per_year, used, k)


def budget_carried(plan: Plan, solution: Solution, k: int) -> dict[str, float]:
    """Million USD by calendar year: what its months up to ``k`` have left, less what still falls due of what is in service.

    What was paid in advance for later service falls due in the first month of the new plan again, and is left for it."""
    d, values, used = solution.data, solution.values, dict[str, float]()
    first = d.months[k][:4]
    for each in capital_of(lambda name: [index for index, value in values[name].items() if value], d) if d.budget_musd else ():
        musd, later = each.musd * values[each.variable][each.index], each.index[-1] > k
        for t, share in each.due.items():
            year = d.months[t - 1][:4] if t <= len(d.months) else ""
            if t <= k or not later:
                used[year] = used.get(year, 0.0) + share * musd
            if t <= k and later:
                used[first] = used.get(first, 0.0) - share * musd
    for (g, t), kunit in taken_kunit(d, values).items():  # chips where the budget counts them; thousands x USD
        if t <= k:
            year = d.months[t - 1][:4]
            used[year] = used.get(year, 0.0) + 1e-3 * d.budget_chip_usd_per_unit.get(g, 0.0) * kunit
    return _carried(d, d.budget_musd, plan.settings.budget.capital_musd_per_year, used, k)


def _carried(
    d: PlanData, limits: Mapping[str, float], yearly: Mapping[str, float], used: Mapping[str, float], k: int
) -> dict[str, float]:
    """What each year may still use, beyond the part of it that its months after ``k`` have by themselves."""
    found = {}
    for year, limit in limits.items():
        months = sum(month[:4] == year for month in d.months[k:])
        if months and year in yearly:
            carried = limit - used.get(year, 0.0) - yearly[year] * months / 12
            if abs(carried) > 1e-12 * max(1.0, limit):
                found[year] = carried
    return found


def ended_by_the_start(solution: Solution, k: int) -> dict[tuple[str, str], float]:
    """[r, p or halls] what is in service to the end of month ``k`` and no longer, as its order ends."""
    d = solution.data
    found = {(r, p): mw for (r, p, t), mw in d.ended_mw.items() if t == k + 1}
    for order in d.orders:
        if order.end == k + 1:
            key = (order.place, order.item or HALLS)
            arrived = sum(solution.values["arrived_mw"].get((order.name, t), 0.0) for t in order.arrivals if t <= k)
            found[key] = found.get(key, 0.0) + arrived
    return found


def grid_added(solution: Solution, k: int) -> dict[str, float]:
    """MW by country that its grids have added in the plan year of month k + 1 by its beginning, in months of the plan."""
    d, capacity = solution.data, solution.values["capacity"]
    begins = next(t for t, year in d.plan_year.items() if year == d.plan_year[k + 1])
    found, ended = dict.fromkeys(d.national_load_frac, 0.0), ended_by_the_start(solution, k)
    for r, p in d.options:
        if p in d.national_options and d.country[r] in found and (r, p, k) in capacity:
            found[d.country[r]] += capacity[r, p, k] - ended.get((r, p), 0.0) - capacity[r, p, begins - 1]
    return found
