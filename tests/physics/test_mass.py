"""Mass: the roll-up, component by component, and the three reference designs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from planner.physics import OrbitalDesign, PhysicsError, mass, platform

PARTS = {
    "array_kg_per_kw": 12.0,
    "battery_kg_per_kw": 1.0,
    "radiator_kg_per_kw": 5.0,
    "loop_kg_per_kw": 4.0,
    "it_kg_per_kw": 5.0,
    "shielding_kg_per_kw": 1.0,
    "communications_kg_per_kw": 2.0,
}


def test_roll_up_by_hand() -> None:
    budget = mass.roll_up(**PARTS, structure_frac=0.15, margin_frac=0.1)
    assert budget.total_kg_per_kw == pytest.approx(30 * 1.15 * 1.1)
    assert budget.platform_kg_per_kw == pytest.approx(30 * 1.15 * 1.1 - 5)
    assert sum(budget.components().values()) == pytest.approx(budget.total_kg_per_kw)
    assert list(budget.components())[:3] == ["array", "battery", "radiator"]
    assert len(budget.components()) == 9


def test_nothing_weighs_less_than_nothing() -> None:
    with pytest.raises(PhysicsError, match=r"battery_kg_per_kw = -1.*negative mass"):
        mass.roll_up(**{**PARTS, "battery_kg_per_kw": -1.0}, structure_frac=0, margin_frac=0)
    with pytest.raises(PhysicsError, match="margin_frac"):
        mass.roll_up(**PARTS, structure_frac=0, margin_frac=float("nan"))


EXPECTED_KG = {"integrated": 16.6, "central": 39.9, "first_generation": 97.4}


def test_reference_designs(design: OrbitalDesign) -> None:
    assert platform(design).mass.total_kg_per_kw == pytest.approx(EXPECTED_KG[design.design_id], abs=0.05)


def test_energy_in_is_heat_out(design: OrbitalDesign) -> None:
    """Over an orbit of the worst month, at mid-life: what the cells make is what the panels radiate beyond what they absorb."""
    built = platform(design)
    dark = built.worst_eclipse_frac
    years, loss = design.life_years, design.array_loss_frac_per_year
    aged = sum((1 - loss) ** year for year in range(int(years))) / years
    made = built.array_area_m2_per_kw * 1361 * design.array_efficiency_frac * aged * (1 - dark)
    kelvin = design.radiator_temperature_c + 273.15
    eps, alpha = design.radiator_emissivity_frac, design.radiator_solar_absorptance_frac
    emitted = design.radiator_fin_efficiency_frac * 2 * eps * 5.670374419e-8 * kelvin**4
    earth = 2 * 0.2489 * (eps * 237 + alpha * 0.3 * 1361 * design.albedo_phase_frac)
    sun = alpha * 1361 * 0.0174524
    in_sunlight = built.radiator_area_m2_per_kw * (emitted - earth - sun) * (1 - dark)
    in_shadow = 1000 * design.bus_overhead * design.ride_through_frac * dark
    assert made == pytest.approx(in_sunlight + in_shadow, rel=1e-4)
    assert built.net_flux_w_per_m2 == pytest.approx(emitted - earth - sun, rel=1e-4)


def test_radiators_decide_little(central: OrbitalDesign) -> None:
    """From 45 to 75 C the mass of the central design moves by less than a tenth."""
    cold, hot = (platform(replace(central, radiator_temperature_c=c)).mass.total_kg_per_kw for c in (45, 75))
    assert 0.9 < hot / cold < 1


@settings(max_examples=60)
@given(st.floats(1e-6, 1e9), st.floats(1.001, 1e3))
def test_a_better_array_is_lighter_however_absurd(specific_power: float, better: float) -> None:
    def weight(value: float) -> float:
        design = replace(_central(), array_specific_power_w_per_kg=value)
        return platform(design).mass.total_kg_per_kw

    def floor() -> float:
        return platform(_central()).mass.total_kg_per_kw - platform(_central()).mass.array_kg_per_kw * 1.15 * 1.1

    assert floor() <= weight(specific_power * better) * (1 + 1e-12) <= weight(specific_power) * (1 + 2e-12)


@settings(max_examples=40)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_ride_through_is_heavier(one: float, other: float) -> None:
    less, more = sorted((one, other))
    light, heavy = (platform(replace(_central(), ride_through_frac=ride)).mass.total_kg_per_kw for ride in (less, more))
    assert light <= heavy * (1 + 1e-12)


@settings(max_examples=40)
@given(st.floats(-80, 1000), st.floats(0.1, 500))
def test_a_hotter_radiator_is_lighter(temperature_c: float, hotter: float) -> None:
    cold, hot = (
        platform(replace(_central(), radiator_temperature_c=c)).mass.total_kg_per_kw
        for c in (temperature_c, temperature_c + hotter)
    )
    assert hot < cold


def test_conduction_is_a_school_of_its_own(central: OrbitalDesign) -> None:
    """At 700 W a source, aluminium alone outweighs the rest of the design; at 50 W graphite beats the loop."""
    loop = platform(central).mass
    heavy = platform(replace(central, cooling="conduction")).mass
    light = platform(replace(central, cooling="conduction", spreader_material="graphite", source_w=50.0)).mass
    assert heavy.loop_kg_per_kw == light.loop_kg_per_kw == 0
    assert heavy.radiator_kg_per_kw > loop.total_kg_per_kw
    assert light.total_kg_per_kw < loop.total_kg_per_kw


def _central() -> OrbitalDesign:
    return OrbitalDesign(
        design_id="plain",
        bus_overhead=1.15,
        array_efficiency_frac=0.184,
        array_loss_frac_per_year=0.025,
        array_specific_power_w_per_kg=100,
        battery_specific_energy_wh_per_kg=200,
        battery_depth_of_discharge_frac=0.4,
        ride_through_frac=0.15,
        radiator_temperature_c=60,
        radiator_emissivity_frac=0.85,
        radiator_fin_efficiency_frac=0.9,
        radiator_solar_absorptance_frac=0.15,
        radiator_kg_per_m2=5,
        cooling_loop_kg_per_kw_heat=4,
        it_kg_per_kw=5,
        shielding_kg_per_kw=1,
        communications_kg_per_kw=1.5,
        structure_frac=0.15,
        margin_frac=0.1,
        build_usd_per_kg=1000,
        insurance_frac=0.05,
        loss_frac_per_year=0.078,
        life_years=5,
        rate_frac_per_year=0.1,
        maintenance_frac_per_year=0.01,
        fixed_usd_per_kw_year=200,
        commissioning_months=3,
        altitude_km=600,
    )
