"""The sheet `read_me`: how to read the workbook, what each sheet holds and what each column means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from planner.write.contract import CONTRACT
from planner.write.dictionary import RESULT_COLUMNS, unit_of
from planner.write.xlsx.book import INK, LINE, TAB_COLOURS, Book
from planner.write.xlsx.layout import Sheet
from planner.write.xlsx.table_sheet import rows_shown

if TYPE_CHECKING:
    from planner.result import Result


def write_read_me(book: Book, page: Any, result: Result, results: Iterable[Sheet], inputs: Iterable[Sheet]) -> None:
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
    pages = [
        ("summary", "", "The plan on one page."),
        (
            "checks",
            "",
            "Formulas that compute totals, balances and headlines again from the other sheets: OK, or the gap.",
        ),
    ]
    pages += [
        (sheet.name, f"{len(sheet.frame):,}", sheet.note + (SILENT if sheet.name in hidden else "") + past_excel(sheet))
        for sheet in (*results, *inputs)
    ]
    pages += [
        ("run", "", "How this plan was made: versions, options, sizes, checks. Timings and memory: manifest.json."),
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


def past_excel(sheet: Sheet) -> str:
    """What to say of a table with more rows than Excel takes."""
    rest = len(sheet.frame) - rows_shown(sheet)
    return f" Excel takes no more rows: the last {rest:,} are in {sheet.csv} alone." if rest else ""


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
    f"For your own formulas: each sheet is a table plan_<sheet>, each headline a name plan_<key>; contract {CONTRACT}.",
    "The folder tables/ beside this file holds the same tables in full as CSV, one row a fact.",
)
