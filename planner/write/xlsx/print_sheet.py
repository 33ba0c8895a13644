"""The sheet `print`: the plan on paper, after the summary, in type of at least 8 points."""

from __future__ import annotations

from collections.abc import Sequence

from planner.schema.glossary import GLOSSARY
from planner.write.xlsx.book import INK, LINE, PAPER, Book
from planner.write.xlsx.print_blocks import MOST_PERIODS, Block, Row
from planner.write.xlsx.worksheet import Worksheet

LABELS = (26, 30, 14)
PERIOD = 9.0
LAST = len(LABELS) + MOST_PERIODS - 1
ROWS_A_PAGE = 40
"""Of the usual height, on a landscape page of A4 at the scale READABLE."""
LONG = 11
"""Characters of a head from which on it takes several lines."""


def write_print(book: Book, worksheet: Worksheet, plan: str, blocks: Sequence[Block]) -> None:
    """Write one block below another; one that does not fit on the rest of a page, but would on a page, begins a new one."""
    worksheet.hide_gridlines(2)
    worksheet.set_tab_color(INK)
    for column in range(LAST + 1):
        worksheet.set_column(column, column, LABELS[column] if column < len(LABELS) else PERIOD, book.format())
    worksheet.write_string(0, 0, f"Plan {plan} on paper", book.format(bold=True, font_size=16, font_color=INK))
    worksheet.set_row(0, 24)
    row, used, breaks = 2, 3, []
    for block in blocks:
        high = len(block.rows) + 3
        if used + high > ROWS_A_PAGE and (high <= ROWS_A_PAGE or used > ROWS_A_PAGE // 2):
            breaks.append(row)
            used = 0
        used = (used + high) % ROWS_A_PAGE
        row = _write_block(book, worksheet, row, block) + 1
    row = _write_glossary(book, worksheet, row, breaks)
    worksheet.repeat_columns(0, len(LABELS) - 1)
    worksheet.set_h_pagebreaks(breaks)
    worksheet.print_area(0, 0, row, LAST)
    worksheet.print_readable(f"{plan}: the plan on paper")


def _write_block(book: Book, worksheet: Worksheet, row: int, block: Block) -> int:
    """Write a block; returns the row below it."""
    worksheet.write_string(row, 0, block.title, book.format(bold=True, font_size=12, font_color=INK))
    last = len(LABELS) + len(block.heads) - 1
    for column, text in enumerate((*block.labels, *block.heads)):
        side = {"align": "right", "text_wrap": True} if column >= len(LABELS) else {}
        worksheet.write_string(row + 1, column, text, book.head(valign="vcenter", **side))
    longest = max(map(len, block.heads))
    worksheet.set_row(row + 1, 20 if longest <= LONG else 13 * min(5, 1 + longest // (LONG - 2)))
    worksheet.set_row(row, 22)
    for line, one in enumerate(block.rows, start=row + 2):
        _write_row(book, worksheet, line, one, last)
    return row + 2 + len(block.rows)


def _write_row(book: Book, worksheet: Worksheet, row: int, one: Row, last: int) -> None:
    look = {"bottom": 1, "bottom_color": LINE, **({"bold": True, "bg_color": PAPER} if one.total else {})}
    for column, text in enumerate(one.labels):
        worksheet.write_string(row, column, text, book.format(**look))
    for column, (cell, shown) in enumerate(zip(one.cells, one.formats, strict=True), start=len(LABELS)):
        if isinstance(cell, str):
            worksheet.write_string(row, column, cell, book.format(align="right", **look))
        elif cell == cell:
            worksheet.write_number(row, column, cell, book.format(num_format=shown, **look))
        else:
            worksheet.write_blank(row, column, None, book.format(**look))


def _write_glossary(book: Book, worksheet: Worksheet, row: int, breaks: list[int]) -> int:
    """Write what words mean, on a page of its own; returns its last row."""
    breaks.append(row)
    worksheet.write_string(row, 0, "Words", book.format(bold=True, font_size=12, font_color=INK))
    look = {"bottom": 1, "bottom_color": LINE, "valign": "top"}
    for word, meaning in GLOSSARY.items():
        row += 1
        worksheet.write_string(row, 0, word, book.format(bold=True, **look))
        worksheet.merge_range(row, 1, row, LAST, meaning, book.format(text_wrap=True, **look))
        worksheet.set_row(row, 14 * (1 + len(meaning) // 125))
    return row
