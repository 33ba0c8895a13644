"""The table of docs/alternatives.md is what the starting plan gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner import api
from planner.formats import number
from planner.write.names import Names

PAGE = Path(__file__).parents[1] / "docs" / "alternatives.md"


@pytest.mark.slow
def test_the_page_says_what_the_starting_plan_gives(tmp_path: Path) -> None:
    api.run(api.load(api.STARTING_PLAN), tmp_path / "run")
    found = api.alternatives(tmp_path / "run", 0.01, 3)
    names = Names(found.inputs)
    columns = ["plan_mw", *(f"alternative-{k}_mw" for k in (1, 2, 3))]
    told = {names(str(row["id"])): [number(row[column], 4) for column in columns] for row in found.totals.to_dict("records")}
    lines = re.findall(
        r"^\| (.+?) \| ([\d.,]+) \| ([\d.,]+) \| ([\d.,]+) \| ([\d.,]+) \|$", PAGE.read_text(encoding="utf-8"), re.M
    )
    assert len(lines) == 5
    for name, *cells in lines:
        assert cells == told[name], name
    assert found.rows["more_musd"].tolist() == pytest.approx([36] * 3, abs=0.5)
