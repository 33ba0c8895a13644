"""Work that changes place, solved on the back of an envelope."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from models.data import PlanData
from planner.solve.solution import Solution, solve
from planner.tables.costs import cost_table
from planner.tables.decisions import headline_tables
from planner.tables.frames import Frames
from tests.models.test_by_hand import HOURS, single, total

TS = range(1, 5)
DEMAND_KH100E = 10.0
MW = 1.25 * DEMAND_KH100E  # chips of 1 kW and 1 H100e, PUE 1.25
SAVED_USD = 20 * MW * (HOURS[1] + HOURS[2])  # by two months at the other place, 20 USD per MWh cheaper: 354,000


def two_places(**changes: Any) -> PlanData:
    """Chips and power enough in both; energy costs 80 USD/MWh at one, 60 for two months and then 100 at the other."""
    places = ("near", "far")
    return dataclasses.replace(
        single(
            regions=places,
            placeable=tuple((r, "old") for r in places),
            delivered_kunit={},
            start_installed_kunit={(r, "old"): DEMAND_KH100E for r in places},
            servable=tuple(("here", "urgent", r) for r in places),
            options=tuple((r, "grid") for r in places),
            start_mw={(r, "grid"): 100.0 for r in places},
            power_availability_frac={(r, "grid", t, 1): 1.0 for r in places for t in TS},
            energy_usd_per_mwh={(r, "grid", t, 1): usd(r, t) for r in places for t in TS},
            fuel_usd_per_mwh={(r, "grid", t): 0.0 for r in places for t in TS},
            pue=dict.fromkeys(places, 1.25),
            start_shell_mw=dict.fromkeys(places, 100.0),
            commission_months=dict.fromkeys(places, 0),
        ),
        **changes,
    )


def usd(place: str, month: int) -> float:
    return 80.0 if place == "near" else 60.0 if month <= 2 else 100.0


def moved(solution: Solution) -> list[float]:
    return headline_tables(Frames(solution))["moves"]["moved_kh100e"].tolist()


def test_a_move_that_pays_is_made() -> None:
    """At 35 USD per H100e moving 10 kH100e costs 350,000 USD and saves 354,000."""
    solution = solve(two_places(move_usd_per_h100e={"urgent": 35.0}))
    assert moved(solution) == pytest.approx([0, 0, DEMAND_KH100E, 0])
    assert total(solution, "moves") == pytest.approx(0.35)
    assert solution.prices["count_moves"]["urgent", "far", 3] == pytest.approx(0.035)
    row = cost_table(solution).query("component == 'moves'").iloc[0]
    assert (row["place_id"], row["item_id"], row["month"]) == ("far", "urgent", "2027-03")


def test_a_move_that_does_not_pay_is_not_made() -> None:
    """At 36 USD per H100e work stays where four months cost least: the prices of its moves are the least that keep it there."""
    solution = solve(two_places(move_usd_per_h100e={"urgent": 36.0}))
    assert moved(solution) == pytest.approx([0, 0, 0, 0])
    assert total(solution, "moves") == 0
    assert total(solution, "energy") == pytest.approx(80 * MW * sum(HOURS.values()) / 1e6)
    free = solve(two_places())
    assert total(free, "energy") == pytest.approx(total(solution, "energy") - SAVED_USD / 1e6)
    assert moved(free) == []
    assert not any(name in ("count_work", "count_moves") for name, _ in free.form.rows)


def test_work_that_ends_with_its_demand_does_not_move() -> None:
    """Half of it ends in March; the rest would save 183,000 USD elsewhere, and moving it at 37 USD per H100e cost 185,000."""
    halved = {("here", "urgent", t): DEMAND_KH100E * (1.0 if t <= 2 else 0.5) for t in TS}
    solution = solve(two_places(move_usd_per_h100e={"urgent": 37.0}, demand_kh100e=halved))
    assert moved(solution) == pytest.approx([0, 0, 0, 0])
    assert total(solution, "unserved") == total(solution, "moves") == 0
    assert solution.values["work"]["urgent", "far", 3] == pytest.approx(DEMAND_KH100E / 2)
