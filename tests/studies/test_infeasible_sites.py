"""Plans that closing a site, halls out of service or orders make impossible: what is named, and a way out that works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.read.load import load
from planner.studies.infeasible import diagnose
from planner.studies.infeasible.diagnosis import Diagnosis
from tests.read.toy import edit, write_plan
from tests.studies.test_infeasible import ALL, feasible, signed

OPEN = {"status": "approved", "slip_usd_per_mw_month": 100}


def diagnosed(folder: Path, **changes: Any) -> tuple[Diagnosis, list[str]]:
    """What is said of the toy with these changes, and each way out; all ways were tried on the plan read again."""
    plan = load(write_plan(folder, orbit=False, **changes))
    assert not feasible(plan, [])
    found = diagnose(plan)
    ways = [[change.override for change in way.changes] for way in found.ways]
    assert ways
    assert all(feasible(plan, way) for way in ways)
    return found, [override for way in ways for override in way]


def test_more_halls_out_of_service_than_there_are(tmp_path: Path) -> None:
    """140 MW of halls in Ohio at the start: what can be out of service in February is said in MW."""
    found, ways = diagnosed(tmp_path, commitments=[signed("ohio", "hibernation", "2028-02", close_mw=150)])
    assert [(one.words, one.place.line) for one in found.broken] == [("halls of ohio are to be out of service", 2)]
    assert any(way.startswith("commitments[ohio,hibernation,2028-02].close_mw=") for way in ways)


def test_the_region_whose_halls_are_out_of_service_is_the_one_in_conflict(tmp_path: Path) -> None:
    """Bavaria hibernates in the same month, within what it has, and in the row before."""
    rows = [signed(r, "hibernation", "2028-02", close_mw=mw) for r, mw in (("bavaria", 1), ("ohio", 150))]
    found, _ = diagnosed(tmp_path, commitments=rows)
    assert [(one.words, one.place.line) for one in found.broken] == [("halls of ohio are to be out of service", 3)]


def test_a_share_against_a_site_that_closes(tmp_path: Path) -> None:
    _, ways = diagnosed(tmp_path, shares=ALL, commitments=[signed("bavaria", "site", "2028-03")])
    assert "commitments[bavaria,site,2028-03].status=cancelled" in ways


@pytest.mark.parametrize("late", [True, False])
def test_an_order_that_may_slip_is_never_in_the_way(tmp_path: Path, late: bool) -> None:
    """6 MW of engines are ordered for March, 2 MW are delivered: firm they cannot come, late they may."""
    order = {**signed("ohio", "gas_engine", "2028-03", 6), **(OPEN if late else {})}
    plan = load(write_plan(tmp_path, orbit=False, commitments=[order], supply=edit({"month": "2028-03"}, mw=2)))
    assert feasible(plan, []) == late


def test_a_firm_order_beside_one_that_slips(tmp_path: Path) -> None:
    """The firm 6 MW of March are named, not the 3 MW of February that may come late."""
    rows = [signed("ohio", "gas_engine", "2028-03", 6), {**signed("ohio", "gas_engine", "2028-02", 3), **OPEN}]
    found, ways = diagnosed(tmp_path, commitments=rows, supply=edit({"month": "2028-03"}, mw=2))
    assert [one.months for one in found.broken] == [("2028-03",)]
    assert any(way.startswith(("commitments[ohio,gas_engine,2028-03].build_mw=", "supply[gas_engine")) for way in ways)
