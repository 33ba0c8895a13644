"""Alternatives to a plan, solved by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csc_array, csr_array

from planner.solve.alternatives import Alternatives, distance
from planner.solve.compile.form import Form
from planner.solve.highs import Solver, SolverOptions
from planner.solve.near_optimal import NearOptimal

PLACES = csr_array(np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 1.0, 0]]))
NONE = np.zeros(3)


def near(within: float) -> NearOptimal:
    """Ten units are asked: at `a` for 1 each, `b` for 1.1, `c` for 1.2, at most 6, 6 and 7, or unserved at a value of 5."""
    form = Form(
        cost=np.array([1.0, 1.1, 1.2, 5.0]),
        offset=0.0,
        aim=None,
        lower=np.zeros(4),
        upper=np.array([6.0, 6.0, 7.0, np.inf]),
        row_lower=np.array([10.0]),
        row_upper=np.array([10.0]),
        matrix=csc_array(np.ones((1, 4))),
        columns=[("installed", "a"), ("installed", "b"), ("installed", "c"), ("unserved", "z")],
        rows=[("serve", "z")],
    )
    found = Solver(form, SolverOptions(algorithm="simplex"))
    assert found.minimise(form.cost, 0.0).objective == pytest.approx(10.4)
    return NearOptimal(found, within)


def test_the_first_moves_as_much_as_the_slack_pays_for() -> None:
    """The plan has 6, 4, 0. One per cent, 0.104, moves 1.04 units from `a` to `b`, or from `b` to `c`, at 0.1 each."""
    there = near(0.01)
    found = Alternatives(there, PLACES, NONE).furthest()
    assert found.distance_mw == pytest.approx(2 * 1.04, rel=1e-5)
    assert there.paid @ found.outcome.values[:-1] == pytest.approx(10.4 * 1.01, rel=1e-6)
    assert found.outcome.values[3] == pytest.approx(0.0, abs=1e-6)


def test_the_second_differs_from_both() -> None:
    """The first moves 1.04 one way, the second the other way: both are 2.08 from the plan."""
    found = Alternatives(near(0.01), PLACES, NONE)
    found.furthest()
    found.furthest()
    plan, first, second = found.known
    assert distance(plan, second) == pytest.approx(2.08, rel=1e-5)
    assert distance(first, second) >= 2.08 * (1 - 1e-5)


def test_the_least_cost_at_that_distance_is_taken() -> None:
    """With 20 % more, what bounds the distance is the size of places: `c` takes seven. Wherever
    the other three are, they differ from the plan by seven in all: at `a` they cost least."""
    there = near(0.2)
    found = Alternatives(there, PLACES, NONE).furthest()
    assert found.totals_mw == pytest.approx([3.0, 0.0, 7.0], abs=1e-4)
    assert there.paid @ found.outcome.values[:-1] == pytest.approx(3.0 + 8.4, rel=1e-5)


def test_without_slack_an_only_optimum_has_no_alternative() -> None:
    assert Alternatives(near(0.0), PLACES, NONE).furthest().distance_mw == pytest.approx(0.0, abs=1e-6)
