"""The pace of each month and the order book: what binding orders build and close within the plan, and what ends with them.

The largest addition of a month is what arrives without a name. An order within it is part of that; one beyond it comes on top.
What an order of before the plan built is part of what exists at the start, and ends like what is new."""

from __future__ import annotations

from typing import Any

from planner.plan.calendar import Calendar
from planner.plan.series import by_month
from planner.plan.table import Table
from planner.schema.table_schema import BINDING, HALLS

Moved = dict[tuple[str, str, int], float]  # [r, p or halls, t] MW


def orders_of(commitments: Table, calendar: Calendar) -> dict[str, Any]:
    """What is built and closed, and what ends with it: a field of PlanData each.

    An order that is proposed or cancelled changes nothing."""
    number = calendar.number
    built: Moved = {}
    closed: Moved = {}
    ended: Moved = {}
    charged: Moved = {}
    columns = ("region_id", "option_id", "month", "until_month", "status", "build_mw", "close_mw")
    for r, p, month, until, status, build, close in commitments.select(*columns):
        if status not in BINDING:
            continue
        start, end = number.get(month), number[until] + 1 if until in number else None
        new = end if start is not None else None
        for found, t, mw in ((built, start, build), (closed, start, close), (ended, end, build), (charged, new, build)):
            if t is not None and t <= len(number) and mw:
                found[r, p, t] = found.get((r, p, t), 0.0) + mw
    for key, mw in ended.items():
        closed[key] = closed.get(key, 0.0) + mw
    return {
        "committed_mw": {key: mw for key, mw in built.items() if key[1] != HALLS},
        "closed_mw": {key: mw for key, mw in closed.items() if key[1] != HALLS},
        "committed_shell_mw": {(r, t): mw for (r, p, t), mw in built.items() if p == HALLS},
        "closed_shell_mw": {(r, t): mw for (r, p, t), mw in closed.items() if p == HALLS},
        "ended_mw": ended,
        "charged_mw": {key: mw for key, mw in charged.items() if key[1] != HALLS},
        "charged_shell_mw": {(r, t): mw for (r, p, t), mw in charged.items() if p == HALLS},
    }


def steps_of(names: list[Any], table: Table, step: str, growth: str, lead: str, calendar: Calendar) -> dict[Any, float]:
    """[.., t] largest addition in each month; months before the lead time are absent."""
    return {
        (*name, t): mw
        for name, path, months in zip(names, by_month(table, step, calendar, growth), table.column(lead), strict=True)
        for t, mw in enumerate(path, start=1)
        if t > months
    }


def with_orders(steps: dict[Any, float], committed: dict[Any, float]) -> dict[Any, float]:
    """The largest addition of each month: an order that exceeds the step is a project of its own, and comes on top of it."""
    return {key: step + (mw if (mw := committed.get(key, 0.0)) > step else 0.0) for key, step in steps.items()}
