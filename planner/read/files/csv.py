"""CSV as text with places: header, rows and the line of each. What the cells mean is decided by `table.py`."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, shown
from planner.plan.table import RawTable
from planner.read.files.source import decode

LARGEST_CELL = 100_000
WIDEST, LONGEST = 500, 250_000
"""Columns and rows of a table, in a file or on a sheet: far more than any has."""
MOST_LINES, MOST_COMMAS = 10 * LONGEST, 100 * WIDEST  # of a file with empty lines, of a line with commas in its texts
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")

csv.field_size_limit(LARGEST_CELL)


def read_csv(source: SourceFile, findings: Findings, column_of: Callable[[str], str] = str) -> RawTable | None:
    """Reads the text of a CSV file; None when there is no usable header. ``column_of``: the column that a title means."""
    text = decode(source, findings)
    if text is None:
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        findings.add(Code.E_TEXT_ENCODING, Place(source, line), "a NUL character: expected a CSV text", "\\0", "a CSV text")
        return None
    reader = csv.reader(_lines(text), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(line)
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
    header = _header(rows[0], lines[0], source, findings, column_of)
    if header is None:
        return None
    return _same_width(RawTable(source, header, lines[0], rows[1:], lines[1:]), len(rows[0]), findings)


def _lines(text: str) -> Iterator[str]:
    """The lines of a file with their ends, of Unix, Windows or old Macs. Raises OverflowError for one that no table has."""
    for match in LINE.finditer(text):
        if (line := match.group()).count(",") > MOST_COMMAS:
            raise OverflowError
        yield line


def _header(
    cells: list[str], line: int, source: SourceFile, findings: Findings, column_of: Callable[[str], str]
) -> dict[str, int] | None:
    header: dict[str, int] = {}
    if len(cells) == 1 and (";" in cells[0] or "\t" in cells[0]):
        mark = "tabs" if "\t" in cells[0] else "semicolons"
        findings.add(
            Code.E_CSV_SYNTAX, Place(source, line, 1), f"columns are separated by {mark}: expected commas", cells[0], "commas"
        )
        return None
    for position, cell in enumerate(cells, start=1):
        name = column_of(cell.strip())
        if not name:
            findings.add(Code.E_COLUMN_UNNAMED, Place(source, line, position), "a column without a name", "", "a column name")
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


def _same_width(raw: RawTable, width: int, findings: Findings) -> RawTable:
    """Rows of another width than the header are findings; they are dropped so that the rest can be checked."""
    if all(len(row) == width for row in raw.rows):
        return raw
    keep = []
    for position, row in enumerate(raw.rows):
        if len(row) == width:
            keep.append(position)
        else:
            place = Place(raw.source, raw.lines[position], min(len(row), width) + 1)
            expected = f"{width} cells"
            findings.add(Code.E_ROW_WIDTH, place, f"{len(row)} cells: expected {expected} as in the header", len(row), expected)
    raw.rows = [raw.rows[position] for position in keep]
    raw.lines = [raw.lines[position] for position in keep]
    return raw
