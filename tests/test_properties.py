"""Identities that hold whatever the numbers are: `formulation.md`, 5 to 7, on random small plans."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from models.data import PlanData
from planner.solve.solution import Solution, solve
from planner.tables.costs import cost_table
from tests.models.toy import toy

quick = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
amounts = st.floats(0.1, 20.0, allow_nan=False).map(lambda x: round(x, 3))


@st.composite
def plans(draw: st.DrawFn) -> PlanData:
    """The toy with random deliveries, power steps, prices, demand and tonnes."""
    data = toy()
    ts = range(1, 5)
    return dataclasses.replace(
        data,
        delivered_kunit={("new", t): draw(amounts) for t in ts},
        start_installed_kunit={("near", "old"): draw(amounts)},
        demand_kh100e={("here", w, t): draw(amounts) * 5 for w in data.classes for t in ts},
        start_mw={rp: draw(amounts) if rp[1] == "grid" else 0.0 for rp in data.options},
        step_mw={key: draw(amounts) for key in data.step_mw},
        energy_usd_per_mwh={key: draw(amounts) * 10 for key in data.energy_usd_per_mwh},
        launch_t={t: draw(amounts) * 3 for t in ts},
        start_shell_mw={r: draw(amounts) for r in data.regions},
        carbon_cap_t={"2027": draw(amounts) * 500},
        carbon_periods={"2027": tuple(ts)},
        committed_mw={},
    )


def objective(data: PlanData) -> float:
    return solve(data).proof.objective_musd


def paid(solution: Solution) -> float:
    """Cost without the unserved term, which would hide everything else."""
    costs = cost_table(solution)
    return float(costs.loc[costs["component"] != "unserved", "discounted_musd"].sum())


def scaled(mapping: Any, factor: float) -> Any:
    return {key: value * factor for key, value in mapping.items()}


@quick
@given(plans())
def test_costs_add_up_to_the_objective_and_the_dual_bound(data: PlanData) -> None:
    solution = solve(data)
    costs = cost_table(solution)["discounted_musd"].sum()
    assert costs == pytest.approx(solution.proof.objective_musd, rel=1e-7, abs=1e-7)
    assert solution.proof.gap < 1e-7
    assert solution.proof.primal_residual < 1e-9
    assert solution.proof.dual_residual < 1e-7


@quick
@given(plans())
def test_every_chip_is_somewhere(data: PlanData) -> None:
    from planner.tables.decisions import headline_tables
    from planner.tables.frames import Frames

    chips = headline_tables(Frames(solve(data)))["chips"]
    start = sum(data.start_installed_kunit.values())
    where = ["dark", "housed", "orbit", "displaced", "commissioning"]
    last = chips[chips["month"] == data.months[-1]]
    held = sum(float(last[f"{name}_kunit"].sum()) for name in where)
    gone = float(chips[["failed_kunit", "end_of_life_kunit"]].sum().sum())
    assert held + gone == pytest.approx(float(chips["delivered_kunit"].sum()) + start, rel=1e-9)


@quick
@given(plans())
def test_another_money_is_the_same_plan(data: PlanData) -> None:
    """All prices in cents instead of dollars: a hundred times the cost."""
    names = [
        "energy_usd_per_mwh",
        "fuel_usd_per_mwh",
        "variable_usd_per_mwh",
        "capital_usd_per_mw_month",
        "fixed_usd_per_mw_month",
    ]
    names += ["install_usd_per_unit", "carry_usd_per_unit_month", "value_usd_per_h100e_h", "orbit_charge_usd_per_kw"]
    names += [
        "orbit_upkeep_usd_per_kw",
        "orbit_chip_loss_usd_per_unit",
        "network_usd_per_kh100e_month",
        "shell_usd_per_mw_month",
    ]
    names += ["core_value_usd_per_h100e_h"] if hasattr(data, "core_value_usd_per_h100e_h") else []
    cents = dataclasses.replace(data, **{name: scaled(getattr(data, name), 100.0) for name in names})
    assert objective(cents) == pytest.approx(100.0 * objective(data), rel=1e-7)


@quick
@given(plans())
def test_the_order_of_rows_does_not_matter(data: PlanData) -> None:
    turned = {
        each.name: dict(reversed(list(value.items())))
        for each in dataclasses.fields(data)
        if isinstance(value := getattr(data, each.name), dict)
    }
    other = dataclasses.replace(data, **turned, regions=data.regions[::-1], generations=data.generations[::-1])
    assert objective(other) == pytest.approx(objective(data), rel=1e-7)


MORE = [
    "step_mw",
    "launch_t",
    "supply_mw",
    "carbon_cap_t",
    "shell_step_mw",
    "national_growth_mwh",
    "link_gbit_s",
    "satellite_factory_mw",
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", MORE)
@quick
@given(plans(), st.floats(1.0, 3.0))
def test_a_looser_limit_never_costs_more(name: str, data: PlanData, factor: float) -> None:
    looser = dataclasses.replace(data, **{name: scaled(getattr(data, name), factor)})
    before = objective(data)
    assert objective(looser) <= before + 1e-6 * max(1.0, abs(before))


@quick
@given(plans(), st.floats(1.0, 3.0))
def test_more_demand_never_costs_less(data: PlanData, factor: float) -> None:
    before = objective(data)
    more = dataclasses.replace(data, demand_kh100e=scaled(data.demand_kh100e, factor))
    assert objective(more) >= before - 1e-6 * max(1.0, abs(before))


@quick
@given(plans(), st.floats(1.0, 5.0))
def test_dearer_orbit_never_flies_more(data: PlanData, factor: float) -> None:
    dearer = dataclasses.replace(data, orbit_charge_usd_per_kw=scaled(data.orbit_charge_usd_per_kw, factor))
    flown = [sum(k for (x, _, _), k in solve(d).values["deploy"].items() if x == "sat") for d in (data, dearer)]
    assert flown[1] <= flown[0] + 1e-6


@quick
@given(plans())
def test_a_price_lies_between_one_less_and_one_more(data: PlanData) -> None:
    """The dual of growth is bracketed by re-solving with a little less and a little more of it."""
    solution = solve(data)
    key = ("near", "grid", 1)
    price = solution.prices["limit_power_growth"].get(key, 0.0)
    step = 0.01
    costs = {}
    for sign in (-1, 1):
        changed = dict(data.step_mw)
        changed[key] = changed[key] + sign * step
        costs[sign] = objective(dataclasses.replace(data, step_mw=changed))
    here = solution.proof.objective_musd
    more, less = (here - costs[1]) / step, (costs[-1] - here) / step
    slack = 1e-5 * max(1.0, abs(here))
    assert more - slack <= price <= less + slack


def test_the_launch_month_does_not_move_the_cost() -> None:
    """At constant price and light, USD per MWh of service is the same for every month of launch, and the closed form."""
    import numpy as np

    from planner.physics.money import crf_frac_per_year, service_charge

    life, rate, capital = 60, 0.1, 40_000.0
    service = np.full((1, life), 0.95)
    charge = service_charge(np.array([capital]), service, rate)[0]
    per_service = charge / service[0]
    assert per_service == pytest.approx(per_service[0], rel=1e-12)
    discounted = sum(c * (1 + rate) ** (-m / 12) for m, c in enumerate(charge))
    assert discounted == pytest.approx(capital, rel=1e-12)
    assert 12 * charge[0] / capital == pytest.approx(crf_frac_per_year(rate, 5), rel=0.06)  # paid monthly, not yearly


@pytest.mark.slow
@quick
@given(plans(), st.lists(st.integers(0, 48), min_size=2, max_size=4), st.lists(amounts, min_size=4, max_size=4))
def test_a_longer_window_never_costs_more(data: PlanData, half_hours: list[int], given_shape: list[float]) -> None:
    """From work that does not move to work that may be done at any hour of its day."""
    quarters = (1, 2, 3, 4)
    shape = [value / sum(given_shape) * 4 for value in given_shape]
    sliced = dataclasses.replace(
        data,
        slices=quarters,
        hours_h={(t, k): hours / 4 for (t, _), hours in data.hours_h.items() for k in quarters},
        day_of=dict.fromkeys(quarters, "typical"),
        start_h={k: 6 * (k - 1) for k in quarters},
        length_h=dict.fromkeys(quarters, 6.0),
        shape_frac={(*zwt, k): shape[k - 1] for *zwt, _ in data.shape_frac for k in quarters},
        power_availability_frac={(*rpt, k): 1.0 for *rpt, _ in data.power_availability_frac for k in quarters},
        energy_usd_per_mwh={(*rpt, k): usd * k for (*rpt, _), usd in data.energy_usd_per_mwh.items() for k in quarters},
        flexible_frac=dict.fromkeys(data.classes, 0.7),
    )
    stated = [dict.fromkeys(data.classes, half / 2) for half in sorted({0, *half_hours})]
    costs = [objective(dataclasses.replace(sliced, flexible_window_h=window)) for window in (*stated, {})]
    slack = 1e-6 * max(1.0, abs(costs[0]))
    assert all(later <= before + slack for before, later in pairwise(costs)), costs
