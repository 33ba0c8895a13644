"""Plans with hours as one workbook."""

from __future__ import annotations

from pathlib import Path

from planner import api
from planner.prepare.plan_data import prepare
from tests.read.hourly import hourly_plan


def test_a_plan_with_hours_as_a_workbook_is_the_same_plan(tmp_path: Path) -> None:
    plan = api.load(hourly_plan(tmp_path, slices=[0, 6, 18]))
    assert prepare(api.load(api.write_workbook(tmp_path / "plan.xlsx", plan))) == prepare(plan)
