"""The sheet `read_me`: how to read the workbook, and what each sheet, column and word means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from planner.result import Result
from planner.schema.glossary import GLOSSARY
from planner.schema.results import CONTRACT, PREFIX, RESULT_TABLES, unit_of
from planner.schema.table_schema import CARRIED
from planner.write.xlsx.book import INK, LINE, TAB_COLOURS, Book
from planner.write.xlsx.layout import Sheet
from planner.write.xlsx.table_sheet import rows_shown

Line = tuple[str, str, str]


def write_read_me(book: Book, worksheet: Any, result: Result, results: Sequence[Sheet], inputs: Sequence[Sheet]) -> None:
    worksheet.set_tab_color(TAB_COLOURS["record"])
    worksheet.hide_gridlines(2)
    for column, width in enumerate((36, 32, 100)):
        worksheet.set_column(column, column, width, book.format())
    worksheet.write_string(0, 0, "How to read this workbook", book.format(bold=True, font_size=16, font_color=INK))
    worksheet.set_row(0, 24)
    for row, text in enumerate(READ_ME, start=1):
        worksheet.write_string(row, 0, text, book.format())
    section, link = book.format(bold=True, font_size=12, font_color=INK), book.format(font_color="#0563C1", underline=1)
    head = book.format(bold=True, bottom=1, bottom_color=LINE, font_color=INK)
    linked = {name for name, _, _ in _sheets(results, inputs)} - {sheet.name for sheet in results if sheet.silent}
    row = len(READ_ME) + 2
    for title, heads, lines in (
        ("Sheets", ("sheet", "size", "what it holds"), _sheets(results, inputs)),
        ("Words", ("word", "", "meaning"), ((word, "", meaning) for word, meaning in GLOSSARY.items())),
        ("Columns and measures", ("name", "unit", "meaning"), _columns(result)),
        ("Columns of the inputs", ("sheet and column", "unit", "meaning"), _input_columns(result)),
    ):
        worksheet.write_string(row, 0, title, section)
        for column, text in enumerate(heads):
            worksheet.write_string(row + 1, column, text, head)
        row += 2
        for name, middle, meaning in lines:
            if title == "Sheets" and name in linked:
                worksheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
            else:
                worksheet.write_string(row, 0, name, book.format())
            worksheet.write_string(row, 1, middle, book.format())
            worksheet.write_string(row, 2, meaning, book.format())
            row += 1
        row += 1
    worksheet.print_nothing(3)
    worksheet.print_readable("How to read this workbook")


def _sheets(results: Iterable[Sheet], inputs: Iterable[Sheet]) -> Iterator[Line]:
    yield "summary", "", "The plan on one page."
    yield (
        "print",
        "",
        "The plan on paper: what to order, power, chips, compute, money, places, nations.",
    )
    yield "checks", "", "Workbook self-check: formulas that compute totals, balances and headlines again from the other sheets."
    for sheet in (*results, *inputs):
        yield sheet.name, f"{len(sheet.frame):,} rows", sheet.note + (SILENT if sheet.silent else "") + past_excel(sheet)
    yield "run", "", "How this plan was made: versions, options, sizes, checks. Timings and memory: manifest.json."
    yield "charts", "", "Numbers behind the charts."


def _columns(result: Result) -> Iterator[Line]:
    """The columns of the results as their schema explains them; a second meaning names its table."""
    yield "measure", "", "Which quantity of the table this row holds"
    found: dict[str, dict[str, str]] = {}
    for table, frame in result.tables.items():
        docs = {column.name: column.doc for column in RESULT_TABLES[table].columns} if table in RESULT_TABLES else {}
        for name in map(str, frame.columns):
            found.setdefault(name, {}).setdefault(docs.get(name, ""), table)
    for name, meanings in found.items():
        for place, (doc, table) in enumerate(meanings.items()):
            yield f"{name} ({table})" if place else name, unit_of(name), doc


def _input_columns(result: Result) -> Iterator[Line]:
    """The columns of the inputs as their schema explains them."""
    for name, table in result.plan.tables.items():
        if len(table):
            yield from ((f"in_{name}: {one.name}", one.unit, one.doc) for one in table.schema.fields)
    yield from ((f"every input sheet: {one.name}", "", one.doc) for one in CARRIED)
    yield "every input sheet: file, line", "", "where the row was read"
    yield "every input sheet: changed", "", "what a scenario or --set did to it"


def past_excel(sheet: Sheet) -> str:
    """A note on a table with more rows than Excel takes."""
    rest = len(sheet.frame) - rows_shown(sheet)
    return f" Excel takes no more rows: the last {rest:,} are in {sheet.csv} alone." if rest else ""


SILENT = " Hidden: nothing in this plan."

SPARSE = ", ".join(name for table in RESULT_TABLES.values() if table.sparse for name in table.sheet_names)

READ_ME = (
    "Blue tabs are results; orange tabs (in_…) are the inputs as used, with sources; grey tabs say how the plan was made.",
    "The orange tabs are a plan themselves: `planner run` reads this workbook, or a copy with other numbers in them.",
    "Where months run across, a row is one measure of one place: filter the column `measure` first. Its unit is beside it.",
    "Units: MW, MWh, million US dollars (million USD), tonnes, thousand accelerators (thousand units).",
    f"Compute is counted in H100e. {GLOSSARY['H100e']}",
    "Shares are shown in percent, on the orange tabs as fractions of 1. A dash is zero; an empty cell has no value.",
    "Months in cells are dates, shown as Jan 2027. Names of columns are texts: months across are called 2027-01.",
    f"Rows that are zero in every month are left out of {SPARSE}.",
    f"For your own formulas: each sheet is a table {PREFIX}<sheet>, each headline a name {PREFIX}<key>; contract {CONTRACT}.",
    "Printing the workbook prints summary, print and checks, on A4. To print another sheet, clear its print area first.",
    "The folder tables/ beside this file holds the same tables in full as CSV, one row a fact.",
)
