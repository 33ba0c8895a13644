"""What is printed of a workbook: pages that can be read, with the numbers of the tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from planner.write.xlsx.print_blocks import Block, periods_of, print_blocks
from planner.write.xlsx.run_workbook import write_xlsx
from planner.write.xlsx.summary import pages_of
from planner.write.xlsx.worksheet import PAGE_PX, READABLE
from tests.write.toy import MONTHS, make_result, make_tables

PRINTED = ("summary", "print", "checks")
SMALLEST_PT = 8
A4_ACROSS_PX = (11.69 - 0.6) * 96 * 100 / READABLE
"""Pixels of a sheet beside each other on a page: what is left between the margins, at the scale of the page."""
COLUMN_PX = 7
"""Of a column as wide as one digit of Calibri 11."""
USUAL = 64 / COLUMN_PX


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    write_xlsx(path, make_result())  # type: ignore[arg-type]
    return openpyxl.load_workbook(path)


def areas(sheet: Any) -> list[Any]:
    found = sheet.print_area
    return [sheet[part.rpartition("!")[2].replace("$", "")] for part in str(found).split(",")]


def test_what_is_printed_can_be_read(book: Any) -> None:
    for name in PRINTED:
        sheet = book[name]
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        for area in areas(sheet):
            cells = [cell for row in area for cell in row if cell.value is not None]
            assert all(cell.font.size * sheet.page_setup.scale / 100 >= SMALLEST_PT for cell in cells)
            stated = {letter: each.width for letter, each in sheet.column_dimensions.items()}
            letters = [openpyxl.utils.get_column_letter(cell.column) for cell in area[0]]
            assert sum(stated.get(letter, USUAL) for letter in letters) * COLUMN_PX <= A4_ACROSS_PX


@pytest.mark.parametrize(("head", "page"), [(33, 41), (37, 41), (38, 38), (40, 40), (41, 41)])
def test_a_head_near_the_foot_of_a_page_goes_to_the_next(head: int, page: int) -> None:
    """Forty rows of 20 pixels and one of 25 fill a page of 825: row 41 begins the next, or a head of which three rows or fewer
    would be above it."""
    sheet: Any = SimpleNamespace(row_height_px=lambda row: 25 if row == 7 else 20)
    assert PAGE_PX == 825
    assert pages_of(sheet, 60, [2, head]) == [0, page]
    assert pages_of(sheet, 60, [2, head], begins=[0, 33]) == [0, 33]


def test_other_sheets_print_nothing_unless_asked(book: Any) -> None:
    others = [sheet for sheet in book if sheet.title not in PRINTED]
    assert len(others) > 15
    for sheet in others:
        (cell,) = areas(sheet)
        assert cell.value is None, sheet.title
    power = book["power"]
    assert (power.print_title_rows, power.print_title_cols) == ("$1:$1", "$A:$D")
    assert power.page_setup.scale == READABLE


def blocks() -> dict[str, Block]:
    inputs = {name: pd.DataFrame(table.resolved) for name, table in make_result().plan.tables.items()}
    return {block.title.partition(",")[0]: block for block in print_blocks(make_tables(), inputs, MONTHS)}


def test_numbers_are_those_of_the_tables() -> None:
    tables, found = make_tables(), blocks()
    assert found["Power in service"].heads == ("Jan 2027", "Feb 2027", "Mar 2027", "Jan 2028")
    power = {row.labels[:2]: row.cells for row in found["Power in service"].rows}
    for month, cell in zip(MONTHS, power["All", ""], strict=True):
        assert cell == pytest.approx(tables["power"].loc[tables["power"]["month"] == month, "capacity_mw"].sum(), rel=1e-11)
    paid = {row.labels[0]: row.cells for row in found["Cost of the period"].rows}
    costs = tables["costs"][tables["costs"]["component"] != "unserved"]
    assert sum(paid["All"]) == pytest.approx(costs["cost_musd"].sum(), rel=1e-11)  # type: ignore[arg-type]


def test_people_read_names() -> None:
    names = {row.labels[0] for row in blocks()["Places compared"].rows}
    assert {"Texas", "Søndre Norge – 挪威"} <= names
    asked = {label for row in blocks()["Compute served"].rows for label in row.labels[:2]}
    assert {"United States of America", "Norway"} <= asked


@pytest.mark.parametrize(
    ("months", "heads"),
    [
        (4, "Jan 2027;Feb 2027;Mar 2027;Apr 2027"),
        (12, "Q1 2027;Q2 2027;Q3 2027;Q4 2027"),
        (36, "Q1 2027;Q2 2027;Q3 2027;Q4 2027;2027;2028;2029"),
        (60, "2027;2028;2029;2030;2031"),
    ],
)
def test_periods_fit_on_a_page(months: int, heads: str) -> None:
    named = [f"{2027 + n // 12}-{n % 12 + 1:02}" for n in range(months)]
    periods = periods_of(named)
    assert [head for head, _ in periods] == heads.split(";")
    whole = [places for head, places in periods if months < 36 or not head.startswith("Q")]
    assert sorted(place for places in whole for place in places) == list(range(months))
