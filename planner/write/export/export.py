"""Write a finished run as a file or a folder of another format, whole or not at all.

A SQLite database, or a data package: the CSV files with a Table Schema for each (https://specs.frictionlessdata.io)."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from planner.errors import UsageError
from planner.write.export.tables import ExportColumn, ExportTable
from planner.write.folder.replace import new_file, staging_folder, swap
from planner.write.folder.result_folder import sha256
from planner.write.folder.serialise import write_json
from planner.write.folder.targets import require_new

FOLDERS = ("parquet", "frictionless")
FORMATS = (*FOLDERS, "sqlite", "mps")
"""What a run is exported as: into a folder, or into a file."""
SQL_TYPES = {"number": "REAL", "integer": "INTEGER"}
DICTIONARY = "dictionary"
"""The table of a database that says what each column means."""
DESCRIPTOR = "datapackage.json"

Tables = Sequence[ExportTable]


def target_of(run: Path, form: str, out: Path | None) -> Path:
    """Where an export goes: ``out``, or a name beside the run. Raises UsageError where something is already there."""
    if form not in FORMATS:
        raise UsageError(f"{form}: expected one of {', '.join(FORMATS)}")
    beside = run.resolve()
    path = out or beside.with_name(f"{beside.name}-{form}" if form in FOLDERS else f"{beside.name}.{form}")
    if beside in path.resolve().parents:
        raise UsageError(f"{path} is inside the run, which the next run replaces as a whole: give another name with --out")
    if form in FOLDERS:
        require_new(path)
    elif form == "mps" and path.suffix != ".mps":
        raise UsageError(f"{path}: expected a name that ends in .mps")
    elif os.path.lexists(path):
        raise UsageError(f"{path} exists: give another name with --out")
    return path


def export_file(path: Path, write: Callable[[Path], object]) -> None:
    """Have a file written, whole or not at all. Raises OutputError when the system refuses."""
    with new_file(path) as partial:
        write(partial)


def export_folder(path: Path, write: Callable[[Path], object]) -> None:
    """Have a folder filled, whole or not at all. Raises OutputError when the system refuses."""
    with staging_folder(path) as partial:
        write(partial)
        swap(partial, path)


def write_sqlite(path: Path, tables: Tables) -> None:
    """Write a new database. Months are texts such as `2027-01`, as in the CSV files."""
    with closing(sqlite3.connect(path)) as base, base:
        for table in tables:
            columns = [
                f"{_quoted(column.name)} {SQL_TYPES.get(column.type, 'TEXT')}{' NOT NULL' if column.name in table.keys else ''}"
                for column in table.columns
            ]
            if table.keys:
                columns.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.keys))})")
            base.execute(f"CREATE TABLE {_quoted(table.name)} ({', '.join(columns)})")
            places = ", ".join("?" * len(table.columns))
            base.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({places})", table.rows())
        base.execute(f'CREATE TABLE {DICTIONARY} ("table" TEXT, "column" TEXT, "type" TEXT, "unit" TEXT, "meaning" TEXT)')
        base.executemany(
            f"INSERT INTO {DICTIONARY} VALUES (?, ?, ?, ?, ?)",
            (
                (table.name, column.name, column.type, column.unit, column.meaning)
                for table in tables
                for column in table.columns
            ),
        )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def write_package(folder: Path, run: Path, plan: str, tables: Tables) -> None:
    """Copy the CSV files of a run into a folder and describe them there."""
    for table in tables:
        target = folder / table.file
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(run / table.file, target)
    name = re.sub(r"[^a-z0-9._-]+", "-", plan.lower()).strip("-") or "plan"
    resources = [_resource(folder, table) for table in tables]
    record = {"profile": "tabular-data-package", "name": name, "title": f"Results of the plan {plan}", "resources": resources}
    write_json(folder / DESCRIPTOR, record)


def _resource(folder: Path, table: ExportTable) -> dict[str, Any]:
    path = folder / table.file
    fields = [_field(column, column.name in table.keys) for column in table.columns]
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.keys:
        schema["primaryKey"] = list(table.keys)
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "description": table.meaning,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "schema": schema,
    }


def _field(column: ExportColumn, required: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column.name, "type": column.type}
    if column.meaning:
        found["description"] = column.meaning
    if column.unit:
        found["unit"] = column.unit
    if required:
        found["constraints"] = {"required": True}
    return found
