"""`planner ranges`, `alternatives` and `sensitivity`: which numbers are firm, plans as good, which assumptions decide."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import planner
from planner.cli.answers import INTERRUPTED, Answer
from planner.cli.commands.shared import (
    ONLY_OUT,
    Command,
    add_out,
    add_own_limits,
    add_plan,
    add_run,
    add_workers,
    answer_at,
    in_rows,
    kept_by_workers,
    named,
    plan_file,
    saved,
    share,
    whole_number,
    workers,
)
from planner.errors import UsageError
from planner.progress import Progress

WITHIN, BY, NUMBER = 0.01, 0.2, 3


def add_within(parser: argparse.ArgumentParser) -> None:
    """--within."""
    parser.add_argument(
        "--within",
        metavar="N%",
        type=share,
        default=WITHIN,
        help="how much more than the plan may be spent, not counting the value of unserved compute (1%%)",
    )


def _declare_ranges(parser: argparse.ArgumentParser) -> None:
    add_run(parser)
    add_within(parser)
    parser.add_argument(
        "--of",
        metavar="KIND,...",
        default="region,option,generation,year",
        help="which totals: region (IT in the last month), option (power capacity in the last month), generation (IT by chip "
        "in the last month), year (IT at the end of each year); all unless stated",
    )
    add_own_limits(parser)
    add_workers(parser)
    add_out(parser, "also write a table (CSV), a workbook and a chart (PNG) into this new folder")


def _ranges(args: argparse.Namespace, progress: Progress) -> Answer:
    if args.out is not None:
        planner.check_out(args.out, "ranges")
    of = [each.strip() for each in args.of.split(",")]
    found = planner.ranges(args.run, args.within, of, progress, own_limits=args.own_limits, **workers(args))
    _, written = saved(found, args.out, progress, "a table as CSV and as a workbook, a chart as PNG")
    record = {"folder": str(args.run), "plan": found.plan, "rows": found.rows.to_dict("records")}
    kept = ["", f"kept in {args.run}, for its report"]
    return Answer(record, [*planner.lines(found), *kept, *written], named([args.out]), done=f"the answer is in {args.run}")


RANGES = Command(
    "which totals of a finished run are firm: the least and the most of each at nearly the same cost",
    ONLY_OUT,
    _declare_ranges,
    _ranges,
    ("planner ranges results/my-plan --within 1%", "which parts of the plan could change for 1 % more cost"),
)


def _declare_alternatives(parser: argparse.ArgumentParser) -> None:
    add_run(parser)
    add_within(parser)
    parser.add_argument(
        "--number", metavar="N", type=whole_number(1, 20), default=NUMBER, help=f"how many alternatives ({NUMBER})"
    )
    add_own_limits(parser)
    add_out(
        parser,
        "the folder for a verified run of each, a page that compares them, tables (CSV, workbook) and a chart (PNG); default: "
        "RUN-alternatives. Ctrl-C keeps those that are written (exit code 130)",
    )


def _alternatives(args: argparse.Namespace, progress: Progress) -> Answer:
    if args.out is not None:
        planner.check_out(args.out, "alternatives")
    found = planner.alternatives(args.run, args.within, args.number, args.out, progress, own_limits=args.own_limits, keep=True)
    out = found.page.parent if len(found.rows) else None
    record: dict[str, Any] = {"folder": str(args.run), "plan": found.plan, "out": None if out is None else str(out)}
    record |= {"asked": found.asked, "page": None if out is None else str(found.page)}
    record |= in_rows(found.tables())
    written = [] if out is None else ["", f"written: {out}/ (read {found.page.name} first)"]
    code = INTERRUPTED if found.interrupted else 0
    return answer_at(out, found, record, written, code)


ALTERNATIVES = Command(
    "other plans at nearly the same cost that differ from a finished run, and from each other, as much as they can",
    "print only the folder of the alternatives",
    _declare_alternatives,
    _alternatives,
    ("planner alternatives results/my-plan --within 1% --number 3", "three other plans for 1 % more cost, side by side"),
)


def _declare_sensitivity(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    parser.add_argument(
        "--by", metavar="N%", type=share, default=BY, help="by how much each group of numbers is lowered and raised (20%%)"
    )
    parser.add_argument(
        "--of",
        metavar="KIND,...",
        default="estimates,groups",
        help="which assumptions: estimates (of the table of sources, at their low and high ends), groups (demand, prices of "
        "energy and so on), files (those of --ends alone); estimates and groups unless stated",
    )
    parser.add_argument(
        "--ends",
        metavar="FOLDER",
        type=Path,
        help="also assumptions that no number of the plan states: a folder with a plan for either end of each, NAME.low.yaml "
        "and NAME.high.yaml",
    )
    parser.add_argument(
        "--interactions",
        action="store_true",
        help="also solve each pair of the five that change the objective most: what both do together beyond the sum of each",
    )
    many = parser.add_mutually_exclusive_group()
    many.add_argument(
        "--morris",
        metavar="N",
        type=whole_number(2, 1000),
        help="change all at once instead: N trajectories of elementary effects, each of as many plans as there are "
        "assumptions, plus one (extra sensitivity)",
    )
    many.add_argument(
        "--sobol",
        metavar="N",
        type=whole_number(2, 4096),
        help="change all at once instead: shares of the variance, from N groups, each of as many plans as there are "
        "assumptions, plus two; N is a power of two (extra sensitivity)",
    )
    parser.add_argument("--seed", metavar="N", type=whole_number(0, 2**31), default=0, help="seed of the sample (0)")
    add_workers(parser)
    add_out(
        parser,
        "a folder for the tables (CSV, workbook), a page and a chart (PNG); it keeps each point as soon as it is solved, and a "
        "later call with the same folder solves the rest",
    )


def _sensitivity(args: argparse.Namespace, progress: Progress) -> Answer:
    path, method = plan_file(args.plan, progress), "morris" if args.morris else "sobol"
    number = args.morris or args.sobol
    if number and (args.ends is not None or args.interactions):
        raise UsageError(f"--{method} samples numbers of the plan: give it without --ends and --interactions")
    if args.out is not None:
        planner.check_out(args.out, "sensitivity")
    plan = planner.load(path, args.set, own_limits=args.own_limits)
    of, by = [each.strip() for each in args.of.split(",")], kept_by_workers(args)
    found: Any
    if number:
        found = planner.global_sensitivity(plan, method, number, args.by, of, progress, seed=args.seed, **by)
    else:
        found = planner.sensitivity(plan, args.by, of, progress, ends=args.ends, interactions=args.interactions, **by)
    what = "tables as CSV and as a workbook" if number else "tables as CSV and as a workbook, a page, a chart as PNG"
    _, written = saved(found, args.out, progress, what)
    record: dict[str, Any] = {"plan": plan.name, "folder": None if args.out is None else str(args.out), "kept": found.kept}
    tables = in_rows(found.tables())
    record |= {"rows": tables.pop("global_sensitivity" if number else "sensitivity"), **tables}
    return answer_at(args.out, found, record, written)


SENSITIVITY = Command(
    "which assumptions decide: each estimate and each group of numbers lower and higher, solved again",
    ONLY_OUT,
    _declare_sensitivity,
    _sensitivity,
    ("planner sensitivity my-plan/plan.yaml --by 20% -o results/tornado", "what moves cost, service and dark chips most"),
)
