"""`planner check`."""

from __future__ import annotations

import argparse

from planner.cli.answer import Answer
from planner.cli.arguments import add_plan, add_set, notice_lines, notice_records, plan_file
from planner.progress import Progress

WORDS = "read and check a plan, solve nothing"
QUIET = "print nothing about a sound plan: the exit code tells"


def declare(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    add_set(parser)


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Read and check everything, solve nothing."""
    from planner import api

    path = plan_file(args.plan)
    with progress.phase("check"):
        plan = api.load(path, args.set)
        notices = list(api.check(plan))
    tables = sum(1 for table in plan.tables.values() if len(table))  # those that a plan does without are empty
    count = f"{len(notices)} notice{'' if len(notices) == 1 else 's'}" if notices else "nothing to note"
    lines = [*notice_lines(notices, args.verbose), f"{plan.name}: the plan and its {tables} tables are sound; {count}"]
    return Answer({"plan": plan.name, "tables": tables, "notices": notice_records(notices)}, lines, quiet=[])
