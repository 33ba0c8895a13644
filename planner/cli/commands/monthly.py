"""`planner roll`: the plan of a later month."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path

import planner
from planner.cli.answers import Answer
from planner.cli.commands.shared import Command, add_run, done_at
from planner.progress import Progress


def _declare(parser: argparse.ArgumentParser) -> None:
    add_run(parser)
    parser.add_argument("--to", metavar="MONTH", required=True, help="first month of the new plan, as 2027-02")
    parser.add_argument(
        "-o", "--out", metavar="DIR", type=Path, required=True, help="a folder that does not exist yet, or is empty"
    )


def _roll(args: argparse.Namespace, progress: Progress) -> Answer:
    done = planner.roll(args.run, args.to, args.out, progress)
    plan = args.out / "plan.yaml"
    count = len(done.changes)
    lines = [
        *done.notices,
        f"The plan of {args.to}: {plan}",
        f"{count} cells and rows differ from the plan before: {args.out}{os.sep}changes.csv",
        f"Next: planner run {shlex.quote(str(plan))}",
    ]
    record = {"run": str(args.run), "to": args.to, "folder": str(args.out), "plan": str(plan), "changes": count}
    return Answer(record, lines, quiet=[str(plan)], done=done_at(args.out))


ROLL = Command(
    "write the plan of a later month from a finished run: what exists then, what is under way, and all else as planned",
    "print only the path of the plan file",
    _declare,
    _roll,
    ("planner roll results/my-plan --to 2027-02 --out february", "the plan of February, from what January's plan has by then"),
)
