"""Orbit against Earth in USD per MWh of IT, by hand."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from planner.tables.costs import compared
from tests.models.test_by_hand import orbit_only

LEAGUE = pd.DataFrame(
    [("near", 100.0, 0.012, 120.0), ("far", 300.0, 0.024, 80.0), ("idle", 1e-9, 0.0, 1.0)],
    columns=["place_id", "it_mwh", "facility_cost_musd", "usd_per_mwh_facility"],
)


def test_a_launch_that_nobody_makes_costs_its_charges_over_what_its_chips_would_draw() -> None:
    """Launched in month 1 a kW pays 300 USD in months 2 to 4, serves 0.9 of 672 + 744 + 720 hours, and draws 0.8 of it."""
    data = orbit_only(charge_usd_per_kw=300.0)
    data = dataclasses.replace(data, draw_frac={"old": 0.5, "new": 0.8}, launch_t={})
    found = compared(data, LEAGUE)
    assert found is not None
    by_launch = [300 * len(hours) / (0.8 * 0.9 * sum(hours) / 1000) for hours in ([672, 744, 720], [744, 720], [720])]
    assert found.orbit == pytest.approx(min(by_launch))
    assert found.earth == pytest.approx(1e6 * 0.036 / 400.0)
    assert found.cheapest == 80.0, "a region without work is no place"


def test_what_is_launched_costs_what_the_plan_pays_over_what_it_draws() -> None:
    flown = pd.DataFrame([("sat", 10.0, 0.005, 500.0)], columns=LEAGUE.columns)
    found = compared(orbit_only(300.0), pd.concat([LEAGUE, flown], ignore_index=True))
    assert found is not None
    assert found.orbit == pytest.approx(500.0)
    assert found.earth == pytest.approx(90.0)


def test_without_earth_or_without_service_nothing_is_compared() -> None:
    assert compared(orbit_only(300.0), LEAGUE.iloc[:0]) is None
    assert compared(dataclasses.replace(orbit_only(300.0), orbit_service_frac={}), LEAGUE) is None
