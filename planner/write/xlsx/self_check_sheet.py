"""The sheet `checks`, the workbook's self-check: totals, balances, shares and headlines recomputed from the other sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from planner.schema.results import PREFIX
from planner.write.xlsx.book import INK, LINE, MONTH_FORMAT, PAPER, TAB_COLOURS, Book
from planner.write.xlsx.formula import verdict_of
from planner.write.xlsx.self_checks import WHOLE, SelfCheck
from planner.write.xlsx.worksheet import Worksheet

ROOM = 1e-6
"""A gap smaller than this part of the total, or of one unit where that is more, is the noise of solver and digits."""
WORDS_WIDTH = 55
HEADS = (
    ("check", 30),
    ("what must hold", WORDS_WIDTH),
    ("unit", 16),
    ("tolerance", 10),
    ("largest gap", 11),
    ("verdict", 10),
    (WHOLE, 11),
)
HEAD_ROW = 3
NOT_HERE = "not checked here, but by the verifier"
NOTHING = "nothing to check: the plan has no months"
GOOD, BAD = {"font_color": "#005A32", "bg_color": "#D9F0D3"}, {"font_color": "#8C1D04", "bg_color": "#FDD9C9"}
GAP_FORMAT = '[=0]"–";0.0E+00'


def write_self_checks(
    book: Book, worksheet: Worksheet, checks: Sequence[SelfCheck], months: Sequence[str], left_out: Mapping[str, str]
) -> str:
    """Write the sheet, every formula with its value, and below it what is not checked here and why. Returns the text of the
    overall verdict."""
    worksheet.set_tab_color(TAB_COLOURS["record"])
    periods = [WHOLE, *months]
    for column, (name, width) in enumerate([*HEADS, *((month, 9.5) for month in months)]):
        side = {"align": "center"} if name == "verdict" else {"align": "right"} if column > 2 else {}
        day = book.day_of(name)
        if day == day:
            worksheet.write_number(HEAD_ROW, column, day, book.head(valign="vcenter", num_format=MONTH_FORMAT, **side))
        else:
            worksheet.write_string(HEAD_ROW, column, name, book.head(valign="vcenter", **side))
        worksheet.set_column(column, column, width, book.format())
    first, last = HEAD_ROW + 1, HEAD_ROW + len(checks)
    columns = {period: len(HEADS) - 1 + index for index, period in enumerate(periods)}
    good = [_write_check(book, worksheet, row, check, columns) for row, check in enumerate(checks, start=first)]
    worksheet.write_string(0, 0, "Workbook self-check", book.format(bold=True, font_size=14, font_color=INK))
    worksheet.set_row(0, 24)
    book.define_name(f"{PREFIX}checks", "=checks!$A$2")
    told = _write_together(book, worksheet, first, good)
    if checks:
        _colour(book, worksheet, first, last, columns)
    for row, (name, why) in enumerate(left_out.items(), start=last + 2):
        worksheet.write_string(row, 0, name, book.format(bold=True))
        worksheet.write_string(row, 1, f"{NOT_HERE}: {why}", book.format())
    worksheet.freeze_panes(first, 1)
    worksheet.set_row(HEAD_ROW, 20)
    worksheet.print_area(0, 0, max(last, first) + (len(left_out) + 1 if left_out else 0), 5)
    worksheet.print_readable("Workbook self-check", repeat=HEAD_ROW)
    return told


def _write_together(book: Book, worksheet: Any, first: int, good: Sequence[bool]) -> str:
    """Write the overall verdict; returns its text."""
    if not good:
        worksheet.write_string(1, 0, NOTHING, book.format(bold=True))
        return NOTHING
    verdicts = f"$F${first + 1}:$F${first + len(good)}"
    well = f'COUNTIF({verdicts},"OK")'
    words = (
        f'=IF({well}=ROWS({verdicts}),"OK: all "&ROWS({verdicts})&" checks",'
        f'(ROWS({verdicts})-{well})&" of "&ROWS({verdicts})&" checks show a gap")'
    )
    told = f"OK: all {len(good)} checks" if all(good) else f"{good.count(False)} of {len(good)} checks show a gap"
    worksheet.write_formula(1, 0, words, book.format(bold=True), told)
    hint = "Formulas over the other sheets. A gap below the tolerance is rounding of the solver and of 12 digits."
    worksheet.write_string(1, 1, hint, book.format())
    return told


def _write_check(book: Book, worksheet: Any, row: int, check: SelfCheck, columns: dict[str, int]) -> bool:
    """Write one row; returns whether the check holds."""
    line = {"cell_style": "Check", "bottom": 1, "bottom_color": LINE, "valign": "top"}
    gap, text = book.format(num_format=GAP_FORMAT, align="right", **line), book.format(text_wrap=True, **line)
    for column, told in enumerate((check.name, check.words, check.unit)):
        worksheet.write_string(row, column, told, book.format(bold=True, text_wrap=True, **line) if column == 0 else text)
    worksheet.set_row(row, 14 * max(1, -(-len(check.words) // (WORDS_WIDTH + 8)), -(-len(check.name) // HEADS[0][1])))
    for period, term in check.gaps.items():
        worksheet.write_formula(row, columns[period], "=" + term.formula, gap, term.value)
    tolerance = ROOM * max(1.0, check.size.value)
    worksheet.write_formula(
        row, 3, f"={ROOM:g}*MAX(1,{check.size.formula})", book.format(num_format="0.0E+00", **line), tolerance
    )
    shown = sorted(columns[period] for period in check.gaps)
    cells = f"{xl_col_to_name(shown[0])}{row + 1}:{xl_col_to_name(shown[-1])}{row + 1}"
    values = [term.value for term in check.gaps.values()]
    worst = max(max(values), -min(values))
    worksheet.write_formula(row, 4, f"=MAX(MAX({cells}),-MIN({cells}))", gap, worst)
    verdict = verdict_of(worst, tolerance)
    look = book.format(bold=True, align="center", num_format="0.0E+00", **line)
    worksheet.write_formula(row, 5, f'=IF(E{row + 1}<=D{row + 1},"OK",E{row + 1})', look, verdict)
    return verdict == "OK"


def colour_verdict(book: Book, worksheet: Worksheet, first: int, last: int, column: int) -> None:
    """Green where a cell begins with OK, red where it does not or is an error."""
    cell = f"{xl_col_to_name(column, True)}{first + 1}"
    for error, sign, look in (("TRUE", "<>", BAD), ("FALSE", "=", GOOD)):
        formula = f'=IF(ISERROR({cell}),{error},LEFT({cell},2){sign}"OK")'
        worksheet.colour_where((first, column, last, column), formula, book.add_format(look))


def _colour(book: Book, worksheet: Worksheet, first: int, last: int, columns: dict[str, int]) -> None:
    """Excel's own conditional formats: green where all is well, red where it is not."""
    colour_verdict(book, worksheet, 1, 1, 0)
    colour_verdict(book, worksheet, first, last, 5)
    area = (first, min(columns.values()), last, max(columns.values()))
    cell = f"{xl_col_to_name(area[1])}{first + 1}"
    wide = f"=IF(ISERROR({cell}),TRUE,ABS(N({cell}))>$D{first + 1})"
    worksheet.colour_where(area, wide, book.add_format(BAD))
    worksheet.conditional_format(*area, {"type": "blanks", "format": book.add_format({"bg_color": PAPER})})
