"""The order book on plans small enough to solve on the back of an envelope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.check.checks import check
from planner.errors import InputError
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.solution import Solution, solve
from planner.studies.infeasible import diagnose
from planner.tables.costs import cost_table
from tests.models.test_by_hand import single
from tests.read.toy import edit, write_plan

OWN = {"source": "toy", "quality": "estimate"}


def order(option: str, month: str, region: str = "ohio", **cells: Any) -> dict[str, Any]:
    return {"region_id": region, "option_id": option, "month": month, **cells, **OWN}


def solved(folder: Path, *orders: dict[str, Any], **changes: Any) -> Solution:
    """The toy of the readers with these orders."""
    return solve(prepare(load(write_plan(folder, commitments=list(orders), **changes))))


def test_power_waits_for_the_hall() -> None:
    """Power enough, no hall before March: one chip a month is delivered, three of them start in March, the fourth in April."""
    found = solve(
        single(
            start_shell_mw={"near": 0.0},
            shell_step_mw={("near", 3): 10.0},
            committed_shell_mw={("near", 3): 10.0},
        )
    )
    served = [found.values["serve"].get(("here", "urgent", "near", t), 0.0) for t in (1, 2, 3, 4)]
    assert served == pytest.approx([0.0, 0.0, 3.0, 4.0])


def test_an_ordered_hall_that_nothing_needs_costs_what_it_costs() -> None:
    """4 MW from February on, at 1,000 USD per MW and month: 12,000 USD in three months, and 3,000 USD less for one MW less."""
    found = solve(
        single(
            boundary="facility",
            shell_usd_per_mw_month={"near": 1_000.0},
            shell_step_mw={("near", 2): 4.0},
            committed_shell_mw={("near", 2): 4.0},
        )
    )
    without = solve(single(boundary="facility", shell_usd_per_mw_month={"near": 1_000.0}))
    assert found.proof.objective_musd - without.proof.objective_musd == pytest.approx(0.012, rel=1e-6)
    assert found.prices["keep_hall_order"]["near", 2] == pytest.approx(0.003, rel=1e-6)


def test_a_hall_that_closes_takes_its_chips_with_it() -> None:
    """Four halls of 1 MW, of which two close in March: two chips of 1 MW run on, and the two others stay dark or end early."""
    found = solve(single(start_shell_mw={"near": 4.0}, closed_shell_mw={("near", 3): 2.0}))
    served = [found.values["serve"].get(("here", "urgent", "near", t), 0.0) for t in (1, 2, 3, 4)]
    assert served == pytest.approx([1.0, 2.0, 2.0, 2.0])


def test_a_campus_comes_at_once_on_top_of_the_pace(tmp_path: Path) -> None:
    """200 MW in March beside a pace of 10 MW a month that grows by 10 % a year."""
    found = solved(tmp_path, order("grid", "2028-03", build_mw=200))
    march = found.data.step_mw["ohio", "grid", 3]
    assert march == pytest.approx(200 + 10 * 1.1 ** (2 / 12))
    assert 200 <= found.values["build_mw"]["ohio", "grid", 3] <= march
    assert found.data.step_mw["ohio", "grid", 4] == pytest.approx(10 * 1.1 ** (3 / 12))


def test_an_order_within_the_pace_counts_inside_it(tmp_path: Path) -> None:
    data = prepare(load(write_plan(tmp_path, commitments=[order("grid", "2028-01", build_mw=9)])))
    assert data.step_mw["ohio", "grid", 1] == 10


def test_halls_have_dates_as_power_has(tmp_path: Path) -> None:
    """In Bavaria halls need a month, and then 5 MW a month: 20 MW of January come as ordered, and 50 MW of March on top."""
    orders = [order("halls", month, "bavaria", build_mw=mw) for month, mw in (("2028-01", 20), ("2028-03", 50))]
    found = solved(tmp_path, *orders)
    assert [found.data.shell_step_mw["bavaria", t] for t in (1, 2, 3, 4)] == [20, 5, 55, 5]
    built = [found.values["build_shell"]["bavaria", t] for t in (1, 3)]
    assert built[0] == pytest.approx(20)
    assert 50 - 1e-6 <= built[1] <= 55 + 1e-6


@pytest.mark.parametrize("status", ["proposed", "cancelled"])
def test_an_order_that_does_not_bind_changes_nothing(tmp_path: Path, status: str) -> None:
    rows = [order("grid", "2028-02", build_mw=200, status=status), order("halls", "2028-02", close_mw=60, status=status)]
    with_them = prepare(load(write_plan(tmp_path / "with", commitments=rows)))
    assert with_them == prepare(load(write_plan(tmp_path / "without", commitments=None)))


@pytest.mark.parametrize(("status", "warned"), [("done", False), ("cancelled", False), ("confirmed", True)])
def test_the_order_book_keeps_its_history(tmp_path: Path, status: str, warned: bool) -> None:
    """What is done or cancelled may lie before the plan; a binding order of the past is pointed at."""
    plan = load(write_plan(tmp_path, commitments=[order("grid", "2027-02", build_mw=200, status=status)]))
    assert any("1 row of commitments is outside the plan" in notice.text for notice in plan.notices) == warned


PPA = {"contract_of": "grid", "build_mw": 10, "until_month": "2028-03", "energy_usd_per_mwh": 500, "minimum_take_frac": 0.5}


def test_a_contract_is_one_row(tmp_path: Path) -> None:
    """10 MW from February to March at a price of its own, beside the pace of the grid; then it is gone."""
    found = solved(tmp_path, order("ppa", "2028-02", **PPA))
    capacity = [found.values["capacity"].get(("ohio", "ppa", t), 0.0) for t in (1, 2, 3, 4)]
    assert capacity == pytest.approx([0, 10, 10, 0])
    d = found.data
    assert (d.step_mw["ohio", "grid", 2], d.step_mw["ohio", "ppa", 2]) == (pytest.approx(10 * 1.1 ** (1 / 12)), 10)
    assert {d.energy_usd_per_mwh["ohio", "ppa", t, 1] for t in (1, 2, 3, 4)} == {500}
    assert d.capital_usd_per_mw_month["ohio", "ppa"] == d.fixed_usd_per_mw_month["ohio", "ppa"] == 0
    assert d.national_options == ("grid", "ppa")  # it draws on the nation's growth as the grid does


def test_a_minimum_take_is_paid_for_and_drawn_first(tmp_path: Path) -> None:
    """Hardly any demand, and the grid is cheap. Half of 10 MW are paid for, 696 and 744 hours long, at 500 USD: what is paid
    for anyway is drawn in place of the grid, so that the take costs the difference."""
    little = edit({}, start_kh100e=1)
    found = solved(tmp_path / "with", order("ppa", "2028-02", **PPA), demand=little)
    costs = cost_table(found)
    mine = costs[(costs["item_id"] == "ppa") & (costs["component"] == "energy")]
    assert mine["cost_musd"].sum() == pytest.approx(0.5 * 10 * 500 * (696 + 744) / 1e6, rel=1e-6)
    free = solved(tmp_path / "free", order("ppa", "2028-02", **PPA | {"minimum_take_frac": 0}), demand=little)
    d = found.data
    less = {t: 500 - d.energy_usd_per_mwh["ohio", "grid", t, 1] for t in (2, 3)}
    paid = sum(0.5 * 10 * less[t] * hours * d.discount[t] / 1e6 for t, hours in ((2, 696), (3, 744)))
    assert found.proof.objective_musd - free.proof.objective_musd == pytest.approx(paid, rel=1e-6)


def test_a_contract_of_before_the_plan_is_in_service_until_it_ends(tmp_path: Path) -> None:
    found = solved(tmp_path, order("ppa", "2027-05", **PPA, status="done"))
    assert [found.values["capacity"].get(("ohio", "ppa", t), 0.0) for t in (0, 1, 3, 4)] == pytest.approx([10, 10, 10, 0])


def test_a_contract_that_grows_in_steps_states_its_terms_in_each_row(tmp_path: Path) -> None:
    ramp = [order("ppa", month, **PPA) for month in ("2028-01", "2028-02")]
    data = prepare(load(write_plan(tmp_path / "same", commitments=ramp)))
    assert data.committed_mw == {("ohio", "ppa", 1): 10, ("ohio", "ppa", 2): 10}
    assert data.closed_mw == {("ohio", "ppa", 4): 20}
    ramp[1]["energy_usd_per_mwh"] = 400
    with pytest.raises(InputError, match="energy_usd_per_mwh = 400: expected the same in each row of the contract ppa"):
        load(write_plan(tmp_path / "other", commitments=ramp))


def test_a_scenario_signs_or_cancels_a_contract(tmp_path: Path) -> None:
    path = write_plan(tmp_path, commitments=[order("ppa", "2028-02", **PPA)])
    assert not prepare(load(path, ["commitments[ohio,ppa,2028-02].status=cancelled"])).committed_mw
    more = prepare(load(path, ["commitments[ohio,ppa,2028-02].build_mw=20", "power[ohio,ppa].energy_usd_per_mwh=60"]))
    assert more.closed_mw == {("ohio", "ppa", 4): 20}
    assert more.energy_usd_per_mwh["ohio", "ppa", 1, 1] == 60
    with pytest.raises(InputError, match="row of power states it"):
        load(path, ["commitments[ohio,ppa,2028-02].energy_usd_per_mwh=60"])


@pytest.mark.parametrize(
    ("option", "cells", "said"),
    [
        ("grid", {"energy_usd_per_mwh": 60}, "energy_usd_per_mwh = 60: expected empty, or contract_of beside it"),
        (
            "gas_engine",
            {"contract_of": "grid", "minimum_take_frac": 0.1},
            "expected empty: the contract's row of power",
        ),
        ("halls", {"contract_of": "grid"}, "expected a name that no option has"),
        ("ppa", {"contract_of": "wind"}, "contract_of = wind"),
        ("grid", {"until_month": "2028-01"}, "until_month = 2028-01: expected a month from 2028-02 on"),
    ],
)
def test_a_contract_that_makes_no_sense_is_refused(tmp_path: Path, option: str, cells: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        load(write_plan(tmp_path, commitments=[order(option, "2028-02", build_mw=1, **cells)]))


@pytest.mark.parametrize("own_usd", [None, 50])
def test_a_contract_has_no_pace_and_follows_the_price_unless_it_states_one(tmp_path: Path, own_usd: float | None) -> None:
    """From March on the grid grows by 7 MW a month and costs 99 USD."""
    later = {"energy_usd_per_mwh 2028-03": 99, "step_mw_per_month 2028-03": 7}
    grid = edit({"region_id": "ohio", "option_id": "grid"}, **later)
    contract = order("ppa", "2028-02", build_mw=10, contract_of="grid", energy_usd_per_mwh=own_usd or "")
    data = prepare(load(write_plan(tmp_path, power=grid, commitments=[contract])))
    usd, of_grid = ([data.energy_usd_per_mwh["ohio", p, t, 1] for t in (1, 2, 3, 4)] for p in ("ppa", "grid"))
    assert of_grid[2] == 99
    assert usd == ([own_usd] * 4 if own_usd else of_grid)
    assert [data.step_mw["ohio", "ppa", t] for t in (1, 2, 3, 4)] == [0, 10, 0, 0]


def test_the_end_of_what_never_stood_is_named(tmp_path: Path) -> None:
    """140 MW of before the plan end in January, and in February 100 + 10 + 10.08 MW could stand."""
    rows = [order("grid", "2026-01", build_mw=140, until_month="2028-01", status="done")]
    (broken, *_) = diagnose(load(write_plan(tmp_path, commitments=rows))).broken
    assert (broken.words, broken.months, broken.asked) == ("ohio, grid is to close", ("2028-02",), (140,))
    assert broken.place.line == 2


def test_halls_are_no_option(tmp_path: Path) -> None:
    rename = edit({"option_id": "gas_engine"}, option_id="halls")
    path = write_plan(tmp_path, options=rename, power=rename, supply=rename)
    with pytest.raises(InputError, match="another name: in commitments, halls is no option"):
        load(path)


def test_what_ends_is_charged_until_it_ends(tmp_path: Path) -> None:
    """60 MW of grid from January to February beside next to no demand: two months of capital and fixed operation, not four.
    Halls of 20 MW that end with January are charged for one month."""
    little = edit({}, start_kh100e=0.001)
    orders = [
        order("grid", "2028-01", build_mw=60, until_month="2028-02"),
        order("halls", "2028-01", "bavaria", build_mw=20, until_month="2028-01"),
    ]
    found = solved(tmp_path, *orders, demand=little)
    d, costs = found.data, cost_table(found)
    usd = {
        "capital": 60 * d.capital_usd_per_mw_month["ohio", "grid"],
        "fixed": 60 * d.fixed_usd_per_mw_month["ohio", "grid"],
        "halls": 20 * d.shell_usd_per_mw_month["bavaria"],
    }
    assert usd["capital"] > 0
    for component, months in (("capital", [1, 2]), ("fixed", [1, 2]), ("halls", [1])):
        place, item = ("bavaria", "halls") if component == "halls" else ("ohio", "grid")
        mine = (costs["place_id"] == place) & (costs["item_id"] == item)
        rows = costs[mine & (costs["component"] == component) & (costs["cost_musd"].abs() > 1e-9)]
        expected = [usd[component] / 1e6] * len(months) if usd[component] else []
        assert rows["cost_musd"].tolist() == pytest.approx(expected, rel=1e-6)
    assert found.proof.objective_musd == pytest.approx(costs["discounted_musd"].sum(), rel=1e-9)


def test_the_order_that_takes_most_of_a_nations_growth_is_named(tmp_path: Path) -> None:
    orders = [order("grid", "2028-01", build_mw=2), order("grid", "2028-02", build_mw=9)]
    path = write_plan(tmp_path, commitments=orders, countries=edit({}, generation_growth_twh_per_year=0.1))
    (found,) = [one for one in check(load(path)) if "of grid are committed" in one.text]
    assert (found.place.source.name, found.place.line) == ("tables/commitments.csv", 3)
