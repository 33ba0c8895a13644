"""`planner refresh`."""

from __future__ import annotations

import argparse
from pathlib import Path

from planner.cli.answer import Answer
from planner.progress import Progress

WORDS = "write a finished run into the plan_* sheets of a workbook of your own, and touch nothing else in it"
QUIET = "no talk: print only the workbook"


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", type=Path, help="the result folder of a run")
    parser.add_argument("model", metavar="MODEL.xlsx", type=Path, help="your workbook, closed; sheets that it lacks are added")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """The tables of a run in a workbook of the user's own."""
    from planner import api
    from planner.write.folder.targets import require_result

    require_result(args.run)
    with progress.phase("refresh"):
        sheets = api.refresh(args.run, args.model)
    record = {"folder": str(args.run), "model": str(args.model), "sheets": sheets}
    return Answer(record, [into_words(args.model, sheets)], quiet=[str(args.model)], stands=f"refreshed: {args.model}")


def into_words(model: Path, sheets: list[str]) -> str:
    """What was done to a workbook, and what is left to the user's program."""
    return f"refreshed: {model} ({len(sheets)} sheets); formulas follow as it is opened, pivots as they are refreshed"
