"""Plans that orders and a budget make impossible together: both numbers are named, and either change resolves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.budget import firm_chips_musd
from planner import api
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.studies.infeasible import diagnose
from tests.read.toy import write_plan
from tests.studies.test_infeasible import signed


def test_a_budget_below_what_is_ordered_has_two_ways_out(tmp_path: Path) -> None:
    """30 MW of halls at 11 million USD each are ordered, and 200 million may be spent: 18.18 MW, or 130 million more."""
    plan = {"budget": {"capital_musd_per_year": {2028: 200}}}
    path = write_plan(tmp_path, months=12, commitments=[signed("ohio", "halls", "2028-09", 30)], plan=plan)
    found = diagnose(load(path))
    assert [(one.words, one.short) for one in found.broken] == [("ohio has ordered halls", (pytest.approx(130 / 11),))]
    changed = {change.override.partition("=")[0]: change.then for way in found.ways for change in way.changes}
    assert changed["budget.capital_musd_per_year.2028"] == pytest.approx(330, rel=2e-3)
    assert changed["commitments[ohio,halls,2028-09].build_mw"] == pytest.approx(200 / 11, rel=2e-3)
    assert {one.target for one in found.conflict} == set(changed)
    for target, then in changed.items():
        api.solve(load(path, [f"{target}={then}"]))


def test_firm_chips_beyond_a_budget_that_counts_them_name_what_they_cost(tmp_path: Path) -> None:
    """Deliveries of 2028 cost so much at list price; half of that is the budget."""
    path = write_plan(tmp_path, months=12, commitments=None)
    data = prepare(load(path, ["budget.capital_musd_per_year={2028: 1}", "budget.chips=counted"]))
    paid = firm_chips_musd(data)["2028"]
    half = [f"budget.capital_musd_per_year={{2028: {paid / 2}}}", "budget.chips=counted"]
    found = diagnose(load(path, half))
    (broken,) = found.broken
    assert (broken.asked, broken.short) == ((pytest.approx(paid),), (pytest.approx(paid / 2),))
    changed = {change.override.partition("=")[0]: change.then for way in found.ways for change in way.changes}
    assert changed["budget.capital_musd_per_year.2028"] == pytest.approx(paid, rel=2e-3)


def test_a_cap_that_the_look_ahead_has_from_the_year_before_is_one_number(tmp_path: Path) -> None:
    """An order of 2029, in the look-ahead, exceeds the budget that 2028 states; likewise with a carbon cap that is in order."""
    plan = {
        "look_ahead_months": 12,
        "budget": {"capital_musd_per_year": {2028: 200}},
        "carbon": {"usd_per_tco2": 0, "cap_mtco2_per_year": {2028: 9}},
    }
    path = write_plan(tmp_path, months=12, commitments=[signed("ohio", "halls", "2029-09", 30)], plan=plan)
    found = diagnose(load(path))
    changed = {change.override.partition("=")[0]: change.then for way in found.ways for change in way.changes}
    assert changed["budget.capital_musd_per_year.2028"] == pytest.approx(330, rel=2e-3)
