"""Series: numbers of an input table by month, from what its rows state at the start and from later months on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from planner.codes import Code
from planner.findings import Findings
from planner.plan.calendar import Calendar, month_number
from planner.plan.table import Table
from planner.schema.settings import Settings


@dataclass(frozen=True)
class Held:
    """What holds in a month: the value that was stated last, its column, and the months for which it has grown.

    In a column that may be empty there is no value (None) until one is stated."""

    value: Any
    column: str
    grown: int


def held(table: Table, column: str, calendar: Calendar) -> list[list[Held]]:
    """Of each row, what holds in each month. A number holds from its month on; in the look-ahead nothing grows."""
    elapsed, start = calendar.elapsed(), month_number(calendar.start)
    dated = [(month_number(month) - start, name, table.column(name)) for month, name in table.dated(column)]
    found, without = [], dict[float | None, list[Held]]()  # rows of one value that nothing changes share their months
    for position, value in enumerate(table.column(column)):
        if value not in without:
            without[value] = [Held(value, column, grown) for grown in elapsed]
        path = without[value]
        for first, name, cells in dated:
            if (later := cells[position]) is not None:
                path = [*path]
                path[max(0, first) :] = [Held(later, name, max(0, grown - first)) for grown in elapsed[max(0, first) :]]
        found.append(path)
    return found


def column_at(table: Table, key: tuple[Any, ...], column: str, calendar: Calendar, t: int) -> str:
    """The column that says what a series of a row is in a month, counted from 1."""
    return held(table, column, calendar)[table.index[key]][t - 1].column


def by_month(table: Table, column: str, calendar: Calendar, growth: str = "") -> list[list[float]]:
    """Of each row, the number in each month, growing by the year as ``growth`` says."""
    paths = held(table, column, calendar)
    if not growth:
        return [[one.value for one in path] for path in paths]
    return [
        [one.value * (1 + rate.value) ** (one.grown / 12) for one, rate in zip(path, rates, strict=True)]
        for path, rates in zip(paths, held(table, growth, calendar), strict=True)
    ]


def doubling_months(settings: Settings, tables: Mapping[str, Table]) -> dict[str, float]:
    """Months in which the demand of each class doubles: its own, or the plan's; infinite where it does not grow."""
    own = tables["classes"].mapping("class_id", "doubling_months")
    stated = {w: settings.demand.doubling_months if months is None else months for w, months in own.items()}
    return {w: months or inf for w, months in stated.items()}


def keyed(table: Table, column: str, calendar: Calendar, growth: str = "") -> dict[tuple[Any, ...], float]:
    """What `by_month` finds, by key and month (from 1): a mapping of PlanData."""
    paths = by_month(table, column, calendar, growth)
    return {(*key, t): value for key, path in zip(table.keys, paths, strict=True) for t, value in enumerate(path, start=1)}


def leverage(table: Table, column: str, calendar: Calendar, growth: str) -> list[list[float]]:
    """Of each row, by how much each month moves with the cell, or with a factor on all cells where later months have theirs."""
    later = [table.column(name) for _, name in table.dated(column)]
    own = [any(cells[position] is not None for cells in later) for position in range(len(table))]
    paths = zip(own, held(table, column, calendar), held(table, growth, calendar), strict=True)
    return [
        [(one.value if spread else 1.0) * (1 + rate.value) ** (one.grown / 12) for one, rate in zip(path, rates, strict=True)]
        for spread, path, rates in paths
    ]


def idle_cells(table: Table, column: str, calendar: Calendar) -> list[tuple[int, str]]:
    """Row and column of what is stated and holds in no month; a zero after the plan is an end, and no mistake."""
    in_use = [{one.column for one in path} for path in held(table, column, calendar)]
    return [
        (position, name)
        for month, name in table.dated(column)
        for position, value in enumerate(table.column(name))
        if value is not None and name not in in_use[position] and (value or month <= calendar.months[-1])
    ]


def completed(table: Table, start: str, findings: Findings) -> Table:
    """The table with a number at the start of every series: what an earlier month states, or zero where none may hold."""
    columns = dict(table.columns)
    for one in table.schema.series:
        dated = table.dated(one.name)
        if not dated:
            continue
        before = [name for month, name in dated if month <= start]
        values = list(table.column(one.name))
        for position, value in enumerate(values):
            if value is None and one.required:
                stated = [cell for name in before if (cell := table.column(name)[position]) is not None]
                values[position] = stated[-1] if stated else 0.0
                if not stated and one.gap == "refused":
                    expected = f"a value for {start}, the start of the plan"
                    text = f"{table.named(position)}: {one.name}: expected {expected}, and for every month after"
                    findings.add(Code.E_MONTHS_MISSING, table.place(position, one.name), text, "", expected)
        columns[one.name] = values
    for one in table.dated_fields:
        name, month = one.name, one.name.partition(" ")[2]
        if one.grows:
            grown = table.columns.get(f"{one.grows} {month}", [None] * len(table))
            for position, (rate, value) in enumerate(zip(table.column(name), grown, strict=True)):
                if rate is not None and value is None:
                    expected = f"{one.grows} of {month} beside it, from which it grows"
                    findings.refuse(Code.E_CELL_VALUE, table.place(position, name), name, rate, expected)
    return table.replaced(columns, table.rows, table.changes) if columns != table.columns else table
