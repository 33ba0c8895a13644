"""`planner compare`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from planner.cli.answer import Answer
from planner.cli.arguments import add_out, stands
from planner.progress import Progress

WORDS = "what differs between two finished runs: inputs, plan and cost; exit code 8 when anything does"
QUIET = "no talk: print only the folder given with --out, if any; the exit code tells"
DIFFERENT = 8


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", type=Path, help="the result folder of a run")
    parser.add_argument("b", metavar="B", type=Path, help="the result folder of another; differences are B less A")
    add_out(parser, "a folder for every difference as CSV tables")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Two finished runs side by side, from their written files alone."""
    from planner import api
    from planner.write.folder.study import write_study
    from planner.write.folder.targets import require_new, require_result
    from planner.write.text.compare import comparison_lines

    for run in (args.a, args.b):
        require_result(run)
    if args.out is not None:
        require_new(args.out)
    with progress.phase("compare"):
        found = api.compare(args.a, args.b)
    record: dict[str, Any] = {
        "a": str(args.a),
        "b": str(args.b),
        "folder": None,
        "different": found.different,
        "notes": list(found.notes),
        "months": list(found.months),
    }
    tables = found.tables()
    lines = comparison_lines(found)
    if args.out is not None:
        with progress.phase("write"):
            write_study(args.out, tables)
            record["folder"] = str(args.out)
        lines += ["", f"written: {record['folder']} (every difference as CSV)"]
    record["tables"] = {name: table.to_dict("records") for name, table in tables.items()}
    quiet = [] if args.out is None else [str(args.out)]
    return Answer(record, lines, quiet, exit_code=DIFFERENT if found.different else 0, stands=stands(args.out))
