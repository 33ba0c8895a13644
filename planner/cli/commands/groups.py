"""`planner groups`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from planner.cli.answer import Answer
from planner.cli.arguments import add_out, stands
from planner.progress import Progress

WORDS = "what each group of regions serves, needs and is worth in a finished run, and what that saves against another"
QUIET = "no talk: print only the folder given with --out, if any"


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", type=Path, help="the result folder of a run whose regions have groups")
    parser.add_argument(
        "base", metavar="BASE", type=Path, nargs="?", help="another over the same months; BASE less RUN is saved"
    )
    add_out(parser, "a folder for everything as CSV tables")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Groups of regions in a finished run, from its written files alone."""
    from planner import api
    from planner.write.folder.study import write_study
    from planner.write.folder.targets import require_new, require_result
    from planner.write.text.groups import groups_lines

    for folder in (args.run, args.base):
        if folder is not None:
            require_result(folder)
    if args.out is not None:
        require_new(args.out)
    with progress.phase("groups"):
        found = api.groups(args.run, args.base)
    record: dict[str, Any] = {"run": str(args.run), "base": None if args.base is None else str(args.base), "folder": None}
    tables, lines = found.tables(), groups_lines(found)
    if args.out is not None:
        with progress.phase("write"):
            write_study(args.out, tables)
            record["folder"] = str(args.out)
        lines += ["", f"written: {record['folder']} (everything as CSV)"]
    record["tables"] = {name: table.to_dict("records") for name, table in tables.items()}
    return Answer(record, lines, [] if args.out is None else [str(args.out)], stands=stands(args.out))
