"""A program said otherwise costs the same, to the ninth digit; where that must be confirmed, the confirmation can fail."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from benchmarks import reformulate
from benchmarks.experiments import EXPERIMENTS, solve, table
from benchmarks.plans import SIZES, plan_of
from models.data import PlanData
from planner.progress import Progress
from planner.solve.compile.form import Form
from planner.solve.solution import standard_form

VERTEX = {"solver": "simplex"}
EXACT = (
    reformulate.through_hubs,
    reformulate.sums_alone,
    reformulate.gigawatts,
    reformulate.core_as_bound,
    reformulate.limits_as_bounds,
    reformulate.pooled_demands,
    reformulate.shared_places,
    reformulate.shared_places_and_pooled_demands,
)


@functools.cache
def tiny() -> tuple[PlanData, Form, float]:
    """The plan, its program and its cost at a vertex."""
    data = plan_of(SIZES["tiny"])
    form = standard_form(data, Progress())[1]
    return data, form, solve(form, VERTEX, 60.0)[0]["objective_musd"]


@functools.cache
def half() -> tuple[PlanData, Form, float]:
    """All regions for three months: enough of them serve the same demands."""
    from benchmarks.plans import Size

    data = plan_of(Size("half", 40, 3))
    form = standard_form(data, Progress())[1]
    return data, form, solve(form, VERTEX, 60.0)[0]["objective_musd"]


@pytest.mark.parametrize("plan", [tiny, half])
@pytest.mark.parametrize("way", EXACT, ids=lambda way: way.__name__)
def test_an_exact_way_costs_the_same(way: object, plan: object) -> None:
    data, form, cost = plan()  # type: ignore[operator]
    changed = way(data, form)  # type: ignore[operator]
    assert solve(changed, VERTEX, 60.0)[0]["objective_musd"] == pytest.approx(cost, rel=1e-9)


def test_pooling_leaves_fewer_columns() -> None:
    data, form, _ = half()
    pooled = reformulate.pooled_demands(data, form)
    shared = reformulate.shared_places_and_pooled_demands(data, form)
    assert len(shared.columns) < len(pooled.columns) < len(form.columns)


def test_what_running_all_chips_leaves_out_is_priced() -> None:
    """Three regions for six months have chips that are better left idle: the price says so, and so does the cost."""
    data, form, cost = tiny()
    figures, highs = solve(reformulate.no_idle_chips(data, form), VERTEX, 60.0)
    assert figures["objective_musd"] > cost * (1 + 1e-6)
    whole = reformulate.idle_chips(data, form)
    words = reformulate.unpriced(whole, np.asarray(highs.getSolution().row_dual))
    assert not words.startswith("0 of")


def test_what_idle_columns_leave_out_is_counted() -> None:
    data, form, cost = tiny()
    changed = reformulate.idle_chips(data, form)
    figures, highs = solve(changed, VERTEX, 60.0)
    assert figures["objective_musd"] < cost * (1 - 1e-6)
    assert not reformulate.broken(changed, np.asarray(highs.getSolution().col_value)).startswith("0 of")


def test_the_table_has_a_line_for_each_experiment() -> None:
    figures = solve(tiny()[1], {}, 60.0)[0]
    text = table([{"name": name, **figures} for name in EXPERIMENTS])
    assert all(experiment.says in text for experiment in EXPERIMENTS.values())


def test_a_misspelt_option_is_refused() -> None:
    with pytest.raises(ValueError, match="does not know option hipo_orderng"):
        solve(tiny()[1], {"hipo_orderng": "amd"}, 60.0)
