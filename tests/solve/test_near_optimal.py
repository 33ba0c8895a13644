"""The least and the most of totals at nearly the least cost, solved by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.sparse import csc_array

from planner.errors import NumericalError
from planner.solve.compile.form import Form
from planner.solve.highs import Outcome, Solver, SolverOptions
from planner.solve.near_optimal import NearOptimal, paid_cost

A, B = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])


def solver() -> Solver:
    """Ten units are asked: at `a` for 1 each, at most six; at `b` for 1.1 each; or left unserved at a value of 5."""
    form = Form(
        cost=np.array([1.0, 1.1, 5.0]),
        offset=0.0,
        aim=None,
        lower=np.zeros(3),
        upper=np.full(3, np.inf),
        row_lower=np.array([10.0, -np.inf]),
        row_upper=np.array([10.0, 6.0]),
        matrix=csc_array(np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0]])),
        columns=[("installed", "a"), ("installed", "b"), ("unserved", "z")],
        rows=[("serve", "z"), ("limit", "a")],
    )
    found = Solver(form, SolverOptions(algorithm="simplex"))
    assert found.minimise(form.cost, 0.0).objective == pytest.approx(6 + 4.4)
    return found


def test_the_ends_by_hand() -> None:
    """The plan pays 10.4. One per cent more is 0.104: 1.04 units move from `a` to `b`, 0.1 each; none may go unserved."""
    near = NearOptimal(solver(), 0.01)
    assert near.slack == pytest.approx(0.104)
    assert near.values == pytest.approx([6, 4, 0])
    assert (near.least(A).total, near.most(A).total) == pytest.approx((4.96, 6))
    assert (near.least(B, 2.0).total, near.most(B, 2.0).total) == pytest.approx((6, 7.04))
    assert (near.least(A + B).total, near.most(A + B).total) == pytest.approx((10, 10))
    upper = near.most(B)
    assert upper.values == pytest.approx([4.96, 5.04, 0])
    assert upper.worst < 1e-9


def test_without_slack_only_plans_of_the_same_cost_are_left() -> None:
    near = NearOptimal(solver(), 0.0)
    assert (near.least(A).total, near.most(A).total) == pytest.approx((6, 6))


def test_the_value_of_unserved_compute_is_not_paid() -> None:
    assert paid_cost(solver().form).tolist() == [1.0, 1.1, 0.0]


def test_a_bound_that_its_arrays_do_not_prove_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    near = NearOptimal(solver(), 0.01)
    real = Solver.minimise

    def short(self: Solver, cost: np.ndarray, offset: float) -> Outcome:
        outcome = real(self, cost, offset)
        return dataclasses.replace(outcome, values=outcome.values * 0.999)

    monkeypatch.setattr(Solver, "minimise", short)
    with pytest.raises(NumericalError, match="could not be proven"):
        near.least(A)


def test_an_interior_point_is_no_start() -> None:
    fresh = solver()
    fresh.forget()
    with pytest.raises(ValueError, match="not at a vertex"):
        NearOptimal(fresh, 0.01)
