"""Delays, targets and routes: what the tables say, what the model is given, what check says, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.check.checks import check
from planner.plan.latency import Latency
from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.refusals import refused_plan
from tests.read.toy import write_plan

FROM = {"source": "t", "quality": "estimate"}


def rows(*given: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**row, **FROM} for row in given]


def grouped(regions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "group": "old_world" if row["region_id"] == "bavaria" else ""} for row in regions]


def delay(one: str, other: str, ms: float) -> list[dict[str, Any]]:
    return rows({"from_id": one, "to_id": other, "one_way_ms": ms})


def test_a_stated_delay_replaces_the_rule(tmp_path: Path) -> None:
    """New York to Bavaria takes 12.9 + 0.01479 x 6486 km = 108.8 ms there and back by the rule; 40 ms one way is stated."""
    path = write_plan(tmp_path, latency=delay("new_york", "bavaria", 40))
    plan = load(path)
    latency = Latency(plan.settings, plan.tables)
    found = {r: latency.between("new_york", r) for r in ("ohio", "bavaria", "dawn")}
    assert {r: one.origin for r, one in found.items()} == {"ohio": "rule", "bavaria": "stated", "dawn": "orbit"}
    assert {r: one.round_trip_ms for r, one in found.items() if r != "ohio"} == {"bavaria": 80, "dawn": 35}
    assert latency.between("munich", "bavaria").origin == "metro"
    reached = {ms: prepare(load(path, [f"classes[chat].latency_ms={ms}"])).servable for ms in (79, 81)}
    assert [("new_york", "chat", "bavaria") in reached[ms] for ms in (79, 81)] == [False, True]


def test_a_stated_delay_also_takes_away(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path, latency=delay("munich", "bavaria", 500)))
    assert ("munich", "chat", "bavaria") not in prepare(plan).servable


def test_orbit_by_a_row(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path, latency=delay("munich", "dawn", 500)))
    flows = prepare(plan).servable
    assert {z for z, w, x in flows if (w, x) == ("chat", "dawn")} == {"new_york"}


def test_targets(tmp_path: Path) -> None:
    """Bavaria to the zone, the region and the design of a bloc: 55, 59 and, by orbit, 17.5 ms one way."""
    target = {"from": "us", "to": "old_world"}
    targets = rows({"target_id": "fast", **target, "one_way_ms": 30}, {"target_id": "slow", **target, "one_way_ms": 70})
    plan = load(write_plan(tmp_path, regions=grouped, latency_targets=targets))
    fast, slow = sorted(str(one) for one in check(plan) if "target" in one.text)
    assert "tables/latency_targets.csv:2:4: warning: target fast, 30 ms one way: met by 1 of 3 pairs" in fast
    assert fast.endswith("missed by ohio to bavaria (59.1 ms), new_york to bavaria (54.5 ms) [W-TARGET-MISSED]")
    assert slow.endswith("met by 3 of 3 pairs, the slowest is ohio to bavaria with 59.1 ms (rule) [N-TARGET-MET]")


def test_routes(tmp_path: Path) -> None:
    """Traffic of Europe to ohio pays 9000 per Gbit/s, its zones and its pool; what stays in its metro pays nothing."""
    route = {"from": "europe", "to": "ohio", "growth_frac_per_month": 0.1}
    cap = {"route_id": "cable", "gbit_s": 5, "usd_per_gbit_s_month": 9000, **route}
    local = {"route_id": "ring", "from": "", "to": "old_world", "gbit_s": "", "usd_per_gbit_s_month": 7}
    data = prepare(load(write_plan(tmp_path, regions=grouped, routes=rows(cap, {**local, "growth_frac_per_month": ""}))))
    (cable,) = data.routes
    assert (cable.pools, cable.places) == (("munich", "europe"), ("ohio",))
    assert [cable.gbit_s[t] for t in (1, 3)] == pytest.approx([5, 5 * 1.1**2])
    price = data.network_usd_per_kh100e_month
    assert price["new_york", "chat", "ohio"] == 6480 * 0.5
    assert price["munich", "chat", "bavaria"] == 0
    assert price["europe", "batch", "bavaria"] == pytest.approx(7 * 0.1)
    assert {usd for (z, w, x), usd in price.items() if z == "munich" and x == "ohio"} <= {9000 * 0.5}


def test_the_price_of_a_route_changes_with_the_month(tmp_path: Path) -> None:
    """The plan's 6480 until the route states its own, of traffic that leaves its metro; nothing inside one."""
    route = {"route_id": "cable", "from": "europe", "to": "bavaria", "gbit_s": 5, "growth_frac_per_month": ""}
    dated = {**route, "usd_per_gbit_s_month": "", "usd_per_gbit_s_month 2028-02": 9000, "usd_per_gbit_s_month 2028-04": 10}
    data = prepare(load(write_plan(tmp_path, regions=grouped, routes=rows(dated))))
    assert [data.network_usd("europe", "batch", "bavaria", t) for t in (1, 2, 3, 4)] == pytest.approx([648, 900, 900, 1])
    assert {data.network_usd("new_york", "chat", "ohio", t) for t in (1, 2, 3, 4)} == {3240}
    assert {zwxt[0] for zwxt in data.network_later_usd_per_kh100e_month} == {"europe"}
    months = {**route, "usd_per_gbit_s_month": 7, "from_month": "", "until_month": ""}
    later = {**dict.fromkeys(months, ""), "route_id": "cable", "from_month": "2028-03", "usd_per_gbit_s_month": 8}
    data = prepare(load(write_plan(tmp_path / "rows", regions=grouped, routes=rows(months, later))))
    assert [data.network_usd("europe", "batch", "bavaria", t) for t in (1, 2, 3, 4)] == pytest.approx([0.7, 0.7, 0.8, 0.8])


PRICED = {"gbit_s": "", "growth_frac_per_month": 0, "usd_per_gbit_s_month": 7}
STARTS = "a zone_id of tables/zones.csv or a region_id of tables/regions.csv"
ENDS = "a region_id of tables/regions.csv or a design_id of tables/designs.csv"
PLACES = "a region_id, bloc or group of tables/regions.csv or a design_id or bloc of tables/designs.csv, or orbit"
REFUSED: dict[str, tuple[str, list[dict[str, Any]], str]] = {
    "a delay from nowhere": (
        "latency",
        delay("munch", "bavaria", 3),
        f"tables/latency.csv:2:1: from_id = munch: expected {STARTS} (did you mean munich?)",
    ),
    "a delay to a zone": (
        "latency",
        delay("bavaria", "munich", 3),
        f"tables/latency.csv:2:2: to_id = munich: expected {ENDS} (one of bavaria, dawn, ohio)",
    ),
    "a delay twice": (
        "latency",
        delay("ohio", "bavaria", 3) + delay("bavaria", "ohio", 3),
        "tables/latency.csv:3:1: bavaria to ohio: the other way round in line 2, expected each pair once",
    ),
    "a delay below zero": (
        "latency",
        delay("munich", "bavaria", -1),
        "tables/latency.csv:2:3: one_way_ms = -1: expected a number >= 0",
    ),
    "a target of nobody": (
        "latency_targets",
        rows({"target_id": "t", "from": "asia", "to": "us", "one_way_ms": 3}),
        f"tables/latency_targets.csv:2:2: from = asia: expected a zone_id or bloc of tables/zones.csv, {PLACES}",
    ),
    "a route without a number": (
        "routes",
        rows({"route_id": "n", "from": "", "to": "ohio", **PRICED, "usd_per_gbit_s_month": ""}),
        "tables/routes.csv:2:4: gbit_s and usd_per_gbit_s_month are both empty: expected one of them",
    ),
    "a route to nowhere": (
        "routes",
        rows({"route_id": "n", "from": "", "to": "mars", **PRICED}),
        f"tables/routes.csv:2:3: to = mars: expected {PLACES}",
    ),
    "traffic priced twice": (
        "routes",
        rows(
            {"route_id": "n", "from": "europe", "to": "ohio", **PRICED},
            {"route_id": "m", "from": "", "to": "us", **PRICED},
        ),
        "tables/routes.csv:3:6: m: traffic from munich to ohio already has a price in route n, expected one price",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, tmp_path: Path) -> None:
    table, given, expected = REFUSED[case]
    (finding,) = refused_plan(write_plan(tmp_path, **{table: given}))
    assert finding.startswith(expected)


def test_a_name_of_two_things_is_refused_where_it_is_listed(tmp_path: Path) -> None:
    """Ohio in the group bavaria: a route to bavaria might mean either. Where nothing lists it, and where both are the same, it
    stands."""

    def group(name: str) -> Any:
        return lambda regions: [{**row, "group": name if row["region_id"] == "ohio" else ""} for row in regions]

    def route(to: str) -> list[dict[str, Any]]:
        return rows({"route_id": "a", "from": "", "to": to, "gbit_s": 5, "growth_frac_per_month": 0})

    assert load(write_plan(tmp_path / "unlisted", regions=group("bavaria"), routes=route("ohio")))
    assert load(write_plan(tmp_path / "same", orbit=False, regions=group("us"), routes=route("us")))
    (finding,) = refused_plan(write_plan(tmp_path / "two", regions=group("bavaria"), routes=route("bavaria")))
    meant = "a region (bavaria) and a group (ohio)"
    assert finding == f"tables/routes.csv:2:3: to = bavaria: expected a name that means one thing: this is {meant}"
