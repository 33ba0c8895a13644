"""The parts of the report: numbers in words, names, and what a chart draws of few months or many series."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from planner.formats import number, percent, usd, watts
from planner.write.charts.series import Series, lines, stacked
from planner.write.names import Names
from planner.write.report.parent import _cells, _rows
from planner.write.report.sites import _round

MONTHS = [f"2027-{month:02d}" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (123456.7, "123,457"),
        (99.96, "100"),
        (12.34, "12.3"),
        (9.996, "10.0"),
        (1.234, "1.23"),
        (0.01234, "0.012"),
        (float("nan"), ""),
    ],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


def test_units_that_fit() -> None:
    assert usd(232_827e6) == "233 billion USD"
    assert usd(3_545_620e6) == "3.55 trillion USD"
    assert usd(46.1e6) == "46.1 million USD"
    assert usd(12_300) == "12,300 USD"
    assert watts(999.4) == "999 MW"
    assert watts(44_800) == "44.8 GW"
    assert percent(0.405) == "40.5 %"


def test_long_names_are_cut_only_where_the_head_tells_them_apart() -> None:
    names = ["Hebei hub, Zhangjiakou cluster and more", "India, Navi Mumbai and its surroundings", "India, Hyderabad"]
    found = Names({"regions": pd.DataFrame({"region_id": ["a", "b", "c"], "name": names})})
    assert found("a") == "Hebei hub"
    assert found("b") == names[1]
    assert found("unknown") == "unknown"
    assert found.where("a / c") == "Hebei hub / India, Hyderabad"


def test_a_band_is_named_where_it_has_room() -> None:
    chart = stacked(MONTHS, [Series("thick", [10.0] * 12), Series("thin", [0.2] * 12), Series("late", [0.0] * 6 + [9.0] * 6)])
    names = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "text")
    assert {row["t"] for row in names["data"]["values"]} == {"thick", "late"}


def test_two_months_are_bars() -> None:
    assert stacked(MONTHS[:2], [Series("a", [1.0, 2.0])])["layer"][0]["mark"]["type"] == "bar"
    assert stacked(MONTHS, [Series("a", [1.0] * 12)])["layer"][0]["mark"]["type"] == "area"
    assert lines(MONTHS[:1], [Series("a", [1.0])])["layer"][0]["mark"]["point"] is True


def test_gaps_stay_gaps() -> None:
    assert lines(MONTHS, [Series("a", [float("nan")] * 12)])["data"]["values"][0]["s0"] is None


@pytest.mark.parametrize(("mw", "ring"), [(1.0, 1.0), (4.9, 2.0), (5.0, 5.0), (12_570.0, 10_000.0)])
def test_the_ring_of_the_map_is_a_round_number(mw: float, ring: float) -> None:
    assert _round(mw) == ring


def test_changes_are_counted_by_table_and_kind() -> None:
    scaled, dear = "step: scaled by 2 (a.yaml:3:4)", "price: set to 5 (a.yaml:7:1)"
    inputs = {"power": pd.DataFrame({"changed": [f"{scaled}; {dear}", scaled, ""]}), "zones": pd.DataFrame({"zone_id": ["z"]})}
    found = _cells(SimpleNamespace(inputs=inputs))  # type: ignore[arg-type]
    assert found == [["power", scaled, "2", "3"], ["power", dear, "1", "3"]]


def test_rows_that_came_and_went_are_told() -> None:
    adjust = [
        {"table": "zones", "drop": True, "where": {"zone_id": ["a", "b"]}},
        {"table": "zones", "rows": "more.csv"},
        {"table": "zones", "scale": {"x": 2}},
    ]
    run = SimpleNamespace(inputs={"zones": pd.DataFrame({"zone_id": ["z"]})})
    assert _rows(run, adjust) == [  # type: ignore[arg-type]
        ["zones", "rows dropped, where zone_id is a or b", "", "1"],
        ["zones", "rows added or replaced: more.csv", "", "1"],
    ]
