"""Money: a vintage repays its capital with interest exactly, and no month of launch is favoured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from planner.physics import OrbitalDesign, PhysicsError, coefficients, money

LONG = [(2026 + k // 12, k % 12 + 1) for k in range(144)]
"""Twelve years: longer than any reference life."""


def test_textbook_recovery_factor() -> None:
    assert money.crf_frac_per_year(0.1, 5) == pytest.approx(0.263797, abs=1e-6)
    assert money.crf_frac_per_year(0.0, 4) == 0.25
    assert money.crf_frac_per_year(0.1, 5) * sum(1.1**-year for year in range(1, 6)) == pytest.approx(1)
    for rate, life in ((0.1, 0), (-0.1, 5)):
        with pytest.raises(PhysicsError, match="life > 0 and rate >= 0"):
            money.crf_frac_per_year(rate, life)


@given(st.floats(0, 0.5), st.integers(1, 20), st.integers(0, 24))
def test_monthly_recovery_factor_repays_one_dollar(rate: float, life: int, lag: int) -> None:
    crf = money.monthly_crf_frac_per_year(rate, life, lag)
    assert sum(crf / 12 * (1 + rate) ** (-month / 12) for month in range(lag, lag + 12 * life)) == pytest.approx(1)


def test_months_of_life() -> None:
    assert [money.months_of_life(years) for years in (5, 3.5, 0.01)] == [60, 42, 1]


def test_survival() -> None:
    assert money.survival_frac(np.array([0.0, 1.0, 2.0]), 0.1) == pytest.approx([1, 0.9, 0.81])
    with pytest.raises(PhysicsError, match=r"\[0, 1\)"):
        money.survival_frac(1.0, 1.0)


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=90).filter(lambda s: sum(s) > 0.01),
    st.floats(0, 0.4),
    st.floats(0, 1e6),
)
def test_charge_repays_capital_with_interest(service: list[float], rate: float, capital: float) -> None:
    charge = money.service_charge(capital, np.array(service), rate)
    assert float(money.discounted_sum(charge, rate)) == pytest.approx(capital, rel=1e-12)


def test_a_vintage_that_never_serves_cannot_be_charged() -> None:
    with pytest.raises(PhysicsError, match="without any service"):
        money.service_charge(100.0, np.zeros((2, 5)), 0.1)


def test_charges_over_the_whole_life_repay_capital(design: OrbitalDesign) -> None:
    found = coefficients(design, LONG, np.linspace(3000, 200, len(LONG)))
    life = design.commissioning_months + round(12 * design.life_years)
    for vintage in range(len(LONG) - life):
        month = np.arange(len(LONG)) - vintage
        worth = (1 + design.rate_frac_per_year) ** (-month / 12)
        assert (found.charge_usd_per_kw[vintage] * worth).sum() == pytest.approx(found.capital_usd_per_kw[vintage], rel=1e-12)


def test_every_month_of_a_vintage_costs_the_same(design: OrbitalDesign) -> None:
    found = coefficients(design, LONG, [1000.0] * len(LONG))
    served = found.service_frac > 0
    cost = (found.charge_usd_per_kw + found.upkeep_usd_per_kw_month)[served]
    price = cost / (found.service_frac[served] * money.MWH_PER_KW_MONTH)
    vintage = np.nonzero(served)[0]
    assert price == pytest.approx(found.usd_per_mwh[vintage], rel=1e-12)
    assert np.all(found.charge_usd_per_kw[~served] == 0)


@pytest.mark.parametrize("constant_light", [{"ride_through_frac": 1.0}, {"altitude_km": 1500}])
def test_month_of_launch_moves_nothing_in_constant_light(design: OrbitalDesign, constant_light: dict[str, float]) -> None:
    design = replace(design, **constant_light)  # type: ignore[arg-type]
    found = coefficients(design, LONG, [700.0] * len(LONG))
    assert np.all(found.available_frac == 1)
    assert found.usd_per_mwh == pytest.approx(found.usd_per_mwh_closed_form, rel=1e-9)
    assert np.ptp(found.usd_per_mwh) <= 1e-9 * found.usd_per_mwh[0]


def test_closed_form_is_the_ledger_of_the_whole_life(design: OrbitalDesign) -> None:
    """Independent ledger: pay K at launch, upkeep in each month in service, sell the energy; month by month, in a loop."""
    design = replace(design, altitude_km=1500)
    found = coefficients(design, LONG, [900.0] * len(LONG))
    lag, months = design.commissioning_months, round(12 * design.life_years)
    loss = design.array_loss_frac_per_year
    mean = sum((1 - loss) ** year for year in range(int(design.life_years))) / design.life_years
    hardware = found.kg_per_kw - design.it_kg_per_kw
    paid = (design.build_usd_per_kg * hardware + 900.0 * found.kg_per_kw) * (1 + design.insurance_frac)
    sold = 0.0
    for month in range(lag, lag + months):
        worth = (1 + design.rate_frac_per_year) ** (-month / 12)
        upkeep = design.maintenance_frac_per_year * design.build_usd_per_kg * hardware + design.fixed_usd_per_kw_year
        paid += upkeep / 12 * worth
        alive = (1 - design.loss_frac_per_year) ** (month / 12)
        sold += 0.73 * min(1.0, (1 - loss) ** (month / 12) / mean) * alive * worth
    assert found.usd_per_mwh_closed_form == pytest.approx(paid / sold, rel=1e-9)
    table = slice(0, lag + months)
    worth = (1 + design.rate_frac_per_year) ** (-np.arange(lag + months) / 12)
    charged = ((found.charge_usd_per_kw + found.upkeep_usd_per_kw_month)[0, table] * worth).sum()
    assert charged / (found.service_frac[0, table] * 0.73 * worth).sum() == pytest.approx(paid / sold, rel=1e-9)


@given(st.floats(0, 1e7), st.floats(1.0001, 100))
def test_dearer_launch_dearer_energy(launch: float, factor: float) -> None:
    def price(usd_per_kg: float) -> float:
        capital = money.capital_usd_per_kw(40.0, 5.0, 1000.0, usd_per_kg, 0.05)
        return float(money.usd_per_mwh(capital, 0.26, 550.0, 6.8))

    assert 0 < price(0.0) <= price(launch) <= price(launch * factor + 1)
    assert price(launch) < price(launch * factor + 1)


def test_break_even_brings_the_target_back(design: OrbitalDesign, months: list[tuple[int, int]]) -> None:
    design = replace(design, altitude_km=1500)
    now = coefficients(design, months, [1000.0] * len(months))
    target = float(now.usd_per_mwh_closed_form[0])
    assert now.break_even_launch_usd_per_kg(target) == pytest.approx(1000, rel=1e-9)
    assert now.break_even_launch_usd_per_kg(target / 2) < 1000 < now.break_even_launch_usd_per_kg(target * 2)


REFERENCE_USD_PER_MWH = [
    ("integrated", 200.0, 247.37),
    ("central", 900.0, 2883.9),
    ("central", 800.0, 2725.9),
    ("first_generation", 3364.0, 47_098.0),
]


def test_reference_prices(design: OrbitalDesign, months: list[tuple[int, int]]) -> None:
    for design_id, launch, expected in REFERENCE_USD_PER_MWH:
        if design_id == design.design_id:
            found = coefficients(design, months, [launch] * len(months))
            assert found.usd_per_mwh_closed_form[0] == pytest.approx(expected, rel=1e-4)


def test_radiator_temperature_moves_the_price_by_less_than_a_tenth(
    central: OrbitalDesign, months: list[tuple[int, int]]
) -> None:
    cold, hot = (
        coefficients(replace(central, radiator_temperature_c=c), months, [900.0] * len(months)).usd_per_mwh_closed_form[0]
        for c in (45, 75)
    )
    assert 0.9 < hot / cold < 1
