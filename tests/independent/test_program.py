"""The program, formulated a second time from its documents, in numpy, solved by scipy: the same least cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import planner
from models.data import PlanData
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.solution import solve
from tests.independent.held import held
from tests.independent.variations import small
from tests.independent.work import least_cost
from tests.models.test_golden import by_day, everything
from tests.models.toy import toy
from tests.read.test_owners import owned
from tests.read.toy import write_plan

NEW = Path(planner.__file__).parent / "new" / "plan.yaml"
STEADY = ["classes.move_usd_per_h100e=5", "classes.max_fall_frac_per_month=0.1"]
GROWING = ["power.step_growth_frac_per_year=0.3", "power.lead_months=4", "power.energy_growth_frac_per_year=0.3"]
OFF: dict[str, dict[str, Any]] = {
    "ages": {"batch_end": {}, "batch_supply_kunit": {}, "start_ending_kunit": {}},
    "moves": {"move_usd_per_h100e": {}},
    "continuity": {"max_fall_frac_per_month": {}},
    "shares": {"shares": ()},
    "targets": {"targets": ()},
    "reservations": {"reservations": ()},
    "owners": {"owners_power": "shared"},
    "orbit": {"launch_t": {}},
    "storage": {"storage_h": {}},
    "take": {"minimum_take_frac": {}},
    "carbon": {"carbon_cap_t": {}},
    "budget": {"budget_musd": {}},
    "offers": {"optional_kunit": {}, "defer_usd_per_unit": {}},
    "deferrals": {"defer_usd_per_unit": {}},
    "routes": {"routes": ()},
    "windows": {"flexible_window_h": {}},
    "changes": {"published": None},
    "envelopes": {"national_growth_mwh": {}},
}


def product(data: PlanData) -> float:
    return solve(data).proof.objective_musd


@cache
def cost_of(seed: int) -> float:
    return least_cost(small(seed))


def same(cost: float) -> Any:
    return pytest.approx(cost, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("plan", [toy, everything, by_day])
def test_the_least_cost_of_the_toy(plan: Callable[[], PlanData]) -> None:
    assert product(plan()) == same(least_cost(plan()))


FREE = (61, 93)  # where installing is free, and a batch is retired in the month in which it comes


@pytest.mark.parametrize("seed", [*range(30), *FREE])
def test_the_least_cost_of_a_small_plan_at_random(seed: int) -> None:
    assert product(small(seed)) == same(cost_of(seed))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30, 400))
def test_the_least_cost_of_many_small_plans_at_random(seed: int) -> None:
    assert product(small(seed)) == same(least_cost(small(seed)))


@pytest.mark.parametrize("feature", OFF)
def test_each_feature_matters_in_small_plans_at_random(feature: str) -> None:
    """Else they would not be compared."""
    with_it = [(seed, small(seed)) for seed in range(30)]
    without = ((seed, data, dataclasses.replace(data, **OFF[feature])) for seed, data in with_it)
    moved = (seed for seed, data, other in without if data != other and abs(cost_of(seed) - least_cost(other)) > 1e-6)
    assert len(list(islice(moved, 3))) == 3


@pytest.mark.parametrize("sets", [["months=6"], ["months=6", *STEADY]])
def test_the_least_cost_of_the_starting_plan(sets: list[str]) -> None:
    data = prepare(load(NEW, sets))
    assert product(data) == same(least_cost(data))


@pytest.mark.slow
def test_the_least_cost_of_the_whole_starting_plan() -> None:
    data = prepare(load(NEW))
    assert product(data) == same(least_cost(data))


def test_the_look_ahead_of_the_starting_plan() -> None:
    """Later rows are stated."""
    data = prepare(load(NEW, ["months=4", "look_ahead_months=3", *STEADY]))
    assert product(data) == same(least_cost(held(NEW, STEADY, 4, 3)))


@pytest.mark.parametrize("power", ["own", "trade"])
@pytest.mark.parametrize("sets", [[], [*GROWING, "demand.doubling_months=5"]])
def test_the_look_ahead_holds_what_was_last(tmp_path: Path, power: str, sets: list[str]) -> None:
    """No later rows; a lead time that ends in the look-ahead; owners."""
    path = write_plan(tmp_path / "short", months=4, **owned(power))
    longer = write_plan(tmp_path / "long", months=9, **owned(power))
    data = prepare(load(path, ["months=4", "look_ahead_months=5", *sets]))
    assert product(data) == same(least_cost(held(path, sets, 4, 5, longer)))
    assert product(data) != same(least_cost(prepare(load(longer, ["months=9", *sets]))))
