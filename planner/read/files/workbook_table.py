"""From the cells of a sheet to a table of text, as from CSV: what a spreadsheet can hide or change is refused or reported."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.codes import Code, Remark
from planner.errors import column_letters
from planner.findings import Findings, Notice, Place, SourceFile, shown
from planner.plan.table import RawTable
from planner.read.files.source import LONGEST, WIDEST
from planner.read.files.text_form import LOOKED_AT
from planner.read.files.workbook import Book
from planner.read.files.workbook_cells import Cell, Grid
from planner.schema.fields import Field
from planner.schema.months import in_full
from planner.schema.table_schema import DATES, ORIGIN, TableSchema

LINKED = re.compile(r"\[\d+\]")


def read_sheet(schema: TableSchema, book: Book, findings: Findings, notices: list[Notice]) -> RawTable | None:
    """The table on the sheet of its name; None when there is no usable header."""
    grid = book.grid(schema.name, findings, notices)
    if grid is None:
        return None
    source = book.sheets[schema.name]
    if not grid.rows:
        findings.add(
            Code.E_TABLE_EMPTY, Place(source), "the sheet is empty: expected a header and rows", "", "a header and rows"
        )
        return None
    lines = list(grid.rows)
    known = {one.name for one in schema.offered} | set(ORIGIN)
    top = _top(grid, source, known, schema, notices)
    header = _header(grid, source, top, schema, findings)
    if header is None:
        return None
    refuse_merged(grid, source, top, max(header.values()), findings)
    raw = RawTable(source, header, top, [], [])
    _read_body(raw, lines[lines.index(top) + 1 :], grid, schema, findings)
    note_hidden(grid, source, notices)
    note_formulas(grid, source, notices)
    return raw


def _top(grid: Grid, source: SourceFile, known: set[str], schema: TableSchema, notices: list[Notice]) -> int:
    """The row of the header: the first filled row, or the first with several names of columns where that has none."""
    first, *below = list(grid.rows)[:LOOKED_AT]
    if known.intersection(_titles(grid.rows[first], schema).values()):
        return first
    top = next((row for row in below if len(known.intersection(_titles(grid.rows[row], schema).values())) > 1), first)
    if top != first:
        text = f"read with the header in row {top}, and nothing above it"
        notices.append(Notice(Remark.N_FILE_FORM, text, Place(source, top)))
    return top


def _titles(cells: dict[int, Cell], schema: TableSchema) -> dict[int, str]:
    titles = in_full([cell.month or cell.text.strip() for cell in cells.values()])
    return {column: schema.column_of(title) for column, title in zip(cells, titles, strict=True)}


def _header(grid: Grid, source: SourceFile, top: int, schema: TableSchema, findings: Findings) -> dict[str, int] | None:
    """Name and position of the columns; None where there are too many."""
    if refuse_large(grid, source, top, findings):
        return None
    names = _titles(grid.rows[top], schema)
    header: dict[str, int] = {}
    for column, name in names.items():
        if name in header:
            first_at = column_letters(header[name])
            findings.add(
                Code.E_COLUMN_DUPLICATE,
                Place(source, top, column),
                f"duplicate column {shown(name)}: first as column {first_at}",
                name,
            )
        elif (problem := unusable(grid.rows[top][column])) is not None:
            findings.add(
                Code.E_COLUMN_UNNAMED,
                Place(source, top, column),
                f"{shown(name)}: expected the name of a column ({problem})",
                name,
                "a name",
            )
        else:
            header[name] = column
    return header or None


def refuse_large(grid: Grid, source: SourceFile, top: int, findings: Findings) -> bool:
    """Refuse a sheet with more columns in its header, or more rows, than a table has; whether it is one."""
    widest = max(grid.rows[top])
    refused = widest > WIDEST or len(grid.rows) > LONGEST
    if refused:
        text = f"{widest} columns and {len(grid.rows)} rows: expected at most {WIDEST} and {LONGEST}"
        findings.add(Code.E_FILE_LARGE, Place(source, top), text, widest, "a table of modest size")
    return refused


def _read_body(raw: RawTable, lines: Sequence[int], grid: Grid, schema: TableSchema, findings: Findings) -> None:
    """The rows below the header, without those that are empty."""
    width = max(raw.header.values())
    dates = {one.name: one for one in DATES if schema.series}
    meant = {name: name for name in raw.header} | schema.renamed(raw.header)
    across = {name: schema.field(of[0]) for name in raw.header if (of := schema.of_month(name)) is not None}
    known = {name: across.get(name) or schema.field(meant[name]) or dates.get(meant[name]) for name in raw.header}
    fields = {at: one for name, at in raw.header.items() if (one := known[name]) is not None}
    titled = set(grid.rows[raw.header_line])
    outside: set[int] = set()
    for line in lines:
        cells = grid.rows[line]
        same = [column for column, cell in cells.items() if column in fields and cell.text.strip() == fields[column].name]
        if same and len(same) == len(cells):
            text = "a second header: expected one table on a sheet"
            findings.add(Code.E_SHEET_LAYOUT, Place(raw.source, line, same[0]), text, cells[same[0]].text, "one header")
            return
        row = [""] * width
        for column, cell in cells.items():
            if column not in titled:
                if column not in outside:
                    text = f"{shown(cell.text)}: in a column without a name, outside the table"
                    findings.add(
                        Code.E_COLUMN_UNNAMED, Place(raw.source, line, column), text, cell.text, "a column name above it"
                    )
                outside.add(column)
            elif column in fields:
                text, expected, hint = as_text(cell, fields[column])
                row[column - 1] = text
                if expected:
                    raw.refused.add((len(raw.rows), column))
                    findings.refuse(
                        Code.E_CELL_VALUE, Place(raw.source, line, column), fields[column].name, cell.text, expected, hint
                    )
        if any(column in titled for column in cells):
            raw.rows.append(row)
            raw.lines.append(line)


def as_text(cell: Cell, one: Field) -> tuple[str, str, str]:
    """The cell as a CSV would hold it, what was expected when it is refused, and a hint."""
    problem = unusable(cell)
    if problem is not None:
        return "", one.expected, problem
    if cell.kind == "date":
        if one.kind == "month":
            return cell.month or cell.text, "", ""
        return "", one.expected, "the cell is formatted as a date"
    if cell.kind == "number" and one.kind in ("name", "choice", "list") and not cell.text.lstrip("-").isdecimal():
        return "", one.expected, "a number here: format the cell as text and type it again"
    return cell.text, "", ""


def unusable(cell: Cell) -> str | None:
    """Why a cell has no value at all."""
    return cell.words if cell.kind in ("truth", "error", "uncalculated") else None


def refuse_merged(grid: Grid, source: SourceFile, top: int, width: int, findings: Findings) -> None:
    """Only the first of merged cells has a value: the others would be read as empty."""
    last = max(grid.rows)
    for left, first, right, bottom in grid.merged:
        if left <= width and bottom >= top and first <= last:
            text = f"cells merged down to {column_letters(right)}{bottom}: expected a value in each"
            findings.add(Code.E_SHEET_LAYOUT, Place(source, first, left), text, "", "cells that are not merged")


def note_hidden(grid: Grid, source: SourceFile, notices: list[Notice]) -> None:
    """Hidden rows and columns are read, with a warning."""
    if grid.hidden_rows:
        rows = grid.hidden_rows
        what = (
            f"row {rows[0]} is hidden; it is"
            if len(rows) == 1
            else f"{len(rows)} rows are hidden (the first: {rows[0]}); they are"
        )
        notices.append(Notice(Remark.W_SHEET_HIDDEN, f"{what} read like the others", Place(source)))
    filled = {column for cells in grid.rows.values() for column in cells}
    hidden = [column for column in sorted(filled) if any(first <= column <= last for first, last in grid.hidden_columns)]
    if hidden:
        names = ", ".join(column_letters(column) for column in hidden[:5]) + (" and more" if len(hidden) > 5 else "")
        what = f"column {names} is hidden; it is" if len(hidden) == 1 else f"columns {names} are hidden; they are"
        notices.append(Notice(Remark.W_SHEET_HIDDEN, f"{what} read like the others", Place(source)))


def note_formulas(grid: Grid, source: SourceFile, notices: list[Notice]) -> None:
    """Formulas are read as the values that the spreadsheet program stored."""
    found = [
        (row, column, cell.formula)
        for row, cells in grid.rows.items()
        for column, cell in cells.items()
        if cell.formula is not None
    ]
    if not found:
        return
    linked = [one for one in found if LINKED.search(one[2])]
    row, column, _ = (linked or found)[0]
    what = "1 cell is" if len(found) == 1 else f"{len(found)} cells are"
    text = f"{what} computed by formulas: read as stored when the workbook was last saved"
    if linked:
        text += f"; {len(linked)} of them take a value from another workbook, which is not opened"
    notices.append(Notice(Remark.W_WORKBOOK_LINKED if linked else Remark.N_FORMULAS, text, Place(source, row, column)))
