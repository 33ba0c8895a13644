"""Chips that are past their life before the plan begins."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.plan.calendar import month_number
from planner.plan.plan import Plan
from planner.prepare.fleet import delivered_before, lives_of

SHOWN = 3


def check_ages(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """One line a table, with the rows that hold most of them; a warning where all chips of a row are."""
    start, life = month_number(plan.settings.start), lives_of(plan.tables)
    for name in ("fleet", "dark"):
        table = plan.tables[name]
        past, whole = {}, False
        for position, (g, parts) in enumerate(delivered_before(table, start)):
            past[position] = sum(kunit for month, kunit in parts.items() if month + life[g] < start)
            whole |= past[position] > 0 and max(parts) + life[g] < start
        rows = sorted((position for position, kunit in past.items() if kunit > 0), key=lambda position: -past[position])
        if rows:
            words = [f"{past[position]:,.4g} of {table.named(position)}" for position in rows[:SHOWN]]
            more = f" and {len(rows) - SHOWN} more rows" if len(rows) > SHOWN else ""
            text = f"{name}: {sum(past.values()):,.4g} thousand chips are past their life_years at the start and end in"
            text += f" {data.months[0]}: {', '.join(words)}{more}"
            yield Notice(
                Remark.W_CHIPS_PAST_LIFE if whole else Remark.N_CHIPS_PAST_LIFE, text, table.place(rows[0], "delivered_from")
            )
