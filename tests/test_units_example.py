"""The example of docs/units.md is solved, and orders what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.api import load, solve
from tests.test_hours_example import with_example

PAGE = Path(__file__).parents[1] / "docs" / "units.md"


def test_the_example_does_what_the_page_says(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", "units.yaml")
    result = solve(load(folder / "units.yaml"))
    purchases = result.tables["purchases"]
    sizes = {"gas_engine": 2.5, "fuel_cell": 0.3}
    for option, size in sizes.items():
        rows = purchases[purchases["option_id"] == option]
        assert rows["unit_mw"].tolist() == [size] * len(rows)
        assert rows["order_mw"].tolist() == pytest.approx((size * rows["units"]).tolist())
        assert float(rows["ahead_mw"].abs().max()) <= size / 2 + 1e-6
    halls = purchases[(purchases["region_id"] == "us_ercot_texas") & (purchases["option_id"] == "halls")]
    assert set(halls["unit_mw"]) == {6.0}
    assert purchases.loc[purchases["option_id"] == "grid", "units"].isna().all()
    (cost,) = (line for line in result.summary if line.key == "rounding_cost")
    assert cost.text.endswith("solved again with these orders")
    assert cost.value > 0
