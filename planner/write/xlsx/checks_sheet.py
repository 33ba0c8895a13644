"""The sheet `checks`: formulas that give the totals, balances, shares and headlines of the plan again from the other sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from planner.schema.results import PREFIX
from planner.write.xlsx.book import INK, LINE, PAPER, Book
from planner.write.xlsx.check import WHOLE, Check
from planner.write.xlsx.formula import verdict_of
from planner.write.xlsx.page import Page

ROOM = 1e-6
"""A gap smaller than this part of the total, or of one unit where that is more, is the noise of solver and digits."""
HEADS = (
    ("check", 28),
    ("what must hold", 98),
    ("unit", 18),
    ("tolerance", 12),
    ("largest gap", 12),
    ("verdict", 12),
    (WHOLE, 11),
)
HEAD_ROW = 3
NOTHING = "nothing to check: the plan has no months"
GOOD, BAD = {"font_color": "#005A32", "bg_color": "#D9F0D3"}, {"font_color": "#8C1D04", "bg_color": "#FDD9C9"}
GAP_FORMAT = '[=0]"–";0.0E+00'


def write_checks(book: Book, page: Page, checks: Sequence[Check], months: Sequence[str]) -> str:
    """Write the sheet; every formula with the value that it has. Returns what it says of all together."""
    periods = [WHOLE, *months]
    head = {"bold": True, "font_color": "white", "bg_color": INK, "valign": "vcenter"}
    for column, (name, width) in enumerate([*HEADS, *((month, 9.5) for month in months)]):
        page.write_string(HEAD_ROW, column, name, book.format(**head, **({"align": "right"} if column > 2 else {})))
        page.set_column(column, column, width, book.format())
    first, last = HEAD_ROW + 1, HEAD_ROW + len(checks)
    columns = {period: len(HEADS) - 1 + index for index, period in enumerate(periods)}
    good = [_write_check(book, page, row, check, columns) for row, check in enumerate(checks, start=first)]
    page.write_string(0, 0, "Does the workbook agree with itself?", book.format(bold=True, font_size=14, font_color=INK))
    page.set_row(0, 24)
    book.book.define_name(f"{PREFIX}checks", "=checks!$A$2")
    told = _write_together(book, page, first, good)
    if checks:
        _colour(book, page, first, last, columns)
    page.freeze_panes(first, 1)
    page.set_row(HEAD_ROW, 20)
    page.set_landscape()
    page.set_paper(8)
    page.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    page.print_area(0, 0, max(last, first), 5)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROW)
    return told


def _write_together(book: Book, page: Any, first: int, good: Sequence[bool]) -> str:
    """The cell that says of all checks together; returns what it says."""
    if not good:
        page.write_string(1, 0, NOTHING, book.format(bold=True))
        return NOTHING
    verdicts = f"$F${first + 1}:$F${first + len(good)}"
    well = f'COUNTIF({verdicts},"OK")'
    words = (
        f'=IF({well}=ROWS({verdicts}),"OK: all "&ROWS({verdicts})&" checks",'
        f'(ROWS({verdicts})-{well})&" of "&ROWS({verdicts})&" checks show a gap")'
    )
    told = f"OK: all {len(good)} checks" if all(good) else f"{good.count(False)} of {len(good)} checks show a gap"
    page.write_formula(1, 0, words, book.format(bold=True), told)
    hint = "Formulas alone, over the other sheets. A gap below the tolerance is what a solver and 12 digits leave."
    page.write_string(1, 1, hint, book.format())
    return told


def _write_check(book: Book, page: Any, row: int, check: Check, columns: dict[str, int]) -> bool:
    """One row; returns whether it holds."""
    line = {"bottom": 1, "bottom_color": LINE}
    gap, text = book.format(num_format=GAP_FORMAT, align="right", **line), book.format(**line)
    for column, told in enumerate((check.name, check.words, check.unit)):
        page.write_string(row, column, told, book.format(bold=True, **line) if column == 0 else text)
    for period, term in check.gaps.items():
        page.write_formula(row, columns[period], "=" + term.formula, gap, term.value)
    tolerance = ROOM * max(1.0, check.size.value)
    page.write_formula(row, 3, f"={ROOM:g}*MAX(1,{check.size.formula})", book.format(num_format="0.0E+00", **line), tolerance)
    shown = sorted(columns[period] for period in check.gaps)
    cells = f"{xl_col_to_name(shown[0])}{row + 1}:{xl_col_to_name(shown[-1])}{row + 1}"
    values = [term.value for term in check.gaps.values()]
    worst = max(max(values), -min(values))
    page.write_formula(row, 4, f"=MAX(MAX({cells}),-MIN({cells}))", gap, worst)
    verdict = verdict_of(worst, tolerance)
    look = book.format(bold=True, align="center", num_format="0.0E+00", **line)
    page.write_formula(row, 5, f'=IF(E{row + 1}<=D{row + 1},"OK",E{row + 1})', look, verdict)
    return verdict == "OK"


def colour_verdict(book: Book, page: Any, row: int, column: int) -> None:
    """Green where the cell begins with OK, red where it does not, or is an error."""
    cell = f"{xl_col_to_name(column, True)}${row + 1}"
    for error, sign, look in (("TRUE", "<>", BAD), ("FALSE", "=", GOOD)):
        rule = f'=IF(ISERROR({cell}),{error},LEFT({cell},2){sign}"OK")'
        page.conditional_format(
            row, column, row, column, {"type": "formula", "criteria": rule, "format": book.book.add_format(look)}
        )


def _colour(book: Book, page: Any, first: int, last: int, columns: dict[str, int]) -> None:
    """Green where all is well, red where it is not, in Excel's own conditional formats."""
    good, bad, top = book.book.add_format(GOOD), book.book.add_format(BAD), f"F{first + 1}"
    page.conditional_format(
        first, 5, last, 5, {"type": "formula", "criteria": f'=IF(ISERROR({top}),TRUE,{top}<>"OK")', "format": bad}
    )
    page.conditional_format(
        first, 5, last, 5, {"type": "formula", "criteria": f'=IF(ISERROR({top}),FALSE,{top}="OK")', "format": good}
    )
    page.conditional_format(
        1, 0, 1, 0, {"type": "formula", "criteria": '=IF(ISERROR($A$2),TRUE,LEFT($A$2,2)<>"OK")', "format": bad}
    )
    page.conditional_format(
        1, 0, 1, 0, {"type": "formula", "criteria": '=IF(ISERROR($A$2),FALSE,LEFT($A$2,2)="OK")', "format": good}
    )
    colour_verdict(book, page, 1, 0)
    left, right = min(columns.values()), max(columns.values())
    cell = f"{xl_col_to_name(left)}{first + 1}"
    wide = f"=IF(ISERROR({cell}),TRUE,ABS(N({cell}))>$D{first + 1})"
    page.conditional_format(first, left, last, right, {"type": "formula", "criteria": wide, "format": bad})
    page.conditional_format(first, left, last, right, {"type": "blanks", "format": book.book.add_format({"bg_color": PAPER})})
