"""Numbers that cannot be, or hardly: each a warning with its cell, and `check` does not call such a plan sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner import cli
from planner.api import STARTING_PLAN
from planner.check.checks import check
from planner.errors import InfeasibleError
from planner.findings import Notice
from planner.plan.time_zones import country_at
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.schema.cycle import CYCLE
from planner.schema.fields import ANYTHING
from planner.schema.tables import tables
from planner.solve.solution import solve
from tests.house import tracked
from tests.read.hourly import profile
from tests.read.toy import edit, write_plan

MADE = {"source": "t", "quality": "estimate"}
GRID = {"region_id": "ohio", "option_id": "grid"}


def doubts(folder: Path, **changes: Any) -> list[Notice]:
    return [one for one in check(load(write_plan(folder, **changes))) if one.doubt]


def latency(one: str, other: str, ms: float) -> list[dict[str, Any]]:
    return [{"from_id": one, "to_id": other, "one_way_ms": ms, **MADE}]


def test_the_toy_and_the_plan_to_start_from_have_none(tmp_path: Path) -> None:
    assert doubts(tmp_path) == []
    assert [one.text for one in check(load(STARTING_PLAN)) if one.doubt] == []


@pytest.mark.slow
def test_the_shipped_plans_have_none() -> None:
    for plan in tracked("inputs/reference.yaml", "inputs/scenarios/*.yaml"):
        assert [one.text for one in check(load(plan)) if one.doubt] == []


UNITS = [
    ("power", GRID, "energy_usd_per_mwh", 0.071, "; if it is in USD/kWh, write 0.071 USD/kWh"),
    ("power", GRID, "energy_usd_per_mwh", 7.1, "; if it is in ct/kWh, write 7.1 ct/kWh"),
    ("power", GRID, "start_mw", 380000, "; if it is in kW, write 380000 kW"),
    ("power", GRID, "step_growth_frac_per_year", 1.5, "plausible is -49 % to 100 %"),
    ("power", GRID, "step_growth_frac_per_year", -0.6, "plausible is -49 % to 100 %"),
    ("power", GRID, "energy_growth_frac_per_year", 5, "= 500 %: plausible is -49 % to 100 %; if it is in %, write 5 %"),
    ("power", GRID, "carbon_kg_per_mwh", 0.303, "; if it is in t/MWh, write 0.303 t/MWh"),
    ("power", GRID, "lead_months", 300, "plausible is 0 to 180 months"),
    ("options", {"option_id": "gas_engine"}, "life_years", 0.5, "plausible is 1 to 100 years"),
    ("options", {"option_id": "gas_engine"}, "capex_usd_per_kw", 900000, "; if it is in USD/MW, write 900000 USD/MW"),
    ("options", {"option_id": "gas_engine"}, "capex_usd_per_kw", 1.5, "; if it is in USD/W, write 1.5 USD/W"),
    ("accelerators", {"generation_id": "alpha"}, "kw_per_unit", 1275, "; if it is in W/unit, write 1275 W/unit"),
    ("accelerators", {"generation_id": "alpha"}, "failure_frac_per_year", 0.6, "plausible is 0 % to 50 %"),
    ("accelerators", {"generation_id": "alpha"}, "price_usd_per_unit", 25, "; if it is in kUSD/unit, write 25 kUSD/unit"),
    ("countries", {}, "generation_growth_twh_per_year", 95320, "; if it is in GWh/year, write 95320 GWh/year"),
    ("regions", {"region_id": "ohio"}, "shell_usd_per_kw", 9.54, "; if it is in USD/W, write 9.54 USD/W"),
    ("classes", {"class_id": "chat"}, "latency_ms", 0.2, "; if it is in s, write 0.2 s"),
    ("launch", {}, "tonnes", 200000, "; if it is in kg, write 200000 kg"),
    ("launch_price", {}, "usd_per_kg", 1500000, "; if it is in USD/t, write 1500000 USD/t"),
    ("fuels", {}, "usd_per_mmbtu", 0.01, "plausible is 0.2 to 80 USD per MMBtu"),
    ("designs", {}, "build_usd_per_kg", 500000, "; if it is in USD/t, write 500000 USD/t"),
]


@pytest.mark.parametrize(("table", "where", "column", "value", "said"), UNITS)
def test_another_unit(tmp_path: Path, table: str, where: dict[str, str], column: str, value: float, said: str) -> None:
    changes: dict[str, Any] = {table: edit(where, **{column: value})}
    found = [one for one in doubts(tmp_path, **changes) if one.doubt.startswith(column)]
    assert found
    assert said in found[0].text
    at = found[0].place
    assert at is not None
    assert at.source.name.endswith(f"{table}.csv")
    assert at.line > 1
    assert at.column > 0


@pytest.mark.parametrize(
    ("table", "where", "column", "value", "said"),
    [
        (
            "power",
            {"region_id": "ohio", "option_id": "gas_engine"},
            "step_mw_per_month",
            4000,
            " times the next largest of its column",
        ),
        ("deliveries", {"generation_id": "beta", "month": "2028-03"}, "kunit", 10000, "; if it is in unit, write 10000 unit"),
        (
            "demand",
            {"zone_id": "munich", "class_id": "chat"},
            "start_kh100e",
            0.012,
            " times less than the next smallest of its column",
        ),
    ],
)
def test_alone_in_its_column(tmp_path: Path, table: str, where: dict[str, str], column: str, value: float, said: str) -> None:
    changes: dict[str, Any] = {table: edit(where, **{column: value})}
    (found,) = [one for one in doubts(tmp_path, **changes) if "of its column" in one.text]
    assert said in found.text


def test_every_number_of_a_table_says_what_is_plausible() -> None:
    """But those that are bounded on both sides, those of designs that physics bounds, and what differs from row to row, as in
    tables that only record what happened."""
    free = {"designs", "profiles", *(schema.name for schema in CYCLE)}
    for schema in tables().values():
        for field in schema.fields:
            bounded = field.le is not None and (field.ge is not None or field.gt is not None)
            if field.kind in ("number", "integer") and not bounded and schema.name not in free:
                assert field.plausible != ANYTHING, f"{schema.name}.{field.name}"


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        (
            {"discount_frac_per_year": 0.8},
            "discount_frac_per_year = 80 %: plausible is 0 % to 30 %; if it is in %, write 0.8 %",
        ),
        (
            {"carbon": {"cap_mtco2_per_year": {"2028": 350000}}},
            "carbon.cap_mtco2_per_year.2028 = 350,000: plausible is 0.0001 to",
        ),
        ({"longest_outage_h": 0.01}, "longest_outage_h = 0.01: plausible is 0.1 to 1,000 h"),
    ],
)
def test_keys_of_the_plan(tmp_path: Path, plan: dict[str, Any], text: str) -> None:
    assert any(one.text.startswith(text) for one in doubts(tmp_path, plan=plan))


def test_years_decades_off(tmp_path: Path) -> None:
    found = doubts(tmp_path, orbit=False, supply=None, plan={"start": "2088-01"})
    assert {"start", "delivered_from of ohio alpha"} <= {one.doubt for one in found}
    assert "start = 2088-01: expected a month from 2015-01 to 2060-12" in next(
        one.text for one in found if one.doubt == "start"
    )


@pytest.mark.parametrize(
    ("north", "east", "said"),
    [
        (-83.0, 40.0, "this is in Antarctica, and country_iso2 is US; latitude and longitude swapped? 40, -83 is in US"),
        (40.0, 83.0, "this is in China, and country_iso2 is US; sign of the longitude lost? 40, -83 is in US"),
        (-40.0, -83.0, "this is at sea, and country_iso2 is US; sign of the latitude lost? 40, -83 is in US"),
        (0.0, 0.0, "this is at sea, and country_iso2 is US"),
        (51.5, 0.1, "this is in United Kingdom"),
    ],
)
def test_a_place_outside_its_country(tmp_path: Path, north: float, east: float, said: str) -> None:
    where = edit({"region_id": "ohio"}, latitude_deg=north, longitude_deg=east)
    found = [one for one in doubts(tmp_path, regions=where) if "country_iso2" in one.text]
    assert [one.place.line for one in found if one.place] == [2]
    assert said in found[0].text


def test_places_at_borders_and_coasts_are_in_their_country(tmp_path: Path) -> None:
    assert (country_at(1.35, 103.8), country_at(48.57, 7.8), country_at(0, -30)) == ("SG", "FR", "")
    for number, (north, east) in enumerate(((48.6, 8.0), (47.5, 7.6), (54.6, 13.9))):  # across the Rhine, near Basel, off Rügen
        near = edit({"region_id": "bavaria"}, latitude_deg=north, longitude_deg=east)
        assert not [one for one in doubts(tmp_path / str(number), regions=near) if "country_iso2" in one.text]


def test_faster_than_light(tmp_path: Path) -> None:
    """New York to Munich is some 6,490 km: 21.6 ms in vacuum, 31.8 in fibre."""
    (found,) = doubts(tmp_path / "a", latency=latency("new_york", "bavaria", 0.05))
    assert "one_way_ms = 0.05: light takes 21.7 ms for these 6,492" in found.text
    assert found.text.endswith(" km in vacuum and 31.8 ms in fibre; if it is in seconds, write 0.05 s")
    assert doubts(tmp_path / "b", latency=latency("new_york", "bavaria", 32)) == []
    assert len(doubts(tmp_path / "c", latency=latency("new_york", "bavaria", 25))) == 1
    (found,) = doubts(tmp_path / "d", latency=latency("new_york", "dawn", 1))
    assert "for these 600 km in vacuum" in found.text


@pytest.mark.parametrize(
    ("level", "said"),
    [
        (0.127, "multiply its values by 1000"),
        (5.5, "if the profile is in ct/kWh, multiply its values by 10"),
        (102_000, "multiply its values by 0.001"),
        (90, ""),
    ],
)
def test_a_profile_of_another_size_than_its_tariff(tmp_path: Path, level: float, said: str) -> None:
    months = [row for t in range(1, 13) for row in profile("spot", "price_usd_per_mwh", {"": level * (1 + t / 50)}, month=t)]
    found = [one for one in doubts(tmp_path, profiles=months, power=edit(GRID, profile_id="spot")) if "spot" in one.doubt]
    assert [one.text.endswith(said) for one in found] == ([True] if said else [])
    assert all(
        "energy_usd_per_mwh" in one.text and one.place and one.place.source.name.endswith("profiles.csv") for one in found
    )


def test_more_chips_than_the_world_has(tmp_path: Path) -> None:
    (found,) = [one for one in doubts(tmp_path, fleet=edit({}, kunit=25_000_000 / 1000 * 9)) if "whole world" in one.text]
    assert "times those of the whole world; kunit is in thousands of units" in found.text


def test_demand_in_units_where_thousands_are_meant(tmp_path: Path) -> None:
    (found,) = [one for one in doubts(tmp_path, demand=edit({}, start_kh100e=8000)) if "all chips could serve" in one.text]
    assert "start_kh100e = 8,000" in found.text
    assert found.text.endswith("% of what all chips could serve; start_kh100e is in thousands")


def test_power_and_compute_of_different_things(tmp_path: Path) -> None:
    (found,) = doubts(tmp_path, accelerators=edit({"generation_id": "beta"}, kw_per_unit=132, h100e_per_unit=2.5))
    assert "52.8 kW per H100-equivalent, plausible is 0.02 to 20" in found.text


def test_names_that_differ_only_in_capital_letters(tmp_path: Path) -> None:
    (found,) = [one for one in doubts(tmp_path, zones=edit({"zone_id": "munich"}, bloc="Europe")) if "another name" in one.text]
    assert "bloc = Europe: another row has europe" in found.text


def test_check_does_not_call_it_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write_plan(tmp_path, power=edit(GRID, energy_usd_per_mwh=0.071)))
    assert cli.main(["check", path]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert "the plan is consistent, but 1 value looks wrong: energy_usd_per_mwh of ohio grid; " in last
    assert "sound" not in last
    assert cli.main(["check", path, "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines() == [last]


def test_check_does_not_call_it_sound_where_no_plan_exists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closing = {"region_id": "bavaria", "option_id": "halls", "month": "2028-02", "close_mw": 50}
    path = str(write_plan(tmp_path, commitments=[{**closing, "source": "toy", "quality": "estimate"}]))
    assert cli.main(["check", path]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert "infeasible: a requirement that no plan can meet, see the warnings; " in last
    assert cli.main(["check", path, "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines() == [last]
    with pytest.raises(InfeasibleError):
        solve(prepare(load(path)))


def test_the_clock_of_each_place_is_named_where_hours_count(tmp_path: Path) -> None:
    rows = profile("evening", "price_shape", {"": 1, 19: 3})
    plan = {"slices": 24}
    notices = check(
        load(write_plan(tmp_path, plan=plan, profiles=rows, power=edit({"option_id": "grid"}, profile_id="evening")))
    )
    (clock,) = [one for one in notices if one.text.startswith("profiles follow")]
    assert clock.text == (
        "profiles follow America/New_York (UTC-5, in summer UTC-4) at ohio; Europe/Berlin (UTC+1, in summer UTC+2) at bavaria"
    )
