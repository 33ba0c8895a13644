"""Changes to tables after they were read: rows chosen by `where` are scaled, set or dropped, rows are added by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from planner.findings import Findings, Place, SourceFile, nearest, shown
from planner.plan.plan import Entry
from planner.plan.table import Change, Row, Table, refuse_cell
from planner.read.dropping import EVERYWHERE, NAMED_IN, drop, drop_followers
from planner.read.extends import Chain
from planner.read.files.table_file import read_table_file
from planner.read.setting_findings import add_findings
from planner.schema.fields import NUMBER, CellError, Field, cell_text, check_value, plain, read_cell
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.settings import Adjust

ACTIONS = ("scale", "set", "drop", "rows")


def apply_adjust(chain: Chain, tables: dict[str, Table], findings: Findings, files: list[SourceFile]) -> None:
    """Every `adjust` of the chain, the root's first; `tables` is changed in place, files with rows join `files`."""
    for stated in chain.adjust:
        if not isinstance(stated.value, list):
            findings.refuse(stated.place, "adjust", "keys and values" if stated.value else stated.text, "a list of changes")
            continue
        for number, entry in enumerate(stated.value, start=1):
            try:
                Adjust.model_validate(as_input(entry))
            except ValidationError as error:
                add_findings(error, entry, Adjust, findings, f"adjust {number}: ")
                continue
            _apply_one(entry, chain, tables, findings, files)


def as_input(entry: Entry) -> Any:
    """What pydantic reads: plain values, lists as tuples where the models want tuples."""
    if isinstance(entry.value, dict):
        return {key: as_input(one) for key, one in entry.value.items()}
    if isinstance(entry.value, list):
        return tuple(as_input(one) for one in entry.value)
    return entry.value


def _apply_one(entry: Entry, chain: Chain, tables: dict[str, Table], findings: Findings, files: list[SourceFile]) -> None:
    stated = entry.value
    actions = [action for action in ACTIONS if action in stated]
    if len(actions) != 1:
        found = " and ".join(actions) or "none"
        findings.add(entry.place, f"adjust: expected one of {', '.join(ACTIONS)}, found {found}", found, "one action")
        return
    name = stated["table"]
    table = tables.get(name.value)
    if table is None:
        hint = nearest(name.value, tables)
        findings.refuse(name.place, "table", name.text, "a table of this plan", hint)
        return
    if "rows" in stated:
        if "where" in stated:
            findings.add(stated["where"].key_place, "where has no meaning beside rows: rows are matched by key")
            return
        rows = stated["rows"]
        folder = rows.place.source.path.parent
        added = read_table_file(table.schema, rows, folder, chain, findings, files, partial=True)
        if added is not None:
            tables[name.value] = upsert(table, added, findings)
        return
    where = stated["where"].value if "where" in stated else {}
    matched = match(table, where, entry.place, findings)
    if matched is None:
        return
    if "drop" in stated:
        _drop(stated["drop"], tables, name.value, matched, findings)
        return
    change = scale if "scale" in stated else set_to
    for column, value in stated[actions[0]].value.items():
        tables[name.value] = change(tables[name.value], matched, column, value, findings)


def _drop(how: Entry, tables: dict[str, Table], name: str, matched: list[int], findings: Findings) -> None:
    if how.value == EVERYWHERE and name not in NAMED_IN:
        findings.refuse(how.place, "drop", EVERYWHERE, "true", f"no other table names rows of {name}")
    elif how.value:
        table = tables[name]
        tables[name] = drop(table, matched)
        if how.value == EVERYWHERE:
            drop_followers(tables, name, [table.keys[position][0] for position in matched])


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
                hint = nearest(_text(entry), dict.fromkeys(cell_text(value) for value in values if value is not None))
                tail = f" ({hint})" if hint else ""
                findings.add(
                    entry.place, f"no row of {table.schema.name} has {column} = {shown(_text(entry))}{tail}", entry.text
                )
                return None
        matched = [position for position in matched if any(test(values[position]) for _, test in tests)]
    if not matched:
        words = ", ".join(f"{column} = {_words(entry)}" for column, entry in where.items()) or "any"
        findings.add(place, f"no row of {table.schema.name} has {words}", words, "at least one row")
        return None
    return matched


def scale(table: Table, matched: Sequence[int], column: str, factor: Entry, findings: Findings) -> Table:
    """Multiplies the cells that are not empty; their origin stays where the number stands."""
    one = changeable_field(table, column, factor.key_place, findings)
    if one is None:
        return table
    if one.kind not in ("number", "integer"):
        findings.add(
            factor.key_place, f"{column} of {table.schema.name} cannot be scaled: expected a column of numbers", column
        )
        return table
    values = table.columns[column]
    filled = [position for position in matched if values[position] is not None]
    if not filled:
        findings.add(factor.place, f"{column} of {table.schema.name} is empty in every row to be scaled", column)
        return table
    text = f"scaled by {shown(factor.text)} ({factor.place})"
    change = _changer(table, one, factor, findings)
    return change(
        filled, lambda position: values[position] * factor.value, lambda position: table.place(position, column), text
    )


def set_to(table: Table, matched: Sequence[int], column: str, value: Entry, findings: Findings) -> Table:
    """Gives cells a value; their origin becomes the place where it was stated."""
    one = changeable_field(table, column, value.key_place, findings)
    if one is None:
        return table
    entries = value.value if isinstance(value.value, list) else [value]
    if any(isinstance(entry.value, dict | list) for entry in entries):
        findings.refuse(value.place, column, flow(value), one.expected)
        return table
    cell = ";".join(_text(entry) for entry in entries)
    try:
        new = read_cell(one, cell)
    except CellError as error:
        refuse_cell(findings, value.place, one, cell, error)
        return table
    text = f"set to {shown(cell)} ({value.place})"
    return _changer(table, one, value, findings)(matched, lambda _: new, lambda _: value.place, text)


def upsert(table: Table, added: Table, findings: Findings) -> Table:
    """Rows with a known key replace the cells that they state; the others are new and must be whole."""
    columns = {name: list(values) for name, values in table.columns.items()}
    rows: list[Row] = list(table.rows)
    changes = dict(table.changes)
    index = dict(table.index)
    for position, key in enumerate(added.keys):
        known = index.get(key)
        if known is None:
            missing = [one.name for one in table.schema.columns if one.required and one.name not in added.columns]
            if missing:
                what = ", ".join(str(part) for part in key)
                findings.add(
                    added.place(position), f"{what} is a new row of {table.schema.name}: {', '.join(missing)} missing", what
                )
                continue
            for one in table.schema.columns:
                columns[one.name].append(added.columns[one.name][position] if one.name in added.columns else one.default)
            index[key] = len(rows)
            rows.append(added.rows[position])
            continue
        for name, values in added.columns.items():
            if columns[name][known] != values[position]:
                columns[name][known] = values[position]
                place = added.place(position, name)
                changes[key, name] = Change(place, f"from {place}")
    return table.replaced(columns, rows, changes)


def known_field(table: Table, column: str, place: Place, findings: Findings) -> Field | None:
    one = table.schema.field(column)
    if one is None:
        hint = nearest(column, [known.name for known in table.schema.columns])
        tail = f" ({hint})" if hint else ""
        findings.add(
            place, f"unknown column {shown(column)} of table {table.schema.name}{tail}", column, "a column of the table"
        )
    return one


def changeable_field(table: Table, column: str, place: Place, findings: Findings) -> Field | None:
    one = known_field(table, column, place, findings)
    if one is not None and one.key:
        findings.add(place, f"{column} is a key of {table.schema.name} and cannot be changed", column, "another column")
        return None
    return one


def _changer(table: Table, one: Field, stated: Entry, findings: Findings) -> Callable[..., Table]:
    def change(positions: Sequence[int], new: Callable[[int], Any], origin: Callable[[int], Place], text: str) -> Table:
        values = list(table.columns[one.name])
        changes = dict(table.changes)
        for position in positions:
            value = new(position)
            try:
                values[position] = check_value(one, value)
            except CellError as error:
                key = ", ".join(str(part) for part in table.keys[position])
                tail = f"in row {key} of {table.schema.name}"
                findings.refuse(stated.place, one.name, cell_text(value), error.expected, tail)
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
    text = plain(text)
    return lambda value: cell_text(value) == text


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
