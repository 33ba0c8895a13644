"""What a plan says before it is solved: warnings and notes, by arithmetic alone."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData
from planner.check.ages import check_ages
from planner.check.geography import check_geography
from planner.check.hours import check_hours
from planner.check.latency import check_latency, check_targets
from planner.check.owners import check_owners
from planner.check.places import check_nations, check_power, check_start
from planner.check.policy import check_budget, check_carbon, check_commitments, check_projects, check_shares
from planner.check.proportions import check_proportions
from planner.check.ranges import check_ranges
from planner.check.reservations import check_reservations
from planner.check.sites import check_sites
from planner.check.targets import check_served_targets
from planner.check.time_limit import check_time_limit
from planner.check.upper_bounds import UpperBounds
from planner.check.without_effect import check_without_effect
from planner.codes import Remark
from planner.deadline import NEVER, Deadline
from planner.findings import Notice, Place
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepared


def check(plan: Plan, data: PlanData | None = None, deadline: Deadline = NEVER) -> list[Notice]:
    """Notices in reading order, but for those that the plan allows: found while loading, what cannot fit, then notes.
    ``deadline``: of the command that is to solve it."""
    data = data or prepared(plan).data
    bounds = UpperBounds(data)
    found = [*plan.notices, *check_time_limit(data, deadline)]
    for part in (
        check_start,
        check_ages,
        check_power,
        check_latency,
        check_targets,
        check_nations,
        check_commitments,
        check_projects,
        check_sites,
        check_shares,
        check_served_targets,
        check_reservations,
        check_carbon,
        check_budget,
        check_owners,
        check_hours,
        check_without_effect,
        check_ranges,
        check_proportions,
        check_geography,
    ):
        found.extend(part(plan, data, bounds))
    found.extend(_chips_against_demand(plan, data, bounds))
    found.extend(_chips_without_a_place(plan, data))
    noted = [notice for notice in found if notice.impossible or str(notice.code) not in plan.settings.allow]
    return sorted(noted, key=lambda notice: notice.level != "warning")


def _start_of(plan: Plan, name: str) -> Place:
    """Where a table begins; where the plan names its tables when it has no rows."""
    table = plan.tables[name]
    return table.place(0) if len(table) else plan.setting_place("tables")


def _chips_against_demand(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Demand against what all chips could serve with power for each of them, and against what could be powered."""
    last = len(data.horizon)
    at = _start_of(plan, "deliveries")
    asked = {t: sum(kh100e for (_, _, s), kh100e in data.demand_kh100e.items() if s == t) for t in (1, last)}
    words = []
    for t in (1, last):
        if asked[t] > 0:
            most = bounds.chips_kh100e(t)
            percent = 100 * most / asked[t]
            words.append(f"{percent:.0f} % of demand in {data.months[t - 1]} ({most:,.0f} of {asked[t]:,.0f} kH100e)")
    if not any(data.demand_kh100e.values()):
        yield Notice(
            Remark.N_NO_DEMAND, "there is no demand: start_kh100e is 0 in every row of demand", _start_of(plan, "demand")
        )
    if words:
        yield Notice(
            Remark.N_CHIPS, f"with power for every chip, at most {' and '.join(dict.fromkeys(words))} could be met", at
        )
        places = [*data.regions, *data.designs]
        most = bounds.compute_kh100e(places, last)
        text = f"power, halls and launches that grow at their limits could run {most:,.0f} kH100e in {data.horizon[-1]}"
        yield Notice(Remark.N_CHIPS, text + f": {100 * most / max(asked[last], 1e-9):.0f} % of demand", at)
    if not data.unserved_allowed:
        for t in range(1, len(data.months) + 1):
            need = sum(kh100e for (_, _, s), kh100e in data.demand_kh100e.items() if s == t)
            most = min(bounds.chips_kh100e(t), bounds.compute_kh100e([*data.regions, *data.designs], t))
            if need > most * (1 + 1e-9):
                text = f"no demand may go unserved, but demand in {data.months[t - 1]} is {need:,.1f} kH100e and at most"
                text += f" {most:,.1f} can run: {need - most:,.1f} too much"
                yield Notice(Remark.W_DEMAND_UNSERVABLE, text, plan.setting_place("unserved"), impossible=True)
                return


def _chips_without_a_place(plan: Plan, data: PlanData) -> Iterator[Notice]:
    placed = {g for _, g in data.placeable}
    table = plan.tables["accelerators"]
    for position, g in enumerate(data.generations):
        if g not in placed:
            kunit = data.start_dark_kunit.get(g, 0.0) + sum(data.delivered_kunit.get((g, t), 0.0) for t in data.plan_year)
            text = f"{g} is allowed in no region and no orbit of this plan: {kunit:,.1f} thousand chips stay dark"
            yield Notice(
                Remark.W_CHIPS_WITHOUT_PLACE if kunit else Remark.N_CHIPS_WITHOUT_PLACE,
                text,
                table.place(position, "only_countries"),
            )
