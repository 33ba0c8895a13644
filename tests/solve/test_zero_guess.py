"""Places pooled tell what is worth a thought: a guess that makes a plan faster, and never another one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.api import load
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.compile.form import Form, Key
from planner.solve.highs import Outcome, Solver, SolverOptions
from planner.solve.reduce import from_scratch, full_use_guess, zero_guess
from planner.solve.reduce.from_scratch import minimise_from_scratch
from planner.solve.reduce.hints import GUESSED
from planner.solve.reduce.zero_guess import aggregate, pools, unlikely
from planner.solve.solution import prove, standard_form

REFERENCE = Path(__file__).parents[2] / "inputs" / "reference.yaml"


@pytest.fixture(scope="module")
def form() -> Form:
    """The first half year of the shipped plan."""
    return standard_form(prepare(load(REFERENCE, ["months=6", "look_ahead_months=0"])), Progress())[1]


@pytest.fixture(scope="module")
def used(form: Form) -> Form:
    step = full_use_guess.reduce(form)
    assert step is not None
    return step.form


@pytest.fixture(scope="module")
def expected(form: Form) -> float:
    return Solver(form, SolverOptions()).minimise(form.cost, form.offset).objective


def solve(form: Form) -> Outcome:
    return Solver(form, SolverOptions(crossover=False)).minimise(form.cost, form.offset)


def test_chinese_places_are_one_pool_and_all_others_another(form: Form) -> None:
    """As export rules have it, each may hold what the others of its pool may; a design in orbit is no place on Earth."""
    pool = pools(form)
    assert len(set(pool.values())) == 2
    assert {place.startswith("cn_") for place in pool if pool[place] == pool["cn_chengyu_tianfu"]} == {True}
    assert pool["us_ohio"] == pool["no_south"] != pool["cn_chengyu_tianfu"]
    assert "central" not in pool


def test_a_plan_of_places_is_one_of_their_pools_where_they_are_alike(used: Form) -> None:
    """Rows of the pools are sums of rows: what a plan puts into them is what its pooled plan would, where coefficients agree.
    Conservation is such a row. The limits of nations are on some places of a pool, and left out."""
    pooled, column = aggregate(used, pools(used))
    values = np.random.default_rng(1).random(used.shape[1])
    together = np.bincount(column, weights=values)
    rows = dict(zip(pooled.rows, pooled.by_rows @ together, strict=True))
    label = pools(used)
    each: dict[Key, float] = {}
    for (name, index), value in zip(used.rows, used.by_rows @ values, strict=True):
        if name == "conserve_fleet":
            key = (name, (label.get(index[0], index[0]), *index[1:]))
            each[key] = each.get(key, 0.0) + value
    assert {key: rows[key] for key in each} == pytest.approx(each)
    free = {
        name
        for (name, _), low, high in zip(pooled.rows, pooled.row_lower, pooled.row_upper, strict=True)
        if low == -high == -np.inf
    }
    assert free == {"limit_national_growth"}


@pytest.mark.slow
def test_most_of_it_is_not_worth_a_thought(used: Form, form: Form) -> None:
    keys = unlikely(used, solve)
    assert keys is not None
    assert {name for name, _ in keys} == set(GUESSED)
    assert len(keys) > 0.3 * sum(name in GUESSED for name, _ in used.columns)
    both = {index for name, index in keys if name == "installed"} & {index for name, index in keys if name == "retire"}
    assert not both  # what stands has to stay or to go
    best = Solver(form, SolverOptions()).minimise(form.cost, form.offset)
    moved = {key for key, value in zip(form.columns, best.values, strict=True) if value > 1e-6 and key[0] in GUESSED}
    assert len(moved & keys) < 0.02 * len(moved)


def proven(form: Form, outcome: Outcome, expected: float) -> None:
    assert outcome.status == "optimal"
    assert outcome.objective == pytest.approx(expected, rel=1e-9)
    proof = prove(form, outcome)
    assert max(proof.gap, proof.primal_residual, proof.dual_residual) < 1e-9


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the program."""
    monkeypatch.setattr(from_scratch, "WORTH_IT", 0)


def guess(monkeypatch: pytest.MonkeyPatch, keys: set[Key] | None) -> None:
    monkeypatch.setattr(zero_guess, "unlikely", lambda form, solve: keys)


def test_the_guess_is_made(form: Form, expected: float, always: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[set[Key] | None] = []

    def heard(of: Form, solve: Callable[[Form], Outcome]) -> set[Key] | None:
        asked.append(unlikely(of, solve))
        return asked[-1]

    monkeypatch.setattr(zero_guess, "unlikely", heard)
    proven(form, minimise_from_scratch(Solver(form, SolverOptions())), expected)
    assert asked
    assert asked[0]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_wrong_guess_is_mended(
    form: Form, expected: float, always: None, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """No deployment is taken to be zero, half of them, or all there are."""
    guess(monkeypatch, None)
    without = minimise_from_scratch(Solver(form, SolverOptions())).iterations["simplex"]
    draw = np.random.default_rng(5)
    keys = {key for key in form.columns if key[0] == "deploy" and draw.random() < share}
    guess(monkeypatch, keys or None)
    outcome = minimise_from_scratch(Solver(form, SolverOptions()))
    proven(form, outcome, expected)
    assert (outcome.iterations["simplex"] > without) == (share == 0.5)  # past so many pivots all begins again without it


def test_a_guess_that_no_plan_meets_is_dropped(
    form: Form, expected: float, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chips that stand at the start may neither stay nor go."""
    guess(monkeypatch, {key for key in form.columns if key[0] in ("installed", "retire")})
    outcome = minimise_from_scratch(Solver(form, SolverOptions()))
    proven(form, outcome, expected)
    assert outcome.reduced_to is not None


def test_where_pivots_do_not_suffice_the_smaller_program_is_solved_without_the_guess(
    form: Form, expected: float, always: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(monkeypatch, {key for key in form.columns if key[0] == "deploy"})
    real = from_scratch.most_pivots
    monkeypatch.setattr(from_scratch, "most_pivots", lambda of: 1 if of is not form else real(of))
    outcome = minimise_from_scratch(Solver(form, SolverOptions()))
    proven(form, outcome, expected)
    assert outcome.reduced_to is not None


def test_pools_without_a_plan_tell_nothing(used: Form) -> None:
    """Here no pool may hold what stands at the start."""
    none = dataclasses.replace(used, row_upper=np.where([name == "house_chips" for name, _ in used.rows], -1e6, used.row_upper))
    assert unlikely(none, solve) is None


def test_few_places_have_no_pools(used: Form) -> None:
    """What is hardly smaller than the plan itself is not solved first."""
    alone = {key: f"{number}" for number, key in enumerate(pools(used))}
    columns = [
        (name, (alone[index[0]], f"of {index[0]}", *index[2:]) if name in GUESSED and index[0] in alone else index)
        for name, index in used.columns
    ]
    assert unlikely(dataclasses.replace(used, columns=columns), no_solve) is None


def no_solve(form: Form) -> Outcome:
    raise AssertionError("nothing is to be solved")


def test_the_time_limit_counts_for_the_pools_too(form: Form, always: None) -> None:
    none = minimise_from_scratch(Solver(form, SolverOptions(time_limit_s=0.0)))
    assert none.status == "time_limit"
    assert (len(none.duals), len(none.values)) == form.shape
