"""Checks of reserved capacity: more than can stand in a region, or than all chips are; and what can change nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.data import PlanData
from models.records import Reservation
from planner.check.upper_bounds import SLACK, UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.plan.calendar import calendar_of
from planner.plan.plan import Plan
from planner.plan.series import column_at


def check_reservations(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """Reservations beyond what could stand: those of a region, else those of all; and those of one that has a penalty."""
    known, table = {each.reservation_id for each in data.reservations}, plan.tables["reservations"]
    for position, name in enumerate(table.column("reservation_id")):
        if name not in known:
            text = f"reservation {name} holds in no month of the plan, or is 0"
            yield Notice(Remark.W_TARGET_VOID, text, table.place(position))
    must = [each for each in data.reservations if each.penalty_usd_per_h100e_h is None]
    of_region = [[each for each in must if each.region_id == r] for r in data.regions]
    found = [notice for some in (*of_region, must) if (notice := _beyond(plan, data, bounds, some)) is not None]
    yield from found[:-1] if len(found) > 1 else found
    for each in data.reservations:
        if each not in must and (notice := _beyond(plan, data, bounds, [each])) is not None:
            yield notice


def _beyond(plan: Plan, data: PlanData, bounds: UpperBounds, some: Sequence[Reservation]) -> Notice | None:
    """The month in which reservations exceed by most what their regions could hold; None where they never do."""
    places = list(dict.fromkeys(each.region_id for each in some))
    misses = []
    for t in data.plan_year:
        need = sum(each.kh100e.get(t, 0.0) for each in some)
        chips, compute = bounds.chips_kh100e(t), bounds.compute_kh100e(places, t)
        if need > min(chips, compute) * SLACK:
            _, why = bounds.least(chips, compute, places, t)
            misses.append((need - min(chips, compute), need, min(chips, compute), why, t))
    if not misses:
        return None
    short, need, most, why, t = max(misses)
    must = some[0].penalty_usd_per_h100e_h is None
    names = ", ".join(each.reservation_id for each in some if t in each.kh100e)
    text = f"reserved for {names}: {need:,.1f} kH100e in {data.months[t - 1]}, at most {most:,.1f} can stand"
    text += f" in {', '.join(places)} ({why}): {short:,.1f} too much" + ("" if must else ", which costs the penalty")
    if len(misses) > 1:
        text += f"; {'impossible' if must else 'short'} in {len(misses)} months, first in {data.months[misses[0][-1] - 1]}"
    table, name = plan.tables["reservations"], next(each.reservation_id for each in some if t in each.kh100e)
    column = column_at(table, (name,), "kh100e", calendar_of(plan.settings), t)
    return Notice(Remark.W_RESERVATION_IMPOSSIBLE, text, table.place(table.index[name,], column), impossible=must)
