"""The map of a table as a plan states it: in its line under `tables`, in a file of maps, or in both."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, nearest, shown
from planner.plan.plan import Entry
from planner.read.files.csv import read_rows
from planner.read.files.text_form import Form
from planner.read.files.yaml import read_yaml
from planner.read.setting_findings import add_findings, as_input
from planner.schema.maps import MapColumn, TableFile, TableMap
from planner.schema.table_schema import TableSchema
from planner.schema.tables import tables

PATTERN = re.compile(r"[*?\[]")
Read = Callable[[Path, Entry], SourceFile | None]
"""Reads a file that an entry names, relative to a folder; None after a finding."""


@dataclass
class Statement:
    """A map that was read, and where each part of it stands."""

    file: TableFile
    entries: dict[str, Entry]  # by key: file, sheet, columns, ...
    place: Place
    lists: dict[str, dict[str, str]] = field(default_factory=dict)  # column -> values from a file

    @cached_property
    def columns(self) -> dict[str, MapColumn]:
        """Where each column comes from; a bare title in full."""
        return {name: _in_full(one) for name, one in self.file.columns.items()}

    def at(self, *path: str) -> Place:
        """Where a part of the map stands, or what holds it."""
        here = self.entries.get(path[0])
        return self.place if here is None else here.below(path[1:]).place


def read_statement(schema: TableSchema, stated: Entry, read: Read, findings: Findings) -> Statement | None:
    """The map of a table, checked against the columns that it has; None after a finding."""
    entries = dict(stated.value)
    before = len(findings.items)
    if "map" in entries and isinstance(entries["map"].value, str) and entries["map"].value:
        below = _of_file(schema, entries["map"], read, findings)
        if below is None:
            return None
        both = [key for key in below if key in entries and key != "sheet"]
        if both:
            text = f"{both[0]} is stated here and in {shown(entries['map'].value)}: expected it in one of the two"
            findings.add(Code.E_KEY_DUPLICATE, entries[both[0]].key_place, text, both[0], "a map here or in a file")
            return None
        entries = below | entries
    whole = Entry(entries, stated.place, stated.key_place)
    try:
        file = TableFile.model_validate(as_input(whole))
    except ValidationError as error:
        add_findings(error, whole, TableFile, findings, f"tables.{schema.name}.")
        return None
    found = Statement(file, entries, stated.place)
    _check_columns(schema, found, findings)
    for name, one in found.columns.items():
        if isinstance(one.values, str):
            entry = entries["columns"].value[name].value["values"]
            found.lists[name] = _values_of(entry, read, findings)
        elif one.values:
            found.lists[name] = {" ".join(theirs.split()): str(ours) for theirs, ours in one.values.items()}
    return found if len(findings.items) == before else None


def folder_of(entry: Entry, plan: Path) -> Path:
    """The folder to which a path is relative: that of the file that states it."""
    source = entry.place.source
    return source.path.parent if entry.place.line or source.sheet else plan


def _in_full(one: MapColumn | str) -> MapColumn:
    return MapColumn.model_validate({"from": one}) if isinstance(one, str) else one


def _of_file(schema: TableSchema, named: Entry, read: Read, findings: Findings) -> dict[str, Entry] | None:
    if not named.value.lower().endswith((".yaml", ".yml")):
        findings.refuse(Code.E_FILE_KIND, named.place, "map", named.value, "a file of maps that ends in .yaml")
        return None
    source = read(folder_of(named, Path()), named)
    entry = read_yaml(source, findings) if source is not None else None
    if entry is None:
        return None
    for name, below in entry.value.items():
        if name not in tables():
            hint = nearest(name, tables())
            tail = f" ({hint})" if hint.startswith("did") else ""
            findings.add(Code.E_TABLE_UNKNOWN, below.key_place, f"unknown table {shown(name)}{tail}", name, "a table")
            return None
    found = entry.value.get(schema.name)
    if found is None:
        has = ", ".join(entry.value)
        text = f"{shown(named.value)}: no map for table {schema.name}: it has maps for {has}"
        findings.add(Code.E_TABLE_MISSING, named.place, text, named.value, f"a map for {schema.name}")
        return None
    if not isinstance(found.value, dict):
        findings.refuse(Code.E_KEY_VALUE, found.place, schema.name, found.text, "keys and values")
        return None
    for key in ("file", "map"):
        if key in found.value:
            text = f"{key} has no place in a file of maps: expected it under tables of the plan"
            findings.add(Code.E_KEY_UNKNOWN, found.value[key].key_place, text, key, ", ".join(TableMap.model_fields))
            return None
    return dict(found.value)


def _values_of(entry: Entry, read: Read, findings: Findings) -> dict[str, str]:
    """Their values and the planner's from a CSV file with two columns."""
    source = read(folder_of(entry, Path()), entry)
    rows = read_rows(source, findings, Form(), str, ()) if source is not None else None
    if source is None or rows is None:
        return {}
    found: dict[str, str] = {}
    for line, cells in zip(*rows, strict=True):
        theirs, ours = (" ".join(cell.split()) for cell in cells[:2]) if len(cells) >= 2 else ("", "")
        if not theirs or not ours:
            text = "expected two columns: their value and the planner's"
            findings.add(Code.E_ROW_WIDTH, Place(source, line), text, len(cells), "two cells")
            break
        if found.setdefault(theirs, ours) != ours:
            text = f"{shown(theirs)} stands for {shown(found[theirs])} and for {shown(ours)}"
            findings.add(Code.E_ROW_DUPLICATE, Place(source, line), text, theirs, "each value once")
    return found


def _check_columns(schema: TableSchema, found: Statement, findings: Findings) -> None:
    """Every column of the map is one of the table, and says where it comes from."""
    known = {one.name for one in schema.offered}
    unpivot = found.file.unpivot
    stated = {name: found.at("columns", name) for name in found.file.columns}
    if unpivot is not None:
        stated |= {one: found.at("unpivot", key) for key, one in (("name", unpivot.name), ("value", unpivot.value))}
        froms = {one.from_ for one in found.columns.values()}
        stated = {name: place for name, place in stated.items() if name not in froms}
    if isinstance(found.file.combine, dict):
        stated |= {name: found.at("combine", name) for name in found.file.combine}
    for name, place in stated.items():
        if name not in known and schema.field(name) is None:
            hint = findings.nearest(name, known)
            tail = f" ({hint})" if hint else ""
            text = f"unknown column {shown(name)} of table {schema.name}{tail}"
            findings.add(Code.E_COLUMN_UNKNOWN, place, text, name, "a column of the table")
    for name, one in found.columns.items():
        if (one.from_ is None) == (one.value is None):
            text = f"{name}: expected either from, the title of a column, or value, the same for all rows"
            findings.add(Code.E_KEY_VALUE, found.at("columns", name), text, name, "from or value")
        elif one.and_ is not None and (
            one.from_ is None or (unpivot is not None and one.from_ in (unpivot.name, unpivot.value))
        ):
            text = f"{name}: expected and beside from, the title of a column of the file"
            findings.add(Code.E_KEY_VALUE, found.at("columns", name), text, name, "from and and")
        elif one.from_ is not None and PATTERN.search(one.from_) and one.from_ == "?":
            text = f"{name} = ?: expected the title of the column that holds it, or value: the same for all rows"
            findings.add(Code.E_KEY_VALUE, found.at("columns", name), text, "?", "a title")
