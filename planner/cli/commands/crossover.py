"""`planner crossover`."""

from __future__ import annotations

import argparse
from typing import Any

from planner.cli.answer import Answer
from planner.cli.arguments import add_out, add_plan, add_set, plan_file, stands
from planner.errors import UsageError
from planner.progress import Progress

WORDS = "how far orbit is from entering a plan, each threshold solved on both sides"
QUIET = "no talk: print only the folder given with --out, if any"


def declare(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    add_set(parser)
    add_out(parser, "a folder for the same as CSV tables")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """How far orbit is from entering a plan, under both boundaries, each threshold solved on both sides."""
    from planner import api
    from planner.studies.orbit_design import no_orbit
    from planner.write.folder.study import write_study
    from planner.write.folder.targets import require_new

    path = plan_file(args.plan)
    if args.out is not None:
        require_new(args.out)
    with progress.phase("read"):
        plan = api.load(path, args.set)
    if not len(plan.tables["designs"]):
        raise UsageError(no_orbit(plan))
    found = api.crossover(plan, progress)
    record: dict[str, Any] = {"plan": plan.name, "folder": None, "thresholds": found.thresholds.to_dict("records")}
    record["agreement"] = found.agreement or None
    record["distance"] = {boundary: entry.to_dict("records") for boundary, entry in found.entries.items()}
    if args.out is not None:
        tables = {"crossover": found.thresholds} | {f"entry_{boundary}": entry for boundary, entry in found.entries.items()}
        with progress.phase("write"):
            write_study(args.out, tables)
            record["folder"] = str(args.out)
    return Answer(record, found.lines(), quiet=[] if args.out is None else [str(args.out)], stands=stands(args.out))
