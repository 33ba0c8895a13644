"""The tables of a run as other programs take them: each column with its type, unit and meaning, from the schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.schema.fields import Field
from planner.schema.result_table import Column
from planner.schema.results import RESULT_TABLES
from planner.schema.tables import tables as known_tables

INPUT = "in_"
"""Before the name of a table of inputs, since results of the same name exist; as in the workbook."""
TYPES = {"number": "number", "integer": "integer", "month": "yearmonth"}
"""Of the kinds of our schemas that are no text, the types of Table Schema."""
READ_FROM = {
    "file": "File in which the row was read",
    "line": "Its line there",
    "changed": "What a scenario or --set did to the row",
}
SUMMARY = {
    "key": "Name of the headline number",
    "value": "The number",
    "unit": "Its unit",
    "text": "What it says, in a sentence",
}


@dataclass(frozen=True)
class ExportColumn:
    """A column; ``type`` as Table Schema calls it."""

    name: str
    type: str
    unit: str
    meaning: str
    key: bool


@dataclass(frozen=True)
class ExportTable:
    """A table; ``file`` is its CSV file in the result folder. ``keys`` name each row and are never empty; or it has no keys."""

    name: str
    file: str
    meaning: str
    columns: tuple[ExportColumn, ...]
    frame: pd.DataFrame
    keys: tuple[str, ...]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows as Python values; None for an empty cell."""
        return zip(*(values_of(column, self.frame[column.name]) for column in self.columns), strict=True)


def export_tables(results: Mapping[str, pd.DataFrame], inputs: Mapping[str, pd.DataFrame]) -> list[ExportTable]:
    """The headlines, every result table and every input of a run, as they were written, in reading order."""
    found = [_summary(results["summary"])] if "summary" in results else []
    found += [_result(name, results[name]) for name in sorted(results, key=_place) if name != "summary"]
    return found + [_input(name, frame) for name, frame in inputs.items()]


def _summary(frame: pd.DataFrame) -> ExportTable:
    types = {"value": "number"}
    columns = [ExportColumn(name, types.get(name, "string"), "", doc, name == "key") for name, doc in SUMMARY.items()]
    return _table("summary", "tables/summary.csv", "Headline numbers of the run", columns, frame)


def _place(name: str) -> tuple[int, str]:
    known = list(RESULT_TABLES)
    return (known.index(name), "") if name in RESULT_TABLES else (len(known), name)


def _result(name: str, frame: pd.DataFrame) -> ExportTable:
    schema = RESULT_TABLES.get(name)
    columns = [_column(each, schema.column(each) if schema else None, frame) for each in map(str, frame.columns)]
    return _table(name, f"tables/{name}.csv", schema.doc if schema else "", columns, frame)


def _input(name: str, frame: pd.DataFrame) -> ExportTable:
    schema = known_tables().get(name)
    columns = [
        ExportColumn(each, "integer" if each == "line" else "string", "", READ_FROM[each], False)
        if each in READ_FROM
        else _column(each, schema.field(each) if schema else None, frame)
        for each in map(str, frame.columns)
    ]
    meaning = f"Input, as used: {schema.doc}" if schema else ""
    return _table(INPUT + name, f"inputs/{name}.csv", meaning, columns, frame)


def _column(name: str, known: Column | Field | None, frame: pd.DataFrame) -> ExportColumn:
    """A column as its schema states it; one that no schema has, as in a table of a limit of the user's own, by its cells."""
    if known is not None:
        return ExportColumn(name, TYPES.get(known.kind, "string"), known.unit, known.doc, known.key)
    cells = frame[name]
    filled = cells[cells.astype(str) != ""] if cells.dtype == object else cells
    is_number = len(filled) > 0 and bool(pd.to_numeric(filled, errors="coerce").notna().all())
    return ExportColumn(name, "number" if is_number else "string", "", "", False)


def _table(name: str, file: str, meaning: str, columns: Sequence[ExportColumn], frame: pd.DataFrame) -> ExportTable:
    keys = [column.name for column in columns if column.key]
    known = bool(keys) and not frame.duplicated(keys).any() and not (frame[keys].isna() | (frame[keys] == "")).any().any()
    return ExportTable(name, file, meaning, tuple(columns), frame, tuple(keys) if known else ())


def values_of(column: ExportColumn, cells: pd.Series) -> list[Any]:
    """The cells of a column as Python values of its type; None for an empty one."""
    if column.type in ("string", "yearmonth"):
        return [None if value is None or value != value or value == "" else str(value) for value in cells.tolist()]
    numbers = pd.to_numeric(cells.where(cells.astype(str) != ""), errors="raise").astype(float)
    as_type = int if column.type == "integer" else float
    return [as_type(value) if value == value else None for value in numbers.tolist()]
