"""The month in which a plan starts, and that of its tables of what exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.api import STARTING_PLAN
from planner.errors import InputError
from planner.read.load import load
from tests.read.toy import write_plan


def test_a_plan_that_starts_in_another_month_than_what_exists_is_refused() -> None:
    """Its fleet and halls would be those of January, and the chips delivered until July would be nowhere."""
    with pytest.raises(InputError) as refused:
        load(STARTING_PLAN, ["start=2027-07", "months=30"])
    (finding,) = refused.value.findings
    assert str(finding.code) == "E-AS-OF"
    words = "--set start=2027-07: start = 2027-07: expected 2027-01, the month of which the tables of what exists are (as_of)"
    assert words in str(refused.value)


def test_tables_brought_up_to_date_say_so() -> None:
    plan = load(STARTING_PLAN, ["start=2027-07", "as_of=2027-07", "months=30"])
    assert plan.to_mapping()["as_of"] == "2027-07"


def test_a_plan_that_does_not_state_it_starts_when_it_says(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path), ["start=2028-02", "months=3"])
    assert plan.settings.as_of is None
    assert "as_of" not in plan.to_mapping()
