"""Changes to tables after they were read: rows chosen by `where` are scaled, set or dropped, rows are added by key."""

from __future__ import annotations

from pydantic import ValidationError

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, nearest
from planner.plan.plan import Entry
from planner.plan.table import Change, Table, empty_table, names_in, valid_names
from planner.read.extends import Chain
from planner.read.files.table_file import read_table_file
from planner.read.setting_findings import add_findings, as_input
from planner.read.table_changes import match, scale, set_to, upsert, without
from planner.schema.fields import Field
from planner.schema.settings import Adjust
from planner.schema.tables import pointers, tables as table_schemas

EVERYWHERE = "everywhere"
ACTIONS = ("scale", "set", "drop", "rows")


def apply_adjust(chain: Chain, tables: dict[str, Table], findings: Findings, files: list[SourceFile]) -> None:
    """Every `adjust` of the chain, the root's first; `tables` is changed in place, files with rows join `files`."""
    for stated in chain.adjust:
        if not isinstance(stated.value, list):
            findings.refuse(
                Code.E_ADJUST, stated.place, "adjust", "keys and values" if stated.value else stated.text, "a list of changes"
            )
            continue
        for number, entry in enumerate(stated.value, start=1):
            try:
                Adjust.model_validate(as_input(entry))
            except ValidationError as error:
                add_findings(error, entry, Adjust, findings, f"adjust {number}: ")
                continue
            _apply_one(entry, chain, tables, findings, files)


def _apply_one(entry: Entry, chain: Chain, tables: dict[str, Table], findings: Findings, files: list[SourceFile]) -> None:
    stated = entry.value
    actions = [action for action in ACTIONS if action in stated]
    if len(actions) != 1:
        found = " and ".join(actions) or "none"
        findings.add(
            Code.E_ADJUST, entry.place, f"adjust: expected one of {', '.join(ACTIONS)}, found {found}", found, "one action"
        )
        return
    name = stated["table"]
    table = tables.get(name.value)
    if table is None:
        hint = nearest(name.value, tables)
        findings.refuse(Code.E_TABLE_UNKNOWN, name.place, "table", name.text, "a table of this plan", hint)
        return
    if "rows" in stated:
        if "where" in stated:
            findings.add(
                Code.E_ADJUST, stated["where"].key_place, "where cannot be combined with rows: rows are matched by key"
            )
            return
        rows = stated["rows"]
        folder = rows.place.source.path.parent
        added = read_table_file(table.schema, rows, folder, chain, findings, files, partial=True)
        if added is not None:
            tables[name.value] = upsert(table, added, findings)
        return
    where = stated["where"].value if "where" in stated else {}
    matched = match(table, where, entry.place, findings)
    if matched is None:
        return
    if "drop" in stated:
        _drop(stated["drop"], tables, name.value, matched, findings)
        return
    change = scale if "scale" in stated else set_to
    for column, value in stated[actions[0]].value.items():
        tables[name.value] = change(tables[name.value], matched, column, value, findings)


def _drop(how: Entry, tables: dict[str, Table], name: str, matched: list[int], findings: Findings) -> None:
    followers = [each for each in pointers() if each.checked and name in dict(each.targets)] if how.value == EVERYWHERE else []
    if how.value == EVERYWHERE and not followers:
        findings.refuse(Code.E_ADJUST, how.place, "drop", EVERYWHERE, "true", f"no other table names rows of {name}")
    elif how.value:
        whole = {schema: tables.get(schema, empty_table(each)) for schema, each in table_schemas().items()}
        before = [valid_names(each, whole) for each in followers]
        tables[name] = whole[name] = without(tables[name], matched)
        for pointer, names in zip(followers, before, strict=True):
            if pointer.table in tables:
                gone = names - valid_names(pointer, whole)
                tables[pointer.table] = _without_names(tables[pointer.table], pointer.field, gone, how.place)


def _without_names(table: Table, one: Field, gone: set[str], place: Place) -> Table:
    """The table without what is gone: lists lose the names, and a row that has no other name in that column goes."""
    values, changes = list(table.column(one.name)), dict(table.changes)
    emptied = []
    for position, value in enumerate(values):
        lost = [name for name in names_in(value) if name in gone]
        left = tuple(name for name in names_in(value) if name not in gone)
        if lost and not left:
            emptied.append(position)
        elif lost:
            values[position] = left
            changes[table.keys[position], one.name] = Change(
                table.place(position, one.name), f"without {', '.join(lost)} ({place})"
            )
    return without(table.replaced({**table.columns, one.name: values}, table.rows, changes), emptied)
