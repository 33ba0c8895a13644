"""Checks of policy: shares and commitments beyond reach, carbon caps outside the plan."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData, Share
from models.share import asked, requires
from planner.check.upper_bounds import UpperBounds
from planner.findings import Notice
from planner.plan.plan import Plan

SLACK = 1 + 1e-9


def check_shares(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Minimum shares that growth cannot reach, by how much and when first; or, of what is served, how little that leaves."""
    table = plan.tables["shares"]
    known = {share.share_id for share in data.shares}
    for position, (share_id, first, last) in enumerate(table.select("share_id", "from_month", "to_month")):
        if share_id not in known:
            outside = (first or data.months[0]) > data.months[-1] or (last or data.months[-1]) < data.months[0]
            what = "month" if outside else "demand"
            yield Notice("warning", f"share {share_id} applies to no {what} of the plan", table.place(position))
    servable = set(data.servable)
    for share in data.shares:
        if share.min_frac is None:
            continue
        misses = []
        for t in share.months:
            need = share.min_frac * asked(data, share, t)
            most, why = _most(data, bounds, share, servable, t)
            if need > most * SLACK and need > 0:
                misses.append((need - most, need, most, why, t))
        if misses:
            too_much, need, most, why, t = max(misses)
            month, whole = data.months[t - 1], asked(data, share, t)
            if requires(data, share):
                text = f"share {share.share_id} requires {need:,.1f} kH100e in {month},"
                text += f" at most {most:,.1f} is possible ({why}): {too_much:,.1f} too much"
                held = "impossible"
            else:
                text = f"share {share.share_id} leaves at most {most / share.min_frac:,.1f} of {whole:,.1f} kH100e to be served"
                text += f" in {month}: {100 * share.min_frac:g} % of it must be where at most {most:,.1f} is possible ({why})"
                held = "so"
            text += f"; min_frac {_floor(most / whole)} would fit"
            if len(misses) > 1:
                text += f"; {held} in {len(misses)} months, first in {data.months[misses[0][-1] - 1]}"
            yield Notice("warning", text, table.place(table.index[share.share_id,], "min_frac"))


def check_commitments(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Commitments before the lead time or faster than growth, and closures of more than there is."""
    table, power = plan.tables["commitments"], plan.tables["power"]
    number = {month: t for t, month in enumerate(data.months, start=1)}
    for position, (r, p, month) in enumerate(table.select("region_id", "option_id", "month")):
        t = number.get(month)
        if t is None:
            continue
        path = bounds.capacity_mw[r, p]
        before = max(0.0, path[t - 2]) if t > 1 else data.start_mw[r, p]
        step = data.step_mw.get((r, p, t))
        build = data.committed_mw.get((r, p, t), 0.0)
        if step is not None and build > (most := step + data.growth_frac_per_month[r, p] * before) * SLACK:
            text = f"{r}, {p}: {build:,.1f} MW are committed in {month}, growth allows {most:,.1f} MW:"
            text += f" {build - most:,.1f} too much"
            yield Notice("warning", text, table.place(position, "build_mw"))
        if step is None and build > 0:
            lead = power.value("lead_months", r, p)
            text = f"{r}, {p}: the commitment of {build:,.1f} MW in {month} comes before the lead time of {lead}"
            text += f" month{'s' if lead > 1 else ''}: taken as already signed"
            yield Notice("note", text, table.place(position, "build_mw"))
        if path[t - 1] < -1e-9:
            close, start = data.closed_mw[r, p, t], data.start_mw[r, p]
            text = f"{r}, {p}: close_mw = {close:,.1f} in {month}, but {start:,.1f} MW exist at the start and at most"
            text += f" {close + path[t - 1]:,.1f} MW can exist by then: {-path[t - 1]:,.1f} too much, no plan can meet this"
            yield Notice("warning", text, table.place(position, "close_mw"))


def check_carbon(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Caps for years outside the plan, or only partly inside."""
    for year in plan.settings.carbon.cap_mtco2_per_year:
        at = plan.setting_place(f"carbon.cap_mtco2_per_year.{year}")
        months = len(data.carbon_periods.get(year, ()))
        if months == 0:
            yield Notice("warning", f"the carbon cap of {year} is outside the plan and ignored", at)
        elif months < 12:
            text = (
                f"the carbon cap of {year} is for a whole year: the {months} month{'s' if months > 1 else ''} of it in the plan"
            )
            yield Notice("note", f"{text} may emit {data.carbon_cap_t[year] / 1e6:,.4g} MtCO2", at)


def _most(data: PlanData, bounds: UpperBounds, share: Share, servable: set[tuple[str, str, str]], t: int) -> tuple[float, str]:
    """Upper bound on what may count towards a share, and what sets it."""
    places = [x for x in share.places if any((z, w, x) in servable for z, w in share.pools)]
    near = sum(data.demand_kh100e[z, w, t] for z, w in share.pools if any((z, w, x) in servable for x in share.places))
    compute = bounds.compute_kh100e(places, t)
    if near <= compute:
        return near, "no more of the demand may be served there"
    limits = {bounds.limit_of(place, t) for place in places}
    chips = bounds.chips_kh100e(t)
    return (chips, "chips") if chips <= compute * SLACK else (compute, " and ".join(sorted(limits)))


def _floor(frac: float) -> str:
    return f"{int(frac * 1000) / 1000:g}"
