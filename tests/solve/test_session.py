"""One changed price or limit: from the last vertex the same cost as from nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.session import Session
from planner.solve.solution import solve

PLAN = Path(__file__).parents[2] / "planner" / "new" / "plan.yaml"
PRICES = (
    ("power", "energy_usd_per_mwh"),
    ("power", "capex_usd_per_kw"),
    ("fuels", "usd_per_mmbtu"),
    ("regions", "shell_usd_per_kw"),
    ("classes", "value_usd_per_h100e_h"),
    ("launch_price", "usd_per_kg"),
    ("accelerators", "install_usd_per_unit"),
)
LIMITS = (
    ("power", "step_mw_per_month"),
    ("power", "start_mw"),
    ("supply", "mw"),
    ("regions", "shell_step_mw_per_month"),
    ("launch", "tonnes"),
    ("deliveries", "kunit"),
    ("countries", "ai_share_frac"),
)
MANY_ROWS = (
    "fuels[*,*].usd_per_mmbtu*=0.9",
    "supply.mw*=0.9",
    "power[*,grid].energy_usd_per_mwh*=0.9",
    "launch_price.usd_per_kg*=0.9",
    "deliveries[*,*].kunit*=0.9",
)


def variations(plan: Plan, count: int, seed: int) -> Iterator[str]:
    """Prices and limits in turn: the column at random, then the row among those that hold a number."""
    chance = random.Random(seed)
    for number in range(count):
        columns = [(table, column) for table, column in (PRICES, LIMITS)[number % 2] if rows(plan, table, column)]
        table, column = chance.choice(columns)
        yield f"{table}[{chance.choice(rows(plan, table, column))}].{column}*={chance.choice((0.9, 0.95, 1.05, 1.1))}"


def rows(plan: Plan, table: str, column: str) -> list[str]:
    found = plan.tables[table]
    return [",".join(str(part) for part in key) for key, value in zip(found.keys, found.column(column), strict=True) if value]


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
