"""Prices of limits: by hand where they are a range, and between what one unit more and one unit less do."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from models.data import PlanData
from planner.progress import Progress
from planner.solve.checkpoint import fingerprint, optimum_arrays, solve_again, take_up
from planner.solve.highs import Solver, SolverOptions
from planner.solve.solution import Solution, solve
from planner.studies.explain.limits import one_unit
from tests.models.toy import toy


def tied() -> PlanData:
    """One month, one region: 5 thousand old chips need 1.2 x 5 = 6 MW; 5 MW are there and 1 may be connected."""
    one = ("near", "grid")
    return dataclasses.replace(
        toy(months=1),
        regions=("near",),
        designs=(),
        placeable=(("near", "old"),),
        delivered_kunit={},
        servable=(("here", "urgent", "near"), ("here", "patient", "near")),
        options=(one,),
        start_mw={one: 5.0},
        step_mw={(*one, 1): 1.0},
        committed_mw={},
        supply_mw={},
        country={"near": "AA"},
        shell_step_mw={("near", 1): 2.0},
        national_growth_mwh={},
        link_gbit_s={},
    )


def solved(data: PlanData) -> tuple[Solution, Solver]:
    solution, solver = solve_again(data, Progress())
    assert solver is not None
    return solution, solver


def test_a_tied_price_is_told_as_the_range_that_it_is() -> None:
    """One MW more finds no chip to feed: nothing. One MW less switches off 1 / 1.2 thousand chips: urgent work at 2 USD an hour
    is lost, and a carrying cost of 1 USD each begins; the energy and the connection are saved."""
    solution, solver = solved(tied())
    row = solution.form.rows.index(("limit_power_growth", ("near", "grid", 1)))
    more, less = one_unit(solver, row, solution.proof.objective_musd)
    hours, chips = 744.0, 1e3 / 1.2
    by_hand = chips * hours * 2.0 + chips * 1.0 - hours * 100.0 - 1_000.0
    assert more == pytest.approx(0.0, abs=1e-9)
    assert less == pytest.approx(1e-6 * by_hand, rel=1e-9)
    assert -1e-9 <= solution.prices["limit_power_growth"]["near", "grid", 1] <= 1e-6 * by_hand + 1e-9


def test_the_solver_is_left_as_it_was() -> None:
    solution, solver = solved(tied())
    row = solution.form.rows.index(("limit_power_growth", ("near", "grid", 1)))
    first = one_unit(solver, row, solution.proof.objective_musd)
    assert one_unit(solver, row, solution.proof.objective_musd) == pytest.approx(first, abs=1e-12)


def test_where_one_unit_less_leaves_no_plan_it_is_not_told() -> None:
    """A commitment of 1 MW inside a step of 1 MW: less growth can not be."""
    solution, solver = solved(dataclasses.replace(tied(), committed_mw={("near", "grid", 1): 1.0}))
    row = solution.form.rows.index(("limit_power_growth", ("near", "grid", 1)))
    more, less = one_unit(solver, row, solution.proof.objective_musd)
    assert more == pytest.approx(0.0, abs=1e-9)
    assert less is None


def test_an_optimum_is_taken_up_where_it_was_left() -> None:
    solution = solve(toy())
    taken = take_up(toy(), optimum_arrays(solution), fingerprint(solution.form), Progress())
    assert taken is not None
    again, solver = taken
    assert solver is not None
    assert again.outcome.iterations["simplex"] == 0
    assert again.proof.objective_musd == pytest.approx(solution.proof.objective_musd, rel=1e-12)
    np.testing.assert_allclose(again.outcome.values, solution.outcome.values, atol=1e-9)
    np.testing.assert_allclose(again.outcome.duals, solution.outcome.duals, atol=1e-9)


def test_an_interior_point_is_taken_up_without_a_solver() -> None:
    solution = solve(toy(), SolverOptions(algorithm="ipx", crossover=False))
    kept = optimum_arrays(solution)
    assert set(kept) == {"values", "duals"}
    taken = take_up(toy(), kept, fingerprint(solution.form), Progress())
    assert taken is not None
    again, solver = taken
    assert solver is None
    assert again.proof.objective_musd == pytest.approx(solution.proof.objective_musd, rel=1e-12)
    assert again.prices == solution.prices


def test_the_optimum_of_another_program_is_refused() -> None:
    solution = solve(toy())
    other = dataclasses.replace(toy(), pue={"near": 1.3, "far": 1.1})
    assert take_up(other, optimum_arrays(solution), fingerprint(solution.form), Progress()) is None
    kept = {**optimum_arrays(solution), "row_status": np.zeros(1, dtype=np.uint8)}
    assert take_up(toy(), kept, fingerprint(solution.form), Progress()) is None
