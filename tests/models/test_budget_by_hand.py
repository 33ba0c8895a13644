"""Capital and its budget, solved by hand: what a budget leaves unbuilt, what one more million is worth, and when it is paid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.budget import due, firm_chips_musd
from models.data import PlanData
from planner import api
from planner.check.checks import check
from planner.codes.remarks import Remark
from planner.errors import InfeasibleError
from planner.prepare.plan_data import prepare
from planner.solve.solution import solve
from planner.tables.cash import capital_table
from planner.write.folder.result_folder import write_run
from tests.models.test_by_hand import HOURS, single
from tests.read.toy import Rows, write_plan

GRID = ("near", "grid")
ALL_MONTHS = {"budget_months": {"2027": (1, 2, 3, 4)}}
HALVES = {"budget_months": {"first": (1, 2), "second": (3, 4)}}


def growing(**changes: Any) -> PlanData:
    """Ten thousand chips of 1 kW wait for power; 10 MW a month can be connected, at 2 million USD per MW; PUE 1.

    A MW from month t on serves 1 kH100e at 2 USD per H100e-hour, energy at 80 USD per MWh, and is charged 1,000 USD a month."""
    plan: dict[str, Any] = {
        "delivered_kunit": {},
        "start_dark_kunit": {"old": 10.0},
        "start_mw": {GRID: 0.0},
        "step_mw": {(*GRID, t): 10.0 for t in range(1, 5)},
        "pue": {"near": 1.0},
        "power_usd_per_kw": {GRID: 2_000.0},
    }
    return single(**{**plan, **changes})


def worth_musd(t: int) -> float:
    """Of a MW in service from month t on: 1.92 USD a kWh served, less the monthly charge."""
    hours = [hours for month, hours in HOURS.items() if month >= t]
    return 1.92e-3 * sum(hours) - 1e-3 * len(hours)


def test_a_budget_that_binds_builds_what_it_pays_for_and_has_its_price() -> None:
    """6 million USD connect 3 MW, all in January: one more million connects half a MW more."""
    found = solve(growing(budget_musd={"2027": 6.0}, **ALL_MONTHS))
    assert found.values["build_mw"][*GRID, 1] == pytest.approx(3.0, rel=1e-9)
    assert sum(found.values["build_mw"].values()) == pytest.approx(3.0, rel=1e-9)
    assert found.prices["limit_budget"]["2027"] == pytest.approx(worth_musd(1) / 2, rel=1e-7)
    more = solve(growing(budget_musd={"2027": 7.0}, **ALL_MONTHS))
    saved = found.proof.objective_musd - more.proof.objective_musd
    assert saved == pytest.approx(worth_musd(1) / 2, rel=1e-9)


def test_a_budget_beyond_what_is_built_has_no_price_and_one_of_zero_builds_nothing() -> None:
    loose, free = solve(growing(budget_musd={"2027": 20.1}, **ALL_MONTHS)), solve(growing())
    assert loose.prices["limit_budget"]["2027"] == 0
    assert loose.proof.objective_musd == pytest.approx(free.proof.objective_musd, rel=1e-12)
    none = solve(growing(budget_musd={"2027": 0.0}, **ALL_MONTHS))
    assert sum(none.values["build_mw"].values()) == pytest.approx(0.0, abs=1e-9)


def test_a_payment_profile_moves_what_is_built_to_where_the_budget_leaves_it() -> None:
    """1 million USD until February. Half is due two months ahead: in March it connects 1 MW, in January, all of it due at once,
    half a MW. March is worth 2.81 per million, January 2.76, although a MW of January is worth nearly twice as much."""
    profile = {"payment_fracs": {"grid": ((2, 0.5), (0, 0.5))}}
    ample = {"budget_musd": {"first": 1.0, "second": 1e3}, **HALVES}
    found = solve(growing(**profile, **ample))
    assert found.values["build_mw"][*GRID, 3] == pytest.approx(1.0, rel=1e-9)
    assert sum(found.values["build_mw"].values()) == pytest.approx(1.0, rel=1e-9)
    assert worth_musd(3) > worth_musd(1) / 2
    assert found.prices["limit_budget"]["first"] == pytest.approx(worth_musd(3), rel=1e-7)
    capital = capital_table(found)
    paid = dict(zip(capital["month"], capital["capital_musd"], strict=True))
    assert paid == pytest.approx({"2027-01": 1.0, "2027-03": 1.0})
    # without the profile nothing of March falls due before it
    plain = solve(growing(**ample))
    assert plain.values["build_mw"][*GRID, 1] == pytest.approx(0.5, rel=1e-9)
    assert plain.values["build_mw"][*GRID, 3] == pytest.approx(9.5, rel=1e-9)
    assert plain.prices["limit_budget"]["first"] == pytest.approx((worth_musd(1) - worth_musd(3)) / 2, rel=1e-7)


def test_what_would_be_due_before_the_plan_is_due_in_its_first_month_and_after_it_in_none() -> None:
    data = growing(payment_fracs={"grid": ((6, 0.25), (1, 0.25), (-2, 0.5))})
    assert due(data, "grid", 1) == {1: 0.5, 3: 0.5}
    assert due(data, "grid", 3) == {1: 0.25, 2: 0.25, 5: 0.5}
    assert due(data, "halls", 3) == {3: 1.0}


def test_halls_count_where_the_cost_scope_counts_them() -> None:
    """No hall stands: a MW takes 2 million USD of connection and 8 of hall, or 2 where halls cost nothing."""
    halls: dict[str, Any] = {
        "start_shell_mw": {"near": 0.0},
        "shell_step_mw": {("near", 1): 10.0},
        "budget_musd": {"2027": 10.0},
        **ALL_MONTHS,
    }
    counted = solve(growing(boundary="facility", hall_usd_per_kw={"near": 8_000.0}, **halls))
    assert counted.values["build_mw"][*GRID, 1] == pytest.approx(1.0, rel=1e-9)
    assert counted.prices["limit_budget"]["2027"] == pytest.approx(worth_musd(1) / 10, rel=1e-7)
    left_out = solve(growing(**halls))
    assert left_out.values["build_mw"][*GRID, 1] == pytest.approx(5.0, rel=1e-9)


def test_chips_on_offer_share_the_budget_with_power_where_it_counts_them() -> None:
    """Of 12 million USD, two thousand firm chips at 2,000 USD take 4, and 2 MW for them 4 more.

    The rest buys one thousand of those on offer, and connects 1 MW for them."""
    changes: dict[str, Any] = {
        "start_dark_kunit": {},
        "delivered_kunit": {("old", 1): 6.0},
        "optional_kunit": {("old", 1): 4.0},
        "chip_usd_per_unit_month": {"old": 100.0},
        "chip_life_months": {"old": 60},
        **ALL_MONTHS,
    }
    free = solve(growing(budget_musd={"2027": 12.0}, **changes))
    assert free.values["buy"]["old", 1] == pytest.approx(4.0, rel=1e-9)
    counted = solve(growing(budget_musd={"2027": 12.0}, budget_chip_usd_per_unit={"old": 2_000.0}, **changes))
    assert counted.values["buy"]["old", 1] == pytest.approx(1.0, rel=1e-9)
    assert counted.values["build_mw"][*GRID, 1] == pytest.approx(3.0, rel=1e-9)
    gain = worth_musd(1) - 0.1 * len(HOURS)
    assert counted.prices["limit_budget"]["2027"] == pytest.approx(gain / 4, rel=1e-7)


def test_firm_chips_beyond_the_budget_leave_no_plan() -> None:
    small_budget = {"budget_musd": {"2027": 11.0}, "budget_chip_usd_per_unit": {"old": 2_000.0}, **ALL_MONTHS}
    with pytest.raises(InfeasibleError):
        solve(growing(delivered_kunit={("old", 1): 6.0}, **small_budget))


def test_a_run_that_counts_chips_is_verified_and_says_what_they_take(tmp_path: Path) -> None:
    def half_on_offer(rows: Rows) -> Rows:
        return [{**row, "optional_frac": 0.5, "decline_usd_per_unit": 100_000} for row in rows]

    path = write_plan(tmp_path, deliveries=half_on_offer)
    firm = firm_chips_musd(prepare(api.load(path, ["budget.capital_musd_per_year={2028: 1}", "budget.chips=counted"])))["2028"]
    sets = [f"budget.capital_musd_per_year={{2028: {3 * (firm + 60.0)}}}", "budget.chips=counted"]  # a third: four months
    plan = api.load(path, sets)
    result = api.solve(plan)
    (limit,) = result.tables["limits"].query("constraint == 'limit_budget'").to_dict("records")
    assert limit["worth_usd"] > 0
    told = {line.key: line for line in result.summary}["budget_spent"]
    assert told.value == pytest.approx(1.0)
    assert told.text.startswith("Capital, chips included, due within its budget: 2028")
    assert api.verify(write_run(result, tmp_path / "run", workbook=False)).ok
    few = check(api.load(path, ["budget.capital_musd_per_year={2028: 1}", "budget.chips=counted"]))
    assert [one.code for one in few if one.impossible] == [Remark.W_BUDGET_IMPOSSIBLE]


def test_a_budget_is_by_calendar_year_and_in_proportion(tmp_path: Path) -> None:
    """Eighteen months from July 2028: half of 2028, all of 2029; the look-ahead of twelve months has the budget of 2029."""
    path = write_plan(tmp_path, months=36)
    sets = [
        "start=2028-07",
        "months=18",
        "look_ahead_months=12",
        "budget.capital_musd_per_year={2028: 100, 2029: 300 MUSD/year, 2035: 1}",
    ]
    data = prepare(api.load(path, sets))
    assert data.budget_musd == {"2028": 50.0, "2029": 300.0, "2030": 300.0}
    assert data.budget_months["2028"] == tuple(range(1, 7))
    assert data.budget_months["2030"] == tuple(range(19, 31))
