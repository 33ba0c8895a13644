"""Routes of the network, solved on the back of an envelope."""

from __future__ import annotations

import dataclasses

import pytest

from models.records import Route
from planner.progress import Progress
from planner.solve.solution import solve, standard_form
from planner.tables.limits import limits_table
from tests.models.test_by_hand import HOURS, single, total
from tests.models.toy import toy


def test_a_route_that_is_full_has_the_price_of_what_does_not_pass() -> None:
    """4 thousand chips wait for the work of 10 kH100e; at 2 Gbit/s each only 6 Gbit/s pass in month 1: 3 kH100e, then 3.3 ...

    One more Gbit/s lets half a kH100e more be served, worth 2 USD an hour, less 1.25 kW at 80 USD/MWh."""
    near = {"delivered_kunit": {("old", 1): 4.0}, "gbit_s_per_kh100e": {"urgent": 2.0, "patient": 0.0}}
    gbit_s = {t: 6.0 * 1.1 ** (t - 1) for t in HOURS}
    plan = single(**near, routes=(Route("cable", ("here",), ("near",), gbit_s),))
    solution = solve(plan)
    for t, hours in HOURS.items():
        assert solution.values["serve"]["here", "urgent", "near", t] == pytest.approx(min(4.0, gbit_s[t] / 2), rel=1e-9)
        worth = 0.5 * hours * (2.0 - 1.25 * 0.08) / 1e3 if gbit_s[t] < 8.0 else 0.0
        assert solution.prices["limit_route"]["cable", t] == pytest.approx(worth, rel=1e-7, abs=1e-12)
    limits = limits_table(solution)
    first = limits[(limits["constraint"] == "limit_route") & (limits["month"] == "2027-01")].iloc[0]
    assert (first["where"], first["unit"], first["limit"]) == ("cable", "USD per Gbit/s-month", 6.0)
    assert first["worth_usd"] == pytest.approx(0.5 * HOURS[1] * 1900.0, rel=1e-7)


def test_traffic_costs_what_its_month_says() -> None:
    """t kH100e are served in month t; transit costs 50 USD for each in the first two months, then 20 and nothing."""
    usd = {1: 50.0, 2: 50.0, 3: 20.0, 4: 0.0}
    flow = ("here", "urgent", "near")
    plan = single(
        network_usd_per_kh100e_month={flow: 50.0}, network_later_usd_per_kh100e_month={(*flow, t): usd[t] for t in (3, 4)}
    )
    solution = solve(plan)
    assert total(solution, "network") == pytest.approx(sum(t * usd[t] for t in usd) / 1e6, rel=1e-9)
    # serving one kH100e less of a demand of 10 saves its transit too: what is short costs 2 USD an hour in every month
    assert solution.prices["serve_demand"]["here", "urgent", 4] == pytest.approx(HOURS[4] * 2.0 / 1e3, rel=1e-9)


def test_a_wide_route_changes_nothing_and_none_adds_no_row() -> None:
    bare = toy()
    wide = dataclasses.replace(bare, routes=(Route("all", ("here",), ("near", "far"), dict.fromkeys(HOURS, 1e6)),))
    assert solve(wide).proof.objective_musd == pytest.approx(solve(bare).proof.objective_musd, rel=1e-9)
    _, without = standard_form(bare, Progress())
    assert not any(name == "limit_route" for name, _ in without.rows)
