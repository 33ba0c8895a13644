"""The verifier on owners: rights, trade and its cost are derived from the inputs; one changed number is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.rich import OWNERS, SETTINGS, rich_plan
from tests.verify.same_rows import differences


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which owners trade, never changed."""
    made = tmp_path_factory.mktemp("owners")
    return write_run(api.solve(rich_plan(made / "plan", [*SETTINGS, *OWNERS])), made / "run", workbook=False)


@pytest.fixture
def run(traded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(traded, tmp_path / "run"))


def failures(folder: Path) -> set[str]:
    return {check.name for check in verify(folder, hashes=False).failed}


def test_trade_is_proven_optimal(traded: Path) -> None:
    assert "respect_right" in set(pd.read_csv(traded / "tables" / "duals.csv")["constraint"])
    power = pd.read_csv(traded / "tables" / "owner_power.csv")
    assert float(power["bought_mw"].sum()) > 1.0
    assert float(power["sold_mw"].sum()) == pytest.approx(float(power["bought_mw"].sum()))
    assert verify(traded).ok
    limits = pd.read_csv(traded / "tables" / "limits.csv")
    rights = limits[limits["constraint"] == "respect_right"]
    assert len(rights) > 0
    assert (rights["rent_musd"] == 0.0).all()


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("policy", "ahead"), [("shared", 0), ("own", 0), ("own", 3)])
def test_other_policies_are_proven_optimal(policy: str, ahead: int, tmp_path: Path) -> None:
    settings = [f"owners.power={policy}", f"look_ahead_months={ahead}"]
    plan = rich_plan(tmp_path / "plan", [*SETTINGS, *OWNERS[:2], *settings])
    folder = write_run(api.solve(plan), tmp_path / "run", workbook=False)
    verdict = verify(folder)
    assert verdict.ok, verdict.lines()
    assert (pd.read_csv(folder / "tables" / "owner_power.csv")[["bought_mw", "sold_mw"]] == 0.0).all(axis=None)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("file", "row", "column", "value", "check"),
    [
        ("inputs/owners.csv", 1, "power_frac", "0.19", "respect_right"),
        ("inputs/power_rights.csv", 0, "power_frac", "0.001", "respect_right"),
        ("inputs/accelerators.csv", 1, "owner_id", "amd", "respect_right"),
        ("tables/owners.csv", 3, "dark_mw", "12345", "owners.dark_mw"),
        ("tables/owner_power.csv", 0, "right_mw", "12345", "owner_power.right_mw"),
        ("tables/owner_power.csv", 0, "used_mw", "12345", "owner_power.used_mw"),
        ("tables/owner_power.csv", 0, "sold_mw", "12345", "owner_power.traded"),
    ],
)
def test_one_changed_number_is_seen(run: Path, file: str, row: int, column: str, value: str, check: str) -> None:
    frame = pd.read_csv(run / file, dtype=str, keep_default_na=False)
    frame.loc[row, column] = value
    frame.to_csv(run / file, index=False)
    assert check in failures(run)


def test_the_cost_of_trade_is_that_of_the_plan(run: Path) -> None:
    path = run / "inputs" / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    assert "trade_usd_per_mw_month: 20000" in text
    path.write_text(text.replace("trade_usd_per_mw_month: 20000", "trade_usd_per_mw_month: 21000"), encoding="utf-8")
    assert "costs.power_trade" in failures(run)


def test_a_lost_table_of_trade_is_seen(run: Path) -> None:
    (run / "tables" / "owner_power.csv").unlink()
    assert "respect_right" in failures(run)


def test_rows_are_those_of_the_model(traded: Path) -> None:
    names, found = differences(traded)
    assert found == []
    assert {"respect_right", "require_share", "limit_carbon", "limit_network", "keep_commitment"} <= names
