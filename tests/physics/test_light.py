"""Light and shadow: closed forms against hand values, and against a propagation that shares no formula with them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from planner.physics import light
from planner.physics.errors import PhysicsError

Array = NDArray[np.float64]
YEAR = [(2027, month) for month in range(1, 13)]


def sun_direction(day: Array) -> Array:
    """Unit vector to the sun from Kepler's equation of Earth's own orbit; days from J2000."""
    eccentricity, perihelion = 0.0167, np.radians(282.937 + 4.71e-5 * day)  # of date: precession and turning apsides
    anomaly = np.radians(357.529 + 0.98560028 * day)
    eccentric = anomaly.copy()
    for _ in range(6):
        eccentric = anomaly + eccentricity * np.sin(eccentric)
    true = 2 * np.arctan2(
        math.sqrt(1 + eccentricity) * np.sin(eccentric / 2), math.sqrt(1 - eccentricity) * np.cos(eccentric / 2)
    )
    longitude, tilt = true + perihelion, math.radians(23.4393)
    return np.stack([np.cos(longitude), np.sin(longitude) * math.cos(tilt), np.sin(longitude) * math.sin(tilt)], axis=-1)


def dark_by_propagation(altitude_km: float, day: Array, node_deg: Array, inclination_deg: float, points: int = 1440) -> Array:
    """Share of points on the circle that lie behind Earth within its cylinder, day by day."""
    u = (np.arange(points) + 0.5) * 2 * math.pi / points
    node, tilt = np.radians(node_deg)[:, None], math.radians(inclination_deg)
    place = (6371.0 + altitude_km) * np.stack(
        [
            np.cos(node) * np.cos(u) - np.sin(node) * np.sin(u) * math.cos(tilt),
            np.sin(node) * np.cos(u) + np.cos(node) * np.sin(u) * math.cos(tilt),
            np.broadcast_to(np.sin(u) * math.sin(tilt), (len(day), points)),
        ],
        axis=-1,
    )
    along = np.einsum("dpk,dk->dp", place, sun_direction(day))
    off_axis = np.sqrt(np.maximum((place**2).sum(-1) - along**2, 0))
    return ((along < 0) & (off_axis < 6371.0)).mean(axis=1)


@pytest.mark.parametrize("altitude_km", [400, 550, 800])
def test_eclipse_in_the_plane_of_the_sun_is_the_angle_earth_fills(altitude_km: float) -> None:
    half_angle = math.asin(6371 / (6371 + altitude_km))  # seen from the orbit's own centre: the chord of the cylinder
    assert light.eclipse_frac(altitude_km, 0.0) == pytest.approx(half_angle / math.pi, rel=1e-12)


def test_eclipse_fractions_by_number() -> None:
    assert light.eclipse_frac(np.array([400.0, 550.0, 800.0]), 0.0) == pytest.approx([0.3901, 0.3723, 0.3482], abs=5e-4)


@given(st.floats(1, 40_000), st.floats(-90, 90))
def test_eclipse_lies_in_its_range_and_ends_at_the_shadow_free_angle(altitude_km: float, beta_deg: float) -> None:
    dark = float(light.eclipse_frac(altitude_km, beta_deg))
    assert 0 <= dark < 0.5
    assert dark == pytest.approx(float(light.eclipse_frac(altitude_km, -beta_deg)))
    if abs(beta_deg) >= math.degrees(math.asin(6371 / (6371 + altitude_km))):
        assert dark == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("altitude_km", [0.0, -3.0, math.nan])
def test_no_orbit_in_the_ground(altitude_km: float) -> None:
    with pytest.raises(PhysicsError, match="above the ground"):
        light.eclipse_frac(altitude_km, 0.0)
    with pytest.raises(PhysicsError, match="above the ground"):
        light.orbit_period_h(altitude_km)


def test_sun_stands_where_an_almanac_puts_it() -> None:
    declination, right_ascension, _ = light.sun_position_deg(light.days_of_month((2026, 6)))
    assert declination.max() == pytest.approx(23.44, abs=0.01)
    at_solstice = int(np.argmax(declination))
    assert at_solstice == 20  # 21 June
    assert right_ascension[at_solstice] == pytest.approx(90, abs=0.5)


@pytest.mark.parametrize(("altitude_km", "inclination_deg"), [(400, 97.03), (600, 97.79), (800, 98.60), (1000, 99.48)])
def test_sun_synchronous_inclination(altitude_km: float, inclination_deg: float) -> None:
    found = light.sun_synchronous_inclination_deg(altitude_km)
    assert found == pytest.approx(inclination_deg, abs=0.01)
    assert light.node_drift_deg_per_day(altitude_km, float(found)) == pytest.approx(360 / 365.2421897, rel=1e-9)


def test_no_sun_synchronous_orbit_too_high() -> None:
    assert light.sun_synchronous_inclination_deg(5900.0) > 150
    with pytest.raises(PhysicsError, match="no sun-synchronous orbit so high"):
        light.sun_synchronous_inclination_deg(np.array([600.0, 6100.0]))


def test_period_and_drift_of_the_space_station() -> None:
    assert light.orbit_period_h(420.0) * 60 == pytest.approx(92.9, abs=0.2)
    assert light.node_drift_deg_per_day(420.0, 51.64) == pytest.approx(-4.97, abs=0.05)


@pytest.mark.parametrize("node_local_time_h", [6.0, 10.5, 18.0])
@pytest.mark.parametrize("altitude_km", [600.0, 900.0])
def test_months_agree_with_a_propagated_orbit(altitude_km: float, node_local_time_h: float) -> None:
    inclination = float(light.sun_synchronous_inclination_deg(altitude_km))
    mean, largest = light.eclipse_by_month(altitude_km, YEAR, node_local_time_h)
    for month, closed, worst in zip(YEAR, mean, largest, strict=True):
        day = light.days_of_month(month)
        node = 280.460 + 0.9856474 * day + 15 * (node_local_time_h - 12)
        dark = dark_by_propagation(altitude_km, day, node, inclination)
        assert closed == pytest.approx(dark.mean(), abs=1e-3), month
        assert worst == pytest.approx(dark.max(), abs=2e-3), month


def test_a_drifting_orbit_agrees_with_a_propagated_one() -> None:
    altitude_km, inclination_deg = 550.0, 53.0
    drift = -2.06474e14 * (6378.137 + altitude_km) ** -3.5 * math.cos(math.radians(inclination_deg))  # Wertz, degrees a day
    start = light.days_of_month((2026, 1))[0] - 0.5
    for month in YEAR[:4]:
        day = light.days_of_month(month)
        node = 280.460 + 0.9856474 * start + 15 * (9 - 12) + drift * (day - start)
        dark = dark_by_propagation(altitude_km, day, node, inclination_deg)
        closed = light.eclipse_by_month(altitude_km, [month], 9.0, inclination_deg)[0]
        assert closed == pytest.approx(dark.mean(), abs=2e-3)


def test_dawn_dusk_at_600_km() -> None:
    mean = light.eclipse_by_month(600, light.SIZING_MONTHS, 6)[0]
    assert mean.mean() == pytest.approx(0.0427, abs=5e-4)
    assert light.worst_month(600, 6)[0][1] == 12
    assert light.worst_month(600, 6)[1] == pytest.approx(0.209, abs=1e-3)
    assert light.worst_month(600, 18)[0][1] == 6, "the two nodes have opposite seasons"
    assert light.longest_eclipse_h(600, 6) * 60 == pytest.approx(20.7, abs=0.1)
    sunlit = light.sunlit_frac_by_month(600, YEAR, 6)
    assert np.all(sunlit[2:10] == 1), "outside the season nothing is lost"


def test_98_per_cent_of_light_needs_about_900_km() -> None:
    def mean(altitude_km: float) -> float:
        return float(light.sunlit_frac_by_month(altitude_km, YEAR, 6).mean())

    assert mean(850) < 0.98 < mean(950)


@pytest.mark.parametrize(("inclination_deg", "dark"), [(53, 0.313), (30, 0.354)])
def test_inclined_orbits_lose_a_third(inclination_deg: float, dark: float) -> None:
    assert light.eclipse_by_month(550, light.SIZING_MONTHS, 6, inclination_deg)[0].mean() == pytest.approx(dark, abs=3e-3)


def test_days_of_a_month() -> None:
    assert len(light.days_of_month((2028, 2))) == 29
    assert len(light.days_of_month((2026, 12))) == 31
    assert light.days_of_month((2000, 1))[0] == 0
    with pytest.raises(ValueError, match="month must be in"):
        light.days_of_month((2026, 13))
