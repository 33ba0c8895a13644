"""The order book on plans small enough to solve on the back of an envelope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.errors import InputError
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.solution import Solution, solve
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


def test_halls_are_no_option(tmp_path: Path) -> None:
    rename = edit({"option_id": "gas_engine"}, option_id="halls")
    path = write_plan(tmp_path, options=rename, power=rename, supply=rename)
    with pytest.raises(InputError, match="another name: in commitments, halls are halls"):
        load(path)
