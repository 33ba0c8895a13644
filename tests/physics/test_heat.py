"""Heat: exact identities, a view factor by quadrature, and a radiator that has flown."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from planner.physics import heat
from planner.physics.errors import PhysicsError, ThermalError

SIGMA = 5.670374419e-8
DEEP_SPACE = heat.Surroundings(0.0, 0.0, 0.0)


@pytest.mark.parametrize("faces", [1, 2])
def test_black_body_flux_is_exact(faces: int) -> None:
    assert heat.black_body_flux_w_per_m2(26.85, 1.0, faces) == pytest.approx(faces * 459.300327939, rel=1e-12)
    assert heat.net_flux_w_per_m2(26.85, DEEP_SPACE, 0.8, 0.2, 1.0, faces) == pytest.approx(
        0.8 * faces * SIGMA * 300**4, rel=1e-12
    )


def test_absolute_zero() -> None:
    with pytest.raises(PhysicsError, match="above absolute zero"):
        heat.kelvin(np.array([20.0, -273.15]))


@pytest.mark.parametrize("altitude_km", [200, 400, 600, 1000, 36_000])
def test_edge_on_view_factor_by_quadrature(altitude_km: float) -> None:
    """Integral of cos / pi over the part of Earth's disc, seen from the plate, that lies on its face's side."""
    rim = math.asin(6371 / (6371 + altitude_km))
    off = (np.arange(4000) + 0.5) / 4000 * rim  # angle from nadir; around it, half a turn lies before the face
    around = (np.arange(400) + 0.5) / 400 * math.pi
    cosine = np.sin(off)[:, None] * np.sin(around)[None, :]  # with the face's normal, at right angles to nadir
    solid = np.sin(off)[:, None] * (rim / 4000) * (math.pi / 400)
    assert heat.edge_on_view_factor(altitude_km) == pytest.approx((cosine * solid).sum() / math.pi, rel=1e-5)


def test_edge_on_view_factor_on_the_ground_and_below() -> None:
    assert heat.edge_on_view_factor(0.0) == pytest.approx(0.5)
    assert heat.edge_on_view_factor(600.0) == pytest.approx(0.249, abs=5e-4)
    with pytest.raises(PhysicsError, match="above the ground"):
        heat.edge_on_view_factor(-1.0)


def test_net_flux_by_hand() -> None:
    seen = heat.Surroundings(0.25, 0.2, 2.0)
    emitted = 0.9 * 2 * 0.85 * SIGMA * 333.15**4
    earth = 2 * 0.25 * (0.85 * 237 + 0.15 * 0.30 * 1361 * 0.2)
    sun = 0.15 * 1361 * math.sin(math.radians(2))
    assert heat.net_flux_w_per_m2(60, seen, 0.85, 0.15, 0.9, 2) == pytest.approx(emitted - earth - sun, rel=1e-12)


@given(st.floats(0.05, 1), st.floats(0, 1), st.floats(0.1, 1), st.sampled_from([1, 2]), st.floats(0, 90))
def test_coldest_panel_rejects_nothing(eps: float, alpha: float, fin: float, faces: int, error_deg: float) -> None:
    seen = heat.Surroundings(0.25, 0.2, error_deg)
    coldest = heat.coldest_panel_c(seen, eps, alpha, fin, faces)
    assert heat.net_flux_w_per_m2(coldest, seen, eps, alpha, fin, faces) == pytest.approx(0, abs=1e-6)
    assert heat.net_flux_w_per_m2(coldest + 1, seen, eps, alpha, fin, faces) > 0


def test_earth_heats_by_infrared_emissivity() -> None:
    """A mirror for sunlight still drinks Earth's infrared."""
    seen = heat.Surroundings(0.25, 0.0, 0.0)
    assert heat.absorbed_w_per_m2(seen, 0.9, 0.0) == pytest.approx(2 * 0.25 * 0.9 * 237)


def test_area_and_its_refusal() -> None:
    assert heat.radiator_area_m2(1150.0, 1000.0) == pytest.approx(1.15)
    with pytest.raises(ThermalError, match=r"radiator too cold.*no net heat is rejected"):
        heat.radiator_area_m2(1000.0, np.array([500.0, 0.0]))


def test_radiators_of_the_space_station() -> None:
    """Six units of 1,123 kg and 14.2 kg/m2 reject 70 kW; the ammonia is supplied at 2.8 C, colder panels mix with a bypass.

    Published: External Active Thermal Control System, SAE 951651. The panels' own mean temperature is not published: the
    rated flux must lie between the kindest and a harsh case, and imply a mean between freezing ammonia and its supply.
    """
    area_m2 = 6 * 1123 / 14.2
    flux = 70_000 / area_m2
    assert flux == pytest.approx(147.5, abs=0.1)
    assert pytest.approx(10.4, abs=0.05) == 70_000 / (6 * 1123)
    view = float(heat.edge_on_view_factor(410.0))
    paint = {"emissivity_frac": 0.9, "solar_absorptance_frac": 0.2, "fin_efficiency_frac": 0.9, "faces": 2}
    kind = heat.net_flux_w_per_m2(2.8, heat.Surroundings(view, 0.1, 0.0), **paint)
    harsh = heat.net_flux_w_per_m2(-20.0, heat.Surroundings(view, 0.32, 30.0), **paint)
    assert harsh < flux < kind, "the rated flux lies inside the conditions in which the station flies"
    panel = np.linspace(-77.7, 2.8, 1000)
    q = heat.net_flux_w_per_m2(panel, heat.Surroundings(view, 0.2, 10.0), **paint)
    implied_c = float(np.interp(flux, q, panel))
    assert -40 < implied_c < -15, "colder than the supply, far from freezing at -77.7 C"
