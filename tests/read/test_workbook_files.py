"""Files that are no workbook, or one that no spreadsheet program writes: refused in words, quickly, and never misread."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner.errors import InputError
from planner.prepare.plan_data import prepare
from planner.read.files.workbook_guard import MOST_PARTS
from tests.read.toy import toy_plan, toy_tables, write_plan
from tests.read.workbooks import DEMAND, edit_parts, load_here, refused_book, replace_in, write_book


def zipped(**parts: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return data.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
FILES = {
    "empty": (b"", "the file is empty: expected an .xlsx workbook"),
    "a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password: save it without one"),
    ".xls": (OLE, "an old workbook (.xls): save it as an Excel workbook (.xlsx)"),
    "text": (b"key,value\n", "not a workbook: expected the content of an .xlsx file"),
    "another zip": (zipped(a=b"1"), "not a workbook: expected the content of an .xlsx file"),
    ".ods": (
        zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        "an OpenDocument file (.ods): save it as an Excel workbook (.xlsx)",
    ),
    ".xlsm": (
        zipped(**{"[Content_Types].xml": b"<a b='application/vnd.ms-excel.sheet.macroEnabled.main+xml'/>"}),
        "a workbook with macros: save it as an Excel workbook (.xlsx)",
    ),
    "many parts": (
        zipped(**{f"{number}.txt": b"" for number in range(MOST_PARTS + 1)}),
        f"{MOST_PARTS + 1} parts: expected a workbook of at most {MOST_PARTS}",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_workbook(name: str, tmp_path: Path) -> None:
    data, expected = FILES[name]
    (tmp_path / "toy.xlsx").write_bytes(data)
    assert refused_book(tmp_path / "toy.xlsx") == [f"toy.xlsx: {expected}"]
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump({**toy_plan(), "tables": "toy.xlsx"}))
    assert refused_book(tmp_path / "plan.yaml") == [f"toy.xlsx: {expected}"]


@pytest.mark.parametrize("suffix", [".xls", ".xlsm", ".ods"])
def test_other_formats_are_refused_by_name(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"toy{suffix}").write_bytes(b"PK")
    assert refused_book(tmp_path / f"toy{suffix}") == [f"toy{suffix}: expected a plan as YAML or as an .xlsx workbook"]
    path = write_plan(tmp_path, plan={"tables": {"power": f"toy{suffix}"}})
    assert any(one.endswith(f": toy{suffix}: expected a CSV file or an .xlsx workbook") for one in refused_book(path))


def test_wherever_a_workbook_is_cut_off_it_is_refused(tmp_path: Path) -> None:
    whole = write_book(tmp_path / "toy.xlsx").read_bytes()
    for size in range(2, len(whole), len(whole) // 40):
        (tmp_path / "toy.xlsx").write_bytes(whole[:size])
        (finding,) = refused_book(tmp_path / "toy.xlsx")
        assert finding.startswith(("toy.xlsx: damaged or truncated: ", "toy.xlsx: not a workbook: ")), finding


def test_bytes_that_were_changed_are_refused_or_harmless(tmp_path: Path) -> None:
    """Never a traceback, and never another plan."""
    path = write_book(tmp_path / "toy.xlsx")
    whole, meant = path.read_bytes(), prepare(load_here(path))
    for position in range(0, len(whole), len(whole) // 60):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x5A]) + whole[position + 1 :])
        try:
            read = prepare(load_here(path))
        except InputError:
            continue
        assert read == meant


SPOILT = {
    "entities": (
        replace_in("xl/workbook.xml", "<workbook", '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><workbook'),
        "toy.xlsx: a document type inside: no spreadsheet program writes one",
    ),
    "entities in another encoding": (
        lambda name, data: (
            data.decode().replace("<workbook", "<!DOCTYPE a []><workbook").encode("utf-16")
            if name == "xl/workbook.xml"
            else data
        ),
        "toy.xlsx: text in another encoding than UTF-8 inside: save it as an Excel workbook (.xlsx)",
    ),
    "a sheet that is not XML": (
        replace_in(DEMAND, "</sheetData>", ""),
        "toy.xlsx:demand: damaged: mismatched tag: line 1, column ",
    ),
    "the strict format": (
        replace_in(
            "xl/workbook.xml", "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/x"
        ),
        "toy.xlsx: a workbook in the format Strict Open XML: save it as an Excel workbook (.xlsx)",
    ),
    "no sheets": (
        lambda name, data: None if name == "xl/workbook.xml" else data,
        "toy.xlsx: not a workbook that can be read: ",
    ),
    "a cell twice": (
        replace_in(DEMAND, 'r="B2"', 'r="A2"'),
        "toy.xlsx:demand: damaged: cell A2 out of its order in row 2",
    ),
    "a text that is not there": (
        replace_in(DEMAND, '<c r="C2" t="n"><v>25</v></c>', '<c r="C2" t="s"><v>7</v></c>'),
        "toy.xlsx:demand: damaged: list index out of range",
    ),
    "merged columns": (
        replace_in(DEMAND, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="B:C"/></mergeCells>'),
        "toy.xlsx:demand!B1: cells merged down to C1048576: expected a value in each",
    ),
    "merged rows": (
        replace_in(DEMAND, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="2:3"/></mergeCells>'),
        "toy.xlsx:demand!A2: cells merged down to XFD3: expected a value in each",
    ),
    "a number that is none": (
        replace_in(DEMAND, '<c r="C2" t="n"><v>25</v></c>', '<c r="C2" t="n"><v>nan</v></c>'),
        "toy.xlsx:demand: damaged: nan as a number",
    ),
    "a number beyond all": (
        replace_in(DEMAND, '<c r="C2" t="n"><v>25</v></c>', '<c r="C2" t="n"><v>1e999</v></c>'),
        "toy.xlsx:demand!C2: start_kh100e = 1e999: expected a number in thousand H100e, >= 0 (a spreadsheet error)",
    ),
    "a size that is a lie": (lambda name, data: data, "toy.xlsx: damaged or truncated: expected a whole .xlsx file ("),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_no_spreadsheet_program_writes(name: str, tmp_path: Path) -> None:
    change, expected = SPOILT[name]
    path = edit_parts(write_book(tmp_path / "toy.xlsx"), change)
    if "lie" in name:
        data = path.read_bytes()
        with zipfile.ZipFile(path) as book:
            size = book.getinfo(DEMAND).file_size
        assert data.count(size.to_bytes(4, "little")) >= 2
        path.write_bytes(data.replace(size.to_bytes(4, "little"), (size // 2).to_bytes(4, "little")))
    (finding,) = refused_book(path)
    assert finding.startswith(expected)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = write_book(tmp_path / "toy.xlsx")
    edit_parts(path, lambda _, data: data, {"xl/media/bomb.xml": bytes(260_000_000)})
    assert refused_book(path) == ["toy.xlsx: 260 MB when unpacked: expected at most 250 MB"]


def test_a_sheet_that_is_formatted_to_its_end_is_as_long_as_its_rows(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        book["demand"]["C1048576"].number_format = "0.00"
        book["demand"].column_dimensions["C"].width = 20

    path = write_book(tmp_path / "toy.xlsx", spoil)
    assert len(load_here(path).tables["demand"]) == 4


def test_no_workbook_no_library(tmp_path: Path) -> None:
    """A plan in text is read without what only workbooks, tables of results and conduction in orbit need."""
    code = "import sys, planner; planner.load(sys.argv[1]); print({'openpyxl', 'pandas', 'scipy'} & {*sys.modules} or 'none')"
    command = [sys.executable, "-c", code, str(write_plan(tmp_path))]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "none\n"


BITS = (
    b"<",
    b'"',
    b"0",
    b"-1",
    b"99999999999",
    b"nan",
    b"XFD1048577",
    b"\xff",
    b't="s"',
    b"<f>1</f>",
    b'hidden="1"',
    b"_xD800_",
)


def test_whatever_stands_in_the_parts_there_is_no_traceback(tmp_path: Path) -> None:
    chance = random.Random(7)
    path = write_book(tmp_path / "toy.xlsx", tables={name: toy_tables()[name] for name in ("demand", "links")})
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as book:
        parts = [name for name in book.namelist() if not name.startswith(("docProps", "xl/theme"))]
    for _ in range(120):
        chosen, bit, gone = chance.choice(parts), chance.choice(BITS), chance.choice((0, 1, 9))
        at = chance.random()

        def spoil(name: str, data: bytes, chosen: str = chosen, bit: bytes = bit, gone: int = gone, at: float = at) -> bytes:
            here = int(at * len(data))
            return data[:here] + bit + data[here + gone :] if name == chosen else data

        path.write_bytes(whole)
        findings = refused_book(edit_parts(path, spoil))  # at the least, that tables are missing
        assert all(one.startswith("toy.xlsx") for one in findings)
