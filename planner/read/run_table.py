"""Read a table of runs, one row per run and one column per key of `--set`, from a CSV file or a sheet of a workbook."""

from __future__ import annotations

from pathlib import Path

from planner.codes import Code
from planner.findings import Findings, Place
from planner.plan.table import RawTable
from planner.read.files.csv import read_csv
from planner.read.files.decimals import NUMERIC, with_points
from planner.read.files.text_form import Form
from planner.read.files.workbook import is_workbook, open_alone, read_alone
from planner.read.maps.rows_of_files import rows_of_sheet
from planner.schema.maps import TableFile

SHEET = "runs"
"""The sheet of a workbook that has several."""
PLAN, NAME = "plan", "name"
"""Columns that are no keys: the file of the plan, from the folder of the table, and a name."""


def read_runs(path: Path) -> RawTable:
    """The filled rows of a table of runs. Raises InputError with all that is refused, by cell."""
    findings = Findings()
    raw = _read(path, findings)
    if raw is not None:
        _refuse_keys(raw, findings)
    findings.raise_if_any()
    assert raw is not None
    return raw


def _read(path: Path, findings: Findings) -> RawTable | None:
    source = read_alone(path, findings)
    if source is None:
        return None
    at = Place(source)
    if not is_workbook(path):
        form = Form()
        raw = read_csv(source, findings, form, known={PLAN, NAME})
        if raw is not None:
            with_points(
                raw, [name for name in raw.header if name not in (PLAN, NAME) and _is_of_numbers(raw, name)], form, findings
            )
    else:
        book = open_alone(source, SHEET, findings)
        stated = TableFile(file=path.name)
        sheet = rows_of_sheet(book, SHEET, stated, at, {PLAN, NAME}, findings, []) if book is not None else None
        if sheet is None:
            return None
        for (line, column), why in sheet.bad.items():
            findings.add(Code.E_CELL_VALUE, Place(sheet.raw.source, line, column), f"expected a value ({why})")
        raw = sheet.raw.emptied(sheet.raw.header)
        for position, row in enumerate(sheet.raw.rows):
            if any(cell.strip() for cell in row):
                raw.take(sheet.raw, position, row)
    if raw is not None and not raw.rows:
        text = "expected a header with a key of --set over each column, and one row per run below it"
        findings.add(Code.E_TABLE_EMPTY, at, text)
    return raw


def _is_of_numbers(raw: RawTable, name: str) -> bool:
    """Whether a column says numbers alone, with or without a unit: a key may also take words, and lists in brackets."""
    return all(NUMERIC.match(cell) for cell in raw.cells(name) if cell.strip())


def _refuse_keys(raw: RawTable, findings: Findings) -> None:
    """Refuse columns that mean the same key, and rows that both set and scale one."""
    meant: dict[str, str] = {}
    for name, column in raw.header.items():
        first = meant.setdefault("".join(name.split()), name)
        if first != name:
            text = f"duplicate column {name}: {first} is the same key"
            findings.add(Code.E_COLUMN_DUPLICATE, Place(raw.source, raw.header_line, column), text, name)
    for name in [one for key, one in meant.items() if f"{key}*" in meant]:
        factor = meant["".join(name.split()) + "*"]
        for position, (value, scale) in enumerate(zip(raw.cells(name), raw.cells(factor), strict=True)):
            if value.strip() and scale.strip():
                text = f"{factor} and {name} in one row: expected a value or a factor"
                findings.add(Code.E_CELL_VALUE, raw.place(position, factor), text, scale)
