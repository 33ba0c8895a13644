"""Demand: what is asked, by zone or pool, who may serve it, and what its traffic costs."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Any

from planner.read.clock import DAY
from planner.read.months import growth_factors
from planner.read.table import Table

if TYPE_CHECKING:
    from planner.read.settings import Settings

Tables = dict[str, Table]
EARTH_RADIUS_KM = 6371.0
Demand = dict[tuple[str, str, int], float]
Flows = tuple[tuple[str, str, str], ...]


def classes_of(tables: Tables) -> dict[str, Any]:
    return {"classes": tuple(tables["classes"].column("class_id"))}


def value_of(tables: Tables) -> dict[str, Any]:
    """What a class is worth, and what its traffic is. Without a value of its own the core is worth what the rest is."""
    names = ("flexible_frac", "value_usd_per_h100e_h", "core_frac", "weight", "gbit_s_per_kh100e")
    worth = tables["classes"].select("class_id", "value_usd_per_h100e_h", "core_value_usd_per_h100e_h")
    windows = tables["classes"].select("class_id", "flexible_window_h")
    return {
        "flexible_window_h": {w: hours for w, hours in windows if hours is not None and hours < DAY},
        "core_value_usd_per_h100e_h": {w: usd if core is None else core for w, usd, core in worth},
        **{name: tables["classes"].mapping("class_id", name) for name in names},
    }


def demand_of(settings: Settings, tables: Tables) -> Demand:
    """[z,w,t]: a class with a latency limit keeps its zones, another is asked by the pool of each bloc."""
    bloc = tables["zones"].mapping("zone_id", "bloc")
    latency = tables["classes"].mapping("class_id", "latency_ms")
    doubling = tables["classes"].mapping("class_id", "doubling_months")
    start: dict[tuple[str, str], float] = {}
    for zone, w, kh100e in tables["demand"].select("zone_id", "class_id", "start_kh100e"):
        z = zone if latency[w] is not None else bloc[zone]
        start[z, w] = start.get((z, w), 0.0) + kh100e
    return {
        (z, w, t): kh100e * 2 ** ((t - 1) / (doubling[w] or settings.demand.doubling_months))
        for (z, w), kh100e in start.items()
        for t in range(1, settings.months + 1)
    }


def servable_of(settings: Settings, tables: Tables, demand: Demand) -> Flows:
    """Who may serve whom: near enough, where the law of the asking bloc allows, and in orbit only what may fly."""
    zones = {zone: (bloc, lat, lon) for zone, bloc, lat, lon in _located(tables, "zones", "zone_id")}
    regions = list(_located(tables, "regions", "region_id"))
    designs = list(tables["designs"].select("design_id", "bloc"))
    limit = tables["classes"].mapping("class_id", "latency_ms")
    flies = {w: orbit == "yes" for w, orbit in tables["classes"].select("class_id", "orbit")}
    allowed = {(w, bloc): set(blocs) for w, bloc, blocs in tables["residency"].select("class_id", "from_bloc", "to_blocs")}
    flows = []
    for z, w in dict.fromkeys((z, w) for z, w, _ in demand):
        bloc = z if limit[w] is None else zones[z][0]
        may = allowed.get((w, bloc))
        for r, place_bloc, lat, lon in regions:
            if may is not None and place_bloc not in may:
                continue
            if limit[w] is None or round_trip_ms(settings, distance_km(*zones[z][1:], lat, lon)) <= limit[w]:
                flows.append((z, w, r))
        for o, place_bloc in designs:
            near = limit[w] is None or settings.network.orbit_rtt_ms <= limit[w]
            if flies[w] and near and (may is None or place_bloc in may):
                flows.append((z, w, o))
    return tuple(flows)


def network_prices(settings: Settings, tables: Tables, servable: Flows) -> dict[tuple[str, str, str], float]:
    """[z,w,r/o] for the traffic of served compute; nothing is charged inside a metro. A pool has no metro."""
    zones = {zone: (lat, lon) for zone, _, lat, lon in _located(tables, "zones", "zone_id")}
    regions = {r: (lat, lon) for r, _, lat, lon in _located(tables, "regions", "region_id")}
    has_zones = {w: latency is not None for w, latency in tables["classes"].select("class_id", "latency_ms")}
    traffic = tables["classes"].mapping("class_id", "gbit_s_per_kh100e")
    price = settings.network.usd_per_gbit_s_month
    prices: dict[tuple[str, str, str], float] = {}
    for z, w, place in servable:
        inside = has_zones[w] and place in regions
        km = distance_km(*zones[z], *regions[place]) if inside else settings.network.same_metro_km
        prices[z, w, place] = 0.0 if km < settings.network.same_metro_km else price * traffic[w]
    return prices


def links_of(tables: Tables, months: int) -> dict[tuple[str, int], float]:
    return {
        (r, t): gbit_s * factor
        for r, gbit_s, growth in tables["links"].select("region_id", "gbit_s", "growth_frac_per_year")
        for t, factor in enumerate(growth_factors(months, growth), start=1)
    }


def distance_km(lat_1: float, lon_1: float, lat_2: float, lon_2: float) -> float:
    """Great circle on a sphere of 6371 km (haversine)."""
    north, south = radians(lat_1), radians(lat_2)
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(radians(lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def round_trip_ms(settings: Settings, km: float) -> float:
    network = settings.network
    if km < network.same_metro_km:
        return network.same_metro_ms
    return network.rtt_intercept_ms + network.rtt_slope_ms_per_km * km


def _located(tables: Tables, name: str, key: str) -> Any:
    return tables[name].select(key, "bloc", "latitude_deg", "longitude_deg")
