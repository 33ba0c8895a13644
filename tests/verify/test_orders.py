"""The verifier on the order book: what ends, slips or is cancelled, its charges, and the proof with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.same_rows import differences

NEW = Path(__file__).parents[2] / "planner" / "new"
ORDERS = """region_id,option_id,month,build_mw,until_month,source,quality
us_ohio,grid,2027-02,60,2027-04,example,estimate
us_ohio,fuel_cell,2027-02,3,2027-05,before its lead time,estimate
fi_hamina,halls,2027-03,20,2027-05,example,estimate
us_ohio,grid,2026-02,10,2027-03,of before the plan,estimate
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = Path(shutil.copytree(NEW, tmp_path_factory.mktemp("plan") / "new"))
    (plan / "tables" / "commitments.csv").write_text(ORDERS, encoding="utf-8")
    found = api.solve(api.load(plan / "plan.yaml", ["months=6"]))
    return write_run(found, tmp_path_factory.mktemp("orders") / "run", workbook=False)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_orders_that_end_are_proven_optimal(folder: Path) -> None:
    verdict = verify(folder)
    assert verdict.ok, verdict.lines()
    costs = pd.read_csv(folder / "tables" / "costs.csv")
    cells = costs[(costs["component"] == "capital") & (costs["item_id"] == "fuel_cell") & (costs["place_id"] == "us_ohio")]
    assert cells.loc[cells["cost_musd"].abs() > 1e-9, "month"].max() == "2027-05"


@pytest.mark.parametrize(
    ("row", "failed"),
    [
        ("us_ohio,grid,2027-02", {"costs.capital", "conserve_capacity"}),
        ("fi_hamina,halls,2027-03", {"costs.halls", "conserve_shell"}),
    ],
)
def test_another_end_is_seen(copy: Path, row: str, failed: set[str]) -> None:
    path = copy / "inputs" / "commitments.csv"
    frame = pd.read_csv(path, dtype=str)
    key = frame[["region_id", "option_id", "month"]].agg(",".join, axis=1) == row
    frame.loc[key, "until_month"] = "2027-03"
    frame.to_csv(path, index=False)
    assert failed <= {check.name for check in verify(copy, hashes=False).failed}


OPEN = """region_id,option_id,month,build_mw,until_month,status,contract_of,energy_usd_per_mwh,deposit_musd,cancel_until_month,\
slip_usd_per_mw_month,source,quality
us_ohio,grid,2027-02,60,,approved,,,,,3000,example,estimate
us_ohio,fuel_cell,2027-02,3,,approved,,,,,9000,before its lead time,estimate
fi_hamina,halls,2027-03,40,2027-07,approved,,,1,2027-02,100,example,estimate
fi_hamina,grid,2027-03,30,,confirmed,,,0.0001,2027-02,,example,estimate
us_miso_iowa,wind_ppa,2027-03,25,2027-06,approved,grid,70,0.1,2027-01,2000,example,estimate
us_ercot_texas,grid,2027-04,6,,confirmed,,,,,,example,estimate
fr_paris,grid,2027-01,20,2027-06,confirmed,,,0.01,2027-01,,example,estimate
dawn_dusk,launches,2027-05,0.5,,confirmed,,,,,,example,estimate
"""


@pytest.fixture(scope="module")
def open_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = Path(shutil.copytree(NEW, tmp_path_factory.mktemp("plan") / "new"))
    (plan / "tables" / "commitments.csv").write_text(OPEN, encoding="utf-8")
    found = api.solve(api.load(plan / "plan.yaml", ["months=7", "look_ahead_months=2", "launch.tonnes=200"]))
    return write_run(found, tmp_path_factory.mktemp("open") / "run", workbook=False)


def test_orders_that_slip_or_are_cancelled_are_proven_optimal(open_folder: Path) -> None:
    verdict = verify(open_folder)
    assert verdict.ok, verdict.lines()
    orders = pd.read_csv(open_folder / "tables" / "orders.csv")
    assert orders[["arrived_mw", "late_mw", "cancelled_mw"]].sum().min() > 0
    duals = pd.read_csv(open_folder / "tables" / "duals.csv")
    assert {"settle_order", "build_arrivals", "keep_launch_order"} <= set(duals["constraint"])
    costs = pd.read_csv(open_folder / "tables" / "costs.csv").groupby("component")["cost_musd"].sum()
    assert costs["slip"] > 0
    assert costs["deposit"] > 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("table", "row", "column", "value", "failed"),
    [
        ("inputs/commitments", 1, "slip_usd_per_mw_month", "8000", "costs.slip"),
        ("inputs/commitments", 6, "deposit_musd", "0.02", "costs.deposit"),
        ("inputs/commitments", 6, "cancel_until_month", "", "orders.rows"),
        ("inputs/commitments", 0, "build_mw", "61", "settle_order"),
        ("inputs/commitments", 7, "build_mw", "0.6", "keep_launch_order"),
        ("tables/orders", 0, "arrived_mw", "70", "settle_order"),
        ("tables/orders", 1, "late_mw", "2", "settle_order"),
    ],
)
def test_another_order_is_seen(
    open_folder: Path, tmp_path: Path, table: str, row: int, column: str, value: str, failed: str
) -> None:
    copy = Path(shutil.copytree(open_folder, tmp_path / "copy"))
    path = copy / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[row, column] = value
    frame.to_csv(path, index=False)
    assert failed in {check.name for check in verify(copy, hashes=False).failed}


@pytest.mark.parametrize("option", ["site", "hibernation", "grid"])
def test_a_design_is_the_place_of_launches_alone(open_folder: Path, tmp_path: Path, option: str) -> None:
    copy = Path(shutil.copytree(open_folder, tmp_path / "copy"))
    path = copy / "inputs" / "commitments.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[frame["option_id"] == "launches", "option_id"] = option
    frame.to_csv(path, index=False)
    said = verify(copy, hashes=False).lines()
    assert any("region_id 'dawn_dusk' is not known to the plan" in line for line in said), said


def test_rows_are_those_of_the_model(open_folder: Path) -> None:
    names, found = differences(open_folder)
    assert found == []
    assert {
        "settle_order",
        "build_arrivals",
        "build_hall_arrivals",
        "count_above_pace",
        "end_orders",
        "end_hall_orders",
    } <= names
