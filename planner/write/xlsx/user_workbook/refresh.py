"""Refresh the `plan_*` sheets of a user's workbook: their cells and tables and the names of headlines, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree

from planner.errors import UsageError
from planner.result import SummaryLine, summary_table
from planner.schema.results import PREFIX, SHEETS
from planner.write.folder.replace import real
from planner.write.xlsx.layout import Sheet, result_sheets, run_sheet
from planner.write.xlsx.user_workbook.existing_sheet import ExistingSheet
from planner.write.xlsx.user_workbook.new_sheets import NewSheet, new_sheets
from planner.write.xlsx.user_workbook.package import OFFICE, Package, parse, require_free, tag, text_of
from planner.write.xlsx.user_workbook.styles import add_styles

SUMMARY = f"{PREFIX}summary"
OUR_CELL = re.compile(rf"{SUMMARY}!\$B\$\d+", re.IGNORECASE)
WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
TABLE = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
GONE = "#N/A"
"""What the name of a headline means that this plan does not have."""
BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


def require_refreshable(path: Path) -> None:
    """Refuse, before any work, a workbook that could not be refreshed. Raises UsageError or InputError."""
    path = real(path)
    require_free(path)
    UserWorkbook(path)


def refresh_workbook(
    path: Path, tables: Mapping[str, pd.DataFrame], summary: Sequence[SummaryLine], record: Mapping[str, Any]
) -> list[str]:
    """Write the tables of a run into the `plan_*` sheets of a workbook, adding those that are missing.

    Everything else in the file stays as it is. Returns the names of the sheets. Raises UsageError for a workbook that is open,
    read-only, or uses our names for its own sheets; OutputError when it cannot be replaced, and then it is untouched."""
    path = real(path)
    require_free(path)
    workbook = UserWorkbook(path)
    results = [sheet for sheet in result_sheets(tables) if sheet.name in SHEETS]
    sheets = [Sheet("summary", "", summary_table(summary), kind="record"), *results, run_sheet(record)]
    named = {sheet.name for sheet in sheets}
    sheets += [
        Sheet(name, "", pd.DataFrame(columns=existing.columns, dtype=object))
        for name in SHEETS
        if name not in named and (existing := workbook.existing(PREFIX + name)) is not None
    ]
    written = new_sheets(sheets, workbook.add_styles, workbook.counts_from_1904)
    for one in written:
        workbook.put(one)
    workbook.name_headlines([line.key for line in summary])
    workbook.recalculate()
    workbook.package.save()
    return [one.name for one in written]


class UserWorkbook:
    """The user's workbook: its sheets by name, and which of them are ours."""

    def __init__(self, path: Path) -> None:
        self.package = Package(path)
        start = self.package.relations("")
        office = next((each for each in start if each.get("Type") == f"{OFFICE}/officeDocument"), None)
        if office is None:
            raise UsageError(f"{path}: not a workbook")
        self.main = self.package.target("", office)
        self.root = self.package.root(self.main)
        self.targets = {each.get("Id"): self.package.target(self.main, each) for each in self.package.relations(self.main)}
        sheets = self.root.find(tag("sheets"))
        if sheets is None:
            raise UsageError(f"{path}: has no sheets: open and save it in a spreadsheet program")
        self.sheets = {each.get("name").casefold(): each for each in sheets}
        self.tables = self._all_tables()
        for name in SHEETS:
            self.existing(PREFIX + name)  # refuses what is not ours

    @property
    def counts_from_1904(self) -> bool:
        """Whether its dates are counted from 1904 on."""
        properties = self.root.find(tag("workbookPr"))
        return properties is not None and properties.get("date1904") in ("1", "true")

    def _all_tables(self) -> dict[str, tuple[str, Any]]:
        """Every table of the workbook by its name: the part and its root."""
        found = {}
        for name, data in self.package.parts.items():
            if b"<" in data[:400] and name.startswith("xl/tables/") and name.endswith(".xml"):
                root = parse(data)
                found[str(root.get("displayName", "")).casefold()] = (name, root)
        return found

    def existing(self, name: str) -> ExistingSheet | None:
        """Our sheet of this name in the workbook, or None. Raises UsageError for a sheet of this name that is not ours."""
        element = self.sheets.get(name.casefold())
        if element is None:
            if name.casefold() in self.tables:
                raise UsageError(
                    f"{self.package.path}: a table is named {name} that is on no sheet {name}: give it another name"
                )
            return None
        part = self.targets.get(element.get(f"{{{OFFICE}}}id"), "")
        if part not in self.package.parts:
            raise UsageError(f"{self.package.path}: the sheet {name} has no part: open and save it in a spreadsheet program")
        return ExistingSheet(self.package, name, part, self.tables)

    def add_styles(self, ours: Any) -> list[int]:
        """Add our formats to those of the workbook; returns their numbers there."""
        relations = self.package.relations(self.main)
        part = next((each for each in relations if each.get("Type") == f"{OFFICE}/styles"), None)
        if part is None:
            raise UsageError(f"{self.package.path}: has no styles: open and save it in a spreadsheet program")
        return add_styles(self.package.root(self.package.target(self.main, part)), ours)

    def put(self, new: NewSheet) -> None:
        """Write one sheet: its rows and its table in place of the old ones, or a new sheet at the end."""
        existing = self.existing(new.name)
        if existing is not None:
            existing.fill(new)
            return
        package = self.package
        part = package.free_name("xl/worksheets/" + new.name + "_{}.xml")
        package.add(part, new.part, WORKSHEET)
        table = package.free_name("xl/tables/" + new.name + "_{}.xml")
        new.table.set("id", str(self.next_table_id()))
        package.add(table, text_of(new.table), TABLE)
        self.tables[new.name.casefold()] = (table, new.table)
        link = package.relate(part, "table", table)
        package.parts[part] = new.part.replace(b'<tablePart r:id="rId1"/>', f'<tablePart r:id="{link}"/>'.encode())
        sheets = self.root.find(tag("sheets"))
        number = max([0, *(int(each.get("sheetId")) for each in sheets)]) + 1
        link = package.relate(self.main, "worksheet", part)
        element = etree.SubElement(sheets, tag("sheet"), name=new.name, sheetId=str(number))
        element.set(f"{{{OFFICE}}}id", link)
        self.targets[link], self.sheets[new.name.casefold()] = part, element

    def next_table_id(self) -> int:
        """A number that no table has."""
        return max([0, *(int(root.get("id", 0)) for _, root in self.tables.values())]) + 1

    def name_headlines(self, keys: Sequence[str]) -> None:
        """Name the value of each headline. Raises UsageError where the user gave such a name to something else."""
        names = self.root.find(tag("definedNames"))
        if names is None:
            names = etree.SubElement(self.root, tag("definedNames"))
            last = [each for each in self.root if etree.QName(each).localname in BEFORE_NAMES][-1]
            last.addnext(names)
        wanted = {f"{PREFIX}{key}": f"{SUMMARY}!$B${row}" for row, key in enumerate(keys, start=2)}
        for each in names:  # of names and tables together there is one of a kind, in capitals or not
            stated, meaning = str(each.get("name")), (each.text or "").replace("'", "")
            name = stated.casefold()
            if not name.startswith(PREFIX) or each.get("localSheetId") is not None:
                continue
            ours = OUR_CELL.fullmatch(meaning) is not None or meaning == GONE
            if name in self.tables or (name in wanted and not ours):
                raise UsageError(f"{self.package.path}: the name {stated} means {meaning}: give it another name")
            if ours:
                each.text = wanted.pop(name, GONE)
        for name in wanted:
            if name in self.tables:
                raise UsageError(f"{self.package.path}: a table is named {name}, as a headline of the planner: rename it")
        for name, meaning in wanted.items():
            etree.SubElement(names, tag("definedName"), name=name).text = meaning

    def recalculate(self) -> None:
        """Have the user's formulas computed again when the workbook is opened."""
        found = self.root.find(tag("calcPr"))
        if found is None:
            found = etree.Element(tag("calcPr"))
            self.root.find(tag("definedNames")).addnext(found)
        found.set("fullCalcOnLoad", "1")
