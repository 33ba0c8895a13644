"""What differs in the inputs of two runs: every setting, row and cell, with its unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from planner.runs.read import Written
from planner.schema.fields import cell_text
from planner.schema.table_schema import CARRIED, ORIGIN
from planner.schema.tables import tables as known_tables
from planner.schema.units import unit_of

COLUMNS = ["table", "row", "column", "unit", "change", "a", "b", "ratio", "of_rows", "kind"]
"""`row` is the key of a row, its parts with commas between; `of_rows` how many rows the table has in the larger of both;
`kind` is number, text, or carried: what nothing is computed with, such as a source."""

SETTINGS = "plan"
NOT_COMPARED = ("name", "tables")
"""The name of a plan is no difference, and every table is compared by itself."""

_CARRIED = frozenset(field.name for field in CARRIED)
Row = tuple[str, str, str, str, str, str, str, float | None, int, str]


def input_differences(a: Written, b: Written) -> pd.DataFrame:
    """One row a difference, in the order of the tables; empty when the inputs are equal."""
    order = {name: number for number, name in enumerate(known_tables())}
    names = sorted({*a.inputs, *b.inputs}, key=lambda name: (order.get(name, len(order)), name))
    rows = [*_settings(a.settings, b.settings)]
    for name in names:
        rows += _table(name, a.inputs.get(name), b.inputs.get(name))
    return pd.DataFrame(rows, columns=COLUMNS)


def _settings(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Row]:
    one, two = (dict(_flat({key: each[key] for key in each if key not in NOT_COMPARED})) for each in (a, b))
    for key in sorted({*one, *two}):
        carried = key == "why"
        unit = "" if carried else unit_of(key.split(".")[-1]) or unit_of(key.split(".")[-2] if "." in key else "")
        yield from _cell(SETTINGS, "", key, unit, one.get(key, ""), two.get(key, ""), 1, carried)


def _flat(mapping: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in mapping.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, list | tuple):
            yield f"{above}{key}", ";".join(str(each) for each in value)
        else:
            yield f"{above}{key}", str(value) if isinstance(value, bool) else cell_text(value)


def _table(name: str, a: pd.DataFrame | None, b: pd.DataFrame | None) -> Iterator[Row]:
    one, two = _keyed(name, a, b), _keyed(name, b, a)
    columns = [c for c in dict.fromkeys([*_columns(a), *_columns(b)]) if c not in ORIGIN]
    schema = known_tables().get(name)
    units = {c: field.unit if schema and (field := schema.field(c)) else unit_of(c) for c in columns}
    most = max(len(one), len(two))
    for row in dict.fromkeys([*one, *two]):
        if row not in two:
            yield name, row, "", "", "removed", _said(one[row]), "", None, most, "text"
        elif row not in one:
            yield name, row, "", "", "added", "", _said(two[row]), None, most, "text"
        elif one[row] != two[row]:
            for column in columns:
                left, right = one[row].get(column, ""), two[row].get(column, "")
                yield from _cell(name, row, column, units[column], left, right, most, column in _CARRIED)


def _cell(table: str, row: str, column: str, unit: str, a: str, b: str, of_rows: int, carried: bool) -> Iterator[Row]:
    if a == b:
        return
    left, right = (None if carried else _number(text) for text in (a, b))
    kind = "carried" if carried else "text" if left is right is None else "number"  # a number may stand against an empty cell
    if left is None or right is None or left != right:
        ratio = right / left if left and right is not None else None
        yield table, row, column, unit, "changed", a, b, ratio, of_rows, kind


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _columns(frame: pd.DataFrame | None) -> list[str]:
    return [] if frame is None else [str(column) for column in frame.columns]


def _keyed(name: str, frame: pd.DataFrame | None, other: pd.DataFrame | None) -> dict[str, dict[str, str]]:
    """Rows by their key, or by ids and months in a table of another version; equal keys are numbered."""
    if frame is None:
        return {}
    both = [column for column in frame.columns if other is None or column in other.columns]
    schema = known_tables().get(name)
    keys = [field.name for field in schema.keys if field.name in both] if schema else []
    keys = keys or [column for column in both if column.endswith("_id") or column == "month"]
    found: dict[str, dict[str, str]] = {}
    for number, record in enumerate(frame.drop(columns=list(ORIGIN), errors="ignore").to_dict("records"), start=1):
        row = {str(column): str(value) for column, value in record.items()}
        key = ",".join(row[column] for column in keys) or f"row {number}"
        again = 2
        while key in found:
            key = f"{key.split(' #')[0]} #{again}"
            again += 1
        found[key] = row
    return found


def _said(row: Mapping[str, str]) -> str:
    """A row as text, without the columns that do not affect the results."""
    return "; ".join(f"{column} {value}" for column, value in row.items() if value and column not in _CARRIED)
