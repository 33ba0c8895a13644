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
    shown = with_example(PAGE, tmp_path / "page", "actual.yaml") / "actual.yaml"
    (folder / "actual.yaml").write_bytes(shown.read_bytes())
    planned, actual = (api.load(folder / name) for name in ("plan.yaml", "actual.yaml"))
    assert planned.settings.start == planned.settings.as_of == "2027-02"
    assert actual.tables["regions"].value("shell_start_mw", "us_ohio") == 260
    columns = [plan.tables["fleet"].select("region_id", "kunit") for plan in (planned, actual)]
    paris = [[kunit for r, kunit in rows if r == "fr_paris"] for rows in columns]
    assert paris[1] == pytest.approx([0.99 * kunit for kunit in paris[0]])
    changes = pd.read_csv(folder / "changes.csv")
    assert {"fleet", "power", "regions", "demand", "deliveries"} <= set(changes["table"])
