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
    words = (
        "--set start=2027-07: start = 2027-07: expected 2027-01, the month that the tables of existing assets describe (as_of)"
    )
    assert words in str(refused.value)


def test_tables_brought_up_to_date_say_so() -> None:
    plan = load(STARTING_PLAN, ["start=2027-07", "as_of=2027-07", "months=30"])
    assert plan.to_mapping()["as_of"] == "2027-07"


def test_a_plan_that_does_not_state_it_starts_when_it_says(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path), ["start=2028-02", "months=3"])
    assert plan.settings.as_of is None
    assert "as_of" not in plan.to_mapping()


COLUMNS = "region_id,generation_id,service_month,delivered_month,kunit,source,quality\n"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2028-01,2028-01", "delivered_month = 2028-01: expected a month before the start of the plan, 2028-01"),
        ("2027-12,2027-11", "service_month = 2027-12: expected a month from the start of the plan, 2028-01, on"),
        ("2028-03,2023-03", "service_month = 2028-03: expected a month before the end of their life, 2028-03"),
    ],
)
def test_chips_on_their_way_come_after_the_start_and_alive(tmp_path: Path, row: str, expected: str) -> None:
    plan = write_plan(tmp_path, arrivals=f"{COLUMNS}ohio,alpha,{row},3,example,estimate\n")
    with pytest.raises(InputError) as refused:
        load(plan)
    assert f"tables/arrivals.csv:2:{3 + expected.startswith('d')}: {expected}" in str(refused.value)


@pytest.mark.parametrize(
    ("table", "rows", "expected"),
    [
        (
            "vintages",
            "design_id,generation_id,launch_month,kunit\nsso,alpha,2028-01,1",
            "launch_month = 2028-01: expected a month",
        ),
        ("vintages", "design_id,generation_id,launch_month,kunit\ndawn,alpha,2001-01,1", "and not before 20"),
        (
            "charges",
            "component,place_id,item_id,month,charge_musd\ncapital,ohio,alpha,2028-01,1",
            "capital: item_id = alpha: expected a name of table options",
        ),
        (
            "charges",
            "component,place_id,item_id,month,charge_musd\ncarry_displaced,ohio,alpha,2028-01,1",
            "carry_displaced: place_id = ohio: expected *",
        ),
    ],
)
def test_what_is_under_way_makes_sense(tmp_path: Path, table: str, rows: str, expected: str) -> None:
    first, *others = rows.split("\n")
    text = "\n".join([f"{first},source,quality", *(f"{row},example,estimate" for row in others), ""])
    with pytest.raises(InputError) as refused:
        load(write_plan(tmp_path, **{table: text}))
    assert expected in str(refused.value)
