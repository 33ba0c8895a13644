"""The example of docs/sites.md is solved, and does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.api import check, load
from planner.prepare.plan_data import prepare
from planner.solve.solution import solve
from tests.test_hours_example import with_example

PAGE = Path(__file__).parents[1] / "docs" / "sites.md"


def test_the_example_does_what_the_page_says(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", "sites.yaml", "sites.csv", "ways.csv")
    plan = load(folder / "sites.yaml")
    (lost,) = [notice.text for notice in check(plan) if "us_ohio closes" in notice.text]
    assert lost.endswith("they may be moved to us_miso_iowa and back into stock")
    data = prepare(plan)
    values = solve(data).values

    def moved_mw(way: str) -> list[float]:
        left = values["move"]
        months = range(1, 13)
        return [sum(kunit * data.kw_per_unit[g] for (q, g, t), kunit in left.items() if (q, t) == (way, u)) for u in months]

    assert moved_mw("us_ohio / us_miso_iowa")[6:] == pytest.approx([0, 20, 20, 0, 0, 0], abs=1e-6)
    assert moved_mw("us_ohio / stock") == pytest.approx([0] * 8 + [98.15] + [0] * 3, abs=0.01)
    retired = sum(kunit for (r, _, t), kunit in values["retire"].items() if (r, t) == ("us_ohio", 9))
    assert retired == pytest.approx(67.9, abs=0.05)
    assert [values["shell"]["us_ohio", t] for t in (8, 9)] == pytest.approx([260, 0])
    housed = [
        sum(data.kw_per_unit[g] * kunit for (r, g, u), kunit in values["installed"].items() if (r, u) == ("fr_paris", t))
        for t in (6, 7, 8)
    ]
    assert all(mw <= values["shell"]["fr_paris", t] - 3 + 1e-6 for mw, t in zip(housed, (6, 7, 8), strict=True))
