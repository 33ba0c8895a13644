"""Studies that solve many plans, as calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planner.api.finished import result_folder
from planner.api.output import check_out
from planner.errors import InfeasibleError, UsageError
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.studies.backtest.backtest import Backtest
    from planner.studies.crossover import Crossover
    from planner.studies.global_sensitivity import GlobalSensitivity
    from planner.studies.jobs import Start
    from planner.studies.pareto import Frontier
    from planner.studies.roll.rolled import Rolled
    from planner.studies.sensitivity import Sensitivity
    from planner.studies.sweep import Shelf, Sweep


def listed(texts: Sequence[str]) -> Sequence[str]:
    """Several texts; one alone stands for itself, and not for its letters."""
    return [texts] if isinstance(texts, str) else texts


def plan_of(plan: Plan | str | Path) -> Plan:
    """The plan itself, or what a path or the name of a shipped plan means."""
    from planner.read.load import load

    return load(plan) if isinstance(plan, str | Path) else plan


def diagnosed(plan: Plan, error: InfeasibleError, progress: Progress) -> InfeasibleError:
    """The same refusal, with its reasons."""
    from planner.studies.infeasible import diagnose
    from planner.write.text.infeasible import diagnosis_lines

    with progress.phase("diagnose"):
        found = diagnose(plan, error.form)
    return InfeasibleError("\n".join(diagnosis_lines(found)), found.record())


def crossover(
    plan: Plan,
    progress: Progress | None = None,
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> Crossover:
    """How far orbit is from being the cheapest place for the next chip, for both cost scopes. ``workers``, ``scheduler``:
    as for `sweep`. Raises UsageError for a plan without an orbital design, and what `solve` raises."""
    from planner.studies.crossover import crossover as find
    from planner.studies.orbit_design import no_orbit

    if not len(plan.tables["designs"]):
        raise UsageError(no_orbit(plan))
    try:
        return find(plan, progress, jobs_by(workers, scheduler))
    except InfeasibleError as error:
        raise diagnosed(plan, error, progress or Progress()) from error


def sweep(
    plan: Plan | str | Path | Sequence[Plan | str | Path],
    vary: Sequence[str] = (),
    progress: Progress | None = None,
    *,
    runs: str | Path | None = None,
    in_rows: bool = False,
    out: str | Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    keep: bool = False,
) -> Sweep:
    """Plans with every combination of some values (`demand.doubling_months=4..12:5` or `=6,9,24`), each solved to its optimum.

    ``in_rows``: the first value of each key, the second and so on, in place of combinations. ``runs``: a CSV file or a
    workbook instead, one row per run, one column per key. ``out``: a folder that keeps each point as soon as it is solved;
    those of an earlier call are not solved again; `save` writes the tables there. ``workers``: processes of this machine,
    ``scheduler``: those of a Dask scheduler, by its address or file. Infeasible points are rows with that status. ``keep``: at
    Ctrl-C the solved points are returned, the rest as `not_solved`. Raises UsageError for an unknown key or range; InputError,
    before anything is solved, for a value that is refused."""
    from planner.studies.cases import cases_of, read_axis
    from planner.studies.sweep import sweep as solve_all

    named = plan if isinstance(plan, Sequence) and not isinstance(plan, str) else [plan]
    plans = [plan_of(each) for each in named]
    keys, cases = cases_of(plans, [read_axis(text) for text in listed(vary)], in_rows, None if runs is None else Path(runs))
    return solve_all(keys, cases, progress, keep, _shelf(out), jobs_by(workers, scheduler))


def sensitivity(
    plan: Plan | str | Path,
    by: float = 0.2,
    of: Sequence[str] = ("estimates", "groups"),
    progress: Progress | None = None,
    *,
    ends: str | Path | None = None,
    interactions: bool = False,
    out: str | Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
) -> Sensitivity:
    """The plan with each estimate of its sources at its low and high end, and with groups of numbers a share ``by`` less and
    more, each solved to its optimum. ``ends``: a folder with plans for other assumptions, `NAME.low.yaml` and `NAME.high.yaml`;
    ``interactions``: also with each pair of the five that change the objective most. ``out``, ``workers``, ``scheduler``,
    and what is raised: as for `sweep`."""
    from planner.studies.sensitivity import sensitivity as find

    start, folder = jobs_by(workers, scheduler), None if ends is None else Path(ends)
    return find(plan_of(plan), by, listed(of), progress, _shelf(out), start, ends=folder, interactions=interactions)


def global_sensitivity(
    plan: Plan | str | Path,
    method: str,
    number: int,
    by: float = 0.2,
    of: Sequence[str] = ("estimates", "groups"),
    progress: Progress | None = None,
    *,
    seed: int = 0,
    out: str | Path | None = None,
    workers: int = 1,
    scheduler: str | None = None,
) -> GlobalSensitivity:
    """The same assumptions, all changed at once between their ends: a sample of ``number`` groups of plans, and by ``method``
    the elementary effects of `morris` or the shares of the variance of `sobol`. Needs the extra `sensitivity` (SALib). The
    same ``seed`` gives the same sample. ``out``, ``workers``, ``scheduler``, and what is raised: as for `sweep`."""
    from planner.studies.global_sensitivity import global_sensitivity as find

    start = jobs_by(workers, scheduler)
    return find(plan_of(plan), method, number, by, listed(of), progress, _shelf(out), start, seed)


def _shelf(out: str | Path | None) -> Shelf:
    """Where points are kept."""
    from planner.studies.sweep import Shelf
    from planner.write.folder.points import PointFolder
    from planner.write.folder.targets import SWEEP, require_new

    if out is None:
        return Shelf()
    require_new(Path(out), SWEEP)
    folder = PointFolder(Path(out))
    return Shelf(folder.find, folder.put)


def jobs_by(workers: int, scheduler: str | None) -> Start:
    """Who does the jobs of a study."""
    if workers < 1:
        raise UsageError(f"workers={workers}: expected one at least")
    if scheduler is not None:
        from planner.studies.cluster import on_cluster

        return on_cluster(scheduler)
    from functools import partial

    from planner.studies.jobs import in_turn
    from planner.studies.workers import on_processes

    return in_turn if workers == 1 else partial(on_processes, workers)


def pareto(
    plan: Plan,
    totals: str,
    points: int = 20,
    progress: Progress | None = None,
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> Frontier:
    """The frontier of cost against carbon (`cost,carbon`) or served compute (`cost,served`), with the price of a unit less.

    `planner.studies.pareto` says what each counts. ``workers``, ``scheduler``: as for `sweep`; one worker
    is this process, with two threads. Raises UsageError, and what `solve` raises."""
    from planner.prepare.plan_data import prepare
    from planner.studies.frontier_jobs import Spread
    from planner.studies.jobs import in_turn
    from planner.studies.pareto import in_two_threads, pareto as trace

    progress, start = progress or Progress(), jobs_by(workers, scheduler)
    try:
        return trace(prepare(plan), totals, points, progress, in_two_threads if start is in_turn else Spread(plan, start))
    except InfeasibleError as error:
        raise diagnosed(plan, error, progress) from error


def roll(
    folder: str | Path, to: str, out: str | Path, progress: Progress | None = None, actuals: str | Path | None = None
) -> Rolled:
    """Write the plan of a later month from a finished run into a new folder, as if all had come as planned, or with what a
    file of ``actuals`` says of the months before.

    Raises UsageError for what is no run, no month of it or no new folder, InputError for what cannot be carried, and for
    actuals that are refused."""
    from planner.studies.roll.rolled import roll as rolled
    from planner.write.folder.study import write_rolled

    check_out(out, "roll")
    done = rolled(result_folder(folder), to, None if actuals is None else Path(actuals), progress)
    write_rolled(Path(out), done)
    return done


def blank_actuals(folder: str | Path, to: str, path: str | Path, progress: Progress | None = None) -> Path:
    """Write a workbook to fill in: what the run plans for its months before ``to``, with an empty cell beside each number.

    Raises UsageError as `roll` does, and for a file that exists or is not named .xlsx."""
    from planner.studies.roll.rolled import blank
    from planner.write.xlsx.plan_workbook import write_table_workbook

    return write_table_workbook(Path(path), blank(result_folder(folder), to, progress))


def backtest(
    plan: Plan | str | Path,
    truth: Plan | str | Path | None = None,
    *,
    step: int = 1,
    months: int | None = None,
    freeze: Sequence[int] = (),
    change: Sequence[float] = (),
    noise: Mapping[str, float] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Roll a plan through its months, or the first ``months``, ``step`` at a time: decide with its forecast, live in ``truth``,
    another plan, or the plan itself with ``noise`` (shares, by `demand` and `deliveries`) of a ``seed``. ``freeze`` and
    ``change``: values of `freeze_months` and `change_usd_per_mw` to compare. Raises UsageError for a truth of other months,
    names or limits, and as `solve` and `roll` do."""
    from tempfile import TemporaryDirectory

    from planner.read.load import load
    from planner.studies.backtest.backtest import backtest as find
    from planner.studies.backtest.truth import with_noise
    from planner.write.folder.replace import temporary_folder
    from planner.write.folder.study import OWN, write_rolled

    forecast = plan_of(plan)
    world = forecast if truth is None else plan_of(truth)
    world = with_noise(world, noise, seed) if noise else world
    with temporary_folder() as folder:

        def carry(rolled: Rolled) -> Plan:
            with TemporaryDirectory(dir=folder) as month:  # the folder above is locked, and so nothing is swapped in it
                write_rolled(Path(month) / "plan", rolled)
                return load(Path(month) / "plan" / OWN)

        return find(forecast, world, carry, step, months, freeze, change, progress)
