"""The example of docs/remedies.md is solved, and its remedies are those of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from planner.cli import main
from planner.progress import Progress
from planner.studies.explain.remedies import remedies_of
from planner.studies.explain.reopened import open_run
from tests.test_hours_example import with_example

PAGE = Path(__file__).parents[1] / "docs" / "remedies.md"


@pytest.mark.slow
def test_the_example_does_what_the_page_says(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", "remedies.yaml")
    assert main(["run", str(folder / "remedies.yaml"), "--out", str(tmp_path / "run"), "--quiet"]) == 0
    found = remedies_of(open_run(tmp_path / "run"), 10, Progress())
    texas = next(each for each in found if each.remedy.where == "us_ercot_texas / grid")
    assert (texas.remedy.shown_amount, texas.remedy.first) == (0.5, "2027-01")
    assert texas.solved is not None
    assert texas.solved.cost_musd == pytest.approx(13.0, abs=0.05)
    assert texas.solved.saves_musd == pytest.approx(21.5, abs=0.05)
    assert texas.solved.powered_kh100e == pytest.approx(1.56, abs=0.005)
    for each in found[:8]:
        assert each.solved is not None
        assert each.solved.saves_musd == pytest.approx(each.remedy.relief.saves_musd, rel=0.05)
    lines = "\n".join(api.lines(api.explain(tmp_path / "run", limits=0)))
    assert "What to do first" in lines
