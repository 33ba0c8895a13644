"""The rows of a file of another shape as text with places: a CSV file or a sheet, from its header on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from planner.codes import Code, Remark
from planner.errors import column_letters
from planner.findings import Findings, Notice, Place, SourceFile, shown
from planner.plan.table import RawTable
from planner.read.files.csv import OTHER_HEADER, cells_between, read_rows
from planner.read.files.text_form import LOOKED_AT, Form, header_among
from planner.read.files.workbook import Book, sheet_of
from planner.read.files.workbook_cells import Grid
from planner.read.files.workbook_table import note_formulas, note_hidden, refuse_large, unusable
from planner.schema.maps import TableFile


@dataclass
class Sheet:
    """What a file holds: its rows as text, and the cells that have no value at all, with why, by line and column."""

    raw: RawTable
    form: Form
    bad: dict[tuple[int, int], str] = field(default_factory=dict)


def titles_of(stated: TableFile) -> set[str]:
    """The titles that a map speaks of, by which a header is recognised."""
    columns = [(one,) if isinstance(one, str) else one.titles for one in stated.columns.values()]
    named = (
        {title for one in columns for title in one if title}
        | set(stated.rows.where)
        | set(stated.rows.where_not)
        | set(stated.columns)
    )
    return named - ({stated.unpivot.name, stated.unpivot.value} if stated.unpivot else set())


def rows_of_csv(source: SourceFile, stated: TableFile, known: Collection[str], findings: Findings) -> Sheet | None:
    """The rows of a CSV file; None after a finding."""
    rows = stated.rows
    form = Form(rows.encoding, rows.separator, rows.decimal, rows.header)
    found = read_rows(source, findings, form, str, known, blanks=True)
    if found is None:
        return None
    (top, *lines), (titles, *cells) = found
    raw = RawTable(source, {}, top, cells, lines)
    width = _headed(raw, titles, findings)
    wide = [row for row, one in enumerate(cells) if len(one) > width and any(cell.strip() for cell in one[width:])]
    if wide:
        place = Place(source, lines[wide[0]], width + 1)
        expected = cells_between(width, form)
        text = f"{len(cells[wide[0]])} cells: expected {expected}, as in the header in line {top} (in {len(wide)} rows)"
        findings.add(Code.E_ROW_WIDTH, place, f"{text}; {OTHER_HEADER}", len(cells[wide[0]]), expected)
        return None
    for row in cells:
        if row and len(row) < width:  # exports leave out what is empty at the end
            row.extend([""] * (width - len(row)))
    return Sheet(raw, form)


def rows_of_sheet(
    book: Book, table: str, stated: TableFile, place: Place, known: Collection[str], findings: Findings, notices: list[Notice]
) -> Sheet | None:
    """The rows of a sheet: the one that the map names, that of the table's name, or the only one. None after a finding."""
    source = sheet_of(book, stated.sheet or table, place, findings, only=not stated.sheet)
    grid = book.cells_of(source, findings, notices) if source is not None else None
    if source is None or grid is None:
        return None
    top = stated.rows.header or _top(grid, known)
    if top not in grid.rows:
        text = f"row {top} is empty: expected the header" if grid.rows else "the sheet is empty: expected a header and rows"
        findings.add(Code.E_TABLE_EMPTY, Place(source, top), text, "", "a header and rows")
        return None
    if not stated.rows.header and top != next(iter(grid.rows)):
        notices.append(Notice(Remark.N_FILE_FORM, f"read with the header in row {top}, and nothing above it", Place(source)))
    if refuse_large(grid, source, top, findings):
        return None
    sheet = _text_of(grid, source, top, findings)
    note_hidden(grid, source, notices)
    note_formulas(grid, source, notices)
    return sheet


def _top(grid: Grid, known: Collection[str]) -> int:
    """The row of the header: of the first rows the one with the most titles that the map speaks of, or else the first below the
    remarks."""
    first = list(grid.rows)[:LOOKED_AT]
    titles = {row: sum(cell.text.strip() in known for cell in grid.rows[row].values()) for row in first}
    best = max(first, key=lambda row: titles[row], default=1)
    if not first or (titles[best] and len(grid.rows[best]) > 1):
        return best
    width = max(max(grid.rows[row]) for row in first)
    texts = [
        [(cells[at].month or cells[at].text) if at in cells else "" for at in range(1, width + 1)]
        for cells in (grid.rows[row] for row in first)
    ]
    return first[header_among(texts)]


def _text_of(grid: Grid, source: SourceFile, top: int, findings: Findings) -> Sheet:
    width = max(grid.rows[top])
    raw = RawTable(source, {}, top, [], [])
    titles = [""] * width
    for column, cell in grid.rows[top].items():
        titles[column - 1] = cell.month or cell.text
    sheet = Sheet(raw, Form())
    before = top
    for line, cells in grid.rows.items():
        if line <= top:
            continue
        if line > before + 1:
            raw.rows.append([])
            raw.lines.append(before + 1)
        before = line
        row = [""] * width
        for column, cell in cells.items():
            if column <= width:
                row[column - 1] = cell.text
                if (problem := unusable(cell)) is not None:
                    sheet.bad[line, column] = problem
        raw.rows.append(row)
        raw.lines.append(line)
    _headed(raw, titles, findings)
    merged = [one for one in grid.merged if one[3] > top and one[0] <= width]
    if merged:
        left, row_of, right, bottom = merged[0]
        text = f"cells merged down to {column_letters(right)}{bottom}: expected a value in each ({len(merged)} such places)"
        findings.add(Code.E_SHEET_LAYOUT, Place(source, row_of, left), text, "", "cells that are not merged")
    return sheet


def _headed(raw: RawTable, titles: list[str], findings: Findings) -> int:
    """Enter the titles of a file and return how many columns it has. A column without a title is `column 1` where it has a
    value, as the corner of a matrix often is, and left out where it has none."""
    twice: list[int] = []
    for position, title in enumerate(titles, start=1):
        name = " ".join(title.split())
        if not name and any(len(row) >= position and row[position - 1].strip() for row in raw.rows):
            name = f"column {position}"
        if name and name in raw.header:
            twice.append(position)
        elif name:
            raw.header[name] = position
    for position in twice[:1]:
        name = " ".join(titles[position - 1].split())
        text = f"duplicate column {shown(name)}: first as column {raw.header[name]}"
        findings.add(Code.E_COLUMN_DUPLICATE, Place(raw.source, raw.header_line, position), text, name, "each title once")
    return max(raw.header.values(), default=0)
