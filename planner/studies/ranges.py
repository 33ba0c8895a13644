"""Which totals of a plan are firm: the least and the most of each among all plans that cost a little more and serve no less.

Totals are MW of IT in the last month by place and by chip, MW of IT at the end of each calendar year, and MW of power capacity
in the last month by option, over all regions. A total is firm where both ends are within FIRM of the plan's.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.data import PlanData
from planner.errors import UsageError, require_some_of
from planner.progress import Progress
from planner.runs.read import fingerprint_of
from planner.solve.compile.form import Floats, Key
from planner.solve.highs import Solver, SolverOptions
from planner.solve.near_optimal import NearOptimal
from planner.solve.reduce.from_scratch import minimise_from_scratch
from planner.solve.solution import require_optimal
from planner.studies.explain.reopened import OpenRun, open_run
from planner.studies.jobs import Job, Kept, Start, all_of, in_turn

KINDS = ("region", "option", "generation", "year")
WITHIN = 0.01
FIRM = 0.1
COLUMNS = ["of", "id", "month", "plan_mw", "least_mw", "most_mw", "firm", "within_frac", "slack_musd", "proven_to"]
NOTHING_MW = 1e-6
GROUP = 8
"""Totals that are bounded one after another, each from the last one's vertex."""


@dataclass(frozen=True)
class Total:
    """A sum of MW: by column what one unit of it counts, and what counts whatever is decided."""

    of: str
    id: str
    month: str
    weights: dict[Key, float]
    constant_mw: float = 0.0


@dataclass(frozen=True)
class Ranges:
    """``rows``: one row a total (COLUMNS); `within_frac` and `slack_musd`: how much more may be paid, as a share of the paid
    cost and as an amount, discounted; `proven_to`: gap and residuals of both ends, relative. ``fingerprint``: of the program
    of the run. ``inputs``: the tables of the plan, which name things."""

    plan: str
    fingerprint: str
    rows: pd.DataFrame
    inputs: dict[str, dict[str, list[Any]]]

    def tables(self) -> dict[str, pd.DataFrame]:
        """The rows, for CSV."""
        return {"ranges": self.rows}


def ranges(
    folder: Path,
    within: float = WITHIN,
    kinds: Sequence[str] = KINDS,
    progress: Progress | None = None,
    own_limits: bool = False,
    start: Start = in_turn,
) -> Ranges:
    """The range of each total of a finished run. Totals are bounded in groups, each from the vertex of the plan on.

    Raises UsageError for a folder that is no whole result, unknown kinds of totals, and a plan of mode `energy`, which has no
    cost to add to."""
    require_some_of("--of", kinds, KINDS)
    if not 0.0 <= within <= 1.0:
        raise UsageError(f"--within {100 * within:g}%: expected 0% to 100% of the paid cost")
    progress = progress or Progress()
    run = open_run(folder, progress, own_limits)
    if run.data.mode == "energy":
        raise UsageError(f"{folder} serves the most compute first (objective: energy): ranges compare plans by their cost")
    wanted, kept = list(totals(run.data, kinds)), Kept()
    folded = Folder(folder.absolute(), within, own_limits, fingerprint_of(run.manifest))
    groups = [Group(folded, tuple(wanted[first : first + GROUP])) for first in range(0, len(wanted), GROUP)]
    with progress.phase("ranges"), start(progress, kept) as begun:
        kept.put(folded, "near", near_optimal(run, within, progress))
        rows = [row for group in all_of(begun, groups, progress, "groups of totals") for row in group]
    return Ranges(run.plan.name, folded.fingerprint, pd.DataFrame(rows, columns=COLUMNS), run.plan.columns)


@dataclass(frozen=True)
class Folder:
    """A run as it travels: its folder, which every machine finds under the same path."""

    path: Path
    within: float
    own_limits: bool
    fingerprint: str

    def near(self) -> NearOptimal:
        """The plans that are nearly as good as the run's. Raises UsageError where the folder holds another run here."""
        run = open_run(self.path, own_limits=self.own_limits)
        if fingerprint_of(run.manifest) != self.fingerprint:
            raise UsageError(f"{self.path} holds another run on {platform.node()}: give all machines the same folder")
        return near_optimal(run, self.within, Progress())


@dataclass(frozen=True)
class Group(Job):
    """Bound some totals of a run."""

    folder: Folder
    totals: tuple[Total, ...]

    def run(self, kept: Kept, progress: Progress) -> list[dict[str, Any]]:
        near = kept.get(self.folder, "near", self.folder.near)
        near.restart()
        at = {key: number for number, key in enumerate(near.form.columns)}
        return [_row(near, total, at) for total in self.totals]


def near_optimal(run: OpenRun, within: float, progress: Progress) -> NearOptimal:
    """The plans that are nearly as good as that of a run."""
    return NearOptimal(run.solver or _vertex_of(run, progress), within)


def _vertex_of(run: OpenRun, progress: Progress) -> Solver:
    """A solver at a vertex of the same cost, where the run ended at an interior point."""
    solver = Solver(run.solution.form, SolverOptions(crossover=True), progress.update)
    require_optimal(minimise_from_scratch(solver), run.solution.form, run.data.months)
    return solver


def totals(d: PlanData, kinds: Sequence[str]) -> Iterator[Total]:
    """The totals of each kind, in the order of the plan; those that no plan can have are left out."""
    last = len(d.horizon)
    if "region" in kinds:
        for x in (*d.regions, *d.designs):
            yield from _some(Total("region", x, d.horizon[-1], *_it_mw(d, last, place=x)))
    if "option" in kinds:
        for p in dict.fromkeys(p for _, p in d.options):
            capacity = {("capacity", (r, q, last)): 1.0 for r, q in d.options if q == p}
            yield Total("option", p, d.horizon[-1], capacity)
    if "generation" in kinds:
        for g in d.generations:
            yield from _some(Total("generation", g, d.horizon[-1], *_it_mw(d, last, generation=g)))
    if "year" in kinds:
        for year, t in {month[:4]: t for t, month in enumerate(d.horizon, start=1)}.items():
            yield Total("year", year, d.horizon[t - 1], *_it_mw(d, t))


def _some(total: Total) -> Iterator[Total]:
    if total.weights or total.constant_mw:
        yield total


def _it_mw(d: PlanData, t: int, place: str = "", generation: str = "") -> tuple[dict[Key, float], float]:
    """MW of IT nameplate in a month, in one place or all, of one chip or all: by column, and what is in orbit from before."""
    weights: dict[Key, float] = {}
    constant = 0.0
    for g in (generation,) if generation else d.generations:
        kw = d.kw_per_unit[g]
        for x in (place,) if place else (*d.regions, *d.designs):
            if x not in d.designs:
                weights["installed", (x, g, t)] = kw
                continue
            weights |= {("deploy", (x, g, v)): kw * d.orbit_alive_frac.get((x, v, t), 0.0) for v in range(1, t + 1)}
            constant += kw * d.start_alive_kunit.get((x, g, t), 0.0)
    return weights, constant


def _row(near: NearOptimal, total: Total, at: dict[Key, int]) -> dict[str, Any]:
    """A total in the plan, and its two ends."""
    weights: Floats = np.zeros(near.form.shape[1])
    for key, mw in total.weights.items():
        if key in at:
            weights[at[key]] = mw
    plan = float(weights @ near.values) + total.constant_mw
    least = most = plan
    proven = 0.0
    if weights.any():
        upper = near.most(weights, total.constant_mw)
        most, proven = max(plan, upper.total), upper.worst
        if plan - total.constant_mw > NOTHING_MW:  # no weight and no variable is negative: less than nothing cannot be
            lower = near.least(weights, total.constant_mw)
            least, proven = min(plan, lower.total), max(proven, lower.worst)
    firm = max(most - plan, plan - least) <= FIRM * plan + NOTHING_MW
    numbers = {"plan_mw": plan, "least_mw": least, "most_mw": most}
    clean = {name: 0.0 if abs(mw) <= NOTHING_MW else mw for name, mw in numbers.items()}
    row: dict[str, Any] = {"of": total.of, "id": total.id, "month": total.month, **clean}
    row |= {"firm": "firm" if firm else "open", "within_frac": near.within, "slack_musd": near.slack}
    return {**row, "proven_to": proven}
