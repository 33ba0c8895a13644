"""The table of docs/ranges.md is what the starting plan gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner import api
from planner.write.names import Names
from planner.write.ranged import cells

PAGE = Path(__file__).parents[1] / "docs" / "ranges.md"
TOTALS = {"IT in all places": "2029"}


@pytest.mark.slow
def test_the_page_says_what_the_starting_plan_gives(tmp_path: Path) -> None:
    plan = api.load(api.STARTING_PLAN)
    api.run(plan, tmp_path / "run")
    found = api.ranges(tmp_path / "run")
    shown = {row[0]: row[1:] for row in (cells(row, Names(found.inputs)) for row in found.rows.to_dict("records"))}
    lines = re.findall(
        r"^\| (.+?) \| ([\d.,]+) \| ([\d.,]+) \| ([\d.,]+) \| (firm|open) \|$", PAGE.read_text(encoding="utf-8"), re.M
    )
    assert len(lines) == 5
    for name, *numbers in lines:
        assert tuple(numbers) == shown[TOTALS.get(name, name)], name
