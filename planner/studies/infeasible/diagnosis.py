"""What is said of an infeasible plan: the requirement that breaks, what it conflicts with, and the ways out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from planner.findings import Place

SHOWN = 12
DUST = 1e-9  # of what is asked: what a solver leaves of nothing


@dataclass(frozen=True)
class Broken:
    """A requirement that cannot be met: in each month what is asked, and by how much it falls short where all requirements
    together fall short by the least. Where months share a limit, such as a cap for a year, another split may be as good."""

    words: str  # what must be
    place: Place
    months: tuple[str, ...]
    asked: tuple[float, ...]
    short: tuple[float, ...]
    unit: str
    of: tuple[float, ...] = ()  # for a share: all that it is a share of

    def __str__(self) -> str:
        worst = max(range(len(self.short)), key=lambda n: self.short[n])
        asked, short = self.asked[worst], self.short[worst]
        left = asked - short if abs(asked - short) > DUST * abs(asked) else 0.0
        if self.of:
            whole = self.of[worst]
            must = f"{percent(asked / whole)} ({number(asked)} {self.unit})"
            can = f"{percent(left / whole)} ({number(left)} {self.unit})"
        else:
            must, can = f"{number(asked)} {self.unit}", f"{number(left)} {self.unit}"
        when = self.months[worst]
        tail = f"; it breaks in {len(self.months)} months, {span(self.months)}" if len(self.months) > 1 else ""
        return f"{when}: {self.words} {must}, but only {can} is possible ({_where(self.place)}){tail}"

    def record(self) -> dict[str, Any]:
        months = [
            {"month": month, "asked": asked, "short": short}
            for month, asked, short in zip(self.months, self.asked, self.short, strict=True)
        ]
        return {"requirement": self.words, "unit": self.unit, "months": months, **_position(self.place)}


@dataclass(frozen=True)
class Standing:
    """One number of the input that takes part in the conflict."""

    words: str
    target: str  # as `--set` names it
    value: Any
    unit: str
    place: Place
    months: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        return self.target.rpartition("].")[2]

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit and self.unit != "fraction" else ""
        stated = f"{self.column} = {plain(self.value)}{unit}"
        stated = self.column if self.value is None else stated
        when = f", {span(self.months)}" if self.months else ""
        return f"{self.words}: {stated} ({_where(self.place)}){when}"

    def record(self) -> dict[str, Any]:
        return {
            "limit": self.words,
            "target": self.target,
            "value": self.value,
            "unit": self.unit,
            "months": list(self.months),
            **_position(self.place),
        }


@dataclass(frozen=True)
class Change:
    """One number of the input moved: ``now`` and ``then`` are factors where a whole column is scaled."""

    words: str
    override: str  # for --set
    column: str
    now: Any
    then: Any
    unit: str
    scales: bool

    def __str__(self) -> str:
        if self.scales:
            return f"{self.words} times {number(self.then)}"
        unit = f" {self.unit}" if self.unit and self.unit != "fraction" else ""
        return f"{self.words}: {self.column} from {plain(self.now)} to {plain(self.then)}{unit}"


@dataclass(frozen=True)
class WayOut:
    """Changes that, made together, leave a plan. ``relative``: their sum as a share of what stands there. ``plan_cost_musd``:
    what the best plan then costs with the worth of what it leaves unserved, discounted; ``own_cost_musd``: what the capacity
    added costs by itself; None: not known."""

    changes: tuple[Change, ...]
    relative: float
    kind: str  # what is changed: `requirement`, `limit` or `fact`
    plan_cost_musd: float | None = None
    own_cost_musd: float | None = None

    @property
    def rank(self) -> int:
        """What is only a fact of today comes last: it is no one's to change, but it may have been mistyped."""
        return int(self.kind == "fact")

    def lines(self) -> list[str]:
        words = " and ".join(str(change) for change in self.changes)
        cost = ""
        if self.plan_cost_musd is not None:
            cost = f"; the best plan then comes to {number(self.plan_cost_musd)} million USD, unserved compute counted"
        elif self.own_cost_musd is not None:
            cost = f"; that capacity alone costs {number(self.own_cost_musd)} million USD"
        sets = " ".join(f'--set "{change.override}"' for change in self.changes)
        return [f"  {words}{cost}", f"      {sets}"]

    def record(self) -> dict[str, Any]:
        names = ("words", "override", "column", "now", "then", "unit", "scales")
        return {
            "set": [change.override for change in self.changes],
            "changes": [{name: getattr(change, name) for name in names} for change in self.changes],
            "relative": self.relative,
            "kind": self.kind,
            "plan_cost_musd": self.plan_cost_musd,
            "own_cost_musd": self.own_cost_musd,
        }


@dataclass(frozen=True)
class Served:
    """The most that any plan serves of all that is asked over its months, other requirements met. ``overrides`` give that plan;
    none where classes are weighed, since the most by weight may be another."""

    frac: float
    overrides: tuple[str, ...]

    def lines(self) -> list[str]:
        sets = " ".join(f'--set "{each}"' for each in self.overrides)
        text = f"at most {number(100 * self.frac)} % of all that is asked can be served"
        return (
            [f"{text}, over the whole plan; with these it is:", f"      {sets}"] if sets else [f"{text}, over the whole plan"]
        )

    def record(self) -> dict[str, Any]:
        return {"frac": self.frac, "set": list(self.overrides)}


@dataclass(frozen=True)
class Diagnosis:
    """Why no plan meets all limits. ``irreducible``: proven that the conflict needs every one of its members. ``until``: the
    last month that was examined, where the whole plan would have taken too long. ``served``: what could be served at most,
    where all of it must be."""

    broken: tuple[Broken, ...]
    conflict: tuple[Standing, ...]
    irreducible: bool
    ways: tuple[WayOut, ...]
    together: WayOut | None
    not_tried: tuple[str, ...] = field(default=())
    until: str | None = None
    served: Served | None = None

    def lines(self) -> list[str]:
        """Sentences, the requirement first."""
        lines = ["no plan meets all limits; the smallest change of requirements that makes the plan feasible:"]
        lines += _some([str(one) for one in self.broken], "")
        if self.served is not None:
            lines += self.served.lines()
        if self.conflict:
            proof = "none can be left out" if self.irreducible else "perhaps not all are needed"
            lines.append(f"in conflict ({proof}):")
            lines += _some([str(one) for one in self.conflict], "  ")
        if self.ways:
            lines.append("any one of these resolves it:" if len(self.ways) > 1 else "this resolves it:")
            lines += [line for way in self.ways for line in way.lines()]
        if self.together is not None:
            before = "or, where no single limit does" if self.ways else "no single change resolves it"
            lines.append(f"{before}, the smallest changes that do together:")
            lines += self.together.lines()
        if self.until is not None:
            lines.append(f"examined until {self.until}: more may break after it")
        elif not self.ways and self.together is None:
            lines.append("no change of the numbers that were tried resolves it")
        if self.not_tried:
            lines.append("not tried, since time was up: " + ", ".join(_some(list(self.not_tried), "")))
        return lines

    def record(self) -> dict[str, Any]:
        """The same as data."""
        return {
            "broken": [one.record() for one in self.broken],
            "conflict": [one.record() for one in self.conflict],
            "irreducible": self.irreducible,
            "alternatives": [way.record() for way in self.ways],
            "together": None if self.together is None else self.together.record(),
            "not_tried": list(self.not_tried),
            "until": self.until,
            "served_at_most": None if self.served is None else self.served.record(),
        }


def number(value: float) -> str:
    """Six digits, thousands apart."""
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return "[" + ", ".join(value) + "]" if isinstance(value, tuple) else str(value)


def percent(frac: float) -> str:
    return f"{100 * frac:.3g} %"


def span(months: Sequence[str]) -> str:
    return months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"


def _some(lines: list[str], indent: str) -> list[str]:
    shown = [indent + line for line in lines[:SHOWN]]
    return shown + ([f"{indent}and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])


def _where(place: Place) -> str:
    return place.finding("").place


def _position(place: Place) -> dict[str, Any]:
    finding = place.finding("")
    return {"file": finding.file, "line": finding.line, "column": finding.column, "sheet": finding.sheet}
