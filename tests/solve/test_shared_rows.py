"""Sums of what rows count alike: fewer entries, the same optimum, and a vertex and prices of the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.sparse import coo_array, csc_array

from planner.api import load
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.compile.form import Form
from planner.solve.highs import Outcome, Solver, SolverOptions
from planner.solve.reduce import full_use_guess, shared_rows
from planner.solve.reduce.from_scratch import basic_solution, minimise_from_basis
from planner.solve.reduce.step import PrimalDual
from planner.solve.solution import prove, standard_form

ROOT = Path(__file__).parents[2]
INF = float("inf")


def shared(seed: int, rows: int, columns: int, signed: bool) -> Form:
    """Every row limits the same blend of columns, at a rate of its own, less what it buys; what all of it earns differs."""
    draw = np.random.default_rng(seed)
    blend = draw.integers(1, 9, columns) / 4.0 * (draw.choice([-1.0, 1.0], columns) if signed else 1.0)
    rate = draw.integers(1, 9, rows) / 2.0
    entries = [(i, j, rate[i] * blend[j]) for i in range(rows) for j in range(columns)]
    entries += [(i, columns + i, -1.0) for i in range(rows)]
    entries += [(rows + j, j, 1.0) for j in range(columns)]
    row, column, value = zip(*entries, strict=True)
    matrix = coo_array((value, (row, column)), shape=(rows + columns, columns + rows)).tocsc()
    return Form(
        cost=np.concatenate([-draw.integers(0, 9, columns).astype(float), draw.integers(0, 3, rows).astype(float)]),
        offset=2.0,
        aim=None,
        lower=np.zeros(columns + rows),
        upper=np.full(columns + rows, INF),
        row_lower=np.full(rows + columns, -INF),
        row_upper=draw.integers(0, 9, rows + columns).astype(float),
        matrix=csc_array(matrix),
        columns=[*(("use", (j,)) for j in range(columns)), *(("buy", (i,)) for i in range(rows))],
        rows=[*(("limit", (i,)) for i in range(rows)), *(("most", (j,)) for j in range(columns))],
    )


def solved(form: Form) -> tuple[Outcome, Solver]:
    solver = Solver(form, SolverOptions(algorithm="simplex"))
    return solver.minimise(form.cost, form.offset), solver


def is_proven(form: Form, outcome: Outcome) -> bool:
    proof = prove(form, outcome)
    return max(proof.gap, proof.primal_residual, proof.dual_residual) < 1e-9


@settings(max_examples=80)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(3, 8), st.booleans())
def test_the_optimum_with_sums_is_that_of_the_whole(seed: int, rows: int, columns: int, signed: bool) -> None:
    form = shared(seed, rows, columns, signed)
    step = shared_rows.reduce(form)
    if rows + columns + 1 >= rows * columns:
        assert step is None
        return
    assert step is not None
    assert (step.form.shape[0] - form.shape[0], step.form.shape[1] - form.shape[1]) == (1, 1)
    assert step.form.matrix.nnz == form.matrix.nnz - rows * columns + rows + columns + 1
    expected, _ = solved(form)
    found, inner = solved(step.form)
    assert found.objective == pytest.approx(expected.objective, rel=1e-9, abs=1e-9)
    point = step.postsolve(PrimalDual(found.values, found.duals))
    lifted = Outcome(**{**found.__dict__, "values": point.values, "duals": point.duals})
    assert is_proven(form, lifted)
    basis = inner.basis()
    assert basis is not None
    vertex = step.postsolve_basis(basic_solution(found, basis))
    assert vertex.columns.sum() + vertex.rows.sum() <= form.shape[0]
    outcome = minimise_from_basis(Solver(form, SolverOptions()), vertex)
    assert outcome.objective == pytest.approx(expected.objective, rel=1e-9, abs=1e-9)
    assert is_proven(form, outcome)


def test_a_sum_that_may_be_below_zero_is_free() -> None:
    step = shared_rows.reduce(shared(7, 4, 6, signed=True))
    assert step is not None
    assert step.form.lower[-1] == -INF
    positive = shared_rows.reduce(shared(7, 4, 6, signed=False))
    assert positive is not None
    assert positive.form.lower[-1] == 0.0


def test_chips_of_a_place_stand_in_its_power_and_halls_and_draw_by_one_sum() -> None:
    """By hand: power, halls and energy count chips by nameplate where all draw the same share of it and all run."""
    form = standard_form(prepare(load(ROOT / "inputs" / "reference.yaml", ["months=3", "look_ahead_months=0"])), Progress())[1]
    used = full_use_guess.reduce(form)
    assert used is not None
    step = shared_rows.reduce(used.form)
    assert step is not None
    matrix = step.form.by_rows
    place, row = next((index[0], i) for i, (name, index) in enumerate(step.form.rows) if name == "house_chips")
    sums = [j for j in matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]] if step.form.columns[j][0] == "sum"]
    assert len(sums) == 1
    with_it = {step.form.rows[i][0] for i in step.form.matrix[:, sums].tocoo().row}
    assert with_it == {"house_chips", "fit_shell", "balance_power", "sum"}
    number = step.form.columns[sums[0]][1]
    own = step.form.rows.index(("sum", number))
    parts = matrix.indices[matrix.indptr[own] : matrix.indptr[own + 1]]
    held = {index[1] for name, index in form.columns if name == "installed" and index[0] == place and index[2] == 1}
    assert {step.form.columns[j][1][1] for j in parts if j != sums[0]} == held
    assert step.form.matrix.nnz < 0.91 * used.form.matrix.nnz


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_nothing_to_sum_up_is_no_step(columns: int) -> None:
    """Two rows of three columns: six entries would become six. Of fewer columns there is no sum at all."""
    assert shared_rows.reduce(shared(3, 2, columns, signed=False)) is None
