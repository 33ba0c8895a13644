"""Tables with a row for each month, written with a column for each month; plans without orbit that say nothing of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.refusals import refused, refused_plan
from tests.read.toy import Rows, toy_plan, toy_tables, write_plan
from tests.read.workbooks import write_book


def across(rows: Rows, column: str, key: str) -> Rows:
    """One row a key with months across, as planners keep them."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        kept = {name: value for name, value in row.items() if name not in ("month", column)}
        found.setdefault(row[key], kept)[row["month"]] = row[column]
    return list(found.values())


def deliveries(rows: Rows) -> Rows:
    return across(rows, "kunit", "generation_id")


def test_months_across_are_the_same_rows(tmp_path: Path) -> None:
    usual, wide = (load(write_plan(tmp_path / name, deliveries=change)) for name, change in (("a", list), ("b", deliveries)))
    names = "generation_id", "month", "kunit"
    assert sorted(wide.tables["deliveries"].select(*names)) == sorted(usual.tables["deliveries"].select(*names))
    assert prepare(wide).delivered_kunit == prepare(usual).delivered_kunit
    first = next(position for position, row in enumerate(wide.tables["deliveries"].column("month")) if row == "2028-02")
    place = wide.tables["deliveries"].place(first, "kunit")
    header = (tmp_path / "b" / "tables" / "deliveries.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert (place.line, place.column) == (2, header.index("2028-02") + 1)


def test_an_empty_cell_is_no_row_and_dates_of_a_workbook_are_months(tmp_path: Path) -> None:
    tables = toy_tables(orbit=False)
    tables["deliveries"] = deliveries(tables["deliveries"])
    tables["deliveries"][0]["2028-02"] = None

    def spoil(book: Any) -> None:
        for cell in book["deliveries"][1]:
            if str(cell.value).startswith("2028-"):
                cell.value, cell.number_format = date(2028, int(cell.value[5:]), 1), "mmm yy"

    plan = load(write_book(tmp_path / "toy.xlsx", spoil, tables))
    generation = tables["deliveries"][0]["generation_id"]
    months = [month for name, month in plan.tables["deliveries"].select("generation_id", "month") if name == generation]
    assert months == ["2028-01", "2028-03", "2028-04"]


REFUSED = {
    "a cell": (
        lambda rows: [{**deliveries(rows)[0], "2028-02": "many"}, *deliveries(rows)[1:]],
        "tables/deliveries.csv:2:5: kunit = many: expected a number in thousand units",
    ),
    "a column month too": (
        lambda rows: [{**row, "2028-02": 1} for row in rows],
        (
            ": unknown column kunit 2028-02 in table deliveries (a month is part of the key:"
            " rows with a column month, or columns such as kunit 2028-02 and no column month)"
        ),
    ),
    "a month that no year has": (
        lambda rows: [{**row, "2028-13": 1} for row in deliveries(rows)],
        "2028-13 is no month: expected a month as YYYY-MM, such as kunit 2028-01",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    change, expected = REFUSED[name]
    found = refused(tmp_path, deliveries=change)
    assert len(found) == 1
    assert expected in found[0]


def without_orbit(plan: dict[str, Any]) -> dict[str, Any]:
    return {**plan, "network": {key: value for key, value in plan["network"].items() if key != "orbit_rtt_ms"}}


def unflown(rows: Rows) -> Rows:
    return [{name: value for name, value in row.items() if name != "orbit"} for row in rows]


def test_a_plan_without_designs_need_not_speak_of_orbit(tmp_path: Path) -> None:
    usual = load(write_plan(tmp_path / "a", orbit=False))
    silent = load(write_plan(tmp_path / "b", orbit=False, plan=without_orbit(toy_plan()), classes=unflown))
    assert "orbit_rtt_ms" not in yaml.safe_load((tmp_path / "b" / "plan.yaml").read_text(encoding="utf-8"))["network"]
    assert prepare(silent).routes == prepare(usual).routes


def test_a_plan_with_designs_states_their_delay(tmp_path: Path) -> None:
    found = refused_plan(write_plan(tmp_path, plan=without_orbit(toy_plan())))
    assert found == [
        "plan.yaml:11:3: network.orbit_rtt_ms is missing: expected a round trip in ms, since tables/designs.csv has rows"
    ]
