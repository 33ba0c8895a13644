"""The linear program of a finished run, built again from its inputs."""

from __future__ import annotations

from pathlib import Path

from planner.errors import UsageError
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.runs.read import read_manifest
from planner.solve.checkpoint import fingerprint
from planner.solve.compile.form import Form
from planner.solve.solution import standard_form
from planner.studies.explain.reopened import as_chosen


def program_of(folder: Path, progress: Progress, own_limits: bool = False) -> Form:
    """The program that a run solved, before any reduction, with projects as the run chose them.

    Raises UsageError in mode `energy`, which minimises two objectives in turn, and where the run solved another program."""
    manifest = read_manifest(folder)
    with progress.phase("read"):
        data = as_chosen(prepare(load(folder / "inputs" / "plan.yaml", own_limits=own_limits)), manifest)
    if data.mode == "energy":
        raise UsageError(
            f"{folder} minimises unserved compute first and then cost: a file holds one objective (objective: value)"
        )
    _, form = standard_form(data, progress)
    if fingerprint(form) != manifest.get("model", {}).get("fingerprint"):
        raise UsageError(f"{folder} solved another program than its inputs make now: run the plan again")
    return form
