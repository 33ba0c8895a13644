"""The linear programs behind a diagnosis, on forms small enough to solve by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csc_array

from planner.solve.compile.form import Form
from planner.solve.conflict import Elastic, Move, is_feasible, rows_in_conflict

INF = float("inf")
ASK, POWER, HALL, IDLE = range(4)


def form(power: float = 3.0, hall: float = 8.0, ask: float = 5.0) -> Form:
    """x + y >= ask (a requirement), x <= power, y <= 0.1, x + y <= hall; a fourth row that binds nothing."""
    dense = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    return Form(
        cost=np.ones(2),
        offset=0.0,
        aim=None,
        lower=np.zeros(2),
        upper=np.array([INF, 0.1]),
        row_lower=np.array([ask, -INF, -INF, -INF]),
        row_upper=np.array([INF, power, hall, 100.0]),
        matrix=csc_array(dense),
        columns=[("x", 1), ("y", 1)],
        rows=[("ask", 1), ("power", 1), ("hall", 1), ("idle", 1)],
    )


def test_the_least_relaxation() -> None:
    elastic = Elastic(form(), {ASK: 1.0})
    assert elastic.short == {ASK: pytest.approx(1.9)}
    assert elastic.shortfall == pytest.approx(1.9)
    assert Elastic(form(power=5.0), {ASK: 1.0}).shortfall == 0.0


def test_only_what_takes_part_is_in_conflict() -> None:
    rows, proven = rows_in_conflict(Elastic(form(), {ASK: 1.0}), 5.0)
    assert sorted(rows) == [ASK, POWER]
    assert proven


def test_the_least_change_of_one_limit_and_of_two() -> None:
    elastic = Elastic(form(), {ASK: 1.0})
    power, idle = Move({POWER: 1.0}), Move({IDLE: 1.0})
    assert elastic.helps(power)
    assert not elastic.helps(idle)
    assert elastic.needed([power], 5.0) == [pytest.approx(1.9)]
    assert elastic.needed([idle], 5.0) is None
    assert elastic.needed([Move({POWER: 1.0}, most=1.0)], 5.0) is None
    assert elastic.needed([Move({POWER: 2.0})], 5.0) == [pytest.approx(0.95)]
    # half of it at most from power, the rest from asking less, which counts ten times as much
    assert elastic.needed([Move({POWER: 1.0}, most=1.0), Move({ASK: -1.0}, weight=10.0)], 5.0) == pytest.approx([1.0, 0.9])


def test_a_move_that_meets_a_second_limit_on_its_way() -> None:
    """Two MW more would do, but the hall ends at 4."""
    elastic = Elastic(form(hall=4.0), {ASK: 1.0})
    assert elastic.needed([Move({POWER: 1.0})], 5.0) is None
    assert elastic.needed([Move({POWER: 1.0}), Move({HALL: 1.0})], 5.0) == pytest.approx([1.9, 1.0])


def test_each_question_is_asked_of_the_same_plan() -> None:
    elastic = Elastic(form(), {ASK: 1.0})
    first = elastic.needed([Move({POWER: 1.0})], 5.0)
    elastic.needed([Move({POWER: 1.0}), Move({ASK: -1.0})], 5.0)
    assert elastic.needed([Move({POWER: 1.0})], 5.0) == first


def test_feasible_or_not() -> None:
    assert is_feasible(form(), 5.0) is False
    assert is_feasible(form(power=4.9), 5.0) is True
