"""A workbook alone as a plan: the sheet `plan` holds a key and a value a row, dotted as in `demand.doubling_months`."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal, Union, get_args, get_origin

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, shown
from planner.plan.plan import Entry
from planner.read.files.workbook import PLAN, Book, Books, sheet_names
from planner.read.files.workbook_cells import Cell, Grid
from planner.read.files.workbook_table import note_formulas, note_hidden, refuse_merged, unusable
from planner.schema.fields import LARGEST, plain
from planner.schema.settings import Settings
from planner.schema.tables import tables
from planner.schema.written import NUMBER

KEY, VALUE = "key", "value"
UNSTATED = ("name",)
"""Keys that the planner fills in when their value is empty."""


def read_plan_sheet(source: SourceFile, books: Books, findings: Findings) -> Entry | None:
    """What the plan says, as a YAML file would: its keys, and under `tables` every sheet that is one."""
    book = books.open(source, findings)
    if book is None:
        return None
    if PLAN not in book.sheets:
        text = f"no sheet {PLAN}: expected one with the columns {KEY} and {VALUE}"
        if book.tables:
            text += ", or a YAML plan that names this workbook under tables"
        findings.add(Code.E_SHEET_MISSING, Place(source), text, "", f"a sheet {PLAN}")
        return None
    sheet_names(book, findings, books.notices)
    grid = book.grid(PLAN, findings, books.notices)
    if grid is None:
        return None
    at = Place(book.sheets[PLAN])
    columns = _columns(grid, at.source, findings)
    if columns is None:
        return None
    refuse_merged(grid, at.source, next(iter(grid.rows)), max(columns), findings)
    note_hidden(grid, at.source, books.notices)
    note_formulas(grid, at.source, books.notices)
    plan = Entry({}, at, at)
    _read_rows(plan, grid, columns, at.source, findings)
    add_tables(plan, book, findings)
    return plan


def tables_of(book: Book | None, stated: Entry) -> Entry:
    """What `tables: book.xlsx` means: every sheet of the workbook that is a table; any table when it could not be read."""
    return Entry(dict.fromkeys(tables() if book is None else book.tables, stated), stated.place, stated.key_place)


def add_tables(plan: Entry, book: Book, findings: Findings) -> None:
    """The sheets that are tables; a table may also be a file that the plan sheet names."""
    stated = plan.value.get("tables")
    if stated is not None and not isinstance(stated.value, dict):
        return  # refused with the settings
    named = dict(stated.value) if stated is not None else {}
    for name in book.tables:
        at = Place(book.sheets[name])
        if name in named:
            text = f"table {name} is a sheet of this workbook and a file: expected one of them"
            findings.add(Code.E_TABLE_DUPLICATE, named[name].key_place, text, name, "one table of a name")
        named[name] = Entry(book.source.path.name, at, at, book.source.path.name)
    plan.value["tables"] = Entry(named, plan.place, plan.key_place)


def _columns(grid: Grid, source: SourceFile, findings: Findings) -> tuple[int, int] | None:
    """The columns of keys and of values. Other columns are remarks."""
    if not grid.rows:
        findings.add(
            Code.E_TABLE_EMPTY,
            Place(source),
            f"the sheet is empty: expected the columns {KEY} and {VALUE}",
            "",
            f"{KEY} and {VALUE}",
        )
        return None
    top, cells = next(iter(grid.rows.items()))
    found: dict[str, int] = {}
    for column, cell in cells.items():
        name = cell.text.strip().casefold()
        if name in found:
            findings.add(
                Code.E_COLUMN_DUPLICATE, Place(source, top, column), f"duplicate column {shown(name)}", name, "each column once"
            )
        elif name in (KEY, VALUE):
            found[name] = column
    missing = [name for name in (KEY, VALUE) if name not in found]
    for name in missing:
        findings.add(
            Code.E_COLUMN_MISSING,
            Place(source, top),
            f"column {name} is missing: expected {KEY} and {VALUE} in the first row",
            "",
            name,
        )
    return None if missing else (found[KEY], found[VALUE])


def _read_rows(plan: Entry, grid: Grid, columns: tuple[int, int], source: SourceFile, findings: Findings) -> None:
    lines: dict[str, int] = {}
    below = [grid.rows[line] for line in list(grid.rows)[1:]]
    inherits = any(columns[0] in cells and cells[columns[0]].text == "extends" and columns[1] in cells for cells in below)
    for line, cells in zip(list(grid.rows)[1:], below, strict=True):
        key_cell, cell = (cells.get(column) for column in columns)
        key_place, place = (Place(source, line, column) for column in columns)
        if key_cell is None:
            if cell is not None:
                findings.add(
                    Code.E_SHEET_LAYOUT,
                    key_place,
                    f"{shown(cell.text)}: expected a key next to it",
                    cell.text,
                    "a key of the plan",
                )
            continue
        key = plain(key_cell.text)
        problem = None if cell is None else unusable(cell)
        if key_cell.kind != "text":
            findings.add(
                Code.E_KEY_UNKNOWN,
                key_place,
                f"{shown(key)}: expected a key of the plan, found {key_cell.words}",
                key,
                "a key of the plan",
            )
        elif key in lines:
            findings.add(
                Code.E_KEY_DUPLICATE, key_place, f"duplicate key {shown(key)}: first in row {lines[key]}", key, "a key once"
            )
        elif problem is not None:
            assert cell is not None
            findings.refuse(Code.E_KEY_VALUE, place, key, cell.text, "a value", problem)
        else:
            kind = kind_of(key)
            if cell is not None or (kind.required and not inherits and key not in UNSTATED):
                _put(plan, key, _entry(cell, kind, place, key_place), findings)
        lines.setdefault(key, line)


def _put(plan: Entry, key: str, entry: Entry, findings: Findings) -> None:
    """Enter a value under its dotted key."""
    here = plan
    *above, last = key.split(".")
    for part in above:
        here = here.value.setdefault(part, Entry({}, entry.place, entry.key_place))
        if not isinstance(here.value, dict):
            findings.add(
                Code.E_KEY_DUPLICATE, entry.key_place, f"{shown(key)}: {part} already has a value", key, "a key of the plan"
            )
            return
    if last in here.value:
        findings.add(
            Code.E_KEY_DUPLICATE, entry.key_place, f"{shown(key)}: keys below it already have values", key, "a key of the plan"
        )
        return
    here.value[last] = entry


class _Kind(typing.NamedTuple):
    """What a key holds."""

    required: bool = False
    number: bool = False
    names: bool = False  # a list


def kind_of(key: str) -> _Kind:
    """What the settings say of a key; nothing is known of one that does not exist."""
    model: Any = Settings
    parts = key.split(".")
    required = True
    for number, part in enumerate(parts, start=1):
        field = getattr(model, "model_fields", {}).get(part)
        if field is None:
            return _Kind(number=_is_number(get_args(model)[-1:]))  # below a mapping such as that of years
        required = required and field.is_required()
        model = field.annotation
        if number == len(parts):
            return _Kind(required, _is_number((model,)), get_origin(model) is tuple)
    return _Kind()


def _is_number(of: tuple[Any, ...]) -> bool:
    for one in of:
        bare = get_args(one)[0] if get_origin(one) is typing.Annotated else one
        if bare in (int, float) or (get_origin(bare) is Literal and isinstance(get_args(bare)[0], int)):
            return True
        if get_origin(bare) in (Union, types.UnionType) and _is_number(get_args(bare)):
            return True
    return False


def _entry(cell: Cell | None, kind: _Kind, place: Place, key_place: Place) -> Entry:
    if cell is None:
        return Entry(None, place, key_place, "")
    text = plain(cell.month or cell.text)
    if kind.names:
        names = [name.strip() for name in text.split(";") if name.strip()]
        return Entry([Entry(name, place, key_place, name) for name in names], place, key_place, text)
    if kind.number and cell.kind in ("number", "text") and NUMBER.fullmatch(text):
        number = float(text)
        whole = abs(number) < LARGEST and number == int(number)
        return Entry(int(number) if whole else number, place, key_place, text)
    return Entry(text, place, key_place, text)
