"""Numbers of a file with decimal commas or with separators between thousands: the file as a whole says which of the two a comma
is, or it is refused once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.codes import Code
from planner.findings import Findings
from planner.plan.table import RawTable
from planner.read.files.text_form import Form
from planner.schema.written import NUMBER

Cell = tuple[int, str]
"""Row from 0, and the name of the column."""

_HEAD = r"\s*(?:US ?\$|[$€£¥₹₩])?\s*[-+\u2212]?"
POINT = re.compile(
    rf"{_HEAD}(?:\d{{1,3}}(?:,\d{{3}})+\.\d+|\d{{1,3}}(?:,\d{{3}}){{2,}}|\d*\.(?!\d{{3}}(?!\d))\d+|0+\.\d+|\d{{4,}}\.\d+)(?![\d.,])"
)
COMMA = re.compile(
    rf"{_HEAD}(?:\d{{1,3}}(?:\.\d{{3}})+,\d+|\d{{1,3}}(?:\.\d{{3}}){{2,}}|\d+,(?!\d{{3}}(?!\d))\d+|0+,\d+|\d{{4,}},\d+)(?![\d.,])"
)
NUMERIC = re.compile(rf"{_HEAD}[\d.,]*\d(?![\d\w:-])")
"""A cell that begins with a number, which a unit may follow; no month and no name."""
PARTS = re.compile(r"(\D*)([\d.,]+)(.*)", re.DOTALL)
EITHER = re.compile(rf"{_HEAD}[1-9]\d{{0,2}}([.,])\d{{3}}(?![\d.,])")
"""`5.25` and `1,024.5` have a decimal point, `5,25` and `1.024,5` a decimal comma; `1,024` may have either meaning."""


@dataclass
class Style:
    """What the numbers of one file say of commas and points: where each was seen, and which numbers leave doubt. ``foreign``:
    no comma separates columns, as where it is a decimal."""

    foreign: bool
    points: list[Cell] = field(default_factory=list)
    commas: list[Cell] = field(default_factory=list)
    doubts: list[Cell] = field(default_factory=list)

    def look(self, raw: RawTable, name: str) -> None:
        """Take in one column of numbers."""
        for row, cell in enumerate(raw.cells(name)):
            if cell.isdecimal() or ("," not in cell and "." not in cell):
                continue
            if POINT.match(cell):
                self.points.append((row, name))
            elif COMMA.match(cell):
                self.commas.append((row, name))
            elif EITHER.match(cell) and (self.foreign or "," in cell):
                self.doubts.append((row, name))


def with_points(raw: RawTable, columns: Sequence[str], form: Form, findings: Findings) -> RawTable:
    """The table with a point before decimals and nothing between thousands, in columns of numbers. Where it has both decimal
    points and decimal commas it stays as it is: the cells with commas are refused one by one."""
    style = Style(form.separator not in ("", ","))
    for name in columns:
        style.look(raw, name)
    if form.decimal or bool(style.points) != bool(style.commas):
        _rewrite(raw, columns, form.decimal or ("," if style.commas else "."), form)
    elif style.doubts and not style.points:
        _refuse(raw, style.doubts, findings)
    return raw


def _refuse(raw: RawTable, cells: Sequence[Cell], findings: Findings) -> None:
    """Refuse the doubtful numbers of a file once; they are not looked at again."""
    row, name = cells[0]
    cell = raw.rows[row][raw.header[name] - 1].strip()
    bare = cell.replace(",", ".")
    more = f" ({len(cells)} such cells, the last in line {raw.lines[cells[-1][0]]})" if len(cells) > 1 else ""
    way = 'write points and no separators, or state decimal: "," or "." in a map'
    either = f"{bare.replace('.', '')}, or {bare} with a decimal point?"
    text = f"{name} = {cell}: {either} No number of the file says which{more}: {way}"
    findings.add(Code.E_CELL_VALUE, raw.place(row, name), text, cell, "numbers of one form")
    raw.refused |= {(at, raw.header[column]) for at, column in cells}


def _rewrite(raw: RawTable, columns: Sequence[str], decimal: str, form: Form) -> None:
    changed: list[tuple[str, str]] = []
    thousands = "." if decimal == "," else ","
    for name in columns:
        position = raw.header[name] - 1
        for row in raw.rows:
            cell = row[position]
            if "," not in cell and (decimal == "." or "." not in cell):
                continue
            found = PARTS.fullmatch(cell)
            if found is None:
                continue
            digits = found[2]
            if thousands in digits and re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{decimal}\d*)?", digits) is None:
                continue  # neither: it is refused as it is
            plain = digits.replace(thousands, "").replace(",", ".")
            if NUMBER.fullmatch(plain) and plain != digits:
                row[position] = f"{found[1]}{plain}{found[3]}"
                changed.append((digits, plain))
    if changed:
        what = "decimal commas" if decimal == "," else "commas between thousands"
        form.said.append(f"{what} ({changed[0][0]} is {changed[0][1]}{', and so on' if len(changed) > 1 else ''})")
