"""One table that a plan names, a CSV file or a sheet of a workbook: found inside the plan's folder, read, and remembered."""

from __future__ import annotations

from pathlib import Path

from planner.codes import Code
from planner.findings import Findings, Notice, Place, SourceFile, first_of
from planner.formats import some
from planner.plan.plan import Entry
from planner.plan.table import RawTable, Table, build_table, empty_table
from planner.read.extends import Chain, book_inside, source_inside
from planner.read.files.csv import read_csv
from planner.read.files.dated_rows import with_dated_columns, with_months_as_rows
from planner.read.files.decimals import with_points
from planner.read.files.text_form import Form, note_form
from planner.read.files.workbook import Book, is_workbook, open_alone, read_alone, refuse_other_format, sheet_of
from planner.read.files.workbook_table import read_sheet
from planner.read.maps.mapped_table import mapped_table
from planner.schema.months import quarter_of
from planner.schema.table_schema import DATES, ORIGIN, WITH_MONTH, TableSchema


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
    if isinstance(stated.value, dict):
        mapped = mapped_table(schema, stated, folder, chain, findings, files, partial)
        return _built(schema, mapped, findings, partial) if mapped is not None else None
    if refuse_other_format(stated, findings):
        return None
    raw: RawTable | None = None
    if is_workbook(stated.value):
        book = book_inside(chain.ground, chain.books, folder, stated, findings)
        source = book.source if book is not None else None
        raw = _sheet(schema, book, stated.place, chain.books.notices, findings) if book is not None else None
        if raw is not None and not raw.rows and not schema.required:
            return empty_table(schema)  # a sheet that nobody filled in is no table
    else:
        source = source_inside(chain.ground, folder, stated, findings)
        raw = _csv(schema, source, chain.books.notices, findings) if source is not None else None
    if source is not None and source not in files:
        files.append(source)
    if raw is None or (not partial and _is_foreign(schema, raw, findings)):
        return None
    return _built(schema, raw, findings, partial)


def _built(schema: TableSchema, raw: RawTable, findings: Findings, partial: bool) -> Table:
    dated = with_dated_columns(schema, with_months_as_rows(schema, raw), findings, partial)
    return build_table(schema, dated, findings, partial=partial)


def read_table_alone(schema: TableSchema, path: Path, notices: list[Notice], findings: Findings) -> RawTable | None:
    """The rows of a file that is named on the command line, and lies wherever it does; None when something was refused."""
    source = read_alone(path, findings)
    if source is None:
        return None
    if is_workbook(path):
        book = open_alone(source, schema.name, findings)
        raw = read_sheet(schema, book, findings, notices) if book is not None else None
    else:
        raw = _csv(schema, source, notices, findings)
    return None if raw is None or _is_foreign(schema, raw, findings) else raw


def _sheet(schema: TableSchema, book: Book, place: Place, notices: list[Notice], findings: Findings) -> RawTable | None:
    if schema.name not in book.sheets:
        sheet_of(book, schema.name, place, findings)
        return None
    return read_sheet(schema, book, findings, notices)


def _csv(schema: TableSchema, source: SourceFile, notices: list[Notice], findings: Findings) -> RawTable | None:
    form = Form()
    raw = read_csv(source, findings, form, schema.column_of, {one.name for one in schema.offered})
    if raw is not None:
        with_points(raw, _numbers(schema, raw), form, findings)
        note_form(form, source, notices)
    return raw


def _numbers(schema: TableSchema, raw: RawTable) -> list[str]:
    """The columns of a file that hold numbers, those of single months included."""
    fields = {name: schema.field(name) for name in raw.header}
    return [
        name
        for name, one in fields.items()
        if (one is not None and one.kind in ("number", "integer")) or schema.of_month(name) is not None
    ]


def _is_foreign(schema: TableSchema, raw: RawTable, findings: Findings) -> bool:
    """Whether a file is a table of another shape, by its titles: refused once, with the way in."""
    needed = [one.name for one in schema.columns if one.required]
    titles = {name.partition(" ")[0] for name in raw.header}
    missing = [name for name in needed if name not in titles]
    unknown = [
        name for name in raw.header if schema.field(name) is None and name not in (*ORIGIN, *(one.name for one in DATES))
    ]
    unknown = [name for name in unknown if schema.of_month(name) is None and WITH_MONTH.fullmatch(name) is None]
    has_quarters = any(quarter_of(name) for name in unknown)
    if not unknown or (2 * len(missing) <= len(needed) and not (missing and has_quarters)) or schema.renamed(raw.header):
        return False
    text = f"{len(missing)} of the {len(needed)} columns of table {schema.name} are missing ({some(missing)})"
    way = f"`planner map {raw.source.path.name} --table {schema.name}` writes a map of columns"
    place = Place(raw.source, raw.header_line, raw.header[unknown[0]])
    text = f"{text}, and it has others ({first_of(unknown)}): for a file of another shape, {way}"
    findings.add(Code.E_COLUMN_MISSING, place, text, unknown[0], f"the columns of table {schema.name}")
    return True
