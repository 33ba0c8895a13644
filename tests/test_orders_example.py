"""The example of docs/orders.md is solved, and does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.api import load
from planner.prepare.plan_data import prepare
from planner.solve.solution import solve
from tests.test_hours_example import with_example

FILES = ("orders.yaml", "orders.csv", "open.yaml", "open.csv")
PAGE = Path(__file__).parents[1] / "docs" / "orders.md"


def test_the_example_does_what_the_page_says(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", *FILES)
    plan = load(folder / "orders.yaml")
    assert plan.tables["options"].value("name", "wind_and_gas") == "Wind and gas"
    data = prepare(plan)
    june = data.step_mw["us_ohio", "grid", 6]
    assert june == pytest.approx(202.6, abs=0.05)
    assert data.step_mw["us_ohio", "grid", 7] == pytest.approx(2.6, abs=0.05)
    values = solve(data).values
    assert values["build_mw"]["us_ohio", "grid", 6] >= 200 - 1e-6
    assert values["build_shell"]["us_ohio", 9] >= 150 - 1e-6
    contract = [values["capacity"].get(("us_miso_iowa", "wind_and_gas", t), 0.0) for t in (2, 3, 14, 15)]
    assert contract == pytest.approx([0, 40, 40, 0])
    assert data.committed_mw.keys() == {("us_ohio", "grid", 6), ("us_miso_iowa", "wind_and_gas", 3)}


def test_an_order_that_may_wait_does(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", *FILES)
    values = solve(prepare(load(folder / "open.yaml"))).values
    halls = "fi_hamina / halls / 2027-03"
    arrived = [values["arrived_mw"][halls, t] for t in range(3, 13)]
    assert arrived == pytest.approx([0, 0, 0, 0, 5.13, 1.58, 0, 0, 4.12, 9.41], abs=0.01)
    assert values["late_mw"][halls, 12] == pytest.approx(40 - sum(arrived))
    assert values["cancelled_mw"]["fr_paris / grid / 2027-04", 4] == pytest.approx(20)
