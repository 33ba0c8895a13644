"""The first sheet of the workbook: what a director reads, on one screen, with charts that Excel draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.formats import month_name, sentence
from planner.result import Result, SummaryLine
from planner.schema.glossary import COST_SCOPE_NOTES, COST_SCOPES, WHAT_FIRST
from planner.schema.results import HEADLINES, PREFIX, RANKED, Headline
from planner.write.text.changes import changed_words
from planner.write.xlsx.book import INK, LINE, PAPER, Book
from planner.write.xlsx.formula import Term
from planner.write.xlsx.layout import plan_months
from planner.write.xlsx.self_check_sheet import colour_verdict
from planner.write.xlsx.summary_charts import (
    CHART_GAP_PX,
    CHART_SIZE,
    FAINT,
    ChartData,
    capacity_chart,
    chips_chart,
    cost_chart,
    demand_chart,
)
from planner.write.xlsx.worksheet import PAGE_PX, Worksheet

LABEL_WIDTH, VALUE_WIDTH, UNIT_WIDTH = 40, 12, 26
LEFT_WIDTH = LABEL_WIDTH + VALUE_WIDTH + UNIT_WIDTH
HINT = "H100e: H100-equivalent, the compute of one H100. The sheet read_me explains every sheet, column, unit and word."
OF_ORBIT = ("orbit_share", "orbit_gap")
"""Headlines whose sentences stand above the numbers."""
OF_ORDERS = ("orders_first", "orders_under_way", "capital_first")
"""Headlines whose sentences stand below what to do first."""
ROW_PX = 21
"""Of a row as it is set."""
CHARTS_FROM, CHART_COLUMNS, CHART_COLUMN_WIDTH, CHART_PX = 5, 5, 11, 405
"""Columns that the charts cover: what a page of LibreOffice without Calibri, whose digits are wider, has room for."""
CHARTS_A_PAGE = 2
EDGE_PX = 3
"""Between the top of a page and a chart, whose edge would else be drawn on the page before."""
KEPT_TOGETHER = 4
"""Rows that a head has below it on its page at least."""
LEFT, RIGHT = 3, CHARTS_FROM + CHART_COLUMNS - 1
"""The last columns of what stands beside the charts, and of what stands below them."""


def write_summary(book: Book, worksheet: Worksheet, result: Result) -> tuple[dict[str, Term], int]:
    """Write what to do first, orbit, headline numbers and limits on the left, charts on the right, all in words below.

    Each headline number has a name, `plan_` and its key. Returns them as formulas, and the row of the self-check's verdict."""
    data = ChartData(book)
    worksheet.hide_gridlines(2)
    worksheet.set_default_row(ROW_PX * 3 / 4)
    worksheet.set_tab_color(INK)
    for column, width in enumerate((2, LABEL_WIDTH, VALUE_WIDTH, UNIT_WIDTH, 1, *(CHART_COLUMN_WIDTH,) * CHART_COLUMNS)):
        worksheet.set_column(column, column, width, book.format())
    worksheet.write_string(0, 1, f"Plan: {result.plan.name}", book.format(bold=True, font_size=18, font_color=INK))
    worksheet.set_row(0, 28)
    mapping = result.plan.to_mapping()
    lines = [str(mapping.get("why") or ""), changed_words(mapping.get("set") or ()), _horizon(result), _cost_scope(mapping)]
    lines = [line for line in lines if line]
    for row, text in enumerate(lines, start=1):
        worksheet.merge_range(row, 1, row, LEFT, text, book.format(font_color=FAINT, text_wrap=True, valign="top"))
        worksheet.set_row(row, _height(text, LEFT_WIDTH))
    top = len(lines) + 2
    row = _write_sentences(book, worksheet, top, WHAT_FIRST, first_in_words(result.summary), LEFT)
    row += row > top
    heads = [top]
    verdict = orbit_verdict(result.summary)
    if verdict:
        band = book.format(
            bold=True, font_color=INK, bg_color=PAPER, text_wrap=True, valign="vcenter", border=1, border_color=LINE
        )
        worksheet.merge_range(row, 1, row, LEFT, verdict, band)
        worksheet.set_row(row, _height(verdict, LEFT_WIDTH - 6))
        row += 2
    heads.append(row)
    row, headlines = _write_numbers(book, worksheet, row, result.summary)
    verdict_at = row - 1
    heads.append(row + 1)
    row = _write_sentences(book, worksheet, row + 1, "Tightest limits", limits_in_words(result.summary), LEFT)
    charts = [
        chips_chart(book, data, result),
        capacity_chart(book, data, result),
        demand_chart(book, data, result.tables.get("demand")),
        cost_chart(book, data, result.tables.get("costs")),
    ]
    shown = [chart for chart in charts if chart is not None]
    below, begins = _insert_charts(worksheet, pages_of(worksheet, row, heads), shown)
    heads.append(max(row, below) + 1)
    row = _write_sentences(book, worksheet, heads[-1], "In words", plan_in_words(result.summary), RIGHT)
    worksheet.set_h_pagebreaks(pages_of(worksheet, row, heads, begins)[1:])
    worksheet.write_string(row + 1, 1, HINT, book.format(italic=True, font_color=FAINT))
    worksheet.print_areas((0, 1, row + 1, RIGHT))
    worksheet.print_readable(f"Plan {result.plan.name}")
    worksheet.set_first_sheet()
    return headlines, verdict_at


def pages_of(worksheet: Worksheet, end: int, heads: Sequence[int], begins: Sequence[int] = ()) -> list[int]:
    """The rows above ``end`` at which pages of paper begin: those of ``begins``, and where a page is full. A head of
    which fewer than KEPT_TOGETHER rows would be on a page begins the next."""
    pages, left_px = [0], PAGE_PX
    for row in range(end):
        height_px = worksheet.row_height_px(row)
        if height_px > left_px or (row in begins and row > pages[-1]):
            kept = [head for head in heads if max(pages[-1], row - KEPT_TOGETHER) < head < row]
            pages.append(kept[0] if kept and row not in begins else row)
            left_px = PAGE_PX - sum(map(worksheet.row_height_px, range(pages[-1], row)))
        left_px -= height_px
    return pages


def _insert_charts(worksheet: Worksheet, pages: Sequence[int], charts: Sequence[Any]) -> tuple[int, list[int]]:
    """Insert charts below one another, CHARTS_A_PAGE from the top of each page on. Returns the first row below them, and the
    rows at which their pages begin."""
    below, begins = 0, list[int]()
    for place, chart in enumerate(charts):
        page, on_page = divmod(place, CHARTS_A_PAGE)
        if not on_page:
            begins.append(pages[page] if page < len(pages) else below)
        chart.set_size({**CHART_SIZE, "width": CHART_PX})
        above_px = EDGE_PX + on_page * (CHART_SIZE["height"] + CHART_GAP_PX)
        worksheet.insert_chart(begins[-1], CHARTS_FROM, chart, {"object_position": 3, "y_offset": above_px})
        below = _row_below(worksheet, begins[-1], above_px + CHART_SIZE["height"] + CHART_GAP_PX)
    return below, begins


def _row_below(worksheet: Worksheet, row: int, height_px: int) -> int:
    """The first row that begins so far below the top of another."""
    while height_px > 0:
        height_px -= worksheet.row_height_px(row)
        row += 1
    return row


def _write_sentences(book: Book, worksheet: Any, row: int, title: str, sentences: Sequence[str], last_column: int) -> int:
    """Write one sentence a row below a title, up to a column. Returns the next free row."""
    if not sentences:
        return row
    width = LEFT_WIDTH if last_column == LEFT else LEFT_WIDTH + CHART_COLUMNS * CHART_COLUMN_WIDTH
    worksheet.merge_range(row, 1, row, last_column, title, book.head())
    shown = book.format(text_wrap=True, valign="vcenter", bottom=1, bottom_color=LINE)
    for text in sentences:
        text = text.replace("`", "")
        row += 1
        worksheet.merge_range(row, 1, row, last_column, text, shown)
        worksheet.set_row(row, _height(text, width))
    return row + 1


def _write_numbers(book: Book, worksheet: Any, row: int, summary: Sequence[SummaryLine]) -> tuple[int, dict[str, Term]]:
    """Write the headline numbers with unit and name. Returns the next free row and the names."""
    worksheet.write_string(row, 1, "Headline number", book.head())
    worksheet.write_string(row, 2, "Value", book.head(align="right"))
    worksheet.write_string(row, 3, "Unit", book.head(indent=1))
    ruled = {"bottom": 1, "bottom_color": LINE, "valign": "vcenter"}
    named: dict[str, Term] = {}
    for line in summary:
        if isinstance(line.value, str) or line.value != line.value:
            continue
        if _is_sentence(line):  # shown as a sentence
            book.define_name(PREFIX + line.key, f"={float(line.value)!r}")
            continue
        row += 1
        headline = HEADLINES.get(line.key, Headline(sentence(line.key.replace("_", " ")).removesuffix("."), line.unit))
        shown = "0.0 %" if headline.of else _headline_format(float(line.value))
        worksheet.write_string(row, 1, headline.label, book.format(**ruled))
        worksheet.write_number(row, 2, line.value, book.format(bold=True, num_format=shown, **ruled))
        worksheet.write_string(row, 3, headline.of or line.unit, book.format(indent=1, **ruled))
        named[line.key] = Term(PREFIX + line.key, float(line.value))
        book.define_name(PREFIX + line.key, f"=summary!$C${row + 1}")
    row += 1
    worksheet.write_string(row, 1, "Workbook self-check", book.format(**ruled))
    return row + 1, named


def write_verdict(book: Book, worksheet: Any, row: int, told: str) -> None:
    """Write the self-check's verdict, as a formula."""
    shown = book.format(bold=True, bottom=1, bottom_color=LINE, valign="vcenter")
    worksheet.merge_range(row, 2, row, 3, "", shown)
    worksheet.write_formula(row, 2, "=plan_checks", shown, told)
    colour_verdict(book, worksheet, row, row, 2)


def _height(text: str, width: float) -> float:
    """The height of a row that shows a text wrapped to this many characters."""
    return 5 + 13.5 * -(-len(text) // int(width * 1.15))


def orbit_verdict(summary: Sequence[SummaryLine]) -> str:
    """Whether orbit is part of the plan, and how far its best launch is from breaking even."""
    return " ".join(sentence(line.text) for line in summary if line.text and line.key in OF_ORBIT)


def first_in_words(summary: Sequence[SummaryLine]) -> list[str]:
    """What to do first: orders, and the remedies that save most above their cost."""
    told = (line for line in summary if line.key in OF_ORDERS or line.key.startswith("remedy_"))
    return [sentence(line.text.removeprefix(f"{WHAT_FIRST}: ")) for line in told if line.text]


def limits_in_words(summary: Sequence[SummaryLine]) -> list[str]:
    """What one more unit of the tightest limits would save, the tightest first."""
    told = (line.text.rpartition("Tightest limit ")[2] for line in summary if line.key.startswith("limit_"))
    return [sentence(text.lstrip("12345: ")) for text in told]


def plan_in_words(summary: Sequence[SummaryLine]) -> list[str]:
    """The other sentences of the headlines."""
    said = (*OF_ORBIT, *OF_ORDERS)
    return [sentence(line.text) for line in summary if line.text and not _is_sentence(line) and line.key not in said]


def _is_sentence(line: SummaryLine) -> bool:
    return line.key.startswith(RANKED)


def _headline_format(value: float) -> str:
    size = abs(value)
    if value == round(value) or size >= 1000:
        return "#,##0"
    return "#,##0.0" if size >= 30 else "0.00" if size >= 1 else "0.000" if size >= 0.001 else "0.0E+00"


def _horizon(result: Result) -> str:
    months = plan_months(result.tables)
    return f"{month_name(months[0])} to {month_name(months[-1])}, {len(months)} months" if months else ""


def _cost_scope(mapping: Mapping[str, Any]) -> str:
    scope = str(mapping.get("boundary", ""))
    return f"Cost scope: {COST_SCOPES[scope]} ({COST_SCOPE_NOTES[scope]})" if scope else ""
