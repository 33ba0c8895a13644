"""Ages by hand: what is installed at the start ends in its place, what is in stock by the month of its delivery."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from scipy.optimize import linprog
from scipy.sparse import vstack

from models.build import build
from models.data import PlanData
from planner.solve.compile.form import compile_form
from planner.solve.solution import Solution, solve
from tests.models.toy import toy

OLD = {("near", "old"): 5.0, ("far", "old"): 4.0}


def plan(**changes: Any) -> PlanData:
    """The toy, with room for whatever is there, where old chips alone are; those of `near` end, those of `far` do not."""
    return toy(
        **{
            "start_installed_kunit": OLD,
            "start_ending_kunit": {("near", "old", 2): 2.0, ("near", "old", 3): 1.0},
            "delivered_kunit": {},
            "start_mw": {("near", "grid"): 60.0, ("far", "grid"): 60.0, ("far", "engine"): 0.0},
            "start_shell_mw": {"near": 60.0, "far": 60.0},
            **changes,
        }
    )


def by_month(solution: Solution, name: str, *key: str) -> list[float]:
    values = solution.values[name]
    return [values[*key, t] for t in range(1, len(solution.data.months) + 1)]


def test_chips_end_in_their_own_place_and_month() -> None:
    solution = solve(plan())
    assert by_month(solution, "installed", "near", "old") == pytest.approx([5, 3, 2, 2])
    assert by_month(solution, "installed", "far", "old") == pytest.approx([4, 4, 4, 4])
    assert by_month(solution, "end_old", "near", "old") == pytest.approx([0, 2, 1, 0])


def test_what_fails_does_not_end_as_well() -> None:
    half = {(r, g): 0.5 for r in ("near", "far") for g in ("old", "new")}
    solution = solve(plan(survive_frac=half))
    assert by_month(solution, "installed", "near", "old") == pytest.approx([2.5, 0.75, 0.25, 0.125])
    assert by_month(solution, "end_old", "near", "old") == pytest.approx([0, 0.5, 0.125, 0])


def test_chips_past_their_life_end_in_the_first_month() -> None:
    solution = solve(plan(start_ending_kunit={("near", "old", 1): 5.0}))
    assert by_month(solution, "installed", "near", "old") == [0, 0, 0, 0]
    assert by_month(solution, "installed", "far", "old") == pytest.approx([4, 4, 4, 4])
    assert solution.values["end_old"]["near", "old", 1] == pytest.approx(5)


@pytest.mark.parametrize(("aim", "left"), [("most", [4, 3, 2, 2]), ("least", [4, 2, 1, 1])])
def test_chips_retired_early_may_be_those_that_would_have_ended_first_or_last(aim: str, left: list[float]) -> None:
    """One of five is retired in the first month: of the two that end in the second, or of the two that do not end."""
    form = compile_form(build(plan()))
    number = {key: position for position, key in enumerate(form.columns)}
    bounds = [(0.0, None)] * len(number)
    for t in range(1, 5):
        bounds[number["retire", ("near", "old", t)]] = (1.0 if t == 1 else 0.0,) * 2
    cost = np.zeros(len(number))
    installed = [number["installed", ("near", "old", t)] for t in range(1, 5)]
    cost[installed] = -1.0 if aim == "most" else 1.0
    equal = form.row_lower == form.row_upper
    above, below = ~equal & np.isfinite(form.row_upper), ~equal & np.isfinite(form.row_lower)
    matrix = form.matrix.tocsr()
    found = linprog(
        cost,
        A_ub=vstack([matrix[above], -matrix[below]]),
        b_ub=np.concatenate([form.row_upper[above], -form.row_lower[below]]),
        A_eq=matrix[equal],
        b_eq=form.row_lower[equal],
        bounds=bounds,
    )
    assert found.x[installed] == pytest.approx(left)


def stocked(**changes: Any) -> PlanData:
    """New chips alone, in stock: two that are past their life, two that end in the third month, one that does not end."""
    return plan(
        **{
            "start_installed_kunit": {},
            "start_ending_kunit": {},
            "start_dark_kunit": {"new": 5.0},
            "batch_end": {("new", "2023-01"): 1, ("new", "2026-12"): 3},
            "batch_supply_kunit": {("new", "2023-01", 0): 2.0, ("new", "2026-12", 0): 2.0},
            "designs": (),
            "launch_t": {},
            "placeable": (("near", "new"),),
            **changes,
        }
    )


def test_batches_are_deployed_until_they_end() -> None:
    """What is past its life leaves stock at once. The others are worth deploying, and two of them end in the third month."""
    solution = solve(stocked())
    assert by_month(solution, "dark", "new") == [0, 0, 0, 0]
    assert by_month(solution, "installed", "near", "new") == pytest.approx([3, 3, 1, 1])
    assert by_month(solution, "deploy", "near", "new") == pytest.approx([3, 0, 0, 0])


def test_dark_chips_end_dark() -> None:
    solution = solve(stocked(start_mw={("near", "grid"): 0.0, ("far", "grid"): 60.0, ("far", "engine"): 0.0}, step_mw={}))
    assert by_month(solution, "dark", "new") == pytest.approx([3, 3, 1, 1])
    assert by_month(solution, "installed", "near", "new") == [0, 0, 0, 0]


def test_what_would_end_while_it_is_commissioned_stays_dark() -> None:
    solution = solve(stocked(commission_months={"near": 2, "far": 1}))
    assert by_month(solution, "deploy", "near", "new") == pytest.approx([1, 0, 0, 0])
    assert by_month(solution, "dark", "new") == pytest.approx([2, 2, 0, 0])


def test_deliveries_of_the_plan_end_too() -> None:
    """Two months of life: what comes in the first month ends in the third."""
    data = stocked(
        start_dark_kunit={},
        delivered_kunit={("new", 1): 2.0, ("new", 3): 1.0},
        batch_end={("new", "2027-01"): 3},
        batch_supply_kunit={("new", "2027-01", 1): 2.0},
    )
    assert by_month(solve(data), "installed", "near", "new") == pytest.approx([2, 2, 1, 1])


def test_a_plan_in_which_nothing_ends_has_no_row_of_ages() -> None:
    model = build(dataclasses.replace(plan(), start_ending_kunit={}))
    names = {each.local_name for each in model.component_objects(pyo.Constraint)}
    assert not {name for name in names if name.startswith("part_")} | names & {"conserve_old", "conserve_batch", "limit_old"}
