"""Rows that hold from a month on, and months across as columns: both become the dated columns of one row a key. In tables with
a row for each month, months across become rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from planner.codes import Code
from planner.findings import Findings, Place
from planner.plan.calendar import month_name, month_number
from planner.plan.table import RawTable, refuse_cell
from planner.schema.fields import CellError, Field, plain, read_cell
from planner.schema.table_schema import CARRIED, DATES, TableSchema

FROM, UNTIL = (one.name for one in DATES)


@dataclass(frozen=True)
class Span:
    """A row of a series, and the months in which it holds; an empty ``first`` is the start, an empty ``last`` no end."""

    row: int
    first: str
    last: str


def with_dated_columns(schema: TableSchema, raw: RawTable, findings: Findings, partial: bool = False) -> RawTable:
    """The table with one row a key: what later rows state stands in columns such as `pue 2028-01`."""
    raw = _refuse_titles(schema, raw, findings)
    if (
        not schema.series
        or not {FROM, UNTIL}.intersection(raw.header)
        or any(one.name not in raw.header for one in schema.keys)
    ):
        return raw  # without a key it is refused for its header
    spans = _spans(schema, raw, findings)
    header = {name: position for name, position in raw.header.items() if name not in (FROM, UNTIL)}
    found = raw.emptied(header)
    cells: dict[tuple[int, str], tuple[str, Place, bool]] = {}
    for of_key in spans.values():
        _refuse_overlaps(schema, raw, of_key, findings)
        kept = len(found.rows)
        base = of_key[0]
        found.take(raw, base.row, list(raw.rows[base.row]))
        found.refused |= {(kept, column) for row, column in raw.refused if row == base.row}
        alone = base.first and not partial and _states_more(schema)
        if alone:
            expected = f"a row without {FROM}, which states the other columns"
            findings.add(
                Code.E_ROW_INCOMPLETE,
                raw.place(base.row, FROM),
                f"{_named(schema, raw, base)}: expected {expected}",
                base.first,
                expected,
            )
        for span, after in zip(of_key, (*of_key[1:], None), strict=True):
            for name, cell in _stated(schema, raw, span, after, span is base, findings).items():
                cells[kept, name] = cell
        if base.first and not alone:
            for one in schema.fields:
                if (one.gap or one.grows) and one.name in header:
                    found.rows[kept][header[one.name] - 1] = ""
    width = max(raw.header.values())
    for name in sorted({name for _, name in cells} - set(header)):
        width += 1
        header[name] = width
    for filled in found.rows:
        filled.extend([""] * (width - len(filled)))
    for (row, name), (text, place, refused) in cells.items():
        found.rows[row][header[name] - 1] = text
        found.moved[row, name] = place
        if refused:
            found.refused.add((row, header[name]))
    return found


def with_months_as_rows(schema: TableSchema, raw: RawTable) -> RawTable:
    """The table with columns such as `kunit 2028-01` as rows of that month; an empty cell is no row. The table itself where no
    title bears a month, or where it has a column `month` too, for which such titles are refused."""
    month = schema.month
    if month is None or month.name in raw.header:
        return raw
    across = {title: named for title in raw.header if (named := schema.of_month(title)) is not None}
    if not across:
        return raw
    stated = dict.fromkeys(column for column, _ in across.values())
    width = max(raw.header.values())
    header = {title: position for title, position in raw.header.items() if title not in across}
    header |= {title: width + number for number, title in enumerate((month.name, *stated), 1)}
    found = raw.emptied(header)
    for row, cells in enumerate(raw.rows):
        refused = {column for at, column in raw.refused if at == row}
        for name, titles in _by_month(across).items():
            filled = {column: title for column, title in titles.items() if cells[raw.header[title] - 1].strip()}
            if not filled:
                continue
            position = len(found.rows)
            found.take(
                raw, row, [*cells, name, *(cells[raw.header[filled[one]] - 1] if one in filled else "" for one in stated)]
            )
            found.refused |= {(position, column) for column in refused}
            found.moved[position, month.name] = Place(raw.source, raw.header_line, raw.positions[next(iter(filled.values()))])
            for column, title in filled.items():
                found.moved[position, column] = raw.place(row, title)
                if raw.header[title] in refused:
                    found.refused.add((position, header[column]))
    return found


def _refuse_titles(schema: TableSchema, raw: RawTable, findings: Findings) -> RawTable:
    """Refuse the titles of a forecast by month once, and read the rows as what they mean."""
    meant = schema.renamed(raw.header)
    if not meant:
        return raw
    header = {meant.get(name, name): position for name, position in raw.header.items()}
    expected = f"the columns {' and '.join(meant.values())}"
    way = " and ".join(f"{title} to {name}" for title, name in meant.items())
    text = f"{' and '.join(meant)}: table {schema.name} by month has {expected}: rename {way}"
    title = next(iter(meant))
    place = Place(raw.source, raw.header_line, raw.header[title])
    findings.add(Code.E_COLUMN_UNKNOWN, place, text, title, expected)
    return replace(raw, header=header)


def _states_more(schema: TableSchema) -> bool:
    """Whether a row states anything that does not change with the month, and that holds before its first month."""
    return not schema.begins and any(one.required and not (one.key or one.gap or one.grows) for one in schema.fields)


def _spans(schema: TableSchema, raw: RawTable, findings: Findings) -> dict[tuple[str, ...], list[Span]]:
    """The rows of each key in the order of their months, keys in the order of the file."""
    found: dict[tuple[str, ...], list[Span]] = {}
    keys = [raw.cells(one.name) for one in schema.keys]
    for row, key in enumerate(zip(*keys, strict=True)):
        first, last = (_month(one, raw, row, findings) for one in DATES)
        if first and last and last < first:
            findings.refuse(Code.E_MONTHS_ORDER, raw.place(row, UNTIL), UNTIL, last, f"a month from {first} on")
        found.setdefault(tuple(plain(part) for part in key), []).append(Span(row, first, last))
    return {key: sorted(spans, key=lambda span: span.first) for key, spans in found.items()}


def _month(one: Field, raw: RawTable, row: int, findings: Findings) -> str:
    if one.name not in raw.header:
        return ""
    cell = raw.rows[row][raw.header[one.name] - 1]
    try:
        return read_cell(one, cell) or ""
    except CellError as error:
        if (row, raw.header[one.name]) not in raw.refused:
            refuse_cell(findings, raw.place(row, one.name), one, cell, error)
        return ""


def _refuse_overlaps(schema: TableSchema, raw: RawTable, spans: Sequence[Span], findings: Findings) -> None:
    """Two rows of a key that both say until when they hold, or from when, do not speak of the same month."""
    for span, after in pairwise(spans):
        named, other = _named(schema, raw, after), raw.place(span.row, "").shown
        place = raw.place(after.row, FROM)
        if span.first == after.first:
            months = f"{FROM} = {after.first}" if after.first else f"no {FROM}"
            text = f"{named}: {months}: duplicate row, first in {other}"
            findings.add(Code.E_ROW_DUPLICATE, place, text, after.first, "one row of a key that holds from a month on")
        elif span.last >= after.first:
            begins, ends = (month_name(month_number(month) + step) for month, step in ((span.last, 1), (after.first, -1)))
            expected = f"{FROM} = {begins} here, or {UNTIL} = {ends} there"
            overlap = f"{named}: {FROM} = {after.first}: the row in {other} holds until {span.last}"
            findings.add(Code.E_MONTHS_OVERLAP, place, f"{overlap}: expected {expected}", after.first, expected)


def _stated(
    schema: TableSchema, raw: RawTable, span: Span, after: Span | None, is_base: bool, findings: Findings
) -> dict[str, tuple[str, Place, bool]]:
    """The dated cells that a row amounts to: what it states from its month on, and the end of what ends."""
    cells: dict[str, tuple[str, Place, bool]] = {}
    stated = {
        one.name: cell
        for one in schema.columns
        if not one.key and one.name in raw.header and (cell := raw.rows[span.row][raw.header[one.name] - 1]).strip()
    }
    for one in schema.columns if span.first else ():
        if one.name not in stated or one in CARRIED:
            continue
        place = raw.place(span.row, one.name)
        if one.grows and one.grows not in stated:
            findings.refuse(Code.E_CELL_VALUE, place, one.name, stated[one.name], f"an empty cell, as {one.grows} is empty too")
        elif one.gap or one.grows:
            refused = (span.row, raw.header[one.name]) in raw.refused
            cells[f"{one.name} {span.first}"] = stated[one.name], place, refused
        elif not is_base:
            hint = f"it does not change with the month; a row with {FROM} states {_names(schema)}"
            findings.refuse(Code.E_CELL_VALUE, place, one.name, stated[one.name], "an empty cell", hint)
    if not span.last:
        return cells
    end = month_name(month_number(span.last) + 1)
    for one in schema.series:
        follows = after is not None and after.first == end and raw.rows[after.row][raw.header.get(one.name, 1) - 1].strip()
        if one.name not in stated or follows:
            continue
        place = raw.place(span.row, UNTIL)
        if one.gap == "zero":
            cells[f"{one.name} {end}"] = "0", place, False
        else:
            expected = f"a row of {_named(schema, raw, span)} with {FROM} = {end}, as {one.name} must hold in every month"
            findings.refuse(Code.E_MONTHS_MISSING, place, UNTIL, span.last, expected)
    return cells


def _named(schema: TableSchema, raw: RawTable, span: Span) -> str:
    return ", ".join(raw.rows[span.row][raw.header[one.name] - 1].strip() for one in schema.keys)


def _names(schema: TableSchema) -> str:
    return ", ".join(one.name for one in schema.series)


def _by_month(across: dict[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The titles of each month, by the column that they state."""
    found: dict[str, dict[str, str]] = {}
    for title, (column, month) in across.items():
        found.setdefault(month, {})[column] = title
    return found
