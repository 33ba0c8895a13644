"""The sheet `checks`: it holds in a real plan, it finds every number that a hand changes, and LibreOffice computes the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.result import Result
from planner.schema.result_table import Across
from planner.schema.results import HEADLINES, RESULT_TABLES
from planner.write.folder.serialise import plain
from planner.write.xlsx.formula import Sheets, Term
from planner.write.xlsx.layout import input_sheets, plan_months, result_sheets, run_sheet
from planner.write.xlsx.plan_sheet import values_of
from planner.write.xlsx.run_workbook import write_xlsx
from planner.write.xlsx.self_check_sheet import NOT_HERE, ROOM
from planner.write.xlsx.self_checks import SelfCheck, self_checks
from tests.write.libre import needs_libreoffice, recalculated

FIRST_ROW = 5


def checks_of(result: Result) -> list[SelfCheck]:
    inputs = input_sheets(
        values_of(plain(result.plan.to_mapping())),
        {name: pd.DataFrame(table.resolved) for name, table in result.plan.tables.items()},
    )
    sheets = Sheets([*result_sheets(result.tables), *inputs, run_sheet(result.record)])
    headlines = {line.key: Term(f"plan_{line.key}", float(line.value)) for line in result.summary}
    return self_checks(sheets, plan_months(result.tables), headlines, of_objective=True)


def broken(result: Result) -> set[str]:
    return {
        check.name
        for check in checks_of(result)
        if max(abs(gap.value) for gap in check.gaps.values()) > ROOM * max(1.0, check.size.value)
    }


def test_a_real_plan_agrees_with_itself(solved: Result) -> None:
    assert broken(solved) == set()
    names = [check.name for check in checks_of(solved)]
    assert len(set(names)) == len(names) >= 31
    for column in ("orbit_kunit", "retired_kunit", "commissioning_kunit", "failed_kunit"):
        assert solved.tables["chips"][column].sum() > 0  # else nothing is tried
    assert solved.tables["launch"]["launched_t"].sum() > 0


TOUCHED = {
    "chips": (
        "delivered_kunit deployed_kunit dark_kunit retired_kunit displaced_kunit housed_kunit orbit_kunit commissioning_kunit "
        "failed_kunit"
    ),
    "fleet": "deploy_kunit retire_kunit installed_kunit it_nameplate_mw it_draw_mw compute_kh100e",
    "power": "build_mw capacity_mw output_mw energy_mwh",
    "halls": "build_shell_mw shell_mw housed_mw",
    "demand": "demand_kh100e served_kh100e unserved_kh100e",
    "serve": "serve_kh100e",
    "trade": "serve_kh100e",
    "orbit": "launched_t",
    "launch": "launched_t",
    "costs": "cost_musd discounted_musd",
    "league": "it_mwh energy_cost_musd facility_cost_musd",
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("table", "column"), [(table, column) for table in TOUCHED for column in TOUCHED[table].split()])
def test_every_number_that_a_hand_touches_is_found(solved: Result, table: str, column: str) -> None:
    frame = solved.tables[table].copy()
    rows = frame if "month" not in frame else frame[frame["month"] == frame["month"].max()]
    frame.loc[rows[column].abs().idxmax(), column] += 0.5 + 0.01 * float(rows[column].abs().max())
    assert broken(replace(solved, tables={**solved.tables, table: frame}))


def test_a_headline_that_is_not_what_the_sheets_say(solved: Result) -> None:
    summary = [replace(line, value=1.001 * float(line.value) + 0.001) for line in solved.summary]
    keys = (
        *("cost", "energy_cost", "unserved_value", "served_share", "served_share_end", "dark_end", "dark_worst"),
        *("displaced_end", "displaced_worst", "power_end", "orbit_share"),
    )
    labels = [HEADLINES[key].label for key in keys]
    assert broken(replace(solved, summary=summary)) == {f"Headline: {label[:1].lower()}{label[1:]}" for label in labels}


def rows_of(path: Path, values: bool = True) -> dict[str, tuple[Any, ...]]:
    page = openpyxl.load_workbook(path, data_only=values)["checks"]
    return {str(row[0]): row for row in page.iter_rows(min_row=FIRST_ROW, values_only=True) if row[0]}


@pytest.mark.slow
def test_the_sheet_holds_formulas_alone_and_what_they_give(solved: Result, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "plan.xlsx", solved)
    shown, behind = rows_of(tmp_path / "plan.xlsx"), rows_of(tmp_path / "plan.xlsx", values=False)
    assert len(shown) == len(checks_of(solved))
    for name, row in shown.items():
        assert row[5] == "OK"
        assert all(str(cell).startswith("=") for cell in behind[name][3:] if cell is not None)
        assert not any(isinstance(cell, str) for cell in (*row[3:5], *row[6:]))
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)
    told = f"OK: all {len(shown)} checks"
    assert book["checks"]["A2"].value == told
    assert told in [cell for row in book["summary"].values for cell in row]
    assert len(book["checks"].conditional_formatting) >= 3


def test_a_gap_is_told_where_nothing_calculates(solved: Result, tmp_path: Path) -> None:
    power = solved.tables["power"].copy()
    power.loc[power["capacity_mw"].idxmax(), "capacity_mw"] += 10.0
    write_xlsx(tmp_path / "plan.xlsx", replace(solved, tables={**solved.tables, "power": power}))
    rows = rows_of(tmp_path / "plan.xlsx")
    assert rows["Power capacity"][5] == pytest.approx(10.0)
    assert "show a gap" in openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)["checks"]["A2"].value


def test_pandas_reads_every_table_as_the_csv_has_it(solved: Result, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "plan.xlsx", solved)
    sheets = pd.read_excel(tmp_path / "plan.xlsx", sheet_name=None, keep_default_na=False, na_values=[""])
    for name in ("league", "nations", "entry", "limits"):
        table = solved.tables[name]
        if name == "limits":
            table = table.loc[table["rent_musd"].abs().sort_values(ascending=False, kind="stable").index]
        assert list(sheets[name].columns) == list(table.columns)
        for column in table.select_dtypes("number"):
            asked = [float(f"{value:.12g}") for value in table[column]]
            np.testing.assert_array_equal(sheets[name][column].to_numpy(dtype=float), asked)
    whole = [table for table in RESULT_TABLES.values() if table.sheets == (Across((*table.keys[:-1],)),)]
    names = {"chips", "power", "halls", "demand", "orbit", "launch", "dark", "moves", "owners", "owner_power"}
    names |= {"targets", "reservations", "offers", "orders"}
    assert {table.name for table in whole} == names
    for name, ids, table in (
        (each.name, each.keys[:-1], solved.tables[each.name]) for each in whole if each.name in solved.tables
    ):
        long = sheets[name].melt(["measure", "unit", *ids], var_name="month").set_index(["measure", *ids, "month"])["value"]
        asked = table.melt([*ids, "month"], var_name="measure").set_index(["measure", *ids, "month"])["value"].astype(float)
        found = long.reindex(asked.index).fillna(0.0)  # rows of zeros are left out of some sheets
        assert found.tolist() == [float(f"{value:.12g}") for value in asked.fillna(0.0)], name


@pytest.mark.slow
@needs_libreoffice
def test_libreoffice_computes_the_same_and_finds_what_a_hand_changes(solved: Result, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "plan.xlsx", solved)
    changes = {
        "chips": ("chips", "dark_kunit"),
        "costs": ("costs", "discounted_musd"),
        "summary": ("summary", "Cost of all months together, discounted"),
        "typed": ("halls", "shell_mw"),
    }
    paths = [tmp_path / "plan.xlsx"]
    for name, (sheet, label) in changes.items():
        book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
        row = max(
            (row for row in book[sheet].iter_rows() if label in (row[0].value, row[1].value)),
            key=lambda row: next(abs(cell.value) for cell in reversed(row) if isinstance(cell.value, int | float)),
        )
        cell = next(cell for cell in reversed(row) if isinstance(cell.value, int | float))
        cell.value = "lots" if name == "typed" else 1.01 * cell.value + 0.5
        paths.append(tmp_path / f"{name}.xlsx")
        book.save(paths[-1])
    right, *wrong = recalculated(paths, tmp_path / "libre")
    told, found = rows_of(tmp_path / "plan.xlsx"), rows_of(right)
    assert list(told) == list(found)
    for name, row in told.items():
        assert found[name][5] == "OK", name
        pairs = [(a, b) for a, b in zip(row[3:], found[name][3:], strict=False) if isinstance(a, int | float)]
        room = float(row[3]) / 100
        np.testing.assert_allclose([float(b) for _, b in pairs], [float(a) for a, _ in pairs], rtol=1e-9, atol=room)
    for path in wrong:
        rows = rows_of(path)
        gaps = {name for name, row in rows.items() if row[5] != "OK"}
        assert gaps, path.name
        assert all(isinstance(rows[name][5], int | float) for name in gaps)
        book = openpyxl.load_workbook(path, data_only=True)
        assert str(book["checks"]["A2"].value).startswith(f"{len(gaps)} of {len(rows)} checks show a gap"), path.name


def test_a_check_that_does_not_apply_is_named_with_its_reason(solved: Result, tmp_path: Path) -> None:
    months = plan_months(solved.tables)
    way = {"from_id": "a", "to_id": "stock", "generation_id": "b", "delivered_in": "later"}
    moved = pd.DataFrame([{**way, "month": month, "moved_kunit": 0.0, "moved_mw": 0.0} for month in months])
    write_xlsx(tmp_path / "plan.xlsx", replace(solved, tables={**solved.tables, "chip_moves": moved}))
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)["checks"]
    told = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert told["Dark chips"] == f"{NOT_HERE}: chips move: what goes back into stock is dark after its downtime"
    assert "Power capacity" in told
    assert str(told["Power capacity"]).startswith("capacity = ")
