"""The verifier on reserved capacity: it derives what stands, is used, short and paid by itself, and sees what was edited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.api import load, solve, verify
from planner.result import Result
from planner.verify.verify import verify as verified
from planner.write.folder.result_folder import write_run
from tests.read.toy import write_plan
from tests.verify.cells import edited, failures
from tests.verify.same_rows import differences

FROM = {"source": "t", "quality": "estimate"}
PAID = {"price_usd_per_h100e_h": 2.5, "take_or_pay_frac": 0.8}


def reservation(name: str, region: str, kh100e: float, **cells: Any) -> dict[str, Any]:
    empty = {"from": "", "class_id": "", "from_month": "", "until_month": "", "penalty_usd_per_h100e_h": ""}
    return {"reservation_id": name, "region_id": region, "kh100e": kh100e, **empty, "take_or_pay_frac": "", **cells, **FROM}


RESERVATIONS = [
    reservation("acme", "ohio", 40, **{"from": "new_york"}, class_id="chat", from_month="2028-02", **PAID),
    reservation("bank", "bavaria", 6, until_month="2028-03", penalty_usd_per_h100e_h=0.02, **PAID),
    reservation("labs", "ohio", 8, **{"from": "us"}, class_id="batch", from_month="2028-03"),
    reservation("idle", "ohio", 10, from_month="2028-02", **PAID),
]
SETS = ["slices=4", "classes.flexible_frac=0.3", "demand.start_kh100e*=1.3", "look_ahead_months=2"]
SETS += ["reservations[idle,2028-04].kh100e=5"]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = write_plan(tmp_path_factory.mktemp("plan"), reservations=RESERVATIONS)
    return solve(load(path, SETS))


@pytest.fixture
def run(result: Result, tmp_path: Path) -> Path:
    return write_run(result, tmp_path / "run", workbook=False)


def test_the_verifier_knows_reservations(result: Result, run: Path) -> None:
    table = result.tables["reservations"].set_index(["reservation_id", "month"])
    assert table["worth_usd"].max() > 0
    assert table.loc["idle", "used_kh100e"].sum() == 0
    assert 0 < table.loc[("acme", "2028-02"), "used_kh100e"] < 40
    assert table.loc[("idle", "2028-04"), "reserved_kh100e"] == 5
    assert (table.loc["bank", "short_kh100e"] > 0).any()
    verdict = verify(run)
    assert verdict.ok, verdict.lines()
    optimal = next(check for check in verdict.checks if check.name == "optimal")
    assert optimal.gap == pytest.approx(0, abs=1e-6)


def test_what_is_taken_or_paid_is_paid_for_whether_used_or_not(result: Result) -> None:
    """8 of the 10 that nobody uses, at 2.50 USD for each of 696 hours."""
    table = result.tables["reservations"].set_index(["reservation_id", "month"])
    row = table.loc["idle", "2028-02"]
    assert row["paid_musd"] == row["unused_musd"] == pytest.approx(2.5 * 0.8 * 10 * 696 / 1000)
    used = table.loc["acme", "2028-02"]
    assert used["paid_musd"] == pytest.approx(2.5 * max(used["used_kh100e"], 32) * 696 / 1000)
    costs = result.tables["costs"]
    paid = costs.loc[costs["component"] == "reservation_penalty", "cost_musd"].sum()
    assert paid == pytest.approx(table["penalty_musd"].sum())


COLUMNS = ("reserved_kh100e", "standing_kh100e", "used_kh100e", "short_kh100e", "penalty_musd", "paid_musd", "unused_musd")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("column", [*COLUMNS, "worth_usd"])
def test_each_number_of_the_table_is_examined(run: Path, column: str) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        row = frame.index[(frame["reservation_id"] == "acme") & (frame["month"] == "2028-03")]
        frame.loc[row, column] = "7"
        return frame

    assert f"reservations.{column}" in edited(run, "reservations", change)


def test_a_row_that_is_missing_is_seen(run: Path) -> None:
    assert "reservations.row" in edited(run, "reservations", lambda frame: frame.drop(index=2))
    (run / "tables" / "reservations.csv").unlink()
    assert not verified(run, hashes=False).ok


def test_capacity_that_others_use_is_seen(run: Path) -> None:
    """More is reserved in the inputs than the plan leaves free."""
    path = run / "inputs" / "reservations.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[frame["reservation_id"] == "idle", "kh100e 2028-02"] = "40"
    frame.to_csv(path, index=False)
    failed = failures(verified(run, hashes=False))
    assert {"install_reserved", "reservations.reserved_kh100e"} <= failed


def test_rows_are_those_of_the_model(run: Path) -> None:
    names, found = differences(run)
    assert found == []
    assert {"keep_reservation", "leave_idle"} <= names
