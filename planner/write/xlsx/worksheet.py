"""A worksheet that takes whole columns, and the values of cells.

XlsxWriter keeps an object for each cell, writes 16 digits of a number, and takes a text between `<r>` and `</r>` for its own
markup. Here columns stay arrays until the sheet is written, a number has the digits that it needs, and a text is a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
from xlsxwriter import worksheet
from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_rowcol_to_cell

CHUNK = 4096
LONGEST_TEXT = 32_767
READABLE = 80
"""The scale of a printed page, in percent, at which text of 10 points has 8."""
MARGINS = {"left": 0.3, "right": 0.3, "top": 0.6, "bottom": 0.5}
"""Of a printed page, in inches."""
PAGE_PX = int(0.96 * (8.27 - MARGINS["top"] - MARGINS["bottom"]) * 96 * 100 / READABLE)
"""Pixels of rows that a printed page has room for; a little less, since each program rounds heights in its own way."""
NOTHING = -1
"""Number of a text that is not there."""


@dataclass(frozen=True)
class Column:
    """The cells of a column: ``numbers``, an array with NaN for empty cells, or ``texts``, numbers of shared texts, or both.

    ``style`` is the number of the format, one for all rows or an array with one a row; ``text_style`` that of the texts."""

    numbers: np.ndarray | None
    texts: np.ndarray | None
    style: np.ndarray | int
    text_style: int = 0


class Forgetful(dict[tuple[int, int], str]):
    """A dictionary that keeps nothing: XlsxWriter notes each cell of a table there, 200 MB for 200,000 rows."""

    def __setitem__(self, cell: tuple[int, int], table: str) -> None:
        pass


class Worksheet(worksheet.Worksheet):  # type: ignore[misc]
    """A worksheet of XlsxWriter with at most one block of columns."""

    dim_rowmin: Any
    dim_rowmax: Any
    first_row = 0
    columns: Sequence[Column] = ()
    height = 0

    def __init__(self) -> None:
        super().__init__()
        self.table_cells = Forgetful()

    def print_readable(self, header: str, repeat: int | None = None) -> None:
        """Print on landscape A4 with text of at least 8 points, as many pages as needed, with the row ``repeat`` on each."""
        self.set_landscape()
        self.set_paper(9)
        self.set_margins(**MARGINS)
        self.set_print_scale(READABLE)
        if repeat is not None:
            self.repeat_rows(repeat)
        self.set_header(f"&L&10{header.replace('&', '&&')}"[:255])
        self.set_footer("&R&9page &P of &N")

    def row_height_px(self, row: int) -> int:
        """The height of a row, in pixels."""
        return int(self.row_sizes.get(row, (self.default_row_height,))[0])

    def print_areas(self, *areas: tuple[int, int, int, int]) -> None:
        """Print these areas (first row and column, last row and column), each on pages of its own."""
        sheet = quote_sheetname(self.name)
        cells = [
            f"{sheet}!{xl_rowcol_to_cell(*area[:2], True, True)}:{xl_rowcol_to_cell(*area[2:], True, True)}" for area in areas
        ]
        self.print_area_range = ",".join(cells)

    def print_nothing(self, column: int) -> None:
        """Leave the sheet out when the workbook is printed: its print area is an empty cell, right of the column ``column``."""
        self.print_area(0, column + 2, 0, column + 2)

    def colour_where(self, area: tuple[int, int, int, int], formula: str, look: Any) -> None:
        """Excel's own conditional format: cells of an area where a formula, written for its first cell, holds."""
        self.conditional_format(*area, {"type": "formula", "criteria": formula, "format": look})

    def write_block(self, first_row: int, columns: Sequence[Column], height: int) -> None:
        """Set columns from A on, ``height`` rows from ``first_row`` on."""
        self.first_row, self.columns, self.height = first_row, columns, height
        if columns and height:
            self._check_dimensions(first_row, 0)
            self._check_dimensions(first_row + height - 1, len(columns) - 1)

    def shared(self, text: str) -> int:
        """The number of a text among the shared texts of the workbook; NOTHING for an empty one."""
        return int(self.str_table._get_shared_string_index(literal(text))) if text else NOTHING

    def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> int:
        return int(super()._write_string(row, col, literal(string), cell_format))

    def _xml_number_element(self, number: float, attributes: Iterable[tuple[str, Any]] = ()) -> None:
        """Write one cell that holds a number; the attributes are its reference and style."""
        stated = "".join(f' {name}="{value}"' for name, value in attributes)
        self.fh.write(f"<c{stated}><v>{float(number)!r}</v></c>")

    def _write_rows(self) -> None:
        """Write the cells above the block, the block, and the cells below."""
        if not (self.columns and self.height):
            super()._write_rows()
            return
        first, last = self.dim_rowmin, self.dim_rowmax
        end = self.first_row + self.height
        if first < self.first_row:
            self.dim_rowmax = self.first_row - 1
            super()._write_rows()
        for start in range(0, self.height, CHUNK):
            self._write_chunk(start, min(start + CHUNK, self.height))
        if last >= end:
            self.dim_rowmin, self.dim_rowmax = end, last
            super()._write_rows()
        self.dim_rowmin, self.dim_rowmax = first, last

    def _write_chunk(self, start: int, stop: int) -> None:
        rows = range(self.first_row + start + 1, self.first_row + stop + 1)
        cells = [
            list(_cells(column, xl_col_to_name(index), rows, slice(start, stop))) for index, column in enumerate(self.columns)
        ]
        lines = (f'<row r="{row}">{"".join(line)}</row>' for row, line in zip(rows, zip(*cells, strict=True), strict=True))
        self.fh.write("".join(lines))


def _cells(column: Column, letters: str, rows: range, part: slice) -> Iterable[str]:
    """The cells of one column of a chunk as XML; an empty text for an empty cell."""
    style, length = column.style, len(rows)
    styles = [style] * length if isinstance(style, int) else style[part].tolist()
    numbers = [np.nan] * length if column.numbers is None else column.numbers[part].tolist()
    texts = [NOTHING] * length if column.texts is None else column.texts[part].tolist()
    for row, own, number, text in zip(rows, styles, numbers, texts, strict=True):
        if number == number:
            yield f'<c r="{letters}{row}" s="{own}"><v>{number!r}</v></c>'
        elif text != NOTHING:
            yield f'<c r="{letters}{row}" s="{column.text_style}" t="s"><v>{text}</v></c>'
        else:
            yield ""


def literal(text: str) -> str:
    """The text in the form that XlsxWriter writes as it is."""
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text)}</t></r>'
    return text


def text_of(value: Any) -> str:
    """A value as the text of a cell; empty for a missing value."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ";".join(str(each) for each in value)
    return str(value)[:LONGEST_TEXT]


def twelve_digits(values: np.ndarray) -> np.ndarray:
    """Numbers rounded to the digits of the CSV files, so that both hold the same numbers."""
    flat = values.ravel() + 0.0
    text = "%.12g " * flat.size % tuple(flat.tolist())
    return np.array(text.split(), dtype=float).reshape(values.shape)


def width_of(length: int, most: int) -> float:
    """The width of a column whose longest text has this many characters."""
    return float(min(max(length + 1.5, 8), most))


def number_width(numbers: np.ndarray) -> float:
    """The width that shows the longest number and the name of a month."""
    sizes = np.abs(numbers[np.isfinite(numbers)])
    return max(9.5, len(f"{sizes.max():,.0f}") + 2.0) if sizes.size else 9.5


def is_numeric(dtype: Any) -> bool:
    """Whether a column holds numbers alone."""
    return bool(pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype))


def number_format(values: np.ndarray, name: str = "") -> str:
    """A number format with three to four significant digits for numbers of this size, percent for shares; a dash for zero."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if sizes.size == 0:
        return '#,##0;-#,##0;"–"'
    if name.endswith(("_months", "_years", "_deg", "_line")) or name in ("line", "year", "plan_year"):
        return "General"
    if name.endswith("_frac"):
        return '0.0 %;-0.0 %;"–"'
    if (sizes == np.round(sizes)).all():
        return '#,##0;-#,##0;"–"'
    typical = float(np.quantile(sizes, 0.75))
    decimals = 0 if typical >= 1000 else 1 if typical >= 30 else 2 if typical >= 1 else 3 if typical >= 0.05 else 5
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{digits};-{digits};"–"'
