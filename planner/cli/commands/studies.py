"""`planner explain`, `crossover`, `sweep` and `orbit`: questions about a plan or a finished run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import planner
from planner.cli.answers import INTERRUPTED, Answer
from planner.cli.commands.shared import (
    ONLY_OUT,
    PLAN,
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
    whole_number,
    workers,
)
from planner.errors import UsageError
from planner.progress import Progress

POINTS = 20
SEVERAL = "overturn solves the plan up to eleven times: seconds for a small plan, minutes for one like the reference"
LONG = "crossover solves the plan 14 times or more: seconds for a small plan, minutes for one like the reference"


def _declare_explain(parser: argparse.ArgumentParser) -> None:
    add_run(parser, nargs="?", help="the result folder of a run (not with --model)")
    parser.add_argument(
        "--why",
        metavar="KEY=VALUE,...",
        help="ask about one place and month, or one value. Examples: region=us_ercot_texas,month=2027-03, "
        "region=us_ercot_texas,option=grid,month=2027-03, class=batch,pool=US,month=2028-01",
    )
    parser.add_argument(
        "--limits",
        metavar="N",
        type=whole_number(0, 1000),
        default=10,
        help="how many limits to solve with one unit more and less (10)",
    )
    parser.add_argument(
        "--estimates",
        action="store_true",
        help="also show what 10 %% more of each input does to the cost and how much rests on estimates (a minute or two)",
    )
    parser.add_argument(
        "--remedies",
        action="store_true",
        help="also solve the first ten remedies again: what more of a limit costs, saves and powers, what saves most above its "
        "cost first",
    )
    parser.add_argument("--model", action="store_true", help="list every constraint: formula, reason, what its price means")
    add_own_limits(parser)
    add_out(parser)


def _explain(args: argparse.Namespace, progress: Progress) -> Answer:
    """Explain a run, one place or value of it, or the model itself."""
    if args.model:
        if args.run is not None or args.why is not None or args.estimates or args.remedies or args.out is not None:
            raise UsageError("--model explains the model itself: give it alone")
        chapters = planner.constraints()
        return Answer({"chapters": chapters}, planner.lines(chapters), quiet=[])
    if args.run is None:
        raise UsageError("give the result folder of a run, or --model")
    if args.why is not None and (args.estimates or args.remedies or args.out is not None):
        raise UsageError("--why answers one question: give it without --estimates, --remedies and --out")
    if args.out is not None:
        planner.check_out(args.out, "explain")
    record: dict[str, Any] = {"folder": str(args.run)}
    if args.why is not None:
        reply = planner.why(args.run, args.why, progress, own_limits=args.own_limits)
        return Answer({**record, **reply.record()}, planner.lines(reply), quiet=[])
    answer = planner.explain(
        args.run,
        limits=args.limits,
        estimates=args.estimates,
        remedies=args.remedies,
        progress=progress,
        own_limits=args.own_limits,
    )
    _, written = saved(answer, args.out, progress)
    record |= {**answer.record(), "out": None if args.out is None else str(args.out)}
    return answer_at(args.out, answer, record, written)


def _overturn(args: argparse.Namespace, progress: Progress) -> Answer:
    if args.out is not None:
        planner.check_out(args.out, "overturn")
    progress.say(SEVERAL)
    found = planner.overturn(args.run, progress, own_limits=args.own_limits)
    _, written = saved(found, args.out, progress)
    record = {"folder": str(args.run), "plan": found.plan, "rows": found.rows.to_dict("records")}
    kept = ["", f"kept in {args.run}, for its report"]
    return Answer(record, [*planner.lines(found), *kept, *written], named([args.out]), done=f"the answer is in {args.run}")


def _declare_overturn(parser: argparse.ArgumentParser) -> None:
    add_run(parser)
    add_own_limits(parser)
    add_out(parser)


def _declare_crossover(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    add_workers(parser)
    add_out(parser)


def _crossover(args: argparse.Namespace, progress: Progress) -> Answer:
    path = plan_file(args.plan, progress)
    if args.out is not None:
        planner.check_out(args.out, "crossover")
    with progress.phase("read"):
        plan = planner.load(path, args.set, own_limits=args.own_limits)
    progress.say(LONG)
    found = planner.crossover(plan, progress, **workers(args))
    _, written = saved(found, args.out, progress)
    record: dict[str, Any] = {"plan": plan.name, "folder": None if args.out is None else str(args.out)}
    record |= {"thresholds": found.thresholds.to_dict("records"), "agreement": found.agreement or None}
    record["distance"] = in_rows(found.entries)
    return answer_at(args.out, found, record, written)


def _declare_sweep(parser: argparse.ArgumentParser) -> None:
    add_plan(parser, nargs="+", help=f"one or more: {PLAN}")
    parser.add_argument(
        "--vary",
        metavar="KEY=a..b:n",
        action="append",
        default=[],
        help="solve each plan with n numbers from a to b at equal steps, or with KEY=a,b,c these values; KEY as for --set "
        "(KEY*= scales); repeatable, for every combination. Ctrl-C keeps the points that are solved; the others are written as "
        "not_solved (exit code 130)",
    )
    parser.add_argument(
        "--in-rows",
        action="store_true",
        help="with several --vary: the first value of each, then the second and so on, instead of every combination",
    )
    parser.add_argument(
        "--runs",
        metavar="FILE",
        type=Path,
        help="a table of runs, a CSV file or a workbook: one row per run, one column per KEY (or KEY*); an empty cell changes "
        "nothing; the column plan names the file of a plan, the column name the run",
    )
    add_workers(parser)
    parser.add_argument(
        "--pareto",
        metavar="cost,carbon|cost,served",
        help="the least cost at each amount of carbon over the whole plan, or of served compute, with the price of one unit "
        "less. With carbon, the cost includes unserved compute at its value; with served, it does not",
    )
    parser.add_argument("--points", metavar="N", type=int, help=f"points of --pareto, both ends included (default: {POINTS})")
    add_out(
        parser,
        "a folder for the table (CSV, workbook), a page and a chart (PNG); it keeps each point as soon as it is solved, and a "
        "later sweep with the same folder solves the rest",
    )


def _sweep(args: argparse.Namespace, progress: Progress) -> Answer:
    """Solve a plan many times; the folder appears whole at the end, or not at all."""
    paths = [plan_file(each, progress) for each in args.plan]
    if args.points is not None and args.pareto is None:
        raise UsageError("--points belongs to --pareto; --vary states the number of values after the colon")
    if args.pareto is not None and (args.vary or args.runs or len(paths) > 1):
        raise UsageError("--pareto is not allowed with --vary, --runs or several plans")
    if args.runs is not None and (args.vary or args.in_rows):
        raise UsageError("--runs states every run: give it without --vary and --in-rows")
    if args.out is not None:
        planner.check_out(args.out, "sweep")
    plans = [planner.load(path, args.set, own_limits=args.own_limits) for path in paths]
    plan = plans[0]
    record: dict[str, Any] = {"plan": plan.name, "folder": None if args.out is None else str(args.out)}
    found: Any
    if args.pareto is not None:
        points = POINTS if args.points is None else args.points
        found = planner.pareto(plan, args.pareto, points, progress, **workers(args))
        code, more = 0, dict[str, Any](pareto=args.pareto, checks=found.checks)
    else:
        found = planner.sweep(
            plans, args.vary, progress, runs=args.runs, in_rows=args.in_rows, keep=True, **kept_by_workers(args)
        )
        failures = [{"point": number, "message": str(error)} for number, error in found.failures.items()]
        more = {"vary": list(args.vary), "solved": found.solved, "warm": found.warm, "kept": found.kept}
        more["failures"] = failures
        unsolved = 0 if found.solved else next((error.exit_code for error in found.failures.values()), 0)
        code = INTERRUPTED if found.interrupted else unsolved
    _, written = saved(found, args.out, progress, "a table as CSV and as a workbook, a page, a chart as PNG")
    record |= {**more, "points": found.points.to_dict("records")}
    return answer_at(args.out, found, record, written, code)


def _declare_orbit(parser: argparse.ArgumentParser) -> None:
    add_plan(parser, nargs="?", help="the plan file (default: the starting plan)")
    add_out(parser, "a folder for CSV tables and a picture of each design")


def _orbit(args: argparse.Namespace, progress: Progress) -> Answer:
    """Each orbital design of a plan, from physics and prices alone: nothing is solved."""
    from planner.api import STARTING_PLAN

    path = STARTING_PLAN if args.plan is None else plan_file(args.plan, progress)
    if args.out is not None:
        planner.check_out(args.out, "orbit")
    if args.plan is None:
        progress.say("no plan given: this is the one that `planner new` copies")
    with progress.phase("read"):
        plan = planner.load(path, args.set, own_limits=args.own_limits)
    with progress.phase("orbit"):
        report = planner.orbit(plan)
    files, written = saved(report, args.out, progress, "tables as CSV, a picture of each design")
    record: dict[str, Any] = {"plan": plan.name, "folder": None if args.out is None else str(args.out), "files": files}
    record["tables"] = in_rows(report.tables())
    return answer_at(args.out, report, record, written)


OVERTURN = Command(
    "what would overturn a finished run: five assumptions, each lower and higher, solved again",
    ONLY_OUT,
    _declare_overturn,
    _overturn,
    ("planner overturn results/my-plan", "which assumptions would change the first orders, the largest site, or orbit"),
)
EXPLAIN = Command(
    "explain a finished run: limits and prices, what is not used, where each number comes from",
    ONLY_OUT,
    _declare_explain,
    _explain,
    ("planner explain results/my-plan --why region=us_ohio,month=2027-03", "why that place is as it is in that month"),
)
CROSSOVER = Command(
    "how far orbit is from being part of the least-cost plan, each threshold solved on both sides",
    ONLY_OUT,
    _declare_crossover,
    _crossover,
    ("planner crossover my-plan/plan.yaml", "from which launch price, mass and value of compute on orbit would be built"),
)
SWEEP = Command(
    "solve many plans: every combination of some values, or the frontier of cost against carbon or served compute",
    ONLY_OUT,
    _declare_sweep,
    _sweep,
    (
        "planner sweep my-plan/plan.yaml --vary demand.doubling_months=4..12:5 -o results/demand",
        "the plan under five growth rates of demand, as a table and a chart",
    ),
)
ORBIT = Command(
    "mass, size, light, price and break-even of each orbital design of a plan, without solving it",
    ONLY_OUT,
    _declare_orbit,
    _orbit,
    ("planner orbit reference -o orbit", "the designs of the reference plan, with a picture of each"),
)
