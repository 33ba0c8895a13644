"""One table on one sheet: an Excel table with filters, a frozen header, and columns as wide as their content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.write.xlsx.book import MONTH_FORMAT, TAB_COLOURS, Book
from planner.write.xlsx.layout import Sheet
from planner.write.xlsx.worksheet import (
    NOTHING,
    Column,
    Worksheet,
    is_numeric,
    number_format,
    number_width,
    text_of,
    twelve_digits,
    width_of,
)

EXCEL_ROWS = 1_048_576
WIDE_COLUMNS = ("source", "note", "name", "meaning", "entry", "value", "text")
HEAD_HEIGHT = 20


def write_table(book: Book, sheet: Sheet, plan: str) -> Worksheet:
    """Write one table into the planner's own workbook: coloured, ready to print, hidden where it is silent."""
    worksheet = book.worksheet(sheet.name, TAB_COLOURS[sheet.kind])
    fill_table(book, worksheet, sheet)
    if sheet.silent:
        worksheet.hide()
    worksheet.print_readable(f"{plan}: {sheet.name}", repeat=0)
    worksheet.repeat_columns(0, max(0, _frozen(sheet) - 1))
    if sheet.across is not None:  # a year a page
        worksheet.set_v_pagebreaks(
            [
                column
                for column, name in enumerate(map(str, sheet.frame.columns))
                if name.endswith("-01") and column > sheet.across
            ]
        )
    return worksheet


def fill_table(book: Book, worksheet: Worksheet, sheet: Sheet) -> None:
    """Write the cells of a table, its filters, frozen panes and widths; rows past Excel's last are left to the CSV file."""
    rows = rows_shown(sheet)
    frame = sheet.frame.iloc[:rows]
    names = [str(name) for name in frame.columns]
    numeric = [is_numeric(dtype) for dtype in frame.dtypes]
    heads = [_head(book, *pair) for pair in zip(numeric, [False, *numeric[:-1]], strict=True)]
    if sheet.across is None:
        columns, widths = _columns(book, worksheet, sheet, frame, numeric)
    else:
        columns, widths = _across(book, worksheet, sheet, frame)
    worksheet.write_block(1, columns, rows)
    for index, width in enumerate(widths):
        worksheet.set_column(index, index, width, book.format())
    if names:
        worksheet.add_table(  # the header too: a table of Excel has at least one row, empty where there is nothing
            0,
            0,
            max(rows, 1),
            len(names) - 1,
            {
                "name": sheet.table,
                "style": "Table Style Light 1",
                "columns": [{"header": name, "header_format": heads[index]} for index, name in enumerate(names)],
            },
        )
    if rows < len(sheet.frame):
        worksheet.write_string(rows + 1, 0, f"{len(sheet.frame) - rows:,} more rows: see {sheet.csv}", book.format(bold=True))
    worksheet.set_row(0, HEAD_HEIGHT)
    worksheet.freeze_panes(1, _frozen(sheet))


def rows_shown(sheet: Sheet) -> int:
    """As many rows as fit below the header, leaving one for a note on the rest."""
    return min(len(sheet.frame), EXCEL_ROWS - 2)


def _head(book: Book, is_number: bool, after_number: bool) -> Any:
    return book.head(valign="vcenter", **({"align": "right"} if is_number else {"indent": 1} if after_number else {}))


def _frozen(sheet: Sheet) -> int:
    """The number of leading columns that name the row."""
    if sheet.across is not None:
        return sheet.across
    names = [str(name) for name in sheet.frame.columns]
    count = next((index for index, name in enumerate(names) if not name.endswith("_id") and name not in ("month",)), len(names))
    return min(count, 3)


def _columns(
    book: Book, worksheet: Worksheet, sheet: Sheet, frame: pd.DataFrame, numeric: Sequence[bool]
) -> tuple[list[Column], list[float]]:
    """The columns of a tidy table, each with one number format, and their widths. Inputs have all digits."""
    columns: list[Column] = []
    widths: list[float] = []
    for index, name in enumerate(map(str, frame.columns)):
        if numeric[index]:
            shown = name if sheet.kind == "result" else name.removesuffix("_frac")  # what is typed there is typed as a fraction
            values = frame.iloc[:, index].to_numpy(dtype=float, na_value=np.nan)
            values = np.where(np.isfinite(values), values, np.nan)
            columns.append(
                Column(
                    twelve_digits(values) if sheet.kind == "result" else values,
                    None,
                    book.style(cell_style=sheet.cell_style, num_format=number_format(values, shown)),
                )
            )
            longest = 12 if np.isfinite(values).any() else 0
        else:
            indent = bool(index and numeric[index - 1])
            column, longest = _texts(book, worksheet, sheet, frame.iloc[:, index].tolist(), _months(sheet, frame, name), indent)
            columns.append(column)
        widths.append(width_of(max(longest, len(name) + 3), most=60 if name in WIDE_COLUMNS else 44))
    return columns, widths


def _months(sheet: Sheet, frame: pd.DataFrame, name: str) -> np.ndarray:
    """The rows of a column whose cell is a month."""
    if sheet.month_keys and name != frame.columns[0]:
        return frame.iloc[:, 0].isin(sheet.month_keys).to_numpy()
    return np.full(len(frame), name in sheet.month_columns)


def _texts(
    book: Book, worksheet: Worksheet, sheet: Sheet, values: Sequence[Any], months: np.ndarray, indent: bool = False
) -> tuple[Column, int]:
    """A column that is not all numbers, and the length of its longest text. ``months``: rows that are written as dates."""
    numbers, texts = np.full(len(values), np.nan), np.full(len(values), NOTHING, dtype=int)
    longest, dated = 0, bool(months.any())
    for row, value in enumerate(values):
        if dated and months[row] and (day := book.day_of(str(value))) == day:
            numbers[row] = day
            continue
        if isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_):
            if np.isfinite(value):
                numbers[row] = float(value)
                longest = max(longest, len(f"{float(value):.12g}"))
            continue
        text = text_of(value)
        texts[row] = worksheet.shared(text)
        longest = max(longest, len(text))
    look = {"cell_style": sheet.cell_style, **({"indent": 1} if indent else {})}
    style: np.ndarray | int = book.style(cell_style=sheet.cell_style, num_format="General", align="left")
    if dated:
        style = np.where(months, book.style(num_format=MONTH_FORMAT, align="left", **look), style)
        longest = max(longest, len(MONTH_FORMAT))
    return Column(numbers, texts, style, book.style(**look)), longest


def _across(book: Book, worksheet: Worksheet, sheet: Sheet, frame: pd.DataFrame) -> tuple[list[Column], list[float]]:
    """The columns of a table with months across, one number format a measure, and their widths."""
    first = sheet.across or 0
    columns: list[Column] = []
    widths: list[float] = []
    for name, values in frame.iloc[:, :first].items():
        column, longest = _texts(
            book, worksheet, sheet, [text_of(value) for value in values], np.zeros(len(values), dtype=bool)
        )
        columns.append(column)
        widths.append(width_of(max(longest, len(str(name)) + 3), most=44))
    numbers = frame.iloc[:, first:].to_numpy(dtype=float)
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    measures = frame["measure"].to_numpy(dtype=object)
    styles = np.zeros(len(frame), dtype=int)
    for measure in dict.fromkeys(measures.tolist()):
        chosen = measures == measure
        styles[chosen] = book.style(cell_style=sheet.cell_style, num_format=number_format(numbers[chosen], measure))
    columns += [Column(twelve_digits(numbers[:, index]), None, styles) for index in range(numbers.shape[1])]
    return columns, widths + [number_width(numbers)] * numbers.shape[1]
