"""One table that a plan names, a CSV file or a sheet of a workbook: found inside the plan's folder, read, and remembered."""

from __future__ import annotations

from pathlib import Path

from planner.codes import Code
from planner.findings import Findings, SourceFile, nearest, shown
from planner.plan.plan import Entry
from planner.plan.table import RawTable, Table, build_table, empty_table
from planner.read.extends import Chain, book_inside, source_inside
from planner.read.files.csv import read_csv
from planner.read.files.dated_rows import with_dated_columns, with_months_as_rows
from planner.read.files.workbook import Book, is_other_format, is_workbook
from planner.read.files.workbook_table import read_sheet
from planner.schema.table_schema import TableSchema


def read_table_file(
    schema: TableSchema,
    stated: Entry,
    folder: Path,
    chain: Chain,
    findings: Findings,
    files: list[SourceFile],
    *,
    partial: bool = False,
) -> Table | None:
    """The table in the file that ``stated`` names, relative to ``folder``; None when something was refused.

    ``partial``: rows that change another table, so that columns may be missing."""
    if is_other_format(stated.value):
        expected = "a CSV file or an .xlsx workbook"
        findings.add(Code.E_FILE_KIND, stated.place, f"{shown(stated.value)}: expected {expected}", stated.value, expected)
        return None
    raw: RawTable | None = None
    if is_workbook(stated.value):
        book = book_inside(chain.ground, chain.books, folder, stated, findings)
        source = book.source if book is not None else None
        raw = _sheet(schema, book, stated, chain, findings) if book is not None else None
        if raw is not None and not raw.rows and not schema.required:
            return empty_table(schema)  # a sheet that nobody filled in is no table
    else:
        source = source_inside(chain.ground, folder, stated, findings)
        raw = read_csv(source, findings, schema.column_of) if source is not None else None
    if source is not None and source not in files:
        files.append(source)
    if raw is None:
        return None
    dated = with_dated_columns(schema, with_months_as_rows(schema, raw), findings, partial)
    return build_table(schema, dated, findings, partial=partial)


def _sheet(schema: TableSchema, book: Book, stated: Entry, chain: Chain, findings: Findings) -> RawTable | None:
    if schema.name not in book.sheets:
        hint = nearest(schema.name, book.others)
        tail = f" ({hint})" if hint.startswith("did") else ""
        findings.add(
            Code.E_SHEET_MISSING,
            stated.place,
            f"{shown(stated.value)}: no sheet {schema.name}{tail}",
            stated.value,
            f"a sheet {schema.name}",
        )
        return None
    return read_sheet(schema, book, findings, chain.books.notices)
