"""Ways out of an infeasible plan whose numbers change with the month."""

from __future__ import annotations

from pathlib import Path

from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.solution import solve
from planner.studies.infeasible import diagnose
from tests.read.toy import edit, write_plan


def test_a_step_that_changes_with_the_month_is_scaled_as_a_whole(tmp_path: Path) -> None:
    """A way out of a series is a factor on all its months, and it is true: with it all demand is served."""
    path = write_plan(
        tmp_path,
        orbit=False,
        plan={"unserved": "forbidden"},
        power=edit({"option_id": "grid"}, **{"step_mw_per_month 2028-03": 0.1}),
        deliveries=edit({}, kunit=100),
        demand=edit({}, **{"start_kh100e 2028-03": 60}),
    )
    found = diagnose(load(path))
    assert found.together is not None
    overrides = [change.override for change in found.together.changes]
    assert any(override.startswith("power[bavaria,grid].step_mw_per_month*=") for override in overrides)
    assert not any(solve(prepare(load(path, overrides))).values.get("unserved", {}).values())
