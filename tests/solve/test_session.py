"""One changed price or limit: from the last vertex the same cost as from nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.variations import variations
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.session import Session
from planner.solve.solution import solve

PLAN = Path(__file__).parents[2] / "planner" / "new" / "plan.yaml"
MANY_ROWS = (
    "fuels[*,*].usd_per_mmbtu*=0.9",
    "supply.mw*=0.9",
    "power[*,grid].energy_usd_per_mwh*=0.9",
    "launch_price.usd_per_kg*=0.9",
    "deliveries[*,*].kunit*=0.9",
)


@pytest.mark.slow
def test_fifty_variations_cost_what_they_cost_from_nothing() -> None:
    """And each is proven by its own arrays."""
    session, plan = Session(), load(PLAN)
    session.solve(prepare(plan))
    for override in (*variations(plan, 45, 1), *MANY_ROWS):
        data = prepare(load(PLAN, [override]))
        warm, cold = session.solve(data), solve(data)
        assert session.warm, override
        assert warm.proof.objective_musd == pytest.approx(cold.proof.objective_musd, rel=1e-7), override
        assert max(warm.proof.gap, warm.proof.primal_residual, warm.proof.dual_residual) < 1e-8, override
