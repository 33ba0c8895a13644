"""Slices from nothing: what nothing tells apart becomes one, and what is lifted is an optimum that its own prices prove."""

from __future__ import annotations

import dataclasses
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.sparse import coo_array, csc_array

from planner.api import load
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve import highs
from planner.solve.compile.form import Form
from planner.solve.highs import Outcome, Solver, SolverOptions
from planner.solve.proof import prove
from planner.solve.reduce import equal_columns, from_scratch, full_use_guess
from planner.solve.reduce.from_scratch import minimise_from_scratch, reduced
from planner.solve.reduce.full_use_guess import FullUse
from planner.solve.reduce.hints import by_slice
from planner.solve.reduce.step import PrimalDual
from planner.solve.solution import standard_form

ROOT = Path(__file__).parents[2]
FLAT = "inputs/reference.yaml"  # nothing varies by slice
DAY = "inputs/scenarios/hourly.yaml"  # prices, sun and work do
MOVED = "tests/solve/segments.yaml"  # batteries, plants and work that moves within windows, too
INF = float("inf")


@cache
def form_of(plan: str, months: int, slices: str) -> Form:
    return standard_form(
        prepare(load(ROOT / plan, [f"months={months}", f"slices={slices}", "look_ahead_months=0"])), Progress()
    )[1]


@cache
def least(plan: str, months: int, slices: str) -> float:
    """The optimum straight on, to a vertex."""
    form = form_of(plan, months, slices)
    solver = Solver(form, SolverOptions(crossover=True))
    solver.minimise(form.cost, form.offset)
    return solver.tighten().objective


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the program."""
    monkeypatch.setattr(from_scratch, "WORTH_IT", 0)


def proven(form: Form, outcome: Outcome) -> float:
    assert outcome.status == "optimal"
    proof = prove(form, outcome)
    return max(proof.gap, proof.primal_residual, proof.dual_residual)


CHOSEN = "[0, 5, 9, 20]"  # segments of 5, 4, 11 and 4 hours
PLANS = [(FLAT, 2, "4"), (FLAT, 2, CHOSEN), (DAY, 3, "4"), (MOVED, 1, "4")]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("plan", PLANS)
def test_a_vertex_from_slices(plan: tuple[str, int, str], always: None) -> None:
    form = form_of(*plan)
    solver = Solver(form, SolverOptions())
    outcome = minimise_from_scratch(solver)
    assert proven(form, outcome) < 1e-8
    assert outcome.objective == pytest.approx(least(*plan), rel=1e-9)
    assert solver.basis() is not None


@pytest.mark.sampled(2)
@pytest.mark.parametrize("plan", PLANS)
def test_no_solve_of_the_whole_where_no_vertex_is_asked_for(
    plan: tuple[str, int, str], monkeypatch: pytest.MonkeyPatch, always: None
) -> None:
    form = form_of(*plan)
    monkeypatch.setattr(highs, "CROSSOVER_COLUMNS", form.shape[1] - 1)
    solver = Solver(form, SolverOptions())
    outcome = minimise_from_scratch(solver)
    assert proven(form, outcome) < (1e-9 if plan[0] != DAY else from_scratch.ENOUGH)
    assert outcome.objective == pytest.approx(least(*plan), rel=1e-9 if plan[0] != DAY else from_scratch.ENOUGH)
    assert outcome.reduced_to is not None
    assert solver.basis() is None
    assert outcome.objective == pytest.approx(form.cost @ outcome.values + form.offset, rel=1e-12)


@pytest.mark.slow
def test_an_interior_point_that_proves_too_little_is_made_a_vertex(monkeypatch: pytest.MonkeyPatch, always: None) -> None:
    form = form_of(DAY, 2, "4")
    monkeypatch.setattr(highs, "CROSSOVER_COLUMNS", 1)
    monkeypatch.setattr(from_scratch, "VERTEX_COLUMNS", 1)
    monkeypatch.setattr(from_scratch, "ENOUGH", 1e-12)
    monkeypatch.setattr(from_scratch, "ACCEPTED", 1e-12)
    solver = Solver(form, SolverOptions())
    outcome = minimise_from_scratch(solver)
    assert solver.basis() is not None
    assert outcome.objective == pytest.approx(least(DAY, 2, "4"), rel=1e-9)
    assert outcome.iterations["crossover"] > 0


@pytest.mark.slow
def test_what_each_column_may_be_off_is_taken_up(monkeypatch: pytest.MonkeyPatch, always: None) -> None:
    """A vertex that HiGHS calls optimal is sharpened where its own arrays do not prove it."""
    form = form_of(DAY, 4, "[0, 6, 12, 18]")
    monkeypatch.setattr(from_scratch, "is_proven", lambda proof: True)
    blunt = minimise_from_scratch(Solver(form, SolverOptions()))
    monkeypatch.undo()
    monkeypatch.setattr(from_scratch, "WORTH_IT", 0)
    sharp = minimise_from_scratch(Solver(form, SolverOptions()))
    assert proven(form, sharp) < 1e-8 < proven(form, blunt)
    assert sharp.objective < blunt.objective
    assert sharp.reduced_to == blunt.reduced_to


@pytest.mark.parametrize("slices", ["4", CHOSEN])
def test_slices_that_nothing_tells_apart_are_one(slices: str) -> None:
    sliced, whole = form_of(FLAT, 2, slices), form_of(FLAT, 2, "1")
    step = equal_columns.reduce(sliced)
    assert step is not None
    assert step.form.shape[1] <= whole.shape[1]
    assert equal_columns.reduce(form_of(DAY, 2, "[0, 6, 12, 18]")) is None


def test_numbers_are_equal_but_for_rounding() -> None:
    number = np.array([0.0, -0.0, 1e-20, 2e-20, 1.0, 1.0 + 2**-50, 1.0 + 2**-40, -1.0])
    zero, minus_zero, small, twice, one, rounded, more, minus_one = equal_columns.of_numbers(number).tolist()
    assert (zero, one) == (minus_zero, rounded)
    assert len({zero, small, twice, one, more, minus_one}) == 6


def test_what_is_by_slice_is_known() -> None:
    """With twice the slices there are twice as many of them, and of nothing else."""
    keys = [(*form.columns, *form.rows) for form in (form_of(MOVED, 1, "4"), form_of(MOVED, 1, "8"))]
    four, eight = (Counter(name for name, _ in each) for each in keys)
    assert {name for name in four if eight[name] != four[name]} == by_slice(keys[0])


def test_where_one_slice_asks_for_more_chips_may_idle() -> None:
    """Every region of `hourly` can serve work that follows its day; what moves fills the night."""
    at_night, moved = full_use_guess.reduce(form_of(DAY, 2, "[0, 6, 12, 18]")), full_use_guess.reduce(form_of(MOVED, 1, "4"))
    assert moved is not None
    assert len(moved.uses) == sum(name == "run" for name, _ in moved.original.columns)
    assert at_night is None or len(at_night.uses) < 0.1 * sum(name == "run" for name, _ in at_night.original.columns)


def dear_power() -> Form:
    """At a price at which some chips had better idle."""
    form = form_of(FLAT, 3, "4")
    assert any(isinstance(step, FullUse) for step in reduced(form))
    return dataclasses.replace(form, cost=form.cost * [60.0 if name == "output" else 1.0 for name, _ in form.columns])


def test_a_wrong_guess_is_not_taken_for_an_optimum(always: None) -> None:
    """Without a vertex that simplex could start from, the whole is solved."""
    form = dear_power()
    outcome = minimise_from_scratch(Solver(form, SolverOptions(crossover=False)))
    assert outcome.reduced_to is None
    assert "not from the reduced program (its duals are not valid for the full one" in outcome.algorithm
    assert proven(form, outcome) < 1e-6


def test_a_wrong_guess_is_mended(monkeypatch: pytest.MonkeyPatch, always: None) -> None:
    """From a vertex of the smaller program where that is small enough to have one."""
    form = dear_power()
    monkeypatch.setattr(highs, "CROSSOVER_COLUMNS", form.shape[1] - 1)
    monkeypatch.setattr(from_scratch, "ROWS_PER_PIVOT", 1)
    outcome = minimise_from_scratch(Solver(form, SolverOptions()))
    assert outcome.reduced_to is not None
    assert outcome.iterations["simplex"] > 0
    assert "pivots" in outcome.algorithm
    assert proven(form, outcome) < 1e-7
    vertex = Solver(form, SolverOptions(crossover=True)).minimise(form.cost, form.offset)
    assert outcome.objective == pytest.approx(vertex.objective, rel=1e-9)


def copies(seed: int, slices: int) -> Form:
    """Capacities that several alike slices share: output[p,k] <= capacity[p] in each, which meets what each asks for."""
    draw = np.random.default_rng(seed)
    options = int(draw.integers(2, 5))
    names = [("capacity", (p,)) for p in range(options)]
    cost = draw.integers(1, 9, options).astype(float).tolist()
    asked, price = float(draw.integers(3, 9)), draw.integers(0, 4, options) / slices
    entries, upper, rows = [], [], []
    for p in range(options):
        entries.append((len(rows), p, 1.0))
        rows.append(("most", (p,)))
        upper.append(float(draw.integers(1, 5)))
    for k in range(slices):
        balance = len(rows)
        rows.append(("balance", (k,)))
        upper.append(asked)
        for p in range(options):
            names.append(("output", (p, k)))
            cost.append(float(price[p]))
            entries += [(balance, len(names) - 1, 1.0), (len(rows), len(names) - 1, 1.0), (len(rows), p, -1.0)]
            rows.append(("respect", (p, k)))
            upper.append(0.0)
        names.append(("short", (k,)))
        cost.append(50.0 / slices)
        entries.append((balance, len(names) - 1, 1.0))
    row, column, value = zip(*entries, strict=True)
    matrix = csc_array(coo_array((value, (row, column)), shape=(len(rows), len(names))))
    return Form(
        cost=np.array(cost),
        offset=2.0,
        aim=None,
        lower=np.zeros(len(names)),
        upper=np.full(len(names), INF),
        row_lower=np.where([name == "balance" for name, _ in rows], upper, -INF),
        row_upper=np.array(upper),
        matrix=csc_array(matrix),
        columns=names,
        rows=rows,
    )


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_what_is_alike_has_equal_values_and_shares_its_price(seed: int, slices: int) -> None:
    form = copies(seed, slices)
    step = equal_columns.reduce(form)
    assert step is not None
    assert step.form.shape[1] <= with_one(form)
    found = Solver(step.form, SolverOptions(algorithm="simplex")).minimise(step.form.cost, form.offset)
    point = step.postsolve(PrimalDual(found.values, found.duals))
    lifted = dataclasses.replace(found, values=point.values, duals=point.duals)
    assert proven(form, lifted) < 1e-12
    straight = Solver(form, SolverOptions(algorithm="simplex")).minimise(form.cost, form.offset)
    assert found.objective == pytest.approx(straight.objective, rel=1e-12)


def with_one(form: Form) -> int:
    """Columns of the first slice, and those of none."""
    return sum(name == "capacity" or index[-1] == 0 for name, index in form.columns)


def test_one_number_tells_slices_apart() -> None:
    form = copies(1, 4)
    cost = form.cost.copy()
    cost[-1] *= 1.0 + 1e-12
    told = equal_columns.reduce(dataclasses.replace(form, cost=cost))
    alike = equal_columns.reduce(form)
    assert told is not None
    assert alike is not None
    assert told.form.shape[1] > alike.form.shape[1]
