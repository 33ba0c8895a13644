"""A `plan_*` sheet that is already in a user's workbook, perhaps saved by a spreadsheet program since."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from planner.errors import UsageError
from planner.write.xlsx.user_workbook.new_sheets import NewSheet
from planner.write.xlsx.user_workbook.package import OFFICE, Package, parse, relations_of, tag, text_of

_ROWS = re.compile(rb"<(?:\w+:)?sheetData\s*/>|<((?:\w+:)?)sheetData[\s>].*</\1sheetData>", re.DOTALL)
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"[^>]*?(?:/>|>(.*?)</(?:\w+:)?c>)', re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_NOTE = re.compile(rb"[\d,]+ more rows: see ")
MARK = b"<!--rows-->"
KEPT_OF_TABLE = "tableStyleInfo"


class ExistingSheet:
    """A sheet that holds one table of ours and nothing else. Raises UsageError for any other sheet of that name."""

    def __init__(self, package: Package, name: str, part: str, tables: Mapping[str, tuple[str, Any]]) -> None:
        self.package, self.name, self.part = package, name, part
        if name.casefold() not in tables or tables[name.casefold()][0] not in self._related("table"):
            raise self._refusal(f"holds no table {name}", "is it yours? Give it another name")
        others = [part for part in self._related("table") if part != tables[name.casefold()][0]]
        if others:
            raise self._refusal("holds another table", "move it to a sheet of your own")
        self.table_part, self.table = tables[name.casefold()]
        self.columns = [each.get("name") for each in self.table.find(tag("tableColumns"))]
        self._look_for_others()

    def fill(self, ours: NewSheet) -> None:
        """Replace the rows and the extent of the table; formats, print settings and drawings of the sheet stay."""
        whole = self.package.parts[self.part]
        found = _ROWS.search(whole)
        if found is None:
            raise self._refusal("has no rows", "open and save the workbook in a spreadsheet program")
        root = parse(whole[: found.start()] + MARK + whole[found.end() :])
        rest = ours.rest
        mark = next(each for each in root if each.tag is etree.Comment and each.text == "rows")
        for name, follows in (("dimension", root.find(tag("sheetViews"))), ("cols", mark)):
            old, new = root.find(tag(name)), rest.find(tag(name))
            if old is not None:
                root.remove(old)
            if new is not None and follows is not None:
                follows.addprevious(copy.deepcopy(new))
        properties = root.find(tag("sheetPr"))
        if properties is not None and properties.get("filterMode") is not None:
            del properties.attrib["filterMode"]
        self.package.parts[self.part] = text_of(root).replace(MARK, ours.cells, 1)
        table = ours.table
        table.set("id", self.table.get("id"))
        kept, fresh = self.table.find(tag(KEPT_OF_TABLE)), table.find(tag(KEPT_OF_TABLE))
        if kept is not None and fresh is not None:
            table.replace(fresh, copy.deepcopy(kept))
        self.package.parts[self.table_part] = text_of(table)

    def _related(self, kind: str) -> list[str]:
        own = relations_of(self.part)
        if own not in self.package.parts:
            return []
        found = self.package.root(own)
        return [self.package.target(self.part, each) for each in found if each.get("Type") == f"{OFFICE}/{kind}"]

    def _look_for_others(self) -> None:
        """Refuse formulas and cells outside the table: they are the user's and would be lost."""
        last_column, last_row = _corner(self.table.get("ref"))
        for found in _CELL.finditer(self.package.parts[self.part]):
            column, row, content = _number(found[1].decode()), int(found[2]), found[3]
            if not content:
                continue
            place = f"{found[1].decode()}{row}"
            if _FORMULA.search(content):
                raise self._refusal(f"holds a formula in {place}", "move it to a sheet of your own")
            if (column > last_column or row > last_row) and not _NOTE.search(content):
                raise self._refusal(f"holds something of yours in {place}", "move it to a sheet of your own")

    def _refusal(self, what: str, advice: str) -> UsageError:
        return UsageError(f"{self.package.path}: the sheet {self.name} is rewritten by the planner, but {what}: {advice}")


def _corner(reference: str) -> tuple[int, int]:
    """The last column and row of a range that begins in A1."""
    letters, digits = re.fullmatch(r"(?:\$?[A-Z]+\$?\d+:)?\$?([A-Z]+)\$?(\d+)", reference).groups()  # type: ignore[union-attr]
    return _number(letters), int(digits)


def _number(letters: str) -> int:
    found = 0
    for letter in letters:
        found = 26 * found + ord(letter) - 64
    return found
