"""What a plan says before it is solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner.check.checks import check
from planner.read.load import load
from tests.read.toy import edit, write_plan


def notices(folder: Path, **changes: Any) -> list[str]:
    """All notices, places relative to the plan."""
    found = check(load(write_plan(folder, **changes)))
    return [f"{notice.place}: {notice.level}: {notice.text}" for notice in found]


def warnings(folder: Path, **changes: Any) -> list[str]:
    """Warnings other than the one that the toy always has."""
    return [one for one in notices(folder, **changes) if ": warning: " in one and "no row in countries for DE" not in one]


def shares(**cells: Any) -> list[dict[str, Any]]:
    row = {"share_id": "home", "class_id": "chat", "from_bloc": "europe", "to": "bavaria", "min_frac": 0.5, "max_frac": ""}
    return [{**row, **cells, "source": "toy", "quality": "estimate"}]


def test_the_toy(tmp_path: Path) -> None:
    """Fleet 60 + dark 2 + 13 delivered: 59 * 0.95^(1/12) + 2 + 3 alpha and 10 beta, at 0.95.

    A little more where orbit runs all the time."""
    assert notices(tmp_path) == [
        "tables/regions.csv:3:3: warning: no row in countries for DE: their grid power for AI has no national envelope",
        (
            "tables/regions.csv:2: note: at the start, 78 MW of chips are installed on Earth and need 95 MW of 145 MW of"
            " firm power"
        ),
        (
            "tables/accelerators.csv:3:13: note: accelerators: CN, RU in not_countries of 1 row changes nothing,"
            " as no region or design of the plan is there"
        ),
        (
            "tables/deliveries.csv:2: note: with power for every chip, at most 141 % of demand"
            " in 2028-01 (84 of 60 kH100e) and 202 % of demand in 2028-04 (161 of 80 kH100e) could be met"
        ),
        (
            "tables/deliveries.csv:2: note: power, halls and launches that grow at their limits could run 159 kH100e"
            " in 2028-04: 200 % of demand"
        ),
    ]


def test_chips_past_their_life(tmp_path: Path) -> None:
    """Alpha lives five years: all that Ohio got in 2020 is past it, and a part of what is dark."""
    fleet = edit({"region_id": "ohio"}, delivered_from="2020-01", delivered_to="2020-12")
    dark = edit({}, delivered_from="2022-12", delivered_to="2023-03")
    assert [one for one in notices(tmp_path, fleet=fleet, dark=dark) if "past their life" in one] == [
        (
            "tables/fleet.csv:2:4: warning: fleet: 40 thousand chips are past their life_years at the start and end in 2028-01:"
            " 40 of ohio alpha"
        ),
        (
            "tables/dark.csv:2:5: note: dark: 0.5 thousand chips are past their life_years at the start and end in 2028-01:"
            " 0.5 of alpha"
        ),
    ]


def test_a_fleet_that_cannot_be_fed(tmp_path: Path) -> None:
    """Bavaria needs 20 thousand * 1.3 kW * 1.25 = 32.5 MW; 22 stand and 4 come in the first month: 5.2 MW of IT too much."""
    assert warnings(tmp_path, power=edit({"region_id": "bavaria"}, start_mw=22)) == [
        (
            "tables/regions.csv:3:1: warning: bavaria: today's chips need 32.5 MW of firm power, 22.0 MW exist at the start;"
            " at least 5.2 MW of chips must be switched off in the first month"
        )
    ]


def test_a_fleet_that_cannot_be_housed(tmp_path: Path) -> None:
    assert warnings(tmp_path, regions=edit({"region_id": "bavaria"}, shell_start_mw=20)) == [
        "tables/regions.csv:3:12: warning: bavaria: today's chips need 26.0 MW of halls, 20.0 MW exist at the start"
    ]


def test_regions_that_cannot_hold_anything(tmp_path: Path) -> None:
    def more(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = ("unpowered", "starved", "roofless")
        empty = {"shell_start_mw": 0, "shell_step_mw_per_month": 0}
        return [*rows, *({**rows[0], "region_id": name} | (empty if name == "roofless" else {}) for name in names)]

    def power(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*rows, {**rows[1], "region_id": "starved", "lead_months": 9}, {**rows[0], "region_id": "roofless"}]

    fuels = [
        {"region_id": r, "fuel_id": "gas", "usd_per_mmbtu": 4, "source": "t", "quality": "estimate"}
        for r in ("ohio", "starved")
    ]
    assert warnings(tmp_path, regions=more, power=power, fuels=fuels) == [
        "tables/regions.csv:4:1: warning: unpowered has no row in power: nothing can run there",
        "tables/regions.csv:5:1: warning: starved has no firm power within the plan: nothing can be installed there",
        "tables/regions.csv:6:1: warning: roofless has no halls within the plan: nothing can be installed there",
        "tables/power.csv:5:7: warning: gas_engine can never be built in starved: lead time 9 months or more, horizon 4",
    ]


def test_power_after_the_end(tmp_path: Path) -> None:
    late = edit({"option_id": "gas_engine"}, lead_months=36)
    line = "gas_engine can never be built in ohio: lead time 36 months or more, horizon 4"
    assert f"tables/power.csv:3:7: warning: {line}" in warnings(tmp_path / "a", power=late)
    signed = [
        {
            "region_id": "ohio",
            "option_id": "gas_engine",
            "month": "2028-02",
            "build_mw": 1,
            "source": "t",
            "quality": "estimate",
        }
    ]
    assert not [one for one in warnings(tmp_path / "b", power=late, commitments=signed) if "never" in one]


def test_a_zone_out_of_reach(tmp_path: Path) -> None:
    """Ohio is 766 km from New York: 12.9 + 11.3 = 24.2 ms. Orbit takes 35 ms."""
    assert warnings(tmp_path, classes=edit({"class_id": "chat"}, latency_ms=20)) == [
        (
            "tables/demand.csv:2: warning: chat demand of new_york cannot be served anywhere: the nearest region, ohio, is"
            " 766 km and 24.2 ms away, the limit is 20 ms; 25.0 kH100e go unserved in 2028-01 and 35.4 in 2028-04"
        )
    ]


def test_a_zone_that_only_an_orbit_reaches_to_which_nothing_flies(tmp_path: Path) -> None:
    """Ohio is made to be 200 ms away; orbit, at 35 ms, would do, had anything flown."""
    far = [
        {"from_id": z, "to_id": x, "one_way_ms": 100, "source": "t", "quality": "estimate"}
        for z in ("new_york",)
        for x in ("ohio", "bavaria")
    ]
    chat = edit({"class_id": "chat"}, latency_ms=60)
    grounded = [{"month": f"2028-{t:02}", "tonnes": 0, "source": "t", "quality": "estimate"} for t in range(1, 5)]
    assert not warnings(tmp_path / "flies", classes=chat, latency=far)
    (told,) = warnings(tmp_path / "grounded", classes=chat, latency=far, launch=grounded)
    assert "chat demand of new_york cannot be served anywhere: the nearest region, ohio" in told
    assert "; dawn may serve it, but cannot hold a chip in any month; 25.0 kH100e go unserved" in told


def test_a_zone_that_no_law_lets_serve(tmp_path: Path) -> None:
    def zones(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "bloc": "asia"} if row["zone_id"] == "munich" else row for row in rows]

    residency = [
        {"class_id": w, "from_bloc": "asia", "to_blocs": "asia", "source": "t", "quality": "estimate"}
        for w in ("chat", "batch")
    ]
    assert warnings(tmp_path, zones=zones, residency=residency) == [
        (
            "tables/demand.csv:4: warning: chat demand of munich cannot be served anywhere: no region in asia;"
            " 12.0 kH100e go unserved in 2028-01 and 17.0 in 2028-04"
        ),
        "tables/residency.csv:3:3: warning: batch demand of asia cannot be served anywhere: no place in asia",
    ]


def test_nations(tmp_path: Path) -> None:
    assert warnings(tmp_path, countries=edit({}, generation_growth_twh_per_year=-1)) == [
        "tables/countries.csv:2:3: warning: the national envelope of US is 0: the grid adds nothing for AI in ohio",
        (
            "tables/commitments.csv:2:4: warning: US: 3.0 MW of grid are committed in plan year 1, its generation allows"
            " 0.0 MW: 3.0 too much, no plan can meet this"
        ),
    ]
    assert not any(
        "countries:" in one or "countries.csv" in one
        for one in notices(tmp_path / "none", countries=None, plan={"national": {"options": []}})
    )


def test_a_share_beyond_reach(tmp_path: Path) -> None:
    """All of Munich's chat, 12 * 2^(3/6) = 17 kH100e in April, in a Bavaria held to 10 MW of halls."""
    small = edit({"region_id": "bavaria"}, shell_start_mw=5, shell_step_mw_per_month=0)
    found = [one for one in warnings(tmp_path, regions=small, shares=shares(min_frac=1, of="asked")) if "share" in one]
    most = 5 / 1.9 * 2.5 * 0.95  # 5 MW filled with beta
    assert found == [
        (
            f"tables/shares.csv:2:5: warning: share home requires 17.0 kH100e in 2028-04, at most {most:.1f} is possible"
            f" (halls): {12 * 2**0.5 - most:.1f} too much; min_frac 0.368 would fit; impossible in 4 months, first in 2028-01"
        )
    ]


def test_a_share_that_no_law_allows(tmp_path: Path) -> None:
    found = warnings(tmp_path, shares=shares(class_id="batch", to="ohio", min_frac=0.25, of="asked"))
    assert found == [
        (
            "tables/shares.csv:2:5: warning: share home requires 2.4 kH100e in 2028-04, at most 0.0 is possible"
            " (no more of the demand may be served there): 2.4 too much; min_frac 0 would fit;"
            " impossible in 4 months, first in 2028-01"
        )
    ]


def test_a_share_of_what_is_served_holds_back_what_is_served(tmp_path: Path) -> None:
    """The same Bavaria, of which half of Munich's chat is asked: what it can do is half of what may be served."""
    small = edit({"region_id": "bavaria"}, shell_start_mw=5, shell_step_mw_per_month=0)
    found = [one for one in warnings(tmp_path, regions=small, shares=shares()) if "share" in one]
    most = 5 / 1.9 * 2.5 * 0.95
    assert found == [
        (
            f"tables/shares.csv:2:5: warning: share home leaves at most {2 * most:.1f} of 17.0 kH100e to be served in 2028-04:"
            f" 50 % of it must be where at most {most:.1f} is possible (halls); min_frac 0.368 would fit;"
            " so in 3 months, first in 2028-02"
        )
    ]
    required = warnings(tmp_path / "all", regions=small, shares=shares(), plan={"unserved": "forbidden"})
    assert any("share home requires 8.5 kH100e in 2028-04" in one for one in required)


def test_a_share_within_reach(tmp_path: Path) -> None:
    assert warnings(tmp_path, shares=shares()) == []


def test_shares_of_nothing(tmp_path: Path) -> None:
    line = "tables/shares.csv:2: warning: share home applies to no"
    assert warnings(tmp_path / "late", shares=shares(from_month="2029-01")) == [f"{line} month of the plan"]
    assert warnings(tmp_path / "early", shares=shares(to_month="2027-12")) == [f"{line} month of the plan"]
    quiet = edit({"zone_id": "munich", "class_id": "chat"}, class_id="batch")
    demand = shares(class_id="chat")
    found = warnings(tmp_path / "idle", shares=demand, demand=lambda rows: quiet(rows)[:3])
    assert found == [f"{line} demand of the plan"]


def test_deliveries_that_end_before_the_plan(tmp_path: Path) -> None:
    found = warnings(tmp_path / "end", deliveries=lambda rows: [row for row in rows if row["month"] < "2028-03"])
    assert found == [
        (
            "tables/deliveries.csv:3:2: warning: deliveries: tables/deliveries.csv has 2028-01 to 2028-02, the plan 2028-01 to"
            " 2028-04: no chips arrive in the other months; add rows, or move start"
        )
    ]
    before = warnings(tmp_path / "before", deliveries=lambda rows: [{**rows[0], "month": "2027-05"}])
    assert before == [
        "tables/deliveries.csv:2:2: warning: 1 row of deliveries is outside the plan and ignored (2027-05)",
        (
            "tables/deliveries.csv:2:2: warning: deliveries: tables/deliveries.csv has 2027-05, the plan 2028-01 to 2028-04:"
            " no chips arrive in the other months; add rows, or move start"
        ),
    ]


def test_nothing_is_asked(tmp_path: Path) -> None:
    found = [one for one in notices(tmp_path, demand=edit({}, start_kh100e=0)) if "demand:" in one]
    assert found == ["tables/demand.csv:2: note: there is no demand: start_kh100e is 0 in every row of demand"]


def test_commitments(tmp_path: Path) -> None:
    grid = "ohio, grid:"
    assert warnings(tmp_path, commitments=edit({}, build_mw=12, close_mw=200)) == [
        (
            f"tables/commitments.csv:2:5: warning: {grid} close_mw = 200.0 in 2028-02, but 100.0 MW exist at the start and"
            " at most 132.1 MW can exist by then: 67.9 too much, no plan can meet this"  # 100 + 10, then 10.08 + the order
        ),
    ]


def test_orders_of_all_regions_exceed_what_is_delivered(tmp_path: Path) -> None:
    """9 MW of engines are ordered for March, 5 MW are delivered."""
    order = {"region_id": "ohio", "option_id": "gas_engine", "build_mw": 9, "source": "toy", "quality": "estimate"}
    assert warnings(tmp_path, commitments=[{**order, "month": "2028-03"}]) == [
        (
            "tables/commitments.csv:2:3: warning: gas_engine: 9.0 MW are committed in 2028-03, 5.0 MW are delivered to all"
            " regions: 4.0 too much, no plan can meet this"
        )
    ]


def test_an_order_that_ends_was_never_there(tmp_path: Path) -> None:
    """140 MW of before the plan end in January, and 110 MW exist."""
    past = {"region_id": "ohio", "option_id": "grid", "month": "2026-01", "build_mw": 140, "until_month": "2028-01"}
    assert warnings(tmp_path, commitments=[{**past, "source": "toy", "quality": "estimate"}]) == [
        (
            "tables/commitments.csv:2:5: warning: ohio, grid: 140.0 MW end after 2028-01, but 100.0 MW exist at the start and"
            " at most 120.1 MW can exist by then: 19.9 too much, no plan can meet this"  # 100 + 10 + 10.08
        )
    ]


def test_halls_close_that_do_not_exist(tmp_path: Path) -> None:
    """5 MW a month from February on, on 40 MW of the start: 45 MW in February."""
    order = {"region_id": "bavaria", "option_id": "halls", "month": "2028-02", "source": "toy", "quality": "estimate"}
    assert warnings(tmp_path, commitments=[{**order, "close_mw": 50}]) == [
        (
            "tables/commitments.csv:2:6: warning: bavaria, halls: close_mw = 50.0 in 2028-02, but 40.0 MW exist at the start"
            " and at most 45.0 MW can exist by then: 5.0 too much, no plan can meet this"
        )
    ]
    assert not warnings(tmp_path / "cancelled", commitments=[{**order, "close_mw": 50, "status": "cancelled"}])


def test_a_commitment_before_its_lead_time(tmp_path: Path) -> None:
    late = edit({"region_id": "ohio", "option_id": "grid"}, lead_months=6)
    found = [one for one in notices(tmp_path, power=late) if "commitment" in one]
    assert found == [
        (
            "tables/commitments.csv:2:4: note: ohio, grid: the commitment of 3.0 MW in 2028-02 comes before the lead time of"
            " 6 months: taken as already signed"
        )
    ]


def test_what_cannot_close_is_told_once(tmp_path: Path) -> None:
    """More closes in February than stands; what closes in March is less than grows until then."""
    row = {"region_id": "ohio", "option_id": "grid", "build_mw": 0, "source": "toy", "quality": "estimate"}
    closing = [{**row, "month": "2028-02", "close_mw": 200}, {**row, "month": "2028-03", "close_mw": 5}]
    found = warnings(tmp_path, commitments=closing)
    assert [one.partition(" warning:")[0] for one in found] == ["tables/commitments.csv:2:7:"]


def test_demand_that_must_be_served(tmp_path: Path) -> None:
    found = warnings(tmp_path, plan={"unserved": "forbidden", "demand": {"doubling_months": 1}})
    assert len(found) == 2
    assert found[0].startswith("plan.yaml:9:20: warning: demand.doubling_months = 1: plausible is 3 to 240 months")
    assert found[1].startswith("plan.yaml:6:11: warning: no demand may go unserved, but demand in 2028-03 is 173.8 kH100e")


def test_carbon_caps_beside_the_plan(tmp_path: Path) -> None:
    found = notices(tmp_path, plan={"carbon": {"cap_mtco2_per_year": {2028: 1, 2027: 1}}})
    assert [one for one in found if "carbon cap" in one] == [
        "plan.yaml:20:11: warning: the carbon cap of 2027 is outside the plan and ignored",
        (
            "plan.yaml:19:11: note: the carbon cap of 2028 is for a whole year: the 4 months of it in the plan may emit"
            " 0.3333 MtCO2"
        ),
    ]


def test_a_generation_without_a_place(tmp_path: Path) -> None:
    found = warnings(tmp_path, accelerators=edit({"generation_id": "beta"}, only_countries="JP"))
    assert found == [
        (
            "tables/accelerators.csv:3:12: warning: beta is allowed in no region and no orbit of this plan: 40.0 thousand"
            " chips stay dark"
        )
    ]


def test_a_plan_whose_deliveries_were_dropped_is_checked(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path, plan={"adjust": [{"table": "deliveries", "drop": True}]}))
    assert any("with power for every chip" in str(notice) for notice in check(plan))
