"""Array and battery: identities of sizing and ageing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from planner.physics import power
from planner.physics.errors import PhysicsError


def test_array_power_by_hand() -> None:
    assert power.array_power_w_per_kw(1.15, 0.0, 0.2, 0.9) == pytest.approx(1150)
    assert power.array_power_w_per_kw(1.15, 1.0, 0.25, 1.0) == pytest.approx(1150 / 0.75), "a full ride shares out the light"
    assert power.array_power_w_per_kw(1.15, 0.15, 0.2, 0.9) == pytest.approx(1150 * (1 + 0.15 * 0.2 / (0.9 * 0.8)))


@given(st.floats(1, 2), st.floats(0, 1), st.floats(0, 0.5), st.floats(0.3, 1))
def test_array_feeds_bus_and_battery_over_an_orbit(bus: float, ride: float, dark: float, efficiency: float) -> None:
    made = float(power.array_power_w_per_kw(bus, ride, dark, efficiency)) * (1 - dark)
    used = 1000 * bus * ((1 - dark) + ride * dark)
    lost = float(power.storage_loss_w_per_kw(bus, ride, dark, efficiency)) * (1 - dark)
    assert made == pytest.approx(used + lost)


@pytest.mark.parametrize("dark", [-0.1, 1.0, float("nan")])
def test_no_power_without_sun(dark: float) -> None:
    with pytest.raises(PhysicsError, match="never sees the sun"):
        power.array_power_w_per_kw(1.15, 0.1, dark, 0.9)


def test_no_battery_that_gives_nothing_back() -> None:
    with pytest.raises(PhysicsError, match="gives nothing back"):
        power.array_power_w_per_kw(1.15, 0.1, 0.2, 0.0)


@given(st.floats(0, 0.9), st.integers(1, 30))
def test_mean_health_is_the_mean_over_the_years(loss: float, life: int) -> None:
    mean = sum((1 - loss) ** year for year in range(life)) / life
    assert power.mean_health_frac(loss, life) == pytest.approx(mean, rel=1e-9)


@given(st.floats(0, 0.9), st.integers(1, 30))
def test_oversizing_is_not_lost_twice(loss: float, life: int) -> None:
    health = power.health_frac(np.arange(12 * life) / 12, loss, life)
    assert health[0] == pytest.approx(1)
    assert np.all(np.diff(health) <= 1e-12)
    assert health[-1] >= (1 - loss) ** life, "an oversized array ends above one that was not"


def test_health_of_an_array_that_does_not_age() -> None:
    assert power.health_frac(np.array([0.0, 3.0, 9.0]), 0.0, 5.0) == pytest.approx(1)


def test_refusals() -> None:
    with pytest.raises(PhysicsError, match=r"\[0, 1\)"):
        power.mean_health_frac(1.0, 5.0)
    with pytest.raises(PhysicsError, match="must be positive"):
        power.mean_health_frac(0.02, np.array([5.0, 0.0]))


def test_area_mass_and_battery_by_hand() -> None:
    assert power.array_area_m2(1361.0, np.array([0.2, 0.25])) == pytest.approx([5, 4])
    assert power.array_mass_kg(1000.0, 100.0) == pytest.approx(10)
    assert power.battery_mass_kg_per_kw(1.2, 0.5, 0.35, 0.4, 200.0) == pytest.approx(1000 * 1.2 * 0.5 * 0.35 / 80)
    assert power.battery_mass_kg_per_kw(1.2, 0.0, 0.35, 0.4, 200.0) == 0
