"""Purchases: what the plan builds beyond the order book, by date, in the sizes in which it is bought.

Rounding is cumulative and to the nearest unit: what has been ordered for each month and all before is never more than half a
unit ahead of the plan, and never more than half a unit behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import pandas as pd

from models.data import PlanData
from models.rows import Key
from planner.plan.calendar import month_name, month_number
from planner.prepare.purchasing import Purchasing
from planner.schema.table_schema import HALLS
from planner.solve.rounding import Rounding, cost_of
from planner.solve.solution import NOISE, Solution
from planner.tables.frames import table

EVEN = 1e-9
"""Share of a unit by which a half counts as a half, so that noise does not decide."""


@dataclass(frozen=True)
class Purchase:
    """What is bought in a place for month ``t``: ``plan_mw`` of the plan, beside ``signed_mw`` of the order book; ``order_mw``
    in whole units; ``ahead_mw``: all orders so far less the plan."""

    place: str
    item: str
    t: int
    signed_mw: float
    plan_mw: float
    unit_mw: float | None
    order_mw: float
    ahead_mw: float

    @property
    def column(self) -> Key:
        """The decision that it is of."""
        return ("build_shell", (self.place, self.t)) if self.item == HALLS else ("build_mw", (self.place, self.item, self.t))


def purchases_of(solution: Solution, terms: Purchasing) -> list[Purchase]:
    """Of every option and hall that is built within the horizon, a purchase for each month; projects are decided as such."""
    d, values = solution.data, solution.values
    found = []
    pairs = dict.fromkeys((r, p) for r, p, _ in values["build_mw"]) | dict.fromkeys((r, HALLS) for r in d.regions)
    of_projects = d.project_options
    for r, p in (pair for pair in pairs if pair not in of_projects):
        unit = terms.unit_mw.get((r, p))
        plan = ordered = 0.0
        for t in range(1, len(d.horizon) + 1):
            built = values["build_shell"].get((r, t), 0.0) if p == HALLS else values["build_mw"].get((r, p, t), 0.0)
            signed = d.committed_shell_mw.get((r, t), 0.0) if p == HALLS else d.committed_mw.get((r, p, t), 0.0)
            plan_mw = beyond if (beyond := built - signed) > NOISE else 0.0
            plan += plan_mw
            whole = plan if unit is None else unit * floor(plan / unit + 0.5 + EVEN)
            order_mw = plan_mw if unit is None else whole - ordered
            ordered = whole
            found.append(Purchase(r, p, t, signed, plan_mw, unit, order_mw, whole - plan))
    return found


def purchases_table(d: PlanData, purchases: Sequence[Purchase], terms: Purchasing) -> pd.DataFrame:
    """One row for each month in which something is built or ordered, by the month in which to order it."""
    rows: list[tuple[str, tuple[object, ...]]] = []
    before_start = month_number(d.months[0]) - 1
    for each in purchases:
        if not each.plan_mw and not each.order_mw:
            continue
        hall = each.item == HALLS
        per_kw = d.hall_usd_per_kw.get(each.place, 0.0) if hall else d.power_usd_per_kw[each.place, each.item]
        order_month = month_name(before_start + each.t - _months_before(d, each, terms))
        units = None if each.unit_mw is None else float(round(each.order_mw / each.unit_mw))
        row = (
            *(each.place, each.item, d.months[each.t - 1], order_month, each.plan_mw, each.unit_mw, units),
            *(each.order_mw, each.ahead_mw, 1e-3 * per_kw * each.order_mw),
        )
        rows.append((order_month, row))
    return table("purchases", [row for _, row in sorted(rows, key=lambda dated: dated[0])])


def _months_before(d: PlanData, each: Purchase, terms: Purchasing) -> int:
    """Months from the order to service: the lead time or, if that is longer, the time from the first payment on."""
    payments = (months for months, frac in d.payment_fracs.get(each.item, ()) if frac)
    return max(terms.lead_months[each.place, each.item], *payments, 0)


def rounding_of(solution: Solution, purchases: Sequence[Purchase]) -> Rounding | None:
    """What it costs to buy in whole units; None where nothing is bought so, or nothing has a price."""
    rounded = {each.column: each.signed_mw + each.order_mw for each in purchases if each.unit_mw is not None}
    return cost_of(solution, rounded) if rounded else None
