"""A frontier traced by workers: both ends, then the points between in segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.frontier import Point, is_single, least_cost, least_other, limits_between, points_at, with_row
from planner.solve.highs import Basis, Solver, SolverOptions
from planner.studies.jobs import Files, Job, Kept, Start, all_of, files_of
from planner.studies.pareto import AXES, Program, program_of

if TYPE_CHECKING:
    from planner.plan.plan import Plan

SEGMENT = 4
"""Points that one solver reaches step by step; the first of a segment is solved from scratch, that of the first one from the
end of least cost. About as much work as the first alone (docs/speed.md)."""


class Spread:
    """Traces the frontier of a plan by jobs that others do."""

    def __init__(self, plan: Plan, start: Start) -> None:
        self.plan, self.start = plan, start

    def __call__(self, program: Program, against: str, points: int, progress: Progress) -> list[Point]:
        """The points, in order. Raises as `planner.solve.frontier.trace` does."""
        kept = Kept()
        files = files_of(self.plan, kept)
        kept.put(files.expected, against, program)
        with self.start(progress, kept) as run:
            with progress.phase("both ends"):
                (first, basis), last = all_of(run, [End(files, against, end) for end in ENDS], progress, "ends")
            if is_single(first, last):
                return [first]
            walked, jumped = limits_between(first, last, points, AXES[against].spacing)
            parts = [walked[at : at + SEGMENT] for at in range(0, len(walked), SEGMENT)] + [[limit] for limit in jumped]
            jobs = [Segment(files, against, tuple(part), None if at else basis) for at, part in enumerate(parts)]
            with progress.phase("points between"):
                found = all_of(run, jobs, progress, "segments")
        return [first, *(point for segment in found for point in segment), last]


ENDS = LEAST_COST, LEAST_OTHER = "least cost", "least of the other total"


@dataclass(frozen=True)
class End(Job):
    """An end of the frontier; that of least cost with its vertex."""

    files: Files
    against: str
    end: str

    def run(self, kept: Kept, progress: Progress) -> Any:
        program, solver = _solver_of(self.files, self.against, kept, progress)
        if self.end == LEAST_COST:
            return least_cost(solver, program.less, program.data.months)
        return least_other(solver, solver.form, program.less, program.data.months)


@dataclass(frozen=True)
class Segment(Job):
    """Neighbouring points of the frontier."""

    files: Files
    against: str
    limits: Sequence[float]
    basis: Basis | None

    def run(self, kept: Kept, progress: Progress) -> list[Point]:
        program, solver = _solver_of(self.files, self.against, kept, progress)
        return list(points_at(solver, solver.form, program.less, self.limits, program.data.months, self.basis))


def _solver_of(files: Files, against: str, kept: Kept, progress: Progress) -> tuple[Program, Solver]:
    """The program of a frontier, and a new solver of it with the row that limits the other total."""
    program = kept.get(files.expected, against, lambda: program_of(prepare(files.plan(kept)), against, progress))
    return program, Solver(with_row(program.form, program.less), SolverOptions(crossover=True), progress.update)
