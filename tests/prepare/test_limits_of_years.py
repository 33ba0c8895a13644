"""Limits that are stated by the year, in plans that have a part of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.toy import write_plan


@pytest.mark.parametrize(
    ("months", "ahead", "envelope", "year"),
    [
        (6, 0, {1: 6}, {"2028": 6}),
        (14, 0, {1: 12, 2: 2}, {"2028": 12, "2029": 2}),
        (18, 0, {1: 12, 2: 6}, {"2028": 12, "2029": 6}),
        (6, 8, {1: 12, 2: 2}, {"2028": 12, "2029": 2}),
        (14, 12, {1: 12, 2: 12, 3: 2}, {"2028": 12, "2029": 12, "2030": 2}),
    ],
)
def test_limits_of_a_year_count_a_twelfth_for_each_month_that_is_planned(
    months: int, ahead: int, envelope: dict[int, int], year: dict[str, int], tmp_path: Path
) -> None:
    """National envelopes by plan year, carbon caps and budgets by calendar year; a year of the look-ahead has that of the one
    before."""
    stated = {
        "look_ahead_months": ahead,
        "carbon": {"usd_per_tco2": 0, "cap_mtco2_per_year": {"2028": 1.2, "2029": 1.2}},
        "budget": {"capital_musd_per_year": {"2028": 240, "2029": 240}},
    }
    data = prepare(load(write_plan(tmp_path, months=months, plan={"months": months, **stated})))
    assert {y: mwh for (_, y), mwh in data.national_growth_mwh.items()} == {
        y: pytest.approx(40e6 * 0.3 * part / 12) for y, part in envelope.items()
    }
    assert data.carbon_cap_t == {name: pytest.approx(1e5 * part) for name, part in year.items()}
    assert data.budget_musd == {name: pytest.approx(20 * part) for name, part in year.items()}
