"""Stock-take: opening stock and flows give the closing stock, by generation, site and option; what does not add up is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.schema.cycle import DECIDED, FLOWS
from planner.schema.fields import ANY
from planner.schema.table_schema import HALLS
from planner.solve.solution import Solution
from planner.studies.roll.actuals import Actual, Planned
from planner.studies.roll.executed import Executed
from planner.studies.roll.flows import Flows
from planner.studies.roll.lots import Lots

SMALLEST = 1e-6
"""Of a stock or of one unit: less is rounding of the solver, and of lots that are too small to be written."""

Stock = tuple[str, str, str]
"""What is counted, place, and item."""


def stock_take(
    solution: Solution, k: int, done: Executed, lots: Lots, chips: Flows, late: Mapping[tuple[str, str], float]
) -> Iterator[dict[str, Any]]:
    """One row a stock that was ever above zero. ``late``: what is due in the first month of the new plan, by place and item."""
    d = solution.data
    opening, closing = _opening(solution), _closing(done, lots, k)
    flows = {**chips.of, **done.flows.of}
    for stock in dict.fromkeys([*opening, *closing, *flows]):
        amounts = dict(flows.get(stock, {}))
        begin, end = opening.get(stock, 0.0), closing.get(stock, 0.0)
        if stock[0] == "orbit":  # what is lost follows from the design
            amounts["failed"] = end - begin - amounts.get("deployed", 0.0)
        size = max(1.0, begin, end, *map(abs, amounts.values()))
        if max(begin, end, *map(abs, amounts.values()), 0.0) <= SMALLEST:
            continue
        rest = end - begin - sum(amounts.values())
        due = late.get(stock[1:], 0.0) if stock[0] in ("dark", "power", "halls") else 0.0
        yield {
            **dict(zip(("stock", "place_id", "item_id"), stock, strict=True)),
            "opening": begin,
            **{name: amounts.get(name) for name in FLOWS},
            "unexplained": rest if abs(rest) > SMALLEST * size else None,
            "closing": end,
            "late": due or None,
            "unit": "kunit" if stock[2] in d.generations else "MW",
        }


def _opening(solution: Solution) -> dict[Stock, float]:
    d = solution.data
    found: dict[Stock, float] = {("chips", r, g): kunit for (r, g), kunit in d.start_installed_kunit.items()}
    found |= {("dark", ANY, g): kunit for g, kunit in d.start_dark_kunit.items()}
    for (r, g, _), kunit in d.arriving_kunit.items():
        found["under_way", r, g] = found.get(("under_way", r, g), 0.0) + kunit
    found |= {("orbit", o, g): kunit for (o, g, t), kunit in d.start_alive_kunit.items() if t == 0}
    found |= {("power", r, p): mw for (r, p), mw in d.start_mw.items()}
    return found | {("halls", r, HALLS): mw for r, mw in d.start_shell_mw.items()}


def _closing(done: Executed, lots: Lots, k: int) -> dict[Stock, float]:
    d, deploy = done.solution.data, done.solution.values["deploy"]
    found: dict[Stock, float] = {("chips", r, g): sum(lot.values()) for (r, g), lot in lots.installed.items()}
    found |= {("dark", ANY, g): sum(lot.values()) for g, lot in lots.dark.items()}
    for (r, g, _), lot in lots.arriving.items():
        found["under_way", r, g] = found.get(("under_way", r, g), 0.0) + sum(lot.values())
    for (o, g, t), kunit in deploy.items():
        if o in d.designs and 1 <= t <= k:
            found["orbit", o, g] = found.get(("orbit", o, g), 0.0) + d.orbit_alive_frac.get((o, t, k), 0.0) * kunit
    for (o, g, t), kunit in d.start_alive_kunit.items():
        if t == k:
            found["orbit", o, g] = found.get(("orbit", o, g), 0.0) + kunit
    found |= {("power", *pair): done.stock(pair) for pair in d.options}
    return found | {("halls", r, HALLS): done.stock((r, HALLS)) for r in d.regions}


def published(planned: Planned, k: int, growth: float) -> Iterator[dict[str, Any]]:
    """What the plan decides for the months after the first ``k`` that it reports; cost in money of the new start."""
    pairs = {kind: planned.pairs[kind] for kind in DECIDED if kind != "cost"}
    pairs["retired"] = planned.pairs["installed"]  # chips alone
    for t, month in enumerate(planned.calendar.horizon[k:], start=k + 1):
        for kind, of in pairs.items():
            for place, item in of:
                if value := planned(kind, place, item, t):
                    yield {"month": month, "kind": kind, "place_id": place, "item_id": item, "value": value}
        for component, musd in planned.cost(month).items():
            yield {"month": month, "kind": "cost", "place_id": ANY, "item_id": component, "value": musd * growth}


def missed(planned: Planned, k: int, stated: Sequence[Actual]) -> Iterator[dict[str, Any]]:
    """Targets that were missed, by what was really asked and served."""
    known = {(each.kind, each.place, each.item, each.t): each for each in stated if each.value is not None}
    bloc = planned.plan.tables["zones"].mapping("zone_id", "bloc")
    of_class: dict[tuple[str, int], list[Actual]] = {}
    for each in known.values():
        if each.kind == "demand":
            of_class.setdefault((each.item, each.t), []).append(each)

    def asked(z: str, w: str, t: int) -> float:
        more = sum(each.more for each in of_class.get((w, t), ()) if z in (each.place, bloc[each.place]))
        return planned.d.demand_kh100e.get((z, w, t), 0.0) + more

    def served(z: str, w: str, t: int) -> float:
        each = known.get(("served", z, w, t))
        return planned("served", z, w, t) + (each.more if each else 0.0)

    for target in planned.d.targets if known else ():
        for t, frac in target.min_served_frac.items():
            if t <= k:
                least = frac * sum(asked(z, w, t) for z, w in target.pools)
                reached = sum(served(z, w, t) for z, w in target.pools)
                if reached < least - SMALLEST * max(1.0, least):
                    month = planned.calendar.months[t - 1]
                    yield {"requirement_id": target.target_id, "month": month} | {
                        "stated_kh100e": least,
                        "reached_kh100e": reached,
                    }
