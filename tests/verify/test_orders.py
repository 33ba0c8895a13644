"""The verifier on the order book: what ends is charged until it ends, and the proof holds with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run

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
