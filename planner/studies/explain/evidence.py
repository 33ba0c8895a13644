"""The rows of the input on which a value of the plan depends, and where each was written."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Any

from planner.plan.table import Table, names_in
from planner.schema.table_schema import TableSchema
from planner.schema.tables import Pointer, pointers
from planner.studies.explain.question import Question
from planner.studies.explain.reopened import OpenRun

SETTINGS = {
    "power": ("discount_frac_per_year", "national.options"),
    "fleet": ("discount_frac_per_year",),
    "serve": ("network.rtt_intercept_ms", "network.rtt_slope_ms_per_km", "network.usd_per_gbit_s_month"),
    "demand": ("demand.doubling_months",),
}

MONTHS = ("month", "from_month", "to_month", "calendar_month")
UNUSED = ("latency_targets", "sources", "actuals", "stock_take", "missed", "published")
"""Tables that no plan depends on."""


@dataclass(frozen=True)
class Evidence:
    """A row of an input table, or a setting: where it was written, what was changed, and how far to trust it."""

    name: str  # power[us_ohio, grid] or demand.doubling_months
    at: str  # file:line
    changed: str
    quality: str
    source: str
    values: dict[str, Any]


def behind(run: OpenRun, question: Question) -> list[Evidence]:
    """The inputs of one value, or of all values of a place in a month, most specific first; then settings."""
    found: dict[str, Evidence] = {}
    for row in _rows(run, question):
        each = evidence(run, *row)
        before = found.setdefault(each.name, each)  # hours of one profile are one thing, written from its first row on
        if before is not each:
            found[each.name] = replace(before, values={"rows": before.values.get("rows", 1) + 1})
    tables = (question.table,) if question.table else ("fleet",) if question.place in run.data.designs else ("power", "fleet")
    keys = dict.fromkeys(key for table in tables for key in SETTINGS.get(table, ()))
    return [*found.values()] + [setting(run, key) for key in keys]


def evidence(run: OpenRun, table: str, position: int) -> Evidence:
    """One row of an input table."""
    held, origin = run.plan.tables[table], run.origin(table, position)
    named = [one.name for one in held.schema.keys if one.kind == "month" or (one.kind == "name" and not one.any_allowed)]
    key = ", ".join(str(part) for name in named if (part := held.column(name)[position]) is not None)
    values = {
        one.name: held.columns[one.name][position]
        for one in held.fields
        if not one.key and one.name != "name" and held.columns[one.name][position] not in (None, "", ())
    }
    at = f"{origin.file}:{origin.line}" if origin.line else origin.file
    quality, source = (held.columns[name][position] for name in ("quality", "source"))
    return Evidence(f"{table}[{key}]", at, origin.changed, str(quality), str(source), values)


def setting(run: OpenRun, key: str) -> Evidence:
    """One key of the plan."""
    value: Any = run.plan.settings
    for part in key.split("."):
        value = getattr(value, part)
    return Evidence(key, run.stated_at(key), "", "setting", "", {key.split(".")[-1]: value})


def _rows(run: OpenRun, q: Question) -> list[tuple[str, int]]:
    """(table, position) of the rows behind a question, the most specific first, found by following keys.

    What is asked about has names. A row is behind it when each of its keys names some of that, in the month asked about; so are
    rows that those look up, such as the fuel of an option or a profile."""
    tables, names = run.plan.tables, _names(run, q)
    found = _naming(tables, names, q.month)
    for pointer in pointers():
        if _looked_up(pointer, tables[pointer.table].schema, names):
            cells = tables[pointer.table].column(pointer.field.name)
            looked_up = {name for table, position in found if table == pointer.table for name in names_in(cells[position])}
            names |= {target: names.get(target, set()) | looked_up for target in pointer.targets}
    found = _naming(tables, names, q.month)
    if names["designs", "design_id"]:
        launch = tables["launch"]
        found |= {("launch", position): 1 for position in range(len(launch)) if _is_of(launch, position, q.month)}
    return sorted(found, key=lambda row: -found[row])


def _names(run: OpenRun, q: Question) -> dict[tuple[str, str], set[str]]:
    """By table and column that something points to: the names of what a question is about, empty for what it does not state."""
    d, tables = run.data, run.plan.tables
    asked = {
        "regions": {q.place} & {*d.regions},
        "designs": {*d.designs} if q.table == "launch" else {q.place} & {*d.designs},
        "options": {p for r, p in d.options if r == q.place and q.table in ("", "power") and q.option in ("", p)},
        "accelerators": {q.generation},
        "classes": {q.class_id},
        "zones": {z for z, bloc in tables["zones"].select("zone_id", "bloc") if q.pool in (z, bloc)},
    }
    found: dict[tuple[str, str], set[str]] = {}
    for table, column in dict.fromkeys(target for pointer in pointers() for target in pointer.targets):
        pairs = tables[table].select(tables[table].schema.keys[0].name, column)
        found[table, column] = {str(name) for key, name in pairs if name and key in asked.get(table, ())}
    return found


def _naming(tables: Mapping[str, Table], names: Mapping[tuple[str, str], set[str]], month: str) -> dict[tuple[str, int], int]:
    """(table, position) of every row whose keys all name something of these, with their number.

    An empty cell and `*` name all. A table in which a key has nothing to name is not asked about."""
    found: dict[tuple[str, int], int] = {}
    for table, held in tables.items():
        about = [one for one in pointers() if one.table == table and not _looked_up(one, held.schema, names)]
        keys = {one.name: names[table, one.name] for one in held.schema.keys if (table, one.name) in names}
        keys |= {one.field.name: _meant(one, names) for one in about}
        if not keys or not all(keys.values()) or table in UNUSED:
            continue
        for position, cells in enumerate(held.select(*keys)):
            named = zip(map(names_in, cells), keys.values(), strict=True)
            if all(not stated or meant.intersection(stated) for stated, meant in named) and _is_of(held, position, month):
                found[table, position] = len(keys)
    return found


def _looked_up(pointer: Pointer, schema: TableSchema, names: Container[tuple[str, str]]) -> bool:
    """Whether a column says more of what its row stands for, as the fuel of an option or the owner of a generation does, and
    not what the row is about."""
    named = any((schema.name, one.name) in names for one in schema.keys)
    return not pointer.checked or (named and not pointer.field.key)


def _meant(pointer: Pointer, names: Mapping[tuple[str, str], set[str]]) -> set[str]:
    meant = set().union(*(names[target] for target in pointer.targets))
    return meant | {*pointer.words} if names["designs", "design_id"] else meant


def _is_of(table: Table, position: int, month: str) -> bool:
    """Whether a row applies to a month: it names that month, a period that includes it, or none."""
    stated = {name: table.columns[name][position] for name in MONTHS if name in table.columns}
    first, last = stated.get("from_month") or month, stated.get("to_month") or month
    calendar = stated.get("calendar_month") or int(month[5:])
    return stated.get("month", month) == month and first <= month <= last and calendar == int(month[5:])
