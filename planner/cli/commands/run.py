"""`planner run`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from planner.cli.answer import Answer
from planner.cli.arguments import (
    add_open,
    add_out,
    add_plan,
    add_set,
    notice_lines,
    notice_records,
    plan_file,
    shell,
    show,
    stands,
)
from planner.errors import InfeasibleError, PlannerError
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.api import Run
    from planner.result import SummaryLine

WORDS = "check, build, solve, verify and write a plan"
QUIET = "no talk: print only the result folder"


def declare(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    add_set(parser)
    add_out(parser, "result folder (default: results/<plan name>)")
    add_open(parser)
    parser.add_argument(
        "--into",
        metavar="MODEL.xlsx",
        type=Path,
        help="also write the result into the plan_* sheets of a workbook of your own, and touch nothing else in it",
    )
    parser.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=_seconds,
        help="seconds for the solver to prove an optimum; then the best feasible plan that can be made is kept, its gap to a "
        "proven bound stated (exit code 6). Making it takes time beyond the limit",
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        help="solve the program as it stands by HiGHS alone, without reductions or guesses: the same cost, but slower",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = float("nan")
    if not 0.0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number of seconds, 0 or more, not {text!r}")
    return seconds


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Check, build, solve, verify, write."""
    from planner import api
    from planner.write.folder.replace import has_result
    from planner.write.folder.targets import require_target
    from planner.write.text.changes import changed_words

    path = plan_file(args.plan)
    if args.out is not None:
        require_target(args.out)
    if args.into is not None:
        from planner.write.xlsx.user_workbook import require_refreshable

        require_refreshable(args.into)
    with progress.phase("read"):
        plan = api.load(path, args.set)
        notices = list(api.check(plan))
    out: Path = args.out or Path("results") / plan.name
    require_target(out)
    replaced = has_result(out)
    for line in notice_lines(notices, args.verbose):
        progress.say(line)
    options = None
    if args.time_limit is not None or args.plain:
        from planner.solve.highs import SolverOptions

        options = SolverOptions(time_limit_s=args.time_limit, plain=args.plain)
    try:
        done = api.run(plan, out, options, progress)
    except InfeasibleError as error:
        raise reported(error, plan.name, out) from error
    first = " or ".join(name for name in ("report.html", "plan.xlsx") if (done.folder / name).exists())
    written = f"written: {done.folder}{os.sep}" + (f" (read {first} first)" if first else "")
    if replaced:
        written += "; replaced the earlier result"
    changed = changed_words(args.set)
    result = {
        "plan": plan.name,
        "folder": str(done.folder),
        "replaced": replaced,
        "set": list(args.set),
        "summary": [{"key": each.key, "value": each.value, "unit": each.unit, "text": each.text} for each in done.summary],
        "notices": notice_records(notices),
    }
    refreshed = [] if args.into is None else [_refresh(done.folder, args.into, progress)]
    opened = show(done.folder / "report.html") if args.open else []
    lines = [*summary_lines(done.summary), *_charts(done), "", *([changed] if changed else []), written, *refreshed, *opened]
    return Answer(
        result, lines, quiet=[str(done.folder)], exit_code=done.exit_code, status=done.status, stands=stands(done.folder)
    )


def _refresh(folder: Path, model: Path, progress: Progress) -> str:
    """The result in the user's workbook too. What is raised says that the result stands, and how to go on."""
    from planner import api
    from planner.cli.commands.refresh import into_words

    stands, then = f"the result stands in {folder}, but not in the workbook", f"planner refresh {shell(folder)} {shell(model)}"
    try:
        with progress.phase("refresh"):
            return into_words(model, api.refresh(folder, model))
    except PlannerError as error:
        raise PlannerError(f"{stands}: {error}; then: {then}") from error
    except Exception:
        raise
    except BaseException as stopped:  # Ctrl-C, or a signal
        stopped.args = (f"{stands}: {then}",)
        raise


def _charts(done: Run) -> list[str]:
    """Small charts where a person watches and there is room; nothing where the terminal cannot show their blocks."""
    import shutil
    import sys

    from planner.write.text.charts import chart_lines

    if sys.stdout is None or not sys.stdout.isatty():
        return []
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    inputs = {name: table.frame for name, table in done.result.plan.tables.items()}
    lines = chart_lines(done.tables, inputs, shutil.get_terminal_size((0, 0)).columns, colour)
    try:
        "".join(lines).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return []
    return lines


def reported(error: InfeasibleError, plan: str, out: Path) -> InfeasibleError:
    """The same refusal, written down beside no result."""
    from planner.write.folder.result_folder import write_refusal

    if error.diagnosis is None:
        return error
    report = write_refusal(str(error).splitlines(), {"plan": plan, **error.diagnosis}, out)
    words = f"{error}\nwritten: {report}" if report else f"{error}\n{out} stays as it is"
    return InfeasibleError(words, error.diagnosis)


def summary_lines(summary: Iterable[SummaryLine]) -> list[str]:
    """The sentences of the summary; a line without one is a number for machines."""
    return [line.text for line in summary if line.text]
