"""Demand: what is asked, by zone or pool, who may serve it, and what its traffic costs."""

from __future__ import annotations

from typing import Any

from planner.plan.calendar import growth_factors
from planner.plan.day import DAY
from planner.plan.latency import Latency
from planner.plan.table import Table
from planner.plan.training_runs import runs_of
from planner.prepare.network import prices_of_routes
from planner.schema.settings import Settings

Tables = dict[str, Table]
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
    """[z,w,t]: a class with a latency limit keeps its zones, another is asked by the pool of each bloc; then training runs."""
    bloc = tables["zones"].mapping("zone_id", "bloc")
    latency = tables["classes"].mapping("class_id", "latency_ms")
    doubling = tables["classes"].mapping("class_id", "doubling_months")
    start: dict[tuple[str, str], float] = {}
    for zone, w, kh100e in tables["demand"].select("zone_id", "class_id", "start_kh100e"):
        z = zone if latency[w] is not None else bloc[zone]
        start[z, w] = start.get((z, w), 0.0) + kh100e
    asked = {
        (z, w, t): kh100e * 2 ** ((t - 1) / (doubling[w] or settings.demand.doubling_months))
        for (z, w), kh100e in start.items()
        for t in range(1, settings.months + 1)
    }
    for zone, w, path in runs_of(tables["training_runs"], settings.start, settings.months):
        for t, kh100e in enumerate(path, start=1):
            asked[zone if latency[w] is not None else bloc[zone], w, t] += kh100e
    return asked


def servable_of(settings: Settings, tables: Tables, demand: Demand) -> Flows:
    """Who may serve whom: near enough, where the law of the asking bloc allows, and in orbit only what may fly."""
    latency = Latency(settings, tables)
    bloc_of = tables["zones"].mapping("zone_id", "bloc")
    regions = list(tables["regions"].select("region_id", "bloc"))
    designs = list(tables["designs"].select("design_id", "bloc"))
    limit = tables["classes"].mapping("class_id", "latency_ms")
    flies = {w: orbit == "yes" for w, orbit in tables["classes"].select("class_id", "orbit")}
    allowed = {(w, bloc): set(blocs) for w, bloc, blocs in tables["residency"].select("class_id", "from_bloc", "to_blocs")}
    flows = []
    for z, w in dict.fromkeys((z, w) for z, w, _ in demand):
        may = allowed.get((w, z if limit[w] is None else bloc_of[z]))
        for place, place_bloc in (*regions, *(designs if flies[w] else ())):
            if (may is None or place_bloc in may) and latency.fast_enough(z, place, limit[w]):
                flows.append((z, w, place))
    return tuple(flows)


def network_prices(settings: Settings, tables: Tables, servable: Flows) -> dict[tuple[str, str, str], float]:
    """[z,w,r/o] for the traffic of served compute; nothing is charged inside a metro. A pool has no metro."""
    latency = Latency(settings, tables)
    has_zones = {w: latency is not None for w, latency in tables["classes"].select("class_id", "latency_ms")}
    traffic = tables["classes"].mapping("class_id", "gbit_s_per_kh100e")
    price = settings.network.usd_per_gbit_s_month
    own = prices_of_routes(tables)
    prices: dict[tuple[str, str, str], float] = {}
    for z, w, place in servable:
        inside = has_zones[w] and latency.same_metro(z, place)
        prices[z, w, place] = 0.0 if inside else own.get((z, place), price) * traffic[w]
    return prices


def links_of(tables: Tables, months: int) -> dict[tuple[str, int], float]:
    return {
        (r, t): gbit_s * factor
        for r, gbit_s, growth in tables["links"].select("region_id", "gbit_s", "growth_frac_per_year")
        for t, factor in enumerate(growth_factors(months, growth), start=1)
    }
