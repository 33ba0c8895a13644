"""The commands of docs/monthly.md: what was planned is rolled, corrected by what happened, and planned again."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.cli import main as command_line
from planner.runs.since import since_of
from planner.write.folder.result_folder import write_run
from planner.write.text.roll import since_words
from tests.test_hours_example import with_example

PAGE = Path(__file__).parents[1] / "docs" / "monthly.md"
FILES = ("actuals.csv", "february.csv", "march.csv")
STEP = re.compile(r"```sh\n(.*?)```|^> (.*?)\n\n", flags=re.DOTALL | re.MULTILINE)


def run(plan: str, sets: list[str], out: str) -> str:
    """What `planner run` does without workbook and report, and what it says of the months before."""
    loaded = api.load(plan, sets)
    result = api.solve(loaded)
    write_run(result, Path(out), workbook=False)
    changed = since_of(loaded, result.tables)
    return "" if changed is None else f"Since last month: {since_words(changed)}"


@pytest.mark.slow
def test_three_months_of_an_operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_example(PAGE, tmp_path / "monthly", *FILES)
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        (tmp_path / "monthly" / name).rename(tmp_path / name)
    capsys.readouterr()
    text = PAGE.read_text(encoding="utf-8").partition("## Three months of an operator")[2].partition("\n## ")[0]
    printed, done = "", []
    for block, quote in STEP.findall(text):
        if quote:
            assert quote in " ".join(printed.split()), printed
            continue
        printed = ""
        for line in block.strip().splitlines():
            words = shlex.split(line)
            done.append(words[1])
            if words[1] == "run":
                printed += run(words[2], words[4:5] if words[3] == "--set" else [], words[-1])
            else:
                assert command_line(words[1:]) == 0
                printed += capsys.readouterr().out
    assert done == ["run", *["roll", "run"] * 3]
    april = api.load("april/plan.yaml")
    assert (april.settings.start, april.settings.months) == ("2027-04", 3)
    changes = pd.read_csv("february/changes.csv")
    assert {"fleet", "power", "regions", "demand", "deliveries"} <= set(changes["table"])
    assert april.tables["stock_take"].value("failed", "chips", "us_ohio", "h100_sxm") == pytest.approx(-1.5)
