"""The verifier on targets and shares: it derives what is required, missed and paid by itself, and sees what was edited."""

from __future__ import annotations

from pathlib import Path

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
TARGETS = [
    {"target_id": "batch", "from": "", "class_id": "batch", "min_served_frac": 0.5, "penalty_usd_per_h100e_h": "", **FROM},
    {"target_id": "germany", "from": "DE", "class_id": "chat", "min_served_frac": 0.9, "penalty_usd_per_h100e_h": 9, **FROM},
    {"target_id": "eu", "from": "europe", "class_id": "*", "min_served_frac": 0.95, "penalty_usd_per_h100e_h": 1, **FROM},
]
SHARES = [
    {"share_id": "home", "class_id": "batch", "from_bloc": "us", "to": "ohio", "min_frac": 0.8, "max_frac": 0.97, **FROM},
    {
        "share_id": "all",
        "class_id": "*",
        "from_bloc": "*",
        "to": "bavaria",
        "min_frac": "",
        "max_frac": 0.3,
        "of": "asked",
        **FROM,
    },
]
SETS = [
    "demand.start_kh100e*=4",
    "look_ahead_months=2",
    "targets[germany,2028-03].min_served_frac=0.95",
    "targets[eu,2028-05].min_served_frac=0",
]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = write_plan(tmp_path_factory.mktemp("plan"), targets=TARGETS, shares=SHARES)
    return solve(load(path, SETS))


@pytest.fixture
def run(result: Result, tmp_path: Path) -> Path:
    return write_run(result, tmp_path / "run", workbook=False)


def test_the_verifier_knows_targets(result: Result, run: Path) -> None:
    table = result.tables["targets"]
    assert set(table["rule"]) == {"target", "least_share", "greatest_share"}
    assert (table["missed_kh100e"] > 1).any()
    assert {"require_target"} <= set(result.tables["limits"]["constraint"])
    assert len(result.look_ahead["targets"]) == 2 * (2 + 1 + 2)  # of `eu` nothing is left
    verdict = verify(run)
    assert verdict.ok, verdict.lines()
    optimal = next(check for check in verdict.checks if check.name == "optimal")
    assert optimal.gap == pytest.approx(0, abs=1e-6)


def test_where_a_penalty_is_paid_the_price_is_the_penalty(result: Result) -> None:
    table = result.tables["targets"].set_index(["target_id", "month"])
    row = table.loc["germany", "2028-01"]
    assert row["worth_usd"] == pytest.approx(9 * 744 * 1000)
    assert row["penalty_musd"] == pytest.approx(9 * 744 * row["missed_kh100e"] / 1000)
    costs = result.tables["costs"]
    paid = costs.loc[costs["component"] == "target_penalty", "cost_musd"].sum()
    assert paid == pytest.approx(result.tables["targets"]["penalty_musd"].sum())
    cash = result.tables["cash"]
    assert cash.loc[cash["component"] == "target_penalty", "cash_musd"].sum() == pytest.approx(paid)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("stated_frac", "0.5"),
        ("stated_kh100e", "1"),
        ("reached_frac", "1"),
        ("reached_kh100e", "99"),
        ("missed_kh100e", "0"),
        ("penalty_musd", "0"),
        ("worth_usd", "1"),
    ],
)
def test_each_number_of_the_table_is_examined(run: Path, column: str, text: str) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        row = frame.index[(frame["target_id"] == "germany") & (frame["month"] == "2028-02")]
        frame.loc[row, column] = text
        return frame

    assert f"targets.{column}" in edited(run, "targets", change)


def test_a_row_that_is_missing_is_seen(run: Path) -> None:
    assert "targets.row" in edited(run, "targets", lambda frame: frame.drop(index=3))
    (run / "tables" / "targets.csv").unlink()
    assert not verified(run, hashes=False).ok


def test_a_plan_that_breaks_a_requirement_is_seen(run: Path) -> None:
    """The target in the inputs is raised: what the plan serves no longer meets it."""
    path = run / "inputs" / "targets.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("0.5", "0.6", 1), encoding="utf-8")
    failed = failures(verified(run, hashes=False))
    assert {"require_target", "targets.stated_frac"} <= failed


def test_rows_are_those_of_the_model(run: Path) -> None:
    names, found = differences(run)
    assert found == []
    assert {"require_target"} <= names
