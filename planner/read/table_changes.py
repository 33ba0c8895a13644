"""Changes to one table: rows chosen by `where`, cells scaled or set, rows added by key or left out.

Every changed cell remembers what was done to it and where that was stated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from planner.codes import Code
from planner.findings import Findings, Place, shown
from planner.plan.plan import Entry
from planner.plan.table import Change, Row, Table, refuse_cell
from planner.schema.fields import ANY, CellError, Field, cell_text, check_value, key_text, plain, read_cell
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.written import NUMBER


def match(table: Table, where: dict[str, Entry], place: Place, findings: Findings) -> list[int] | None:
    """Positions of the rows that hold, in every column of `where`, one of its values; None after a finding."""
    matched = list(range(len(table)))
    for column, wanted in where.items():
        one = known_field(table, column, wanted.key_place, findings)
        if one is None:
            return None
        entries = wanted.value if isinstance(wanted.value, list) else [wanted]
        tests = [(entry, _equals(one, _text(entry))) for entry in entries]
        values = table.columns.get(column, [])
        for entry, test in tests:
            if not any(test(value) for value in values):
                hint = findings.nearest(_text(entry), dict.fromkeys(cell_text(value) for value in values if value is not None))
                tail = f" ({hint})" if hint else ""
                findings.add(
                    Code.E_ROW_UNKNOWN,
                    entry.place,
                    f"no row of {table.schema.name} has {column} = {shown(_text(entry))}{tail}",
                    entry.text,
                )
                return None
        matched = [position for position in matched if any(test(values[position]) for _, test in tests)]
    if not matched:
        words = ", ".join(f"{column} = {_words(entry)}" for column, entry in where.items()) or "any"
        findings.add(Code.E_ROW_UNKNOWN, place, f"no row of {table.schema.name} has {words}", words, "at least one row")
        return None
    return matched


def scale(table: Table, matched: Sequence[int], column: str, factor: Entry, findings: Findings) -> Table:
    """Multiplies the cells that are not empty, in all months; their origin stays where the number was written."""
    one = changeable_field(table, column, factor.key_place, findings)
    if one is None:
        return table
    if one.kind not in ("number", "integer"):
        findings.add(
            Code.E_CHANGE,
            factor.key_place,
            f"{column} of {table.schema.name} cannot be scaled: expected a column of numbers",
            column,
        )
        return table
    filled = {
        name: cells
        for name in (column, *(dated for _, dated in table.dated(column)))
        if (
            cells := [position for position in matched if table.columns.get(name) and table.columns[name][position] is not None]
        )
    }
    if not filled:
        findings.add(Code.E_CHANGE, factor.place, f"{column} of {table.schema.name} is empty in every row to be scaled", column)
        return table
    text = f"scaled by {shown(factor.text)} ({factor.place})"
    for name, cells in filled.items():
        table = _scaled(table, cells, replace(one, name=name), factor, text, findings)
    return table


def _scaled(table: Table, cells: Sequence[int], one: Field, factor: Entry, text: str, findings: Findings) -> Table:
    values, before = table.columns[one.name], table
    change = _changer(table, one, factor, findings)
    return change(cells, lambda at: values[at] * factor.value, lambda at: before.place(at, one.name), text)


def set_to(table: Table, matched: Sequence[int], column: str, value: Entry, findings: Findings) -> Table:
    """Gives cells a value, in all months unless the column is of one; their origin becomes the place where it was stated."""
    one = changeable_field(table, column, value.key_place, findings)
    if one is None:
        return table
    entries = value.value if isinstance(value.value, list) else [value]
    if any(isinstance(entry.value, dict | list) for entry in entries):
        findings.refuse(Code.E_CELL_VALUE, value.place, column, flow(value), one.expected)
        return table
    cell = ";".join(_text(entry) for entry in entries)
    try:
        new = read_cell(one, cell)
    except CellError as error:
        refuse_cell(findings, value.place, one, cell, error)
        return table
    text = f"set to {shown(cell)} ({value.place})"
    table = _changer(table, one, value, findings)(matched, lambda _: new, lambda _: value.place, text)
    for _, name in table.dated(column):
        changed = [position for position in matched if table.columns[name][position] is not None]
        emptied = replace(one, name=name, required=False, default=None)
        table = _changer(table, emptied, value, findings)(changed, lambda _: None, lambda _: value.place, text)
    return table


def upsert(table: Table, added: Table, findings: Findings) -> Table:
    """Merge rows by key: a known key replaces the cells that the row states, a new row must be complete."""
    columns = {name: list(values) for name, values in table.columns.items()}
    rows: list[Row] = list(table.rows)
    changes = dict(table.changes)
    index = dict(table.index)
    columns |= {name: [None] * len(table) for name in added.columns if name not in columns}
    fields = {name: table.schema.field(name) for name in columns if name not in added.columns}
    defaults = {name: field and field.default for name, field in fields.items()}
    titles = {name.partition(" ")[0] for name in added.columns}
    missing = [one.name for one in table.schema.columns if one.required and one.name not in titles]
    for position, key in enumerate(added.keys):
        known = index.get(key)
        if known is None:
            if missing:
                what = ", ".join(str(part) for part in key)
                findings.add(
                    Code.E_ROW_INCOMPLETE,
                    added.place(position),
                    f"{what} is a new row of {table.schema.name}: {', '.join(missing)} missing",
                    what,
                )
                continue
            for name, cells in columns.items():
                cells.append(added.columns[name][position] if name in added.columns else defaults[name])
            index[key] = len(rows)
            rows.append(added.rows[position])
            continue
        for name, values in added.columns.items():
            one = table.schema.field(name)
            if values[position] is None and one is not None and (one.gap or " " in name):
                continue  # what other months state stays
            if columns[name][known] != values[position]:
                columns[name][known] = values[position]
                place = added.place(position, name)
                changes[key, name] = Change(place, f"from {place}")
    return table.replaced(columns, rows, changes)


def known_field(table: Table, column: str, place: Place, findings: Findings) -> Field | None:
    """The field of a column; None after a finding."""
    one = table.schema.field(column)
    if one is None:
        hint = table.schema.month_hint(column) or findings.nearest(column, [known.name for known in table.schema.columns])
        tail = f" ({hint})" if hint else ""
        findings.add(
            Code.E_COLUMN_UNKNOWN,
            place,
            f"unknown column {shown(column)} of table {table.schema.name}{tail}",
            column,
            "a column of the table",
        )
    return one


def changeable_field(table: Table, column: str, place: Place, findings: Findings, key: str = "") -> Field | None:
    """The field of a column that is not a key; None after a finding. ``key``: the row that is to be changed, as typed."""
    one = known_field(table, column, place, findings)
    if one is not None and one.key:
        tail = f": drop the row, and add it anew ({_anew(table, key)})" if key else ""
        text = f"{column} is a key of {table.schema.name} and cannot be changed"
        findings.add(Code.E_CHANGE, place, text + tail, column, "another column")
        return None
    return one


def _anew(table: Table, key: str) -> str:
    """The line of a plan that drops a row and adds another from a file; ``key`` as `--set` names it."""
    named = zip((one.name for one in table.schema.keys), key.split(","), strict=False)
    where = ", ".join(f"{name}: {plain(part)}" for name, part in named if plain(part) not in ("", ANY))
    name = table.schema.name
    return f"adjust: [{{table: {name}, where: {{{where}}}, drop: true}}, {{table: {name}, rows: new_{name}.csv}}]"


def _changer(table: Table, one: Field, stated: Entry, findings: Findings) -> Callable[..., Table]:
    def change(positions: Sequence[int], new: Callable[[int], Any], origin: Callable[[int], Place], text: str) -> Table:
        values = list(table.columns.get(one.name, [None] * len(table)))
        changes = dict(table.changes)
        for position in positions:
            value = new(position)
            try:
                values[position] = check_value(one, value)
            except CellError as error:
                key = ", ".join(str(part) for part in table.keys[position])
                tail = f"in row {key} of {table.schema.name}"
                findings.refuse(Code.E_CELL_VALUE, stated.place, one.name, cell_text(value), error.expected, tail)
                continue
            key_of_row = table.keys[position]
            before = changes.get((key_of_row, one.name))
            words = f"{before.text}, {text}" if before is not None and text.startswith("scaled") else text
            changes[key_of_row, one.name] = Change(origin(position), words)
        return table.replaced({**table.columns, one.name: values}, table.rows, changes)

    return change


def _equals(one: Field, text: str) -> Callable[[Any], bool]:
    number = _as_number(one, text)
    if number is not None:
        return lambda value: value is not None and value == number
    wanted = key_text(one, text)
    return lambda value: cell_text(value) == wanted


def _as_number(one: Field, text: str) -> float | None:
    if one.kind not in ("number", "integer"):
        return None
    try:
        return float(text) if NUMBER.fullmatch(text) else in_unit_of(one.name, text)
    except UnitError:
        return None


def _words(entry: Entry) -> str:
    entries = entry.value if isinstance(entry.value, list) else [entry]
    return " or ".join(shown(_text(one)) for one in entries)


def flow(entry: Entry) -> str:
    """A value on one line, as YAML writes it."""
    if isinstance(entry.value, dict):
        return "{" + ", ".join(f"{key}: {flow(one)}" for key, one in entry.value.items()) + "}"
    if isinstance(entry.value, list):
        return "[" + ", ".join(flow(one) for one in entry.value) + "]"
    return entry.text


def _text(entry: Entry) -> str:
    """A scalar as a cell: null is an empty one."""
    return "" if entry.value is None else entry.text


def without(table: Table, matched: Iterable[int]) -> Table:
    """The table without the rows at these positions."""
    gone = set(matched)
    stay = [position for position in range(len(table)) if position not in gone]
    columns = {name: [values[position] for position in stay] for name, values in table.columns.items()}
    return table.replaced(columns, [table.rows[position] for position in stay], table.changes)
