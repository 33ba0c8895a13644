"""Limits of the user's own: a file of Python that names a block of the model, with the tables that it asks for.

A plan lists such files; they are executed only where the caller allows it. What goes wrong in one is a finding with its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from models import admit
from models.rows import name_of, rows_of
from planner.codes import Code
from planner.errors import blaming
from planner.findings import Findings, Place, SourceFile, shown
from planner.plan.plan import Entry, OwnLimit
from planner.plan.table import Table, empty_table
from planner.read.extends import Chain, source_inside
from planner.read.files.table_file import read_table_file
from planner.read.rules.rule_context import RuleContext
from planner.schema.table_schema import TableSchema
from planner.schema.tables import pointers_of, tables as table_schemas


def read_own_limits(
    stated: Sequence[Entry], chain: Chain, context: RuleContext, files: list[SourceFile], execute: bool
) -> tuple[OwnLimit, ...] | None:
    """The limits that a plan lists, executed; None where it lists some and may not execute them. Adds to the findings."""
    findings, names = context.findings, set(table_schemas())
    found: list[OwnLimit] = []
    for entry in stated:
        file = entry.value["file"]
        source = source_inside(chain.ground, file.place.source.path.parent, file, findings)
        if source is None:
            continue
        files.append(source)
        block = _executed(source, file.place, findings) if execute else None
        taken = {row.name for each in found for row in rows_of(each.block)} | {name_of(each.block) for each in found}
        if block is not None and taken.intersection([name_of(block), *(row.name for row in rows_of(block))]):
            expected = "files and constraints of different names"
            findings.add(
                Code.E_OWN_LIMITS, file.place, f"{shown(file.value)}: expected {expected} in one plan", file.value, expected
            )
        elif block is not None:
            schemas = tuple(getattr(block, "TABLES", ()))
            tables = _tables(schemas, entry, file.place, names, chain, context, files)
            names.update(tables)
            found.append(OwnLimit(block, source, tables))
    return tuple(found) if execute or not stated else None


def _executed(source: SourceFile, stated: Place, findings: Findings) -> ModuleType | None:
    """The module that a file makes, its constraints entered in the register; None after a finding."""
    if not source.path.stem.isidentifier() or source.path.suffix != ".py":
        expected = "a file name of letters, digits and _ that ends in .py"
        findings.add(Code.E_OWN_LIMITS, stated, f"{shown(source.path.name)}: expected {expected}", source.path.name, expected)
        return None
    block = ModuleType(f"own_limits.{source.path.stem}")
    block.__file__ = str(source.path)
    try:
        with blaming((block,)):
            exec(compile(source.data, block.__file__, "exec", dont_inherit=True), vars(block))
        admit(block)
    except SyntaxError as error:
        findings.add(Code.E_OWN_LIMITS, Place(source, error.lineno or 0, error.offset or 0), f"is not Python: {error.msg}")
    except TypeError as error:
        findings.add(Code.E_OWN_LIMITS, Place(source), str(error))
    else:
        return block
    return None


def _tables(
    schemas: Sequence[TableSchema],
    entry: Entry,
    place: Place,
    taken: set[str],
    chain: Chain,
    context: RuleContext,
    files: list[SourceFile],
) -> dict[str, Table]:
    """The tables of one block, checked like the planner's own: kinds, bounds, keys, and names that must exist."""
    findings, tables = context.findings, {}
    paths = entry.value["tables"].value if "tables" in entry.value else {}
    known = {schema.name: schema for schema in schemas}
    for name, path in paths.items():
        if name not in known or name in taken:
            expected = f"one of {', '.join(known) or 'none'}" if name not in known else "a name that no other table has"
            findings.refuse(Code.E_OWN_LIMITS, path.key_place, "own table", name, expected)
    for name, schema in known.items():
        if name not in paths and schema.required:
            findings.add(
                Code.E_TABLE_MISSING, place, f"table {name} is missing: expected its path under tables ({schema.doc})", name
            )
        folder: Path = paths[name].place.source.path.parent if name in paths else place.source.path.parent
        table = read_table_file(schema, paths[name], folder, chain, findings, files) if name in paths else None
        tables[name] = table if table is not None else empty_table(schema)
    if not findings.items:
        whole = RuleContext(context.settings, {**context.tables, **tables}, context.stated, findings, context.notices)
        for pointer in pointers_of(schemas):
            if pointer.checked:
                whole.names_exist(pointer)
    return tables
