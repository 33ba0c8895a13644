"""Actuals: what happened in the months that are past, read from a file and compared with what was planned for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from models.offers import taken_kunit
from planner.check.ranges import doubtful, together
from planner.codes import Code, Remark
from planner.findings import Findings, Notice, Place, SourceFile, shown
from planner.plan.calendar import Calendar
from planner.plan.plan import Plan
from planner.plan.table import RawTable, Row, Table, build_table, valid_names
from planner.prepare.demand import demand_paths
from planner.read.files.table_file import read_table_alone
from planner.schema.cycle import ITEM, KINDS
from planner.schema.fields import ANY, cell_text
from planner.schema.settings import CURRENCY, Money
from planner.schema.table_schema import HALLS
from planner.schema.tables import pointer_of, tables
from planner.solve.solution import Solution

EQUAL = 1e-9
"""What happened is what was planned where they differ by no more than this part of it: a file holds so many digits."""

FAR, LEAST = 10.0, 0.1
"""So many times what was planned is unusual, where either is at least so much in its unit."""

OF_STOCKS = tuple(kind for kind in KINDS if kind not in ("demand", "served", "energy", "price"))

Key = tuple[str, str, str, str]
"""Month, kind, place and item."""


@dataclass(frozen=True)
class Actual:
    """What one row states of month ``t``. Without ``value`` the row leaves it open."""

    t: int
    kind: str
    place: str
    item: str
    value: float | None
    planned: float
    source: str
    at: Place

    @property
    def more(self) -> float:
        """By how much it differs from the plan."""
        return self.beyond(self.planned)

    def beyond(self, other: float) -> float:
        """By how much it differs from another number; 0 for rounding, and for a row without a value."""
        if self.value is None or abs(self.value - other) <= EQUAL * max(1.0, abs(other)):
            return 0.0
        return self.value - other


class Sources:
    """Where a number of the new plan comes from: an actual of the month before it, or what was planned."""

    def __init__(self, calendar: Calendar, k: int, actuals: Iterable[Actual] = ()) -> None:
        self.months, self.k = calendar.months, k
        self._last: dict[tuple[str, str], int] = {}
        for each in actuals:
            if each.value is not None and each.kind in OF_STOCKS:
                for key in {(each.place, each.item), (ANY, each.item)}:
                    self._last[key] = max(each.t, self._last.get(key, 0))

    @property
    def planned(self) -> str:
        """The source of a number of which nothing is stated."""
        return f"planned {self.months[self.k - 1]}"

    def of(self, place: str, item: str) -> str:
        """Where the stock of an item in a place comes from."""
        t = self._last.get((place, item))
        if t is None:
            return self.planned
        return f"actual {self.months[t - 1]}" + ("" if t == self.k else f", {self.planned}")


class Planned:
    """What a plan has for a kind, a place, an item and a month ``t``."""

    def __init__(self, plan: Plan, solution: Solution, calendar: Calendar, written: Mapping[str, pd.DataFrame]) -> None:
        self.plan, self.d, self.v, self.calendar = plan, solution.data, solution.values, calendar
        self._written = written

    @cached_property
    def _demand(self) -> dict[tuple[str, str], list[float]]:
        paths = demand_paths(self.plan.settings, self.plan.tables, self.calendar)
        return dict(zip(self.plan.tables["demand"].keys, paths, strict=True))

    @cached_property
    def _taken(self) -> dict[tuple[str, int], float]:
        return taken_kunit(self.d, self.v)

    @cached_property
    def _served(self) -> dict[tuple[str, str, str], float]:
        return _column(self._written["demand"], "pool_id", "class_id", "served_kh100e")

    @cached_property
    def _energy(self) -> dict[tuple[str, str, str], float]:
        return _column(self._written["power"], "region_id", "option_id", "energy_mwh")

    def cost(self, month: str) -> dict[str, float]:
        """Discounted million USD of a month by component."""
        costs = self._written["costs"]
        sums = costs[costs["month"] == month].groupby("component")["discounted_musd"].sum()
        return {str(component): float(musd) for component, musd in sums.items() if musd}

    def __call__(self, kind: str, place: str, item: str, t: int) -> float:
        """The number, in the unit of its kind; 0 for what the plan does not have."""
        d, v, month = self.d, self.v, self.calendar.months[t - 1]
        if kind == "delivered":
            return self._taken.get((item, t), 0.0)
        if kind == "deployed":
            return v["deploy"].get((place, item, t), 0.0)
        if kind in ("retired", "started") and item not in d.generations:
            return self._started(place, item, t) if kind == "started" else self._closed(place, item, t)
        if kind == "retired":
            return v["retire"].get((place, item, t), 0.0)
        if kind == "failed":
            keep = d.survive_frac.get((place, item), 1.0)
            return (1.0 - keep) * v["installed"].get((place, item, t - 1), 0.0)
        if kind == "installed":
            return v["installed"].get((place, item, t), 0.0)
        if kind == "dark":
            return v["dark"].get((item, t), 0.0)
        if kind == "capacity":
            return self._capacity(place, item, t)
        if kind == "demand":
            path = self._demand.get((place, item))
            return path[t - 1] if path else 0.0
        if kind == "served":
            return self._served.get((place, item, month), 0.0)
        if kind == "energy":
            return self._energy.get((place, item, month), 0.0)
        return self._price(place, item, t)

    def _capacity(self, r: str, p: str, t: int) -> float:
        if p == HALLS:
            return self.v["shell"].get((r, t), 0.0)
        return self.v["capacity"].get((r, p, t), self.d.start_mw.get((r, p), 0.0))

    def _started(self, r: str, p: str, t: int) -> float:
        if p == HALLS:
            opened = sum(
                part.mw * self.v["take"].get((each.project_id, t), 0.0)
                for each in self.d.projects
                for part in each.parts
                if part.p == HALLS and part.r == r
            )
            return self.v["build_shell"].get((r, t), 0.0) + opened
        return self.v["build_mw"].get((r, p, t), 0.0)

    def _closed(self, r: str, p: str, t: int) -> float:
        gone = self._capacity(r, p, t - 1) + self._started(r, p, t) - self._capacity(r, p, t)
        return gone if abs(gone) > EQUAL * max(1.0, self._capacity(r, p, t - 1)) else 0.0

    def _price(self, r: str, p: str, t: int) -> float:
        usd, hours = self.d.energy_usd_per_mwh, {k: self.d.hours_h[t, k] for k in self.d.slices}
        return sum(usd.get((r, p, t, k), 0.0) * h for k, h in hours.items()) / sum(hours.values())

    @cached_property
    def pairs(self) -> dict[str, list[tuple[str, str]]]:
        """By kind, each place and item of which the plan may have some."""
        d = self.d
        power, installed = [*d.options, *((r, HALLS) for r in d.regions)], [(r, g) for r in d.regions for g in d.generations]
        return {
            "delivered": [(ANY, g) for g in d.generations],
            "deployed": [(x, g) for x in (*d.regions, *d.designs) for g in d.generations],
            "retired": [(r, i) for r in d.regions for i in (*d.generations, HALLS)] + [*d.options],
            "failed": installed,
            "started": power,
            "installed": installed,
            "dark": [(ANY, g) for g in d.generations],
            "capacity": power,
            "demand": [*self._demand],
            "served": list(dict.fromkeys((z, w) for z, w, _ in self._served)),
            "energy": [*d.options],
            "price": [*d.options],
        }

    def rows(self, k: int) -> Iterator[tuple[Key, float]]:
        """All that is planned to happen, or to be there, in the first ``k`` months."""
        for t in range(1, k + 1):
            for kind, pairs in self.pairs.items():
                for place, item in pairs:
                    value = self(kind, place, item, t)
                    if abs(value) > EQUAL:
                        yield (self.calendar.months[t - 1], kind, place, item), value


def _column(frame: pd.DataFrame, place: str, item: str, column: str) -> dict[tuple[str, str, str], float]:
    rows = frame[[place, item, "month", column]].itertuples(index=False, name=None)
    return {(str(r), str(p), str(month)): float(value) for r, p, month, value in rows}


def read_actuals(path: Path, planned: Planned, k: int, findings: Findings, notices: list[Notice]) -> list[Actual]:
    """The rows of a file, each checked against the plan. What is refused is added to the findings."""
    schema = tables()["actuals"]
    raw = read_table_alone(schema, path, notices, findings)
    if raw is None:
        return []
    for name, text in (("source", path.name), ("quality", "measured")):
        _fill(raw, name, text)
    table = build_table(schema, raw, findings)
    columns = ("month", "kind", "place_id", "item_id", "value", "source")
    known = _Names(planned)
    found, far = list[Actual](), list[Notice]()
    for position, (month, kind, place, item, value, source) in enumerate(table.select(*columns)):
        if None in (month, kind, place, item) or not known.hold(table, position, k, findings):
            continue
        t = planned.calendar.number[month]
        unit, expected = table.column("unit")[position] or "", unit_of(kind, item, planned)
        factor = _factor(unit, expected, planned.plan.settings.money)
        if factor is None:
            wanted = f"{expected}, for what is {kind} of {item}"
            findings.refuse(Code.E_ACTUAL, table.place(position, "unit"), "unit", unit, wanted, _way_out(unit, expected))
            continue
        value = None if value is None else factor * value
        at = table.place(position, "value")
        found.append(each := Actual(t, kind, place, item, value, planned(kind, place, item, t), source, at))
        if _is_far(each):
            text = f" = {each.value:,.6g} {expected}: planned {each.planned:,.6g}; check its unit and decimal point"
            far.append(doubtful(Remark.W_ACTUAL_FAR, table, position, "value", text))
    notices += together(far) if str(Remark.W_ACTUAL_FAR) not in planned.plan.settings.allow else ()
    return found


def _factor(unit: str, expected: str, money: Money) -> float | None:
    """From a unit that a row states to the one of its kind: 1, or the rate of the plan's currency; None for any other."""
    stated, own = unit.strip().casefold(), money.beside
    if not stated or stated == expected.casefold():
        return 1.0
    return own.usd if own and stated == expected.replace("USD", own.name).casefold() else None


def _way_out(unit: str, expected: str) -> str:
    """How a price in another currency can be stated."""
    currency, slash, rest = unit.strip().partition("/")
    if not slash or f"USD/{rest}".casefold() != expected.casefold() or not re.fullmatch(CURRENCY, currency):
        return ""
    return f"convert the value, or state money.currency: {currency} and money.usd_per_currency, what one is worth in USD"


def _is_far(each: Actual) -> bool:
    """Whether both are more than nothing, and one is ten times the other or more."""
    low, high = sorted((each.planned, each.value or 0.0))
    return 0.0 < FAR * low <= high and high >= LEAST


def _fill(raw: RawTable, name: str, text: str) -> None:
    """Let a column that may be left out hold a text where nothing is stated."""
    at = raw.header.setdefault(name, max(raw.header.values()) + 1)
    for row in raw.rows:
        row += [""] * (at - len(row))
        row[at - 1] = row[at - 1] or text


class _Names:
    """The places and items that a kind of actual may name."""

    def __init__(self, planned: Planned) -> None:
        self.d, self.calendar, self.plan = planned.d, planned.calendar, planned.plan
        self.options = set(planned.d.options)
        self.option_ids = {p for _, p in self.options}
        self.valid = {
            targets: valid_names(pointer_of("actuals", replace(ITEM, points_to=targets)), self.plan.tables)
            for of in KINDS.values()
            for targets in (of.places, of.items)
        }

    def hold(self, table: Table, position: int, k: int, findings: Findings) -> bool:
        """Whether a row speaks of a month that is past, and of a place and an item that the plan has."""
        before = len(findings.items)
        month, kind, place, item = (table.column(name)[position] for name in ("month", "kind", "place_id", "item_id"))
        past, of = self.calendar.months[:k], KINDS[kind]
        if month not in past:
            expected = f"a month from {past[0]} to {past[-1]}, before the start of the new plan"
            findings.refuse(Code.E_ACTUAL, table.place(position, "month"), "month", month, expected)
        for column, value, targets in (("place_id", place, of.places), ("item_id", item, of.items)):
            valid = self.valid[targets]
            if value not in valid:
                words = " or ".join(one if one in (ANY, HALLS) else f"a name of table {one}" for one in targets)
                near = findings.nearest(cell_text(value), valid)
                hint = near if near.startswith("did") else ""
                expected = f"{words}, for what is {kind}"
                findings.refuse(Code.E_NAME_UNKNOWN, table.place(position, column), column, value, expected, hint)
        if len(findings.items) == before:
            self._pair(table, position, kind, place, item, findings)
        return len(findings.items) == before

    def _pair(self, table: Table, position: int, kind: str, place: str, item: str, findings: Findings) -> None:
        """A place that has no such item can have no actual of it."""
        wrong = ""
        if item in self.option_ids and (place, item) not in self.options:
            wrong = f"an option that {place} has in table power"
        elif kind == "demand" and (place, item) not in self.plan.tables["demand"].index:
            wrong = f"a class that {place} asks for in table demand"
        elif kind == "deployed" and (place, item) not in self.d.placeable:
            wrong = f"a generation that export rules allow in {place}"
        if wrong:
            findings.refuse(Code.E_ACTUAL, table.place(position, "item_id"), "item_id", shown(item), wrong)


def blank_table(planned: Planned, k: int) -> Table:
    """A table to fill in: all that was planned, with an empty cell beside it."""
    schema = tables()["actuals"]
    columns: dict[str, list[object]] = {one.name: [] for one in schema.columns}
    for (month, kind, place, item), value in planned.rows(k):
        row = {"month": month, "kind": kind, "place_id": place, "item_id": item, "planned": value}
        row |= {"unit": unit_of(kind, item, planned), "quality": "measured"}
        for name, cells in columns.items():
            cells.append(row.get(name))
    rows = [Row(SourceFile(Path(), "blank"), 0, {})] * len(columns["month"])
    return Table(schema, columns, rows)


def unit_of(kind: str, item: str, planned: Planned) -> str:
    """The unit of an actual: of what is retired that of its item."""
    chips, _, power = KINDS[kind].unit.partition(" or ")
    return power if power and item not in planned.d.generations else chips
