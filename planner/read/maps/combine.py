"""Rows of the same key as one, and quarters as their months."""

from __future__ import annotations

from fractions import Fraction
from math import fsum

from planner.codes import Code
from planner.findings import Findings, Place, shown
from planner.plan.table import RawTable
from planner.read.maps.statement import Statement
from planner.schema.fields import cell_text
from planner.schema.maps import How
from planner.schema.months import quarter_of
from planner.schema.table_schema import CARRIED, DATES, TableSchema
from planner.schema.written import NUMBER


def with_quarters(schema: TableSchema, raw: RawTable, how: Statement, findings: Findings) -> RawTable:
    """Each row of a quarter as three of its months, where the map says what they have of its numbers."""
    months = [one.name for one in (*schema.fields, *DATES) if one.kind == "month" and one.name in raw.header]
    positions = [raw.header[name] - 1 for name in months]
    quarters = [row for row, cells in enumerate(raw.rows) if any(quarter_of(cells[position].strip()) for position in positions)]
    if not quarters:
        return raw
    if how.file.quarters is None:
        name = next(name for name in months if quarter_of(raw.rows[quarters[0]][raw.header[name] - 1].strip()))
        many = f" ({len(quarters)} rows)" if len(quarters) > 1 else ""
        text = f"a quarter{many}: state quarters: spread (a third of the numbers each month) or repeat (all of them) in the map"
        cell = raw.rows[quarters[0]][raw.header[name] - 1]
        findings.add(Code.E_CELL_VALUE, raw.place(quarters[0], name), f"{name} = {shown(cell)}: {text}", cell, "a rule")
        return raw
    shares = _from_file(schema, how, raw) if how.file.quarters == "spread" else []
    found = raw.emptied(raw.header)
    for row, cells in enumerate(raw.rows):
        of = next((of for position in positions if (of := quarter_of(cells[position].strip()))), ())
        for month in of or ("",):
            new = list(cells)
            for position in positions if month else ():
                if quarter_of(new[position].strip()):
                    new[position] = month
            for name in shares if month else ():
                cell = new[raw.header[name] - 1]
                new[raw.header[name] - 1] = cell_text(float(Fraction(cell) / 3)) if NUMBER.fullmatch(cell) else cell
            found.carry(raw, row, new)
    return found


def combined(schema: TableSchema, raw: RawTable, how: Statement, findings: Findings) -> RawTable:
    """The table with one row a key; numbers from the file become one as the map says, other columns have to agree."""
    stated = how.file.combine
    keys = [raw.header[one.name] - 1 for one in schema.keys if one.name in raw.header]
    keys += [raw.header[one.name] - 1 for one in DATES if schema.series and one.name in raw.header]
    if stated is None or not keys:
        return raw
    numbers = _from_file(schema, how, raw)
    ways: dict[str, How] = stated if isinstance(stated, dict) else dict.fromkeys(numbers, stated)
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, cells in enumerate(raw.rows):
        groups.setdefault(tuple(cells[position] for position in keys), []).append(row)
    carried = {one.name for one in CARRIED}
    others = [name for name in raw.header if name not in ways and raw.header[name] - 1 not in keys and name not in carried]
    found = raw.emptied(raw.header)
    clashes: dict[str, list[int]] = {}
    for rows in groups.values():
        cells = list(raw.rows[rows[0]])
        for name, way in ways.items():
            position = raw.header[name] - 1
            cells[position] = _one([raw.rows[row][position] for row in rows], way)
        for name in others:
            position = raw.header[name] - 1
            clash = next((row for row in rows if raw.rows[row][position] != cells[position]), None)
            if clash is not None:
                clashes.setdefault(name, []).append(clash)
        number = len(found.rows)
        found.carry(raw, rows[0], cells)
        if raw.refused:
            found.refused |= {
                (number, column) for column in raw.header.values() for row in rows if (row, column) in raw.refused
            }
    for name, at in clashes.items():
        text = f"{name} differs between rows of one key ({len(at)} times): state how to combine it, or filter the rows"
        place: Place = raw.place(at[0], name)
        findings.add(Code.E_ROW_DUPLICATE, place, text, raw.rows[at[0]][raw.header[name] - 1], "the same in all rows of a key")
    return found


def _from_file(schema: TableSchema, how: Statement, raw: RawTable) -> list[str]:
    """The columns of numbers that are no part of the key and not the same for all rows."""
    constant = {name for name, one in how.columns.items() if one.value is not None}
    fields = {name: schema.field(name) for name in raw.header}
    return [
        name
        for name, one in fields.items()
        if one is not None and one.kind in ("number", "integer") and not one.key and name not in constant
    ]


def _one(cells: list[str], way: How) -> str:
    """The cells of a group as one; empty ones count for nothing. What is no number stays, to be refused."""
    filled = [cell for cell in cells if cell]
    if not filled or way == "first":
        return filled[0] if filled else ""
    if way == "last":
        return filled[-1]
    if any(NUMBER.fullmatch(cell) is None for cell in filled):
        return next(cell for cell in filled if NUMBER.fullmatch(cell) is None)
    numbers = [float(cell) for cell in filled]
    try:
        total = fsum(numbers)
    except (OverflowError, ValueError):
        return "inf"
    return cell_text({"sum": total, "mean": total / len(numbers), "min": min(numbers), "max": max(numbers)}[way])
