"""Hours: representative days, segments, local clocks, and what profiles make of prices, availability and demand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from models.data import PlanData
from planner.check.checks import check
from planner.physics.sunlight import scaled_to, sunlight
from planner.plan.day import RepresentativeDays, best_starts, day_shares
from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.hourly import ENGINE, OHIO_GRID, battery_of, hourly_plan, profile, profiles
from tests.read.refusals import refused_plan
from tests.read.toy import Rows, edit, write_plan


def stated(column: str, **offsets: float) -> Callable[[Rows], Rows]:
    """Places with a clock that never changes."""
    return lambda rows: [{**row, "utc_offset_h": offsets[row[column]]} for row in rows]


NO_SUMMER_TIME = {
    "regions": stated("region_id", ohio=-6, bavaria=1),
    "zones": stated("zone_id", new_york=-5, munich=5.5),
}


def data_of(path: Path) -> PlanData:
    return prepare(load(path))


def test_slices_add_up_to_the_true_hours_of_every_month(tmp_path: Path) -> None:
    data = data_of(hourly_plan(tmp_path, slices=[2, 9, 17]))
    assert [(data.day_of[k], data.start_h[k], data.length_h[k]) for k in data.slices[:4]] == [
        ("typical", 2, 7),
        ("typical", 9, 8),
        ("typical", 17, 9),
        ("weekend", 2, 7),
    ]
    months = [sum(data.hours_h[t, k] for k in data.slices) for t in range(1, 5)]
    assert months == pytest.approx([744, 696, 744, 720])
    assert sum(data.hours_h[2, k] for k in data.slices if data.day_of[k] == "scarce") == pytest.approx(696 / 30.4375)
    for key in {(z, w) for z, w, _ in data.demand_kh100e}:
        assert sum(data.hours_h[1, k] * data.shape_frac[*key, 1, k] for k in data.slices) == pytest.approx(744)


def test_one_slice_without_profiles_is_the_plan_of_before(tmp_path: Path) -> None:
    bare, stated = data_of(write_plan(tmp_path / "a")), data_of(write_plan(tmp_path / "b", plan={"slices": 1, "days": {}}))
    assert bare == stated
    assert bare.slices == (1,)
    assert bare.hours_h == {(1, 1): 744.0, (2, 1): 696.0, (3, 1): 744.0, (4, 1): 720.0}


def test_prices_move_by_the_clock_of_the_region(tmp_path: Path) -> None:
    """Ohio is 5 hours behind, in summer time 4; its market moves about the mean, and weekends are cheap all day."""
    data = data_of(hourly_plan(tmp_path, slices=24))
    base = data_of(hourly_plan(tmp_path / "flat", power=edit({}, profile_id=""), slices=24)).energy_usd_per_mwh
    weekend = 8.7 / 30.4375
    mean = (1 - weekend) * 66.5 + weekend * 30.0
    moved = {k: data.energy_usd_per_mwh["ohio", "grid", 1, k] - base["ohio", "grid", 1, k] for k in data.slices}
    typical = [k for k in data.slices if data.day_of[k] == "typical"]
    cheapest = min(typical, key=lambda k: moved[k])
    assert data.start_h[cheapest] == 4 + 5
    assert data.start_h[min(typical, key=lambda k: data.energy_usd_per_mwh["ohio", "grid", 4, k])] == 4 + 4
    assert moved[cheapest] == pytest.approx(61 - 30 - mean)
    assert {round(moved[k], 9) for k in data.slices if data.day_of[k] == "weekend"} == {round(30 - mean, 9)}
    night = {data.energy_usd_per_mwh["bavaria", "grid", 1, k] / base["bavaria", "grid", 1, k] for k in data.slices}
    level = (7 * 0.7 + 17 * 1.3) / 24
    assert sorted(night) == pytest.approx([0.7 / level, 1.3 / level])


def test_a_price_never_falls_below_zero(tmp_path: Path) -> None:
    given = [*profiles(), *profile("market", "price_usd_per_mwh", {12: -500.0}, day="scarce")]
    assert min(data_of(hourly_plan(tmp_path, slices=24, profiles=given)).energy_usd_per_mwh.values()) == 0.0


def test_prices_below_zero_are_said_to_raise_the_mean(tmp_path: Path) -> None:
    def said(folder: Path, price: float) -> list[str]:
        given = [*profiles(), *profile("market", "price_usd_per_mwh", {12: price}, day="scarce")]
        return [str(one) for one in check(load(hourly_plan(folder, profiles=given))) if "below zero" in one.text]

    assert said(tmp_path / "a", 40.0) == []
    (line,) = said(tmp_path / "b", -500.0)
    assert "power.csv:2:" in line
    assert "below zero in ohio: such prices count as zero, so the mean is above energy_usd_per_mwh" in line


def test_half_hours_of_a_clock_are_halves_of_two(tmp_path: Path) -> None:
    data = data_of(hourly_plan(tmp_path, slices=24, days={}))
    chat = {data.start_h[k]: data.shape_frac["munich", "chat", 1, k] for k in data.slices}
    values = [1 - 0.4 * np.cos(2 * np.pi * (h - 3) / 24) for h in range(24)]
    assert chat[0] == pytest.approx((values[5] + values[6]) / 2 / np.mean(values))
    assert data.shape_frac["us", "batch", 1, 1] == 1.0


def test_scarce_evenings_curtail_the_grid_and_the_sun_sets(tmp_path: Path) -> None:
    data = data_of(hourly_plan(tmp_path, slices=24, **NO_SUMMER_TIME))
    assert {frac for (r, p, t, k), frac in data.power_availability_frac.items() if (r, p) == ("ohio", "grid")} == {1.0, 0.6}
    low = [data.start_h[k] for k in data.slices if data.power_availability_frac["ohio", "grid", 1, k] == 0.6]
    assert low == [23, 0, 1, 2] or sorted(low) == [0, 1, 2, 23]
    light = [data.power_availability_frac["ohio", "gas_engine", 1, k] for k in data.slices if data.day_of[k] == "typical"]
    assert min(light) == 0.0
    assert np.argmax(light) in (17, 18)


def test_the_day_is_cut_where_a_scarce_evening_begins_and_ends(tmp_path: Path) -> None:
    """One day in thirty, and yet its limit holds all month: 17 to 21 in Ohio are 23 to 3 UTC."""
    assert {23, 3} <= {data.start_h[k] for data in [data_of(hourly_plan(tmp_path, **NO_SUMMER_TIME))] for k in data.slices}


def test_sunlight_against_closed_forms() -> None:
    """At the equator at the equinox: twelve hours of light, the brightest hour is sin(15 deg) over pi/12."""
    march = sunlight(0.0, 7.5)[2]
    assert march.max() == pytest.approx(2 * np.sin(np.pi / 24) / (np.pi / 12), rel=2e-3)
    assert march.sum() == pytest.approx(24 / np.pi, rel=2e-3)
    assert sunlight(80.0, 0.0)[11].max() == 0.0  # polar night
    assert sunlight(80.0, 0.0)[5].min() > 0.0  # midnight sun
    assert sunlight(-30.0, 150.0).argmax(axis=1)[0] in (1, 2)  # noon at 150 degrees east is two in the morning UTC
    for frac in (0.05, 0.25, 0.45):
        share = scaled_to(sunlight(32.0, -97.0), frac)
        assert share.mean() == pytest.approx(frac)
        assert share.max() <= 1.0


def test_segments_lose_least_of_all_cuts() -> None:
    """Against every cut of the day there is, round the clock."""
    random = np.random.default_rng(7)
    curves = random.normal(size=(5, 24)).cumsum(axis=1)

    def lost(starts: tuple[int, ...]) -> float:
        shares = day_shares({})
        days = RepresentativeDays(shares, starts)
        means = days.means(curves[None])
        total = 0.0
        for k, start in enumerate(starts):
            hours = [(start + h) % 24 for h in range(days.lengths[k])]
            total += float(np.square(curves[:, hours] - means[:, k : k + 1]).sum())
        return total

    for count in (2, 3, 4):
        found = best_starts(curves, count)
        assert lost(found) == pytest.approx(min(lost(starts) for starts in combinations(range(24), count)))
    assert best_starts(np.zeros((1, 24)), 4) == (0, 6, 12, 18)


@pytest.mark.parametrize(("outage", "counted"), [(0, 0.5), (2, 0.5), (4, 0.5), (8, 0.25), ("2 days", 0.5 * 4 / 48)])
def test_a_battery_covers_what_it_holds_of_the_longest_outage(tmp_path: Path, outage: float | str, counted: float) -> None:
    """Four hours at half of its power; plants and grids count as they are."""
    firm = data_of(hourly_plan(tmp_path, plan={"longest_outage_h": outage})).firm_frac
    assert firm["ohio", "battery"] == pytest.approx(counted)
    assert firm["ohio", "gas_engine"] == 0.9
    assert firm["ohio", "grid"] == 1.0


def test_a_window_of_a_whole_day_is_none(tmp_path: Path) -> None:
    hours = edit({"class_id": "batch"}, flexible_window_h="90 min")
    stated = edit({"class_id": "chat"}, flexible_window_h=24)
    data = data_of(hourly_plan(tmp_path, classes=lambda rows: stated(hours(rows))))
    assert data.flexible_window_h == {"batch": 1.5}


def test_storage_that_counts_whole_or_has_nothing_to_do_is_said(tmp_path: Path) -> None:
    def said(folder: Path, **plan: object) -> list[str]:
        found = check(load(hourly_plan(folder, plan=plan)))
        return [one.text for one in found if one.level == "warning" and "battery" in one.text]

    whole = "battery stores 4 h, but 50 % of its power counts as firm however long an outage lasts: see"
    idle = "battery shifts energy within the day, but the days of this plan have one segment: see slices"
    assert said(tmp_path / "a", longest_outage_h=0) == [f"{whole} longest_outage_h"]
    assert said(tmp_path / "b", longest_outage_h=8) == []
    assert said(tmp_path / "c", longest_outage_h=8, slices=1) == [idle]


REFUSED = {
    "an outage that is over before it begins": (
        {"longest_outage_h": -1},
        {},
        "longest_outage_h = -1: expected a number >= 0",
    ),
    "a window longer than a day": (
        {},
        {"classes": edit({}, flexible_window_h=25)},
        "flexible_window_h = 25: expected a number >= 0 and <= 24",
    ),
    "an availability of a row above one": (
        {},
        {"power": edit(ENGINE, availability_frac=1.01)},
        "tables/power.csv:3:8: availability_frac = 1.01: expected a number > 0 and <= 1",
    ),
    "a number of segments": ({"slices": 5}, {}, "slices = 5: expected 1, 4, 8 or 24, or UTC hours at which"),
    "segments out of order": ({"slices": [6, 0]}, {}, "slices = [6, 0]: expected 1, 4, 8 or 24, or UTC hours at which"),
    "an hour that no day has": ({"slices": [0, 24]}, {}, "slices = [0, 24]: expected 1, 4, 8 or 24, or UTC hours at which"),
    "more days than a month has": (
        {"days": {"weekend": 30, "scarce": 2}},
        {},
        "plan.yaml:45:3: days = 32: expected fewer than the 30.44 days",
    ),
    "a day type that is no name": ({"days": {"a b": 3}}, {}, "plan.yaml:45:8: days.a b = 3: expected a name of letters"),
    "typical days": ({"days": {"typical": 3}}, {}, "days.typical: expected only further day types"),
    "an availability above one": (
        {},
        {"profiles": [*profiles(), *profile("high", "availability_frac", {"": 1.2})]},
        "tables/profiles.csv:345:6: value = 1.2: expected a number >= 0 and <= 1",
    ),
    "an hour that is missing": (
        {},
        {"profiles": [row for row in profiles() if row["profile_id"] != "night" or row["from_h"] != 5]},
        "night has no value for day type typical, month 1, hour 5 (36 hours in all)",
    ),
    "an hour said twice": ({}, {"profiles": profiles() + profiles()[-1:]}, "daylight: the same hours as in line"),
    "two kinds": (
        {},
        {"profiles": [*profiles(), *profile("night", "availability_frac", {"": 1}, day="scarce")]},
        "kind = availability_frac",
    ),
    "the wrong kind": (
        {},
        {"power": edit(OHIO_GRID, profile_id="daylight")},
        "profile_id = daylight: expected a profile of kind",
    ),
    "no such profile": ({}, {"classes": edit({"class_id": "chat"}, profile_id="daylite")}, "(did you mean daylight?)"),
    "months of demand": (
        {},
        {"profiles": [*profiles(), *profile("season", "demand_shape", {"": 1}, month=3)]},
        "calendar_month = 3: expected empty",
    ),
    "a battery of no duration": (
        {},
        {"options": lambda rows: [*rows, {**battery_of(rows), "storage_h": 0}]},
        "tables/options.csv:4:13: storage_h = 0: expected a number > 0",
    ),
    "a battery without losses stated": (
        {},
        {"options": lambda rows: [*rows, {**battery_of(rows), "round_trip_frac": ""}]},
        "battery: round_trip_frac = (empty): expected a fraction above 0, as it has storage_h",
    ),
    "a battery that burns": (
        {},
        {"options": lambda rows: [*rows, {**battery_of(rows), "heat_rate_mmbtu_per_mwh": 7, "fuel_id": "gas"}]},
        "battery: fuel_id = gas: expected empty: storage burns nothing",
    ),
    "a battery that emits": (
        {},
        {"options": lambda rows: [*rows, {**battery_of(rows), "carbon_kg_per_mwh": 450}]},
        "battery: carbon_kg_per_mwh = 450: expected 0: what charges storage emits, and is counted there",
    ),
    "a battery that emits in one place": (
        {},
        {
            "options": lambda rows: [*rows, battery_of(rows)],
            "power": lambda rows: [*rows, {**rows[0], "option_id": "battery", "carbon_kg_per_mwh": 450}],
        },
        "battery: carbon_kg_per_mwh = 450: expected 0: what charges storage emits, and is counted there",
    ),
    "a minimum of what is not bought": (
        {},
        {"power": edit(ENGINE, minimum_take_frac=0.5)},
        "minimum_take_frac = 0.5: expected 0, as energy_usd_per_mwh is 0: nothing is bought",
    ),
    "too little light": (
        {},
        {"power": edit(ENGINE, availability_profile_id="sun", availability_frac=0.7)},
        "expected a share of the year that its daylight allows: 0.7 is more than the share of hours with light, 0.5",
    ),
}


@pytest.mark.parametrize(("plan", "changes", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(tmp_path: Path, plan: dict[str, object], changes: dict[str, object], sentence: str) -> None:
    said = refused_plan(hourly_plan(tmp_path, plan=plan, **changes))  # type: ignore[arg-type]
    assert any(sentence in line for line in said), said


def test_rows_of_other_day_types_are_said_to_be_ignored(tmp_path: Path) -> None:
    said = [notice.text for notice in load(hourly_plan(tmp_path, days={})).notices]
    assert "profiles: 6 rows have day types that the plan does not have (weekend, scarce) and are ignored" in said


def test_a_window_of_work_that_does_not_move_is_said(tmp_path: Path) -> None:
    rigid = edit({"class_id": "batch"}, flexible_window_h=6)
    said = [str(notice) for notice in check(load(write_plan(tmp_path, classes=rigid)))]
    sentence = "warning: batch has a window of 6 h, but none of its demand is flexible: flexible_frac is 0 [W-WINDOW-UNUSED]"
    assert any("/classes.csv:3:" in line and line.endswith(sentence) for line in said), said


def test_what_stays_flat_is_said(tmp_path: Path) -> None:
    flat = edit(ENGINE, availability_frac=0.3)
    said = [notice.text for notice in check(load(write_plan(tmp_path / "a", plan={"slices": 4}, power=flat)))]
    assert "no profile_id in power: the energy price of grid is the same in every hour in ohio, bavaria" in said
    no_fuel = edit(ENGINE, heat_rate_mmbtu_per_mwh=0, fuel_id="")
    path = write_plan(tmp_path / "b", plan={"slices": 4}, power=flat, options=no_fuel, fuels=None)
    said = [notice.text for notice in check(load(path))]
    assert "gas_engine is equally available in every hour: no availability_profile_id in power for ohio" in said
    assert not any("every hour" in notice.text for notice in check(load(path, ["slices=1"])))
