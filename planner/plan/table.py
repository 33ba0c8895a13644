"""A table of typed values in which every cell knows where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, shown
from planner.schema.fields import ANY, CellError, Field, cell_text, read_cells
from planner.schema.table_schema import ORIGIN, TableSchema
from planner.schema.tables import Pointer
from planner.schema.titles import money_in
from planner.schema.written import NO_RATES

Key = tuple[Any, ...]

MOST_ALIKE = 8
"""Cells of a column that are refused for one reason, each by itself: more are one slip, which is refused once."""


@dataclass
class RawTable:
    """A table as it was read: every row has a cell for each column of the header."""

    source: SourceFile
    header: dict[str, int]  # column name -> 1-based position
    header_line: int
    rows: list[list[str]]
    lines: list[int]
    refused: set[tuple[int, int]] = field(default_factory=set)  # row from 0, column from 1: cells with a finding already
    moved: dict[tuple[int, str], Place] = field(default_factory=dict)  # row from 0, column: cells from elsewhere
    at: dict[str, int] | None = None  # column name -> its position in the file, where that is another than in the rows
    sources: list[SourceFile] = field(default_factory=list)  # of each row, where the rows are of several files

    def place(self, row: int, column: str) -> Place:
        """Where a cell was written."""
        return self.moved.get((row, column)) or Place(self.file(row), self.lines[row], self.positions.get(column, 0))

    @property
    def positions(self) -> dict[str, int]:
        """Where each column stands in the file."""
        return self.header if self.at is None else self.at

    def file(self, row: int) -> SourceFile:
        """The file of a row."""
        return self.sources[row] if self.sources else self.source

    def emptied(self, header: dict[str, int]) -> RawTable:
        """The same file with another header, and no rows yet."""
        return RawTable(self.source, header, self.header_line, [], [], at=self.at)

    def take(self, other: RawTable, row: int, cells: list[str]) -> None:
        """Add cells in the place of a row of the same file."""
        self.rows.append(cells)
        self.lines.append(other.lines[row])
        if other.sources:
            self.sources.append(other.sources[row])

    def carry(self, other: RawTable, row: int, cells: list[str]) -> None:
        """Add cells in the place of a row of a table with the same columns, with what was refused and moved in it."""
        number = len(self.rows)
        self.take(other, row, cells)
        for name, column in self.header.items():
            if (row, column) in other.refused:
                self.refused.add((number, column))
            if (row, name) in other.moved:
                self.moved[number, name] = other.moved[row, name]

    def cells(self, column: str) -> list[str]:
        """One column as text."""
        position = self.header[column] - 1
        return [row[position] for row in self.rows]


@dataclass(frozen=True)
class Row:
    """Where a row was read: its file, its line, and the position of each column."""

    source: SourceFile
    line: int
    header: dict[str, int]


@dataclass(frozen=True)
class Change:
    """What an `adjust` or `--set` did to a cell: `origin` is where the number was written, `text` what was done to it."""

    origin: Place
    text: str


@dataclass
class Table:
    """Rows in the order of the file. `columns` holds plain Python values: floats, ints, texts, tuples, None for empty."""

    schema: TableSchema
    columns: dict[str, list[Any]]
    rows: list[Row]
    changes: dict[tuple[Key, str], Change] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> list[Any]:
        """The values of one column, in the order of the rows."""
        return self.columns[name]

    def select(self, *names: str) -> Iterator[Key]:
        """The rows as tuples of the columns named."""
        return zip(*(self.columns[name] for name in names), strict=True)

    def mapping(self, key: str, value: str) -> dict[Any, Any]:
        """One column by another."""
        return dict(zip(self.columns[key], self.columns[value], strict=True))

    def by_month(self, key: str, value: str) -> dict[str, dict[str, Any]]:
        """One column by month, for each value of another column."""
        found: dict[str, dict[str, Any]] = {}
        for name, month, number in self.select(key, "month", value):
            found.setdefault(name, {})[month] = number
        return found

    def dated(self, column: str) -> list[tuple[str, str]]:
        """Months from which a column changes, in order, each with the column that holds what it is from then on."""
        return sorted((name.partition(" ")[2], name) for name in self.columns if name.startswith(f"{column} "))

    @property
    def dated_fields(self) -> tuple[Field, ...]:
        """The columns that hold from a month on."""
        return tuple(one for name in self.columns if " " in name and (one := self.schema.field(name)))

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns of the schema, and the dated ones of this table."""
        return self.schema.fields + self.dated_fields

    @cached_property
    def keys(self) -> list[Key]:
        """The key of each row."""
        return list(self.select(*(one.name for one in self.schema.keys)))

    @cached_property
    def index(self) -> dict[Key, int]:
        """Position of each key."""
        return {key: position for position, key in enumerate(self.keys)}

    def value(self, column: str, *key: Any) -> Any:
        """One cell, by column and key."""
        return self.columns[column][self.index[key]]

    def place(self, position: int, column: str = "") -> Place:
        """Where the value of a cell was written; of a row, without a column."""
        change = self.changes.get((self.keys[position], column))
        if change is not None:
            return change.origin
        row = self.rows[position]
        return Place(row.source, row.line, row.header.get(column, 0))

    def named(self, position: int) -> str:
        """The names in the key of a row, without its month or hour."""
        key = zip(self.schema.keys, self.keys[position], strict=True)
        return " ".join(part for field, part in key if field.kind == "name" and part != "*")

    def changed(self, position: int) -> str:
        """What was done to a row after it was read, in words."""
        key = self.keys[position]
        names = [name for name in self.columns if (key, name) in self.changes] if self.changes else []
        return "; ".join(f"{name}: {self.changes[key, name].text}" for name in names)

    @property
    def resolved(self) -> dict[str, list[Any]]:
        """Every column, lists as texts, then `file`, `line` and `changed` of each row: what a DataFrame is made of."""
        data = {
            name: [cell_text(one) if isinstance(one, tuple) else one for one in values] for name, values in self.columns.items()
        }
        data["file"] = [row.source.name for row in self.rows]
        data["line"] = [row.line for row in self.rows]
        data["changed"] = [self.changed(position) for position in range(len(self))]
        return data

    def replaced(self, columns: dict[str, list[Any]], rows: list[Row], changes: dict[tuple[Key, str], Change]) -> Table:
        """The same table with other contents."""
        return Table(self.schema, columns, rows, changes)


def names_in(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """The names in a cell of a column that points to other tables; no name where it is empty or means all."""
    return () if value in (None, ANY) else (value,) if isinstance(value, str) else tuple(value or ())


def valid_names(pointer: Pointer, tables: Mapping[str, Table]) -> set[str]:
    """Every name allowed in a column that points to other tables."""
    return {name for table, column in pointer.targets for name in tables[table].column(column) if name} | {*pointer.words}


def build_table(schema: TableSchema, raw: RawTable, findings: Findings, partial: bool = False) -> Table:
    """Typed values from text. `partial`: columns may be missing (rows that only change some cells)."""
    _check_header(schema, raw, findings, partial)
    columns: dict[str, list[Any]] = {}
    dated = [one for name in raw.header if " " in name and (one := schema.field(name)) is not None]
    spread = {one.quantity for one in dated}
    for one in (*schema.columns, *dated):
        if one.name in raw.header:
            open_ended = one.gap and one.name in spread  # what the dated columns say of the start is seen with the plan
            columns[one.name] = _read_column(replace(one, required=False) if open_ended else one, raw, findings)
        elif not partial or one.key:
            columns[one.name] = [one.default] * len(raw.rows)
    positions = raw.positions
    rows = [Row(raw.file(row), line, positions) for row, line in enumerate(raw.lines)]
    table = Table(schema, columns, rows)
    for (position, name), place in raw.moved.items():
        table.changes[table.keys[position], name] = Change(place, f"from {place}")
    if schema.rows_required and not rows and not partial:
        place = Place(raw.source, raw.header_line + 1)
        findings.add(
            Code.E_TABLE_EMPTY, place, f"table {schema.name} has no rows: expected at least one", "", "at least one row"
        )
    check_keys(table, findings)
    return table


def check_keys(table: Table, findings: Findings) -> None:
    """Every key occurs once; a finding on a second row points to the first."""
    if len(table.index) == len(table):
        return
    first: dict[Key, int] = {}
    twice: list[tuple[int, Key]] = []
    names = [one.name for one in table.schema.keys]
    for position, key in enumerate(table.keys):
        if any(part is None for part in key):
            continue
        if key in first:
            twice.append((position, key))
        else:
            first[key] = position
    several = "orders of a month" if table.schema.month else "rows that add up"
    way = f" (several {several}? write their sum, or combine: sum in a map)" if table.schema.adds_up else ""
    many = f" ({len(twice)} such rows, the last in {table.place(twice[-1][0]).shown})" if len(twice) > MOST_ALIKE else ""
    for position, key in twice[:1] if many else twice:
        before = table.rows[first[key]]
        here = table.rows[position]
        noun = "row" if here.source.sheet else "line"
        at = Place(before.source, before.line).shown
        where = f"{noun} {before.line}" if before.source is here.source else at
        what = ", ".join(f"{name} = {part}" for name, part in zip(names, key, strict=True))
        text = f"{what}: duplicate row, first in {where}{many}{way}"
        findings.add(Code.E_ROW_DUPLICATE, table.place(position, names[0]), text, key[0], "a key once")


def empty_table(schema: TableSchema) -> Table:
    """A table without rows."""
    return Table(schema, {one.name: [] for one in schema.columns}, [])


def _check_header(schema: TableSchema, raw: RawTable, findings: Findings, partial: bool) -> None:
    known = [one.name for one in schema.columns]
    titles = {name.partition(" ")[0] for name in raw.header}
    missing = [one for one in schema.columns if one.name not in titles and one.required and (one.key or not partial)]
    for name, position in raw.header.items():
        if name not in ORIGIN and schema.field(name) is None:
            free = [one for one in known if one not in raw.header]
            hints = [findings.nearest(name, names) for names in ([one.name for one in missing], free)]
            tail = next((f" ({hint})" for hint in hints if hint.startswith("did")), "")
            tail = f" ({by_month})" if (by_month := schema.month_hint(name)) else tail
            tail = f" ({money}: {NO_RATES}, or a rate in a map)" if (money := money_in(name)) else tail
            place = Place(raw.source, raw.header_line, position)
            findings.add(
                Code.E_COLUMN_UNKNOWN,
                place,
                f"unknown column {shown(name)} in table {schema.name}{tail}",
                name,
                "a column of the table",
            )
    for one in missing:
        place = Place(raw.source, raw.header_line)
        findings.add(
            Code.E_COLUMN_MISSING, place, f"column {one.name} is missing: expected {one.expected} ({one.doc})", "", one.expected
        )


def _read_column(one: Field, raw: RawTable, findings: Findings) -> list[Any]:
    """The values of a column. Where many cells are refused for one reason, the first says how many there are."""
    values, refused = read_cells(one, raw.cells(one.name))
    of_kind: dict[str, list[int]] = {}
    for position, error in refused.items():
        if (position, raw.header[one.name]) not in raw.refused:
            of_kind.setdefault(error.expected, []).append(position)
    for positions in of_kind.values():
        for position in positions if len(positions) <= MOST_ALIKE else positions[:1]:
            error, cell = refused[position], raw.rows[position][raw.header[one.name] - 1].strip()
            if len(positions) > MOST_ALIKE:
                last = raw.place(positions[-1], one.name).shown
                error = CellError(f"{error.expected}, in this and {len(positions) - 1} more cells, to {last}", error.hint)
            refuse_cell(findings, raw.place(position, one.name), one, cell, error)
    return values


def refuse_cell(findings: Findings, place: Place, one: Field, value: object, error: CellError) -> None:
    """Refuse a cell, with the nearest choice as a hint."""
    hint = error.hint
    if one.kind == "choice" and not hint and str(value):
        near = findings.nearest(str(value), one.choices)
        hint = near if near.startswith("did") else ""
    findings.refuse(Code.E_CELL_VALUE, place, one.name, value, error.expected, hint)
