"""Checks of places: today's chips against power and halls, power that comes too late, zones out of reach, nations."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.formats import some
from planner.plan.plan import Plan

SLACK = 1 + 1e-6


def check_start(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Whether the chips that a region holds at the start can be powered and housed there."""
    table = plan.tables["regions"]
    chips_mw = dict.fromkeys(data.regions, 0.0)
    for (r, g), kunit in data.start_installed_kunit.items():
        chips_mw[r] += data.kw_per_unit[g] * kunit
    for position, r in enumerate(data.regions):
        need = data.pue[r, 1] * data.nameplate_frac[r] * chips_mw[r]
        firm = sum(data.firm_frac[s, p] * data.start_mw[s, p] for s, p in data.options if s == r)
        at = table.place(position, "region_id")
        if need > firm * SLACK:
            text = f"{r}: today's chips need {need:,.1f} MW of firm power, {firm:,.1f} MW exist at the start"
            most = bounds.firm_mw[r][0]
            if need > most * SLACK:
                it_mw = (need - most) / data.pue[r, 1] / data.nameplate_frac[r]
                text += f"; at least {it_mw:,.1f} MW of chips must be switched off in the first month"
            yield Notice(Remark.W_START_SHORT, text, at)
        shell = data.start_shell_mw[r]
        if chips_mw[r] > shell * SLACK:
            text = f"{r}: today's chips need {chips_mw[r]:,.1f} MW of halls, {shell:,.1f} MW exist at the start"
            yield Notice(Remark.W_START_SHORT, text, table.place(position, "shell_start_mw"))
    total = sum(data.pue[r, 1] * data.nameplate_frac[r] * mw for r, mw in chips_mw.items())
    firm = sum(data.firm_frac[pair] * data.start_mw[pair] for pair in data.options)
    text = f"at the start, {sum(chips_mw.values()):,.0f} MW of chips are installed on Earth"
    text += f" and need {total:,.0f} MW of {firm:,.0f} MW of firm power"
    yield Notice(Remark.N_START, text, table.place(0))


def check_power(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Regions that cannot grow, and options that come after the end of the plan."""
    regions = plan.tables["regions"]
    for position, r in enumerate(data.regions):
        options = [p for s, p in data.options if s == r]
        at = regions.place(position, "region_id")
        if not options:
            yield Notice(Remark.W_REGION_EMPTY, f"{r} has no row in power: nothing can run there", at)
        elif max(bounds.firm_mw[r]) <= 0:
            yield Notice(Remark.W_REGION_EMPTY, f"{r} has no firm power within the plan: nothing can be installed there", at)
        elif max(bounds.shell_mw[r]) <= 0:
            yield Notice(Remark.W_REGION_EMPTY, f"{r} has no halls within the plan: nothing can be installed there", at)
    power = plan.tables["power"]
    late: dict[str, list[int]] = {}
    signed = {(r, p) for (r, p, _), mw in data.committed_mw.items() if mw > 0}
    rows = power.select("region_id", "option_id", "start_mw", "lead_months")
    for position, (r, p, start, lead) in enumerate(rows):
        if lead >= len(data.months) and start <= 0 and (r, p) not in signed:
            late.setdefault(p, []).append(position)
    for p, positions in late.items():
        leads = [power.column("lead_months")[position] for position in positions]
        where = some(power.column("region_id")[position] for position in positions)
        text = f"{p} can never be built in {where}: lead time {min(leads)} months or more, horizon {len(data.horizon)}"
        text += f" and look-ahead {data.look_ahead_months}" if data.look_ahead_months else ""
        yield Notice(Remark.W_OPTION_LATE, text, power.place(positions[0], "lead_months"))


def check_nations(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Countries without an envelope, and envelopes that allow nothing."""
    if not data.national_options:
        return
    table = plan.tables["countries"]
    where: dict[str, list[str]] = {}
    for r, p in data.options:
        if p in data.national_options and r not in where.setdefault(data.country[r], []):
            where[data.country[r]].append(r)
    unbounded = [c for c, regions in where.items() if regions and c not in data.national_load_frac]
    regions = plan.tables["regions"]
    if unbounded:
        first = next(position for position, r in enumerate(data.regions) if data.country[r] in unbounded)
        text = f"no row in countries for {', '.join(sorted(unbounded))}: their grid power for AI has no national envelope"
        yield Notice(Remark.W_NATION_UNBOUNDED, text, regions.place(first, "country_iso2"))
    for position, c in enumerate(table.column("country_iso2")):
        if where.get(c) and data.national_growth_mwh.get((c, 1)) == 0:
            column = "ai_share_frac" if table.column("ai_share_frac")[position] == 0 else "generation_growth_twh_per_year"
            text = f"the national envelope of {c} is 0: the grid adds nothing for AI in {', '.join(where[c])}"
            yield Notice(Remark.W_NATION_ZERO, text, table.place(position, column))
