"""The example of docs/backtest.md: a price of changes keeps plans calm, and costs next to nothing."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from planner.cli import main as command_line

PAGE = Path(__file__).parents[1] / "docs" / "backtest.md"


@pytest.mark.slow
def test_the_example_says_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8").partition("## An example")[2].partition("\n## ")[0]
    new, backtest = re.findall(r"^planner (.*)$", text, flags=re.MULTILINE)
    assert command_line(shlex.split(new)) == 0
    capsys.readouterr()
    assert command_line([*shlex.split(backtest), "--json"]) == 0
    best, free, calm = json.loads(capsys.readouterr().out)["tables"]["backtest"]
    shown = [line.split(" | ") for line in text.splitlines() if re.match(r"\| [a-z2]", line)]
    assert [row[0].strip("| ") for row in shown] == [best["variant"], free["variant"], calm["variant"]]
    for row, found in zip(shown, (best, free, calm), strict=True):
        assert float(row[1].replace(",", "")) == pytest.approx(found["objective_musd"], rel=1e-5)
    assert calm["churn_mw"] < free["churn_mw"] / 100
    assert calm["paid_musd"] < 1.0002 * free["paid_musd"]
