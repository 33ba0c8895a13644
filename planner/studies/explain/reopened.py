"""A finished run, opened again: its plan, where each row of it was written, and the optimum that it ended at."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from models.data import PlanData
from planner.errors import UsageError
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.runs.read import fingerprint_of, read_manifest
from planner.solve.checkpoint import Arrays, fingerprint, solve_again, take_up
from planner.solve.choices import decided
from planner.solve.highs import Solver, SolverOptions
from planner.solve.solution import ALTERNATIVE, Solution, standard_form
from planner.verify.hashes import edited

LOST = "{what}: the plan was solved again, which may have ended at another plan of the same cost"
NO_VERTEX = "the run ended at an interior point: prices have no ranges"


@dataclass(frozen=True)
class Origin:
    """Where a row of the resolved plan was written: file and line of the user, and what was changed after it was read."""

    file: str
    line: int
    changed: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} ({self.changed})" if self.changed else place


@dataclass
class OpenRun:
    """``solver`` stands at the optimum; None where that is no vertex, and in mode `energy`, which solves two programs."""

    folder: Path
    plan: Plan
    data: PlanData
    manifest: dict[str, Any]
    solution: Solution
    solver: Solver | None
    notices: list[str] = field(default_factory=list)
    _origins: dict[str, list[Origin]] = field(default_factory=dict)

    def origin(self, table: str, position: int) -> Origin:
        """Where a row of a table was written before it was resolved."""
        if table not in self._origins:
            self._origins[table] = _read_origins(self.folder / "inputs" / f"{table}.csv")
        known = self._origins[table]
        return known[position] if position < len(known) else Origin(f"inputs/{table}.csv", 0, "")

    def stated_at(self, key: str) -> str:
        """Where a setting was written; `default` where nobody wrote it, the resolved plan where a run does not say."""
        stated = self.manifest.get("stated_at")
        return str(stated.get(key, "default")) if isinstance(stated, dict) else "inputs/plan.yaml"


def open_run(folder: Path, progress: Progress | None = None, own_limits: bool = False, alternatives: bool = False) -> OpenRun:
    """Open a run, with its own limits where they may be executed, and take up its optimum.

    ``alternatives``: whether an alternative to an optimum will do, which has neither prices nor a solver.

    Raises UsageError for what is no run, InputError for inputs that were changed badly.

    Where the optimum was not kept, or belongs to another linear program (inputs changed by hand, another version), the plan is
    solved again and a notice says so."""
    progress = progress or Progress()
    path = folder / "inputs" / "plan.yaml"
    if not path.is_file():
        raise UsageError(f"{folder} holds no inputs/plan.yaml: give the result folder of a run")
    with progress.phase("read"):
        manifest = read_manifest(folder)
        status = manifest.get("solver", {}).get("status")
        if status == ALTERNATIVE and not alternatives:
            raise UsageError(f"{folder} is an alternative, not an optimum: give the run that it is an alternative to")
        if status == "time_limit":
            raise UsageError(
                f"{folder} stopped at its time limit: without an optimum nothing has a price; run it without a limit"
            )
        notices = [f"{folder} is {words}" for words in (edited(folder, manifest),) if words]
        plan = load(path, own_limits=own_limits)
        data = prepare(plan)
    kept = _read_optimum(folder / "optimum.npz")
    if kept is None:
        what = "the optimum of this run was not kept"
    else:
        chosen = as_chosen(data, manifest)
        taken = take_up(chosen, kept, fingerprint_of(manifest), progress)
        if taken is not None:
            notices += [] if taken[1] is not None or data.mode == "energy" or status == ALTERNATIVE else [NO_VERTEX]
            return OpenRun(folder, plan, chosen, manifest, *taken, notices)
        what = "the inputs or the planner have changed since this run"
    if status == ALTERNATIVE:
        raise UsageError(f"{folder}: {what}, and an alternative cannot be found again by itself: make the alternatives anew")
    notice = LOST.format(what=what)
    progress.say(notice)
    solution, solver = solve_again(data, progress)
    return OpenRun(folder, plan, solution.data, manifest, solution, solver, [*notices, notice])


def program_of(folder: Path, progress: Progress, own_limits: bool = False) -> Solver:
    """The program that a run solved, before any reduction, with projects as the run chose them.

    Raises UsageError in mode `energy`, which minimises two objectives in turn, and where the run solved another program."""
    manifest = read_manifest(folder)
    with progress.phase("read"):
        data = as_chosen(prepare(load(folder / "inputs" / "plan.yaml", own_limits=own_limits)), manifest)
    if data.mode == "energy":
        raise UsageError(f"{folder} minimises unserved compute, then cost: an MPS file holds one objective (objective: value)")
    _, form = standard_form(data, progress)
    if fingerprint(form) != fingerprint_of(manifest):
        raise UsageError(f"{folder} solved another program than its inputs make now: run the plan again")
    return Solver(form, SolverOptions(algorithm="simplex"))


def as_chosen(data: PlanData, manifest: dict[str, Any]) -> PlanData:
    """The plan with its whole projects as the run chose them; as it is where the run does not say."""
    choices = manifest.get("solver", {}).get("choices")
    months = choices.get("months") if isinstance(choices, dict) else None
    whole = {each.project_id: each.months for each in data.undecided}
    if not isinstance(months, dict) or months.keys() != whole.keys() or any(t not in (0, *whole[j]) for j, t in months.items()):
        return data
    return decided(data, months)


def _read_optimum(path: Path) -> Arrays | None:
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except (OSError, ValueError, zipfile.BadZipFile, EOFError):
        return None


def _read_origins(path: Path) -> list[Origin]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Origin(row.get("file") or f"inputs/{path.name}", _whole(row.get("line")), row.get("changed") or "")
            for row in csv.DictReader(file)
        ]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
