"""Write a solved plan as a run, verified before its folder appears; and pages of runs that are finished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from planner import memory
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.plan.plan import Plan
    from planner.result import Result
    from planner.studies.report_input import Finished
    from planner.verify.verdict import Verdict
    from planner.write.helper_process import Helper

LONG = 200
"""Regions times months from which a helper process pays; under a limit of memory it also keeps an abort from this one."""


@contextmanager
def helper_of(plan: Plan) -> Iterator[Helper]:
    """The helper process for what a plan writes; code of the user's own stays in this process."""
    from planner.write.helper_process import Helper

    memory.require_for_charts()
    helped = len(plan.tables["regions"]) * plan.settings.months >= LONG or memory.limited()
    with Helper(helped and not plan.own_limits) as helper:
        if helper.runs:
            helper.begin(_load_writers)
        yield helper


def write_verified(result: Result, out: Path, helper: Helper, progress: Progress) -> tuple[Path, Verdict]:
    """Write a run into ``out``, which appears only when the verifier has confirmed the plan. Returns the folder, and what was
    verified. Raises VerificationError, UsageError and OutputError."""
    from planner.write.folder.result_folder import write_run
    from planner.write.xlsx.run_workbook import write_xlsx

    verdicts: list[Verdict] = []

    def confirm(folder: Path) -> None:
        with progress.phase("verify"):
            verdicts.append(_confirmed(folder))

    def tell(folder: Path) -> None:
        from planner.studies.report_input import finished
        from planner.write.report import report_html

        with progress.phase("report"):
            (folder / "report.html").write_bytes(report_html(finished(folder, verdicts[0], result.plan), helper.ask).encode())

    with progress.phase("write"):
        folder = write_run(result, out, workbook=partial(helper.begin, write_xlsx), verify=confirm, report=tell)
    return folder, verdicts[0]


def write_page(path: Path, runs: Sequence[Finished], progress: Progress) -> None:
    """Write the report of a run, or the comparison of the first of several with the others. Raises OutputError."""
    from planner.runs.compare import compare_written
    from planner.write.folder.result_folder import new_report
    from planner.write.report import report_html, scenarios_html

    with progress.phase("report"), new_report(path) as partial:
        first, *others = runs
        compared = [compare_written(first.written, other.written) for other in others]
        partial.write_bytes((scenarios_html(runs, compared) if others else report_html(first)).encode())


def _load_writers() -> None:
    """Load what writing a run needs whatever the plan, in a helper process while the solver works."""
    import planner.read.load
    import planner.write.xlsx.run_workbook  # noqa: F401
    from planner.write.charts.draw import warm_up

    warm_up()


def _confirmed(folder: Path) -> Verdict:
    from planner.errors import VerificationError
    from planner.verify.verify import verify as verify_folder

    verdict = verify_folder(folder)
    if not verdict.ok:
        raise VerificationError("the plan was solved, but the verifier does not confirm it:\n" + "\n".join(verdict.lines()))
    return verdict
