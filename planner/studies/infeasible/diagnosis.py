"""What is said of an infeasible plan: the requirement that breaks, what it conflicts with, and the ways out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from planner.findings import Place


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

    def record(self) -> dict[str, Any]:
        months = [
            {"month": month, "asked": asked, "short": short}
            for month, asked, short in zip(self.months, self.asked, self.short, strict=True)
        ]
        return {"requirement": self.words, "unit": self.unit, "months": months, **self.place.record()}


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

    def record(self) -> dict[str, Any]:
        return {
            "limit": self.words,
            "target": self.target,
            "value": self.value,
            "unit": self.unit,
            "months": list(self.months),
            **self.place.record(),
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

    def record(self) -> dict[str, Any]:
        return {"frac": self.frac, "set": list(self.overrides)}


@dataclass(frozen=True)
class Diagnosis:
    """Why no plan meets all limits. ``irreducible``: proven that the conflict needs every one of its members. ``until``: the
    last month that was examined, where the whole plan would have taken too long. ``served``: what could be served at most,
    where all of it must be. ``horizon_end``: the last month of a horizon with a look-ahead, which all numbers count."""

    broken: tuple[Broken, ...]
    conflict: tuple[Standing, ...]
    irreducible: bool
    ways: tuple[WayOut, ...]
    together: WayOut | None
    not_tried: tuple[str, ...] = field(default=())
    until: str | None = None
    served: Served | None = None
    horizon_end: str | None = None

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
            "horizon_end": self.horizon_end,
            "served_at_most": None if self.served is None else self.served.record(),
        }
