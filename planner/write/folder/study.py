"""Folders other than results, whole or not at all: of a study, and of a plan that is made to start from, copied or rolled."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from planner.errors import UsageError
from planner.plan.plan import Plan
from planner.schema.settings import is_plan_name, plan_json_schema
from planner.write.charts.draw import png
from planner.write.folder.replace import real, staging_folder, swap
from planner.write.folder.serialise import csv_text, json_text, plain, write_csv
from planner.write.folder.targets import SWEEP, require_new

if TYPE_CHECKING:
    from planner.studies.roll.rolled import Rolled

OWN = "plan.yaml"
MY_PLAN = "my-plan"
"""The name of the plan that is made to start from, in its file."""
EXTENDING = """\
# yaml-language-server: $schema=plan.schema.json
#
# A plan of your own that begins as {plan}: the copies of its files lie beside this one and may be changed too.
# Better, state here what differs, such as a key of the plan, or cells of a table:
#
#   demand:
#     doubling_months: 9
#   adjust:
#     - table: power
#       where: {{option_id: grid}}
#       scale: {{step_mw_per_month: 2}}
#
# Results go to results/ and the name.

extends: {file}
name: {name}
why: {why}
"""

CHANGES = "changes.csv"
ROLLED = """\
# yaml-language-server: $schema=plan.schema.json
#
# The plan of {to}, rolled from the run {run}: what exists then is what was planned to exist, what is under way is in
# the tables arrivals, commitments and charges, and all else is as it was. {changes} lists every cell that differs.

"""

_FORMULA, _NUMBER = re.compile(r"\s*[=+\-@]"), re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def write_study(
    out: Path,
    tables: Mapping[str, pd.DataFrame],
    pictures: Mapping[str, str] | None = None,
    earlier: Sequence[str] = (),
    files: Mapping[str, bytes] | None = None,
) -> list[str]:
    """Write tables, pictures (by name, as SVG) and other files; returns the names of the files.

    Files of an earlier report are replaced one by one, and other files in the folder stay; those of an earlier sweep that
    this one does not have are removed. Raises UsageError for a folder that may not be written to, and OutputError when the
    system refuses."""
    require_new(out, earlier)
    out, names = real(out), []
    with staging_folder(out) as partial:
        for name, frame in tables.items():
            names.append(f"{name}.csv")
            write_csv(partial / names[-1], frame.map(_no_formula))
        for name, picture in (pictures or {}).items():
            names.append(f"{name}.png")
            (partial / names[-1]).write_bytes(png(picture))
        for name, content in (files or {}).items():
            names.append(name)
            (partial / name).write_bytes(content)
        if out.is_dir() and any(out.iterdir()):
            for name in names:
                os.replace(partial / name, out / name)
            for name in {*SWEEP} - {*names} if earlier == SWEEP else ():
                (out / name).unlink(missing_ok=True)
        else:
            swap(partial, out)
    return names


def _no_formula(cell: Any) -> Any:
    """A text that a spreadsheet program would take for a formula, with the mark that makes it a text there."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def starting_plan(template: Path, folder: Path) -> dict[str, bytes]:
    """The files of the plan that is made to start from, under the name of its folder: its results replace those of no other."""
    paths = sorted(path for path in template.rglob("*") if path.suffix in (".yaml", ".csv", ".md"))
    files = {path.relative_to(template).as_posix(): path.read_bytes() for path in paths}
    name = _name_in(folder)
    if name != MY_PLAN:
        text = files[OWN].decode().replace(f"name: {MY_PLAN}", f"name: {json.dumps(name, ensure_ascii=False)}")
        files[OWN] = text.replace(f"results/{MY_PLAN}", f"results/{name}").encode()
    return files


def _name_in(folder: Path) -> str:
    """The name of a new plan in a folder: that of the folder, where a plan can have it."""
    name = folder.absolute().name
    return name if is_plan_name(name) else MY_PLAN


def copy_of(plan: Plan, out: Path) -> dict[str, bytes]:
    """The files of a plan as they were read, and a plan.yaml that extends it where it has none itself.

    Raises UsageError for a plan that is more than its files, or whose files are not all known."""
    if plan.overrides:
        raise UsageError(f"{plan.name} was changed by {', '.join(plan.overrides)}: only files can be copied")
    if plan.own_limits is None:
        raise UsageError(f"{plan.name} lists limits of its own, whose tables are not known until they run: copy its folder")
    files = {source.name: source.data for source in plan.sources}
    if OWN in files:
        return files
    stated = {
        "file": plan.links[0].source.name,
        "name": _name_in(out),
        "why": f"A plan of our own, which begins as {plan.name}",
    }
    quoted = {key: json.dumps(text, ensure_ascii=False) for key, text in stated.items()}
    return {OWN: EXTENDING.format(plan=plan.name, **quoted).encode(), **files}


def write_plan(out: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write the files of a plan into a folder that does not exist yet or is empty; returns their names.

    Raises UsageError, and OutputError when the system refuses."""
    other = "give the name of a new folder"
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UsageError(f"{out} exists and is not empty: {other}")
        above = next(folder for folder in out.absolute().parents if folder.exists())
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise UsageError(f"{out}: {error.strerror or error}: {other}") from error
    if not above.is_dir():
        raise UsageError(f"{above} is not a folder: {other}")
    out = real(out)
    with staging_folder(out) as partial:
        for name, content in files.items():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            (partial / name).write_bytes(content)
        swap(partial, out)
    return list(files)


def write_rolled(out: Path, rolled: Rolled) -> list[str]:
    """Write the plan into a folder that does not exist yet or is empty; returns the names of its files."""
    mapping = {**plain(rolled.settings), "tables": {name: f"tables/{name}.csv" for name in rolled.tables}}
    head = ROLLED.format(to=rolled.to, run=rolled.run.name, changes=CHANGES)
    files = {"plan.yaml": (head + yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True, width=120)).encode()}
    files |= {f"tables/{name}.csv": csv_text(frame, None).encode() for name, frame in rolled.tables.items()}
    files |= {CHANGES: csv_text(rolled.changes, None).encode()}
    return write_plan(out, {**files, "plan.schema.json": (json_text(plan_json_schema()) + "\n").encode()})
