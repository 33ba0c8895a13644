"""Folders other than results, whole or not at all: that of a study, and a plan to start from."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from planner.errors import UsageError
from planner.write.charts.draw import png
from planner.write.folder.replace import real, staging_folder, swap
from planner.write.folder.serialise import write_csv
from planner.write.folder.targets import require_new

_FORMULA, _NUMBER = re.compile(r"\s*[=+\-@]"), re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def write_study(
    out: Path, tables: Mapping[str, pd.DataFrame], pictures: Mapping[str, str] | None = None, earlier: Sequence[str] = ()
) -> list[str]:
    """Write tables and pictures (by name, as SVG); returns the names of the files.

    Files of an earlier report are replaced one by one, what else lies there stays. Raises UsageError for a folder
    that may not be written to, and OutputError when the system refuses."""
    require_new(out, earlier)
    out, names = real(out), []
    with staging_folder(out) as partial:
        for name, frame in tables.items():
            names.append(f"{name}.csv")
            write_csv(partial / names[-1], frame.map(_no_formula))
        for name, picture in (pictures or {}).items():
            names.append(f"{name}.png")
            (partial / names[-1]).write_bytes(png(picture))
        if out.is_dir() and any(out.iterdir()):
            for name in names:
                os.replace(partial / name, out / name)
        else:
            swap(partial, out)
    return names


def _no_formula(cell: Any) -> Any:
    """A text that a spreadsheet program would take for a formula, with the mark that makes it a text there."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def write_plan(out: Path, template: Path, schema: str) -> list[str]:
    """Copy a plan and its tables into a folder that does not exist yet or is empty, with the JSON Schema that its first line
    names. Returns the names of the files. Raises UsageError, and OutputError when the system refuses."""
    other = "give the name of a new folder"
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UsageError(f"{out} exists and is not empty: {other}")
        above = next(folder for folder in out.absolute().parents if folder.exists())
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise UsageError(f"{out}: {error.strerror or error}: {other}") from error
    if not above.is_dir():
        raise UsageError(f"{above} is not a folder: {other}")
    paths = sorted(path for path in template.rglob("*") if path.suffix in (".yaml", ".csv", ".md"))
    files = {path.relative_to(template).as_posix(): path.read_bytes() for path in paths}
    files["plan.schema.json"] = schema.encode()
    out = real(out)
    with staging_folder(out) as partial:
        for name, content in files.items():
            (partial / name).parent.mkdir(exist_ok=True)
            (partial / name).write_bytes(content)
        swap(partial, out)
    return list(files)
