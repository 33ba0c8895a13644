"""Studies that solve many plans, as calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.errors import InfeasibleError
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.result import SummaryLine
    from planner.solve.solution import Solution
    from planner.studies.crossover import Crossover
    from planner.studies.pareto import Frontier
    from planner.studies.sweep import Sweep


def diagnosed(plan: Plan, error: InfeasibleError, progress: Progress) -> InfeasibleError:
    """The same refusal, with its reasons."""
    from planner.studies.infeasible import diagnose
    from planner.write.text.infeasible import diagnosis_lines

    with progress.phase("diagnose"):
        found = diagnose(plan, error.form)
    return InfeasibleError("\n".join(diagnosis_lines(found)), found.record())


def crossover(plan: Plan, progress: Progress | None = None) -> Crossover:
    """How far orbit is from being the cheapest place for the next chip, for both cost scopes. Raises UsageError for a plan
    without an orbital design, and what `solve` raises."""
    from planner.errors import UsageError
    from planner.studies.crossover import crossover as find
    from planner.studies.orbit_design import no_orbit

    if not len(plan.tables["designs"]):
        raise UsageError(no_orbit(plan))
    try:
        return find(plan, progress)
    except InfeasibleError as error:
        raise diagnosed(plan, error, progress or Progress()) from error


def sweep(plan: Plan, vary: Sequence[str], progress: Progress | None = None, *, keep: bool = False) -> Sweep:
    """The plan with every combination of some values (`demand.doubling_months=4..12:5`), each solved to its optimum.

    Infeasible points are rows with that status. ``keep``: at Ctrl-C the solved points are returned, the rest as `not_solved`.
    Raises UsageError for an unknown key or range; InputError, before anything is solved, for a value that is refused."""
    from planner.studies.sweep import read_axis, sweep as solve_all
    from planner.tables.result import make_result

    def headlines(one: Plan, solution: Solution) -> Sequence[SummaryLine]:
        return make_result(one, solution).summary

    return solve_all(plan, [read_axis(text) for text in vary], headlines, progress, keep)


def pareto(plan: Plan, totals: str, points: int = 20, progress: Progress | None = None) -> Frontier:
    """The frontier of cost against carbon (`cost,carbon`) or served compute (`cost,served`), with the price of a unit less.

    `planner.studies.pareto` says what each counts. Raises UsageError, and what `solve` raises."""
    from planner.prepare.plan_data import prepare
    from planner.studies.pareto import pareto as trace

    progress = progress or Progress()
    try:
        return trace(prepare(plan), totals, points, progress)
    except InfeasibleError as error:
        raise diagnosed(plan, error, progress) from error
