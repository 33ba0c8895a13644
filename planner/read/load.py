"""Load a plan: read its chain of files, change its tables, and check what they say together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from planner.codes import Code
from planner.findings import Findings, SourceFile, allowable, argument_place, nearest
from planner.plan.plan import Entry, OwnLimit, Plan
from planner.plan.series import completed
from planner.plan.table import Table, empty_table
from planner.read.adjust import apply_adjust
from planner.read.contracts import write_out_contracts, write_out_projects
from planner.read.extends import Chain, read_chain, with_numbers
from planner.read.files.source import plan_path
from planner.read.files.table_file import read_table_file
from planner.read.maps.unknown_names import leave_out_unknown
from planner.read.overrides import FIXED, Override, parse_overrides, set_plan_key, set_table, speaks_of_table, unknown_target
from planner.read.own_limits import read_own_limits
from planner.read.rules.named_rows import NamedRows
from planner.read.rules.references import check_references
from planner.read.rules.rule_context import RuleContext
from planner.read.setting_findings import add_findings, as_input
from planner.schema.settings import Settings
from planner.schema.tables import tables as table_schemas

OF_CELLS = (Code.E_CELL_VALUE, Code.E_ROW_DUPLICATE)
"""What is refused in a table that has all of its rows and columns."""


def load(
    path: str | os.PathLike[str], overrides: Sequence[str] = (), own_limits: bool = False, allow: Sequence[str] = ()
) -> Plan:
    """Reads a plan and everything it names. Raises one InputError with all that is refused.

    ``own_limits``: execute the Python files that the plan lists under that key. ``allow``: codes that it
    accepts beside those under its own key of that name."""
    findings = Findings()
    parsed = parse_overrides(overrides, findings)
    _refuse_unknown(allow, findings)
    chain = read_chain(plan_path(Path(path)), findings)
    if chain is None:
        findings.raise_if_any(more=True)
        raise AssertionError("a chain that could not be read has findings")
    plan_keys = _plan_keys()
    for override in parsed:
        if not speaks_of_table(override, plan_keys):
            if override.target.partition(".")[0] in (*plan_keys, *FIXED):
                set_plan_key(override, chain.merged, findings)
            else:
                unknown_target(override, plan_keys, findings)
    chain.merged = with_numbers(chain.merged)
    settings = _settings(chain, findings)
    files = [link.source for link in chain.links]
    tables, broken, unread = _read_tables(chain, findings, files)
    leave_out_unknown(chain, tables, findings)
    _change_tables(chain, tables, parsed, plan_keys, findings, files, settings.start if settings else "")
    notices = chain.books.notices
    if settings is not None:
        tables = {name: completed(table, settings.start, findings) for name, table in tables.items()}
    whole = {name: tables.get(name, empty_table(schema)) for name, schema in table_schemas().items()}
    NamedRows(whole, findings).all_exist(broken, unread)
    own: tuple[OwnLimit, ...] | None = ()
    if settings is not None:
        context = RuleContext(settings, whole, chain.merged, findings, notices)
        check_references(context, broken)
        listed = chain.merged.below(["own_limits"]).value if settings.own_limits else []
        own = read_own_limits(listed, chain, context, files, own_limits)
    findings.raise_if_any(more=settings is None or bool(broken))
    assert settings is not None
    return Plan(
        settings.model_copy(update={"allow": tuple(dict.fromkeys((*settings.allow, *allow)))}),
        whole,
        links=tuple(chain.links),
        stated=chain.merged,
        adjust=tuple(chain.adjust),
        sources=tuple(files),
        overrides=tuple(overrides),
        notices=tuple(notices),
        own_limits=own,
        mapped=tuple(chain.mapped),
    )


def _refuse_unknown(allow: Sequence[str], findings: Findings) -> None:
    for code in allow:
        try:
            allowable(code)
        except ValueError as error:
            findings.add(Code.E_KEY_VALUE, argument_place(code, "--allow"), f"expected {error}", code, str(error))


def _plan_keys() -> dict[str, tuple[str, ...] | None]:
    """Keys of a plan and the keys below each; None: any key may stand below."""
    keys: dict[str, tuple[str, ...] | None] = {}
    for name, one in Settings.model_fields.items():
        below = getattr(one.annotation, "model_fields", None)
        keys[name] = tuple(below) if below else None if name == "tables" else ()
    keys["carbon"] = keys["budget"] = keys["days"] = None
    return keys


def _settings(chain: Chain, findings: Findings) -> Settings | None:
    entry = chain.merged
    stated = entry.value.get("tables")
    if stated is not None and isinstance(stated.value, dict):
        kept = {name: path for name, path in stated.value.items() if path.value is not None}
        entry.value["tables"] = Entry(kept, stated.place, stated.key_place)
        named = {name: _named(one) for name, one in kept.items()}
        entry = Entry({**entry.value, "tables": Entry(named, stated.place, stated.key_place)}, entry.place, entry.key_place)
    try:
        return Settings.model_validate(as_input(entry))
    except ValidationError as error:
        add_findings(error, entry, Settings, findings)
        return None


def _named(stated: Entry) -> Entry:
    """The file of a table with a map, which is checked by itself."""
    return stated.value.get("file") or replace(stated, value="") if isinstance(stated.value, dict) else stated


def _read_tables(chain: Chain, findings: Findings, files: list[SourceFile]) -> tuple[dict[str, Table], set[str], set[str]]:
    """All tables that could be read, the names of those in which something was refused, and of those in which that was more
    than cells, so that they may lack rows or columns."""
    tables: dict[str, Table] = {}
    broken, unread = set[str](), set[str]()
    stated = chain.merged.value.get("tables")
    if stated is None or not isinstance(stated.value, dict):
        return tables, {*table_schemas()}, {*table_schemas()}
    schemas = table_schemas()
    for name, entry in stated.value.items():
        before = len(findings.items)
        if name not in schemas:
            hint = nearest(name, [one for one in schemas if one not in stated.value])
            nearer = hint != nearest(name, schemas)  # to a table that the plan has
            tail = f" ({hint})" if hint.startswith("did") and not nearer else ""
            findings.add(Code.E_TABLE_UNKNOWN, entry.key_place, f"unknown table {name}{tail}", name, "a table of the planner")
        elif isinstance(entry.value, str | dict):
            typed = entry.place.line == 0 and not entry.place.source.sheet  # on the command line
            folder = chain.links[0].source.path.parent if typed else chain.table_folders[name]
            table = read_table_file(schemas[name], entry, folder, chain, findings, files)
            if table is not None:
                tables[name] = table
        if len(findings.items) > before or name not in tables:
            broken.add(name)
            if name not in tables or any(one.code not in OF_CELLS for one in findings.items[before:]):
                unread.add(name)
    for name, schema in schemas.items():
        if schema.required and name not in stated.value:
            expected = f"a sheet {name}" if stated.key_place.source.sheet else "the path of a CSV"
            findings.add(
                Code.E_TABLE_MISSING, stated.key_place, f"table {name} is missing: expected {expected} ({schema.doc})", name
            )
            broken.add(name)
            unread.add(name)
    return tables, broken, unread


def _change_tables(
    chain: Chain,
    tables: dict[str, Table],
    overrides: list[Override],
    plan_keys: dict[str, tuple[str, ...] | None],
    findings: Findings,
    files: list[SourceFile],
    start: str,
) -> None:
    write_out_contracts(tables, start, findings)
    if chain.adjust:
        apply_adjust(chain, tables, findings, files)
        write_out_contracts(tables, start, findings)
    write_out_projects(tables, findings)
    for override in overrides:
        if speaks_of_table(override, plan_keys):
            set_table(override, tables, plan_keys, findings)
