"""Sums written as the column that counts them: fewer entries, the same optimum, and a vertex and prices of the whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.sparse import csc_array, lil_array

from planner.api import load
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.compile.form import Form, Key
from planner.solve.highs import Solver, SolverOptions
from planner.solve.reduce import counted_sums
from planner.solve.reduce.from_scratch import basic_solution, minimise_from_basis, postsolved_outcome, reduced
from planner.solve.solution import standard_form
from tests.solve.test_shared_rows import is_proven, solved

REFERENCE = Path(__file__).parents[2] / "inputs" / "reference.yaml"
MOVES = "classes.move_usd_per_h100e=1"
INF = float("inf")
CLASSES = 2


def moving(seed: int, places: int, pools: int, months: int, alike: bool) -> Form:
    """Places whose capacity comes and goes serve the pools of two classes, and what leaves a place costs. Where not ``alike``,
    the first place needs more for some pools than for others."""
    draw = np.random.default_rng(seed)
    x_t = [(x, t) for x in range(places) for t in range(months)]
    w_x_t = [(w, x, t) for w in range(CLASSES) for x, t in x_t]
    z_w_t = [(z, w, t) for z in range(pools) for w in range(CLASSES) for t in range(months)]
    serve = [(z, w, x, t) for z, w, t in z_w_t for x in range(places)]
    indices = {"make": x_t, "serve": serve, "work": w_x_t, "left": w_x_t, "unserved": z_w_t}
    columns: list[Key] = [(name, index) for name, each in indices.items() for index in each]
    indices = {"place_compute": x_t, "most": x_t, "serve_demand": z_w_t, "count_work": w_x_t, "count_moves": w_x_t}
    rows: list[Key] = [(name, index) for name, each in indices.items() for index in each]
    column, row = ({key: number for number, key in enumerate(keys)} for keys in (columns, rows))
    matrix = lil_array((len(rows), len(columns)))
    for x, t in x_t:
        matrix[row["place_compute", (x, t)], column["make", (x, t)]] = -2.0
        matrix[row["most", (x, t)], column["make", (x, t)]] = 1.0
    for z, w, x, t in serve:
        here = column["serve", (z, w, x, t)]
        matrix[row["place_compute", (x, t)], here] = 1.0 + w + (0.0 if alike or x else 0.125 * z)
        matrix[row["serve_demand", (z, w, t)], here] = 1.0
        matrix[row["count_work", (w, x, t)], here] = -1.0
    for key in z_w_t:
        matrix[row["serve_demand", key], column["unserved", key]] = 1.0
    for w, x, t in w_x_t:
        matrix[row["count_work", (w, x, t)], column["work", (w, x, t)]] = 1.0
        matrix[row["count_moves", (w, x, t)], column["work", (w, x, t)]] = 1.0
        matrix[row["count_moves", (w, x, t)], column["left", (w, x, t)]] = 1.0
        if t:
            matrix[row["count_moves", (w, x, t)], column["work", (w, x, t - 1)]] = -0.9
    price = {"make": (1, 9), "serve": (1, 2), "work": (0, 1), "left": (1, 4), "unserved": (20, 40)}
    low = {"place_compute": -INF, "most": -INF}
    high = {"most": (0, 9), "serve_demand": (1, 9)}
    upper = [float(draw.integers(*high[name])) if name in high else INF if name == "count_moves" else 0.0 for name, _ in rows]
    return Form(
        cost=np.array([float(draw.integers(*price[name])) for name, _ in columns]),
        offset=3.0,
        aim=None,
        lower=np.zeros(len(columns)),
        upper=np.full(len(columns), INF),
        row_lower=np.array([low.get(name, 0.0 if side == INF else side) for (name, _), side in zip(rows, upper, strict=True)]),
        row_upper=np.array(upper),
        matrix=csc_array(matrix),
        columns=columns,
        rows=rows,
    )


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_the_optimum_with_counts_is_that_of_the_whole(seed: int, places: int, pools: int, months: int, alike: bool) -> None:
    form = moving(seed, places, pools, months, alike)
    step = counted_sums.reduce(form)
    replaced = places if alike or pools == 1 else places - 1
    if not replaced:
        assert step is None
        return
    assert step is not None
    assert step.form.matrix.nnz == form.matrix.nnz - replaced * months * CLASSES * (pools - 1)
    expected, _ = solved(form)
    found, inner = solved(step.form)
    assert found.objective == pytest.approx(expected.objective, rel=1e-9)
    assert is_proven(form, postsolved_outcome(form, [step], found))
    basis = inner.basis()
    assert basis is not None
    outcome = minimise_from_basis(Solver(form, SolverOptions()), step.postsolve_basis(basic_solution(found, basis)))
    assert outcome.objective == pytest.approx(expected.objective, rel=1e-9)
    assert is_proven(form, outcome)


def test_a_count_has_the_price_of_the_compute_that_it_takes() -> None:
    """By hand: compute for 2 from a place that makes any at 1 a piece; moves cost nothing with one month. Of the class that
    takes 1 a unit its count is worth 0 to the whole, and -0.5 where it stands for that compute."""
    form = moving(0, 1, 2, 1, alike=True)
    cost = np.array([{"make": 1.0, "unserved": 30.0}.get(name, 0.0) for name, _ in form.columns])
    rows = [name for name, _ in form.rows]
    plenty = np.where([name == "most" for name in rows], 100.0, form.row_upper)
    form = Form(**{**form.__dict__, "cost": cost, "row_upper": plenty})
    step = counted_sums.reduce(form)
    assert step is not None
    found, _ = solved(step.form)
    lifted = postsolved_outcome(form, [step], found)
    at = form.rows.index(("count_work", (0, 0, 0)))
    assert abs(found.duals[at]) == pytest.approx(0.5)
    assert lifted.duals[at] == pytest.approx(0.0)
    assert lifted.duals[rows.index("place_compute")] == pytest.approx(found.duals[rows.index("place_compute")]) == -0.5


def test_work_has_hubs_where_moves_have_a_price() -> None:
    """Three rows of each column become two, and most of the columns then lead through hubs."""
    form = standard_form(prepare(load(REFERENCE, ["months=3", "look_ahead_months=0", MOVES])), Progress())[1]
    steps = reduced(form)
    assert [type(step).__name__ for step in steps] == ["FullUse", "CountedSums", "Transshipment", "Transshipment", "SharedRows"]
    work, left = (sum(name == "serve" for name, _ in each.columns) for each in (form, steps[-1].form))
    assert left < 0.2 * work


def test_without_a_price_of_moves_nothing_is_counted() -> None:
    form = standard_form(prepare(load(REFERENCE, ["months=1", "look_ahead_months=0"])), Progress())[1]
    assert counted_sums.reduce(form) is None
