"""A plan as it was carried out: the solution with what really started, closed, was deployed, retired and drawn.

What follows from decisions (charges, what is left of budgets and caps) is computed from it as from any solution. Months that
are past are changed, and capacity of the months after them by as much as it differs at the end of those.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from planner.codes import Code
from planner.findings import Findings
from planner.schema.table_schema import HALLS
from planner.solve.solution import Solution
from planner.studies.roll.actuals import EQUAL, Actual, Planned
from planner.studies.roll.flows import Flows

Pair = tuple[str, str]
"""Region, and option or halls."""

Values = dict[str, dict[tuple[Any, ...], float]]


@dataclasses.dataclass
class Executed:
    """``solution`` as it was carried out; ``flows`` of power and halls; ``short``: MW that should have started and did not."""

    solution: Solution
    flows: Flows
    short: dict[Pair, float]
    stock: Callable[[Pair], float]


def carry_out(solution: Solution, planned: Planned, k: int, actuals: Iterable[Actual], findings: Findings) -> Executed:
    """The solution with actuals of its first ``k`` months."""
    stated = [each for each in actuals if each.value is not None]
    values = {name: dict(of) for name, of in solution.values.items() if name in CHANGED}
    short = _power(values, solution, planned, k, stated, findings)
    _let_orders_be_late(values, solution, short, k)
    for each in stated:
        if each.kind == "deployed" and each.more:
            values["deploy"][each.place, each.item, each.t] = each.planned + each.more
        elif each.kind == "retired" and each.item in solution.data.generations and each.more:
            values["retire"][each.place, each.item, each.t] = each.planned + each.more
        elif each.kind == "energy":
            _draw(values, solution, each)
    done = dataclasses.replace(solution, values={**solution.values, **values})
    flows, after = Flows(), Planned(planned.plan, done, planned.calendar, {})
    beyond: dict[Pair, dict[tuple[str, int], float]] = {}
    for each in stated:
        beyond.setdefault((each.place, each.item), {})[each.kind, each.t] = each.more
    for pair in dict.fromkeys([*solution.data.options, *((r, HALLS) for r in solution.data.regions)]):
        more = beyond.get(pair, {})
        for t in range(1, k + 1):
            started = planned("started", *pair, t) + more.get(("started", t), 0.0)
            closed = planned("retired", *pair, t) + more.get(("retired", t), 0.0)
            flows.add("halls" if pair[1] == HALLS else "power", *pair, started=started, retired=-closed)
    return Executed(done, flows, short, lambda pair: after("capacity", *pair, k))


CHANGED = ("build_mw", "capacity", "build_shell", "shell", "deploy", "retire", "output", "arrived_mw", "late_mw")
"""Variables that actuals change."""


def _power(
    values: Values,
    solution: Solution,
    planned: Planned,
    k: int,
    stated: list[Actual],
    findings: Findings,
) -> dict[Pair, float]:
    """Let what started and closed be what really did. What should have started and did not."""
    generations, last = set(solution.data.generations), len(solution.data.months)
    rows = [each for each in stated if each.kind in ("started", "retired", "capacity") and each.item not in generations]
    beyond: dict[Pair, float] = {}
    short: dict[Pair, float] = {}
    refused = set[Pair]()
    for t in range(1, k + 1):
        for each in (one for one in rows if one.t == t):
            pair = (each.place, each.item)
            sign = {"started": 1.0, "retired": -1.0}.get(each.kind, 0.0)
            beyond[pair] = beyond.get(pair, 0.0) + sign * each.more
            if each.kind == "started":
                short[pair] = short.get(pair, 0.0) - each.more
                build, key = ("build_shell", (each.place, t)) if each.item == HALLS else ("build_mw", (*pair, t))
                values[build][key] = values[build].get(key, 0.0) + each.more
        for each in (one for one in rows if one.t == t and one.kind == "capacity"):  # a count is what is there
            pair = (each.place, each.item)
            assert each.value is not None
            there = each.planned + beyond.get(pair, 0.0)
            if each.beyond(there):
                beyond[pair] = each.value - each.planned
        for pair, more in beyond.items():
            if pair in refused:
                continue
            if planned("capacity", *pair, t) + more < -EQUAL * max(1.0, abs(more)):
                each = max((one for one in rows if (one.place, one.item) == pair and one.t <= t), key=lambda one: one.t)
                missing = -planned("capacity", *pair, t) - more
                text = f"{pair[0]} / {pair[1]}: {missing:,.6g} MW fewer than none would be in service"
                findings.add(Code.E_ACTUAL, each.at, f"{text} at the end of {solution.data.months[t - 1]}", each.value)
                refused.add(pair)
            else:
                _set_stock(values, planned, pair, t, more)
    for pair, more in beyond.items():
        for t in range(k + 1, last + 1):
            _set_stock(values, planned, pair, t, more)
    return {pair: mw for pair, mw in short.items() if mw > EQUAL}


def _let_orders_be_late(values: Values, solution: Solution, short: dict[Pair, float], k: int) -> None:
    """What is short of an order that may slip is late, at its penalty: no other order is for it."""
    for order in solution.data.orders:
        pair = (order.place, order.item or HALLS)
        for t in (t for t in reversed(order.arrivals) if t <= k and short.get(pair, 0.0) > 0):
            part = min(short[pair], values["arrived_mw"].get((order.name, t), 0.0))
            values["arrived_mw"][order.name, t] = values["arrived_mw"].get((order.name, t), 0.0) - part
            if order.last > k:
                values["late_mw"][order.name, k] = values["late_mw"].get((order.name, k), 0.0) + part
                short[pair] -= part


def _set_stock(values: Values, planned: Planned, pair: Pair, t: int, more: float) -> None:
    if more:
        name, key = ("shell", (pair[0], t)) if pair[1] == HALLS else ("capacity", (*pair, t))
        values[name][key] = planned("capacity", *pair, t) + more


def _draw(values: Values, solution: Solution, each: Actual) -> None:
    """Let energy of a month be what was drawn, spread over its slices as planned, or evenly."""
    d = solution.data
    hours = {k: d.hours_h[each.t, k] for k in d.slices}
    assert each.value is not None
    for k in d.slices:
        key = (each.place, each.item, each.t, k)
        share = solution.values["output"].get(key, 0.0) / each.planned if each.planned > 0 else 1.0 / sum(hours.values())
        if each.more:
            values["output"][key] = each.value * share
