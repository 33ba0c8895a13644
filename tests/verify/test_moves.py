"""The verifier on work that changes place or falls: its rows, cost and table, and the proof that the plan is the best."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.same_rows import differences

NEW = Path(__file__).parents[2] / "planner" / "new" / "plan.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    moves = ["classes[batch].move_usd_per_h100e=0.5", "classes[training].move_usd_per_h100e=1"]
    plan = api.load(NEW, ["months=8", *moves, "classes[batch].max_fall_frac_per_month=0.02"])
    return write_run(api.solve(plan), tmp_path_factory.mktemp("moves") / "run", workbook=False)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def failures(folder: Path) -> set[str]:
    return {check.name for check in verify(folder, hashes=False).failed}


def test_a_plan_with_moves_is_proven_optimal(folder: Path) -> None:
    verdict = verify(folder)
    assert verdict.ok, verdict.lines()
    assert verdict.lines()[0].startswith("optimal: dual bound")
    duals = pd.read_csv(folder / "tables" / "duals.csv")
    assert {"count_work", "count_moves", "keep_service"} <= set(duals["constraint"])
    moves = pd.read_csv(folder / "tables" / "moves.csv")
    assert set(moves["class_id"]) == {"batch", "training"}
    assert moves["moved_kh100e"].sum() > 0


@pytest.mark.parametrize("column", ["served_kh100e", "moved_kh100e", "moved_frac"])
def test_a_wrong_move_is_seen(copy: Path, column: str) -> None:
    path = copy / "tables" / "moves.csv"
    frame = pd.read_csv(path)
    frame.loc[frame[column].idxmax(), column] *= 1.01
    frame.to_csv(path, index=False)
    assert f"moves.{column}" in failures(copy)


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [("move_usd_per_h100e", 0.6, "costs.moves"), ("max_fall_frac_per_month", 0.01, "keep_service")],
    ids=["moves are paid as their price says", "a fall that the limit forbids"],
)
def test_another_input_is_seen(copy: Path, column: str, value: float, check: str) -> None:
    path = copy / "inputs" / "classes.csv"
    frame = pd.read_csv(path)
    frame.loc[frame["class_id"] == "batch", column] = value
    frame.to_csv(path, index=False)
    assert check in failures(copy)


def test_rows_are_those_of_the_model(folder: Path) -> None:
    names, found = differences(folder)
    assert found == []
    assert {"count_moves", "count_work", "keep_service"} <= names


def test_rows_are_those_of_the_model_where_not_all_nameplate_needs_firm_power(copy: Path) -> None:
    path = copy / "inputs" / "regions.csv"
    pd.read_csv(path, dtype=str, keep_default_na=False).assign(nameplate_frac="0.9").to_csv(path, index=False)
    assert differences(copy)[1] == []
