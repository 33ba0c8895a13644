"""The clock that is kept at a place: by law, month by month, and the hour of a profile that it makes of a UTC hour."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from planner.plan.profiles import Profile
from planner.plan.time_zones import legal_ahead_h, time_zone
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.verify.profiles import legal

NEW = Path(__file__).parents[2] / "planner" / "new"
HAMINA, OHIO, MUMBAI = (60.57, 27.2), (40.08, -82.81), (19.08, 72.99)


@pytest.mark.parametrize(
    ("place", "zone", "winter_h", "summer_h"),
    [
        (HAMINA, "Europe/Helsinki", 2, 3),
        ((48.86, 2.35), "Europe/Paris", 1, 2),
        ((32.45, -99.73), "America/Chicago", -6, -5),
        (OHIO, "America/New_York", -5, -4),
        (MUMBAI, "Asia/Kolkata", 5.5, 5.5),
        ((27.72, 85.32), "Asia/Kathmandu", 5.75, 5.75),
        ((33.45, -112.07), "America/Phoenix", -7, -7),  # Arizona keeps no summer time
        ((43.83, 87.62), "Asia/Shanghai", 8, 8),  # one clock for all of China
        ((0.0, -30.0), "Etc/GMT+2", -2, -2),  # at sea
    ],
)
def test_the_clock_of_a_place(place: tuple[float, float], zone: str, winter_h: float, summer_h: float) -> None:
    assert time_zone(*place) == zone
    ahead = legal_ahead_h(zone, 2027)
    assert (ahead[0], ahead[6]) == (winter_h, summer_h)


def test_a_month_in_which_the_clock_changes_counts_as_most_of_its_days() -> None:
    """Europe changes on the last Sundays of March and October, America on the second of March and the first of November."""
    assert legal_ahead_h("Europe/Paris", 2027) == (1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 1, 1)
    assert legal_ahead_h("America/New_York", 2027) == (-5, -5, -4, -4, -4, -4, -4, -4, -4, -4, -5, -5)
    assert legal_ahead_h("Australia/Sydney", 2027) == (11, 11, 11, 10, 10, 10, 10, 10, 10, 11, 11, 11)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca", "Etc/GMT+2"])
def test_the_verifier_finds_the_same_clock(zone: str) -> None:
    for year in (2026, 2031, 2060):
        assert tuple(legal(zone, year)) == legal_ahead_h(zone, year)


def test_an_hour_that_two_utc_hours_share_is_halved() -> None:
    """19:00 to 20:00 in Mumbai is 13:30 to 14:30 UTC."""
    local = np.zeros((1, 12, 24))
    local[..., 19] = 1.0
    by_utc = Profile("price_shape", local).at(legal_ahead_h("Asia/Kolkata", 2027))
    assert {hour: by_utc[0, 0, hour] for hour in range(24) if by_utc[0, 0, hour]} == {13: 0.5, 14: 0.5}


EVENING = """profile_id,from_h,kind,value,source,quality
evening,,price_shape,1,exchange,measured
evening,19,price_shape,3,exchange,measured
"""


def test_the_dear_hour_of_an_exchange(tmp_path: Path) -> None:
    """Three times the price from 19:00 to 20:00 by the clock on the wall: in UTC, in January and in July."""
    shutil.copytree(NEW, tmp_path, dirs_exist_ok=True)
    start = tmp_path / "plan.yaml"
    (tmp_path / "profiles.csv").write_text(EVENING)
    start.write_text(start.read_text().rstrip() + "\n  profiles: profiles.csv\nslices: 24\n")
    data = prepare(load(start, ["months=7", "power.profile_id=evening"]))

    def dear(region: str, t: int) -> list[int]:
        usd = {data.start_h[k]: data.energy_usd_per_mwh[region, "grid", t, k] for k in data.slices}
        return sorted(hour for hour in usd if usd[hour] > 1.5 * min(usd.values()))

    winter = {"us_ercot_texas": [1], "us_ohio": [0], "us_miso_iowa": [1], "fi_hamina": [17], "fr_paris": [18]}
    summer = {"us_ercot_texas": [0], "us_ohio": [23], "us_miso_iowa": [0], "fi_hamina": [16], "fr_paris": [17]}
    assert {r: dear(r, 1) for r in data.regions} == winter | {"in_mumbai": [13, 14]}
    assert {r: dear(r, 7) for r in data.regions} == summer | {"in_mumbai": [13, 14]}
