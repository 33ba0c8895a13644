"""Delays between zones and regions: measured, reported, or from the distance."""

from __future__ import annotations

from itertools import combinations, product
from math import asin, cos, radians, sin, sqrt

from derivation.evidence import Evidence, Row


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great circle between two points in degrees, on a sphere of 6371 km."""
    (north, west), (south, east) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin((east - west) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def located(ev: Evidence, table: str, key: str, name: str) -> tuple[float, float]:
    return ev.number(table, "latitude_deg", **{key: name}), ev.number(table, "longitude_deg", **{key: name})


def latency(ev: Evidence) -> list[Row]:
    """Measured pairs, from the zone at either end to the region at the other; the newest counts, one way is half of it."""
    found: dict[tuple[str, str], Row] = {}
    pairs = [row for row in ev.tables["network"] if row["record_kind"].endswith("pair_measured")]
    for pair in sorted(pairs, key=lambda row: int(row["year"])):
        ends = (pair["from_place"], pair["to_place"])
        for one, other in (ends, ends[::-1]):
            zone, region = ev.look("latency_places", "zone_id", place=one), ev.look("latency_places", "region_id", place=other)
            ms = ev.number("network", from_place=ends[0], to_place=ends[1], record_kind=pair["record_kind"]) / 2
            trace = ev.trace()
            if zone and region:
                found[zone, region] = {"from_id": zone, "to_id": region, "one_way_ms": ms, **trace}
    return list(found.values())


def latency_china(ev: Evidence) -> list[Row]:
    """China's zones and hubs: reported, else 1.5 times light in fibre, as is required of the network; no metros."""
    zones = {z["zone_id"]: located(ev, "demand_zones", "zone_id", z["zone_id"]) for z in china(ev, "demand_zones")}
    hubs = {r["region_id"]: located(ev, "regions", "region_id", r["region_id"]) for r in china(ev, "regions")}
    ev.trace()
    claims = {row["from_place"]: row for row in ev.tables["network"] if row["record_kind"] == "measured_claim"}
    rows = []
    pairs = [*product(zones, hubs), *combinations(hubs, 2)]
    for one, other in pairs:
        km = distance_km((zones | hubs)[one], hubs[other])
        if km < ev.judge("plan.network.same_metro_km"):
            ev.trace()
            continue
        ev.trace()
        claim = claims.get(other)
        if claim is not None and one in zones and ev.look("demand_zones", "name", zone_id=one).startswith(claim["to_place"]):
            ms = ev.number("network", from_place=other, record_kind="measured_claim")
        else:
            ms = km / ev.judge("fibre_km_per_ms") * ev.number("network", from_place="china_hub", metric="route_factor")
        rows.append({"from_id": one, "to_id": other, "one_way_ms": ms, **ev.trace()})
    return rows


def china(ev: Evidence, table: str) -> list[dict[str, str]]:
    return [row for row in ev.tables[table] if row["country_iso2"] == "CN"]


def latency_targets_china(ev: Evidence) -> list[Row]:
    """What the programme requires: from eastern to western hubs, and from each city to the nearest hub."""
    hubs = {r["region_id"]: located(ev, "regions", "region_id", r["region_id"]) for r in china(ev, "regions")}
    cities = {z["zone_id"]: located(ev, "demand_zones", "zone_id", z["zone_id"]) for z in china(ev, "demand_zones")}
    ev.trace()
    near = {zone: min((distance_km(at, there), hub) for hub, there in hubs.items())[1] for zone, at in cities.items()}
    ends = [("hub_to_hub", "east", "west", "china_east_hub")]
    ends += [(f"{zone}_to_hub", zone, hub, "china_hub_cluster") for zone, hub in near.items()]
    rows = []
    for target, one, other, place in ends:
        ms = ev.number("network", record_kind="policy_target", from_place=place)
        rows.append({"target_id": target, "from": one, "to": other, "one_way_ms": ms, **ev.trace()})
    return rows
