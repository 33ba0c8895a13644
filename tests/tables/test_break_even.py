"""Every break-even of orbit in one table, by hand, and the same as `planner orbit` tells."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.prepare.plan_data import prepared
from planner.read.load import load
from planner.schema.break_even import BREAK_EVENS, LAUNCH_PRICE
from planner.studies.orbit_design import orbit_report
from planner.tables.orbit_break_even import break_even_table, closest_launches
from tests.read.toy import write_plan

ENTRY = pd.DataFrame(
    [
        ("dawn", "2028-01", "beta", 500.0, 1500.0, 900.0, -50.0, 3.0, 9.0),
        ("dawn", "2028-02", "beta", 1000.0, 1250.0, 800.0, 600.0, 1.25, 2.5),
        ("dawn", "2028-03", "beta", 0.0, 900.0, 700.0, -9.0, None, None),
    ],
    columns="design_id month generation_id worth_usd_per_kw cost_usd_per_kw launch_usd_per_kg break_even_launch_usd_per_kg "
    "flip_value_factor cost_usd_per_h100e_h".split(),
)


def test_the_levers_of_the_closest_launch_by_hand(tmp_path: Path) -> None:
    """A launch in the second month costs 1,250 and earns 1,000; values are 2 and 1, of 37 and 23 asked for."""
    plan = load(write_plan(tmp_path))
    design = str(plan.tables["designs"].column("design_id")[0])
    entry = ENTRY.assign(design_id=design)
    assert closest_launches(entry)["month"].tolist() == ["2028-02"]
    found = break_even_table(plan, prepared(plan), entry).set_index("lever")
    mean = (2 + 1) / 2
    in_orbit = (2 * 37 + 1 * 23) / 60
    for lever, planned, even in (
        ("launch_price_within_plan", 800.0, 600.0),
        ("cost_within_plan", 1250.0, 1000.0),
        ("value_of_compute", mean, 1.25 * mean),
        ("value_for_dark_chip", in_orbit, 2.5),
    ):
        row = found.loc[lever]
        assert (row["planned"], row["break_even"], row["of_planned_frac"]) == pytest.approx((planned, even, even / planned)), (
            lever
        )
        assert (row["launched_in"], row["counted_over"]) == ("2028-02", "within the plan")


def test_the_launch_price_is_that_of_the_launch_which_needs_the_smallest_fall(tmp_path: Path) -> None:
    """720 of 900 USD per kg are 0.8, 600 of 800 are 0.75, although the second launch lacks less of its cost."""
    plan = load(write_plan(tmp_path))
    entry = ENTRY.assign(design_id=str(plan.tables["designs"].column("design_id")[0]))
    entry.loc[0, "break_even_launch_usd_per_kg"] = 720.0
    assert closest_launches(entry)["month"].tolist() == ["2028-02"]
    found = break_even_table(plan, prepared(plan), entry).set_index("lever")
    row = found.loc["launch_price_within_plan"]
    assert (row["launched_in"], row["planned"], row["break_even"]) == ("2028-01", 900.0, 720.0)
    assert row["of_planned_frac"] == pytest.approx(0.8)
    assert found.loc["cost_within_plan", "launched_in"] == "2028-02"


def test_over_the_whole_life_the_table_says_what_planner_orbit_says(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path))
    found = break_even_table(plan, prepared(plan), ENTRY.iloc[:0]).set_index("lever")
    told = orbit_report(plan).break_even.set_index("against")
    assert [f"{LAUNCH_PRICE}{name}" for name in told.index] == found.index.tolist()
    assert found["break_even"].to_numpy() == pytest.approx(told["break_even_launch_usd_per_kg"].to_numpy())
    assert found["planned"].to_numpy() == pytest.approx(told["launch_usd_per_kg_last_month"].to_numpy())
    assert found.loc[found["break_even"] < 0, "of_planned_frac"].isna().all()
    assert set(found["definition"]) <= {lever.definition for lever in BREAK_EVENS.values()}
    # Earth by hand: 65 and 110 USD per MWh, PUE 1.2 and 1.25, chips that compute 95 % of the time
    usd_per_mwh = told["target_usd_per_mwh"]
    assert usd_per_mwh["electricity_dearest"] == pytest.approx(110 * 1.25 / 0.95)
    assert usd_per_mwh["electricity_mean"] == pytest.approx((65 * 1.2 + 110 * 1.25) / 2 / 0.95)
