"""A workbook as an input file: which of its sheets is which table, and the workbooks of one plan, each opened once.

A workbook of a user holds `plan` (keys and values) and one sheet a table, of the table's name. The workbook of a run holds
the same with `in_` before each name, beside its results, which are not read.
"""

from __future__ import annotations

import difflib
import io
import re
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

from planner.codes import Code, Remark
from planner.findings import Findings, Notice, Place, SourceFile, nearest, shown
from planner.plan.plan import Entry
from planner.read.files.source import read_source
from planner.read.files.workbook_cells import Grid, Styles, read_grid, read_strings
from planner.read.files.workbook_guard import SUFFIX, open_zip
from planner.schema.tables import tables

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

PLAN = "plan"
OF_A_RUN = "in_"
OWN_SHEETS = ("read_me",)
"""Sheets that the planner writes into a workbook to be filled in, beside the plan and its tables."""

ALIKE = 0.75
OTHER_FORMATS = (".xls", ".xlsm", ".xlsb", ".xltx", ".ods", ".numbers")


@dataclass
class Book:
    """An open workbook. `sheets` holds those that are tables or the plan, by the name of the table, `others` the rest."""

    source: SourceFile
    parts: zipfile.ZipFile
    styles: Styles
    sheets: dict[str, SourceFile] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)  # sheet -> part of the zip
    hidden: set[str] = field(default_factory=set)
    others: list[str] = field(default_factory=list)

    @property
    def tables(self) -> list[str]:
        """The tables that have a sheet."""
        return [name for name in self.sheets if name != PLAN]

    def grid(self, name: str, findings: Findings, notices: list[Notice]) -> Grid | None:
        """The cells of the sheet of a table; None after a finding."""
        return self.cells_of(self.sheets[name], findings, notices)

    def cells_of(self, source: SourceFile, findings: Findings, notices: list[Notice]) -> Grid | None:
        """The cells of any sheet of the workbook; None after a finding."""
        try:
            with self.parts.open(self.paths[source.sheet]) as part:
                grid = read_grid(part, self.styles)
        except Exception as error:  # a library raises anything on a file that no spreadsheet program wrote
            findings.add(Code.E_WORKBOOK_DAMAGED, Place(source), f"damaged: {_reason(error)}", "", "a sheet that can be read")
            return None
        if source.sheet in self.hidden:
            notices.append(Notice(Remark.W_SHEET_HIDDEN, "the sheet is hidden; it is read like the others", Place(source)))
        return grid


@dataclass
class Books:
    """The workbooks of one plan and what is worth saying of them."""

    opened: dict[Path, Book | None] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def open(self, source: SourceFile, findings: Findings) -> Book | None:
        """The workbook of a file; None when something was refused, which is reported once."""
        if source.path not in self.opened:
            self.opened[source.path] = open_book(source, findings)
        return self.opened[source.path]

    def name_sheets(self) -> None:
        """Places on sheets get the name of their file."""
        for book in filter(None, self.opened.values()):
            for sheet in book.sheets.values():
                sheet.name = book.source.name


def is_workbook(path: str | Path) -> bool:
    """Whether a path ends as a workbook that is read does."""
    return str(path).casefold().endswith(SUFFIX)


def is_other_format(path: str | Path) -> bool:
    """Whether a path ends as a spreadsheet of a format that is not read does."""
    return str(path).casefold().endswith(OTHER_FORMATS)


def refuse_other_format(named: Entry, findings: Findings) -> bool:
    """Refuse the file of a table that is a spreadsheet of a format that is not read, or a sheet written behind its file;
    whether it is one."""
    if behind := re.fullmatch(r"(.+\.xlsx)\s*[:#!]\s*(.+)", str(named.value), re.IGNORECASE):
        expected = f"{{file: {behind[1]}, sheet: {behind[2]}}}"
    elif is_other_format(named.value):
        expected = "a CSV file or an .xlsx workbook"
    else:
        return False
    findings.add(Code.E_FILE_KIND, named.place, f"{shown(named.value)}: expected {expected}", named.value, expected)
    return True


def read_alone(path: Path, findings: Findings) -> SourceFile | None:
    """The file of a table that is named on the command line, and lies wherever it does; None when it was refused."""
    source = read_source(path, None, findings)
    if source is None or refuse_other_format(Entry(path.name, Place(source), Place(source)), findings):
        return None
    return source


def open_alone(source: SourceFile, name: str, findings: Findings) -> Book | None:
    """The workbook of such a file, with the table ``name`` on the sheet of that name, or on the only one; None when it was
    refused."""
    book = open_book(source, findings)
    way = f"name the one that is meant {name}"
    sheet = sheet_of(book, name, Place(source), findings, only=True, way=way) if book is not None else None
    if book is None or sheet is None:
        return None
    book.sheets[name] = sheet
    return book


def open_book(source: SourceFile, findings: Findings) -> Book | None:
    """Opens a workbook; no sheet is read yet."""
    parts = open_zip(source, findings)
    if parts is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the library cannot keep, which nobody wants to keep
            return _opened(source, parts)
    except Exception as error:  # a library raises anything on a file that no spreadsheet program wrote
        findings.add(
            Code.E_WORKBOOK_DAMAGED,
            Place(source),
            f"not a workbook that can be read: {_reason(error)}",
            "",
            "an .xlsx workbook",
        )
        return None


def _opened(source: SourceFile, parts: zipfile.ZipFile) -> Book:
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    reader = ExcelReader(io.BytesIO(source.data), read_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    book = Book(source, parts, _styles(reader, parts))
    names = [(sheet.name, sheet.state, rel.target) for sheet, rel in reader.parser.find_sheets() if "worksheet" in rel.Type]
    _sort_sheets(book, names)
    return book


def _styles(reader: ExcelReader, parts: zipfile.ZipFile) -> Styles:
    from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

    strings: list[str] = []
    part = reader.package.find(SHARED_STRINGS)
    if part is not None:
        with parts.open(part.PartName.removeprefix("/")) as file:
            strings = read_strings(file)
    root = fromstring(parts.read(reader.parser.workbook_part_name))
    calculation = root.find(f"{{{SHEET_MAIN_NS}}}calcPr")
    waits = calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true")
    dates = frozenset(reader.wb._date_formats) | frozenset(reader.wb._timedelta_formats)
    return Styles(strings, dates, reader.wb.epoch, calculated=not waits)


def _sort_sheets(book: Book, names: list[tuple[str, str, str]]) -> None:
    of_a_run = any(name == OF_A_RUN + PLAN for name, _, _ in names)
    known = (PLAN, *tables())
    for name, state, path in names:
        meant = name.removeprefix(OF_A_RUN) if of_a_run and name.startswith(OF_A_RUN) else "" if of_a_run else name
        book.paths[name] = path
        if state not in (None, "visible"):
            book.hidden.add(name)
        if meant in known:
            book.sheets[meant] = book.source.on_sheet(name)
        elif not of_a_run and name not in OWN_SHEETS:
            book.others.append(name)


def sheet_of(
    book: Book, name: str, place: Place, findings: Findings, only: bool = False, way: str = "state one as sheet under tables"
) -> SourceFile | None:
    """The sheet of a name; ``only``: or the one that the workbook has. None after a finding that lists those it has, and says
    the ``way`` in."""
    if name in book.sheets:
        return book.sheets[name]
    if name in book.paths:
        return book.source.on_sheet(name)
    if only and len(book.paths) == 1:
        return book.source.on_sheet(next(iter(book.paths)))
    hint = nearest(name, book.paths)
    listed = ", ".join(shown(one, 40) for one in list(book.paths)[:10])
    tail = f" ({hint})" if hint.startswith("did") else f": it has {listed}; {way}"
    text = f"{shown(book.source.path.name)}: no sheet {shown(name)}{tail}"
    findings.add(Code.E_SHEET_MISSING, place, text, name, f"a sheet {shown(name)}")
    return None


def sheet_names(book: Book, findings: Findings, notices: list[Notice]) -> None:
    """Refuse sheets whose names look like misspelt tables, and note the others; for a workbook that is read as a whole."""
    missing = [name for name in (PLAN, *tables()) if name not in book.sheets]
    for name in book.others:
        near = difflib.get_close_matches(name.strip().casefold(), missing, n=1, cutoff=ALIKE)
        place = Place(book.source.on_sheet(name))
        if near:
            findings.add(
                Code.E_SHEET_UNKNOWN,
                place,
                f"unknown sheet {shown(name)} (did you mean {near[0]}?)",
                name,
                "a table of the planner",
            )
        else:
            notices.append(Notice(Remark.N_SHEET_IGNORED, "the sheet is not a table of the planner and is not read", place))


def _reason(error: Exception) -> str:
    return shown(str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__)
