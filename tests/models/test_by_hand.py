"""Plans small enough to solve on the back of an envelope."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from models.data import PlanData
from planner.solve.solution import Solution, solve
from planner.tables.costs import cost_table
from tests.models.toy import toy

HOURS = {1: 744.0, 2: 672.0, 3: 744.0, 4: 720.0}


def single(**changes: Any) -> PlanData:
    """One region, one chip of 1 kW and 1 H100e, power enough, PUE 1.25, energy at 80 USD/MWh; nothing else costs anything."""
    data = toy()
    ts = range(1, 5)
    bare = dataclasses.replace(
        data,
        regions=("near",),
        designs=(),
        generations=("old",),
        classes=("urgent",),
        placeable=(("near", "old"),),
        delivered_kunit={("old", t): 1.0 for t in ts},
        start_installed_kunit={},
        install_usd_per_unit={"old": 0.0},
        carry_usd_per_unit_month={"old": 0.0},
        demand_kh100e={("here", "urgent", t): 10.0 for t in ts},
        servable=(("here", "urgent", "near"),),
        options=(("near", "grid"),),
        start_mw={("near", "grid"): 100.0},
        step_mw={},
        committed_mw={},
        power_availability_frac={("near", "grid", t, 1): 1.0 for t in ts},
        energy_usd_per_mwh={("near", "grid", t, 1): 80.0 for t in ts},
        fuel_usd_per_mwh={("near", "grid", t): 0.0 for t in ts},
        supply_mw={},
        pue={"near": 1.25},
        start_shell_mw={"near": 100.0},
        shell_step_mw={},
        national_growth_mwh={},
        launch_t={},
        satellite_factory_mw={},
        orbit_service_frac={},
        orbit_alive_frac={},
        orbit_charge_usd_per_kw={},
        orbit_upkeep_usd_per_kw={},
        orbit_chip_loss_usd_per_unit={},
        network_usd_per_kh100e_month={("here", "urgent", "near"): 0.0},
        link_gbit_s={},
    )
    return dataclasses.replace(bare, **changes)


def near_and_far(**changes: Any) -> PlanData:
    """Two regions; 8 thousand such chips come in the first month, PUE 1, energy at 100 USD/MWh near and 40 far."""
    ts, both = range(1, 5), ("near", "far")
    places: dict[str, Any] = {
        "regions": both,
        "placeable": tuple((r, "old") for r in both),
        "survive_frac": {(r, "old"): 1.0 for r in both},
        "commission_months": dict.fromkeys(both, 0),
        "nameplate_frac": dict.fromkeys(both, 1.0),
        "availability_frac": dict.fromkeys(both, 1.0),
        "delivered_kunit": {("old", 1): 8.0},
        "servable": tuple(("here", "urgent", r) for r in both),
        "options": tuple((r, "grid") for r in both),
        "start_mw": {(r, "grid"): 100.0 for r in both},
        "power_availability_frac": {(r, "grid", t, 1): 1.0 for r in both for t in ts},
        "energy_usd_per_mwh": {(r, "grid", t, 1): 100.0 if r == "near" else 40.0 for r in both for t in ts},
        "fuel_usd_per_mwh": {(r, "grid", t): 0.0 for r in both for t in ts},
        "capital_usd_per_mw_month": {(r, "grid"): 0.0 for r in both},
        "pue": dict.fromkeys(both, 1.0),
        "start_shell_mw": dict.fromkeys(both, 100.0),
        "shell_usd_per_mw_month": dict.fromkeys(both, 0.0),
        "network_usd_per_kh100e_month": {("here", "urgent", r): 0.0 for r in both},
    }
    return single(**places | changes)


def total(solution: Solution, component: str) -> float:
    costs = cost_table(solution)
    return float(costs.loc[costs["component"] == component, "cost_musd"].sum())


def test_one_region_one_chip_one_price() -> None:
    """t thousand chips of 1 kW run in month t: energy = sum of t MW x hours x 1.25 x 80 USD; the rest is unserved at 2 USD."""
    solution = solve(single())
    energy = sum(t * hours * 1.25 * 80 for t, hours in HOURS.items()) / 1e6
    unserved = sum((10 - t) * hours * 2.0 for t, hours in HOURS.items()) / 1e3
    assert total(solution, "energy") == pytest.approx(energy, rel=1e-9)
    assert total(solution, "unserved") == pytest.approx(unserved, rel=1e-9)
    assert solution.proof.objective_musd == pytest.approx(energy + unserved, rel=1e-9)
    assert solution.proof.gap < 1e-9
    # one more chip in month 4 would serve 720 h at 2 USD and cost 1.25 kW x 720 h x 0.08 USD/kWh
    assert -solution.prices["conserve_chips"]["old", 4] == pytest.approx((720 * 2.0 - 1.25 * 720 * 0.08) / 1e3, rel=1e-7)


def test_growth_limit_decides_and_has_its_price() -> None:
    """Two regions; the cheap one grows 1 MW a month and fills first, the dear one takes the rest."""
    data = near_and_far(
        demand_kh100e={("here", "urgent", t): 8.0 for t in range(1, 5)},
        start_mw={("near", "grid"): 100.0, ("far", "grid"): 0.0},
        step_mw={("far", "grid", t): 1.0 for t in range(1, 5)},
    )
    solution = solve(data)
    # chips may wait in the dark only if their work is worth nothing, so all 8 stand from month 1: 1 MW far, 7 near, and no
    # chip moves: later growth in far is worthless, growth in month 1 saves 60 USD/MWh to the end
    assert solution.values["installed"]["far", "old", 1] == pytest.approx(1.0)
    assert solution.values["installed"]["near", "old", 4] == pytest.approx(7.0)
    worth = solution.prices["limit_power_growth"]["far", "grid", 1]
    assert worth == pytest.approx(60 * sum(HOURS.values()) / 1e6, rel=1e-7)
    assert solution.prices["limit_power_growth"].get(("far", "grid", 2), 0.0) == pytest.approx(0.0, abs=1e-9)


def test_latency_forces_the_dear_region() -> None:
    """`urgent` may only be served near (100 USD/MWh) although far costs half; `patient` goes far."""
    data = toy(
        designs=(),
        demand_kh100e={("here", "urgent", t): 4.0 for t in range(1, 5)} | {("here", "patient", t): 4.0 for t in range(1, 5)},
        start_installed_kunit={},
        placeable=(("near", "new"), ("far", "new")),
        servable=(("here", "urgent", "near"), ("here", "patient", "near"), ("here", "patient", "far")),
    )
    solution = solve(data)
    assert solution.values["serve"]["here", "urgent", "near", 3] == pytest.approx(4.0)
    assert ("here", "urgent", "far", 3) not in solution.values["serve"]
    assert solution.values["serve"]["here", "patient", "far", 3] == pytest.approx(4.0)
    assert solution.values["serve"]["here", "patient", "near", 3] == pytest.approx(0.0, abs=1e-9)


def orbit_only(charge_usd_per_kw: float) -> PlanData:
    """Chips that no grid can feed: a satellite launched in month 2 serves in months 3 and 4 at 0.9."""
    return toy(
        core_frac={"urgent": 0.0, "patient": 0.0},
        start_installed_kunit={},
        placeable=(("sat", "new"),),
        orbit_charge_usd_per_kw={("sat", v, t): charge_usd_per_kw for v in range(1, 5) for t in range(1, 5) if t > v},
        orbit_upkeep_usd_per_kw={},
        orbit_chip_loss_usd_per_unit={},
        install_usd_per_unit={"old": 0.0, "new": 0.0},
        carry_usd_per_unit_month={"old": 0.0, "new": 0.0},
        servable=(("here", "patient", "sat"),),
        network_usd_per_kh100e_month={("here", "patient", "sat"): 0.0},
        downlink_gbit_s_per_mw={},
        start_mw=dict.fromkeys(toy().start_mw, 0.0),
        step_mw={},
        committed_mw={},
        national_growth_mwh={},
        supply_mw={},
        link_gbit_s={},
    )


# 0.9 service x 4 H100e a unit of 2 kW x 1 USD per H100e-hour = 1.8 USD per kW and hour: launched in month 2, a kW earns
# 1.8 x (744 + 720) in two months; charged in both of them, it pays up to half of that a month
BREAK_EVEN = 1.8 * (744 + 720) / 2


@pytest.mark.parametrize(("factor", "enters"), [(0.99, True), (1.01, False)])
@pytest.mark.parametrize("available", [1.0, 0.95])
def test_orbit_enters_at_the_price_of_the_closed_form(factor: float, enters: bool, available: float) -> None:
    """A chip that computes 95 % of the time that it has power earns 95 %, and takes as much power."""
    data = orbit_only(charge_usd_per_kw=BREAK_EVEN * factor * available)
    solution = solve(dataclasses.replace(data, availability_frac=data.availability_frac | {"sat": available}))
    if enters:
        assert solution.values["orbit_run"]["sat", "new", 3, 1] == pytest.approx(0.9 * 0.5)
        assert solution.values["serve"]["here", "patient", "sat", 3] == pytest.approx(0.9 * 0.5 * 4 * available)
    # the factory builds 1 MW a month = 0.5 thousand units of 2 kW
    assert solution.values["deploy"]["sat", "new", 2] == pytest.approx(0.5 if enters else 0.0, abs=1e-9)


def test_tonnes_limit_what_flies() -> None:
    """10 t a month at 20 kg/kW carry 0.5 MW = 0.25 thousand units."""
    data = dataclasses.replace(orbit_only(100.0), launch_t={2: 10.0}, satellite_factory_mw={})
    solution = solve(data)
    assert solution.values["deploy"]["sat", "new", 2] == pytest.approx(0.25)
    # one more tonne carries 50 kW; each earns 1.8 x 1464 h less two charges of 100 USD
    assert solution.prices["limit_launch_mass"][2] == pytest.approx(50 * (1.8 * 1464 - 200) / 1e6, rel=1e-7)


def test_dark_chips_can_not_be_laundered() -> None:
    """With no power, everything delivered is dark to the end: nothing passes through a site into the displaced pile."""
    data = single(start_mw={("near", "grid"): 0.0}, carry_usd_per_unit_month={"old": 20.0}, install_usd_per_unit={"old": 1.0})
    solution = solve(data)
    assert solution.values["dark"]["old", 4] == pytest.approx(4.0)
    assert sum(v for k, v in solution.values["displaced"].items()) == 0.0


def test_displaced_and_dark_cost_the_same_to_carry() -> None:
    """A new chip of 2 H100e per kW displaces an old one of 1 per kW where power is short: the old one leaves for good."""
    data = toy(
        designs=(),
        placeable=(("near", "new"),),
        start_shell_mw={"near": 100.0, "far": 0.0},
        committed_mw={},
        national_growth_mwh={},
    )
    solution = solve(data)
    displaced = solution.values["displaced"]["old", 4]
    assert displaced == pytest.approx(5.0)
    carried = sum(kunit for (g, t), kunit in solution.values["displaced"].items() if t >= 1)
    assert total(solution, "carry_displaced") == pytest.approx(carried * 1.0 / 1e3)


def test_energy_mode_serves_first_and_saves_second() -> None:
    """Value mode leaves work undone that earns less than its energy; mode `energy` never does, then takes the cheap place."""
    dear = {("near", "grid", t, 1): 3_000.0 for t in range(1, 5)}
    value = solve(single(energy_usd_per_mwh=dear))
    energy = solve(single(energy_usd_per_mwh=dear, mode="energy"))
    assert sum(value.values["serve"].values()) == pytest.approx(0.0, abs=1e-9)
    assert sum(energy.values["serve"].values()) == pytest.approx(1 + 2 + 3 + 4, rel=1e-6)


def test_prices_of_energy_mode_keep_the_compute() -> None:
    """A kH100e takes 1.25 MW; energy costs 1,000 USD in month 1 to 4,000 in month 4, which is the dearest: 720 h x 1.25 MW x
    4,000 = 3.6 million USD. A chip more in month 3 replaces it, for 744 h x 1.25 x 3,000 = 2.79: it saves 0.81."""
    dear = {("near", "grid", t, 1): 1_000.0 * t for t in range(1, 5)}
    plan = single(energy_usd_per_mwh=dear, mode="energy")
    solution = solve(plan)
    assert solution.held is not None
    assert solution.held.musd == pytest.approx(3.6)
    assert solution.held.most_unserved == pytest.approx(40.0 - 10.0)
    chips = {t: -solution.prices["conserve_chips"].get(("old", t), 0.0) for t in range(1, 5)}
    assert chips == pytest.approx({4: 0.0, 3: 0.81, 2: 0.81 + 3.6 - 1.68, 1: 0.81 + 3.6 - 1.68 + 3.6 - 0.93})
    assert solution.proof.worst < 1e-9
    double = solve(dataclasses.replace(plan, weight={"urgent": 2.0}))
    assert double.held is not None
    assert double.held.musd == pytest.approx(1.8)
    worth = {(w, t): 3_600.001 / plan.hours_h[t, 1] for w in ("urgent", "patient") for t in range(1, 5)}
    as_value = solve(dataclasses.replace(plan, mode="value", value_usd_per_h100e_h=worth, core_value_usd_per_h100e_h=worth))
    assert as_value.values["serve"] == pytest.approx(solution.values["serve"])
    assert as_value.prices["conserve_chips"]["old", 3] == pytest.approx(-0.81, rel=1e-5)


def test_unserved_demand_is_optimal_not_infeasible() -> None:
    solution = solve(single(delivered_kunit={}, start_dark_kunit={}))
    assert sum(solution.values["unserved"].values()) == pytest.approx(40.0)


def test_idle_chips_draw() -> None:
    """With demand for one of two thousand chips, the other idles at a quarter of its draw: 1.25 MW x PUE."""
    data = single(
        delivered_kunit={},
        start_installed_kunit={("near", "old"): 2.0},
        idle_frac={"old": 0.25},
        demand_kh100e={("here", "urgent", t): 1.0 for t in range(1, 5)},
        carry_usd_per_unit_month={"old": 1e6},  # nobody would displace it
    )
    solution = solve(data)
    assert solution.values["installed"]["near", "old", 4] == pytest.approx(2.0)
    assert solution.values["output"]["near", "grid", 4, 1] == pytest.approx(1.25 * 1.25)


def test_national_envelope_binds() -> None:
    """BB may add 90,000 MWh a year at full load: 10.27 MW of grid; the plan year is what counts."""
    ts = range(1, 5)
    data = toy(
        step_mw={("far", "grid", t): 50.0 for t in ts},
        committed_mw={},
        start_shell_mw={"near": 6.0, "far": 500.0},
        delivered_kunit={("new", t): 20.0 for t in ts},
        link_gbit_s={},
        demand_kh100e={("here", w, t): 100.0 for w in ("urgent", "patient") for t in ts},
    )
    solution = solve(data)
    grown = solution.values["capacity"]["far", "grid", 4] - 2.0
    assert grown == pytest.approx(90_000 / 8766, rel=1e-9)
    assert solution.prices["limit_national_growth"]["BB", 1] > 0


def test_core_work_comes_first() -> None:
    """3 thousand chips for 10 + 10 asked: the core of the cheap class (2, at 3 USD) before the dear one (at 2 USD)."""
    data = single(
        classes=("urgent", "patient"),
        delivered_kunit={("old", 1): 3.0},
        demand_kh100e={("here", w, t): 10.0 for w in ("urgent", "patient") for t in range(1, 5)},
        servable=(("here", "urgent", "near"), ("here", "patient", "near")),
        network_usd_per_kh100e_month={("here", "urgent", "near"): 0.0, ("here", "patient", "near"): 0.0},
    )
    solution = solve(data)
    assert solution.values["serve"]["here", "patient", "near", 2] == pytest.approx(2.0)
    assert solution.values["serve"]["here", "urgent", "near", 2] == pytest.approx(1.0)
    unserved = sum(HOURS.values()) * (9.0 * 2.0 + 8.0 * 1.0) / 1e3
    assert total(solution, "unserved") == pytest.approx(unserved)


def test_what_is_signed_before_the_lead_time_comes_as_signed() -> None:
    """The engine of `far` can be built from month 3; 0.5 MW signed for month 1 comes then, and no more than that."""
    solution = solve(toy(committed_mw={("far", "engine", 1): 0.5}))
    assert solution.values["build_mw"]["far", "engine", 1] == 0.5
    assert solution.values["build_mw"]["far", "engine", 2] == 0.0
    assert solution.values["capacity"]["far", "engine", 2] == pytest.approx(0.5)
    costs = cost_table(solution)
    assert costs["discounted_musd"].sum() == pytest.approx(solution.proof.objective_musd, rel=1e-9)
    signed = costs[(costs["item_id"] == "engine") & (costs["component"] == "capital") & (costs["month"] == "2027-01")]
    assert signed["cost_musd"].sum() == pytest.approx(0.5 * 10_000 / 1e6)


def test_where_a_chip_may_not_go_none_is_added_to_those_that_stand_there() -> None:
    """Chips stand in `far` from before an export rule: deliveries go to `near` alone, and `far` gets none from nowhere."""
    solution = solve(toy(placeable=(("near", "new"),), start_installed_kunit={("far", "new"): 1.0}, start_dark_kunit={}))
    assert {key for key, kunit in solution.values["deploy"].items() if kunit} <= {("near", "new", t) for t in range(1, 5)}
    assert all(solution.values["installed"]["far", "new", t] <= 1.0 for t in range(1, 5))
