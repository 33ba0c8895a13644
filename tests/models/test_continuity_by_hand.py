"""Service that may not collapse, solved on the back of an envelope."""

from __future__ import annotations

from typing import Any

import pytest

from models.data import PlanData
from planner.solve.solution import solve
from planner.tables.limits import limits_table
from tests.models.test_by_hand import HOURS, single

TS = range(1, 5)
URGENT_KH100E = {1: 2.0, 2: 2.0, 3: 10.0, 4: 10.0}


def crowded_out(**changes: Any) -> PlanData:
    """Chips of 10 kH100e and free power. Patient work, worth 1 USD an hour, gives way in March to urgent work worth 2."""
    asked = {("here", "urgent", t): kh100e for t, kh100e in URGENT_KH100E.items()} | {("here", "patient", t): 10.0 for t in TS}
    return single(
        **{
            "classes": ("urgent", "patient"),
            "delivered_kunit": {},
            "start_installed_kunit": {("near", "old"): 10.0},
            "demand_kh100e": asked,
            "servable": (("here", "urgent", "near"), ("here", "patient", "near")),
            "shape_frac": {("here", w, t, 1): 1.0 for w in ("urgent", "patient") for t in TS},
            "flexible_frac": {"urgent": 0.0, "patient": 0.0},
            "core_frac": {"urgent": 0.0, "patient": 0.0},
            "energy_usd_per_mwh": {("near", "grid", t, 1): 0.0 for t in TS},
            "network_usd_per_kh100e_month": {},
            **changes,
        }
    )


def served(data: PlanData) -> list[float]:
    values = solve(data).values["serve"]
    return [values["here", "patient", "near", t] for t in TS]


def test_a_fall_that_is_forbidden_displaces_what_is_worth_more() -> None:
    """Patient work falls by a quarter a month from 8, and each unit of it displaces urgent work worth 1 USD an hour more.

    A unit less to keep up in April saves its 720 hours; in March 744 hours and three quarters of that, 1,284 USD; in February
    it loses its 672 hours and saves three quarters of 1,284, 291 USD."""
    data = crowded_out(max_fall_frac_per_month={"patient": 0.25})
    assert served(data) == pytest.approx([8.0, 6.0, 4.5, 3.375])
    solution = solve(data)
    april = HOURS[4]
    march = HOURS[3] + 0.75 * april
    february = 0.75 * march - HOURS[2]
    for t, usd in ((2, february), (3, march), (4, april)):
        assert solution.prices["keep_service"]["here", "patient", t] == pytest.approx(usd / 1e3)
    row = limits_table(solution).query("constraint == 'keep_service' and month == '2027-04'").iloc[0]
    assert (row["where"], row["unit"]) == ("here / patient", "USD per kH100e-month")
    assert row["worth_usd"] == pytest.approx(1e3 * april)


def test_without_the_limit_it_falls_at_once() -> None:
    assert served(crowded_out()) == pytest.approx([8.0, 8.0, 0.0, 0.0])


def test_service_may_fall_as_far_as_demand() -> None:
    """Demand for patient work ends in March: nothing has to be kept up."""
    asked = {key: 0.0 if key[1] == "patient" and key[2] > 2 else kh100e for key, kh100e in crowded_out().demand_kh100e.items()}
    assert served(crowded_out(max_fall_frac_per_month={"patient": 0.25}, demand_kh100e=asked)) == pytest.approx([8, 8, 0, 0])
