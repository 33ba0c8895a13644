"""One sheet of a workbook as it is stored: every cell with its kind, and whatever could make a reader misread it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Literal
from xml.etree.ElementTree import Element, iterparse

from planner.schema.fields import cell_text
from planner.schema.written import NUMBER

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DATA, ROW, CELL, VALUE, FORMULA = (SPACE + name for name in ("sheetData", "row", "c", "v", "f"))
INLINE, STRING, TEXT, COLUMN, MERGED = (SPACE + name for name in ("is", "si", "t", "col", "mergeCell"))

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 1_048_576, 16_384, 1_500_000
"""The first two are Excel's; there are no more shared texts than cells."""
MOST_INSIDE = 250_000
"""Elements of one row, of one shared text, or of all that is no row: they are in memory together."""
FIRST_YEAR = 1900

Kind = Literal["text", "number", "date", "truth", "error", "uncalculated"]


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is the value as a table of text would hold it: 17 digits of a number, `2027-01-15` for a date."""

    kind: Kind
    text: str
    formula: str | None = None
    month: str = ""  # of a date that is the first of a month at midnight

    @property
    def words(self) -> str:
        """What a message calls it."""
        return _WORDS[self.kind]


_WORDS: dict[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "date": "a date",
    "truth": "a boolean",
    "error": "a spreadsheet error",
    "uncalculated": "a formula that was never calculated: open the workbook in a spreadsheet program and save it",
}


@dataclass
class Grid:
    """The filled cells of a sheet by row and column, both from 1."""

    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first column and row, last column and row
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first and last


@dataclass(frozen=True)
class Styles:
    """What the cells of a workbook share."""

    strings: list[str]
    dates: frozenset[int]  # styles that show a number as a date or a time
    epoch: Any
    calculated: bool  # False: a program wrote the formulas and left the values to be calculated


def read_strings(part: IO[bytes]) -> list[str]:
    """The shared texts of a workbook, in order. Raises ValueError for more of them than cells are read."""
    from openpyxl.cell.text import Text
    from openpyxl.utils.escape import unescape

    texts: list[str] = []
    root: Element | None = None
    for event, element in _elements(part):
        root = element if root is None else root
        if event == "end" and element.tag == STRING:
            plain = len(element) == 1 and element[0].tag == TEXT  # without runs of formats, as nearly all are
            texts.append(unescape((element[0].text or "") if plain else Text.from_tree(element).content))
            if len(texts) > MOST_CELLS:
                raise ValueError(f"more than {MOST_CELLS} shared texts")
            root.clear()
    return texts


def read_grid(part: IO[bytes], styles: Styles) -> Grid:
    """All that a sheet holds. Raises ValueError for what no spreadsheet program writes."""
    from openpyxl.utils.cell import range_boundaries

    grid = Grid()
    data: Element | None = None
    row = count = 0
    for event, element in _elements(part):
        if event == "start":
            if data is None and element.tag == DATA:
                data = element
        elif element.tag == ROW:
            before, row = row, int(element.get("r", row + 1))
            if not before < row <= MOST_ROWS:
                raise ValueError(f"row {row} after row {before}")
            cells = _cells(element, row, styles)
            if cells:
                grid.rows[row] = cells
                count += len(cells)
                if count > MOST_CELLS:
                    raise ValueError(f"more than {MOST_CELLS} filled cells")
                if _is_hidden(element, "ht"):
                    grid.hidden_rows.append(row)
            if data is not None:
                data.clear()
        elif element.tag == COLUMN and _is_hidden(element, "width"):
            grid.hidden_columns.append((int(element.get("min", 1)), int(element.get("max", 1))))
        elif element.tag == MERGED:
            left, top, right, bottom = range_boundaries(
                element.get("ref", "")
            )  # two of them stay empty for whole columns or rows
            grid.merged.append((left or 1, top or 1, right or MOST_COLUMNS, bottom or MOST_ROWS))
    return grid


def _elements(part: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """All elements as they begin and end. Raises ValueError where one row or text holds more than can be meant."""
    inside = 0
    for event, element in iterparse(part, events=("start", "end")):
        if event == "start":
            inside += 1
            if inside > MOST_INSIDE:
                raise ValueError(f"more than {MOST_INSIDE} elements in a row or text")
        elif element.tag in (ROW, STRING):
            inside = 0
        yield event, element


def _is_hidden(element: Element, size: str) -> bool:
    return element.get("hidden") in ("1", "true") or element.get(size) == "0"


def _cells(row: Element, number: int, styles: Styles) -> dict[int, Cell]:
    from openpyxl.utils.cell import coordinate_to_tuple

    cells: dict[int, Cell] = {}
    column = 0
    for element in row:
        if element.tag != CELL:
            continue
        before, stated = column, element.get("r")
        if stated and not len(element):  # formatted, and empty
            continue
        at_row, column = coordinate_to_tuple(stated) if stated else (number, column + 1)
        if at_row != number or not before < column <= MOST_COLUMNS:
            raise ValueError(f"cell {stated} out of its order in row {number}")
        cell = _cell(element, styles)
        if cell is not None:
            cells[column] = cell
    return cells


def _cell(element: Element, styles: Styles) -> Cell | None:
    kind = element.get("t", "n")
    value: str | None = None
    formula: str | None = None
    for part in element:
        if part.tag == VALUE:
            value = part.text or ""
        elif part.tag == FORMULA:
            formula = part.text or ""
        elif part.tag == INLINE:
            value = _inline(part)
    if formula is not None and (value is None or (value == "" and kind != "str") or not styles.calculated):
        return Cell("uncalculated", f"={formula}", formula)
    if value is None or (value == "" and kind != "s"):
        return None
    if kind == "n":
        return _number(value, int(element.get("s", 0)) in styles.dates, styles.epoch, formula)
    if kind == "d":
        return _date(_parsed(value), formula)
    if kind == "b":
        return Cell("truth", "TRUE" if value.strip() == "1" else "FALSE", formula)
    if kind == "e":
        return Cell("error", value, formula)
    if kind not in ("s", "str", "inlineStr"):
        raise ValueError(f"a cell of type {kind}")
    text = styles.strings[_index(value)] if kind == "s" else value
    return Cell("text", text, formula) if text.strip() else None


def _index(value: str) -> int:
    if not value.isdecimal():
        raise ValueError(f"text number {value}")
    return int(value)


def _inline(element: Element) -> str:
    from openpyxl.cell.text import Text
    from openpyxl.utils.escape import unescape

    return str(unescape(Text.from_tree(element).content))


def _number(value: str, is_date: bool, epoch: Any, formula: str | None) -> Cell:
    if not NUMBER.fullmatch(value.strip()):
        raise ValueError(f"{value} as a number")
    number = float(value)
    if abs(number) == float("inf"):
        return Cell("error", value, formula)
    if not is_date:
        return Cell("number", cell_text(number), formula)
    from openpyxl.utils.datetime import from_excel

    try:
        return _date(from_excel(number, epoch), formula)
    except (OverflowError, ValueError):
        return Cell("date", cell_text(number), formula)


def _date(value: Any, formula: str | None) -> Cell:
    """Of a date the day, of a moment that and the time; the first of a month is that month too."""
    if not isinstance(value, dt.datetime) or value.year < FIRST_YEAR:
        return Cell("date", str(value), formula)
    if value.time() != dt.time():
        return Cell("date", value.isoformat(" ", "seconds"), formula)
    return Cell("date", value.date().isoformat(), formula, value.strftime("%Y-%m") if value.day == 1 else "")


def _parsed(value: str) -> Any:
    try:
        return dt.datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        return value
