"""CSV as text with places: header, rows and the line of each. What the cells mean is decided by `table.py`."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, shown
from planner.plan.table import RawTable
from planner.read.files.parquet import is_parquet, parquet_rows
from planner.read.files.source import LARGEST_CELL, LONGEST, WIDEST
from planner.read.files.text_form import SEPARATORS, Form, find_layout, lines_of, text_of
from planner.schema.months import in_full

MOST_LINES, MOST_MARKS = 10 * LONGEST, 100 * WIDEST  # of a file with empty lines, of a line with separators in its texts

csv.field_size_limit(LARGEST_CELL)


def read_csv(
    source: SourceFile,
    findings: Findings,
    form: Form,
    column_of: Callable[[str], str] = str,
    known: Collection[str] = (),
) -> RawTable | None:
    """Reads the text of a CSV file; None when there is no usable header. ``column_of``: the column that a title means;
    ``known``: the columns by which a header is recognised."""
    found = read_rows(source, findings, form, column_of, known)
    if found is None:
        return None
    (top, *lines), (titles, *rows) = found
    header = _header(in_full(titles), top, rows, source, findings, column_of)
    return _same_width(RawTable(source, header, top, rows, lines), len(titles), form, findings)


def read_rows(
    source: SourceFile,
    findings: Findings,
    form: Form,
    column_of: Callable[[str], str],
    known: Collection[str],
    blanks: bool = False,
) -> tuple[list[int], list[list[str]]] | None:
    """The filled rows of a CSV or Parquet file from its header on, with their lines; None after a finding. ``blanks``: an empty
    row after filled ones is one without cells."""
    if is_parquet(source.path):
        return _rows_of_parquet(source, findings, form, blanks)
    text = text_of(source, form, findings)
    if text is None:
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        findings.add(Code.E_TEXT_ENCODING, Place(source, line), "a NUL character: expected a CSV text", "\\0", "a CSV text")
        return None
    above = find_layout(text, form, column_of, known)
    reader = csv.reader(_lines(text, form.separator), strict=True, delimiter=form.separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            _keep(row, line, rows, lines, blanks and len(rows) > above)
            if len(row) > WIDEST or len(rows) > LONGEST or reader.line_num > MOST_LINES:
                raise OverflowError
            line = reader.line_num + 1
    except OverflowError:
        expected = f"at most {WIDEST} columns and {LONGEST} rows"
        findings.add(Code.E_FILE_LARGE, Place(source, line), f"larger than a table: expected {expected}", "", expected)
        return None
    except csv.Error as error:
        findings.add(Code.E_CSV_SYNTAX, Place(source, line), f"not valid CSV: {error}")
        return None
    if not rows:
        findings.add(
            Code.E_TABLE_EMPTY, Place(source), "the file is empty: expected a header and rows", "", "a header and rows"
        )
        return None
    if above < 0:
        text = f"line {form.header} is empty, or after the first rows: expected the header, as the map states"
        findings.add(Code.E_SHEET_LAYOUT, Place(source, form.header), text, form.header, "the header")
        return None
    return lines[above:], rows[above:]


def _rows_of_parquet(
    source: SourceFile, findings: Findings, form: Form, blanks: bool
) -> tuple[list[int], list[list[str]]] | None:
    found = parquet_rows(source, form, findings)
    if found is None:
        return None
    (titles, *below), lines = found, [1]
    rows = [titles]
    for line, row in enumerate(below, start=2):
        _keep(row, line, rows, lines, blanks)
    return lines, rows


def _keep(row: list[str], line: int, rows: list[list[str]], lines: list[int], blanks: bool) -> None:
    """Add a row with a filled cell to ``rows`` and ``lines``; with ``blanks`` one without cells for all empty ones that follow
    it."""
    if any(cell.strip() for cell in row):
        rows.append(row)
        lines.append(line)
    elif blanks and rows and rows[-1]:
        rows.append([])
        lines.append(line)


def _lines(text: str, mark: str) -> Iterator[str]:
    """The lines of a file with their ends. Raises OverflowError for one that no table has."""
    for line in lines_of(text):
        if line.count(mark) > MOST_MARKS:
            raise OverflowError
        yield line


def _header(
    cells: list[str],
    line: int,
    rows: list[list[str]],
    source: SourceFile,
    findings: Findings,
    column_of: Callable[[str], str],
) -> dict[str, int]:
    """Name and position of the columns. One without a name and without a value is left out."""
    header: dict[str, int] = {}
    for position, cell in enumerate(cells, start=1):
        name = column_of(cell.strip())
        if not name:
            if any(len(row) >= position and row[position - 1].strip() for row in rows):
                text = "a column without a name: name it, or empty its cells"
                findings.add(Code.E_COLUMN_UNNAMED, Place(source, line, position), text, "", "a column name")
        elif name in header:
            first = header[name]
            findings.add(
                Code.E_COLUMN_DUPLICATE,
                Place(source, line, position),
                f"duplicate column {shown(name)}: first as column {first}",
                name,
            )
        else:
            header[name] = position
    return header


MOST_WIDTHS = 8
OTHER_HEADER = "where the header is another line, a map names it: rows: {header: N}"


def cells_between(width: int, form: Form) -> str:
    """How many cells a row should have, and by what they were told apart."""
    return f"{width} cell{'' if width == 1 else 's'} between {SEPARATORS.get(form.separator, form.separator)}"


def _same_width(raw: RawTable, width: int, form: Form, findings: Findings) -> RawTable:
    """Leave out empty cells beyond the header. Rows of another width are findings, many of them as one; they are dropped
    so that the rest can be checked."""
    if all(len(row) == width for row in raw.rows):
        return raw
    keep, wrong = [], []
    named = max(raw.header.values(), default=width)
    for position, row in enumerate(raw.rows):
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            del row[width:]
        if named <= len(row) < width:  # the header alone has columns without a name at its end
            row.extend([""] * (width - len(row)))
        if len(row) == width:
            keep.append(position)
        else:
            wrong.append(position)
    expected = cells_between(width, form)
    for position in wrong if len(wrong) <= MOST_WIDTHS else wrong[:1]:
        row = raw.rows[position]
        place = Place(raw.source, raw.lines[position], min(len(row), width) + 1)
        cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
        text = f"{cells}: expected {expected}, as in the header"
        if len(row) == 1:
            text += ", and nothing but rows below it"
        elif len(row) > width:
            text += " (a text with the mark that separates cells stands in quotes)"
        if len(wrong) > MOST_WIDTHS:
            text += f"; so in {len(wrong)} rows, to line {raw.lines[wrong[-1]]}"
        if all(len(one) > width for one in raw.rows):
            text += f"; {OTHER_HEADER}"
        findings.add(Code.E_ROW_WIDTH, place, text, len(row), expected)
    raw.rows = [raw.rows[position] for position in keep]
    raw.lines = [raw.lines[position] for position in keep]
    return raw
