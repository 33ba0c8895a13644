"""What the benchmark compares is one plan: every competitor finds the same optimum, and numpy the very rows and columns."""

from __future__ import annotations

import functools
import warnings

import numpy as np
import pytest
from scipy.sparse import csc_array

from benchmarks.clock import Clock
from benchmarks.competitors import COMPETITORS, EXPRESSES, Answer
from benchmarks.floor import assemble
from benchmarks.plans import PLANS, SIZES, Size, plan_of, resize
from models.data import PlanData
from planner.progress import Progress
from planner.solve.solution import standard_form

SLOW = pytest.mark.slow  # PyPSA takes ten seconds to say what the others say in one
CASES = [
    pytest.param(name, plan, marks=SLOW if name.startswith("pypsa") else ())
    for name, plans in EXPRESSES.items()
    for plan in plans
    if name != "planner"
]


@functools.cache
def tiny(plan: str) -> PlanData:
    return PLANS[plan](plan_of(SIZES["tiny"]))


@functools.cache
def of_the_planner(plan: str) -> Answer:
    return COMPETITORS["planner"](tiny(plan), Clock(), 60.0)


@pytest.mark.parametrize(("name", "plan"), CASES)
def test_every_competitor_finds_the_same_optimum(name: str, plan: str) -> None:
    if name != "numpy":
        pytest.importorskip(name.partition("-")[0], reason="the peers come with the extra `bench`")
    clock = Clock()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what peers say of their own future
        answer = COMPETITORS[name](tiny(plan), clock, 60.0)
    assert answer.status == "Optimal"
    assert answer.objective == pytest.approx(of_the_planner(plan).objective, rel=1e-6)
    assert {"build", "hand over", "solve"} <= clock.cpu.keys()


@pytest.mark.parametrize("plan", PLANS)
def test_numpy_has_the_very_rows_and_columns_of_the_planner(plan: str) -> None:
    """Up to their order, and to rows without a column, which the planner hands over and HiGHS drops."""
    _, form = standard_form(tiny(plan), Progress())
    floor = assemble(tiny(plan))
    assert profile(form.matrix, form.cost, form.row_lower, form.row_upper) == profile(
        floor.matrix, floor.cost, floor.row_lower, floor.row_upper
    )
    assert floor.offset == pytest.approx(form.offset)


def profile(matrix: csc_array, cost: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> tuple[list[object], list[object]]:
    """Every row with its limits, and every column with its cost, each with its own coefficients; sorted."""
    by_row, by_column = matrix.tocsr(), matrix.tocsc()

    def entries(of: object, i: int) -> tuple[float, ...]:
        return tuple(sorted(round(v, 9) for v in of.data[of.indptr[i] : of.indptr[i + 1]]))  # type: ignore[attr-defined]

    rows = [(entries(by_row, i), round(lower[i], 6), round(upper[i], 6)) for i in range(matrix.shape[0])]
    columns = [(entries(by_column, j), round(cost[j], 9)) for j in range(matrix.shape[1])]
    return sorted(row for row in rows if row[0]), sorted(columns)


def test_a_larger_plan_has_copies_that_differ() -> None:
    whole = plan_of(Size("one month", 40, 1))
    larger = resize(whole, 60)
    assert len(larger.regions) == 60
    first = whole.regions[0]
    assert (copy := f"{first}#2") in larger.regions
    assert larger.pue[copy, 1] == whole.pue[first, 1]
    assert larger.energy_usd_per_mwh[copy, "grid", 1, 1] != whole.energy_usd_per_mwh[first, "grid", 1, 1]
    assert sum(larger.delivered_kunit.values()) == pytest.approx(1.5 * sum(whole.delivered_kunit.values()))
    assert sum(larger.demand_kh100e.values()) == pytest.approx(1.5 * sum(whole.demand_kh100e.values()))


def test_what_cannot_be_expressed_is_refused() -> None:
    pytest.importorskip("pypsa", reason="the peers come with the extra `bench`")
    with pytest.raises(ValueError, match="PyPSA cannot express orbit"):
        COMPETITORS["pypsa"](tiny("whole"), Clock(), 60.0)
