"""`--set KEY=VALUE`: one value of the plan, a column of a table, or a cell of it.

demand.doubling_months=4                     a key of the plan
launch_price.usd_per_kg=200                  a whole column
power[us_ercot,grid].step_mw_per_month*=2    one row by its key, scaled; * in a key stands for any
demand[europe,chat,2027-06].start_kh100e=3   the same from a month on, of a column that may change with the month
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from planner.codes import Code
from planner.findings import Findings, Place, argument_place, nearest, shown
from planner.plan.plan import Entry
from planner.plan.table import Table
from planner.read.extends import with_numbers
from planner.read.files.yaml import read_value
from planner.read.table_changes import changeable_field, scale, set_to
from planner.schema.fields import ANY, CellError, cell_text, key_text, read_cell
from planner.schema.table_schema import DATES, TableSchema
from planner.schema.tables import tables as table_schemas

TARGET = re.compile(r"(?P<table>\w+)\s*(\[(?P<key>[^\[\]]*)\])?\s*\.\s*(?P<column>\w+)")
GRAMMAR = "KEY=VALUE, TABLE.COLUMN=VALUE or TABLE[key,...].COLUMN=VALUE, with *= to scale"
EXAMPLE = "such as months=24, launch_price.usd_per_kg*=0.5 or power[ohio,grid].start_mw=120"
VALUES = "a value is a number, a word, a text in quotes or a list such as [US, DE]"
FIXED = ("extends", "why", "adjust")


@dataclass(frozen=True)
class Override:
    """One `--set`, parsed."""

    target: str
    value: Entry
    scales: bool
    place: Place


def parse_overrides(arguments: Sequence[str], findings: Findings) -> list[Override]:
    """Parse every `--set`; what cannot be parsed is a finding."""
    parsed = []
    for argument in arguments:
        place = argument_place(argument)
        target, equals, text = argument.partition("=")
        scales = target.rstrip().endswith("*")
        target = target.rstrip().removesuffix("*").strip() if scales else target.strip()
        if not equals or not target:
            findings.add(Code.E_SET_SYNTAX, place, f"expected {GRAMMAR} ({EXAMPLE})", argument, GRAMMAR)
            continue
        before = len(findings.items)
        value = read_value(text, place, findings)
        if value is None:
            for position in range(before, len(findings.items)):
                one = findings.items[position]
                findings.items[position] = replace(one, message=f"{one.message} ({VALUES})")
            continue
        if scales and (isinstance(value.value, bool) or not isinstance(value.value, int | float)):
            findings.refuse(Code.E_SET_SYNTAX, place, "factor", text, "a number")
            continue
        parsed.append(Override(target, value, scales, place))
    return parsed


def speaks_of_table(override: Override, plan_keys: dict[str, tuple[str, ...] | None]) -> bool:
    """Whether the target is a table's column; a key of the plan comes first (`demand.doubling_months`)."""
    first, _, rest = override.target.partition(".")
    below = plan_keys.get(first, ())
    if first in plan_keys and (below is None or rest in below or not rest):
        return False
    return TARGET.fullmatch(override.target) is not None and first.partition("[")[0].strip() in table_schemas()


def set_plan_key(override: Override, merged: Entry, findings: Findings) -> None:
    """Put the value at its key; whether it is allowed is checked with the whole plan."""
    parts = override.target.split(".")
    if parts[0] in FIXED:
        findings.add(Code.E_CHANGE, override.place, f"{parts[0]} cannot be set on the command line", parts[0])
        return
    here = merged
    for part in parts[:-1]:
        below = here.value.get(part)
        if below is None or not isinstance(below.value, dict):
            below = Entry({}, override.place, override.place)
            here.value[part] = below
        else:
            below = Entry(dict(below.value), below.place, below.key_place)
            here.value[part] = below
        here = below
    value = override.value
    if override.scales:
        before = here.value.get(parts[-1])
        before = before and with_numbers(before, override.target)
        if before is None or isinstance(before.value, bool) or not isinstance(before.value, int | float):
            findings.add(
                Code.E_CHANGE, override.place, f"{override.target} is not a number and cannot be scaled", override.target
            )
            return
        number = before.value * value.value
        value = Entry(number, override.place, override.place, cell_text(number))
    here.value[parts[-1]] = value


def set_table(
    override: Override, tables: dict[str, Table], plan_keys: dict[str, tuple[str, ...] | None], findings: Findings
) -> None:
    """Set or scale a column of a table, in all rows or in those of a key."""
    found = TARGET.fullmatch(override.target)
    assert found is not None
    name, key, column = found["table"], found["key"], found["column"]
    table = tables.get(name)
    if table is None:
        hint = nearest(name, tables)
        tail = f" ({hint})" if hint else ""
        findings.add(Code.E_TABLE_UNKNOWN, override.place, f"the plan has no table {name}{tail}", name, "a table of this plan")
        return
    if key is None and name in plan_keys and table.schema.field(column) is None:
        unknown_target(override, {name: plan_keys[name]}, findings, tables=[table.schema])
        return
    row, _, month = (key or "").rpartition(",")
    if row and row.count(",") + 1 == len(table.schema.keys):
        since = _month(month, override, table.schema, findings)
        if not since:
            return
        key, column = row, f"{column} {since}"
    if changeable_field(table, column, override.place, findings, key or "") is None:
        return
    matched = _rows_of_key(table, key, override.place, findings)
    if matched:
        change = scale if override.scales else set_to
        tables[name] = change(table, matched, column, override.value, findings)


def _month(text: str, override: Override, schema: TableSchema, findings: Findings) -> str:
    """The month that follows the key of a row, in a table whose numbers change with it; empty after a finding."""
    names = ",".join(one.name for one in schema.keys)
    if not schema.series:
        expected = f"{schema.name}[{names}]"
        message = f"{len(schema.keys) + 1} key(s): expected {expected}"
        if month_hint := schema.month_hint(text.strip()):
            message = f"{message} ({month_hint})"
        findings.add(Code.E_ROW_UNKNOWN, override.place, message, text, expected)
        return ""
    try:
        return str(read_cell(replace(DATES[0], required=True), text))
    except CellError as error:
        hint = f" ({error.hint})" if error.hint else ""
        message = f"{shown(text.strip())} is no month: expected {schema.name}[{names},YYYY-MM]{hint}"
        findings.add(Code.E_ROW_UNKNOWN, override.place, message, text, error.expected)
        return ""


def unknown_target(
    override: Override,
    plan_keys: dict[str, tuple[str, ...] | None],
    findings: Findings,
    tables: Iterable[TableSchema] | None = None,
) -> None:
    """Refuse a target that is neither a key of the plan nor a column of a table, with the nearest of both as a hint."""
    known = [name if not below else f"{name}.{key}" for name, below in plan_keys.items() for key in below or ("",)]
    schemas = table_schemas().values() if tables is None else tables
    known += [f"{schema.name}.{one.name}" for schema in schemas for one in schema.fields if not one.key]
    hint = nearest(re.sub(r"\[.*\]", "", override.target), known)
    if "[" in override.target and TARGET.fullmatch(override.target) is None:
        hint = f"expected {GRAMMAR}"
    tail = f" ({hint})" if hint.startswith(("did", "expected")) else ""
    findings.add(
        Code.E_KEY_UNKNOWN,
        override.place,
        f"unknown key {shown(override.target)}{tail}",
        override.target,
        "a key of the plan or a table",
    )


def _unknown_part(parts: Sequence[str], names: Sequence[str], table: Table, findings: Findings) -> str:
    """Which part of a key no row has, with what exists there."""
    for position, (part, name) in enumerate(zip(parts, names, strict=True)):
        known = list(dict.fromkeys(cell_text(row[position]) for row in table.keys))
        if part != ANY and part not in known:
            hint = findings.nearest(part, known)
            return f"no {name} is {shown(part)}" + (f": {hint}" if hint else "")
    return "each part exists, but not in this combination"


def _rows_of_key(table: Table, key: str | None, place: Place, findings: Findings) -> list[int]:
    if key is None:
        if not len(table):
            findings.add(
                Code.E_ROW_UNKNOWN, place, f"table {table.schema.name} has no rows", table.schema.name, "at least one row"
            )
        return list(range(len(table)))
    names = [one.name for one in table.schema.keys]
    parts = key.split(",")
    if len(parts) != len(names):
        expected = f"{table.schema.name}[{','.join(names)}]"
        findings.add(Code.E_ROW_UNKNOWN, place, f"{len(parts)} key(s): expected {expected}", key, expected)
        return []
    parts = [key_text(one, part) for one, part in zip(table.schema.keys, parts, strict=True)]
    matched = [
        position
        for position, row in enumerate(table.keys)
        if all(part in (ANY, cell_text(value)) for part, value in zip(parts, row, strict=True))
    ]
    if not matched:
        hint = findings.nearest(",".join(parts), [",".join(cell_text(value) for value in row) for row in table.keys])
        tail = f" ({hint if hint.startswith('did') else _unknown_part(parts, names, table, findings)})"
        findings.add(Code.E_ROW_UNKNOWN, place, f"no row {table.schema.name}[{shown(key)}]{tail}", key, "a row of the table")
    return matched
