"""Chips as they really moved: lots of the plan, month by month, and what actuals add to them or take away.

The plan's own lots (`lots.py`) stay as they are; beside them runs what differs, in lots with a sign. It ages, fails and arrives
like every chip. Without a difference nothing runs beside, and the chips are those of the plan to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.data import PlanData
from planner.codes import Code
from planner.findings import Findings
from planner.formats import some
from planner.plan.calendar import month_number
from planner.plan.plan import Plan
from planner.prepare.fleet import lives_of
from planner.schema.fields import ANY
from planner.studies.roll.actuals import EQUAL, Actual
from planner.studies.roll.flows import Flows, Values
from planner.studies.roll.lots import Lot, Lots, add, lots_at, take, tidy

MOST_PLACES = 8
"""Places that a refusal names."""


class Chips:
    """Where the chips are at the end of month ``k``, and how they came there."""

    def __init__(self, plan: Plan, data: PlanData, values: Values, actuals: Iterable[Actual], findings: Findings) -> None:
        self.plan, self.d, self.v, self.findings = plan, data, values, findings
        self.first = month_number(data.months[0])
        self.life = lives_of(plan.tables)
        self.flows = Flows()
        self.beside = Lots()
        self.planned = Lots()
        self._at: dict[tuple[int, str], list[Actual]] = {}
        for each in actuals:
            if each.item in data.generations and each.value is not None:
                self._at.setdefault((each.t, each.kind), []).append(each)

    def run(self, k: int) -> Lots:
        """All chips at the end of month k."""
        if self._at:
            self.planned = lots_at(self.plan, self.d, self.v, 0)
        for t in range(1, k + 1):
            self.flows.of_chips(self.d, self.v, t)
            if self._at:
                self._month(t)
        if not self._at:
            return lots_at(self.plan, self.d, self.v, k)
        return Lots(
            {key: tidy(self._installed(*key)) for key in {**self.planned.installed, **self.beside.installed}},
            {g: tidy(self._dark(g)) for g in {**self.planned.dark, **self.beside.dark}},
            {key: tidy(self._arriving(*key)) for key in {**self.planned.arriving, **self.beside.arriving}},
        )

    def _installed(self, r: str, g: str) -> Lot:
        return _both(self.planned.installed.get((r, g)), self.beside.installed.get((r, g)))

    def _dark(self, g: str) -> Lot:
        return _both(self.planned.dark.get(g), self.beside.dark.get(g))

    def _arriving(self, r: str, g: str, t: int) -> Lot:
        return _both(self.planned.arriving.get((r, g, t)), self.beside.arriving.get((r, g, t)))

    def _month(self, t: int) -> None:
        before = self.planned
        stood = {key: sum(self._installed(*key).values()) for key in {**before.installed, **self.beside.installed}}
        self._pass(t)
        self.planned = lots_at(self.plan, self.d, self.v, t)
        for each in self._of(t, "delivered"):
            add(self.beside.dark.setdefault(each.item, {}), {self.first + t - 1: each.more})
            self.flows.add("dark", each.place, each.item, delivered=each.more)
        for each in self._of(t, "failed"):
            expected = (1.0 - self.d.survive_frac[each.place, each.item]) * stood.get((each.place, each.item), 0.0)
            self._leave(each, each.beyond(expected), "failed", before)
        for each in self._of(t, "retired"):
            self._leave(each, each.more, "retired", before)
        for each in sorted(self._of(t, "deployed"), key=lambda one: one.more):
            self._deploy(each, t)
        for each in (*self._of(t, "installed"), *self._of(t, "dark")):
            self._count(each, t)
        self._refuse_impossible(t)

    def _of(self, t: int, kind: str) -> list[Actual]:
        return self._at.get((t, kind), [])

    def _pass(self, t: int) -> None:
        """What a month does to what differs: some fail, some end, some arrive."""
        for (r, g), lot in self.beside.installed.items():
            keep = self.d.survive_frac[r, g]
            self.flows.add("chips", r, g, failed=-(1.0 - keep) * sum(lot.values()))
            for month in lot:
                lot[month] *= keep
            self.flows.add("chips", r, g, ended=-self._end(lot, g, t))
            if t >= self.d.closing_month.get(r, t + 1):
                self.flows.add("chips", r, g, retired=-sum(lot.values()))
                lot.clear()
        for g, lot in self.beside.dark.items():
            self.flows.add("dark", ANY, g, ended=-self._end(lot, g, t))
        for r, g, when in [key for key in self.beside.arriving if key[-1] == t]:
            self._arrive(r, g, self.beside.arriving.pop((r, g, when)))

    def _end(self, lot: Lot, g: str, t: int) -> float:
        """Take away what reaches the end of its life by month t; how many those are."""
        return sum(lot.pop(month) for month in [month for month in lot if month + self.life[g] - self.first + 1 <= t])

    def _arrive(self, r: str, g: str, lot: Lot) -> None:
        self.flows.add("under_way", r, g, arrived=-sum(lot.values()))
        self.flows.add("chips", r, g, arrived=sum(lot.values()))
        add(self.beside.installed.setdefault((r, g), {}), lot)

    def _leave(self, each: Actual, more: float, flow: str, before: Lots) -> None:
        """More chips leave a place than planned, or fewer: those are as old as the oldest that stood there."""
        r, g = each.place, each.item
        beside = self.beside.installed.setdefault((r, g), {})
        if more > 0:
            add(beside, _negative(_taken(self._installed(r, g), more)))
        else:
            oldest = min(self._installed(r, g) or before.installed.get((r, g)) or {self.first - 1: 0.0})
            add(beside, {oldest: -more})
        self.flows.add("chips", r, g, **{flow: -more})

    def _deploy(self, each: Actual, t: int) -> None:
        """More chips leave stock for a place than planned, or fewer: of those the oldest stay in stock."""
        x, g, more = each.place, each.item, each.more
        dark = self.beside.dark.setdefault(g, {})
        if x in self.d.designs:
            oldest = min(self._dark(g), default=self.first + t - 1)
            add(dark, _negative(_taken(self._dark(g), more)) if more > 0 else {oldest: -more})
            self.flows.add("orbit", x, g, deployed=more)
        else:
            lag = self.d.commission_months[x]
            there = self.beside.installed.setdefault((x, g), {}) if lag == 0 else self._sent(x, g, t + lag)
            lot = _taken(self._dark(g), more) if more > 0 else {}
            if more < 0:
                lot = _negative(_taken(self._installed(x, g) if lag == 0 else self._arriving(x, g, t + lag), -more))
            add(there, lot)
            add(dark, _negative(lot))
            self.flows.add("under_way", x, g, deployed=more)
            if lag == 0:
                self.flows.add("under_way", x, g, arrived=-more)
                self.flows.add("chips", x, g, arrived=more)
        self.flows.add("dark", ANY, g, deployed=-more)

    def _sent(self, r: str, g: str, t: int) -> Lot:
        return self.beside.arriving.setdefault((r, g, t), {})

    def _count(self, each: Actual, t: int) -> None:
        """What was counted is what is there; what that differs by is explained by no flow."""
        if each.kind == "installed":
            there = self._installed(each.place, each.item)
            beside = self.beside.installed.setdefault((each.place, each.item), {})
        else:
            there, beside = self._dark(each.item), self.beside.dark.setdefault(each.item, {})
        whole = sum(there.values())
        more = each.beyond(whole)
        if whole > 0:
            add(beside, {month: kunit * more / whole for month, kunit in there.items()})
        else:
            add(beside, {self.first + t - 1: more})

    def _refuse_impossible(self, t: int) -> None:
        """No stock is below zero. What the plan took from a place need not have been there."""
        for (r, g), lot in self.beside.installed.items():
            self._settle(lot, self._installed(r, g), t, r, g, r)
        for g, lot in self.beside.dark.items():
            self._settle(lot, self._dark(g), t, ANY, g, "stock")
        for (r, g, when), lot in self.beside.arriving.items():
            self._settle(lot, self._arriving(r, g, when), t, r, g, f"the way to {r}")

    def _settle(self, beside: Lot, there: Lot, t: int, place: str, g: str, words: str) -> None:
        whole = sum(there.values())
        if whole < -EQUAL * max(1.0, sum(map(abs, there.values()))):
            text = f"{g}: by the end of {self.d.months[t - 1]}, {-whole:,.6g} kunit more have left {words} than there were"
            text += (
                f" ({self._deployed(t, g)}): state what was deployed"
                if place == ANY
                else ": state what was deployed and retired"
            )
            text += "; a cell that is left empty counts as planned"
            self.findings.add(Code.E_ACTUAL, self._stated(t, place, g).at, text)
            add(beside, {self.first: -whole})
            return
        short = {month: kunit for month, kunit in there.items() if kunit < 0}
        if short:
            add(beside, _negative(short))
            add(beside, _negative(_taken({m: n for m, n in there.items() if n > 0}, -sum(short.values()))))

    def _deployed(self, t: int, g: str) -> str:
        """What leaves stock in month t, by place, the most first."""
        planned = {x: kunit for (x, h, s), kunit in self.v["deploy"].items() if (h, s) == (g, t)}
        stated = {each.place: each.value or 0.0 for each in self._of(t, "deployed") if each.item == g}
        amounts = sorted({**planned, **stated}.items(), key=lambda one: -one[1])
        parts = [f"{x} {n:,.6g} {'as stated' if x in stated else 'as planned'}" for x, n in amounts if n > EQUAL]
        return f"deployed in {self.d.months[t - 1]}: {some(parts, MOST_PLACES)}"

    def _stated(self, t: int, place: str, g: str) -> Actual:
        """The last actual that speaks of these chips."""
        of = [each for rows in self._at.values() for each in rows if each.item == g and each.t <= t and each.more]
        return max(of, key=lambda each: (each.place == place, each.t))


def _both(planned: Lot | None, beside: Lot | None) -> Lot:
    if not beside:
        return planned or {}
    lot = dict(planned or {})
    add(lot, beside)
    return lot


def _taken(lot: Lot, kunit: float) -> Lot:
    """The oldest of a lot; where it holds less, the rest is missing from its oldest month."""
    rest = {month: part for month, part in lot.items() if part > 0}
    missing = kunit - sum(rest.values())
    found = take(rest, kunit)
    if missing > 0:
        add(found, {min(lot, default=0): missing})
    return found


def _negative(lot: Lot) -> Lot:
    return {month: -kunit for month, kunit in lot.items()}
