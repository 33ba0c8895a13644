"""Plans with hours from file to verdict: the judge derives every slice once more, and sees when one is wrong."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.api import solve
from planner.formats import watts
from planner.read.load import load
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_into
from tests.read.hourly import hourly_plan
from tests.read.toy import write_plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hours")
    result = solve(load(hourly_plan(made)))
    (made / "run").mkdir()
    write_into(made / "run", result, workbook=False)
    return made / "run"


def test_a_plan_with_hours_is_confirmed(folder: Path) -> None:
    verdict = verify(folder)
    assert verdict.ok, verdict.lines()
    names = {check.name for check in verdict.checks}
    assert {"slices.hours", "power_by_slice.energy_usd_per_mwh", "power.output_mw", "fleet.run_kunit"} <= names
    assert len(pd.read_csv(folder / "tables" / "slices.csv")) == 12


def test_storage_is_no_plant_in_the_headline(folder: Path) -> None:
    """The battery of Ohio has 5 MW; the engine is the only plant, and not worth building."""
    power = pd.read_csv(folder / "tables" / "power.csv")
    by_option = power[power["month"] == power["month"].max()].groupby("option_id")
    last, capacity = by_option["firm_mw"].sum(), by_option["capacity_mw"].sum()
    summary = pd.read_csv(folder / "tables" / "summary.csv").set_index("key")
    text = str(summary.loc["power_firm_end", "text"])
    plants = watts(last.get("gas_engine", 0.0))
    assert f"{plants} of it plants on site and {watts(last['battery'])} storage;" in text
    assert summary.loc["power_firm_end", "value"] == pytest.approx(last.sum() / 1e3)
    assert summary.loc["power_end", "value"] == pytest.approx(capacity.sum() / 1e3)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("table", "column", "factor", "seen"),
    [
        ("power_by_slice", "output_mw", 1.01, "balance_power"),
        ("power_by_slice", "output_mw", 5.0, "respect_capacity"),
        ("power_by_slice", "energy_usd_per_mwh", 1.001, "power_by_slice.energy_usd_per_mwh"),
        ("power_by_slice", "availability_frac", 0.99, "power_by_slice.availability_frac"),
        ("fleet_by_slice", "run_kunit", 5.0, "run_installed"),
        ("fleet_by_slice", "run_kunit", 0.9, "place_compute"),
        ("slices", "length_h", 0.5, "tables"),  # half an hour is refused as it is read
        ("work_by_slice", "shift_kh100e", 1.01, "keep_flexible_work"),
        ("power_by_slice", "charge_mw", 1.01, "conserve_stored"),
        ("power_by_slice", "charge_mw", 9.0, "limit_charge"),
        ("power_by_slice", "stored_mwh", 9.0, "limit_stored"),
    ],
)
def test_a_wrong_slice_is_seen(folder: Path, table: str, column: str, factor: float, seen: str) -> None:
    path = folder / "tables" / f"{table}.csv"
    before = path.read_bytes()
    frame = pd.read_csv(path)
    frame[column] = frame[column].astype(float)
    frame.loc[frame[column].idxmax(), column] *= factor
    frame.to_csv(path, index=False)
    try:
        assert seen in {check.name for check in verify(folder, hashes=False).failed}
    finally:
        path.write_bytes(before)


def test_more_slices_tell_the_same_months(tmp_path: Path) -> None:
    """Where nothing moves within the day, cutting it changes neither the cost nor a single month."""
    one = solve(load(write_plan(tmp_path / "a")))
    many = solve(load(write_plan(tmp_path / "b", plan={"slices": 8, "days": {"weekend": 8.7}})))
    assert many.record["solver"]["objective_musd"] == pytest.approx(one.record["solver"]["objective_musd"], rel=1e-7)


def test_work_that_waits_past_its_window_is_seen(folder: Path) -> None:
    """The plan was made for three hours; of one it would say too little."""
    path = folder / "inputs" / "classes.csv"
    before = path.read_bytes()
    frame = pd.read_csv(path)
    assert set(pd.read_csv(folder / "tables" / "duals.csv")["constraint"]) >= {"conserve_waiting", "limit_waiting"}
    frame["flexible_window_h"] = frame["flexible_window_h"].where(frame["class_id"] != "chat", 1.0)
    frame.to_csv(path, index=False)
    try:
        assert "limit_waiting" in {check.name for check in verify(folder, hashes=False).failed}
    finally:
        path.write_bytes(before)
