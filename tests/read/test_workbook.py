"""A workbook as input: the same plan as from CSV; whatever a spreadsheet hides, changes or leaves open is refused or said."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from planner.prepare.plan_data import prepare
from tests.read.toy import toy_plan, toy_tables, write_plan
from tests.read.workbooks import DEMAND, Spoil, edit_parts, fill, load_here, put, refused_book, replace_in, write_book


def both(*spoils: Spoil) -> Spoil:
    def spoil(book: Any) -> None:
        for one in spoils:
            one(book)

    return spoil


# ---- the same plan


def test_a_workbook_alone_is_the_plan(tmp_path: Path) -> None:
    plan = load_here(write_book(tmp_path / "toy.xlsx"))
    assert prepare(plan) == prepare(load_here(write_plan(tmp_path)))
    assert [file["file"] for file in plan.files()] == ["toy.xlsx"]
    assert str(plan.tables["power"].place(1, "start_mw")) == "toy.xlsx:power!C3"
    assert str(plan.setting_place("demand.doubling_months")) == "toy.xlsx:plan!B9"
    assert not plan.notices


@pytest.mark.parametrize("tables", ["tables/book.xlsx", dict.fromkeys(toy_tables(), "tables/book.xlsx")])
def test_a_plan_names_a_workbook_for_its_tables(tmp_path: Path, tables: Any) -> None:
    csv = prepare(load_here(write_plan(tmp_path)))
    write_book(tmp_path / "tables" / "book.xlsx", alone=False)
    (tmp_path / "book.yaml").write_text(yaml.safe_dump({**toy_plan(), "tables": tables}))
    plan = load_here(tmp_path / "book.yaml")
    assert prepare(plan) == csv
    assert [file["file"] for file in plan.files()] == ["book.yaml", "tables/book.xlsx"]


def test_sheets_and_files_mix_and_a_nearer_plan_wins(tmp_path: Path) -> None:
    write_plan(tmp_path)
    changed = {"demand": [{**row, "start_kh100e": 1} for row in toy_tables()["demand"]], "links": toy_tables()["links"]}
    write_book(tmp_path / "other.xlsx", tables=changed, alone=False)
    (tmp_path / "child.yaml").write_text("extends: plan.yaml\nwhy: a test\ntables: other.xlsx\n")
    plan = load_here(tmp_path / "child.yaml")
    assert plan.tables["demand"].column("start_kh100e") == [1, 1, 1, 1]
    assert {row.source.name for row in plan.tables["demand"].rows} == {"other.xlsx"}
    assert {row.source.name for row in plan.tables["power"].rows} == {"tables/power.csv"}


def test_a_plan_extends_a_workbook_and_a_workbook_extends_a_plan(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    write_book(tmp_path / "below" / "base.xlsx")
    (tmp_path / "child.yaml").write_text("extends: below/base.xlsx\nwhy: a test\nmonths: 3\n")
    assert load_here(tmp_path / "child.yaml").settings.months == 3

    def inherit(book: Any) -> None:
        fill(book["plan"], [("extends", "child.yaml"), ("why", "a test"), ("discount_frac_per_year", 0.5)])
        book["plan"].delete_rows(2, book["plan"].max_row - 4)

    plan = load_here(write_book(tmp_path / "grandchild.xlsx", inherit, tables={}))
    assert (plan.settings.months, plan.settings.discount_frac_per_year, plan.why) == (3, 0.5, "a test")


def test_rows_of_adjust_come_from_a_sheet(tmp_path: Path) -> None:
    write_plan(tmp_path)
    row = {"region_id": "ohio", "option_id": "grid", "start_mw": 77, "source": "x", "quality": "estimate"}
    write_book(tmp_path / "rows.xlsx", tables={"power": [row]}, alone=False)
    (tmp_path / "child.yaml").write_text("extends: plan.yaml\nwhy: a test\nadjust:\n- table: power\n  rows: rows.xlsx\n")
    table = load_here(tmp_path / "child.yaml").tables["power"]
    assert table.value("start_mw", "ohio", "grid") == 77
    assert str(table.place(table.index["ohio", "grid"], "start_mw")) == "rows.xlsx:power!C2"


def test_every_digit_arrives(tmp_path: Path) -> None:
    number = 0.1 + 0.2
    path = write_book(tmp_path / "toy.xlsx", put("demand", "C2", 99))
    edit_parts(path, replace_in(DEMAND, "<v>99</v>", f"<v>{number!r}</v>"))
    assert load_here(path).tables["demand"].column("start_kh100e")[0] == number


ACCEPTED: dict[str, tuple[Spoil, tuple[str, int, str], Any]] = {
    "a date that is the first of a month": (
        put("deliveries", "B2", dt.date(2028, 1, 1), "mmm-yy"),
        ("deliveries", 0, "month"),
        "2028-01",
    ),
    "a number stored as text": (put("demand", "C2", "25.5"), ("demand", 0, "start_kh100e"), 25.5),
    "spaces and no-break spaces": (put("demand", "A2", " new_york\u00a0 "), ("demand", 0, "zone_id"), "new_york"),
    "percent": (put("regions", "H2", 0.05, "0.0%"), ("regions", 0, "wacc_frac_per_year"), 0.05),
    "a whole number as a name": (put("accelerators", "B2", 100), ("accelerators", 0, "name"), "100"),
    "a space as an empty cell": (put("classes", "C3", "  "), ("classes", 1, "latency_ms"), None),
    "empty rows": (lambda book: book["demand"].insert_rows(3, 2), ("demand", 3, "start_kh100e"), 8),
    "a table that begins elsewhere": (
        lambda book: (book["demand"].insert_rows(1, 2), book["demand"].insert_cols(1, 3)),
        ("demand", 3, "start_kh100e"),
        8,
    ),
    "an empty column": (lambda book: book["demand"].insert_cols(2), ("demand", 3, "start_kh100e"), 8),
    "another column of the plan sheet": (put("plan", "C1", "remark"), ("demand", 3, "start_kh100e"), 8),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_handled(name: str, tmp_path: Path) -> None:
    spoil, (table, row, column), value = ACCEPTED[name]
    plan = load_here(write_book(tmp_path / "toy.xlsx", spoil))
    assert plan.tables[table].column(column)[row] == value
    assert not plan.notices


def test_the_date_system_of_1904(tmp_path: Path) -> None:
    def spoil(book: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        put("deliveries", "B2", dt.date(2028, 1, 1), "mmm-yy")(book)

    assert load_here(write_book(tmp_path / "toy.xlsx", spoil)).tables["deliveries"].column("month")[0] == "2028-01"


NOTED: dict[str, tuple[Spoil, str]] = {
    "hidden sheet": (
        lambda book: setattr(book["power"], "sheet_state", "hidden"),
        "toy.xlsx:power: warning: the sheet is hidden; it is read like the others",
    ),
    "hidden row": (
        lambda book: setattr(book["power"].row_dimensions[3], "hidden", True),
        "toy.xlsx:power: warning: row 3 is hidden; it is read like the others",
    ),
    "rows that a filter hides": (
        lambda book: [setattr(book["power"].row_dimensions[row], "hidden", True) for row in (2, 4)],
        "toy.xlsx:power: warning: 2 rows are hidden (the first: 2); they are read like the others",
    ),
    "hidden columns": (
        lambda book: [setattr(book["power"].column_dimensions[name], "hidden", True) for name in "CD"],
        "toy.xlsx:power: warning: columns C, D are hidden; they are read like the others",
    ),
    "another sheet": (
        lambda book: book.create_sheet("my thoughts"),
        "toy.xlsx:'my thoughts': note: the sheet is not a table of the planner and is not read",
    ),
}


@pytest.mark.parametrize("name", NOTED)
def test_said(name: str, tmp_path: Path) -> None:
    spoil, notice = NOTED[name]
    path = write_book(tmp_path / "toy.xlsx", spoil)
    plan = load_here(path)
    assert notice in [str(one).replace(str(tmp_path) + "/", "").rpartition(" [")[0] for one in plan.notices]
    assert [len(table) for table in plan.tables.values()] == [len(t) for t in load_here(write_plan(tmp_path)).tables.values()]


# ---- refused


REFUSED: dict[str, tuple[Spoil, list[str]]] = {
    "a formula without a value": (
        put("demand", "C2", "=1+1"),
        [
            (
                "toy.xlsx:demand!C2: start_kh100e = =1+1: expected a number in thousand H100e, >= 0 "
                "(a formula that was never calculated: open the workbook in a spreadsheet program and save it)"
            )
        ],
    ),
    "errors": (
        both(put("demand", "C2", "#REF!"), put("demand", "A3", "#N/A")),
        [
            "toy.xlsx:demand!C2: start_kh100e = #REF!: expected a number in thousand H100e, >= 0 (a spreadsheet error)",
            "toy.xlsx:demand!A3: zone_id = #N/A: expected a name of letters, digits and _ - . (a spreadsheet error)",
        ],
    ),
    "true or false": (
        put("classes", "F2", True),
        ["toy.xlsx:classes!F2: orbit = TRUE: expected one of yes, no (a boolean)"],
    ),
    "another day of a month": (
        put("deliveries", "B2", dt.date(2028, 1, 15), "yyyy-mm-dd"),
        ["toy.xlsx:deliveries!B2: month = 2028-01-15: expected a month as YYYY-MM (write 2028-01)"],
    ),
    "a moment of the first day": (
        put("deliveries", "B2", dt.datetime.fromisoformat("2028-01-01T12:00"), "yyyy-mm-dd"),
        ["toy.xlsx:deliveries!B2: month = 2028-01-01 12:00:00: expected a month as YYYY-MM (write 2028-01)"],
    ),
    "a date instead of a number": (
        put("demand", "C2", dt.date(2027, 1, 1), "mmm-yy"),
        [
            (
                "toy.xlsx:demand!C2: start_kh100e = 2027-01-01: expected a number in thousand H100e, >= 0 "
                "(the cell is formatted as a date)"
            )
        ],
    ),
    "a time instead of a number": (
        put("demand", "C2", dt.timedelta(hours=30), "[h]:mm"),
        [
            (
                "toy.xlsx:demand!C2: start_kh100e = 1900-01-01 06:00:00: expected a number in thousand H100e, >= 0 "
                "(the cell is formatted as a date)"
            )
        ],
    ),
    "a date instead of a name": (
        put("accelerators", "B2", dt.date(2027, 1, 1), "mmm-yy"),
        ["toy.xlsx:accelerators!B2: name = 2027-01-01: expected a text (the cell is formatted as a date)"],
    ),
    "a number instead of a name": (
        put("residency", "B2", 1.5),
        [
            (
                "toy.xlsx:residency!B2: from_bloc = 1.5: expected a name of letters, digits and _ - . "
                "(a number here: format the cell as text and type it again)"
            )
        ],
    ),
    "a comma in a number": (
        put("demand", "C2", "25,5"),
        ["toy.xlsx:demand!C2: start_kh100e = 25,5: expected a number in thousand H100e (a decimal point, no comma: 25.5)"],
    ),
    "merged cells": (
        lambda book: book["demand"].merge_cells("A2:A3"),
        [
            "toy.xlsx:demand!A2: cells merged down to A3: expected a value in each",
            "toy.xlsx:demand!A3: zone_id = (empty): expected a name of letters, digits and _ - .",
        ],
    ),
    "a title above the table": (
        lambda book: (
            book["demand"].insert_rows(1, 2),
            book["demand"].__setitem__("A1", "Demand"),
            put("demand", "C4", -1)(book),
        ),
        ["toy.xlsx:demand!C4: start_kh100e = -1: expected a number >= 0"],
    ),
    "a column twice": (
        put("demand", "F1", "zone_id"),
        ["toy.xlsx:demand!F1: duplicate column zone_id: first as column A"],
    ),
    "a column that nobody knows": (
        put("demand", "C1", "start_kh100"),
        [
            (
                "toy.xlsx:demand!1: column start_kh100e is missing: expected a number in thousand H100e, >= 0 "
                "(demand in the first month)"
            ),
            "toy.xlsx:demand!C1: unknown column start_kh100 in table demand (did you mean start_kh100e?)",
        ],
    ),
    "a cell outside the table": (
        both(put("demand", "H3", "remark"), put("demand", "H4", "more")),
        ["toy.xlsx:demand!H3: remark: in a column without a name, outside the table"],
    ),
    "a second table below": (
        lambda book: fill(book["demand"], [(), [cell.value for cell in book["demand"][1]], ("a", "b", 1)]),
        ["toy.xlsx:demand!A7: a second header: expected one table on a sheet"],
    ),
    "a row twice": (
        lambda book: fill(book["demand"], [("munich", "batch", 1, "toy", "estimate")]),
        [
            (
                "toy.xlsx:demand!A6: zone_id = munich, class_id = batch: duplicate row, first in row 5"
                " (several rows that add up? write their sum, or combine: sum in a map)"
            )
        ],
    ),
    "an empty sheet": (
        lambda book: book["demand"].delete_rows(1, 9),
        ["toy.xlsx:demand: the sheet is empty: expected a header and rows"],
    ),
    "a missing sheet": (
        lambda book: book.remove(book["zones"]),
        ["toy.xlsx:plan: table zones is missing: expected a sheet zones (Where demand for compute arises)"],
    ),
    "a misspelt sheet": (
        lambda book: setattr(book["links"], "title", "Link"),
        ["toy.xlsx:Link: unknown sheet Link (did you mean links?)"],
    ),
    "no plan": (
        lambda book: book.remove(book["plan"]),
        [
            (
                "toy.xlsx: no sheet plan: expected one with the columns key and value, "
                "or a YAML plan that names this workbook under tables"
            )
        ],
    ),
    "a plan without its columns": (
        lambda book: book["plan"].delete_rows(1),
        [
            "toy.xlsx:plan!1: column key is missing: expected key and value in the first row",
            "toy.xlsx:plan!1: column value is missing: expected key and value in the first row",
        ],
    ),
    "keys of the plan": (
        lambda book: fill(
            book["plan"],
            [
                ("months", 5),
                ("demand", 3),
                ("networ.k", 1),
                (7, 1),
                (None, 8),
                ("why", True),
                ("carbon.cap_mtco2_per_year.28", 1),
            ],
        ),
        [
            "toy.xlsx:plan!A18: duplicate key months: first in row 4",
            "toy.xlsx:plan!A19: demand: keys below it already have values",
            "toy.xlsx:plan!A20: unknown key networ (did you mean network?)",
            "toy.xlsx:plan!A21: 7: expected a key of the plan, found a number",
            "toy.xlsx:plan!A22: 8: expected a key next to it",
            "toy.xlsx:plan!B23: why = TRUE: expected a value (a boolean)",
            "toy.xlsx:plan!B24: carbon.cap_mtco2_per_year.28 = 1: expected a year as YYYY",
        ],
    ),
    "values of the plan": (
        both(
            put("plan", "B3", dt.date(2028, 1, 2), "yyyy-mm-dd"),
            put("plan", "B4", 4.5),
            put("plan", "B5", "site"),
            put("plan", "B8", None),
        ),
        [
            "toy.xlsx:plan!B3: start = 2028-01-02: expected a month as YYYY-MM (write 2028-01)",
            "toy.xlsx:plan!B4: months = 4.5: expected a whole number",
            "toy.xlsx:plan!B5: boundary = site: expected one of energy, facility",
            "toy.xlsx:plan!B8: discount_frac_per_year = (empty): expected a number",
        ],
    ),
    "everything at once": (
        both(put("regions", "G2", "x"), put("demand", "C2", -1), put("plan", "B4", 0)),
        [
            "toy.xlsx:plan!B4: months = 0: expected a number >= 1",
            "toy.xlsx:regions!G2: pue = x: expected a number",
            "toy.xlsx:demand!C2: start_kh100e = -1: expected a number >= 0",
        ],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    spoil, expected = REFUSED[name]
    assert refused_book(write_book(tmp_path / "toy.xlsx", spoil)) == expected
