"""One changed price or limit: from the last vertex the same cost as from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.variations import broad, variations
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.session import Session
from planner.solve.solution import solve

PLAN = Path(__file__).parents[2] / "planner" / "new" / "plan.yaml"


def test_variations_are_of_one_row_and_the_same_each_time() -> None:
    plan = load(PLAN)
    found = list(variations(plan, 50, 1))
    assert found == list(variations(plan, 50, 1)) != list(variations(plan, 50, 2))
    assert [kind for kind, _ in found] == ["price", "limit"] * 25
    for _, override in (*found, *broad(5)):
        load(PLAN, [override])
    assert not any("*" in override.split("]")[0] for _, override in found)


@pytest.mark.slow
def test_fifty_variations_cost_what_they_cost_from_nothing() -> None:
    """And each is proven by its own arrays."""
    session, plan = Session(), load(PLAN)
    session.solve(prepare(plan))
    for _, override in (*variations(plan, 45, 1), *broad(5)):
        data = prepare(load(PLAN, [override]))
        warm, cold = session.solve(data), solve(data)
        assert session.warm, override
        assert warm.proof.objective_musd == pytest.approx(cold.proof.objective_musd, rel=1e-7), override
        assert max(warm.proof.gap, warm.proof.primal_residual, warm.proof.dual_residual) < 1e-8, override
