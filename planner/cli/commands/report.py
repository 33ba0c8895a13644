"""`planner report`."""

from __future__ import annotations

import argparse
from pathlib import Path

from planner.cli.answer import Answer
from planner.cli.arguments import add_open, show
from planner.progress import Progress

WORDS = "the report of a finished run as one HTML file, or of several runs side by side"
QUIET = "no talk: print only the files written"


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", metavar="RUN", type=Path, nargs="+", help="the result folder of a run; several: side by side")
    parser.add_argument("--pdf", action="store_true", help="print it too, with the Chromium, Chrome or Edge of this machine")
    parser.add_argument(
        "--out",
        metavar="FILE.html",
        type=Path,
        help="default: RUN/report.html; of several runs scenarios.html beside the first",
    )
    add_open(parser)


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Written again from the tables, inputs and manifest of a run, which are judged first."""
    from planner import api
    from planner.write.folder.targets import require_result

    for run in args.runs:
        require_result(run)
    done = api.report(args.runs, args.out, args.pdf, progress)
    written = [str(path) for path in (done.html, done.pdf) if path is not None]
    lines = [f"written: {path}" for path in written]
    for run, verdict in zip(args.runs, done.verdicts, strict=True):
        if not verdict.ok:
            lines.append(f"{run}: {verdict.lines()[-1]}; the report says so: planner verify tells all")
    if args.open:
        lines += show(done.pdf or done.html)
    record = {"runs": [str(run) for run in args.runs], "files": written, "verified": [v.ok for v in done.verdicts]}
    return Answer(record, lines, quiet=written, exit_code=0 if done.ok else 7, stands=f"written: {', '.join(written)}")
