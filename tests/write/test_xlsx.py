"""The workbook: every number of the tables, no formula, the same bytes; it opens, and reads as it should."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.schema.result_decisions import BY_GENERATION, BY_PLACE
from planner.schema.result_table import Tidy
from planner.schema.results import RESULT_TABLES
from planner.verify.schema import RESULTS
from planner.write.xlsx import layout
from planner.write.xlsx.run_workbook import write_xlsx
from planner.write.xlsx.worksheet import number_format
from tests.write.toy import MONTHS, FakeResult, make_result, make_tables


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    write_xlsx(path, make_result())  # type: ignore[arg-type]
    return openpyxl.load_workbook(path)


def rows(book: Any, sheet: str) -> pd.DataFrame:
    values = list(book[sheet].values)
    return pd.DataFrame(values[1:], columns=list(values[0]))


def twelve(values: Any) -> np.ndarray:
    return np.array([float(f"{value:.12g}") for value in values])


def test_sheets_in_reading_order(book: Any) -> None:
    assert book.sheetnames == [
        *(
            "summary",
            "print",
            "checks",
            "read_me",
            "chips",
            "fleet",
            "places",
            "power",
            "halls",
            "serve",
            "demand",
            "orbit",
            "launch",
        ),
        *(
            "dark",
            "costs",
            "costs_by_place",
            "league",
            "nations",
            "trade",
            "limits",
            "entry",
            "in_plan",
            "in_regions",
            "in_accelerators",
            "run",
            "charts",
        ),
    ]
    assert book.active.title == "summary"


@pytest.mark.parametrize("name", ["chips", "power", "halls", "demand", "orbit", "launch"])
def test_months_across_hold_every_number_of_the_table(book: Any, name: str) -> None:
    frame, ids = make_tables()[name], RESULT_TABLES[name].keys[:-1]
    wide = rows(book, name)
    assert list(wide.columns) == ["measure", "unit", *ids, *MONTHS]
    long = wide.melt(id_vars=["measure", "unit", *ids], value_vars=list(MONTHS), var_name="month")
    for measure in frame.columns.drop([*ids, "month"]):
        found = long[long["measure"] == measure].set_index([*ids, "month"])["value"]
        asked = frame.set_index([*ids, "month"])[measure]
        assert found.reindex(asked.index).tolist() == twelve(asked).tolist()


def test_fleet_by_generation_and_places_together(book: Any) -> None:
    fleet, units, places = make_tables()["fleet"], rows(book, "fleet"), rows(book, "places")
    assert set(units["measure"]) == set(BY_GENERATION)
    for measure in BY_GENERATION:
        found = units[units["measure"] == measure].melt(["place_id", "generation_id"], list(MONTHS), "month")
        asked = fleet.set_index(["place_id", "generation_id", "month"])[measure]
        assert (
            found.set_index(["place_id", "generation_id", "month"])["value"].reindex(asked.index).tolist()
            == twelve(asked).tolist()
        )
    for measure in BY_PLACE:
        found = places[places["measure"] == measure].melt(["place_id"], list(MONTHS), "month").set_index(["place_id", "month"])
        asked = fleet.groupby(["place_id", "month"])[measure].sum()
        np.testing.assert_allclose(found["value"].reindex(asked.index).to_numpy(dtype=float), asked, rtol=1e-11)


def test_the_limits_worth_most_come_first(result: FakeResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RESULT_TABLES, "limits", replace(RESULT_TABLES["limits"], sheets=(Tidy("rent_musd", 1),)))
    result.tables["limits"]["rent_musd"] = [1.0, -2.0]
    write_xlsx(tmp_path / "plan.xlsx", result)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert rows(book, "limits")["constraint"].tolist() == ["limit_launch_mass"]
    notes = [str(row[2]) for row in book["read_me"].values if row[0] == "limits"]
    assert "The 1 with the largest rent_musd; all 2 are in tables/limits.csv." in notes[0]


def test_serve_is_summed_over_who_asks(book: Any) -> None:
    wide = rows(book, "serve")
    first = wide[(wide["measure"] == "serve_kh100e") & (wide["place_id"] == "=cmd()") & (wide["class_id"] == "chat")]
    frame = make_tables()["serve"]
    asked = frame[(frame["place_id"] == "=cmd()") & (frame["class_id"] == "chat")].groupby("month")["serve_kh100e"].sum()
    assert first[list(MONTHS)].iloc[0].tolist() == pytest.approx(asked.tolist(), rel=1e-11)


def test_trade_is_summed_over_pools_and_classes(book: Any) -> None:
    wide = rows(book, "trade")
    first = wide[(wide["asked_in"] == "NO") & (wide["served_in"] == "US")]
    frame = make_tables()["trade"]
    asked = frame[(frame["asked_in"] == "NO") & (frame["served_in"] == "US")].groupby("month")["serve_kh100e"].sum()
    assert first[list(MONTHS)].iloc[0].tolist() == pytest.approx(asked.tolist(), rel=1e-11)


def test_costs_add_up(book: Any) -> None:
    costs = make_tables()["costs"]
    by_month, by_place = rows(book, "costs"), rows(book, "costs_by_place")
    for measure in ("cost_musd", "discounted_musd"):
        total = costs[measure].sum()
        assert by_month.loc[by_month["measure"] == measure, list(MONTHS)].to_numpy().sum() == pytest.approx(total)
        assert by_place.loc[by_place["measure"] == measure, ["2027", "2028"]].to_numpy().sum() == pytest.approx(total)
        assert by_place.loc[by_place["measure"] == measure, "horizon"].sum() == pytest.approx(total)


@pytest.mark.parametrize("name", ["league", "nations", "limits", "entry"])
def test_tidy_sheets_equal_their_tables(book: Any, name: str) -> None:
    read, frame = rows(book, name), make_tables()[name]
    assert list(read.columns) == list(frame.columns)
    for column in frame:
        if pd.api.types.is_numeric_dtype(frame[column].dtype):
            np.testing.assert_array_equal(read[column].to_numpy(dtype=float), twelve(frame[column]))
        else:
            assert ["" if pd.isna(value) else as_month(value) for value in read[column]] == frame[column].tolist()


def as_month(value: Any) -> Any:
    """A date as the month that it begins."""
    return value.strftime("%Y-%m") if isinstance(value, datetime) and value.day == 1 else value


def test_months_are_dates_where_a_column_holds_them(book: Any) -> None:
    start = next(row[1] for row in book["in_plan"].iter_rows() if row[0].value == "start")
    for cell in (start, book["limits"]["C2"], book["entry"]["B2"], book["checks"]["H4"], book["charts"]["A3"]):
        assert (as_month(cell.value), cell.number_format) == ("2027-01", "mmm yyyy")
    assert book["chips"]["D1"].value == "2027-01"  # the name of a column of a table is a text to every spreadsheet program


def test_inputs_keep_their_sources(book: Any) -> None:
    regions = pd.DataFrame(make_result().plan.tables["regions"].resolved)
    assert rows(book, "in_regions")["source"].tolist() == regions["source"].tolist()


def test_no_cell_from_a_file_is_a_formula_or_a_link(book: Any, tmp_path: Path) -> None:
    verdict = ("summary", next(c.coordinate for row in book["summary"].iter_rows() for c in row if c.value == "=plan_checks"))
    seen = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or (sheet.title, cell.coordinate) == verdict or sheet.title == "checks", cell
                if isinstance(cell.value, str):
                    seen.add(cell.value)
                if cell.hyperlink is not None:
                    assert sheet.title == "read_me"
                    assert cell.hyperlink.target is None  # a place inside the workbook
    assert {"=cmd()", '=HYPERLINK("http://x")', "+1 judgement", '-a, quoted "source"', "@vr", "https://example.org"} <= seen


def test_excel_tables_filters_and_frozen_panes(book: Any) -> None:
    assert book["power"].tables["plan_power"].autoFilter is not None
    assert book["power"].freeze_panes == "E2"
    assert book["chips"].freeze_panes == "D2"
    assert book["limits"].tables["plan_limits"].ref == "A1:G3"
    assert book["in_regions"].tables["in_regions"].name == "in_regions"


def test_summary_says_what_a_director_asks(book: Any) -> None:
    page = book["summary"]
    text = "\n".join(str(cell) for row in page.values for cell in row if cell is not None)
    for words in (
        "Plan: toy",
        "a toy",
        "January 2027 to January 2028, 4 months",
        "Cost scope: power and buildings (energy, the plant that makes it, and halls; ",
        "Orbit does not enter: =1+1.",
    ):
        assert words in text
    assert len(page._charts) == 4
    assert "Energy 61 USD per MWh of IT." in text
    assert 61.2345 in [cell for row in page.values for cell in row]


def test_read_me_links_every_sheet_and_explains_every_column(book: Any) -> None:
    page = book["read_me"]
    cells = [str(cell) for row in page.values for cell in row if cell is not None]
    assert {name for name in book.sheetnames if name != "read_me"} <= set(cells)
    assert {column for frame in make_tables().values() for column in frame.columns} <= set(cells)
    assert "in_regions: pue" in cells


def test_every_column_that_the_judge_knows_is_explained() -> None:
    assert set(RESULTS) == set(RESULT_TABLES)
    for name, table in RESULTS.items():
        assert sorted(RESULT_TABLES[name].names) == sorted((*table.keys, *table.text, *table.optional_text, *table.numbers))
        assert all(column.doc for column in RESULT_TABLES[name].columns)


def test_run_sheet_leaves_out_what_differs_between_two_runs(book: Any) -> None:
    entries = dict(list(book["run"].values)[1:])
    assert entries["status"] == "optimal"
    assert entries["versions.pyomo"] == "6.9"
    assert not any(str(key).startswith("timings") for key in entries)


def test_same_result_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_xlsx(tmp_path / name, make_result())  # type: ignore[arg-type]
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_empty_tables_and_missing_tables_make_a_workbook(tmp_path: Path) -> None:
    tables = {name: frame.iloc[:0] for name, frame in make_tables().items() if name not in ("orbit", "entry")}
    write_xlsx(tmp_path / "plan.xlsx", make_result(tables))  # type: ignore[arg-type]
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert "orbit" not in book.sheetnames
    assert [cell.value for cell in book["limits"][1]] == list(tables["limits"].columns)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("columns", [None, "float", "object"])
@pytest.mark.parametrize("name", [*make_tables(), "all"])
def test_any_table_may_be_empty(name: str, columns: str | None, tmp_path: Path) -> None:
    tables = make_tables()
    for each in tables if name == "all" else (name,):
        tables[each] = tables[each].iloc[:0] if columns is None else pd.DataFrame(columns=tables[each].columns, dtype=columns)
    write_xlsx(tmp_path / "plan.xlsx", make_result(tables))  # type: ignore[arg-type]
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx")["summary"].sheet_state == "visible"


def test_a_plan_in_which_nothing_happens_has_no_charts_and_hides_what_is_zero(tmp_path: Path) -> None:
    tables = make_tables()
    for frame in tables.values():
        for column in frame.select_dtypes("number"):
            frame[column] = 0.0
    write_xlsx(tmp_path / "plan.xlsx", make_result(tables))  # type: ignore[arg-type]
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert book["summary"]._charts == []
    hidden = {page.title for page in book if page.sheet_state == "hidden"}
    assert hidden == {
        "chips",
        "dark",
        "fleet",
        "places",
        "power",
        "halls",
        "serve",
        "trade",
        "demand",
        "orbit",
        "launch",
        "costs",
        "costs_by_place",
    }


def test_when_nothing_flies_orbit_and_launch_are_hidden_and_entry_is_not(result: FakeResult, tmp_path: Path) -> None:
    result.tables["orbit"].loc[:, ["launched_mw", "launched_t", "alive_mw", "service_mw"]] = 0.0
    result.tables["launch"]["launched_t"] = 0.0
    write_xlsx(tmp_path / "plan.xlsx", result)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert {page.title for page in book if page.sheet_state == "hidden"} == {"orbit", "launch"}
    told = {row[0]: (row[2], link) for row, link in zip(book["read_me"].values, links(book["read_me"]), strict=True)}
    assert told["orbit"][0].endswith("Hidden: nothing in this plan.")
    assert (told["orbit"][1], told["entry"][1]) == (False, True)


def links(page: Any) -> list[bool]:
    return [row[0].hyperlink is not None for row in page.iter_rows()]


def test_what_was_changed_for_the_run_stands_below_the_title(result: FakeResult, book: Any, tmp_path: Path) -> None:
    result.plan.mapping["set"] = ["months=4", "launch_price.usd_per_kg=200"]
    write_xlsx(tmp_path / "plan.xlsx", result)  # type: ignore[arg-type]
    page = openpyxl.load_workbook(tmp_path / "plan.xlsx")["summary"]
    assert page["B3"].value == "changed for this run: months=4; launch_price.usd_per_kg=200"
    assert not [cell for row in book["summary"].values for cell in row if str(cell).startswith("changed")]


def test_headline_numbers_are_named_in_plain_words(book: Any) -> None:
    assert "Chips dark at worst" in [cell for row in book["summary"].values for cell in row]


def test_a_table_without_a_place_in_the_dictionary_gets_a_sheet(result: FakeResult, tmp_path: Path) -> None:
    result.tables["water"] = pd.DataFrame({"region_id": ["a"], "water_mw": [2.0]})
    write_xlsx(tmp_path / "plan.xlsx", result)  # type: ignore[arg-type]
    assert rows(openpyxl.load_workbook(tmp_path / "plan.xlsx"), "water")["water_mw"].tolist() == [2.0]


def test_rows_beyond_excel_are_said_to_be_elsewhere(
    result: FakeResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.write.xlsx.table_sheet.EXCEL_ROWS", 10)
    write_xlsx(tmp_path / "plan.xlsx", result)  # type: ignore[arg-type]
    page = openpyxl.load_workbook(tmp_path / "plan.xlsx")["power"]
    assert page["A10"].value == f"{14 * 6 // 2 - 8:,} more rows: see tables/power.csv"
    told = {row[0]: row[2] for row in openpyxl.load_workbook(tmp_path / "plan.xlsx")["read_me"].values}
    assert "the last 34 are in tables/power.csv alone" in told["power"]


def test_texts_that_look_like_markup_are_texts(result: FakeResult, tmp_path: Path) -> None:
    names = ["<r>x & y</r>", "<script>alert(1)</script>", "_x0041_", "@x", "=1+1"]
    result.tables["league"] = result.tables["league"].iloc[[0] * 5].assign(place_id=names)
    write_xlsx(tmp_path / "plan.xlsx", result)  # type: ignore[arg-type]
    page = openpyxl.load_workbook(tmp_path / "plan.xlsx")["league"]
    assert [page.cell(row, 1).value for row in range(2, 7)] == names
    assert {page.cell(row, 1).data_type for row in range(2, 7)} == {"s"}


def test_disk_full_is_the_systems_own_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"No such file|directory"):
        write_xlsx(tmp_path / "missing" / "plan.xlsx", make_result())  # type: ignore[arg-type]


def test_the_file_is_a_sound_zip(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "plan.xlsx", make_result())  # type: ignore[arg-type]
    assert zipfile.ZipFile(tmp_path / "plan.xlsx").testzip() is None


@pytest.mark.parametrize(
    ("values", "name", "shown"),
    [
        ([12345.6, 9876.5], "", "#,##0"),
        ([55.5, 60.25], "", "#,##0.0"),
        ([1.234, 2.5], "", "#,##0.00"),
        ([0.123, 0.5], "", "#,##0.000"),
        ([1e-5, 3.3e-5], "", "#,##0.00000"),
        ([1.0, 200.0], "", "#,##0"),
        ([0.0, np.nan], "", "#,##0"),
    ],
)
def test_number_formats_show_the_digits_that_matter(values: list[float], name: str, shown: str) -> None:
    assert number_format(np.array(values), name) == f'{shown};-{shown};"–"'


def test_absent_facts_are_zero_and_missing_numbers_are_empty() -> None:
    frame = pd.DataFrame({"region_id": ["a", "a", "b"], "month": ["2027-01", "2027-02", "2027-02"], "mw": [1.0, np.nan, 3.0]})
    wide = layout.across(frame, ("region_id",), ("mw",), "month", ("2027-01", "2027-02"), keep_zero_rows=True)
    assert wide["2027-01"].tolist() == [1.0, 0.0]
    assert np.isnan(wide["2027-02"][0])
    assert wide["2027-02"][1] == 3.0
