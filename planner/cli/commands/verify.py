"""`planner verify`."""

from __future__ import annotations

import argparse
from pathlib import Path

from planner.cli.answer import Answer
from planner.progress import Progress

WORDS = "judge a finished run from its written tables alone"
QUIET = "print nothing: the exit code tells"


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", type=Path, help="the result folder of a run")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Judge a finished run from its written tables alone."""
    from planner import api
    from planner.write.folder.targets import require_result

    require_result(args.run)
    with progress.phase("verify"):
        verdict = api.verify(args.run)
    return Answer({"folder": str(args.run), **verdict.to_dict()}, verdict.lines(), quiet=[], exit_code=0 if verdict.ok else 7)
