"""The workbook `plan.xlsx`: summary, read-me, one sheet a table, the inputs with their sources, the run record.

The same tables give the same bytes. Names are written as text, whatever they begin with: no cell is ever a formula or a link
that came from a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from planner.write.dictionary import RESULT_COLUMNS, unit_of
from planner.write.exact import ExactWorksheet
from planner.write.json import plain
from planner.write.layout import Sheet, input_sheets, result_sheets
from planner.write.summary import write_summary
from planner.write.workbook_plan import values_of

if TYPE_CHECKING:
    from planner.result import Result

EXCEL_ROWS = 1_048_576
LONGEST_TEXT = 32_767
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A date that never changes, so that the bytes do not."""
FONT = {"font_name": "Calibri", "font_size": 10}
INK, PAPER, LINE = "#1F3A5F", "#EAF0F6", "#B8C4D0"
TAB_COLOURS = {"result": "#0072B2", "input": "#E69F00", "record": "#7F7F7F"}
VOLATILE = ("timings", "memory", "machine", "written")
"""Entries of the run record that differ between two runs of the same plan: in `manifest.json`, not in the workbook."""


@dataclass
class Book:
    """An open workbook and the formats in use."""

    book: Any
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def format(self, **properties: Any) -> Any:
        """The format with these properties; the same properties give the same object."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(FONT | properties)
        return self.formats[key]


def write_xlsx(path: Path, result: Result) -> None:
    """Write the workbook of a run."""
    results = result_sheets(result.tables)
    tables = {name: table.frame for name, table in result.plan.tables.items()}
    stated = {name: frame for name, frame in tables.items() if len(frame) or result.plan.tables[name].schema.required}
    inputs = input_sheets(values_of(plain(result.plan.to_mapping())), stated)
    book = Book(xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}))
    book.book.set_size(2400, 1500)
    book.book.set_properties({"title": f"Plan {result.plan.name}", "created": CREATED})
    book.book.set_calc_mode("auto")

    summary = book.book.add_worksheet("summary")
    read_me = book.book.add_worksheet("read_me")
    for sheet in (*results, *inputs):
        _write_table(book, sheet, result.plan.name)
    write_run_sheet(book, result.record)
    write_summary(book, summary, result)
    _write_read_me(book, read_me, result, results, inputs)
    summary.activate()
    try:
        book.book.close()
    except XlsxFileError as error:
        raise cause(error) from error


def cause(error: XlsxFileError) -> Exception:
    """The operating system's own error where there is one: it knows that the disk is full."""
    cause = error.args[0] if error.args else None
    return cause if isinstance(cause, OSError) else OSError(str(error))


# ---- one table


def _write_table(book: Book, sheet: Sheet, plan: str) -> None:
    """One table as an Excel table with filters, its header frozen, its columns as wide as what they hold."""
    frame = sheet.frame
    page = book.book.add_worksheet(sheet.name, worksheet_class=ExactWorksheet if sheet.kind == "input" else None)
    page.set_tab_color(TAB_COLOURS[sheet.kind])
    if sheet.silent:
        page.hide()
    rows = min(len(frame), EXCEL_ROWS - 2)
    names = [str(name) for name in frame.columns]
    head = book.format(bold=True, font_color="white", bg_color=INK, valign="vcenter")
    head_right = book.format(bold=True, font_color="white", bg_color=INK, valign="vcenter", align="right")
    head_indent = book.format(bold=True, font_color="white", bg_color=INK, valign="vcenter", indent=1)
    numeric = [pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype) for dtype in frame.dtypes]

    heads = [
        head_right if is_number else head_indent if index and numeric[index - 1] else head
        for index, is_number in enumerate(numeric)
    ]
    for index, name in enumerate(names):
        page.write_string(0, index, name, heads[index])
    if sheet.across is None:
        widths = _write_columns(book, page, frame.iloc[:rows], numeric, exact=sheet.kind == "input")
    else:
        widths = _write_across(book, page, frame.iloc[:rows], sheet.across)
    for index, width in enumerate(widths):
        page.set_column(index, index, width, book.format())
    if rows:
        page.add_table(
            0,
            0,
            rows,
            len(names) - 1,
            {
                "name": f"plan_{sheet.name}" if sheet.kind == "result" else sheet.name,
                "style": "Table Style Light 1",
                "columns": [{"header": name, "header_format": heads[index]} for index, name in enumerate(names)],
            },
        )
    if rows < len(frame):
        page.write_string(rows + 1, 0, f"{len(frame) - rows:,} more rows: see tables/{sheet.name}.csv", book.format(bold=True))
    page.set_row(0, 20)
    page.freeze_panes(1, sheet.across if sheet.across is not None else _frozen(names))
    _prepare_print(page, plan, sheet)


def _frozen(names: Sequence[str]) -> int:
    """Leading columns that name the row."""
    count = next((index for index, name in enumerate(names) if not name.endswith("_id") and name not in ("month",)), len(names))
    return min(count, 3)


def _prepare_print(page: Any, plan: str, sheet: Sheet) -> None:
    page.set_landscape()
    page.set_paper(8)  # A3
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.print_area(0, 0, min(len(sheet.frame), EXCEL_ROWS - 1), max(sheet.frame.shape[1] - 1, 0))
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    safe = plan.replace("&", "&&")
    page.set_header(f"&L&10{safe}: &A"[:255])
    page.set_footer("&R&9page &P of &N")


def _write_columns(book: Book, page: Any, frame: pd.DataFrame, numeric: Sequence[bool], exact: bool) -> list[float]:
    """A tidy table, column by column; one number format a column; ``exact``: with all digits. Returns the widths."""
    widths: list[float] = []
    for index, name in enumerate(frame.columns):
        text_format = book.format(indent=1) if index and numeric[index - 1] else book.format()
        column = frame.iloc[:, index]
        if numeric[index]:
            values = column.to_numpy(dtype=float, na_value=np.nan)
            shown = book.format(num_format=number_format(values, str(name)))
            longest = _write_numbers_down(page, index, values.tolist() if exact else _digits(values), values, shown)
        else:
            longest = 0
            for row, value in enumerate(column.tolist(), start=1):
                longest = max(longest, _write_any(page, row, index, value, text_format, book))
        widths.append(_width(max(longest, len(str(name)) + 3), most=60 if str(name) in ("source", "note", "name") else 44))
    return widths


def _write_numbers_down(page: Any, index: int, written: Sequence[float], values: np.ndarray, shown: Any) -> int:
    finite = np.isfinite(values)
    for row, (value, real) in enumerate(zip(written, finite.tolist(), strict=True), start=1):
        if real:
            page.write_number(row, index, value, shown)
    return 12 if finite.any() else 0


def _write_across(book: Book, page: Any, frame: pd.DataFrame, first: int) -> list[float]:
    """Months across: one number format a measure, so that rows of one kind compare. Returns the widths."""
    text_format = book.format()
    heads = [[_text(value) for value in row] for row in frame.iloc[:, :first].itertuples(index=False)]
    numbers = frame.iloc[:, first:].to_numpy(dtype=float)
    for row, head in enumerate(heads, start=1):
        for index, text in enumerate(head):
            page.write_string(row, index, text, text_format)
    measures = frame["measure"].tolist()
    shown: dict[str, Any] = {}
    for measure in dict.fromkeys(measures):
        chosen = numbers[[each == measure for each in measures]]
        shown[measure] = book.format(num_format=number_format(chosen, measure))
    for row, (measure, values) in enumerate(zip(measures, numbers, strict=True), start=1):
        form = shown[measure]
        for index, value in enumerate(_digits(values), start=first):
            if value == value:
                page.write_number(row, index, value, form)
    names = [str(name) for name in frame.columns[:first]]
    widths = [_width(max([len(name) + 3, *(len(head[index]) for head in heads)]), most=44) for index, name in enumerate(names)]
    return widths + [_number_width(numbers)] * (frame.shape[1] - first)


def _number_width(numbers: np.ndarray) -> float:
    """Wide enough for the longest number and for the name of a month."""
    sizes = np.abs(numbers[np.isfinite(numbers)])
    return max(9.5, len(f"{sizes.max():,.0f}") + 2.0) if sizes.size else 9.5


def _write_any(page: Any, row: int, column: int, value: Any, text_format: Any, book: Book) -> int:
    """One cell of a column that is not all numbers. Returns the length of what is shown."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_):
        if not np.isfinite(value):
            return 0
        page.write_number(row, column, float(value), book.format(num_format="General", align="left"))
        return len(f"{float(value):.12g}")
    text = _text(value)
    if text:
        page.write_string(row, column, text, text_format)
    return len(text)


def _text(value: Any) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ";".join(str(each) for each in value)
    return str(value)[:LONGEST_TEXT]


def _digits(values: np.ndarray) -> list[float]:
    """Rounded to the digits of the CSV files, so that both hold the same numbers."""
    flat = (values + 0.0).tolist()
    return [float(each) for each in ("%.12g " * len(flat) % tuple(flat)).split()]


def _width(length: int, most: int) -> float:
    return float(min(max(length + 1, 8), most))


def number_format(values: np.ndarray, name: str = "") -> str:
    """Digits that suit the size of the numbers: three to four that matter; a dash for zero."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if sizes.size == 0:
        return '#,##0;-#,##0;"–"'
    if name.endswith(("_months", "_years", "_deg", "_line")) or name in ("line", "year"):
        return "General"
    if (sizes == np.round(sizes)).all():
        return '#,##0;-#,##0;"–"'
    typical = float(np.quantile(sizes, 0.75))
    decimals = 0 if typical >= 1000 else 1 if typical >= 30 else 2 if typical >= 1 else 3 if typical >= 0.05 else 5
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{digits};-{digits};"–"'


# ---- read-me and run record


def _write_read_me(book: Book, page: Any, result: Result, results: Iterable[Sheet], inputs: Iterable[Sheet]) -> None:
    page.set_tab_color(TAB_COLOURS["record"])
    page.hide_gridlines(2)
    page.set_column(0, 0, 46, book.format())
    page.set_column(1, 1, 32, book.format())
    page.set_column(2, 2, 100, book.format())
    title, section = book.format(bold=True, font_size=16, font_color=INK), book.format(bold=True, font_size=12, font_color=INK)
    head = book.format(bold=True, bottom=1, bottom_color=LINE, font_color=INK)
    plain_text, link = book.format(), book.format(font_color="#0563C1", underline=1)
    row = 0
    page.write_string(row, 0, "How to read this workbook", title)
    page.set_row(row, 24)
    for line in READ_ME:
        row += 1
        page.write_string(row, 0, line, plain_text)
    row += 2
    page.write_string(row, 0, "Sheets", section)
    row += 1
    for column, text in enumerate(("sheet", "size", "what it holds")):
        page.write_string(row, column, text, head)
    hidden = {sheet.name for sheet in results if sheet.silent}
    pages = [("summary", "", "The plan on one page.")]
    pages += [
        (sheet.name, f"{len(sheet.frame):,}", sheet.note + (SILENT if sheet.name in hidden else ""))
        for sheet in (*results, *inputs)
    ]
    pages += [
        ("run", "", "How this plan was made: versions, options, sizes, checks."),
        ("charts", "", "Numbers behind the charts."),
    ]
    for name, rows, note in pages:
        row += 1
        if name in hidden:
            page.write_string(row, 0, name, plain_text)
        else:
            page.write_url(row, 0, f"internal:'{name}'!A1", link, name)
        page.write_string(row, 1, f"{rows} rows" if rows else "", plain_text)
        page.write_string(row, 2, note, plain_text)
    row += 2
    page.write_string(row, 0, "Columns and measures", section)
    row += 1
    for column, text in enumerate(("name", "unit", "meaning")):
        page.write_string(row, column, text, head)
    used = dict.fromkeys(name for frame in result.tables.values() for name in map(str, frame.columns))
    for name in dict.fromkeys([*(known for known in RESULT_COLUMNS if known in used or known in ("measure", "unit")), *used]):
        row += 1
        unit, meaning = RESULT_COLUMNS.get(name, (unit_of(name), ""))
        for column, text in enumerate((name, unit, meaning)):
            page.write_string(row, column, text, plain_text)
    row = _write_input_columns(book, page, row + 2, result)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _write_input_columns(book: Book, page: Any, row: int, result: Result) -> int:
    """What the columns of the inputs mean, in the words of their schema."""
    page.write_string(row, 0, "Columns of the inputs", book.format(bold=True, font_size=12, font_color=INK))
    row += 1
    head = book.format(bold=True, bottom=1, bottom_color=LINE, font_color=INK)
    for column, text in enumerate(("sheet and column", "unit", "meaning")):
        page.write_string(row, column, text, head)
    for name, table in result.plan.tables.items():
        if not len(table.frame):
            continue
        for one in table.schema.fields:
            row += 1
            for column, text in enumerate((f"in_{name}: {one.name}", one.unit, one.doc)):
                page.write_string(row, column, text, book.format())
    for text, meaning in CARRIED:
        row += 1
        page.write_string(row, 0, text, book.format())
        page.write_string(row, 2, meaning, book.format())
    return row


SILENT = " Hidden: nothing in this plan."

CARRIED = (
    ("every input sheet: source", "Where the row comes from"),
    ("every input sheet: quality", "measured, published_forecast or estimate"),
    ("every input sheet: note", "Anything worth saying"),
    ("every input sheet: file, line", "Where the row was read"),
    ("every input sheet: changed", "What a scenario or --set did to it"),
)

READ_ME = (
    "Blue tabs are results; orange tabs (in_…) are the inputs as used, with sources; grey tabs say how the plan was made.",
    "The orange tabs are a plan themselves: `planner run` reads this workbook, or a copy with other numbers in them.",
    "Where months run across, a row is one measure of one place: filter the column `measure` first. Its unit is beside it.",
    "Units: MW, MWh, million US dollars (million USD), tonnes, thousand accelerators (thousand units).",
    "Compute is counted in H100-equivalents (H100e): what one H100 does in dense BF16, 0.9895 PFLOP/s.",
    "Shares are fractions between 0 and 1, never percent. A dash is zero; an empty cell has no value.",
    "In the sheets fleet, places, power, serve and costs, rows that are zero in every month are left out.",
    "The folder tables/ beside this file holds the same tables in full as CSV, one row a fact.",
)


def write_run_sheet(book: Book, record: Mapping[str, Any]) -> None:
    """The run record, one row an entry, without what differs between two runs of the same plan."""
    page = book.book.add_worksheet("run")
    page.set_tab_color(TAB_COLOURS["record"])
    head = book.format(bold=True, font_color="white", bg_color=INK)
    page.set_column(0, 0, 52, book.format())
    page.set_column(1, 1, 90, book.format())
    page.write_string(0, 0, "entry", head)
    page.write_string(0, 1, "value", head)
    general = book.format(num_format="General", align="left")
    steady = {key: value for key, value in plain(record).items() if not key.startswith(VOLATILE)}
    row = 0
    for row, (key, value) in enumerate(_flat(steady), start=1):
        page.write_string(row, 0, key[:LONGEST_TEXT], book.format())
        if isinstance(value, int | float) and not isinstance(value, bool):
            page.write_number(row, 1, value, general)
        else:
            page.write_string(row, 1, _text(value), book.format())
    page.write_string(row + 2, 0, "Timings and memory of the run: manifest.json.", book.format(italic=True))
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Nested entries as dotted paths, in order."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for index, each in enumerate(value, start=1):
            yield from _flat(each, f"{path}[{index}]")
    else:
        yield path, "; ".join(map(str, value)) if isinstance(value, list) else value
