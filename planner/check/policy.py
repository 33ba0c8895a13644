"""Checks of policy: shares and commitments beyond reach, carbon caps and budgets outside the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

from models.budget import capital_of, firm_chips_musd
from models.data import PlanData
from models.index import asked_kh100e
from models.nations import envelope_mw
from models.records import Share
from models.share import requires
from planner.check.upper_bounds import SLACK, UpperBounds
from planner.codes import Remark
from planner.findings import Notice, Place
from planner.plan.plan import Plan
from planner.schema.table_schema import BINDING, HALLS, HIBERNATION, LAUNCH, SITE


def check_shares(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Minimum shares that growth cannot reach, by how much and when first; or, of what is served, how little that leaves."""
    table = plan.tables["shares"]
    known = {share.share_id for share in data.shares}
    for position, (share_id, first, last) in enumerate(table.select("share_id", "from_month", "to_month")):
        if share_id not in known:
            outside = (first or data.months[0]) > data.months[-1] or (last or data.months[-1]) < data.months[0]
            what = "month" if outside else "demand"
            yield Notice(Remark.W_SHARE_VOID, f"share {share_id} applies to no {what} of the plan", table.place(position))
    servable = set(data.servable)
    for share in data.shares:
        if share.min_frac is None:
            continue
        misses = []
        for t in share.months:
            need = share.min_frac * asked_kh100e(data, share.pools, t)
            most, why = _most(data, bounds, share, servable, t)
            if need > most * SLACK and need > 0:
                misses.append((need - most, need, most, why, t))
        if misses:
            too_much, need, most, why, t = max(misses)
            month, whole = data.months[t - 1], asked_kh100e(data, share.pools, t)
            if requires(data, share):
                text = f"share {share.share_id} requires {need:,.1f} kH100e in {month},"
                text += f" at most {most:,.1f} is possible ({why}): {too_much:,.1f} too much"
                held = "impossible"
            else:
                text = f"share {share.share_id} leaves at most {most / share.min_frac:,.1f} of {whole:,.1f} kH100e to be served"
                text += f" in {month}: {100 * share.min_frac:g} % of it must be where at most {most:,.1f} is possible ({why})"
                held = "so"
            text += f"; min_frac {floor(most / whole)} would fit"
            if len(misses) > 1:
                text += f"; {held} in {len(misses)} months, first in {data.months[misses[0][-1] - 1]}"
            place = table.place(table.index[share.share_id,], "min_frac")
            yield Notice(Remark.W_SHARE_IMPOSSIBLE, text, place, impossible=requires(data, share))


def check_commitments(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Orders beyond the pace of their month or what is delivered, and closures of more than there is."""
    table, power = plan.tables["commitments"], plan.tables["power"]
    number = {month: t for t, month in enumerate(data.months, start=1)}
    columns = ("region_id", "option_id", "month", "until_month", "status")
    early: list[Notice] = []
    for position, (r, p, month, until, status) in enumerate(table.select(*columns)):
        t, end = number.get(month), number.get(until, len(data.months))
        if status in BINDING and p == LAUNCH and t is not None:
            yield from _launch_beyond(plan, data, r, t)
        if status not in BINDING or p in (SITE, HIBERNATION, LAUNCH):
            continue
        if p == HALLS:
            path, start = bounds.shell_mw[r], data.start_shell_mw[r]
            closed = {t: mw for (s, t), mw in data.closed_shell_mw.items() if s == r}
            lead = plan.tables["regions"].value("shell_lead_months", r)
        else:
            path, start = bounds.capacity_mw[r, p], data.start_mw[r, p]
            closed = {t: mw for (s, q, t), mw in data.closed_mw.items() if (s, q) == (r, p)}
            lead = power.value("lead_months", r, p)
        build = table.column("build_mw")[position]
        if build > 0 and t is not None and t <= lead:
            text = f"{r}, {p}: the commitment of {build:,.1f} MW in {month} comes before the lead time of {lead}"
            text += f" month{'s' if lead > 1 else ''}: taken as already signed"
            early.append(Notice(Remark.N_COMMITMENT_EARLY, text, table.place(position, "build_mw")))
        for at, column in ((t, "close_mw"), (end + 1, "until_month")):
            if at in closed and path[at - 1] < -1e-9 and (column != "close_mw" or table.column(column)[position]):
                ends = f"{build:,.1f} MW end after {until}"
                text = f"{r}, {p}: " + (f"close_mw = {closed[at]:,.1f} in {month}" if column == "close_mw" else ends)
                text += f", but {start:,.1f} MW exist at the start and at most {closed[at] + path[at - 1]:,.1f} MW can exist"
                text += f" by then: {-path[at - 1]:,.1f} too much, no plan can meet this"
                yield Notice(Remark.W_COMMITMENT_IMPOSSIBLE, text, table.place(position, column), impossible=True)
    if len(early) > 1:
        text = f"{len(early)} commitments come before their lead times: taken as already signed"
        early = [Notice(Remark.N_COMMITMENT_EARLY, text, early[0].place, tuple(early))]
    yield from early
    yield from _commitments_beyond(plan, data)


def _launch_beyond(plan: Plan, data: PlanData, o: str, t: int) -> Iterator[Notice]:
    """More ordered launches of a design than its tonnes or satellites could be alone."""
    mw, tonnes = data.committed_launch_mw[o, t], data.launch_t.get(t, 0.0)
    most = min(tonnes / data.kg_per_kw[o], data.satellite_factory_mw.get(t, inf))
    if mw > most * SLACK:
        table = plan.tables["commitments"]
        text = f"{o}: launches of {mw:,.1f} MW are ordered for {data.months[t - 1]}, {tonnes:,.0f} tonnes and the satellites"
        text += f" that are built allow {most:,.1f} MW: {mw - most:,.1f} too much, no plan can meet this"
        at = table.place(table.index[o, LAUNCH, data.months[t - 1]], "build_mw")
        yield Notice(Remark.W_COMMITMENT_IMPOSSIBLE, text, at, impossible=True)


def _commitments_beyond(plan: Plan, data: PlanData) -> Iterator[Notice]:
    """Orders of all regions together that exceed what is delivered in a month, or the growth of a nation in a plan year."""
    of_option: dict[tuple[str, int], dict[str, float]] = {}
    of_nation: dict[tuple[str, int], dict[tuple[str, str], float]] = {}
    for (r, p, t), mw in data.committed_mw.items():
        of_option.setdefault((p, t), {})[r] = mw
    for sign, orders in ((1.0, data.committed_mw), (-1.0, data.closed_mw)):
        for (r, p, t), mw in orders.items():
            if p in data.national_options:
                net = of_nation.setdefault((data.country[r], data.plan_year[t]), {})
                net[r, p] = net.get((r, p), 0.0) + sign * mw
    for (p, t), builds in of_option.items():
        total, most = sum(builds.values()), data.supply_mw.get((p, t), inf)
        if total > most * SLACK:
            text = f"{p}: {total:,.1f} MW are committed in {data.months[t - 1]}, {most:,.1f} MW are delivered to all regions:"
            at = plan.tables["commitments"].index[next(iter(builds)), p, data.months[t - 1]]
            text += f" {total - most:,.1f} too much, no plan can meet this"
            yield Notice(
                Remark.W_COMMITMENT_IMPOSSIBLE, text, plan.tables["commitments"].place(at, "build_mw"), impossible=True
            )
    for (c, y), nets in of_nation.items():
        if (c, y) in data.national_growth_mwh and (total := sum(nets.values())) > (most := envelope_mw(data, c, y)) * SLACK:
            text = f"{c}: {total:,.1f} MW of grid are committed in plan year {y}, its generation allows {most:,.1f} MW:"
            text += f" {total - most:,.1f} too much, no plan can meet this"
            yield Notice(Remark.W_COMMITMENT_IMPOSSIBLE, text, _largest_order(plan, data, c, y), impossible=True)


def _largest_order(plan: Plan, data: PlanData, c: str, y: int) -> Place:
    """The order that takes most of a nation's growth in a plan year."""
    table = plan.tables["commitments"]
    in_year = [key for key in data.committed_mw if data.country[key[0]] == c and data.plan_year[key[2]] == y]
    r, p, t = max((key for key in in_year if key[1] in data.national_options), key=lambda key: data.committed_mw[key])
    return table.place(table.index[r, p, data.months[t - 1]], "build_mw")


def check_projects(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Projects that cannot be taken: in no month of the plan, or whole and larger than what the makers deliver in a month."""
    table = plan.tables["projects"]
    first: dict[str, int] = {}
    for position, j in enumerate(table.column("project_id")):
        first.setdefault(j, position)
    for each in data.projects:
        j, at = each.project_id, table.place(first[each.project_id], "project_id")
        if not each.months:
            yield Notice(Remark.W_PROJECT_IMPOSSIBLE, f"{j}: its months are outside the plan, it is never taken", at)
            continue
        for base in dict.fromkeys(part.base for part in each.parts):
            mw = sum(part.mw for part in each.parts if part.base == base)
            most = max(data.supply_mw.get((base, t), inf) for t in each.months)
            if each.whole and mw > most * SLACK:
                text = f"{j}: {mw:,.1f} MW of {base}, and at most {most:,.1f} MW are delivered in one of its months: whole, it "
                yield Notice(Remark.W_PROJECT_IMPOSSIBLE, f"{text}is never taken", at)


def check_budget(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Budgets for years outside the plan, or only partly inside, or of less than what is ordered costs."""
    orders: dict[str, Mapping[Any, float]] = {
        "build_mw": data.committed_mw,
        "build_shell": data.committed_shell_mw,
        "deploy": {},
        "take": {},
    }
    ordered: dict[int, float] = {}
    for each in capital_of(lambda name: list(orders[name]), data):
        for t, share in each.due.items():
            ordered[t] = ordered.get(t, 0.0) + share * each.musd * orders[each.variable][each.index]
    firm = firm_chips_musd(data)
    for year in plan.settings.budget.capital_musd_per_year:
        at = plan.setting_place(f"budget.capital_musd_per_year.{year}")
        months = data.budget_months.get(year, ())
        if not months:
            yield Notice(Remark.W_BUDGET_OUTSIDE, f"the budget of {year} is outside the plan and ignored", at)
            continue
        most, least = data.budget_musd[year], firm[year] + sum(ordered.get(t, 0.0) for t in months)
        if len(months) < 12:
            text = f"the budget of {year} is for a whole year: in the {len(months)} month{'s' if len(months) > 1 else ''} of it"
            yield Notice(Remark.N_BUDGET_PART, f"{text} in the plan, {most:,.4g} million USD of capital may fall due", at)
        if least > most * SLACK + 1e-9:
            text = f"what is ordered makes {least:,.1f} million USD of capital fall due in {year}, the budget is {most:,.1f}:"
            text += f" {least - most:,.1f} too much, no plan can meet this"
            yield Notice(Remark.W_BUDGET_IMPOSSIBLE, text, at, impossible=True)


def check_carbon(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Caps for years outside the plan, or only partly inside."""
    for year in plan.settings.carbon.cap_mtco2_per_year:
        at = plan.setting_place(f"carbon.cap_mtco2_per_year.{year}")
        months = len(data.carbon_periods.get(year, ()))
        if months == 0:
            yield Notice(Remark.W_CARBON_OUTSIDE, f"the carbon cap of {year} is outside the plan and ignored", at)
        elif months < 12:
            text = (
                f"the carbon cap of {year} is for a whole year: the {months} month{'s' if months > 1 else ''} of it in the plan"
            )
            yield Notice(Remark.N_CARBON_PART, f"{text} may emit {data.carbon_cap_t[year] / 1e6:,.4g} MtCO2", at)


def _most(data: PlanData, bounds: UpperBounds, share: Share, servable: set[tuple[str, str, str]], t: int) -> tuple[float, str]:
    """Upper bound on what may count towards a share, and what sets it."""
    places = [x for x in share.places if any((z, w, x) in servable for z, w in share.pools)]
    near = sum(data.demand_kh100e[z, w, t] for z, w in share.pools if any((z, w, x) in servable for x in share.places))
    compute = bounds.compute_kh100e(places, t)
    if near <= compute:
        return near, "no more of the demand may be served there"
    return bounds.least(bounds.chips_kh100e(t), compute, places, t)


def floor(frac: float) -> str:
    """A share that would fit, as it is typed: rounded down to a tenth of a percent."""
    return f"{int(frac * 1000) / 1000:g}"
