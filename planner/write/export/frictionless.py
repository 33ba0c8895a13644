"""A run as a data package: its CSV files, and `datapackage.json` with a Table Schema for each (https://datapackage.org)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner.write.export.tables import ExportColumn, ExportTable
from planner.write.folder.result_folder import sha256
from planner.write.folder.serialise import write_json

DESCRIPTOR = "datapackage.json"


def write_package(folder: Path, run: Path, plan: str, tables: Sequence[ExportTable]) -> None:
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
