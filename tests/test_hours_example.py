"""The example of docs/hours.md is a plan that is read."""

from __future__ import annotations

import re
from pathlib import Path

from planner.api import load
from planner.cli import main
from planner.prepare.plan_data import prepare

PAGE = Path(__file__).parents[1] / "docs" / "hours.md"
BLOCK = re.compile(r"<!-- example: (\S+) -->\n```\w+\n(.*?)\n```", flags=re.DOTALL)


def with_example(page: Path, folder: Path, *files: str) -> Path:
    """The starting plan with the files that an example of a page shows, these and no others."""
    assert main(["new", str(folder), "--quiet"]) == 0
    found = dict(BLOCK.findall(page.read_text(encoding="utf-8")))
    assert set(found) == set(files)
    for name, text in found.items():
        (folder / name).write_text(text + "\n", encoding="utf-8")
    return folder


def test_the_example_is_sound(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", "hours.yaml", "profiles.csv")
    plan = load(folder / "hours.yaml")
    assert (plan.settings.slices, dict(plan.settings.days)) == (8, {"scarce": 1})
    data = prepare(plan)
    grid = {index: value for index, value in data.power_availability_frac.items() if index[:2] == ("us_ercot_texas", "grid")}
    assert (min(grid.values()), max(grid.values())) == (0.5, 1.0)
    prices = [value for index, value in data.energy_usd_per_mwh.items() if index[:3] == ("us_ercot_texas", "grid", 1)]
    assert max(prices) > 1.5 * min(prices)
