"""`planner run`: check, build, solve, verify and write a plan."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path
from typing import Any

import planner
from planner.cli.answers import Answer
from planner.cli.commands.shared import (
    REPLACED,
    Command,
    add_allow,
    add_open,
    add_out,
    add_plan,
    allowed_words,
    done_at,
    in_browser,
    notice_lines,
    notice_records,
    plan_file,
)
from planner.deadline import Deadline
from planner.errors import PlannerError
from planner.progress import Progress


def _declare(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    add_allow(parser)
    add_out(parser, "result folder (default: results/<plan name>)")
    add_open(parser)
    parser.add_argument(
        "--into",
        metavar="MODEL.xlsx",
        type=Path,
        help="also write the result into the plan_* sheets of a workbook of your own; everything else in it stays as it is",
    )
    parser.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=_seconds,
        help="seconds until there is a plan, from reading on: where they end before an optimum is proven, a feasible plan is "
        "kept and its gap to a proven bound stated (exit code 6). It may take a tenth and 3 s longer; tables, verifier, "
        "workbook and report come on top, as without a limit. A limit too short for the size of the plan is named before "
        "anything is built",
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


def _run(args: argparse.Namespace, progress: Progress) -> Answer:
    deadline = Deadline(args.time_limit)
    path = plan_file(args.plan, progress)
    if args.out is not None:
        planner.check_out(args.out)
    if args.into is not None:
        planner.check_out(args.into, "refresh")
    with progress.phase("read"):
        plan = planner.load(path, args.set, own_limits=args.own_limits, allow=args.allow)
        notices = list(planner.check(plan, deadline))
    out: Path = args.out or Path("results") / plan.name
    planner.check_out(out)
    for line in notice_lines(notices, args.verbose):
        progress.say(line)
    done = planner.run(plan, out, progress, time_limit_s=deadline, plain=args.plain)
    first = " or ".join(name for name in ("report.html", "plan.xlsx") if (done.folder / name).exists())
    written = f"written: {done.folder}{os.sep}" + (f" (read {first} first)" if first else "")
    written += REPLACED if done.replaced else ""
    record = {
        "plan": plan.name,
        "folder": str(done.folder),
        "replaced": done.replaced,
        "set": list(args.set),
        "allowed": list(plan.settings.allow),
        "summary": [{"key": each.key, "value": each.value, "unit": each.unit, "text": each.text} for each in done.summary],
        "notices": notice_records(notices),
    }
    lines = [*planner.lines(done), ""]
    lines += [f"changed for this run: {'; '.join(args.set)}"] if args.set else []
    lines += allowed_words(plan)
    lines += [written, *([] if args.into is None else _refreshed(done.folder, args.into, progress))]
    lines += in_browser(done.folder / "report.html") if args.open else []
    return Answer(record, lines, [str(done.folder)], done.exit_code, done.status, done_at(done.folder))


def _refreshed(folder: Path, model: Path, progress: Progress) -> list[str]:
    """The result in the user's workbook too. What is raised says where the result is, and how to go on."""
    here = f"the result is in {folder}, but not in the workbook"
    then = f"planner refresh {shlex.quote(str(folder))} {shlex.quote(str(model))}"
    try:
        return refresh(folder, model, progress)[1]
    except PlannerError as error:
        raise PlannerError(f"{here}: {error}; then: {then}") from error
    except Exception:
        raise
    except BaseException as stopped:  # Ctrl-C, or a signal
        stopped.args = (f"{here}: {then}",)
        raise


def refresh(folder: Path, model: Path, progress: Progress) -> tuple[list[str], list[str]]:
    """A result in a workbook of the user's own: the names of the sheets, and what to say."""
    with progress.phase("refresh"):
        sheets = planner.refresh(folder, model)
    told = f"refreshed: {model} ({len(sheets)} sheets); formulas follow when it is opened, pivot tables when they are refreshed"
    return sheets, [told]


def _answer_refresh(args: argparse.Namespace, progress: Progress) -> Answer:
    sheets, lines = refresh(args.run, args.model, progress)
    record: dict[str, Any] = {"folder": str(args.run), "model": str(args.model), "sheets": sheets}
    return Answer(record, lines, quiet=[str(args.model)], done=f"refreshed: {args.model}")


def _declare_refresh(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", type=Path, help="the result folder of a run")
    parser.add_argument("model", metavar="MODEL.xlsx", type=Path, help="your workbook, closed; missing sheets are added")


RUN = Command(
    "check, build, solve, verify and write a plan",
    "print only the path of the result folder",
    _declare,
    _run,
    (
        "planner run my-plan/plan.yaml --set demand.doubling_months=6 -o results/faster",
        "the plan with demand that doubles twice a year",
    ),
)
REFRESH = Command(
    "write a finished run into the plan_* sheets of a workbook of your own; everything else in it stays as it is",
    "print only the path of the workbook",
    _declare_refresh,
    _answer_refresh,
    ("planner refresh results/my-plan budget.xlsx", "the tables of that run as sheets of your own workbook"),
)
