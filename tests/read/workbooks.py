"""The toy as a workbook, and how to spoil one: through openpyxl what a user does, in its parts what a program does."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.errors import InputError
from planner.plan.plan import Plan
from planner.read.load import load
from tests.read.toy import Rows, toy_plan, toy_tables

Spoil = Callable[[Any], object]

SHEETS = ["plan", *toy_tables()]
DEMAND = f"xl/worksheets/sheet{SHEETS.index('demand') + 1}.xml"
"""The part of the zip that holds the sheet demand."""


def write_book(path: Path, spoil: Spoil | None = None, tables: Mapping[str, Rows] | None = None, alone: bool = True) -> Path:
    """A sheet a table, and `plan` when the workbook is one; ``spoil`` gets the open workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    if alone:
        fill(book.create_sheet("plan"), [("key", "value"), *flat(toy_plan())])
    for name, rows in (toy_tables() if tables is None else tables).items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        fill(book.create_sheet(name), [columns, *([row.get(column) for column in columns] for row in rows)])
    if spoil is not None:
        spoil(book)
    book.save(path)
    return path


def fill(sheet: Any, rows: Any) -> None:
    for row in rows:
        sheet.append([None if value == "" else value for value in row])


def flat(mapping: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in mapping.items():
        if isinstance(value, dict):
            found += flat(value, f"{prefix}{key}.")
        else:
            found.append((prefix + key, ";".join(value) if isinstance(value, list) else value))
    return found


def edit_parts(path: Path, change: Callable[[str, bytes], bytes | None], add: Mapping[str, bytes] | None = None) -> Path:
    """Every part of the zip anew: ``change`` gets its name and content, and gives the new one, or None to leave it out."""
    with zipfile.ZipFile(path) as before:
        parts = {name: change(name, before.read(name)) for name in before.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name, data in {**parts, **(add or {})}.items():
            if data is not None:
                after.writestr(name, data)
    return path


def replace_in(part: str, old: str, new: str) -> Callable[[str, bytes], bytes]:
    """A change for `edit_parts`: one text for another in one part, where it must stand."""

    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        assert old.encode() in data, (part, data[:2000])
        return data.replace(old.encode(), new.encode(), 1)

    return change


def load_here(path: Path) -> Plan:
    """Loads with paths shown relative to the folder of the plan."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        return load(path.name)
    finally:
        os.chdir(before)


def refused_book(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_here(path)
    assert caught.value.exit_code == 3
    return [f"{finding.place}: {finding.message}" for finding in caught.value.findings]


def put(sheet: str, cell: str, value: Any, number_format: str = "General") -> Spoil:
    """A value in one cell, as a user types it."""

    def spoil(book: Any) -> None:
        book[sheet][cell] = value
        book[sheet][cell].number_format = number_format

    return spoil
