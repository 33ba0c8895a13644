"""Orders that may slip or be cancelled, on plans small enough to solve on the back of an envelope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.data import Order
from planner.check.checks import check
from planner.errors import InputError
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.solution import Solution, solve
from planner.studies.infeasible import diagnose
from tests.models.test_by_hand import single
from tests.models.toy import toy
from tests.read.toy import edit, write_plan

OWN = {"source": "toy", "quality": "estimate"}


def hall(**changes: Any) -> Order:
    """4 MW of halls that nothing needs, from February of four months on."""
    of = {"name": "near / halls / 2027-02", "place": "near", "item": None, "month": 2, "last": 2, "mw": 4.0, "end": None}
    return Order(**{**of, "on_top": True, "slip_usd_per_mw_month": 0.0, **changes})


def with_hall(order: Order | None) -> Solution:
    """Halls cost 1,000 USD per MW and month: 12,000 USD from February on. Nothing is built that is not ordered."""
    orders = () if order is None else (order,)
    step = {} if order is None else {("near", t): 0.0 for t in order.arrivals}
    return solve(single(boundary="facility", shell_usd_per_mw_month={"near": 1_000.0}, shell_step_mw=step, orders=orders))


def costs_usd(order: Order) -> float:
    return 1e6 * (with_hall(order).proof.objective_musd - with_hall(None).proof.objective_musd)


def by_month(found: Solution, name: str, *index: str) -> list[float]:
    return [found.values[name].get((*index, t), 0.0) for t in (1, 2, 3, 4)]


@pytest.mark.parametrize(("usd", "late", "cost"), [(900.0, 4.0, 3 * 4 * 900), (1100.0, 0.0, 3 * 4 * 1000)])
def test_what_nothing_needs_is_late_while_that_costs_less_than_its_charge(usd: float, late: float, cost: float) -> None:
    order = hall(last=4, slip_usd_per_mw_month=usd)
    found = with_hall(order)
    assert by_month(found, "late_mw", order.name) == pytest.approx([0, late, late, late], abs=1e-9)
    assert by_month(found, "build_shell", "near") == pytest.approx([0, 4 - late, 0, 0], abs=1e-9)
    assert costs_usd(order) == pytest.approx(cost)


@pytest.mark.parametrize(("deposit", "cancelled"), [(2_900.0, 4.0), (3_100.0, 0.0)])
def test_an_order_is_cancelled_where_its_deposit_is_less_than_its_charge(deposit: float, cancelled: float) -> None:
    """Three months at 1,000 USD per MW and month."""
    order = hall(cancel_month=1, deposit_usd_per_mw=deposit)
    found = with_hall(order)
    assert by_month(found, "cancelled_mw", order.name) == pytest.approx([0, cancelled, 0, 0], abs=1e-9)
    assert costs_usd(order) == pytest.approx(4 * min(deposit, 3_000))


def test_an_order_that_ends_is_charged_for_the_months_in_which_it_is_there() -> None:
    """It comes in February and ends with March: two months, and then it is out of service."""
    order = hall(end=4, cancel_month=1, deposit_usd_per_mw=2_100.0)
    found = with_hall(order)
    assert by_month(found, "shell", "near")[1] - by_month(found, "shell", "near")[3] == pytest.approx(4)
    assert costs_usd(order) == pytest.approx(4 * 2_000)


def order_row(option: str, month: str, **cells: Any) -> dict[str, Any]:
    return {"region_id": "ohio", "option_id": option, "month": month, "build_mw": 60, **cells, **OWN}


def test_an_order_is_read_with_its_terms(tmp_path: Path) -> None:
    """60 MW of grid beside a pace of 10, which may slip until it ends and be cancelled until January for 3 million USD."""
    terms = {"slip_usd_per_mw_month": 500, "cancel_until_month": "2028-01", "deposit_musd": 3, "until_month": "2028-03"}
    data = prepare(load(write_plan(tmp_path, commitments=[order_row("grid", "2028-02", status="approved", **terms)])))
    assert data.orders == (Order("ohio / grid / 2028-02", "ohio", "grid", 2, 3, 60.0, 4, True, 500.0, 1, 50_000.0),)
    assert (data.committed_mw, data.closed_mw, data.charged_mw) == ({}, {}, {})
    assert data.step_mw["ohio", "grid", 2] == pytest.approx(10 * 1.1 ** (1 / 12))


def test_what_comes_late_comes_on_top_of_the_pace_of_its_month(tmp_path: Path) -> None:
    """Next to no demand, so that 60 MW of grid come as late as they may: with the last month, not at all."""
    row = order_row("grid", "2028-02", status="approved", slip_usd_per_mw_month=1)
    little = edit({}, start_kh100e=0.001)
    found = solve(prepare(load(write_plan(tmp_path / "a", commitments=[row], demand=little))))
    assert by_month(found, "late_mw", "ohio / grid / 2028-02") == pytest.approx([0, 60, 60, 60])
    much = edit({}, start_kh100e=1000)
    dear = {**row, "slip_usd_per_mw_month": 1e6}
    found = solve(prepare(load(write_plan(tmp_path / "b", commitments=[dear], demand=much))))
    assert by_month(found, "arrived_mw", "ohio / grid / 2028-02") == pytest.approx([0, 60, 0, 0])
    assert by_month(found, "build_mw", "ohio", "grid")[1] <= 60 + 10 * 1.1 ** (1 / 12) + 1e-6


def test_a_launch_that_is_booked_flies() -> None:
    """The toy launches nothing in March of itself. Its 0.8 MW cost what each of them costs more than it earns."""
    plain, booked, less = (solve(toy(committed_launch_mw={("sat", 3): mw} if mw else {}, **DEAR)) for mw in (0.0, 0.8, 0.7))
    kw = booked.data.kw_per_unit
    flown = [sum(kw[g] * each.values["deploy"].get(("sat", g, 3), 0.0) for g in ("old", "new")) for each in (plain, booked)]
    assert flown == pytest.approx([0.0, 0.8], abs=1e-9)
    cost = [each.proof.objective_musd for each in (booked, less)]
    assert booked.prices["keep_launch_order"]["sat", 3] == pytest.approx((cost[0] - cost[1]) / 0.1)
    assert cost[1] > plain.proof.objective_musd


DEAR = {"orbit_charge_usd_per_kw": dict.fromkeys(toy().orbit_charge_usd_per_kw, 9000.0)}
"""Satellites that would not fly."""


def test_more_launches_than_can_fly_are_named(tmp_path: Path) -> None:
    """10 tonnes in March carry less than 50 MW; the order says so before anything is solved, and where it must give way."""
    row = {"region_id": "dawn", "option_id": "launches", "month": "2028-03", "build_mw": 50, **OWN}
    plan = load(write_plan(tmp_path, commitments=[row], orbit=True, launch=edit({}, tonnes=10)))
    (found,) = [one for one in check(plan) if "launches of 50.0 MW are ordered" in one.text]
    assert found.impossible
    (broken, *_) = diagnose(plan).broken
    assert (broken.words, broken.months) == ("dawn has launches ordered", ("2028-03",))
    with pytest.raises(InputError, match="region_id = ohio: expected the name of an orbital design, for a launch"):
        load(write_plan(tmp_path / "ohio", orbit=True, commitments=[{**row, "region_id": "ohio"}]))
    with pytest.raises(InputError, match="option_id = grid: expected launches, as dawn is an orbital design"):
        load(write_plan(tmp_path / "grid", orbit=True, commitments=[{**row, "option_id": "grid"}]))
