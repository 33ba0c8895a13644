"""Apply a map: the rows of a file of another shape, with its titles, as rows of a table, each in the place of its own cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from planner.codes import Code
from planner.findings import Findings, Place, first_of, nearest, shown
from planner.plan.table import RawTable
from planner.read.files.decimals import with_points
from planner.read.files.source import LONGEST
from planner.read.maps.cells import LeftOutError, MapError, converter
from planner.read.maps.rows_of_files import Sheet
from planner.read.maps.statement import Statement
from planner.schema.fields import Field, cell_text
from planner.schema.maps import EVERYTHING, MapColumn, Several
from planner.schema.months import in_full
from planner.schema.table_schema import DATES, ORIGIN, TableSchema
from planner.schema.units import unit_of

MOST_NAMED = 5


@dataclass
class Counts:
    """What became of the rows of a file, for the sentence that says so."""

    read: int = 0
    out: dict[str, int] = field(default_factory=dict)  # why -> how many were left out

    def leave(self, why: str) -> None:
        """One row less, and why."""
        self.out[why] = self.out.get(why, 0) + 1


@dataclass
class Line:
    """A row that is meant: its number in the file, and of an unpivoted one the title that it is of."""

    row: int
    title: str = ""


def apply_map(
    schema: TableSchema, sheet: Sheet, how: Statement, counts: Counts, findings: Findings, partial: bool = False
) -> RawTable | None:
    """The table that a file holds by its map; None after a finding that concerns more than cells."""
    raw, before = sheet.raw, len(findings.items)
    across = _across(raw, how, findings)
    columns = _columns(schema, raw, how, across, findings, partial)
    if len(findings.items) > before:
        return None
    numbers = [one for name, one in columns.items() if _field(schema, name).kind in ("number", "integer")]
    titles = [title for one in numbers if one.from_ for title in (across if _is_value(one, how) else [one.from_])]
    filled = [row for row in range(len(raw.rows)) if raw.rows[row]]
    if len(filled) < len(raw.rows):
        _fill(raw)
    if not raw.source.sheet:
        with_points(raw, list(dict.fromkeys(title for title in titles if title in raw.header)), sheet.form, findings)
        if len(findings.items) > before:
            return None
    lines = _lines(raw, how, across, set(filled), counts, findings)
    if len(findings.items) > before:
        return None
    if len(lines) * max(len(across), 1) > LONGEST * 4:
        text = f"{len(lines)} rows: expected at most {LONGEST}"
        findings.add(Code.E_FILE_LARGE, Place(raw.source, raw.header_line), text, len(lines), "a table of modest size")
        return None
    return _mapped(schema, sheet, how, columns, lines, counts, findings)


def _fill(raw: RawTable) -> None:
    """Rows without cells, which mark an empty line, get as many as the others."""
    width = max(raw.header.values(), default=0)
    for row in raw.rows:
        if not row:
            row.extend([""] * width)


def _field(schema: TableSchema, name: str) -> Field:
    found = schema.field(name) or next((one for one in DATES if one.name == name), None)
    assert found is not None
    return found


def _is_value(one: MapColumn, how: Statement) -> bool:
    return how.file.unpivot is not None and one.from_ == how.file.unpivot.value


def _across(raw: RawTable, how: Statement, findings: Findings) -> list[str]:
    """The titles that become rows."""
    unpivot = how.file.unpivot
    if unpivot is None:
        return []
    patterns = _several(unpivot.columns)
    named = {title for one in how.columns.values() for title in one.titles} | {*how.file.rows.where, *how.file.rows.where_not}
    found = [title for title in raw.header if title not in named and _matches(title, patterns)]
    if not found:
        text = f"no title of {raw.source.path.name} is {' or '.join(map(str, patterns))}"
        findings.add(Code.E_COLUMN_UNKNOWN, how.at("unpivot", "columns"), text, patterns[0], "titles of the file")
    return found


def _matches(title: str, patterns: Iterable[object]) -> bool:
    return any(fnmatchcase(title, str(pattern)) for pattern in patterns)


def _columns(
    schema: TableSchema, raw: RawTable, how: Statement, across: list[str], findings: Findings, partial: bool
) -> dict[str, MapColumn]:
    """Each column of the table that the map or a title of its own gives, checked against the titles of the file."""
    columns = dict(how.columns)
    unpivot = how.file.unpivot
    virtual = [unpivot.name, unpivot.value] if unpivot is not None else []
    taken = {title for one in columns.values() for title in one.titles}
    offered = {one.name for one in schema.offered}
    for name in (*virtual, *(title for title in raw.header if title not in across)):
        known = schema.field(name) is not None or name in offered
        if known and name not in columns and name not in taken:
            columns[name] = MapColumn.model_validate({"from": name})
    for name, one in columns.items():
        for title in one.titles:
            if title not in raw.header and (title not in virtual or title == one.and_):
                _no_title(raw, title, how.at("columns", name), findings)
    used = {title for one in columns.values() for title in one.titles} | {
        *how.file.rows.where,
        *how.file.rows.where_not,
        *across,
        *ORIGIN,
    }
    ignored = _several(how.file.ignore)
    unknown = [title for title in raw.header if title not in used and not _matches(title, ignored)]
    if unknown and EVERYTHING not in ignored:
        noun = "a column" if len(unknown) == 1 else f"{len(unknown)} columns"
        text = f"{noun} that the map does not name ({first_of(unknown)}): expected it under columns, or under ignore"
        place = Place(raw.source, raw.header_line, raw.header[unknown[0]])
        findings.add(Code.E_COLUMN_UNKNOWN, place, text, unknown[0], "a column that the map names")
    for name in how.file.combine if isinstance(how.file.combine, dict) else ():
        if name not in columns:
            text = f"{name}: expected a column that the map has under columns, or that the file has"
            findings.add(Code.E_COLUMN_UNKNOWN, how.at("combine", name), text, name, "a column of the map")
    needed = schema.keys if partial else schema.columns
    missing = [one.name for one in needed if one.required and one.name not in columns and not _spread(one, columns)]
    if missing:
        text = f"the map says nothing of {', '.join(missing)}: state each under columns, with from (a title) or value"
        place = how.at("columns") if how.file.columns else how.place
        findings.add(Code.E_COLUMN_MISSING, place, text, missing[0], "every column that the table needs")
    return columns


def _spread(one: Field, columns: dict[str, MapColumn]) -> bool:
    return any(name.startswith(f"{one.name} ") for name in columns)


def _no_title(raw: RawTable, title: str, place: Place, findings: Findings) -> None:
    hint = nearest(title, raw.header)
    tail = f" ({hint})" if hint else f": it has {', '.join(shown(one, 30) for one in list(raw.header)[:MOST_NAMED])}, ..."
    text = f"{raw.source.path.name} has no column {shown(title)}{tail}"
    findings.add(Code.E_COLUMN_UNKNOWN, place, text, title, "a title of the file")


def _lines(
    raw: RawTable, how: Statement, across: list[str], filled: set[int], counts: Counts, findings: Findings
) -> list[Line]:
    """The rows that are meant: up to an empty one where that ends the table, and those that pass the filter."""
    rows = how.file.rows
    tests = []
    for key, wants in (("where", True), ("where_not", False)):
        for title, stated in getattr(rows, key).items():
            if title not in raw.header:
                _no_title(raw, title, how.at("rows", key, title), findings)
                continue
            values = {cell_text(one) if not isinstance(one, bool) else str(one) for one in _several(stated)}
            cells = {cell.strip() for cell in raw.cells(title)}
            for value in sorted(value for value in values if value not in cells and wants):
                hint = findings.nearest(value, cells)
                tail = f" ({hint})" if hint else ""
                text = f"no row has {shown(title)} = {shown(value)}{tail}"
                findings.add(Code.E_ROW_UNKNOWN, how.at("rows", key, title), text, value, "a value of the file")
            tests.append((raw.header[title] - 1, values, wants))
    found: list[Line] = []
    for row, cells_of in enumerate(raw.rows):
        if row not in filled:
            if rows.until == "blank":
                break
            continue
        counts.read += 1
        if any((cells_of[position].strip() in values) != wants for position, values, wants in tests):
            counts.leave("left out by the filter")
        elif across:
            found += [Line(row, title) for title in across if cells_of[raw.header[title] - 1].strip()]
        else:
            found.append(Line(row))
    return found


def _several(stated: Several) -> tuple[object, ...]:
    return stated if isinstance(stated, tuple) else (stated,)


def _mapped(
    schema: TableSchema,
    sheet: Sheet,
    how: Statement,
    columns: dict[str, MapColumn],
    lines: list[Line],
    counts: Counts,
    findings: Findings,
) -> RawTable | None:
    raw = sheet.raw
    header = {name: number for number, name in enumerate(columns, start=1)}
    at = {name: raw.header[one.from_] for name, one in columns.items() if one.from_ in raw.header}
    found = RawTable(raw.source, header, raw.header_line, [[""] * len(columns) for _ in lines], [], at=at)
    found.lines = [raw.lines[line.row] for line in lines]
    out: dict[int, str] = {}
    for name, one in columns.items():
        work = _Column(schema, sheet, how, name, one, lines, findings)
        for row, text, why in work.cells():
            if why:
                out.setdefault(row, why)
            else:
                found.rows[row][header[name] - 1] = text
        found.refused |= {(row, header[name]) for row in work.refused}
        if how.file.unpivot is not None and one.from_ in (how.file.unpivot.name, how.file.unpivot.value):
            found.moved |= {(row, name): work.place(row) for row in range(len(lines))}
    for why in out.values():
        counts.leave(why)
    return _kept(found, [row for row in range(len(lines)) if row not in out]) if out else found


def _kept(raw: RawTable, rows: list[int]) -> RawTable:
    """The table with some of its rows."""
    found = raw.emptied(raw.header)
    for row in rows:
        found.carry(raw, row, raw.rows[row])
    return found


class _Column:
    """One column of the table, made from one of the file; each different text is converted once."""

    def __init__(
        self,
        schema: TableSchema,
        sheet: Sheet,
        how: Statement,
        name: str,
        one: MapColumn,
        lines: list[Line],
        findings: Findings,
    ) -> None:
        self.field, self.sheet, self.how, self.name, self.one = _field(schema, name), sheet, how, name, one
        self.lines, self.findings = lines, findings
        self.refused: set[int] = set()
        self.unlisted: dict[str, list[tuple[int, str]]] = {}  # text -> rows and texts
        self.wrong: dict[str, list[tuple[int, str]]] = {}  # what was expected -> rows and texts

    def cells(self) -> list[tuple[int, str, str]]:
        """Row, text, and why the row is left out where it is."""
        if self.one.value is not None:
            value = cell_text(self.one.value) if not isinstance(self.one.value, bool) else ("yes" if self.one.value else "no")
            return [(row, value, "") for row in range(len(self.lines))]
        texts = self._texts()
        missing = set(self.how.file.rows.missing)
        listed = self.how.lists.get(self.name)
        try:
            convert = converter(self._quantity(), self.one, listed, dict.fromkeys(texts))
        except MapError as error:
            text = f"{self.name}: expected {error}"
            self.findings.add(Code.E_KEY_VALUE, self.how.at("columns", self.name), text, self.name, str(error))
            return []
        known: dict[str, tuple[str, str]] = {}  # text -> cell, and why its row is left out
        bad: dict[str, list[tuple[int, str]]] = {}  # text -> those that are refused with it
        found = []
        for row, text in enumerate(texts):
            if self._is_bad(row):
                continue
            if not text or text in missing:
                absent = "without a value" if text in missing and self.field.required else ""
                found.append((row, "", absent))
                continue
            if text not in known and text not in bad:
                try:
                    known[text] = convert(text), ""
                except LeftOutError:
                    known[text] = "", f"with a value of {self.one.from_} that the map leaves out"
                except KeyError:
                    bad[text] = self.unlisted.setdefault(text, [])
                except MapError as error:
                    bad[text] = self.wrong.setdefault(str(error), [])
            if text in bad:
                bad[text].append((row, text))
                self.refused.add(row)
            else:
                found.append((row, *known[text]))
        self._refuse()
        return found

    def _quantity(self) -> Field:
        """The column, with the unit that its kind gives a number without one, as in profiles."""
        kind = self.how.columns.get("kind")
        if self.field.unit or kind is None or kind.value is None or not unit_of(str(kind.value)):
            return self.field
        return replace(self.field, name=str(kind.value))

    def _texts(self) -> list[str]:
        raw, unpivot, title = self.sheet.raw, self.how.file.unpivot, self.one.from_
        assert title is not None
        if unpivot is not None and title == unpivot.name:
            is_month = self.field.kind == "month" and self.name not in self.how.lists
            meant = dict(zip(raw.header, in_full(list(raw.header)), strict=True)) if is_month else {}
            return [meant.get(line.title, line.title) for line in self.lines]
        if unpivot is not None and title == unpivot.value:
            return [raw.rows[line.row][raw.header[line.title] - 1].strip() for line in self.lines]
        return self._joined([raw.rows[line.row][raw.header[title] - 1].strip() for line in self.lines])

    def _joined(self, texts: list[str]) -> list[str]:
        """The texts, each with that of the second column behind it where the map names one; empty where either is."""
        if self.one.and_ is None:
            return texts
        position = self.sheet.raw.header[self.one.and_] - 1
        second = [self.sheet.raw.rows[line.row][position].strip() for line in self.lines]
        return [f"{text}-{also}" if text and also else "" for text, also in zip(texts, second, strict=True)]

    def place(self, row: int) -> Place:
        """Where the cell of a row stands."""
        raw, line = self.sheet.raw, self.lines[row]
        unpivot = self.how.file.unpivot
        if unpivot is not None and self.one.from_ == unpivot.name:
            return Place(raw.source, raw.header_line, raw.header[line.title])
        title = line.title if unpivot is not None and self.one.from_ == unpivot.value else self.one.from_
        return Place(raw.source, raw.lines[line.row], raw.header[title or ""])

    def _is_bad(self, row: int) -> bool:
        """Whether a cell of a sheet has no value at all, which is refused."""
        if not self.sheet.bad:
            return False
        place = self.place(row)
        problem = self.sheet.bad.get((place.line, place.column))
        if problem is not None:
            self.findings.refuse(Code.E_CELL_VALUE, place, self.name, "", self.field.expected, problem)
            self.refused.add(row)
        return problem is not None

    def _refuse(self) -> None:
        """Refuse what could not be converted, each kind once."""
        if self.unlisted:
            listed = self.how.lists[self.name]
            named = [f"{shown(text, 40)} ({nearest(text, listed)})" for text in list(self.unlisted)[:MOST_NAMED]]
            more = len(self.unlisted) - MOST_NAMED
            tail = f" and {more} more" if more > 0 else ""
            rows = sum(map(len, self.unlisted.values()))
            text = (
                f"{len(self.unlisted)} value{'s' if len(self.unlisted) > 1 else ''} of {self.one.from_} without one of"
                f" {self.name} in the map: {', '.join(named).replace(' ()', '')}{tail} ({rows} row{'s' if rows > 1 else ''}):"
                " list them under values, or state others: leave_out"
            )
            first = next(iter(self.unlisted))
            place = self.place(self.unlisted[first][0][0])
            self.findings.add(Code.E_NAME_UNKNOWN, place, text, first, "a value that the map lists")
        for expected, cells in self.wrong.items():
            row, text = cells[0]
            many = f", in {len(cells)} cells, to {self.place(cells[-1][0]).shown}" if len(cells) > 1 else ""
            self.findings.refuse(Code.E_CELL_VALUE, self.place(row), str(self.one.from_), text, f"{expected}{many}")
