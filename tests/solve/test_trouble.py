"""Exit 5: what earns without limit is named, and so are the numbers that a solver cannot take."""

from __future__ import annotations

import dataclasses
from typing import Any

import highspy
import numpy as np
import pytest
from scipy.sparse import csc_array

from planner.errors import InfeasibleError, NumericalError, UnboundedError
from planner.solve.compile.form import Form
from planner.solve.conflict import improving_ray, unbounded_words
from planner.solve.highs import Basis, Outcome, Solver, SolverOptions, set_option
from planner.solve.scaling import describe, scaling_words
from planner.solve.solution import require_optimal, solve
from tests.models.toy import toy
from tests.solve.test_conflict import form as small_form

MONTHS = ("2027-01", "2027-02")
INF = float("inf")


def unbounded() -> Form:
    """output is paid for and needs capacity, which costs less than it brings; only `closed` is limited."""
    return Form(
        cost=np.array([-3.0, 1.0, 5.0]),
        offset=0.0,
        aim=None,
        lower=np.zeros(3),
        upper=np.full(3, INF),
        row_lower=np.array([-INF, -INF]),
        row_upper=np.array([0.0, 7.0]),
        matrix=csc_array(np.array([[1.0, -2.0, 0.0], [0.0, 0.0, 1.0]])),
        columns=[("output", ("near", "grid", 2, 1)), ("build_mw", ("near", "grid", 1)), ("closed", ("far", 1))],
        rows=[("respect_capacity", ("near", "grid", 2, 1)), ("limit", ("far", 1))],
    )


def outcome(status: str) -> Outcome:
    none = np.zeros(0)
    return Outcome(status, "as told", 0.0, none, none, none, "", {}, 0.0)


def test_the_ray_and_what_it_takes_along() -> None:
    assert improving_ray(unbounded(), MONTHS) == [
        ("output[near, grid, 2027-02]", pytest.approx(1.0)),
        ("build_mw[near, grid, 2027-01]", pytest.approx(0.5)),
    ]
    assert improving_ray(small_form(), MONTHS) == []


def test_the_algorithm_is_the_one_that_ran() -> None:
    """Presolve alone solves a small program; without it, each algorithm takes iterations of its own."""
    form = small_form()
    said = []
    for algorithm, presolve in (("simplex", "on"), ("simplex", "off"), ("ipx", "off")):
        solver = Solver(form, SolverOptions(algorithm=algorithm, crossover=True))
        solver.set("presolve", presolve)
        said.append(solver.minimise(form.cost, form.offset).algorithm)
    assert said == ["presolve", "simplex", "interior point"]


def test_unbounded_is_told_by_name() -> None:
    form = unbounded()
    solver = Solver(form, SolverOptions())
    with pytest.raises(UnboundedError) as caught:
        require_optimal(solver.minimise(form.cost, 0.0), form, MONTHS)
    assert caught.value.exit_code == 5
    text = str(caught.value)
    assert "nothing limits output[near, grid, 2027-02], and it is paid for" in text
    assert "with it grow build_mw[near, grid, 2027-01]" in text


def test_unbounded_or_infeasible_is_settled() -> None:
    """HiGHS may leave open which it is: a plan that cannot be is never said to earn without limit."""
    form = small_form()
    with pytest.raises(InfeasibleError):
        require_optimal(outcome("unbounded"), form, MONTHS)


def test_a_price_below_zero_that_no_input_allows() -> None:
    """The model itself never earns without limit: whatever is paid for ends at a limit."""
    data = toy()
    paid = dict.fromkeys(data.energy_usd_per_mwh, -500.0)
    assert solve(dataclasses.replace(data, energy_usd_per_mwh=paid)).outcome.status == "optimal"
    free = dataclasses.replace(data, capital_usd_per_mw_month=dict.fromkeys(data.options, -1e6))
    assert solve(free).outcome.status == "optimal"
    dug = dataclasses.replace(data, shell_usd_per_mw_month=dict.fromkeys(data.regions, -1e6))
    assert solve(dug).outcome.status == "optimal"


def test_far_numbers_are_named() -> None:
    form = unbounded()
    assert scaling_words(form, MONTHS) == []
    wide = dataclasses.replace(
        form,
        matrix=csc_array(np.array([[1.0, -2.0, 0.0], [0.0, 0.0, 1e-10]])),
        cost=np.array([-3.0, 1e12, 5.0]),
        row_upper=np.array([1e-4, 7e9]),
    )
    built = "build_mw[near, grid, 2027-01] in respect_capacity[near, grid, 2027-02]"
    assert scaling_words(wide, MONTHS) == [
        f"coefficients from 1e-10 of closed[far, 2027-01] in limit[far, 2027-01] to -2 of {built}",
        "costs from -3 of output[near, grid, 2027-02] to 1e+12 of build_mw[near, grid, 2027-01]",
        "limits from 0.0001 of respect_capacity[near, grid, 2027-02] to 7e+09 of limit[far, 2027-01]",
    ]


def test_numbers_that_are_none_are_named() -> None:
    form = dataclasses.replace(unbounded(), matrix=csc_array(np.array([[1.0, np.nan, 0.0], [0.0, 0.0, 1.0]])))
    assert scaling_words(form, MONTHS)[0].startswith("coefficient of build_mw[near, grid, 2027-01] in respect_capacity")
    with pytest.raises(NumericalError, match=r"refused the numbers.*build_mw\[near, grid, month 1\]"):
        Solver(form, SolverOptions())


def test_trouble_names_the_numbers() -> None:
    form = dataclasses.replace(unbounded(), cost=np.array([1e-9, 1.0, 1e6]))
    with pytest.raises(NumericalError, match=r"as told.*costs from 1e-09 of output\[near, grid, 2027-02\]") as caught:
        require_optimal(outcome("trouble"), form, MONTHS)
    assert caught.value.exit_code == 5
    with pytest.raises(NumericalError, match="no number is out of range"):
        require_optimal(outcome("trouble"), unbounded(), MONTHS)


def test_names() -> None:
    assert describe(("limit_national_growth", ("BB", 2)), MONTHS) == "limit_national_growth[BB, plan year 2]"
    assert describe(("limit_launch_mass", 2), MONTHS) == "limit_launch_mass[2027-02]"
    assert describe(("limit_carbon", "2027"), MONTHS) == "limit_carbon[2027]"
    assert describe(("capacity", ("near", "grid", 0)), MONTHS) == "capacity[near, grid, month 0]"


def test_a_basis_of_another_program_is_refused() -> None:
    solver = Solver(unbounded(), SolverOptions())
    with pytest.raises(ValueError, match="not one of this problem"):
        solver.start_from(Basis(np.zeros(2, dtype=np.uint8), np.zeros(2, dtype=np.uint8)))


def test_without_a_ray_the_words_say_so() -> None:
    assert unbounded_words(small_form(), MONTHS) == "the plan could earn without limit, but no quantity was found that does"


def test_an_option_that_highs_does_not_know_is_refused() -> None:
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    with pytest.raises(ValueError, match="does not know option presolving = 'on'"):
        set_option(highs, "presolving", "on")
