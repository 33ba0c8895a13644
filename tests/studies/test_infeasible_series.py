"""Ways out of an infeasible plan whose numbers change with the month."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import InfeasibleError
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


def test_a_target_that_cannot_be_met_is_named_with_the_least_change(tmp_path: Path) -> None:
    """It holds from February to March; what is suggested leaves a plan, and a little less of it does not."""
    target = {"target_id": "chat_ny", "from": "new_york", "class_id": "chat", "from_month": "2028-02", "until_month": "2028-03"}
    target |= {"min_served_frac": 0.9, "penalty_usd_per_h100e_h": "", "source": "toy", "quality": "estimate"}
    path = write_plan(tmp_path, orbit=False, targets=[target], demand=edit({"class_id": "chat"}, start_kh100e=100))
    found = diagnose(load(path))
    (broken,) = [one for one in found.broken if "chat_ny" in one.words]
    assert broken.words == "target chat_ny (chat of new_york) must reach"
    assert broken.months == ("2028-02", "2028-03")
    assert broken.place.shown.endswith("targets.csv:2:6")
    assert broken.asked[0] == 0.9 * broken.of[0]
    assert found.conflict[0].target == "targets[chat_ny].min_served_frac"
    (way,) = [way for way in found.ways if way.changes[0].override.startswith("targets[")]
    assert solve(prepare(load(path, [way.changes[0].override]))).outcome.status == "optimal"
    more = f"targets[chat_ny].min_served_frac*={way.changes[0].then + 0.001}"
    with pytest.raises(InfeasibleError):
        solve(prepare(load(path, [more])))
    missed = load(path, ["targets[chat_ny].penalty_usd_per_h100e_h=3"])
    assert solve(prepare(missed)).values["missed"]["chat_ny", 2] > 1
