"""Carbon, solved by hand: what a price moves, what a cap costs, and that a tariff that holds the price is not charged twice."""

from __future__ import annotations

from typing import Any

import pytest

from models.data import PlanData
from planner.solve.solution import Solution, solve
from tests.models.test_by_hand import HOURS, single, total

GRID, CLEAN = ("near", "grid"), ("near", "clean")
MWH = {t: t * hours * 1.25 for t, hours in HOURS.items()}  # t thousand chips of 1 kW run in month t, PUE 1.25


def two_options(**changes: Any) -> PlanData:
    """The grid at 80 USD/MWh and 0.5 t/MWh beside clean power at 100 USD/MWh: the same at 40 USD/t. Power enough of either."""
    both, ts = (GRID, CLEAN), range(1, 5)
    plan: dict[str, Any] = {
        "options": both,
        "start_mw": dict.fromkeys(both, 100.0),
        "growth_frac_per_month": dict.fromkeys(both, 0.0),
        "firm_frac": dict.fromkeys(both, 1.0),
        "power_availability_frac": {(*rp, t, 1): 1.0 for rp in both for t in ts},
        "energy_usd_per_mwh": {(*rp, t, 1): 80.0 if rp == GRID else 100.0 for rp in both for t in ts},
        "fuel_usd_per_mwh": {(*rp, t): 0.0 for rp in both for t in ts},
        "variable_usd_per_mwh": dict.fromkeys(both, 0.0),
        "capital_usd_per_mw_month": dict.fromkeys(both, 0.0),
        "fixed_usd_per_mw_month": dict.fromkeys(both, 0.0),
        "carbon_t_per_mwh": {GRID: 0.5, CLEAN: 0.0},
        "carbon_priced_frac": dict.fromkeys(both, 1.0),
    }
    return single(**{**plan, **changes})


def emitted_t(solution: Solution) -> float:
    """All of it from the grid."""
    return sum(0.5 * HOURS[t] * mw for (_, p, t, _), mw in solution.values["output"].items() if p == "grid")


@pytest.mark.parametrize(("usd_per_t", "clean"), [(0.0, False), (39.0, False), (41.0, True)])
def test_a_price_moves_power_where_it_closes_the_gap(usd_per_t: float, clean: bool) -> None:
    solution = solve(two_options(carbon_usd_per_t=dict.fromkeys(range(1, 5), usd_per_t)))
    mwh = sum(MWH.values())
    assert total(solution, "energy") == pytest.approx(1e-6 * mwh * (100 if clean else 80), rel=1e-9)
    assert total(solution, "carbon") == pytest.approx(0 if clean else 1e-6 * mwh * 0.5 * usd_per_t, rel=1e-9)
    assert emitted_t(solution) == pytest.approx(0 if clean else 0.5 * mwh, rel=1e-9)


def test_a_price_that_moves_nothing_is_paid_once_and_not_where_the_tariff_holds_it() -> None:
    price = {1: 10.0, 2: 20.0, 3: 30.0, 4: 40.0}
    by_hand = sum(1e-6 * 0.5 * MWH[t] * usd for t, usd in price.items())
    assert total(solve(single(carbon_t_per_mwh={GRID: 0.5}, carbon_usd_per_t=price)), "carbon") == pytest.approx(
        by_hand, rel=1e-9
    )
    held = single(carbon_t_per_mwh={GRID: 0.5}, carbon_usd_per_t=price, carbon_priced_frac={GRID: 0.0})
    assert total(solve(held), "carbon") == 0


def test_a_cap_costs_the_gap_between_the_two() -> None:
    """Half of what the grid alone would emit: half the energy is clean, at 20 USD/MWh more; one tonne less costs 40 USD."""
    free = 0.5 * sum(MWH.values())
    cap = {"carbon_cap_t": {"2027": free / 2}, "carbon_periods": {"2027": (1, 2, 3, 4)}}
    capped, open_ = solve(two_options(**cap)), solve(two_options())
    assert emitted_t(capped) == pytest.approx(free / 2, rel=1e-9)
    assert total(capped, "energy") - total(open_, "energy") == pytest.approx(1e-6 * 40 * free / 2, rel=1e-9)
    assert capped.prices["limit_carbon"]["2027"] == pytest.approx(0.04, rel=1e-7)  # million USD per thousand tonnes
    # a price in place of the cap: at 40 USD/t the plan is as clean as one likes, for the same marginal tonne
    priced = solve(two_options(carbon_usd_per_t=dict.fromkeys(range(1, 5), 40.0)))
    paid = priced.proof.objective_musd - 1e-6 * 40 * emitted_t(priced)
    clean = 1e-6 * 40 * (free - emitted_t(priced))
    assert paid - open_.proof.objective_musd == pytest.approx(clean, abs=1e-6)


def test_a_cap_that_nothing_reaches_has_no_price_and_one_of_zero_leaves_only_clean_power() -> None:
    months = {"carbon_periods": {"2027": (1, 2, 3, 4)}}
    loose = solve(two_options(carbon_cap_t={"2027": 1e6}, **months))
    assert loose.prices["limit_carbon"]["2027"] == 0
    none = solve(two_options(carbon_cap_t={"2027": 0.0}, **months))
    assert emitted_t(none) == pytest.approx(0, abs=1e-9)
    assert total(none, "unserved") == pytest.approx(total(loose, "unserved"), rel=1e-9)


def test_without_clean_power_a_cap_leaves_compute_unserved() -> None:
    """One H100e-hour takes 1.25 kWh and emits 0.625 kg; it is worth 2 USD less 0.1 USD of energy: 3,040 USD per tonne."""
    free = 0.5 * sum(MWH.values())
    cap = {"carbon_cap_t": {"2027": free / 2}, "carbon_periods": {"2027": (1, 2, 3, 4)}}
    capped = solve(single(carbon_t_per_mwh={GRID: 0.5}, **cap))
    served = sum(hours * mw / 1.25 for (_, _, t, _), mw in capped.values["output"].items() for hours in [HOURS[t]])
    assert served == pytest.approx(sum(MWH.values()) / 1.25 / 2, rel=1e-9)
    assert capped.prices["limit_carbon"]["2027"] == pytest.approx((2.0 - 1.25 * 0.08) / 0.625, rel=1e-6)
