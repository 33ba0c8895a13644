"""`planner orbit`."""

from __future__ import annotations

import argparse
import os
from typing import Any

from planner.cli.answer import Answer
from planner.cli.arguments import add_out, add_plan, add_set, plan_file, stands
from planner.progress import Progress

WORDS = "mass, size, light, price and break-even of each orbital design of a plan, solving nothing"
QUIET = "no talk: print only the folder given with --out, if any"


def declare(parser: argparse.ArgumentParser) -> None:
    add_plan(parser, nargs="?", help="the plan file (default: the starting plan)")
    add_set(parser)
    add_out(parser, "a folder for CSV tables and a picture a design")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Each orbital design of a plan, from physics and prices alone: nothing is solved."""
    from importlib.resources import as_file, files

    from planner import api
    from planner.studies.orbit_design import orbit_report
    from planner.write.charts.orbit import orbit_picture
    from planner.write.folder.study import ORBIT, write_study
    from planner.write.folder.targets import require_new
    from planner.write.text.orbit import report_lines

    path = None if args.plan is None else plan_file(args.plan)
    if args.out is not None:
        require_new(args.out, ORBIT)
    if path is None:
        progress.say("no plan given: this is the one that `planner new` copies")
    with progress.phase("read"), as_file(files("planner") / "new") as template:
        plan = api.load(path or template / "plan.yaml", args.set)
    with progress.phase("orbit"):
        report = orbit_report(plan)
    record: dict[str, Any] = {"plan": plan.name, "folder": None, "files": []}
    lines = report_lines(report)
    if args.out is not None:
        with progress.phase("write"):
            pictures = {name: orbit_picture(report, name) for name in report.designs["design_id"]}
            record |= {"folder": str(args.out), "files": write_study(args.out, report.tables(), pictures, ORBIT)}
        lines += ["", f"written: {args.out}{os.sep} (tables as CSV, a picture a design)"]
    record["tables"] = {name: table.to_dict("records") for name, table in report.tables().items()}
    return Answer(record, lines, quiet=[] if args.out is None else [str(args.out)], stands=stands(args.out))
