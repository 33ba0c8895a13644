"""`planner sweep`."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from planner.cli.answer import Answer
from planner.cli.arguments import add_out, add_plan, add_set, plan_file, stands
from planner.cli.exit_codes import INTERRUPTED
from planner.errors import UsageError
from planner.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

    from planner.plan.plan import Plan

WORDS = "many plans: every combination of some values, or the frontier of cost against carbon or served compute"
QUIET = "no talk: print only the folder given with --out, if any"
POINTS = 20


def declare(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    add_set(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--vary",
        metavar="KEY=a..b:n",
        action="append",
        default=[],
        help="solve the plan with n numbers from a to b at equal steps, KEY as for --set (KEY*= scales); repeatable: then "
        "every combination. Ctrl-C keeps the points that are done, the others are written as not_solved (exit code 130)",
    )
    what.add_argument(
        "--pareto",
        metavar="cost,carbon|cost,served",
        help="the least cost at each amount of carbon over the whole plan, or of served compute, with the price of a unit "
        "less. For carbon, unserved compute counts into the cost at its value; for served, it does not",
    )
    parser.add_argument("--points", metavar="N", type=int, help=f"of --pareto, both ends among them (default: {POINTS})")
    add_out(parser, "a new folder for the table (CSV) and a chart (PNG)")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Solve a plan many times; the folder appears whole at the end, or not at all."""
    from planner import api
    from planner.write.folder.targets import require_new

    path = plan_file(args.plan)
    if args.points is not None and args.pareto is None:
        raise UsageError("--points belongs to --pareto; --vary says how many values after the colon")
    if args.out is not None:
        require_new(args.out)
    plan = api.load(path, args.set)
    work = _vary if args.pareto is None else _pareto
    return work(args, plan, progress)


def _pareto(args: argparse.Namespace, plan: Plan, progress: Progress) -> Answer:
    from planner import api
    from planner.write.charts.sweep import frontier_chart

    found = api.pareto(plan, args.pareto, POINTS if args.points is None else args.points, progress)
    record = {"plan": plan.name, "folder": None, "pareto": args.pareto, "checks": found.checks}
    chart = frontier_chart(found.points, found.cost, found.total, found.price)
    return _written(args, progress, record, "frontier", found.points, chart, found.lines())


def _vary(args: argparse.Namespace, plan: Plan, progress: Progress) -> Answer:
    from planner import api
    from planner.write.charts.sweep import sweep_chart

    found = api.sweep(plan, args.vary, progress, keep=True)
    record = {"plan": plan.name, "folder": None, "vary": list(args.vary), "solved": found.solved, "warm": found.warm}
    record["failures"] = [{"point": number, "message": str(error)} for number, error in found.failures.items()]
    chart = sweep_chart(found.points, [axis.name for axis in found.axes])
    code = 0
    if found.interrupted:
        code = INTERRUPTED
    elif not found.solved:
        code = next(iter(found.failures.values())).exit_code
    return _written(args, progress, record, "sweep", found.points, chart, found.lines(), code)


def _written(
    args: argparse.Namespace,
    progress: Progress,
    record: dict[str, Any],
    name: str,
    points: pd.DataFrame,
    chart: dict[str, Any],
    lines: list[str],
    code: int = 0,
) -> Answer:
    from planner.write.charts.draw import svg
    from planner.write.folder.study import write_study

    if args.out is not None:
        with progress.phase("write"):
            write_study(args.out, {name: points}, {name: svg(chart, name)})
            record["folder"] = str(args.out)
        lines = [*lines, f"written: {args.out}{os.sep} ({name}.csv, {name}.png)"]
    record["points"] = points.to_dict("records")
    return Answer(record, lines, quiet=[] if args.out is None else [str(args.out)], exit_code=code, stands=stands(args.out))
