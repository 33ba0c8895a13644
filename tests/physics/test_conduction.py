"""The solid spreader: the boundary-value problem against shooting, its optimum, and what it weighs."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from planner.physics import conduction
from planner.physics.conduction import MATERIALS, conduction_kg_per_kw, disc_profile, lightest_spreader
from planner.physics.errors import PhysicsError, ThermalError

SINK_C = -89.6
"""A panel of emissivity 0.9, edge-on at 600 km, that nothing heats but Earth and sun."""


def shoot(inner: float, fin_number: float, sink: float) -> tuple[float, float]:
    """(phi, rim) of the same disc by integrating from the rim inwards, and by summing what each ring radiates."""

    def inwards(rim: float) -> tuple[float, float]:
        def slope(x: float, y: np.ndarray) -> list[float]:
            bend = fin_number * (y[0] ** 4 - sink**4) - y[1] / x
            return [y[1], bend, 2 * x * (y[0] ** 4 - sink**4)]

        out = solve_ivp(slope, (1.0, inner), [rim, 0.0, 0.0], rtol=1e-10, atol=1e-12).y[:, -1]
        return float(out[0]), -float(out[2])

    rim = float(brentq(lambda guess: inwards(guess)[0] - 1, sink + 1e-9, 1 - 1e-9, xtol=1e-13))
    return inwards(rim)[1] + inner**2 * (1 - sink**4), rim


@pytest.mark.parametrize(("inner", "fin_number", "sink"), [(0.03, 0.5, 0.5), (0.2, 0.1, 0.0), (0.05, 1.5, 0.6)])
def test_profile_against_shooting(inner: float, fin_number: float, sink: float) -> None:
    phi, rim = disc_profile(inner, fin_number, sink)
    other_phi, other_rim = shoot(inner, fin_number, sink)
    assert phi == pytest.approx(other_phi, rel=1e-4)
    assert rim == pytest.approx(other_rim, rel=1e-4)


def test_a_perfect_conductor_is_at_base_temperature_all_over() -> None:
    phi, rim = disc_profile(0.1, 1e-6, 0.5)
    assert phi == pytest.approx(1 - 0.5**4, rel=1e-4)
    assert rim == pytest.approx(1, abs=1e-5)


def test_mass_per_kw_grows_with_the_power_of_the_source() -> None:
    powers = np.array([10.0, 50.0, 200.0, 700.0])
    weights = [conduction_kg_per_kw(float(source), base_c=75, sink_c=SINK_C) for source in powers]
    assert weights / powers == pytest.approx(weights[0] / powers[0], rel=1e-3)


def test_weights_of_the_two_sources_that_are_quoted() -> None:
    """About 10 kg/kW for 50 W and 140 for 700 W in aluminium: a base of 67 C; 60 to 85 C spans 7 to 11.5 and 99 to 160."""
    assert conduction_kg_per_kw(50, base_c=67, sink_c=SINK_C) == pytest.approx(10, abs=0.3)
    assert conduction_kg_per_kw(700, base_c=67, sink_c=SINK_C) == pytest.approx(140, abs=4)
    assert 7 < conduction_kg_per_kw(50, base_c=85, sink_c=SINK_C) < conduction_kg_per_kw(50, base_c=60, sink_c=SINK_C) < 11.6


def test_graphite_is_seven_times_lighter() -> None:
    aluminium, graphite = (conduction_kg_per_kw(700, name, base_c=75, sink_c=SINK_C) for name in ("aluminium", "graphite"))
    assert aluminium / graphite == pytest.approx(7.36, abs=0.02)
    assert conduction_kg_per_kw(700, "copper", base_c=75, sink_c=SINK_C) > aluminium


def test_the_spreader_rejects_the_source_and_none_is_lighter() -> None:
    material = MATERIALS["aluminium"]
    best = lightest_spreader(700.0, material, base_c=75.0, sink_c=SINK_C, emissivity_frac=0.9)
    base_k, sink = 348.15, (SINK_C + 273.15) / 348.15
    radiance = 2 * 0.9 * 5.670374419e-8 * base_k**4
    k = material.conductivity_w_per_m_k

    def heat_w(radius_m: float, thickness_m: float) -> float:
        phi, _ = shoot(best.source_radius_m / radius_m, radiance / base_k * radius_m**2 / (k * thickness_m), sink)
        return radiance * math.pi * radius_m**2 * phi

    assert heat_w(best.radius_m, best.thickness_m) == pytest.approx(700, rel=1e-3)
    for stretch in (0.9, 1.1):
        radius_m = best.radius_m * stretch
        thickness_m = float(brentq(lambda t, r=radius_m: heat_w(r, t) - 700, 0.005, 0.2, xtol=1e-6))
        assert radius_m**2 * thickness_m > best.radius_m**2 * best.thickness_m
    assert best.mass_kg == pytest.approx(2700 * math.pi * best.radius_m**2 * best.thickness_m)
    assert SINK_C < best.rim_temperature_c < 75
    assert 0 < best.effectiveness_frac < 1
    assert best.area_m2_per_kw == pytest.approx(math.pi * best.radius_m**2 / 0.7)


def test_a_wider_source_is_easier() -> None:
    assert conduction_kg_per_kw(700, source_flux_w_per_m2=1e5) < conduction_kg_per_kw(700, source_flux_w_per_m2=1e7)


@pytest.mark.parametrize("flux", [1400.0, 1600.0, 2400.0])
def test_a_source_almost_as_wide_as_its_disc(flux: float) -> None:
    assert conduction_kg_per_kw(700, source_flux_w_per_m2=flux) > 0


def test_refusals_by_name() -> None:
    with pytest.raises(PhysicsError, match="both must be positive"):
        conduction_kg_per_kw(0)
    with pytest.raises(PhysicsError, match="'cheese' is unknown: one of aluminium, copper, graphite"):
        conduction_kg_per_kw(50, "cheese")
    with pytest.raises(ThermalError, match="not above its surroundings"):
        conduction_kg_per_kw(50, base_c=-80, sink_c=-80)
    with pytest.raises(ThermalError, match="footprint radiates it"):
        conduction_kg_per_kw(50, source_flux_w_per_m2=500)
    with pytest.raises(PhysicsError, match="unknown"):
        conduction.spreader_material("wood")
    assert conduction.spreader_material(MATERIALS["copper"]) is MATERIALS["copper"]


def test_a_profile_that_is_not_found_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scipy.integrate.solve_bvp", lambda *_, **__: SimpleNamespace(success=False, message="no luck"))
    with pytest.raises(ThermalError, match=r"no temperature profile.*no luck"):
        disc_profile(0.1, 0.5, 0.5)
