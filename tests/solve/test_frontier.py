"""The frontier of two totals: by arithmetic where it can be worked out, and what may not be one."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest
from scipy.sparse import csc_array

from planner.errors import InfeasibleError
from planner.progress import Progress
from planner.solve.compile.form import Form
from planner.solve.frontier import Point, faults, in_parallel, trace
from planner.solve.solution import Proof

CARBON = np.array([0.5, 0.0, 0.0])


def plant(cost: tuple[float, ...] = (50.0, 90.0, 200.0), need: float = 10.0) -> Form:
    """``need`` MWh from a dirty plant, a clean one of at most 4 MWh, or not at all: columns dirty, clean, unserved."""
    return Form(
        cost=np.array(cost),
        offset=7.0,
        aim=None,
        lower=np.zeros(3),
        upper=np.full(3, np.inf),
        row_lower=np.array([need, -np.inf]),
        row_upper=np.array([need, 4.0]),
        matrix=csc_array(np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 0.0]])),
        columns=[("dirty", None), ("clean", None), ("unserved", None)],
        rows=[("serve", None), ("clean_limit", None)],
    )


def frontier(form: Form, other: np.ndarray, points: int) -> list[Point]:
    return trace(form, other, points, (), Progress())


def test_a_dirty_and_a_clean_plant_by_hand() -> None:
    """From 5 t down: clean for dirty costs 40 USD per 0.5 t until 4 MWh are clean (3 t left), then going without 150."""
    found = frontier(plant(), CARBON, 6)
    assert [p.other for p in found] == pytest.approx([5, 4, 3, 2, 1, 0], abs=1e-9)
    assert [p.cost - 7.0 for p in found] == pytest.approx([500, 580, 660, 960, 1260, 1560])
    prices = [p.price for p in found]
    assert prices[:2] == pytest.approx([80, 80])
    assert 80 - 1e-9 <= prices[2] <= 300 + 1e-9  # a corner: anything between its two sides
    assert prices[3:] == pytest.approx([300, 300, 300])
    assert faults(found) == []
    assert all(max(p.proof.gap, p.proof.primal_residual, p.proof.dual_residual) < 1e-12 for p in found)


def test_points_that_are_solved_from_scratch_are_no_others() -> None:
    """With so many, the last before the end are solved in parallel to the first."""
    found = frontier(plant(), CARBON, 11)
    assert [p.other for p in found] == pytest.approx(np.linspace(5, 0, 11).tolist(), abs=1e-9)
    assert faults(found) == []


def test_both_ends_are_the_best_of_what_ties() -> None:
    """Clean costs what dirty costs: the cheapest plan takes all of it. The least carbon leaves both ways open: the cheaper."""
    first, last = frontier(plant((50.0, 50.0, 200.0)), CARBON, 2)
    assert (first.cost - 7.0, first.other) == pytest.approx((500, 3))
    assert (last.cost - 7.0, last.other) == pytest.approx((4 * 50 + 6 * 200, 0))


def test_one_plan_may_be_best_in_both() -> None:
    found = frontier(plant((250.0, 90.0, 200.0)), CARBON, 9)
    assert [(p.cost - 7.0, p.other) for p in found] == [pytest.approx((4 * 90 + 6 * 200, 0))]


def test_a_plan_that_cannot_be_has_no_frontier() -> None:
    impossible = dataclasses.replace(plant(), row_upper=np.array([-1.0, 4.0]), row_lower=np.array([-1.0, -np.inf]))
    with pytest.raises(InfeasibleError):
        frontier(impossible, CARBON, 3)


def test_what_contradicts_a_frontier_is_found() -> None:
    proof = Proof(0.0, 0.0, 0.0, 0.0)

    def at(cost: float, other: float, price: float) -> Point:
        return Point(cost, other, price, np.zeros(1), proof)

    assert faults([at(0, 9, 1), at(3, 7, 2), at(7, 5, 3)]) == []
    assert faults([at(0, 9, 1), at(0, 9, 1)]) == ["point 2 is no better in either total than point 1"]
    assert len(faults([at(0, 9, 1), at(9, 7, 4), at(11, 5, 4)])) == 2  # not convex: both steps beside the prices
    assert len(faults([at(0, 9, 5), at(3, 7, 4)])) == 1  # a price that falls


def test_both_run_at_once() -> None:
    met = threading.Barrier(2, timeout=10)
    stop = threading.Event()
    assert in_parallel(lambda: (met.wait(), 1)[1], lambda: (met.wait(), "two")[1], stop) == (1, "two")
    assert not stop.is_set()


def test_the_other_is_stopped_and_not_waited_for() -> None:
    stop, released, ended = threading.Event(), threading.Event(), threading.Event()

    def theirs() -> None:
        assert stop.wait(10)
        assert released.wait(10)
        ended.set()

    def mine() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        in_parallel(mine, theirs, stop)
    assert not ended.is_set()
    released.set()
    assert ended.wait(10)


def test_what_the_other_raises_is_heard() -> None:
    def theirs() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        in_parallel(lambda: 1, theirs, threading.Event())
