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
    assert text.partition(" of it (")[0].rpartition(", ")[2] == late if late else "too late" not in text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("launch.tonnes=0", "because no launch capacity is available. Orbit is not part of the least-cost plan"),
        ("classes.orbit=no", "because no work may be served from orbit. Orbit is not part of the least-cost plan"),
        ("launch.tonnes=5", ""),
    ],
)
def test_where_orbit_is_cheapest_and_nothing_is_launched_it_says_why(tmp_path: Path, change: str, why: str) -> None:
    sets = ["launch_price.usd_per_kg=0.01", "designs.build_usd_per_kg=0.01", change]
    result = api.solve(api.load(write_plan(tmp_path / "plan", months=12), sets))
    (text,) = (line.text for line in result.summary if line.key == "orbit_share")
    assert text.startswith("Within 12 months orbit is the cheapest place: ")
    assert text.endswith(f"nothing is launched, {why}") if why else "MW launched" in text


def test_what_is_not_served_hangs_on_a_demand_that_is_assumed(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "plan", months=13, orbit=False, plan={"demand": {"doubling_months": 12}})
    for sets, words in (
        (["demand.start_kh100e*=100", "classes.doubling_months="], "; demand is assumed: 2.00 times as much in the last month"),
        (["demand.start_kh100e*=0.001"], ""),
    ):
        (text,) = (line.text for line in api.solve(api.load(path, sets)).summary if line.key == "served_share")
        assert words in text
        assert bool(words) == ("assumed" in text)


def test_a_grid_is_no_plant_on_site_where_no_option_is_national(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "plan", months=2, orbit=False, countries=None)
    with_key = path.read_text(encoding="utf-8")
    without = with_key.replace("national:\n  options:\n  - grid\n", "")
    assert without != with_key
    said = []
    for text in (with_key, without):
        path.write_text(text, encoding="utf-8")
        said += [line.text for line in api.solve(api.load(path)).summary if line.key == "power_firm_end"]
    assert " of it plants on site" in said[0]
    assert said[0] == said[1]


def test_a_class_that_does_not_grow_asks_the_same_each_month(tmp_path: Path) -> None:
    """0 for one class, twelve months for another; the verifier agrees."""
    path = write_plan(tmp_path / "plan", months=4, orbit=False)
    done = api.run(api.load(path, ["classes[chat].doubling_months=0"]), tmp_path / "run")
    asked = done.tables["demand"].groupby(["class_id", "month"])["demand_kh100e"].sum()
    assert asked["chat"].nunique() == 1
    assert asked["batch"].iloc[3] == pytest.approx(asked["batch"].iloc[0] * 2**0.25)
