"""The order book of a later month: what is done, what is late, and what was ordered because its lead time had begun.

An option with a lead time can only be in service so many months after it is ordered. What the plan builds within that time
after the new start was ordered before it, and is in the book as confirmed; what comes later is still open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.data import PlanData
from planner.codes import Code
from planner.findings import Findings
from planner.plan.calendar import Calendar
from planner.plan.plan import Plan
from planner.prepare.orders import hall_paces, power_paces
from planner.schema.table_schema import BINDING, HALLS, HIBERNATION, LAUNCH, SITE
from planner.solve.solution import Solution
from planner.studies.roll.actuals import Sources
from planner.studies.roll.changes import Sheet

SMALLEST_MW = 1e-9
WITHIN = 1.0 - 1e-9
"""Of the pace of a month: rounding must not make an order that is within the pace one that comes on top of it."""
SMALLEST_FROZEN_MW = 1e-3
"""Nobody places an order of less, and without it the plan may still build as much."""
OPEN_TERMS = ("slip_usd_per_mw_month", "cancel_until_month", "deposit_musd")


class Book:
    """The table of commitments, and the month before the new start."""

    def __init__(
        self, plan: Plan, solution: Solution, calendar: Calendar, sources: Sources, sheet: Sheet, findings: Findings
    ) -> None:
        self.plan, self.d, self.values = plan, solution.data, solution.values
        self.calendar, self.k, self.sheet, self.findings = calendar, sources.k, sheet, findings
        self.start = calendar.months[self.k]
        self.sources, self.planned = sources, sources.planned
        self.orders = {order.name: order for order in self.d.orders}
        self.late: dict[tuple[str, str], float] = {}
        tables = plan.tables
        halls = {(r, HALLS, t): mw for (r, t), mw in hall_paces(tables["regions"], calendar).items()}
        self.paces = power_paces(tables["power"], calendar) | halls

    def roll(self, short: Mapping[tuple[str, str], float]) -> None:
        """Bring every row up to date, and add what is ordered by now. ``short``: MW by region and option or halls that should
        have started and did not."""
        for position, row in enumerate(list(self.sheet.rows)):
            order = self._order(row)
            if order is not None:
                self._roll_open(order, row, position)
            elif row["status"] in BINDING and row["month"] < self.start:
                self._done(row)
        self._add_ordered()
        for pair, mw in short.items():
            self._add_short(pair, mw)

    def _done(self, row: dict[str, Any]) -> None:
        """A row of a past month: its megawatts exist. A region that has closed stays closed."""
        if row["option_id"] == SITE:
            self.sheet.set(row, "month", self.start, f"closed since {row['month']}")
        elif row["option_id"] != HIBERNATION or (row["until_month"] or row["month"]) < self.start:
            self.sheet.set(row, "status", "done", self.planned)

    def _roll_open(self, order: Any, row: dict[str, Any], position: int) -> None:
        """An order that may slip or be cancelled: what has arrived is done, what is late is an order of the new start."""
        cancelled = self.values["cancelled_mw"].get((order.name, order.month), 0.0)
        decided = order.cancel_month is not None and order.cancel_month <= self.k
        if order.on_top and decided and SMALLEST_MW < cancelled < order.mw - SMALLEST_MW:
            text = f"{order.name}: an order beyond the pace of its month of which the plan cancels a part is not carried"
            self.findings.add(Code.E_ROLL, self.plan.tables["commitments"].place(position, "build_mw"), text)
        if order.month > self.k:
            if decided:
                self._settle(row, order.mw - cancelled, ("cancel_until_month", "deposit_musd"))
            return
        arrived = sum(self.values["arrived_mw"].get((order.name, t), 0.0) for t in order.arrivals if t <= self.k)
        late = self.values["late_mw"].get((order.name, self.k), 0.0) if order.last > self.k else 0.0
        terms = {**row}
        self._settle(row, arrived, OPEN_TERMS)
        self.sheet.set(row, "status", "done", self.planned)
        if late > SMALLEST_MW:
            self._add_late(order, terms, late, position)

    def _settle(self, row: dict[str, Any], mw: float, terms: tuple[str, ...]) -> None:
        self.sheet.set(row, "build_mw", mw if mw > SMALLEST_MW else 0.0, self.planned)
        for term in terms:
            self.sheet.set(row, term, None, self.planned)
        if mw <= SMALLEST_MW:
            self.sheet.set(row, "status", "cancelled", self.planned)

    def _add_late(self, order: Any, terms: dict[str, Any], late: float, position: int) -> None:
        steps = self.d.shell_step_mw if order.item is None else self.d.step_mw
        key: Any = (order.place, self.k + 1) if order.item is None else (order.place, order.item, self.k + 1)
        taken = self._row(order.place, order.item or HALLS, self.start)
        if taken is not None or order.on_top != (late > steps.get(key, 0.0)):
            reason = "what is left is within the pace, which the order was not" if taken is None else "another has its place"
            text = f"{order.name}: the {late:,.6g} MW that are late in {self.start} are not carried: {reason}"
            self.findings.add(Code.E_ROLL, self.plan.tables["commitments"].place(position, "month"), text)
            return
        more = {**terms, "month": self.start, "build_mw": late, "cancel_until_month": None, "deposit_musd": None}
        self.sheet.add(more, f"late, {self.planned}")

    def _add_short(self, pair: tuple[str, str], mw: float) -> None:
        """What was ordered and has not come is ordered for the new start; without order and lead time it is decided anew."""
        rows = [row for row in self.sheet.rows if (row["region_id"], row["option_id"]) == pair]
        past = [row for row in rows if row["status"] in BINDING and self.calendar.start <= row["month"] < self.start]
        for row in sorted(past, key=lambda one: str(one["month"]), reverse=True):
            part = min(mw, row["build_mw"])
            if part <= SMALLEST_MW or self._order(row) is not None:
                continue
            mw -= part
            self.sheet.set(row, "build_mw", row["build_mw"] - part, self.sources.of(*pair))
            if row["build_mw"] <= SMALLEST_MW:
                self.sheet.set(row, "status", "cancelled", f"late, {self.sources.of(*pair)}")
            if (row["until_month"] or self.start) >= self.start:
                self._order_anew(pair, part, row["until_month"])
        if mw > SMALLEST_MW and self._lead(pair) > 0:
            self._order_anew(pair, mw, None)

    def _lead(self, pair: tuple[str, str]) -> int:
        table, column = ("regions", "shell_lead_months") if pair[1] == HALLS else ("power", "lead_months")
        key = pair[:1] if pair[1] == HALLS else pair
        return int(self.plan.tables[table].value(column, *key) or 0)

    def _order_anew(self, pair: tuple[str, str], mw: float, until: str | None) -> None:
        """Put what is late into the first month from the new start on in which the book has room for it."""
        source = f"late, {self.sources.of(*pair)}"
        for month in self.calendar.months[self.k :]:
            row = self._row(*pair, month)
            if row is None:
                cells = {"region_id": pair[0], "option_id": pair[1], "month": month, "build_mw": mw, "close_mw": 0.0}
                self.sheet.add({**cells, "until_month": until, "status": "confirmed"}, source)
            elif row["status"] in BINDING and row["until_month"] == until and self._order(row) is None:
                self.sheet.set(row, "build_mw", row["build_mw"] + mw, source)
            else:
                continue
            self.late[pair] = self.late.get(pair, 0.0) + mw
            return
        text = f"{pair[0]} / {pair[1]}: the {mw:,.6g} MW that are late are not carried: every month has an order of its own"
        self.findings.add(Code.E_ROLL, self.plan.tables["commitments"].place(0, "month"), text)

    def _order(self, row: Mapping[str, Any]) -> Any | None:
        """The order that a row states, where it may slip or be cancelled."""
        return self.orders.get(f"{row['region_id']} / {row['option_id']} / {row['month']}")

    def _row(self, r: str, p: str, month: str) -> dict[str, Any] | None:
        key = (r, p, month)
        return next((row for row in self.sheet.rows if (row["region_id"], row["option_id"], row["month"]) == key), None)

    def _add_ordered(self) -> None:
        """What is built within its lead time after the new start, or in months that are frozen."""
        power, regions = self.plan.tables["power"], self.plan.tables["regions"]
        taken = self._arrivals()
        for r, p, lead in power.select("region_id", "option_id", "lead_months"):
            for t, word in self._fixed(lead):
                mw = self.values["build_mw"].get((r, p, t), 0.0) - taken.get((r, p, t), 0.0)
                self._ordered(r, p, t, mw, word)
        for r, lead in regions.select("region_id", "shell_lead_months"):
            for t, word in self._fixed(lead):
                mw = self.values["build_shell"].get((r, t), 0.0) - taken.get((r, HALLS, t), 0.0)
                self._ordered(r, HALLS, t, mw, word)
        for o in self.d.designs:
            for t, word in self._fixed(0):
                mw = sum(self.d.kw_per_unit[g] * self.values["deploy"].get((o, g, t), 0.0) for g in self.d.generations)
                self._ordered(o, LAUNCH, t, mw, word)

    def _fixed(self, lead: int) -> Iterator[tuple[int, str]]:
        """The months after the new start that are decided, and why."""
        last = min(self.k + max(lead, self.plan.settings.freeze_months), len(self.d.months))
        for t in range(self.k + 1, last + 1):
            yield t, "ordered" if t <= self.k + lead else "frozen"

    def _arrivals(self) -> dict[tuple[str, str, int], float]:
        """[r, p or halls, t] what is built because an open order arrives or a project is taken, and is no order of its own."""
        found: dict[tuple[str, str, int], float] = {}
        for order in self.d.orders:
            for t in order.arrivals:
                key = (order.place, order.item or HALLS, t)
                found[key] = found.get(key, 0.0) + self.values["arrived_mw"].get((order.name, t), 0.0)
        for r, p in self.d.project_options:
            for t in range(1, len(self.d.months) + 1):
                found[r, p, t] = self.values["build_mw"].get((r, p, t), 0.0)
        return found

    def _ordered(self, r: str, p: str, t: int, mw: float, word: str) -> None:
        month, firm = self.calendar.months[t - 1], 0.0
        row = self._row(r, p, month)
        if row is not None and row["status"] in BINDING and self._order(row) is None:
            firm = row["build_mw"]
        if word == "frozen" and (pace := self.paces.get((r, p, t))) is not None:  # what is beyond it is an order already
            mw = min(mw, max(firm, WITHIN * pace))
        if mw - firm <= SMALLEST_MW or (word == "frozen" and mw < SMALLEST_FROZEN_MW):
            return
        if row is None:
            cells = {"region_id": r, "option_id": p, "month": month, "build_mw": mw, "close_mw": 0.0, "status": "confirmed"}
            self.sheet.add(cells, f"{word}, {self.planned}")
        elif row["status"] not in BINDING and not row["until_month"] and not row["close_mw"]:
            self.sheet.set(row, "build_mw", mw, f"{word}, {self.planned}")
            self.sheet.set(row, "status", "confirmed", f"{word}, {self.planned}")
        elif firm and not row["until_month"]:
            self.sheet.set(row, "build_mw", mw, f"{word}, {self.planned}")
        else:
            position = self.plan.tables["commitments"].index.get((r, p, month), 0)
            text = f"{r} / {p} / {month}: the plan has ordered {mw - firm:,.6g} MW beside this order, which ends or is open"
            self.findings.add(Code.E_ROLL, self.plan.tables["commitments"].place(position, "month"), text)


def taken_projects(d: PlanData, solution: Solution, k: int) -> dict[str, float]:
    """[j] the part of each project that is taken by month ``k``."""
    return {each.project_id: solution.values["taken"].get((each.project_id, k), 0.0) for each in d.projects}
