"""Series by month from files to results and back: the costs are what the months say, and another month's number is found."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from planner.api import run, verify
from planner.read.load import load
from tests.read.toy import Rows, write_plan
from tests.verify.same_rows import differences

LINK = {"from_month": "", "gbit_s": 500}
SITE = {"shell_step_mw_per_month 2028-03": 1, "pue 2028-02": 1.1, "availability_frac 2028-04": 0.9}
CORE = {"core_value_usd_per_h100e_h": 2.5, "core_value_usd_per_h100e_h 2028-04": 4}
TRANSIT = {"usd_per_gbit_s_month": 6000, "usd_per_gbit_s_month 2028-03": 9000}
MADE = {"source": "toy", "quality": "estimate"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy with look-ahead: a customer who ends, work that begins in March, prices, steps and a link that change."""

    def demand(rows: Rows) -> Rows:
        rows = [{**row, "from_month": "", "until_month": ""} for row in rows]
        rows[2]["until_month"] = "2028-02"
        rows[3]["from_month"] = "2028-03"
        return [*rows, {**MADE, "zone_id": "new_york", "class_id": "chat", "from_month": "2028-04", "start_kh100e": 6}]

    def power(rows: Rows) -> Rows:
        steps = {"energy_usd_per_mwh 2028-03": 31, "energy_growth_frac_per_year 2028-03": 0.5, "step_mw_per_month 2028-02": 2}
        steps["availability_frac 2028-04"] = 0.5
        return [{**row, **(steps if row["region_id"] == "ohio" and row["option_id"] == "grid" else {})} for row in rows]

    top = tmp_path_factory.mktemp("series")
    plan = write_plan(
        top / "plan",
        plan={"look_ahead_months": 2},
        demand=demand,
        power=power,
        fuels=[{**MADE, "region_id": "ohio", "fuel_id": "gas", "2028-01": 2, "2028-03": 9, "2028-06": 1}],
        links=[{**MADE, "region_id": "bavaria", **row} for row in (LINK, {"from_month": "2028-03", "gbit_s": 1})],
        routes=[{**MADE, "route_id": "all", "from": "", "to": "ohio;bavaria", "gbit_s": "", **TRANSIT}],
        regions=lambda rows: [{**row, **SITE} for row in rows],
        classes=lambda rows: [{**row, "value_usd_per_h100e_h 2028-03": 1.5, "core_frac": 0.2, **CORE} for row in rows],
    )
    assert run(load(plan), top / "out").verdict.ok
    return top / "out"


def test_a_customer_who_ends_is_served_no_more(folder: Path) -> None:
    demand = pd.read_csv(folder / "tables" / "demand.csv").set_index(["pool_id", "class_id", "month"])["demand_kh100e"]
    assert demand["munich", "chat"].to_list() == pytest.approx([12, 12 * 2 ** (1 / 6), 0, 0])
    assert demand["europe", "batch"].to_list() == pytest.approx([0, 0, 8, 8 * 2 ** (1 / 12)])
    assert demand["new_york", "chat", "2028-04"] == pytest.approx(6)


def test_energy_costs_what_its_month_says(folder: Path) -> None:
    power = pd.read_csv(folder / "tables" / "power.csv")
    ohio = power[(power["region_id"] == "ohio") & (power["option_id"] == "grid")].set_index("month")["energy_mwh"]
    bavaria = power[power["region_id"] == "bavaria"].set_index("month")["energy_mwh"]
    costs = pd.read_csv(folder / "tables" / "costs.csv")
    paid = costs[costs["component"] == "energy"].groupby("month")["cost_musd"].sum()
    growth = pd.read_csv(folder / "inputs" / "power.csv")["energy_growth_frac_per_year"].to_list()
    usd = [65, 65 * (1 + growth[0]) ** (1 / 12), 31, 31 * 1.5 ** (1 / 12)]
    of_bavaria = [110 * (1 + growth[2]) ** (t / 12) for t in range(4)]
    expected = (ohio * usd + bavaria * of_bavaria) / 1e6
    assert paid.to_list() == pytest.approx(expected.to_list())


def test_the_workbook_agrees_with_itself(folder: Path) -> None:
    said = str(openpyxl.load_workbook(folder / "plan.xlsx", data_only=True)["checks"]["A2"].value)
    assert said.startswith("OK: all ")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("demand", "start_kh100e 2028-04"),
        ("power", "energy_usd_per_mwh 2028-03"),
        ("power", "energy_growth_frac_per_year 2028-03"),
        ("power", "step_mw_per_month 2028-02"),
        ("fuels", "usd_per_mmbtu 2028-03"),
        ("links", "gbit_s 2028-03"),
        ("regions", "shell_step_mw_per_month 2028-03"),
        ("regions", "pue 2028-02"),
        ("regions", "availability_frac 2028-04"),
        ("power", "availability_frac 2028-04"),
        ("routes", "usd_per_gbit_s_month 2028-03"),
        ("classes", "value_usd_per_h100e_h 2028-03"),
        ("classes", "core_value_usd_per_h100e_h 2028-04"),
    ],
)
def test_another_number_of_a_month_is_found(folder: Path, table: str, column: str) -> None:
    """Every dated column decides something that the verifier compares."""
    path = folder / "inputs" / f"{table}.csv"
    before = path.read_text(encoding="utf-8")
    frame = pd.read_csv(path)
    frame[column] *= 0.5
    frame.to_csv(path, index=False)
    try:
        failed = [check.name for check in verify(folder).checks if not check.ok]
    finally:
        path.write_text(before, encoding="utf-8", newline="")
    assert set(failed) - {"manifest"}, failed


def test_rows_are_those_of_the_model(folder: Path) -> None:
    names, found = differences(folder)
    assert found == []
    assert {"serve_demand", "balance_power"} <= names
