"""`planner explain`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from planner.cli.answer import Answer
from planner.cli.arguments import add_out, stands
from planner.errors import UsageError
from planner.progress import Progress

WORDS = "why a finished run is as it is: limits and prices, what is not used, where each number comes from"
QUIET = "no talk: print only the folder given with --out, if any"


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", type=Path, nargs="?", help="the result folder of a run (not with --model)")
    parser.add_argument(
        "--why",
        metavar="KEY=VALUE,...",
        help="ask about one place and month, or one value. Examples: region=us_ercot_texas,month=2027-03, "
        "region=us_ercot_texas,option=grid,month=2027-03, class=batch,pool=US,month=2028-01",
    )
    parser.add_argument(
        "--limits", metavar="N", type=_count, default=10, help="how many limits to solve again with one unit more and less (10)"
    )
    parser.add_argument(
        "--estimates",
        action="store_true",
        help="also what 10 %% more of each input does to the cost, and how much of it rests on estimates (a minute or two)",
    )
    parser.add_argument("--model", action="store_true", help="print every constraint: formula, reason, what its price means")
    add_out(parser, "a folder for the same as CSV tables")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 1000:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from 0 to 1000")
    return int(text)


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Explain a run, one place or value of it, or the model itself."""
    from planner import api
    from planner.studies.explain.catalogue import catalogue
    from planner.write.folder.study import write_study
    from planner.write.folder.targets import require_new, require_result
    from planner.write.text.explain import explanation_lines, model_lines
    from planner.write.text.why import why_lines

    if args.model:
        if args.run is not None or args.why is not None or args.estimates or args.out is not None:
            raise UsageError("--model explains the model itself: give it alone")
        chapters = catalogue()
        return Answer({"chapters": chapters}, model_lines(chapters), quiet=[])
    if args.run is None:
        raise UsageError("give the result folder of a run, or --model")
    if args.why is not None and (args.estimates or args.out is not None):
        raise UsageError("--why answers one question: give it without --estimates and --out")
    require_result(args.run)
    if args.out is not None:
        require_new(args.out)
    record: dict[str, Any] = {"folder": str(args.run)}
    if args.why is not None:
        reply = api.why(args.run, args.why, progress)
        return Answer({**record, **reply.record()}, why_lines(reply), quiet=[])
    found = api.explain(args.run, limits=args.limits, estimates=args.estimates, progress=progress)
    lines = explanation_lines(found)
    record |= {**found.record(), "out": None}
    if args.out is not None:
        with progress.phase("write"):
            write_study(args.out, found.tables())
            record["out"] = str(args.out)
        lines += ["", f"written: {args.out}{os.sep}"]
    return Answer(record, lines, quiet=[] if args.out is None else [str(args.out)], stands=stands(args.out))
