"""From nothing by way of a smaller program: the same optimum as straight on, and a vertex of the whole."""

from __future__ import annotations

import dataclasses
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.sparse import coo_array, csc_array

from planner.api import load
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve import highs
from planner.solve.bounds import admissible, implied_upper_bounds, lower_bound
from planner.solve.compile.form import Form
from planner.solve.highs import Outcome, Solver, SolverOptions
from planner.solve.reduce import from_scratch, transshipment, zero_guess
from planner.solve.reduce.from_scratch import (
    basic_solution,
    minimise_from_basis,
    minimise_from_scratch,
    postsolved_outcome,
    reduced,
)
from planner.solve.reduce.step import postsolve_basis
from planner.solve.reduce.transshipment import corner
from planner.solve.solution import prove, standard_form

REFERENCE = Path(__file__).parents[2] / "inputs" / "reference.yaml"
INF = float("inf")


def transport(seed: int, regions: int, demands: int, near: bool, short: bool) -> Form:
    """Regions make at costs of their own and serve every demand at the demand's price, some for less; the rest is unserved."""
    draw = np.random.default_rng(seed)
    asked = draw.integers(1, 9, demands).astype(float)
    most = draw.integers(0, 9, regions).astype(float) * (0.3 if short else 1.0)
    price = draw.integers(1, 5, demands).astype(float)
    names, cost, entries = [], [], []
    for r in range(regions):
        names.append(("make", (r,)))
        cost.append(float(draw.integers(1, 9)))
        entries += [(r, len(names) - 1, -1.0), (regions + demands + r, len(names) - 1, 1.0)]
    for z in range(demands):
        for r in range(regions):
            names.append(("serve", (z, r)))
            cost.append(0.5 if near and z % regions == r and draw.random() < 0.5 else price[z])
            entries += [(r, len(names) - 1, 1.0), (regions + z, len(names) - 1, 1.0)]
        names.append(("unserved", (z,)))
        cost.append(10.0 + z)
        entries.append((regions + z, len(names) - 1, 1.0))
    row, column, value = zip(*entries, strict=True)
    shape = (2 * regions + demands, len(names))
    matrix = coo_array((value, (row, column)), shape=shape).tocsc()
    rows = [("place", (r,)) for r in range(regions)] + [("demand", (z,)) for z in range(demands)]
    return Form(
        cost=np.array(cost),
        offset=1.0,
        aim=None,
        lower=np.zeros(len(names)),
        upper=np.full(len(names), INF),
        row_lower=np.concatenate([np.full(regions, -INF), asked, np.full(regions, -INF)]),
        row_upper=np.concatenate([np.zeros(regions), asked, most]),
        matrix=csc_array(matrix),
        columns=list(names),
        rows=[*rows, *(("most", (r,)) for r in range(regions))],
    )


@pytest.fixture(scope="module")
def reference() -> Form:
    """The first quarter of the shipped plan, with demand that keeps every chip busy: where one idles, guesses are mended."""
    return standard_form(prepare(load(REFERENCE, ["months=3", "look_ahead_months=0", "demand.doubling_months=6"])), Progress())[
        1
    ]


def straight(form: Form) -> Outcome:
    return Solver(form, SolverOptions(algorithm="simplex")).minimise(form.cost, form.offset)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the program."""
    monkeypatch.setattr(from_scratch, "WORTH_IT", 0)


def check(form: Form, outcome: Outcome) -> None:
    """An optimum as good as straight on, whose duals prove it."""
    expected = straight(form)
    assert outcome.status == expected.status == "optimal"
    assert outcome.objective == pytest.approx(expected.objective, rel=1e-9)
    proof = prove(form, outcome)
    assert max(proof.gap, proof.primal_residual, proof.dual_residual) < 1e-9


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(2, 6), st.booleans(), st.booleans())
def test_a_vertex_through_hubs_is_the_optimum_of_the_whole(
    seed: int, regions: int, demands: int, near: bool, short: bool
) -> None:
    form = transport(seed, regions, demands, near, short)
    step = transshipment.reduce(form)
    if step is None:
        assert near or regions * demands <= regions + demands
        return
    assert step.form.shape[1] < form.shape[1]
    inner = Solver(step.form, SolverOptions(algorithm="simplex"))
    found = inner.minimise(step.form.cost, step.form.offset)
    basis = inner.basis()
    assert basis is not None
    vertex = step.postsolve_basis(basic_solution(found, basis))
    whole = Solver(form, SolverOptions())
    outcome = minimise_from_basis(whole, vertex)
    check(form, outcome)
    assert found.objective == pytest.approx(outcome.objective, rel=1e-9)
    assert vertex.columns.sum() + vertex.rows.sum() <= form.shape[0]


def test_the_shipped_plan_needs_no_pivot(reference: Form, always: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no column is taken to be zero (test_pools)."""
    monkeypatch.setattr(zero_guess, "unlikely", lambda form, solve: None)
    steps = reduced(reference)
    assert [type(step).__name__ for step in steps] == ["FullUse", "Transshipment", "Transshipment", "SharedRows"]
    assert steps[-1].form.shape[1] < 0.74 * reference.shape[1]
    outcome = minimise_from_scratch(Solver(reference, SolverOptions()))
    check(reference, outcome)
    assert outcome.reduced_to == steps[-1].form.shape
    assert outcome.iterations["simplex"] == 0


def test_a_lifted_vertex_has_as_many_basic_as_rows(reference: Form) -> None:
    steps = reduced(reference)
    small = steps[-1].form
    inner = Solver(small, SolverOptions())
    found, basis = inner.minimise(small.cost, 0.0), inner.basis()
    assert basis is not None
    vertex = postsolve_basis(steps, basic_solution(found, basis))
    assert vertex.columns.sum() + vertex.rows.sum() == reference.shape[0]
    assert reference.cost @ vertex.values == pytest.approx(small.cost @ found.values, rel=1e-9)


def dear_power(form: Form) -> Form:
    """Power at a price at which some chips had better idle."""
    factor = np.array([60.0 if name == "output" else 1.0 for name, _ in form.columns])
    return dataclasses.replace(form, cost=form.cost * factor)


def test_a_wrong_guess_is_mended(reference: Form, always: None) -> None:
    form = dear_power(reference)
    outcome = minimise_from_scratch(Solver(form, SolverOptions()))
    check(form, outcome)
    assert outcome.iterations["simplex"] > 0
    assert "pivots" in outcome.algorithm


def test_where_the_guess_is_too_far_off_the_whole_is_solved(
    reference: Form, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = dear_power(reference)
    monkeypatch.setattr(from_scratch, "ROWS_PER_PIVOT", form.shape[0])
    outcome = minimise_from_scratch(Solver(form, SolverOptions()))
    check(form, outcome)
    assert outcome.reduced_to is None
    assert "not from the reduced program (1 pivots were not enough)" in outcome.algorithm


def test_no_smaller_program_where_simplex_is_asked_for(reference: Form, always: None) -> None:
    assert minimise_from_scratch(Solver(reference, SolverOptions(algorithm="simplex"))).reduced_to is None


def test_a_time_limit_holds_for_all_of_it(reference: Form, always: None) -> None:
    """With time enough nothing changes; with none what is left has the shape of the whole, and says what it is."""
    enough = minimise_from_scratch(Solver(reference, SolverOptions(time_limit_s=600.0)))
    check(reference, enough)
    assert enough.reduced_to is not None
    none = minimise_from_scratch(Solver(reference, SolverOptions(time_limit_s=0.0)))
    assert none.status == "time_limit"
    assert (len(none.duals), len(none.values)) == reference.shape


def test_prices_of_the_smaller_program_bound_the_whole_however_early_they_are(
    reference: Form, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no column is taken to be zero."""
    monkeypatch.setattr(zero_guess, "unlikely", lambda form, solve: None)
    steps = reduced(reference)
    small = steps[-1].form
    found = Solver(small, SolverOptions()).minimise(small.cost, small.offset)
    upper, chance = implied_upper_bounds(reference), np.random.default_rng(20270101)
    bounds = []
    for size in (0.0, 1e-3, 1e-1, 1.0):
        early = dataclasses.replace(found, duals=found.duals * (1.0 + size * chance.standard_normal(len(found.duals))))
        duals = postsolved_outcome(reference, steps, early).duals
        bounds.append(lower_bound(reference, admissible(reference, duals, upper), upper)[0])
    assert bounds[0] == pytest.approx(found.objective, rel=1e-7)
    assert max(bounds) <= found.objective * (1 + 1e-9)


def test_what_crossover_leaves_is_cleaned_up_by_primal_simplex() -> None:
    """Its vertex is feasible. So it is at first, and again after limits that moved asked for the dual; simplex from nothing is
    as HiGHS has it."""
    form = transport(1, 3, 4, near=True, short=False)
    solver = Solver(form, SolverOptions())
    chosen = [solver.highs.getOptionValue(name)[1] for name in ("solver", "simplex_strategy")]
    solver.change(dataclasses.replace(form, row_upper=form.row_upper + 1.0))
    assert solver.highs.getOptionValue("simplex_strategy")[1] == 1
    solver.forget()
    assert [solver.highs.getOptionValue(name)[1] for name in ("solver", "simplex_strategy")] == chosen
    assert chosen[1] == 4
    by_simplex = Solver(form, SolverOptions(algorithm="simplex"))
    assert by_simplex.highs.getOptionValue("simplex_strategy")[1] == 1


def test_paths_from_corner_to_corner() -> None:
    paths = corner(np.array([2.0, 0.0, 3.0]), np.array([1.0, 4.0]))
    assert [(i, j) for i, j, _ in paths] == [(0, 0), (0, 1), (1, 1), (2, 1)]
    assert [carried for _, _, carried in paths] == [1.0, 1.0, 0.0, 3.0]
    assert corner(np.zeros(0), np.array([1.0])) == []


@pytest.mark.parametrize(
    ("extras", "words"),
    [("1.15.1", "HiPO needs highspy-extras 1.16.0, not 1.15.1"), (None, "HiPO needs highspy-extras 1.16.0"), ("1.16.0", None)],
)
def test_ipx_where_hipo_is_not_installed(monkeypatch: pytest.MonkeyPatch, extras: str | None, words: str | None) -> None:
    """A new highspy may be there before its extras are; HiGHS then refuses HiPO."""

    def installed(package: str) -> str:
        found = {"highspy": "1.16.0", "highspy-extras": extras}[package]
        if found is None:
            raise PackageNotFoundError(package)
        return found

    monkeypatch.setattr(highs, "version", installed)
    highs.without_hipo.cache_clear()
    form = transport(1, 3, 4, near=True, short=False)
    solver = Solver(form, SolverOptions())
    outcome = solver.minimise(form.cost, form.offset)
    highs.without_hipo.cache_clear()
    if words is None:
        assert solver._set_so_far["solver"] == "hipo"
    else:
        assert solver._set_so_far["solver"] == "ipx"
        assert outcome.algorithm.endswith(f"; by IPX, since {words}")
    check(form, outcome)


def test_ipx_where_hipo_breaks_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiPO's breakdown is played; IPX is real."""
    form = transport(1, 3, 4, near=True, short=False)
    real, asked = Solver._minimise, []

    def first_breaks(self: Solver, cost: np.ndarray, offset: float) -> Outcome:
        outcome = real(self, cost, offset)
        asked.append(self._set_so_far["solver"])
        return dataclasses.replace(outcome, status="trouble", message="Unknown") if asked[-1] == "hipo" else outcome

    monkeypatch.setattr(Solver, "_minimise", first_breaks)
    outcome = Solver(form, SolverOptions()).minimise(form.cost, form.offset)
    monkeypatch.undo()
    assert asked == ["hipo", "ipx"]
    assert outcome.algorithm.endswith("by IPX, since HiPO ended without an answer (Unknown)")
    check(form, outcome)
