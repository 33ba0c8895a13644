"""Rows are written once and read both ways: the transpose that bounds the cost is that of the row that checks the plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from planner.verify.case import Case
from planner.verify.files import read_run
from planner.verify.linear import Balance, Term, contract, term
from planner.verify.program import Program
from tests.verify.same_rows import differences

OF_AGES = {"deploy_of", "dark_of", "installed_of", "retire_of", "retire_old"}
"""Of chips whose life ends within the months, of which only the plan that was made by hand has any."""


@pytest.fixture(scope="module")
def program(hourly: Path) -> Program:
    return Program(Case(read_run(hourly)))


def empty(program: Program) -> set[str]:
    """Variables of which the plan holds nothing."""
    return {name for name, each in program.variables.items() if not np.any(each.plan)}


def test_a_contraction_is_a_sum_of_products() -> None:
    rng = np.random.default_rng(1)
    x, shape, rigid = rng.random((2, 3, 4, 5)), rng.random((2, 3, 5, 6)), rng.random(3)
    by_hand = sum(
        rigid[w] * shape[z, w][:, :] * x[z, w, :, :, None] for z in range(2) for w in range(3)
    )  # [r,t,k]: t is an axis of both
    found = contract([("zwrt", x), ("w", rigid), ("zwtk", shape)], "rtk")
    np.testing.assert_allclose(found, by_hand, rtol=1e-12)
    assert contract([("g", rigid)], "rgt").shape == (1, 3, 1)  # no letter of its own, alike along both
    assert (-term("run", "rgtk", g=rigid)).sign == -1.0


OF_TABLES = {
    *("missed", "standing", "short", "idle"),  # targets and reservations: test_targets.py, test_reservations.py
    *("take", "taken"),  # projects: test_projects.py
    *("buy", "decline", "defer"),  # chips on offer: tests/independent
    *("above", "above_shell", "arrived", "cancelled", "lapsed", "lapsed_shell", "late", "shut", "shut_shell"),  # test_orders.py
    *("move", "move_of"),  # ways of chips: test_chip_moves.py
    *("more", "less", "more_shell", "less_shell"),  # changes of what was published: test_changes.py
}
"""Of tables that this plan does not have."""


def parts(program: Program) -> Iterator[tuple[str, str, list[str], Term]]:
    """Each term of each row and cost with its name and letters."""
    for row in program.rows.values():
        for part in (*row.left, *row.right):
            if isinstance(part, Term):
                yield row.name, row.over, [str(len(names)) for names in program.axes(row)], part
    for cost in program.costs.values():
        for part in (each for each in cost.terms if isinstance(each, Term)):
            yield cost.name, cost.over, [str(len(names)) for names in program.axes(cost)], part


def test_every_term_and_its_transpose_are_adjoint(program: Program) -> None:
    """y (A x) = (y A) x for random x and y, so a wrong index, shift or sum in one of the two is seen."""
    rng, sizes = np.random.default_rng(7), {letter: len(names) for letter, names in program.names.items()}
    sizes |= {"u": sizes["t"], "j": sizes["k"]}
    for name, over, shape, part in parts(program):
        x, y = rng.random([sizes[letter] for letter in part.over]), rng.random([int(size) for size in shape])
        ahead = contract([(part.over, x), *part.factors], over)
        back = contract([(over, y), *reversed(part.factors)], part.over)
        assert float((y * ahead).sum()) == pytest.approx(float((back * x).sum()), rel=1e-10), (name, part.variable)


def test_the_plan_has_every_variable_that_its_rows_read(program: Program, sound: Path) -> None:
    """Each is read by a row, so none is free, and each holds something: the rows would hold for nothing."""
    read = {part.variable for _, _, _, part in parts(program)}
    assert read == set(program.variables)
    assert (
        empty(program) <= {"retire", "displaced", "untaken", "unserved", "unserved_core", "build_shell"} | OF_AGES | OF_TABLES
    )
    assert empty(Program(Case(read_run(sound)))) & OF_AGES <= {"retire_of"}  # see tests/independent


def test_a_plan_keeps_its_bounds(program: Program) -> None:
    """What any plan could reach is no less than what this one has."""
    for name, each in program.variables.items():
        most = np.broadcast_to(each.most, each.plan.shape)
        assert (each.plan <= most * (1 + 1e-9) + 1e-6).all(), name


def test_bounds_alone_prove_what_must_be_paid(program: Program) -> None:
    """Without prices each variable stays at its least: nothing is signed here, so nothing need be paid."""
    zero = {row.name: np.zeros(program.shape(row)) for row in program.rows.values()}
    assert program.dual_bound(zero).musd == pytest.approx(0.0, abs=1e-9)
    assert program.dual_bound(zero).worst == ("", 0)


def test_the_price_of_a_limit_that_does_not_exist_leaves_no_bound(program: Program) -> None:
    price = {row.name: np.zeros(program.shape(row)) for row in program.rows.values()}
    assert np.isinf(program.sides(program.rows["limit_national_growth"])[1]).any()
    price["limit_national_growth"] = np.ones_like(price["limit_national_growth"])
    assert program.dual_bound(price).musd == -np.inf


def test_rows_say_which_of_both_sides_is_the_greater(program: Program) -> None:
    """At the plan balances are equal and limits keep their room, also where no table tells all: no dual proves too much."""
    for row in program.rows.values():
        left, right = program.sides(row)
        gap = np.abs(left - right) if isinstance(row, Balance) else left - right
        assert gap.max(initial=0.0) <= 1e-6 * max(1.0, float(np.abs(left).max(initial=0.0))), row.name


def test_rows_are_those_of_the_model(hourly: Path) -> None:
    names, found = differences(hourly)
    assert found == []
    assert {"keep_flexible_work", "conserve_stored", "take_minimum", "limit_launch_mass"} <= names
