"""The pace of each month and the order book: what binding orders build and close within the plan, and what ends with them.

The largest addition of a month is what arrives without a name. An order within it is part of that; one beyond it comes on top.
What an order of before the plan built is part of what exists at the start, and ends like what is new.
"""

from __future__ import annotations

from typing import Any

from models.data import Order
from models.records import Published
from planner.plan.calendar import Calendar
from planner.plan.series import by_month
from planner.plan.table import Table
from planner.schema.settings import Settings
from planner.schema.table_schema import BINDING, CANCELLABLE, HALLS, HIBERNATION, LAUNCH, SITE

Moved = dict[tuple[str, str, int], float]  # [r, p or halls, t] MW


def orders_of(tables: dict[str, Table], calendar: Calendar) -> dict[str, Any]:
    """What is built, closed or out of service, and what ends with it: a field of PlanData each.

    An order that is proposed or cancelled changes nothing; where a region closes, what would end or close later is gone."""
    commitments, number = tables["commitments"], calendar.number
    built: Moved = {}
    closed: Moved = {}
    ended: Moved = {}
    charged: Moved = {}
    closing = closing_months(commitments, calendar)
    orders = _open_orders(tables, calendar, closing)
    named = {order.name for order in orders}
    columns = ("region_id", "option_id", "month", "until_month", "status", "build_mw", "close_mw")
    for r, p, month, until, status, ordered, close in commitments.select(*columns):
        if status not in BINDING or p in (SITE, HIBERNATION, LAUNCH):
            continue
        build = 0.0 if f"{r} / {p} / {month}" in named else ordered
        start, end = number.get(month), number[until] + 1 if until in number else None
        new, last = end if start is not None else None, closing.get(r, len(number) + 1) - 1
        for found, t, mw in ((built, start, build), (closed, start, close), (ended, end, build), (charged, new, build)):
            if t is not None and t <= last and mw:
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
        "orders": orders,
        "committed_launch_mw": _launches(commitments, calendar),
        "closing_month": closing,
        **_hibernation(commitments, calendar, closing),
    }


def _open_orders(tables: dict[str, Table], calendar: Calendar, closing: dict[str, int]) -> tuple[Order, ...]:
    """Orders that may be cancelled within the plan, or slip; a site that closes takes them with it."""
    number, last = calendar.number, len(calendar.months)
    steps = power_paces(tables["power"], calendar) | hall_paces(tables["regions"], calendar)
    found = []
    columns = ("region_id", "option_id", "month", "until_month", "status", "build_mw")
    terms = ("slip_usd_per_mw_month", "cancel_until_month", "deposit_musd")
    for r, p, month, until, status, mw, slip, cancel, deposit in tables["commitments"].select(*columns, *terms):
        t, end = number.get(month), number[until] + 1 if until in number else last + 1
        may_cancel = number.get(cancel) if status in CANCELLABLE else None
        slips = status == "approved" and slip is not None
        if not mw or t is None or not (slips or may_cancel) or status not in BINDING or p in (SITE, HIBERNATION, LAUNCH):
            continue
        ends = min(end, closing.get(r, last + 1))
        found.append(
            Order(
                name=f"{r} / {p} / {month}",
                place=r,
                item=None if p == HALLS else p,
                month=t,
                last=ends - 1 if slips else t,
                mw=mw,
                end=end if end <= last and end < closing.get(r, last + 1) else None,
                on_top=mw > steps.get((r, t) if p == HALLS else (r, p, t), 0.0),
                slip_usd_per_mw_month=slip or 0.0,
                cancel_month=may_cancel,
                deposit_usd_per_mw=1e6 * (deposit or 0.0) / mw,
            )
        )
    return tuple(found)


def published_of(settings: Settings, tables: dict[str, Table], calendar: Calendar) -> Published | None:
    """What the plan before has published of power and halls, where a change of it costs something."""
    if not settings.change_usd_per_mw:
        return None
    rows = tables["published"].select("kind", "place_id", "item_id", "month", "value")
    built = {
        (r, p, calendar.number[month]): mw for kind, r, p, month, mw in rows if kind == "started" and month in calendar.number
    }
    months = [calendar.number[month] for month in tables["published"].column("month") if month in calendar.number]
    power = {key: mw for key, mw in built.items() if key[1] != HALLS}
    halls = {(r, t): mw for (r, p, t), mw in built.items() if p == HALLS}
    return Published(settings.change_usd_per_mw, max(months, default=0), power, halls)


def power_paces(power: Table, calendar: Calendar) -> dict[Any, float]:
    """[r,p,t] the largest addition of power in each month without orders, from the lead time on."""
    return _paces(power, "step_mw_per_month", "step_growth_frac_per_year", "lead_months", calendar)


def hall_paces(regions: Table, calendar: Calendar) -> dict[Any, float]:
    """[r,t] the largest addition of halls in each month without orders, from the lead time on."""
    return _paces(regions, "shell_step_mw_per_month", "shell_step_growth_frac_per_year", "shell_lead_months", calendar)


def _paces(table: Table, step: str, growth: str, lead: str, calendar: Calendar) -> dict[Any, float]:
    return {
        (*key, t): mw
        for key, path, months in zip(table.keys, by_month(table, step, calendar, growth), table.column(lead), strict=True)
        for t, mw in enumerate(path, start=1)
        if t > months
    }


def closing_months(commitments: Table, calendar: Calendar) -> dict[str, int]:
    """[r] the month from which a region is closed."""
    orders = commitments.select("region_id", "option_id", "status", "month")
    dates = {r: month for r, p, status, month in orders if p == SITE and status in BINDING}
    return {r: calendar.number[month] for r, month in dates.items() if month in calendar.number}


def _launches(commitments: Table, calendar: Calendar) -> dict[tuple[str, int], float]:
    """[o,t] IT power that is booked to be launched."""
    rows = commitments.select("region_id", "option_id", "month", "status", "build_mw")
    return {
        (o, calendar.number[month]): mw
        for o, p, month, status, mw in rows
        if p == LAUNCH and status in BINDING and mw and month in calendar.number
    }


def _hibernation(commitments: Table, calendar: Calendar, closing: dict[str, int]) -> dict[str, Any]:
    """Hall space out of service, and what its upkeep costs in each month."""
    space: dict[tuple[str, int], float] = {}
    usd: dict[tuple[str, int], float] = {}
    columns = ("region_id", "option_id", "status", "month", "until_month", "close_mw", "upkeep_usd_per_kw_year")
    for r, p, status, first, until, mw, upkeep in commitments.select(*columns):
        if p != HIBERNATION or status not in BINDING or not mw:
            continue
        for month, t in calendar.number.items():
            if first <= month <= (until or month) and t < closing.get(r, t + 1):
                space[r, t] = space.get((r, t), 0.0) + mw
                usd[r, t] = usd.get((r, t), 0.0) + 1e3 * mw * (upkeep or 0.0) / 12
    return {"hibernated_shell_mw": space, "hibernation_usd": usd}


def with_orders(steps: dict[Any, float], firm: dict[Any, float], orders: dict[str, Any], *, halls: bool) -> dict[Any, float]:
    """The largest addition of each month, none once a region is closed: an order that exceeds the step is a project of its own,
    and comes on top of it. Before the lead time it is what is ordered alone. ``halls``: the pace is of halls, else of power."""
    closing = orders["closing_month"]
    early = [order for order in orders["orders"] if (order.item is None) == halls]
    arrivals = {(order.place, t) if halls else (order.place, order.item, t): 0.0 for order in early for t in order.arrivals}
    return {
        key: step + (mw if (mw := firm.get(key, 0.0)) > step else 0.0)
        for key, step in (steps | {key: 0.0 for key in arrivals if key not in steps}).items()
        if key[-1] < closing.get(key[0], key[-1] + 1)
    }
