"""`planner backtest`: what it costs not to know, and how much plans move from month to month."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import planner
from planner.cli.answers import Answer
from planner.cli.commands.shared import (
    ONLY_OUT,
    Command,
    add_out,
    add_plan,
    answer_at,
    in_rows,
    plan_file,
    saved,
    share,
    whole_number,
)
from planner.progress import Progress


def noise(text: str) -> tuple[str, float]:
    """`demand=5%` as ("demand", 0.05)."""
    kind, _, amount = text.partition("=")
    return kind.strip(), share(amount)


def whole_numbers(text: str) -> list[int]:
    """`0,3` as [0, 3]."""
    return [whole_number(0, 120)(each.strip()) for each in text.split(",")]


def amounts(text: str) -> list[float]:
    """`0,5000` as [0.0, 5000.0]."""
    try:
        values = [float(each) for each in text.split(",")]
    except ValueError:
        values = [-1.0]
    if not all(0.0 <= value < float("inf") for value in values):
        raise argparse.ArgumentTypeError(f"{text!r}: expected amounts of zero or more, such as 0,5000")
    return values


def _declare_backtest(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    parser.add_argument(
        "--truth",
        metavar="PLAN",
        type=Path,
        help="what really happens: a plan of the same months and names with other demand, deliveries, weather, prices or costs "
        "(the plan itself)",
    )
    parser.add_argument(
        "--noise",
        metavar="KIND=N%",
        type=noise,
        action="append",
        default=[],
        help="noise on the truth, repeatable: demand=5%% (one standard deviation of the error of a month's growth), "
        "deliveries=20%% (of the share that comes a month late)",
    )
    parser.add_argument("--seed", metavar="N", type=whole_number(0, 2**31), default=0, help="seed of the noise (0)")
    parser.add_argument("--step", metavar="N", type=whole_number(1, 120), default=1, help="months from plan to plan (1)")
    parser.add_argument(
        "--months",
        metavar="N",
        type=whole_number(1, 120),
        help="how many months to go through; those after them are known (all of the plan)",
    )
    parser.add_argument(
        "--freeze",
        metavar="N,...",
        type=whole_numbers,
        default=[],
        help="values of freeze_months to compare (0, and what the plan states)",
    )
    parser.add_argument(
        "--change",
        metavar="USD,...",
        type=amounts,
        default=[],
        help="values of change_usd_per_mw to compare (0, and what the plan states)",
    )
    add_out(parser, "also write two tables (CSV), a workbook and a chart (PNG) into this new folder")


def _backtest(args: argparse.Namespace, progress: Progress) -> Answer:
    path = plan_file(args.plan, progress)
    if args.out is not None:
        planner.check_out(args.out, "backtest")
    plan = planner.load(path, args.set, own_limits=args.own_limits)
    truth = None if args.truth is None else planner.load(plan_file(args.truth, progress))
    found = planner.backtest(
        plan,
        truth,
        step=args.step,
        months=args.months,
        freeze=args.freeze,
        change=args.change,
        noise=dict(args.noise),
        seed=args.seed,
        progress=progress,
    )
    _, written = saved(found, args.out, progress, "tables as CSV and as a workbook, a chart as PNG")
    record: dict[str, Any] = {"plan": found.plan, "truth": found.truth, "step": found.step, "months": found.lived_months}
    record |= {"folder": None if args.out is None else str(args.out), "tables": in_rows(found.tables())}
    return answer_at(args.out, found, record, written)


BACKTEST = Command(
    "roll a plan through its months against a truth other than its forecast: what not knowing costs, and how plans move",
    ONLY_OUT,
    _declare_backtest,
    _backtest,
    (
        "planner backtest my-plan/plan.yaml --months 12 --noise demand=5% --freeze 0,3",
        "the cost of imperfect foresight and of freezing three months, where demand differs from the forecast",
    ),
)
