"""A run as one SQLite database: a table for each table, and `dictionary`, which says what each column means."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from planner.write.export.tables import ExportTable

TYPES = {"number": "REAL", "integer": "INTEGER"}
DICTIONARY = "dictionary"


def write_sqlite(path: Path, tables: Sequence[ExportTable]) -> None:
    """Write a new database. Months are texts such as `2027-01`, as in the CSV files."""
    with closing(sqlite3.connect(path)) as base, base:
        for table in tables:
            columns = [
                f"{_quoted(column.name)} {TYPES.get(column.type, 'TEXT')}{' NOT NULL' if column.name in table.keys else ''}"
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
