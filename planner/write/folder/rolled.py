"""The files of a plan that was rolled to a later month."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from planner.schema.settings import plan_json_schema
from planner.write.folder.serialise import csv_text, json_text, plain
from planner.write.folder.study import write_plan

if TYPE_CHECKING:
    from planner.studies.roll import Rolled

CHANGES = "changes.csv"
HEADER = """\
# yaml-language-server: $schema=plan.schema.json
#
# The plan of {to}, rolled from the run {run}: what exists then is what was planned to exist, what is under way is in
# the tables arrivals, commitments and charges, and all else is as it was. {changes} lists every cell that differs.

"""


def write_rolled(out: Path, rolled: Rolled) -> list[str]:
    """Write the plan into a folder that does not exist yet or is empty; returns the names of its files."""
    mapping = {**plain(rolled.settings), "tables": {name: f"tables/{name}.csv" for name in rolled.tables}}
    head = HEADER.format(to=rolled.to, run=rolled.run.name, changes=CHANGES)
    files = {"plan.yaml": (head + yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True, width=120)).encode()}
    files |= {f"tables/{name}.csv": csv_text(frame, None).encode() for name, frame in rolled.tables.items()}
    files |= {CHANGES: csv_text(rolled.changes, None).encode()}
    return write_plan(out, {**files, "plan.schema.json": (json_text(plan_json_schema()) + "\n").encode()})
