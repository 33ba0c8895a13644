"""One table file that a plan names: found inside the plan's folder, read, and remembered among the files of the plan."""

from __future__ import annotations

from pathlib import Path

from planner.read.csv_reader import read_csv
from planner.read.extends import Chain, inside
from planner.read.places import Findings, SourceFile, read_source
from planner.read.table import Table, build_table
from planner.read.table_schema import TableSchema
from planner.read.yaml_reader import Entry


def read_table_file(
    schema: TableSchema,
    stated: Entry,
    folder: Path,
    chain: Chain,
    findings: Findings,
    files: list[SourceFile],
    *,
    partial: bool = False,
) -> Table | None:
    """The table in the file that ``stated`` names, relative to ``folder``; None when something was refused.

    ``partial``: rows that are put into another table, so that it may lack what that one already says."""
    path = inside(chain.root, folder, stated.value, stated.place, findings)
    source = read_source(path, stated.place, findings) if path is not None else None
    if source is None or path is None:
        return None
    source.name = path.relative_to(chain.root).as_posix()
    files.append(source)
    raw = read_csv(source, findings)
    return build_table(schema, raw, findings, partial=partial) if raw is not None else None
