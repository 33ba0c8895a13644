"""Everything that the command line does, as calls.

plan = load("inputs/reference.yaml", ["demand.doubling_months=6"])
done = run(plan, "results/faster-demand")
done.tables["chips"]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.api.finished import (
    compare as compare,
    groups as groups,
    open as open,  # noqa: A004 - a call of the package, used as planner.open
    result_folder as _result_folder,
    verify as verify,
)
from planner.api.maps import map_schema as map_schema, propose_map as propose_map
from planner.api.near_optimal import alternatives as alternatives
from planner.api.output import (
    check_out as check_out,
    completions as completions,
    export as export,
    json_text as json_text,
    lines as lines,
    plot as plot,
    save as save,
)
from planner.api.studies import (
    backtest as backtest,
    blank_actuals as blank_actuals,
    crossover as crossover,
    diagnosed as _diagnosed,
    global_sensitivity as global_sensitivity,
    jobs_by as _jobs_by,
    listed as _listed,
    pareto as pareto,
    plan_of as _plan_of,
    roll as roll,
    sensitivity as sensitivity,
    sweep as sweep,
)
from planner.api.writing import helper_of as _helper_of, write_page as _write_page, write_verified as _write_verified
from planner.deadline import NEVER, Deadline, Limit
from planner.errors import InfeasibleError
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.findings import Notice
    from planner.plan.plan import Plan
    from planner.result import Report, Result, Run
    from planner.studies.explain.catalogue import Chapter
    from planner.studies.explain.report import Explanation
    from planner.studies.explain.why import Why
    from planner.studies.orbit_design import OrbitReport
    from planner.studies.overturn import Overturn
    from planner.studies.ranges import Ranges
    from planner.write.questions import Questions

STARTING_PLAN = Path(__file__).parents[1] / "new" / "plan.yaml"
NEW_WORKBOOK = STARTING_PLAN.parents[1] / "new_workbook.yaml"


def load(path: str | Path, overrides: Sequence[str] = (), *, own_limits: bool = False, allow: Sequence[str] = ()) -> Plan:
    """Read a plan and everything it names. Raises InputError with every finding at once.

    ``path``: a file, or the name of a shipped plan (`reference`, `hourly`) where no file here bears it.
    ``own_limits``: execute the Python files that the plan lists under that key; without it such a plan cannot be solved.
    ``allow``: codes of warnings and notes that `check` leaves out, beside those that the plan allows."""
    from planner.read.load import load as read

    return read(path, _listed(overrides), own_limits, _listed(allow))


def find_plan(name: str | Path) -> Path:
    """The file that `load` reads: the path itself, or the file that the bare name of a shipped plan means."""
    from planner.read.files.source import plan_path

    return plan_path(Path(name))


def check(plan: Plan, deadline: Deadline = NEVER) -> Sequence[Notice]:
    """What arithmetic alone can say of a plan, before anything is solved. ``deadline``: of the command that is to solve it."""
    from planner.check.checks import check as look

    return look(plan, deadline=deadline)


def solve(
    plan: Plan | str | Path, progress: Progress | None = None, *, time_limit_s: Limit = None, plain: bool = False
) -> Result:
    """Solve a plan to a proven optimum and make its tables; nothing is written.

    With a time limit, for all but the tables, the record may say `time_limit` instead: the plan is feasible, its gap proven.
    A Deadline may have begun earlier. ``plain``: by HiGHS alone, without reductions or guesses; the same cost, but slower.
    Raises InfeasibleError, UnboundedError, NumericalError or TimeLimitError."""
    from planner.prepare.plan_data import prepare
    from planner.solve.highs import SolverOptions
    from planner.solve.solution import solve as optimise
    from planner.tables.result import make_result

    progress = progress or Progress()
    deadline = Deadline.of(time_limit_s)
    whole = _plan_of(plan)
    with progress.phase("prepare"):
        data = prepare(whole)
    try:
        solution = optimise(data, SolverOptions(plain=plain), progress, deadline)
    except InfeasibleError as error:
        if deadline.left <= 0.0:
            raise InfeasibleError(f"{error}; the time limit leaves no time to find out why", error.diagnosis) from error
        raise _diagnosed(whole, error, progress) from error
    with progress.phase("tables"):
        result = make_result(whole, solution)
    result.record["timings"] = {**progress.seconds, "highs": solution.highs_seconds}
    return result


def run(
    plan: Plan | str | Path,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    time_limit_s: Limit = None,
    plain: bool = False,
) -> Run:
    """Solve, as `solve` does, write and verify. The folder appears only when the verifier has confirmed the plan.

    ``plan``: a plan, or what `load` reads as one. ``out``: default `results/` and the name of the plan.

    Raises what `solve` raises, and VerificationError when the verifier does not confirm. Where no plan meets all limits, the
    reasons are also written into the folder, unless it holds an earlier result."""
    from planner.result import Run
    from planner.runs.parent import parent_changes
    from planner.runs.since import since_of
    from planner.write.folder.replace import has_result
    from planner.write.folder.result_folder import refused
    from planner.write.folder.targets import require_target

    progress = progress or Progress()
    deadline = Deadline.of(time_limit_s)
    whole = _plan_of(plan)
    require_target(out := Path("results", whole.name) if out is None else Path(out))
    replaced = has_result(out)
    with _helper_of(whole) as helper:
        try:
            solved = solve(whole, progress, time_limit_s=deadline, plain=plain)
        except InfeasibleError as error:
            raise refused(error, whole.name, out) from error
        result = replace(solved, changes=parent_changes(whole))
        folder, verdict = _write_verified(result, out, helper, progress)
    return Run(folder, result, verdict, replaced, since_of(whole, result.tables))


def report(
    folders: Sequence[str | Path], out: str | Path | None = None, pdf: bool = False, progress: Progress | None = None
) -> Report:
    """Write the report of a finished run again, from its written files alone, or a comparison of several runs.

    ``out``: default `report.html` in the folder of the run, or `scenarios.html` next to the first of several. ``pdf``: also
    print it, under the same name. Raises UsageError for a folder that is no whole result, for an existing file that is not a
    report, and where no browser that could print is installed; OutputError when the system refuses."""
    from planner.result import Report
    from planner.studies.report_input import finished
    from planner.write.report.page import check_report_file
    from planner.write.report.pdf import browser, print_pdf

    progress = progress or Progress()
    runs = [_result_folder(folder) for folder in folders]
    path = Path(out) if out else runs[0] / "report.html" if len(runs) == 1 else runs[0].parent / "scenarios.html"
    check_report_file(path)
    if pdf:
        browser()
    with progress.phase("verify"):
        found = [finished(folder) for folder in runs]
    _write_page(path, found, progress)
    printed = None
    if pdf:
        with progress.phase("print"):
            printed = print_pdf(path, path.with_suffix(".pdf"))
    return Report(path, printed, tuple(each.verdict for each in found))


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a plan file: what each key means, its unit and bounds."""
    from planner.schema.settings import plan_json_schema

    return plan_json_schema()


def new(folder: str | Path, plan: Plan | None = None) -> list[str]:
    """Copy the starting plan into a folder that does not exist yet or is empty; returns the names of the files.

    ``plan``: the files of this plan instead, below a plan.yaml that extends it, unless it has that name itself.
    Raises UsageError for another folder, and a plan that is more than its files; OutputError when it cannot be written."""
    from planner.write.folder.study import copy_of, starting_plan, write_plan

    files = starting_plan(STARTING_PLAN.parent, Path(folder)) if plan is None else copy_of(plan, Path(folder))
    return write_plan(Path(folder), {**files, "plan.schema.json": (json_text(schema()) + "\n").encode()})


def write_workbook(path: str | Path, plan: Plan | None = None) -> Path:
    """Write a plan as one workbook to fill in, with the rows of ``plan`` or those of an example of one site; `load` reads it.

    Raises UsageError when the file exists or is not named .xlsx, OutputError when it cannot be written."""
    from planner.write.xlsx.plan_workbook import write_plan_workbook

    return write_plan_workbook(Path(path), load(NEW_WORKBOOK) if plan is None else plan)


def refresh(folder: str | Path, workbook: str | Path) -> list[str]:
    """Write the tables of a finished run into the `plan_*` sheets of a user's workbook; nothing else in it changes.

    Returns the names of the sheets. Raises UsageError for a folder that is no whole result of this contract, and for a workbook
    that is open, read-only, or uses our names itself; VerificationError for an edited result; InputError for no workbook."""
    from planner.runs.read import contents
    from planner.schema.results import CSV_ONLY
    from planner.write.folder.result_folder import FOLDER_ENTRIES
    from planner.write.xlsx.user_workbook import refresh_workbook

    written, lines = contents(_result_folder(folder), without=CSV_ONLY)
    record = {key: value for key, value in written.manifest.items() if key not in FOLDER_ENTRIES}
    return refresh_workbook(Path(workbook), written.tables, lines, record)


def explain(
    folder: str | Path,
    limits: int = 10,
    estimates: bool = False,
    progress: Progress | None = None,
    *,
    remedies: bool = False,
    own_limits: bool = False,
) -> Explanation:
    """Why a finished run is as it is. The first ``limits`` limits are solved with one unit more and less; ``estimates``: also
    what each input does to the cost; ``remedies``: ten remedies solved. Raises UsageError for a folder that holds no run."""
    from planner.studies.explain.reopened import open_run
    from planner.studies.explain.report import explain_run

    return explain_run(open_run(_result_folder(folder), progress, own_limits), limits, estimates, progress, remedies)


def overturn(folder: str | Path, progress: Progress | None = None, *, own_limits: bool = False) -> Overturn:
    """What would overturn a finished run: five assumptions, each lower and higher, solved again. The answer is kept in the
    folder, and its report, where it has one, is written again with it. Raises as `report` does."""
    from planner.schema.results import OVERTURNED
    from planner.studies.overturn import overturn as find

    found = find(run := _result_folder(folder), progress, own_limits)
    _keep(run, OVERTURNED, found.fingerprint, found.rows.to_dict("records"), progress)
    return found


def ranges(
    folder: str | Path,
    within: float = 0.01,
    of: Sequence[str] = ("region", "option", "generation", "year"),
    progress: Progress | None = None,
    *,
    own_limits: bool = False,
    workers: int = 1,
    scheduler: str | None = None,
) -> Ranges:
    """The least and the most that totals of a finished run can be among all plans whose paid cost is at most a share ``within``
    more and that serve no less. The answer is kept in the folder, and its report, where it has one, is written again with it.
    ``workers``, ``scheduler``: as for `sweep`. Raises UsageError for an unknown kind of total, and as `report` does."""
    from planner.schema.results import RANGES
    from planner.studies.ranges import ranges as find

    start = _jobs_by(workers, scheduler)
    found = find(run := _result_folder(folder), within, _listed(of), progress, own_limits, start)
    _keep(run, RANGES, found.fingerprint, found.rows.to_dict("records"), progress)
    return found


def _keep(run: Path, name: str, fingerprint: str, rows: Sequence[Any], progress: Progress | None) -> None:
    """Keep an answer in the folder of its run, whose report then shows it."""
    from planner.write.folder.result_folder import keep_answer

    keep_answer(run, name, {"fingerprint": fingerprint, "rows": rows})
    if (run / "report.html").is_file():
        report([run], progress=progress)


def answer(folder: str | Path, base: str | Path | None = None, progress: Progress | None = None) -> Questions:
    """Plain questions about a finished run, one sentence each. ``base``: another run, whose comparison is kept in the
    folder; its report, where it has one, is written again with it. Raises UsageError for no run, or other months,
    VerificationError for an edited run."""
    from planner.read.load import load as load_plan
    from planner.runs.read import contents
    from planner.schema.results import SAVED
    from planner.studies.questions import facts, saving
    from planner.write.questions import questions

    run = _result_folder(folder)
    written, _ = contents(run)
    if base is not None:
        saved = saving(written, contents(_result_folder(base))[0])
        _keep(run, SAVED, written.manifest["model"]["fingerprint"], [saved], progress)
    return questions(written, facts(written, load_plan(run / "inputs" / "plan.yaml")))


def why(folder: str | Path, question: str, progress: Progress | None = None, *, own_limits: bool = False) -> Why:
    """Why a place is as it is in a month (`region=us_ohio,month=2027-03`), or a value (`...,option=grid`), of a finished run.
    Raises UsageError for a folder that holds no run, InputError for a question that names what the plan does not know."""
    from planner.studies.explain.question import read_question
    from planner.studies.explain.reopened import open_run
    from planner.studies.explain.why import why as answer

    run = open_run(_result_folder(folder), progress, own_limits)
    return answer(run, read_question(question, run.data), progress)


def orbit(plan: Plan) -> OrbitReport:
    """Mass, area, light, cost and break-even of each orbital design; nothing is solved. UsageError for a plan without one."""
    from planner.studies.orbit_design import orbit_report

    return orbit_report(plan)


def constraints() -> list[Chapter]:
    """Every constraint of the model, chapter by chapter: formula, reason, what its dual is worth."""
    from planner.studies.explain.catalogue import catalogue

    return catalogue()
