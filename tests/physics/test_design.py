"""Designs: what physics refuses, by field and reason, and what the coefficients promise to the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from planner.physics import DesignError, OrbitalDesign, PhysicsError, coefficients, platform

REFUSED: list[tuple[str, Any, str]] = [
    ("altitude_km", 199, "drag"),
    ("altitude_km", 6500, "no sun-synchronous orbit so high"),
    ("array_efficiency_frac", 1.01, "energy from nothing"),
    ("array_efficiency_frac", 0, "energy from nothing"),
    ("storage_efficiency_frac", 1.2, "energy from nothing"),
    ("radiator_emissivity_frac", 1.1, "black body"),
    ("radiator_fin_efficiency_frac", 1.5, "hotter in the mean than at its root"),
    ("radiator_solar_absorptance_frac", -0.1, "between 0 and 1"),
    ("battery_depth_of_discharge_frac", 0, "more than nothing and at most what it holds"),
    ("battery_depth_of_discharge_frac", 1.1, "at most what it holds"),
    ("battery_specific_energy_wh_per_kg", 0, "infinitely heavy"),
    ("array_specific_power_w_per_kg", 0, "infinitely heavy"),
    ("array_loss_frac_per_year", 1.0, "nothing is left"),
    ("loss_frac_per_year", -0.1, "yearly loss"),
    ("ride_through_frac", 1.2, "between 0 and 1"),
    ("bus_overhead", 0.9, "power from nothing"),
    ("radiator_temperature_c", -300, "absolute zero"),
    ("radiator_temperature_c", -120, "radiator too cold: Earth and sun alone hold it at"),
    ("radiator_kg_per_m2", -1, "negative"),
    ("storage_efficiency_frac", 0, "at 0 nothing works"),
    ("radiator_emissivity_frac", 0, "emits nothing cools nothing"),
    ("radiator_fin_efficiency_frac", 0, "hotter in the mean than at its root"),
    ("radiator_faces", 3, "one face or from two"),
    ("cooling", "magic", "one of loop, conduction"),
    ("spreader_material", "cheese", "one of aluminium"),
    ("source_w", 0, "gives heat"),
    ("life_years", 0, "at least a month"),
    ("rate_frac_per_year", -0.01, "pays to wait"),
    ("commissioning_months", -1, "before its launch"),
    ("commissioning_months", 1.5, "months are whole"),
    ("node_local_time_h", 25, "between 0 and 24"),
    ("inclination_deg", 190, "between 0 and 180"),
    ("sun_error_deg", 91, "0 to 90"),
    ("albedo_phase_frac", 2, "between 0 and 1"),
    ("life_years", float("nan"), "not a finite number"),
    ("build_usd_per_kg", float("inf"), "not a finite number"),
]


def test_reference_designs_can_fly(design: OrbitalDesign) -> None:
    assert design.problems() == []


@pytest.mark.parametrize(("field", "value", "reason"), REFUSED)
def test_refused_by_name_with_the_reason(central: OrbitalDesign, field: str, value: Any, reason: str) -> None:
    design = replace(central, **{field: value})
    (problem,) = design.problems()
    assert problem.field == field
    assert problem.value is value
    assert reason in problem.reason
    with pytest.raises(DesignError) as caught:
        platform(design)
    assert caught.value.problems == [problem]
    assert caught.value.design_id == "central"
    assert field in str(caught.value)
    assert reason in str(caught.value)


def test_all_problems_at_once(central: OrbitalDesign) -> None:
    design = replace(central, altitude_km=100, array_efficiency_frac=2, cooling="none")
    assert [problem.field for problem in design.problems()] == ["array_efficiency_frac", "altitude_km", "cooling"]


def test_edges_are_allowed(central: OrbitalDesign) -> None:
    design = replace(
        central,
        battery_depth_of_discharge_frac=1,
        array_efficiency_frac=1,
        ride_through_frac=0,
        radiator_kg_per_m2=0,
        commissioning_months=0,
        rate_frac_per_year=0,
        loss_frac_per_year=0,
        array_loss_frac_per_year=0,
        altitude_km=200,
        radiator_faces=1,
    )
    assert design.problems() == []
    assert platform(design).mass.battery_kg_per_kw == 0


def test_coldest_panel_of_a_spreader_ignores_fins(central: OrbitalDesign) -> None:
    assert replace(central, cooling="conduction").coldest_panel_c() < central.coldest_panel_c()


def test_arrays_over_the_horizon(design: OrbitalDesign, months: list[tuple[int, int]]) -> None:
    found = coefficients(design, months, np.linspace(1500, 800, 36))
    lag = design.commissioning_months
    assert found.service_frac.shape == found.charge_usd_per_kw.shape == found.upkeep_usd_per_kw_month.shape == (36, 36)
    assert found.sunlit_frac.shape == found.available_frac.shape == found.capital_usd_per_kw.shape == (36,)
    assert found.available_frac == pytest.approx(found.sunlit_frac + design.ride_through_frac * (1 - found.sunlit_frac))
    for v in (0, 7, 35):
        for t in range(36):
            age = t - v
            expected = found.available_frac[t] * found.health_frac[age] * found.survival_frac[age] if age >= lag else 0.0
            assert found.service_frac[v, t] == pytest.approx(expected, rel=1e-12)
    assert np.all(np.diff(found.capital_usd_per_kw) < 0), "a cheaper launch is less capital"
    assert found.kg_per_kw == found.mass.total_kg_per_kw
    assert found.kg_it_per_kw == design.it_kg_per_kw
    assert found.build_usd_per_kw == pytest.approx(design.build_usd_per_kg * (found.kg_per_kw - design.it_kg_per_kw))


def test_life_counts_from_commissioning_and_ends(central: OrbitalDesign) -> None:
    months = [(2026 + k // 12, k % 12 + 1) for k in range(30)]
    found = coefficients(replace(central, life_years=1.5, commissioning_months=4), months, [900.0] * 30)
    assert np.flatnonzero(found.service_frac[0] > 0).tolist() == list(range(4, 22))
    assert np.all(found.survival_frac[:22] > 0)
    assert np.all(found.survival_frac[22:] == 0)


def test_mass_does_not_depend_on_the_horizon(central: OrbitalDesign) -> None:
    summer = coefficients(central, [(2027, 7)], [900.0])
    decade = coefficients(central, [(2027 + k // 12, k % 12 + 1) for k in range(120)], [900.0] * 120)
    assert summer.mass == decade.mass
    assert summer.usd_per_mwh[0] == pytest.approx(decade.usd_per_mwh[6], rel=2e-3)


def test_light_beyond_the_horizon_repeats_the_calendar_year(central: OrbitalDesign) -> None:
    short = coefficients(central, [(2027, 1 + k) for k in range(12)], [900.0] * 12)
    longer = coefficients(central, [(2027 + k // 12, k % 12 + 1) for k in range(24)], [900.0] * 24)
    assert short.usd_per_mwh == pytest.approx(longer.usd_per_mwh[:12], rel=1e-3)


def test_drifting_orbit(central: OrbitalDesign, months: list[tuple[int, int]]) -> None:
    inclined = coefficients(replace(central, inclination_deg=53.0), months, [900.0] * 36)
    assert inclined.sunlit_frac.mean() == pytest.approx(0.69, abs=0.02)
    dawn_dusk = coefficients(central, months, [900.0] * 36)
    assert inclined.usd_per_mwh.min() > 1.2 * dawn_dusk.usd_per_mwh.max()


def test_refused_horizons(central: OrbitalDesign) -> None:
    with pytest.raises(PhysicsError, match="at least one"):
        coefficients(central, [], [])
    with pytest.raises(PhysicsError, match="do not follow each other"):
        coefficients(central, [(2027, 1), (2027, 3)], [1.0, 1.0])
    with pytest.raises(PhysicsError, match="1 launch prices for 2 months"):
        coefficients(central, [(2027, 12), (2028, 1)], [1.0])
    with pytest.raises(PhysicsError, match="not a finite number"):
        coefficients(central, [(2027, 1)], [float("nan")])
