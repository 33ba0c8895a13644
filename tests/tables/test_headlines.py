"""The headlines of a run, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from tests.read.toy import write_plan

LATE = {0: "", 1: "7.00 thousand H100e", 2: "14.0 thousand H100e"}
"""Of 2 thousand chips each month of 1 and of 2.5 H100e: what comes in as many last months as commissioning takes."""


@pytest.mark.parametrize(("lag", "late"), LATE.items(), ids=str)
def test_chips_that_come_too_late_are_the_fault_of_no_limit(tmp_path: Path, lag: int, late: str) -> None:
    sets = [f"regions.commission_months={lag}", "deliveries.kunit=2", "launch.tonnes=0"]
    result = api.solve(api.load(write_plan(tmp_path / "plan", months=3), sets))
    (text,) = (line.text for line in result.summary if line.key == "dark_end")
    assert text.partition(" of it delivered too late")[0].rpartition(", ")[2] == late if late else "too late" not in text
