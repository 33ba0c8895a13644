"""The arrays of a model are what Pyomo's own compiler makes row by row: every number, name and place, to the last bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.core.base.constraint as pyomo_constraint
import pyomo.environ as pyo
import pytest

from models.build import build
from models.records import Share
from planner.api import load
from planner.errors import InfeasibleError
from planner.prepare.plan_data import prepare
from planner.solve.compile.arrays import read_arrays
from planner.solve.compile.form import compile_form, compile_rows
from planner.solve.compile.templates import NotTemplated, Table
from tests.models.test_golden import by_day, by_window, everything
from tests.models.toy import toy

ROOT = Path(__file__).parents[2]
PLANS = [Path("inputs/reference.yaml"), *sorted(p.relative_to(ROOT) for p in (ROOT / "inputs/scenarios").glob("*.yaml"))]


def check(model: pyo.ConcreteModel) -> None:
    ours, theirs = read_arrays(model), compile_rows(model)
    assert ours is not None
    assert theirs is not None
    assert ours.columns == theirs.columns
    assert ours.rows == theirs.rows
    assert list(ours.costs) == list(theirs.costs)
    for name, (cost, offset) in theirs.costs.items():
        assert np.array_equal(ours.costs[name][0], cost), name
        assert ours.costs[name][1] == offset, name
    for part in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(ours.matrix, part), getattr(theirs.matrix, part)), part
    assert np.array_equal(ours.kinds, theirs.kinds)
    assert np.array_equal(ours.rhs, theirs.rhs)


@pytest.mark.parametrize("plan", [everything, by_day, by_window, lambda: toy(mode="energy")])
def test_every_block_of_the_model(plan: Callable[[], Any]) -> None:
    check(build(plan()))


@pytest.mark.parametrize("plan", ["tests/solve/segments.yaml", "inputs/scenarios/training-runs.yaml"])
def test_storage_windows_and_training_runs(plan: str) -> None:
    check(build(prepare(load(ROOT / plan, ["months=2", "look_ahead_months=0"]))))


@pytest.mark.slow
@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
def test_every_shipped_plan(plan: Path) -> None:
    """The reference whole, the scenarios over half a year: their rows are of the same families."""
    months = [] if plan.stem == "reference" else ["months=6"]
    check(build(prepare(load(ROOT / plan, ["look_ahead_months=0", *months]))))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> pyo.ConcreteModel:
    """Two places and three months; rules that are added to it become templates."""
    monkeypatch.setattr(pyomo_constraint, "TEMPLATIZE_CONSTRAINTS", True)
    m = pyo.ConcreteModel()
    m.T = pyo.RangeSet(3)
    m.P = pyo.Set(initialize=["a", "b"])
    m.Q = pyo.Set(m.P, initialize={"a": ["b", "a"], "b": []})
    m.x = pyo.Var([(p, t) for p in m.P for t in range(4)], domain=pyo.NonNegativeReals)
    m.y = pyo.Var(m.T, domain=pyo.NonNegativeReals)
    m.unused = pyo.Var(m.T, domain=pyo.NonNegativeReals)
    m.x["a", 0].fix(0.1)
    m.x["b", 2].fix(0.3)
    m.w = pyo.Param(m.P, initialize={"a": 0.7, "b": -1.1})
    m.d = pyo.Param(m.P, m.T, initialize={("a", 2): 0.9}, default=0.2)
    m.none = pyo.Param(m.P, m.T, default=0.0)
    m.lag = pyo.Param(m.P, initialize={"a": 0, "b": 1})
    m.changing = pyo.Param(m.P, initialize={"a": 0.7, "b": -1.1}, mutable=True)
    m.of_half = pyo.Var([0.5], domain=pyo.NonNegativeReals)
    m.total_cost = pyo.Objective(expr=0.5 + 2.0 * m.y[2] + m.x["a", 1] + 0.1 * m.x["b", 2] + 0.0 * m.x["b", 1] + 0.3 * m.y[2])
    return m


RULES: dict[str, Callable[..., Any]] = {
    "a number on the left": lambda m, p, t: 3 <= m.x[p, t],  # noqa: SIM300
    "an equation with its number on the left": lambda m, p, t: m.w[p] / 3 == m.x[p, t] + m.y[t],
    "variables on both sides": lambda m, p, t: m.w[p] - m.x[p, t - 1] >= 0.1 * m.x[p, t] - 0.2,
    "one variable twice and thrice": lambda m, p, t: 0.1 * m.x[p, t] + 0.2 * m.x[p, t] + m.w[p] * m.x[p, t] + m.y[t] <= 1,
    "it cancels out": lambda m, p, t: m.x[p, t] - m.x[p, t] + m.y[t] <= 1,
    "a month by number": lambda m, p, t: m.x[p, 3] * m.d[p, 1] <= m.w[p],
    "a place in another": lambda m, p, t: m.x[p, t - m.lag[p]] <= 1,
    "defaults and zeros": lambda m, p, t: m.d[p, t] * m.x[p, t] + m.none[p, t] * m.y[t] == -m.d[p, t],
    "nested sums": lambda m, p, t: 2.0 * sum(m.w[q] * sum(m.d[q, s] * m.x[q, s] for s in m.T) for q in m.Q[p]) <= m.y[t],
    "a month as a number": lambda m, p, t: t * m.x[p, t] <= 10 * t,
    "no column, and it holds": lambda m, p, t: sum(m.x[q, t] for q in m.Q[p]) <= 1,
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_a_rule_may_say(small: pyo.ConcreteModel, rule: Callable[..., Any]) -> None:
    small.rule = pyo.Constraint(small.P, small.T, rule=rule)
    check(small)


UNREAD: dict[str, Callable[..., Any]] = {
    "a loop that is no template": lambda m, p, t: sum(m.x[q, t] for q in list(m.P)) <= 1,
    "a division of a variable": lambda m, p, t: m.x[p, t] / 3.0 <= 1,
    "a limit on both sides": lambda m, p, t: pyo.inequality(0.0, m.x[p, t], 1.0),
    "a power of a number": lambda m, p, t: m.d[p, t] ** 2 * m.x[p, t] <= 1,
    "a parameter that may change": lambda m, p, t: m.changing[p] * m.x[p, t] <= 1,
    "an index that is a fraction": lambda m, p, t: m.x[p, t] + m.of_half[t / (2 * t)] <= 1,
}


@pytest.mark.parametrize("rule", UNREAD.values(), ids=UNREAD)
def test_what_is_not_read_takes_the_compiler_of_pyomo(small: pyo.ConcreteModel, rule: Callable[..., Any]) -> None:
    small.rule = pyo.Constraint(small.P, small.T, rule=rule)
    with pytest.raises(NotTemplated):
        read_arrays(small)
    theirs = compile_rows(small)
    assert theirs is not None
    form = compile_form(small)
    assert (form.rows, form.columns) == (theirs.rows, theirs.columns)
    assert np.array_equal(form.matrix.data, theirs.matrix.data)


def test_a_single_row_takes_the_compiler_of_pyomo(small: pyo.ConcreteModel) -> None:
    small.rule = pyo.Constraint(expr=small.y[1] + small.y[2] <= 1)
    with pytest.raises(NotTemplated):
        read_arrays(small)
    assert compile_form(small).rows == [("rule", None)]


def test_a_cost_that_is_a_product_takes_the_compiler_of_pyomo(small: pyo.ConcreteModel) -> None:
    small.rule = pyo.Constraint(small.P, small.T, rule=lambda m, p, t: m.x[p, t] + m.y[t] <= 1)
    small.total_cost.set_value(2.0 * (small.y[1] + small.y[2]))
    with pytest.raises(NotTemplated):
        read_arrays(small)
    form = compile_form(small)
    assert {key: cost for key, cost in zip(form.columns, form.cost.tolist(), strict=True) if cost} == {
        ("y", 1): 2.0,
        ("y", 2): 2.0,
    }


def test_a_model_without_rows_is_not_read(small: pyo.ConcreteModel) -> None:
    with pytest.raises(NotTemplated):
        read_arrays(small)


def test_keys_may_be_too_far_apart_for_a_number_each() -> None:
    with pytest.raises(NotTemplated):
        Table(np.array([[0] * 4, [2**20] * 4]))


def test_a_row_left_out_is_left_out(small: pyo.ConcreteModel) -> None:
    small.rule = pyo.Constraint(small.P, small.T, rule=lambda m, p, t: m.x[p, t] <= 1)
    small.rule["a", 2].deactivate()
    assert ("rule", ("a", 2)) not in compile_form(small).rows
    assert len(compile_form(small).rows) == 5


@pytest.mark.parametrize("compile_it", [read_arrays, compile_rows])
def test_a_limit_without_a_column_that_does_not_hold(compile_it: Callable[..., Any]) -> None:
    share = Share("nowhere", (("here", "patient"),), places=(), months=(3,), min_frac=0.1, max_frac=None, of="asked")
    model = build(dataclasses.replace(toy(), shares=(share,)))
    assert compile_it(model) is None
    with pytest.raises(InfeasibleError):
        compile_form(model)
