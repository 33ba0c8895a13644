"""Checks of targets for what is served: those of nothing, and those that growth cannot reach, alone or together."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData
from models.index import asked_kh100e
from models.records import Target
from planner.check.policy import floor
from planner.check.upper_bounds import SLACK, UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.plan.calendar import calendar_of
from planner.plan.plan import Plan
from planner.plan.series import column_at


def check_served_targets(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Targets that apply to nothing; those that growth cannot reach, each by itself and then all requirements together."""
    table, known = plan.tables["targets"], {each.target_id for each in data.targets}
    for position, target_id in enumerate(table.column("target_id")):
        if target_id not in known:
            text = f"target {target_id} applies to no demand or month of the plan, or is 0"
            yield Notice(Remark.W_TARGET_VOID, text, table.place(position))
    if not data.unserved_allowed:
        return
    impossible = False
    for target in data.targets:
        misses = []
        for t, frac in target.min_served_frac.items():
            whole = asked_kh100e(data, target.pools, t)
            most, why = _most_served(data, bounds, target.pools, t)
            if frac * whole > most * SLACK:
                misses.append((frac * whole - most, t, frac * whole, whole, most, why))
        if misses:
            short, t, need, whole, most, why = max(misses)
            must = target.penalty_usd_per_h100e_h is None
            impossible = impossible or must
            text = f"target {target.target_id} {'requires' if must else 'states'} {need:,.1f} kH100e in {data.months[t - 1]},"
            text += f" at most {most:,.1f} can be served ({why}): {short:,.1f} too much"
            text += f"; min_served_frac {floor(most / whole)} would fit" + ("" if must else ", the rest costs its penalty")
            if len(misses) > 1:
                held = "impossible" if must else "missed"
                text += f"; {held} in {len(misses)} months, first in {data.months[min(t for _, t, *_ in misses) - 1]}"
            place = table.place(table.index[target.target_id,], _column(plan, target, t))
            yield Notice(Remark.W_TARGET_IMPOSSIBLE, text, place, impossible=must)
    if not impossible:
        yield from _targets_together(plan, data, bounds)


def _targets_together(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Requirements of different demands that exceed what all places can run."""
    required = [each for each in data.targets if each.penalty_usd_per_h100e_h is None]
    for t in data.plan_year:
        of_month = [each for each in required if t in each.min_served_frac]
        needs = {each.target_id: each.min_served_frac[t] * asked_kh100e(data, each.pools, t) for each in of_month}
        apart: list[Target] = []
        for each in sorted(of_month, key=lambda one: -needs[one.target_id]):
            if all(not set(each.pools) & set(other.pools) for other in apart):
                apart.append(each)
        need = sum(needs[each.target_id] for each in apart)
        most = min(bounds.chips_kh100e(t), bounds.compute_kh100e([*data.regions, *data.designs], t))
        if len(apart) > 1 and need > most * SLACK:
            text = f"targets {', '.join(each.target_id for each in apart)} together require {need:,.1f} kH100e in"
            text += f" {data.months[t - 1]}, at most {most:,.1f} can run: {need - most:,.1f} too much"
            table, first = plan.tables["targets"], apart[0].target_id
            place = table.place(table.index[first,], _column(plan, apart[0], t))
            yield Notice(Remark.W_TARGET_IMPOSSIBLE, text, place, impossible=True)
            return


def _column(plan: Plan, target: Target, t: int) -> str:
    """The column that says what a target requires in a month."""
    return column_at(plan.tables["targets"], (target.target_id,), "min_served_frac", calendar_of(plan.settings), t)


def _most_served(data: PlanData, bounds: UpperBounds, pools: tuple[tuple[str, str], ...], t: int) -> tuple[float, str]:
    """Upper bound on what can be served of some pools, and what sets it."""
    asked = set(pools)
    reached = {(z, w) for z, w, _ in data.servable}
    near = sum(data.demand_kh100e[z, w, t] for z, w in pools if (z, w) in reached)
    within = list(dict.fromkeys(x for z, w, x in data.servable if (z, w) in asked))
    chips, compute = bounds.chips_kh100e(t), bounds.compute_kh100e(within, t)
    if near <= min(chips, compute):
        return near, "nothing within reach may serve the rest"
    return bounds.least(chips, compute, within, t)
