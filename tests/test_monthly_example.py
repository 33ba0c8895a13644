"""The commands of docs/monthly.md, on half a year: what was planned is rolled, corrected and planned again."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.cli import main as command_line
from planner.write.folder.result_folder import write_run
from tests.test_hours_example import with_example

PAGE = Path(__file__).parents[1] / "docs" / "monthly.md"


def test_the_plan_of_february_is_made_of_that_of_january(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    january = write_run(api.solve(api.load(api.STARTING_PLAN, ["months=5"])), tmp_path / "january", workbook=False)
    folder = tmp_path / "february"
    assert command_line(["roll", str(january), "--to", "2027-02", "--out", str(folder)]) == 0
    assert f"Next: planner run {folder / 'plan.yaml'}" in capsys.readouterr().out
    changes = pd.read_csv(folder / "changes.csv")
    assert {"fleet", "power", "regions", "demand", "deliveries"} <= set(changes["table"])
    stated = with_example(PAGE, tmp_path / "page", "actuals.csv") / "actuals.csv"
    roll = ["roll", str(january), "--to", "2027-02", "--actuals", str(stated), "--out", str(tmp_path / "actual")]
    assert command_line(roll) == 0
    told = capsys.readouterr().out
    assert "3 actuals read; 0 rows without a value" in told
    assert "chips: NVIDIA H100, Paris, France: -0.22 kunit" in told
    plans = [api.load(each / "plan.yaml") for each in (folder, tmp_path / "actual")]
    halls = [plan.tables["regions"].value("shell_start_mw", "us_ohio") for plan in plans]
    assert halls[1] == pytest.approx(halls[0] - 4)
    asked = [plan.tables["demand"].value("start_kh100e", "us_east", "training") for plan in plans]
    assert asked[1] / asked[0] == pytest.approx(120 / 109.2)
