"""Lots: the chips of a generation by the month of their delivery, where the plan has put them by the end of a month.

The plan says of chips whose life ends within its months how old they are. Of the others it does not: of those, whatever leaves
stock or a place is taken to be the oldest there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from models.data import STOCK, PlanData
from models.offers import taken_kunit
from planner.plan.calendar import month_number
from planner.plan.plan import Plan
from planner.prepare.fleet import delivered_before, lives_of

Lot = dict[int, float]
"""Thousand units by month of delivery, as a number of months."""

SMALLEST = 1e-9
"""Thousand units: less is rounding of the solver."""


@dataclass
class Lots:
    """Chips by month of delivery: installed [r,g], dark [g], and on their way [r,g,t], t the month in which they arrive."""

    installed: dict[tuple[str, str], Lot] = field(default_factory=dict)
    dark: dict[str, Lot] = field(default_factory=dict)
    arriving: dict[tuple[str, str, int], Lot] = field(default_factory=dict)


def lots_at(plan: Plan, data: PlanData, values: Mapping[str, Mapping[tuple[object, ...], float]], k: int) -> Lots:
    """All chips at the end of month ``k``."""
    found = Lots()
    for g in data.generations:
        _Ledger(plan, data, values, g).close(k, found)
    return found


class _Ledger:
    """Chips of one generation without an age that counts, month by month, and those with one from the solution."""

    def __init__(self, plan: Plan, data: PlanData, values: Mapping[str, Mapping[tuple[object, ...], float]], g: str) -> None:
        self.d, self.v, self.g = data, values, g
        self.first = month_number(data.months[0])
        self.life = lives_of(plan.tables)[g]
        self.taken = {t: kunit for (h, t), kunit in taken_kunit(data, values).items() if h == g}
        self.batches = [b for h, b in data.batch_end if h == g]
        self.old = {r for r, h, _ in data.start_ending_kunit if h == g}
        self.start: dict[str, Lot] = {}
        may_leave = set(plan.tables["chip_moves"].column("from_id"))
        for r, (h, parts) in zip(
            plan.tables["fleet"].column("region_id"), delivered_before(plan.tables["fleet"], self.first), strict=True
        ):
            if h == g:
                add(self.start.setdefault(r, {}), parts)
        self.there = {
            r: self._ageless(lot) if r in may_leave else {} if r in self.old else dict(lot) for r, lot in self.start.items()
        }
        self.stock: Lot = {}
        for h, parts in delivered_before(plan.tables["dark"], self.first):
            if h == g:
                add(self.stock, self._ageless(parts))
        self.sent: dict[tuple[str, int], Lot] = {}  # where and when it arrives
        for h, service, delivered, kunit, r in plan.tables["arrivals"].select(
            "generation_id", "service_month", "delivered_month", "kunit", "region_id"
        ):
            if h == g:
                at = (r, month_number(service) - self.first + 1)
                add(self.sent.setdefault(at, {}), self._ageless({month_number(delivered): kunit}))

    def _ageless(self, lot: Lot) -> Lot:
        """The part of it whose life does not end within the months of the plan."""
        last = self.first + len(self.d.months) - 1
        return {month: kunit for month, kunit in lot.items() if month + self.life > last}

    def _of(self, name: str, *index: object) -> float:
        return self.v[name].get((*index,), 0.0)

    def close(self, k: int, found: Lots) -> None:
        """Enter in ``found`` where the chips are at the end of month k."""
        for t in range(1, k + 1):
            self._month(t)
        g, d = self.g, self.d
        for r in d.regions:
            lot = _scaled(self.there.get(r, {}), self._free("installed", "installed_of", "installed_old", r, k))
            for b in self.batches:
                add(lot, {month_number(b): self._of("installed_of", r, g, b, k)})
            if r in self.old:
                add(lot, self._left_of_old(r, k))
            found.installed[r, g] = tidy(lot)
        dark = _scaled(self.stock, self._of("dark", g, k) - sum(self._of("dark_of", g, b, k) for b in self.batches))
        for b in self.batches:
            add(dark, {month_number(b): self._of("dark_of", g, b, k)})
        found.dark[g] = tidy(dark)
        for (r, t), lot in self.sent.items():
            if t > k:
                whole = dict(lot)
                self._add_aged(whole, r, t, k)
                found.arriving[r, g, t] = tidy(whole)

    def _add_aged(self, lot: Lot, r: str, t: int, k: int) -> None:
        """The part of what arrives whose age counts; what is deployed or moved after month k is no part of it."""
        g, d = self.g, self.d
        ways = [(q.name, t - q.downtime_months) for q in d.chip_moves if q.to_id == r and t - q.downtime_months <= k]
        deployed = t - d.commission_months.get(r, t)
        for b in self.batches:
            kunit = d.arriving_batch_kunit.get((r, g, b, t), 0.0)
            kunit += self._of("deploy_of", r, g, b, deployed) if 0 < deployed <= k else 0.0
            kunit += sum(self._of("move_of", name, g, b, left) for name, left in ways)
            add(lot, {month_number(b): kunit})

    def _free(self, whole: str, part: str, old: str, r: str, t: int) -> float:
        """What of an amount has no age that counts."""
        aged = sum(self._of(part, r, self.g, b, t) for b in self.batches)
        return self._of(whole, r, self.g, t) - aged - self._of(old, r, self.g, t)

    def _month(self, t: int) -> None:
        """Failures, arrivals, moves and retirement, then deliveries and what is deployed."""
        g, d = self.g, self.d
        for r in d.regions:
            lot = self.there.setdefault(r, {})
            for month in lot:
                lot[month] *= d.survive_frac[r, g]
        for q in d.chip_moves:
            kunit = self._of("move", q.name, g, t) - sum(self._of("move_of", q.name, g, b, t) for b in self.batches)
            moved = take(self.there[q.from_id], kunit)
            at = (q.to_id, t + q.downtime_months)
            add(self.sent.setdefault(at, {}), moved)
        for r in d.regions:
            take(self.there[r], self._free("retire", "retire_of", "retire_old", r, t))
            add(self.there[r], self.sent.get((r, t), {}))
        add(self.stock, self.sent.get((STOCK, t), {}))
        delivered = self.taken.get(t, 0.0)
        add(self.stock, self._ageless({self.first + t - 1: delivered}))
        for x, h in d.placeable:
            if h == g:
                kunit = self._of("deploy", x, g, t) - sum(self._of("deploy_of", x, g, b, t) for b in self.batches)
                lot = take(self.stock, kunit)
                if x in d.commission_months:
                    lag = d.commission_months[x]
                    add(self.there[x], lot) if lag == 0 else add(self.sent.setdefault((x, t + lag), {}), lot)

    def _left_of_old(self, r: str, k: int) -> Lot:
        """What is left of what was installed there at the start: what the plan lets end in its month, then the youngest."""
        g, d = self.g, self.d
        keep, last = d.survive_frac[r, g], len(d.months)
        there = {month: kunit * keep**k for month, kunit in self.start[r].items() if self._end(month) > k}
        left = self._of("installed_old", r, g, k)
        if sum(there.values()) - left <= SMALLEST:
            return _scaled(there, left)
        kept: Lot = {}
        for t in range(k + 1, last + 1):
            ends = self._of("end_old", r, g, t) / keep ** (t - k)
            add(kept, _scaled({month: kunit for month, kunit in there.items() if self._end(month) == t}, ends))
        rest = left - sum(kept.values())
        for month in sorted(there, reverse=True):
            part = min(rest, there[month] - kept.get(month, 0.0))
            add(kept, {month: max(0.0, part)})
            rest -= max(0.0, part)
        return kept

    def _end(self, month: int) -> int:
        return max(1, month + self.life - self.first + 1)


def add(lot: Lot, more: Mapping[int, float]) -> None:
    for month, kunit in more.items():
        if kunit:
            lot[month] = lot.get(month, 0.0) + kunit


def take(lot: Lot, kunit: float) -> Lot:
    """Take the oldest out of a lot."""
    taken: Lot = {}
    for month in sorted(lot):
        part = min(kunit, lot[month])
        if part <= 0:
            break
        taken[month] = part
        lot[month] -= part
        kunit -= part
        if not lot[month]:
            del lot[month]
    return taken


def _scaled(lot: Lot, kunit: float) -> Lot:
    """The lot such that it is so much in all: what the solution says, but for rounding."""
    whole = sum(lot.values())
    return {month: part * kunit / whole for month, part in lot.items()} if whole > 0 and kunit > SMALLEST else {}


def tidy(lot: Lot) -> Lot:
    """In order, without rounding."""
    return {month: lot[month] for month in sorted(lot) if lot[month] > SMALLEST}


def spans(lot: Lot) -> Iterator[tuple[int, int, float]]:
    """First and last month of delivery and thousand units: months in a row of which as much is there are one span."""
    run: list[tuple[int, float]] = []
    for month, kunit in [*lot.items(), (-1, 0.0)]:
        if run and (month != run[-1][0] + 1 or abs(kunit - run[0][1]) > 1e-13 * run[0][1]):
            yield run[0][0], run[-1][0], sum(part for _, part in run)
            run = []
        run.append((month, kunit))
