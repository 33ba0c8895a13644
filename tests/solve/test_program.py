"""A program that is changed equals the one that is built from scratch: every number, name and place, to the last bit."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.core.base.param import IndexedParam

from benchmarks.variations import variations
from models.build import build
from models.data import PlanData
from models.rows import Row
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.solve.compile.form import Form
from planner.solve.compile.program import Program
from planner.solve.solution import standard_form
from tests.models.test_golden import ALL
from tests.models.toy import toy
from tests.solve.test_session import PLAN

ROOT = Path(__file__).parents[2]
SHORT = ("months=1", "look_ahead_months=0")
SHIPPED = (
    (PLAN, ("months=3", "look_ahead_months=0"), 4),
    (ROOT / "inputs/scenarios/owners-apart.yaml", SHORT, 1),
    (ROOT / "inputs/operator/plan.yaml", SHORT, 2),  # where halls cost, its budgets have other coefficients
)
WHOLE_COLUMNS = (
    "demand.start_kh100e*=1.1",
    "power.start_mw*=1.05",
    "deliveries.kunit*=0.95",
    "discount_frac_per_year=0.1",
)


def first(data: PlanData) -> Program:
    return Program(data, *standard_form(data, Progress()))


def same(one: Form, other: Form) -> bool:
    numbers = all(map(np.array_equal, one.arrays, other.arrays)) and one.offset == other.offset
    return numbers and one.columns == other.columns and one.rows == other.rows


@pytest.mark.parametrize(("path", "words", "few"), SHIPPED, ids=["starting", "owners", "operator"])
def test_random_prices_and_limits_of_a_plan(path: Path, words: tuple[str, ...], few: int) -> None:
    plan, changed = load(path, words), 0
    program = first(prepare(plan))
    for word in itertools.chain(variations(plan, few, 7), WHOLE_COLUMNS[:few]):
        data = prepare(load(path, [*words, word]))
        built = first(data)
        if program.change(data):
            assert same(program.form, built.form), word
            changed += 1
        else:
            program = built
    assert changed >= few


def test_what_changes_the_matrix_is_another_program() -> None:
    data = toy()
    for name, factor in (("pue", 1.1), ("draw_frac", 0.9), ("firm_frac", 0.5)):
        scaled = {key: factor * value for key, value in getattr(data, name).items()}
        assert not first(data).change(dataclasses.replace(data, **{name: scaled})), name


def test_what_changes_a_set_or_what_is_fixed_is_another_program() -> None:
    data = toy()
    key, *_ = data.step_mw
    without: dict[str, Any] = {
        "step_mw": {each: mw for each, mw in data.step_mw.items() if each != key},
        "start_mw": dict.fromkeys(data.start_mw, 0.0),
        "energy_usd_per_mwh": dict(reversed(data.energy_usd_per_mwh.items())),
    }
    for name, values in without.items():
        other = dataclasses.replace(data, **{name: values})
        program, (_, form) = first(data), standard_form(other, Progress())
        assert not program.change(other) or same(program.form, form), name
    assert not first(data).change(dataclasses.replace(data, step_mw=without["step_mw"]))


def test_a_price_that_falls_to_nothing_and_comes_back() -> None:
    data = toy()
    free = dataclasses.replace(data, energy_usd_per_mwh=dict.fromkeys(data.energy_usd_per_mwh, 0.0))
    program = first(data)
    for each in (free, data, free):
        _, form = standard_form(each, Progress())
        if not program.change(each):
            program = first(each)
        assert same(program.form, form)


@pytest.mark.parametrize("data", ALL, ids=map(str, range(len(ALL))))
def test_no_rule_takes_a_number_out_of_a_parameter(data: PlanData, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would stay in the row when the parameter changes: rules are given templates of indices, and keep the parameter."""
    attaching, taken = [False], set[str]()
    attach, get = Row.attach, IndexedParam.__getitem__

    def watched(self: Row, model: pyo.ConcreteModel) -> None:
        attaching[0] = True
        attach(self, model)
        attaching[0] = False

    def read(self: Any, index: Any) -> Any:
        found = get(self, index)
        if attaching[0] and isinstance(found, (int, float)):
            taken.add(self.local_name)
        return found

    monkeypatch.setattr(Row, "attach", watched)
    monkeypatch.setattr(IndexedParam, "__getitem__", read, raising=False)
    build(data)
    assert not taken
