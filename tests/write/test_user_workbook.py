"""A user's workbook: our sheets in it are refreshed, and nothing else of it changes by a byte."""

from __future__ import annotations

import os
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from planner.errors import InputError, PlannerError, UsageError
from planner.write.folder.replace import OutputError
from planner.write.xlsx.user_workbook import refresh_workbook, require_refreshable
from tests.write.books import FORMULAS, model, parts_of, with_pivot
from tests.write.libre import needs_libreoffice, recalculated
from tests.write.toy import MONTHS, FakeResult, Line, make_result, make_tables

TOUCHED = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
COST = Line("cost", 4321.5, "million USD", "what it costs")


def refresh(path: Path, result: FakeResult | None = None) -> list[str]:
    result = result or make_result()
    return refresh_workbook(path, result.tables, [COST, *result.summary], result.record)  # type: ignore[list-item]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return with_pivot(model(tmp_path / "model.xlsx"))


def test_everything_else_stays_byte_for_byte(mine: Path) -> None:
    before = parts_of(mine)
    assert any("pivotTable" in name for name in before)
    assert any("charts/chart2" in name for name in before)
    sheets = refresh(mine)
    after = parts_of(mine)
    assert {name for name in before if before[name] != after.get(name)} == TOUCHED
    assert {name for name in after if name not in before} == {
        each
        for sheet in sheets
        for each in (
            f"xl/worksheets/{sheet}_1.xml",
            f"xl/worksheets/_rels/{sheet}_1.xml.rels",
            f"xl/tables/{sheet}_1.xml",
        )
    }
    assert zipfile.ZipFile(mine).testzip() is None


def test_a_second_refresh_changes_our_cells_alone(mine: Path) -> None:
    refresh(mine)
    before = parts_of(mine)
    refresh(mine)
    assert parts_of(mine) == before
    tables = make_tables()
    tables["power"]["capacity_mw"] *= 2
    refresh(mine, make_result(tables))
    after = parts_of(mine)
    assert {name for name in before if before[name] != after[name]} == {"xl/worksheets/plan_power_1.xml"}


def test_new_rows_months_and_headlines_move_tables_and_names(mine: Path) -> None:
    refresh(mine)
    longer = make_result(make_tables((*MONTHS, "2028-02"), ("us_ercot_texas", "leo_central")))
    longer.tables.pop("entry")
    longer.summary[:] = [line for line in longer.summary if line.key != "orbit_gap"]
    refresh(mine, longer)
    book = openpyxl.load_workbook(mine)
    assert book["plan_power"]["I1"].value == "2028-02"
    assert book["plan_power"].tables["plan_power"].ref == "A1:I15"
    assert [cell.value for cell in book["plan_entry"][1]] == list(make_tables()["entry"].columns)
    assert book["plan_entry"].max_row == 1
    assert book.defined_names["plan_orbit_gap"].attr_text == "#N/A"
    place = book.defined_names["plan_dark_worst"].attr_text
    assert book["plan_summary"][place.split("!")[1].replace("$", "")].value == 1234.0
    assert book.defined_names["Budget"].attr_text == "'My model'!$C$2"


def test_pandas_and_openpyxl_read_what_the_tables_hold(mine: Path) -> None:
    refresh(mine)
    league = pd.read_excel(mine, sheet_name="plan_league")
    asked = make_tables()["league"]
    assert league["place_id"].tolist() == asked["place_id"].tolist()  # =cmd() among them
    np.testing.assert_allclose(league["it_mwh"], asked["it_mwh"], rtol=1e-11)
    book = openpyxl.load_workbook(mine)
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row if page.title.startswith("plan_")} <= {
        "s",
        "n",
        "d",
        "inlineStr",
    }
    assert {cell: book["My model"][cell].value for cell in FORMULAS} == FORMULAS


def test_it_is_computed_again_when_it_is_opened(mine: Path) -> None:
    refresh(mine)
    assert openpyxl.load_workbook(mine).calculation.fullCalcOnLoad


def edited(path: Path, change: Any) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda book: book["plan_power"].__setitem__("E2", "=1+1"), "plan_power.* holds a formula in E2"),
        (lambda book: book["plan_power"].__setitem__("Z90", "mine"), "plan_power.* holds something of yours in Z90"),
        (lambda book: book["plan_power"].tables.clear(), "plan_power.* holds no table plan_power"),
        (lambda book: setattr(book.defined_names["plan_cost"], "attr_text", "Data!$B$2"), "plan_cost means Data!"),
        (lambda book: book.remove(book["plan_power"]) or book["Data"].__setattr__("title", "plan_power"), "plan_power"),
    ],
)
def test_what_is_not_ours_is_refused_and_left(mine: Path, change: Any, words: str) -> None:
    refresh(mine)
    edited(mine, change)
    before = mine.read_bytes()
    with pytest.raises(UsageError, match=words):
        refresh(mine)
    assert mine.read_bytes() == before


def with_table(page: Any, name: str) -> None:
    page["X1"] = "mine"
    page.add_table(Table(displayName=name, ref="X1:X2"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda book: book.defined_names.add(DefinedName("PLAN_Cost", attr_text="Data!$A$1")),
            "the name PLAN_Cost means Data!",
        ),
        (lambda book: book.defined_names.add(DefinedName("plan_chips", attr_text="Data!$A$1")), "the name plan_chips means"),
        (lambda book: with_table(book["Data"], "Plan_Cost"), "a table is named plan_cost"),
    ],
)
def test_excel_tells_neither_capitals_nor_names_from_tables(mine: Path, change: Any, words: str) -> None:
    """Two of one name make a workbook that it wants to repair."""
    edited(mine, change)
    before = mine.read_bytes()
    with pytest.raises(UsageError, match=words):
        refresh(mine)
    assert mine.read_bytes() == before


def test_a_name_that_computes_with_ours_is_kept(mine: Path) -> None:
    refresh(mine)
    edited(mine, lambda book: book.defined_names.add(DefinedName("plan_margin", attr_text="plan_summary!$B$2*2")))
    refresh(mine)
    assert openpyxl.load_workbook(mine).defined_names["plan_margin"].attr_text == "plan_summary!$B$2*2"


@pytest.mark.parametrize("lock", ["~$model.xlsx", ".~lock.model.xlsx#"])
def test_an_open_workbook_is_refused(mine: Path, lock: str) -> None:
    (mine.parent / lock).write_text("")
    with pytest.raises(UsageError, match="is open in"):
        require_refreshable(mine)


def test_a_read_only_workbook_is_refused(mine: Path) -> None:
    mine.chmod(0o444)
    with pytest.raises(UsageError, match="read-only"):
        refresh(mine)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"text"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.xlsx"
    path.write_bytes(content)
    with pytest.raises(PlannerError) as caught:
        require_refreshable(path)
    assert isinstance(caught.value, InputError | UsageError)
    with pytest.raises(UsageError, match="No such file"):
        require_refreshable(tmp_path / "missing.xlsx")


def test_a_workbook_without_sheets_is_refused(mine: Path) -> None:
    parts = parts_of(mine)
    with zipfile.ZipFile(mine, "w") as zipped:
        for name, data in parts.items():
            zipped.writestr(name, b"<workbook/>" if name == "xl/workbook.xml" else data)
    with pytest.raises(UsageError, match="has no sheets"):
        require_refreshable(mine)


def test_when_the_disk_is_full_the_workbook_is_as_it_was(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = mine.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        refresh(mine)
    assert mine.read_bytes() == before
    assert [path.name for path in mine.parent.iterdir()] == ["model.xlsx"]


@pytest.mark.slow
@needs_libreoffice
def test_libreoffice_opens_it_computes_it_and_what_it_saved_is_refreshed_again(mine: Path, tmp_path: Path) -> None:
    refresh(mine)
    (saved,) = recalculated([mine], tmp_path)
    tables = make_tables()
    power = tables["power"]

    def expected(tables: dict[str, pd.DataFrame]) -> list[float]:
        power = tables["power"]
        return [
            4.3215,
            float(tables["launch"].loc[tables["launch"]["month"] == "2027-01", ["launched_t", "limit_t"]].sum().sum()),
            float(power.loc[power["month"] == "2027-02", "capacity_mw"].sum()),
            float(tables["league"]["it_mwh"].iloc[0]),
            1 - 4321.5,
        ]

    def told(path: Path) -> list[float]:
        page = openpyxl.load_workbook(path, data_only=True)["My model"]
        return [page[cell].value for cell in FORMULAS]

    assert told(saved) == pytest.approx(expected(tables))
    book = openpyxl.load_workbook(saved)
    assert len(book["Pivot"]._pivots) == 1
    assert len(book["My model"]._charts) == 2
    before = parts_of(saved)
    power["capacity_mw"] *= 3
    refresh(saved, make_result(tables))
    after = parts_of(saved)
    pivots = [name for name in before if "pivot" in name or "drawing" in name or "chart" in name]
    assert pivots
    assert [name for name in pivots if before[name] != after[name]] == []
    assert told(recalculated([saved], tmp_path / "again")[0]) == pytest.approx(expected(tables))


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, MAC_EPOCH])
def test_a_month_is_a_date_whichever_way_the_workbook_counts_days(tmp_path: Path, epoch: datetime) -> None:
    book = openpyxl.Workbook()
    book.epoch = epoch
    book.save(tmp_path / "mine.xlsx")
    refresh(tmp_path / "mine.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "mine.xlsx")["plan_limits"]["C2"]
    assert (cell.value.isoformat(), cell.number_format) == ("2027-01-01T00:00:00", "mmm yyyy")
