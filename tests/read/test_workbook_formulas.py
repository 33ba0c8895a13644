"""Formulas in a workbook: the value that was stored counts, and is said to; one that nobody calculated is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tests.read.workbooks import DEMAND, edit_parts, load_here, put, refused_book, replace_in, write_book

CALCULATED = replace_in("xl/workbook.xml", 'fullCalcOnLoad="1"', "")
"""What a spreadsheet program takes away when it has calculated all formulas; openpyxl leaves it."""


def calculated(path: Path, cell: str) -> Path:
    """A workbook as a spreadsheet program saves it, with one cell of a formula and its value."""
    write_book(path, put("demand", "C2", 99))
    edit_parts(path, CALCULATED)
    return edit_parts(path, replace_in(DEMAND, '<c r="C2" t="n"><v>99</v></c>', cell))


def test_the_stored_value_of_a_formula_counts_and_is_said(tmp_path: Path) -> None:
    path = calculated(tmp_path / "toy.xlsx", '<c r="C2"><f>20+5.5</f><v>25.5</v></c>')
    plan = load_here(path)
    assert plan.tables["demand"].column("start_kh100e")[0] == 25.5
    text = "1 cell is computed by formulas: read as stored when the workbook was last saved"
    assert [(one.level, one.text, str(one.place)) for one in plan.notices] == [("note", text, "toy.xlsx:demand!C2")]


def test_a_link_to_another_workbook_is_a_warning(tmp_path: Path) -> None:
    path = calculated(tmp_path / "toy.xlsx", '<c r="C2"><f>[1]Other!A1</f><v>25.5</v></c>')
    (notice,) = load_here(path).notices
    assert notice.level == "warning"
    assert notice.text.endswith("1 of them take a value from another workbook, which is not opened")


@pytest.mark.parametrize("cell", ["<c r='C2'><f>1</f></c>", "<c r='C2'><f>1</f><v></v></c>", "<c r='C2'><f>1</f><v/></c>"])
def test_a_formula_that_a_program_left_without_a_value(tmp_path: Path, cell: str) -> None:
    (finding,) = refused_book(calculated(tmp_path / "toy.xlsx", cell))
    assert finding.startswith(
        "toy.xlsx:demand!C2: start_kh100e = =1: expected a number in thousand H100e, >= 0 (a formula that"
    )


def test_a_value_that_a_program_made_up(tmp_path: Path) -> None:
    """XlsxWriter stores 0 beside every formula and asks for all to be calculated: nobody has."""
    path = tmp_path / "toy.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in {"plan": [("key", "value")], "demand": [("zone_id", "class_id", "start_kh100e")]}.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, rows[0])
            sheet.write_formula(1, 2 if name == "demand" else 1, "=1+1")
            sheet.write_string(1, 0, "months" if name == "plan" else "x")
    findings = refused_book(path)
    assert any(
        one.startswith("toy.xlsx:plan!B2: months = =1+1: expected a value (a formula that was never") for one in findings
    )
    assert any(one.startswith("toy.xlsx:demand!C2: start_kh100e = =1+1: expected a number") for one in findings)
