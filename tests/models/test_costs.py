"""A cost is said once: the objective holds the discounted sum of what the table of costs lists."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from models import BLOCKS
from models.build import build
from models.costs import Cost, costs_of
from models.data import PlanData
from planner.solve.compile.form import compile_form
from planner.solve.solution import solve
from planner.tables.costs import cost_table
from tests.models.test_golden import ALL
from tests.models.toy import toy


def dear(data: PlanData) -> PlanData:
    """The same, discounted, with every kind of cost."""
    flows = dict.fromkeys(data.servable, 2.0)
    vintages = [(v, t) for v in range(1, len(data.months) + 1) for t in range(v, len(data.months) + 1)]
    return dataclasses.replace(
        data,
        boundary="facility",
        discount={t: 0.99**t for t in data.discount},
        carbon_usd_per_t=dict.fromkeys(data.discount, 20.0),
        shell_usd_per_mw_month={r: 700.0 + number for number, r in enumerate(data.regions)},
        network_usd_per_kh100e_month=flows,
        orbit_charge_usd_per_kw={("sat", v, t): 3.0 * t + v for v, t in vintages},
        orbit_upkeep_usd_per_kw={("sat", v, t): 0.5 for v, t in vintages},
        orbit_chip_loss_usd_per_unit={("sat", g, v): 7.0 * v for g in data.generations for v, _ in vintages},
    )


PLANS = [dear(data) for data in ALL]


def costs(data: PlanData) -> list[Cost]:
    model = build(data)

    def used(name: str) -> list[Any]:
        return [index for index, entry in model.component(name).items() if not entry.fixed or entry.value]

    return list(costs_of(BLOCKS, used, data))


def discounted(data: PlanData, each: Cost) -> float:
    worth = data.discount
    return sum(unit * sum(usd.values()) * sum(worth[t] for t in months) for _, _, months, unit, usd in each.payments)


@pytest.mark.parametrize("data", PLANS)
def test_the_coefficient_of_a_cost_is_the_discounted_sum_of_its_payments(data: PlanData) -> None:
    found = costs(data)
    assert {each.variable for each in found} >= {"deploy", "dark", "retire", "output", "build_mw", "build_shell", "serve"}
    for each in found:
        assert each.musd == pytest.approx(discounted(data, each), rel=1e-12, abs=1e-15), each


@pytest.mark.parametrize("data", PLANS)
def test_the_objective_sums_them(data: PlanData) -> None:
    form = compile_form(build(data))
    total: dict[tuple[str, Any], float] = {}
    for each in costs(data):
        total[each.variable, each.index] = total.get((each.variable, each.index), 0.0) + each.musd
    for key, musd in zip(form.columns, form.cost, strict=True):
        assert musd == pytest.approx(total.get(key, 0.0), rel=1e-12, abs=1e-15), key


@pytest.mark.parametrize("data", [dear(toy()), *PLANS])
def test_the_table_of_costs_adds_up_to_the_objective(data: PlanData) -> None:
    solution = solve(data)
    table = cost_table(solution)
    assert table["discounted_musd"].sum() == pytest.approx(solution.proof.objective_musd, rel=1e-9)
    assert not table["component"].isna().any()
