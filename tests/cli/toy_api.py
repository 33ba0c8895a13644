"""A stand-in for `planner.api`: answers at once, and fails when told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from planner.codes import Remark
from planner.deadline import NEVER, Deadline
from planner.findings import Notice
from planner.progress import Progress
from planner.write.folder.replace import has_result
from planner.write.folder.targets import require_result
from planner.write.text.run import run_lines

REAL = import_module("planner.api")


@dataclass(frozen=True)
class Line:
    key: str
    value: float
    unit: str
    text: str


@dataclass(frozen=True)
class Plan:
    name: str = "toy"
    settings: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(allow=()))
    mapped: tuple[Any, ...] = ()
    tables: dict[str, object] = field(default_factory=lambda: {"regions": ["ohio"], "links": []})


@dataclass(frozen=True)
class Verdict:
    ok: bool
    excepted: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        return 0 if self.ok else 7

    def lines(self) -> list[str]:
        return ["verified: 3 checks, all hold" if self.ok else "not verified: 1 of 3 checks fail"]

    def to_dict(self) -> dict[str, Any]:
        return {"ok": self.ok, "checks": []}


@dataclass(frozen=True)
class Run:
    folder: Path
    status: str = "optimal"
    exit_code: int = 0
    replaced: bool = False
    since: None = None
    verdict: Verdict = Verdict(True)
    summary: tuple[Line, ...] = (
        Line("cost", 12.5, "million USD", "cost 12.5 million USD"),
        Line("cost_end", float("nan"), "million USD", ""),
    )


class Api:
    """Records its calls; what it does not stand in for is the real one. `fail` is called in place of the work of a command."""

    def __init__(self, fail: Callable[[], None] | None = None, verified: bool = True) -> None:
        self.fail, self.verified = fail, verified
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(REAL, name)

    def load(self, path: Path, overrides: Sequence[str] = (), **options: object) -> Plan:
        self.calls.append(("load", path, list(overrides)))
        if self.fail is not None:
            self.fail()
        return Plan()

    def check(self, plan: Plan, deadline: Deadline = NEVER) -> list[Notice]:
        return [Notice(Remark.W_NATION_UNBOUNDED, "no row for FI")]

    def run(self, plan: Plan, out: Path, progress: Progress, **options: object) -> Run:
        self.calls.append(("run", plan.name, out))
        with progress.phase("solve"):
            progress.update("iteration 1")
        return Run(out, replaced=has_result(out))

    def lines(self, done: Run) -> list[str]:
        return run_lines(done)

    def verify(self, folder: Path) -> Verdict:
        require_result(folder)
        return Verdict(self.verified)
