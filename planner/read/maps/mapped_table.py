"""The table in a file of another shape, or in several files: read, mapped, combined, with a note on what became of its rows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from planner.codes import Code, Remark
from planner.findings import Findings, Notice, Place, SourceFile, shown
from planner.formats import count
from planner.plan.plan import Entry, Mapped
from planner.plan.table import RawTable
from planner.read.extends import Chain, book_inside, inside, source_inside
from planner.read.files.text_form import note_form
from planner.read.files.workbook import is_workbook, refuse_other_format
from planner.read.maps.apply import Counts, apply_map
from planner.read.maps.combine import combined, with_quarters
from planner.read.maps.rows_of_files import Sheet, rows_of_csv, rows_of_sheet, titles_of
from planner.read.maps.statement import PATTERN, Statement, folder_of, read_statement
from planner.schema.table_schema import TableSchema

MOST_FILES = 500
SAMPLES = 3


@dataclass
class Reading:
    """What reading a mapped table needs: where files may lie, and what is remembered of them."""

    chain: Chain
    plan: Path
    findings: Findings
    files: list[SourceFile]

    def source(self, folder: Path, named: Entry) -> SourceFile | None:
        """A file that an entry names, read once and remembered."""
        of = folder if str(folder) not in ("", ".") else self.plan
        path = Path(os.path.normpath(of / named.value))
        known = next((one for one in self.files if one.path == path), None)
        if known is not None:
            return known
        source = source_inside(self.chain.ground, of, named, self.findings)
        if source is not None:
            self.files.append(source)
        return source


def mapped_table(
    schema: TableSchema,
    stated: Entry,
    plan: Path,
    chain: Chain,
    findings: Findings,
    files: list[SourceFile],
    partial: bool = False,
) -> RawTable | None:
    """The table that a mapping under `tables` states; None after a finding. ``plan``: the folder of the plan itself;
    ``partial``: rows that change another table, which need its key alone."""
    reading = Reading(chain, plan, findings, files)
    how = read_statement(schema, stated, reading.source, findings)
    if how is None:
        return None
    named = how.entries["file"]
    counts, tables, sample = Counts(), list[RawTable](), list[tuple[RawTable, Sheet]]()
    before = len(findings.items)
    for one in _files(named, reading):
        sheet = _rows(schema, one, how, reading)
        found = apply_map(schema, sheet, how, counts, findings, partial) if sheet is not None else None
        if sheet is not None and found is not None:
            note_form(sheet.form, sheet.raw.source, chain.books.notices)
            tables.append(found)
            sample.append((found, sheet))
    if not tables or len(findings.items) > before:
        return None
    raw = with_quarters(schema, _together(tables), how, findings)
    many = len(raw.rows)
    raw = combined(schema, raw, how, findings)
    chain.left_out += [
        (schema.name, name, how.at("columns", name)) for name, one in how.columns.items() if one.unknown == "leave_out"
    ]
    place = Place(sample[0][1].raw.source)
    chain.mapped.append(Mapped(schema.name, place.shown, *_samples(sample[0][0], sample[0][1].raw, how)))
    chain.books.notices.append(Notice(Remark.N_TABLE_MAPPED, _words(schema, counts, many, raw, how, len(tables)), place))
    return raw if len(findings.items) == before else None


def _files(named: Entry, reading: Reading) -> list[Entry]:
    """The files that are meant: one, or all in a folder whose names fit a pattern, in the order of their names."""
    stated = str(named.value)
    folder, _, pattern = stated.rpartition("/")
    if PATTERN.search(pattern) is None:
        return [named]
    here = inside(reading.chain.ground, folder_of(named, reading.plan), folder or ".", named.place, reading.findings)
    if here is None:
        return []
    try:
        names = sorted(one for one in os.listdir(here) if fnmatchcase(one, pattern))
    except OSError:
        names = []
    if not names or len(names) > MOST_FILES:
        text = f"{shown(stated)}: {len(names) or 'no'} files: expected 1 to {MOST_FILES}"
        reading.findings.add(Code.E_FILE_MISSING, named.place, text, stated, "files of that name")
        return []
    below = f"{folder}/" if folder else ""
    return [Entry(f"{below}{name}", named.place, named.key_place, f"{below}{name}") for name in names]


def _rows(schema: TableSchema, named: Entry, how: Statement, reading: Reading) -> Sheet | None:
    folder = folder_of(named, reading.plan)
    findings = reading.findings
    if refuse_other_format(named, findings):
        return None
    known = titles_of(how.file) | {one.name for one in schema.offered}
    if is_workbook(named.value):
        book = book_inside(reading.chain.ground, reading.chain.books, folder, named, findings)
        if book is None:
            return None
        if book.source not in reading.files:
            reading.files.append(book.source)
        notices = reading.chain.books.notices
        return rows_of_sheet(book, schema.name, how.file, how.at("sheet"), known, findings, notices)
    source = reading.source(folder, named)
    return rows_of_csv(source, how.file, known, findings) if source is not None else None


def _together(tables: list[RawTable]) -> RawTable:
    """The rows of several files as one table. All have the columns of the first."""
    first = tables[0]
    if len(tables) == 1:
        return first
    header = {name: number for number, name in enumerate(dict.fromkeys(name for one in tables for name in one.header), 1)}
    found = RawTable(first.source, header, first.header_line, [], [], at=first.positions)
    for one in tables:
        positions = [one.header.get(name, 0) - 1 for name in header]
        start = len(found.rows)
        found.rows += [[row[position] if position >= 0 else "" for position in positions] for row in one.rows]
        found.lines += one.lines
        found.sources += [one.source] * len(one.rows)
        names = {position: name for name, position in one.header.items()}
        found.refused |= {(start + row, header[names[column]]) for row, column in one.refused}
        found.moved |= {(start + row, name): place for (row, name), place in one.moved.items()}
    return found


def _words(schema: TableSchema, counts: Counts, many: int, raw: RawTable, how: Statement, files: int) -> str:
    """What became of the rows: `table profiles: 35,040 rows read, 12 without a value left out, 288 rows by mean`."""
    words = [f"table {schema.name} by its map: {count(counts.read, 'row')}" + (f" of {files} files" if files > 1 else "")]
    words += [f"{number:,} left out ({why.removeprefix('left out ')})" for why, number in counts.out.items()]
    if how.file.unpivot is not None or how.file.quarters is not None:
        words.append(f"{many:,} cells or months")
    if how.file.combine is not None:
        way = how.file.combine if isinstance(how.file.combine, str) else ", ".join(dict.fromkeys(how.file.combine.values()))
        words.append(f"combined by {way}")
    return f"{', '.join(words)}: {count(len(raw.rows), 'row')} of the table"


def _samples(found: RawTable, raw: RawTable, how: Statement) -> tuple[tuple[dict[str, str], ...], tuple[dict[str, str], ...]]:
    """The first rows as they stand in the file, and as the map turns them."""
    lines = {line: row for row, line in enumerate(raw.lines)}
    unpivot = how.file.unpivot
    used = [title for title in raw.header if any(title in one.titles for one in how.columns.values())] or list(raw.header)
    before, after = list[dict[str, str]](), list[dict[str, str]]()
    for row in range(min(SAMPLES, len(found.rows))):
        cells = raw.rows[lines[found.lines[row]]]
        cell = found.moved.get((row, unpivot.value)) if unpivot is not None else None
        shown_too = [title for title in raw.header if cell is not None and raw.header[title] == cell.column]
        before.append({title: cells[raw.header[title] - 1].strip() for title in [*used, *shown_too]})
        after.append({name: found.rows[row][position - 1] for name, position in found.header.items()})
    return tuple(before), tuple(after)
