"""Shares, solved by hand: of what is served, and of what is asked."""

from __future__ import annotations

import dataclasses

import pytest

from models.data import PlanData
from models.records import Share
from planner.solve.solution import solve
from planner.tables.limits import limits_table
from tests.models.test_by_hand import HOURS, near_and_far

MONTHS = (1, 2, 3, 4)


def two_places(share: Share, near_mw: float = 100.0) -> PlanData:
    """20 thousand H100e asked, 8 thousand chips of 1 kW and 1 H100e; energy costs 100 USD/MWh near, 40 far; work earns 2."""
    return near_and_far(
        demand_kh100e={("here", "urgent", t): 20.0 for t in MONTHS},
        start_mw={("near", "grid"): near_mw, ("far", "grid"): 100.0},
        shares=(share,),
    )


def cap(of: str = "served") -> Share:
    """At most 30 % far."""
    return Share("cap", (("here", "urgent"),), ("far",), MONTHS, None, 0.3, of)  # type: ignore[arg-type]


def least(of: str = "served") -> Share:
    """At least 60 % near."""
    return Share("least", (("here", "urgent"),), ("near",), MONTHS, 0.6, None, of)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("share", "near", "far"),
    [
        (cap(), 5.6, 2.4),  # 30 % of the 8 that chips can do
        (cap("asked"), 2.0, 6.0),  # 30 % of the 20 that are asked
        (least(), 4.8, 3.2),
        (dataclasses.replace(least("asked"), min_frac=0.4), 8.0, 0.0),  # 8 of 20: all that there is
    ],
)
def test_a_share_of_what_is_served_and_of_what_is_asked(share: Share, near: float, far: float) -> None:
    serve = solve(two_places(share)).values["serve"]
    assert serve["here", "urgent", "near", 2] == pytest.approx(near)
    assert serve["here", "urgent", "far", 2] == pytest.approx(far, abs=1e-9)


def test_one_more_allowed_saves_the_difference_in_energy() -> None:
    """Far 30 % of 8: one more there saves 60 USD/MWh to the end, since chips stay; it is worth that times the 2.4 allowed."""
    solution = solve(two_places(cap()))
    assert sum(solution.prices["limit_share"].values()) == pytest.approx(60 * sum(HOURS.values()) / 1e6, rel=1e-7)
    table = limits_table(solution)
    rows = table[table["constraint"] == "limit_share"]
    assert rows["limit"].to_numpy() == pytest.approx(2.4)
    assert rows["worth_usd"].sum() == pytest.approx(60 * sum(HOURS.values()))
    assert rows["rent_musd"].sum() == pytest.approx(2.4 * 60 * sum(HOURS.values()) / 1e6)


def test_a_cap_holds_back_what_is_served_where_the_rest_is_short_of_power() -> None:
    """Near has 4 MW: far = 0.3 (4 + far), so 5.71 are served; room for one more far brings 1 / 0.7, each 2 USD less 4 ct."""
    solution = solve(two_places(cap(), near_mw=4.0))
    assert solution.values["serve"]["here", "urgent", "far", 2] == pytest.approx(4.0 * 0.3 / 0.7)
    assert solution.prices["limit_share"]["cap", 2] == pytest.approx((2.0 - 0.04) * HOURS[2] / 0.7 / 1e3, rel=1e-7)


def test_a_least_share_holds_back_the_rest_and_not_the_plan() -> None:
    """Near has 3 MW for at least 60 %: 5 are served, and nothing is infeasible."""
    solution = solve(two_places(least(), near_mw=3.0))
    assert solution.values["serve"]["here", "urgent", "near", 2] == pytest.approx(3.0)
    assert solution.values["serve"]["here", "urgent", "far", 2] == pytest.approx(2.0)
    assert solution.prices["require_share"]["least", 2] == pytest.approx((2.0 - 0.04) * HOURS[2] / 0.6 / 1e3, rel=1e-7)


def test_where_all_must_be_served_both_are_the_same() -> None:
    for share, other in ((cap(), cap("asked")), (least(), least("asked"))):
        plans = [dataclasses.replace(two_places(one), unserved_allowed=False) for one in (share, other)]
        plans = [dataclasses.replace(one, demand_kh100e=dict.fromkeys(one.demand_kh100e, 8.0)) for one in plans]
        one, two = (solve(plan) for plan in plans)
        assert one.proof.objective_musd == pytest.approx(two.proof.objective_musd, rel=1e-9)
        for row in ("limit_share", "require_share"):
            prices = (sum(each.prices.get(row, {}).values()) for each in (one, two))
            assert next(prices) == pytest.approx(next(prices), rel=1e-7, abs=1e-12), "chips stay, so months share the price"
