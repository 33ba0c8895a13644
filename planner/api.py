"""What the command line does, as calls: load, check, run, report, verify, explain, why, compare, crossover, sweep, pareto.

plan = load("inputs/reference.yaml", ["demand.doubling_months=6"])
done = run(plan, "results/faster-demand")
done.tables["chips"]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import InfeasibleError, TimeLimitError
from planner.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

    from planner.findings import Notice
    from planner.plan.plan import Plan
    from planner.result import Result, SummaryLine
    from planner.runs.compare import Comparison
    from planner.runs.groups import Groups
    from planner.solve.highs import SolverOptions
    from planner.solve.solution import Solution
    from planner.studies.crossover import Crossover
    from planner.studies.explain.report import Explanation
    from planner.studies.explain.why import Why
    from planner.studies.pareto import Frontier
    from planner.studies.sweep import Sweep
    from planner.verify.verdict import Verdict

LONG = 200
"""Regions times months from which a helper process pays: a smaller plan is solved before it would be ready."""


@dataclass(frozen=True)
class Run:
    """A plan that was solved, judged and written."""

    folder: Path
    result: Result
    verdict: Verdict

    @property
    def status(self) -> str:
        """`optimal`, or `time_limit`: feasible, and at most `relative_gap` of the record from the best."""
        return str(self.result.record["solver"]["status"])

    @property
    def exit_code(self) -> int:
        return 0 if self.status == "optimal" else TimeLimitError.exit_code

    @property
    def summary(self) -> Sequence[SummaryLine]:
        return self.result.summary

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        return self.result.tables


@dataclass(frozen=True)
class Report:
    """``pdf`` is None where it was not asked for; ``verdicts``: what the judge said, by run."""

    html: Path
    pdf: Path | None
    verdicts: tuple[Verdict, ...]

    @property
    def ok(self) -> bool:
        return all(verdict.ok for verdict in self.verdicts)


def load(path: str | Path, overrides: Sequence[str] = ()) -> Plan:
    """Read a plan and everything it names. Raises InputError with every finding at once."""
    from planner.read.load import load as read

    return read(path, overrides)


def check(plan: Plan) -> Sequence[Notice]:
    """What arithmetic alone can say of a plan, before anything is solved."""
    from planner.check.checks import check as look

    return look(plan)


def solve(plan: Plan, options: SolverOptions | None = None, progress: Progress | None = None) -> Result:
    """Solve a plan to a proven optimum and make its tables; nothing is written.

    With a time limit among the options the record may say `time_limit` instead: the plan is feasible, its gap proven.
    Raises InfeasibleError, UnboundedError, NumericalError or TimeLimitError."""
    from planner.prepare.plan_data import prepare
    from planner.solve.solution import solve as optimise
    from planner.tables.result import make_result

    progress = progress or Progress()
    with progress.phase("prepare"):
        data = prepare(plan)
    try:
        solution = optimise(data, options, progress)
    except InfeasibleError as error:
        raise _diagnosed(plan, error, progress) from error
    with progress.phase("tables"):
        result = make_result(plan, solution)
    result.record["timings"] = {**progress.seconds, "highs": solution.highs_seconds}
    return result


def run(plan: Plan, out: str | Path, options: SolverOptions | None = None, progress: Progress | None = None) -> Run:
    """Solve, write and judge. The folder appears only when the judge has confirmed the plan.

    Raises what `solve` raises, and VerificationError when the judge does not confirm."""
    from planner.runs.compare.inputs import parent_changes
    from planner.write.folder.result_folder import write_run
    from planner.write.helper_process import Helper
    from planner.write.xlsx.run_workbook import write_xlsx

    progress = progress or Progress()
    verdicts: list[Verdict] = []

    def confirm(folder: Path) -> None:
        with progress.phase("verify"):
            verdicts.append(_confirmed(folder))

    def tell(folder: Path) -> None:
        from planner.studies.report_input import finished
        from planner.write.report import report_html

        with progress.phase("report"):
            (folder / "report.html").write_bytes(report_html(finished(folder, verdicts[0]), helper.ask).encode())

    with Helper(len(plan.tables["regions"].frame) * plan.settings.months >= LONG) as helper:
        if helper.runs:
            helper.begin(_load_writers)
        result = replace(solve(plan, options, progress), changes=parent_changes(plan))
        with progress.phase("write"):
            folder = write_run(result, Path(out), workbook=partial(helper.begin, write_xlsx), verify=confirm, report=tell)
    return Run(folder, result, verdicts[0])


def _load_writers() -> None:
    """Load what writing a run needs whatever the plan, in a helper process while the solver works."""
    import planner.read.load
    import planner.write.xlsx.run_workbook  # noqa: F401
    from planner.write.charts.draw import warm_up
    from planner.write.report.page import library

    library()
    warm_up()


def report(
    folders: Sequence[str | Path], out: str | Path | None = None, pdf: bool = False, progress: Progress | None = None
) -> Report:
    """Write the report of a finished run again, from its written files alone, or of several runs side by side.

    ``out``: default `report.html` in the folder of the run; of several `scenarios.html` beside the first. ``pdf``: print it
    too, under the same name. Raises UsageError for a folder that is no whole result, a file that is none of ours, and where no
    browser that could print is installed; OutputError when the system refuses."""
    from planner.runs.compare import compare_written
    from planner.studies.report_input import finished
    from planner.write.report import report_html, scenarios_html
    from planner.write.report.pdf import browser, print_pdf
    from planner.write.report.save import check_target, save

    progress = progress or Progress()
    runs = [Path(folder) for folder in folders]
    path = Path(out) if out else runs[0] / "report.html" if len(runs) == 1 else runs[0].parent / "scenarios.html"
    check_target(path)
    if pdf:
        browser()
    with progress.phase("verify"):
        found = [finished(folder) for folder in runs]
        compared = [compare_written(found[0].written, other.written) for other in found[1:]]
    with progress.phase("report"):
        save(path, report_html(found[0]) if len(found) == 1 else scenarios_html(found, compared))
    printed = None
    if pdf:
        with progress.phase("print"):
            printed = print_pdf(path, path.with_suffix(".pdf"))
    return Report(path, printed, tuple(each.verdict for each in found))


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a plan file: what each key means, its unit and bounds."""
    from planner.schema.settings import plan_json_schema

    return plan_json_schema()


def write_workbook(path: str | Path, plan: Plan | None = None) -> Path:
    """Write a plan as one workbook, blank or filled with ``plan``; `load` reads it. Raises UsageError when the file exists
    or is not named .xlsx, OutputError when it cannot be written."""
    from planner.write.xlsx.plan_workbook import write_plan_workbook

    return write_plan_workbook(Path(path), plan)


def refresh(folder: str | Path, workbook: str | Path) -> list[str]:
    """Write the tables of a finished run into the `plan_*` sheets of a user's workbook; all else in it stays as it is.

    Returns the names of the sheets. Raises UsageError for a folder that is no whole result or is of another contract, and for a
    workbook that is open, read-only, or in which a sheet or name of ours is not ours; VerificationError for a result that was
    edited; InputError for a file that is no workbook."""
    from planner.runs.read import contents
    from planner.schema.results import CSV_ONLY
    from planner.write.folder.result_folder import FOLDER_ENTRIES
    from planner.write.xlsx.user_workbook import refresh_workbook

    written, lines = contents(Path(folder), without=CSV_ONLY)
    record = {key: value for key, value in written.manifest.items() if key not in FOLDER_ENTRIES}
    return refresh_workbook(Path(workbook), written.tables, lines, record)


def verify(folder: str | Path) -> Verdict:
    """Judge a finished run from its written tables alone."""
    from planner.verify.verify import verify as judge

    return judge(Path(folder))


def crossover(plan: Plan, progress: Progress | None = None) -> Crossover:
    """How far orbit is from being the cheapest place for the next chip, under both boundaries."""
    from planner.studies.crossover import crossover as find

    try:
        return find(plan, progress)
    except InfeasibleError as error:
        raise _diagnosed(plan, error, progress or Progress()) from error


def sweep(plan: Plan, vary: Sequence[str], progress: Progress | None = None, *, keep: bool = False) -> Sweep:
    """The plan with every combination of some values (`demand.doubling_months=4..12:5`), each solved to its optimum.

    Points that no plan meets are rows with that status. ``keep``: at Ctrl-C what is done is returned, the rest as `not_solved`.
    Raises UsageError for a key or range that is none; InputError, before anything is solved, for a value that is refused."""
    from planner.studies.sweep import read_axis, sweep as solve_all
    from planner.tables.result import make_result

    def headlines(one: Plan, solution: Solution) -> Sequence[SummaryLine]:
        return make_result(one, solution).summary

    return solve_all(plan, [read_axis(text) for text in vary], headlines, progress, keep)


def pareto(plan: Plan, totals: str, points: int = 20, progress: Progress | None = None) -> Frontier:
    """The frontier of cost against carbon (`cost,carbon`) or served compute (`cost,served`), with the price of a unit less.

    What each counts is told in `planner.studies.pareto`. Raises UsageError, and what `solve` raises."""
    from planner.prepare.plan_data import prepare
    from planner.studies.pareto import pareto as trace

    progress = progress or Progress()
    try:
        return trace(prepare(plan), totals, points, progress)
    except InfeasibleError as error:
        raise _diagnosed(plan, error, progress) from error


def _diagnosed(plan: Plan, error: InfeasibleError, progress: Progress) -> InfeasibleError:
    """The same refusal, with its reasons."""
    from planner.studies.infeasible import diagnose

    with progress.phase("diagnose"):
        found = diagnose(plan, error.form)
    return InfeasibleError("\n".join(found.lines()), found.record())


def explain(folder: str | Path, limits: int = 10, estimates: bool = False, progress: Progress | None = None) -> Explanation:
    """Why a finished run is as it is. The first ``limits`` limits are solved again with one unit more and one unit less;
    ``estimates``: also what each input does to the cost. Raises UsageError for a folder that holds no run."""
    from planner.studies.explain.reopened import open_run
    from planner.studies.explain.report import explain_run

    return explain_run(open_run(Path(folder), progress), limits, estimates, progress)


def why(folder: str | Path, question: str, progress: Progress | None = None) -> Why:
    """Why a place is as it is in a month (`region=us_ohio,month=2027-03`), or a value (`...,option=grid`), of a finished run.

    Raises UsageError for a folder that holds no run, InputError for a question that names what the plan does not know."""
    from planner.studies.explain.question import read_question
    from planner.studies.explain.reopened import open_run
    from planner.studies.explain.why import why as answer

    run = open_run(Path(folder), progress)
    return answer(run, read_question(question, run.data), progress)


def compare(a: str | Path, b: str | Path) -> Comparison:
    """What differs between two finished runs in inputs, plan and cost, from their written files alone.

    Raises UsageError for a folder that is no whole result."""
    from planner.runs.compare import compare as beside

    return beside(Path(a), Path(b))


def groups(folder: str | Path, base: str | Path | None = None) -> Groups:
    """What each group of regions does in a finished run, and what it saves against another, from written files alone.

    Raises UsageError for a folder that is no whole result, or a plan whose regions have no group."""
    from planner.runs.groups import groups as grouped

    return grouped(Path(folder), None if base is None else Path(base))


def _confirmed(folder: Path) -> Verdict:
    from planner.errors import VerificationError

    verdict = verify(folder)
    if not verdict.ok:
        raise VerificationError("the plan was solved but the judge does not confirm it:\n" + "\n".join(verdict.lines()))
    return verdict
