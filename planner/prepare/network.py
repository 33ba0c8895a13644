"""Network: what links and routes carry, and what the traffic of served compute costs."""

from __future__ import annotations

from typing import Any

from models.records import Route
from planner.plan.calendar import Calendar
from planner.plan.latency import Latency
from planner.plan.places import joined
from planner.plan.series import held, keyed
from planner.plan.table import Table
from planner.schema.settings import Settings

Tables = dict[str, Table]


def network_prices(
    settings: Settings, tables: Tables, calendar: Calendar, servable: tuple[tuple[str, str, str], ...]
) -> dict[str, Any]:
    """Every field of PlanData about the price of traffic; nothing is charged inside a metro. A pool has no metro."""
    latency = Latency(settings, tables)
    has_zones = {w: latency is not None for w, latency in tables["classes"].select("class_id", "latency_ms")}
    traffic = tables["classes"].mapping("class_id", "gbit_s_per_kh100e")
    of_plan = [settings.network.usd_per_gbit_s_month] * len(calendar.months)
    own = prices_of_routes(tables, calendar, settings.network.usd_per_gbit_s_month)
    first: dict[tuple[str, str, str], float] = {}
    later: dict[tuple[str, str, str, int], float] = {}
    for z, w, place in servable:
        inside = has_zones[w] and latency.same_metro(z, place)
        path = own.get((z, place), of_plan)
        first[z, w, place] = 0.0 if inside else path[0] * traffic[w]
        if not inside and any(usd != path[0] for usd in path):
            later |= {(z, w, place, t): usd * traffic[w] for t, usd in enumerate(path, start=1)}
    return {"network_usd_per_kh100e_month": first, "network_later_usd_per_kh100e_month": later}


def links_of(tables: Tables, calendar: Calendar) -> dict[Any, float]:
    """[r,t] capacity of each region with a link, growing year by year."""
    return keyed(tables["links"], "gbit_s", calendar, "growth_frac_per_year")


def routes_of(tables: Tables, calendar: Calendar) -> tuple[Route, ...]:
    """Routes with a capacity, their names resolved; growth is by month."""
    found = []
    columns = ("route_id", "from", "to", "gbit_s", "growth_frac_per_month")
    for route, origins, ends, gbit_s, growth in tables["routes"].select(*columns):
        if gbit_s is not None:
            path = {t: gbit_s * (1.0 + growth) ** step for t, step in enumerate(calendar.elapsed(), start=1)}
            found.append(Route(route, *joined(tables, origins, ends), path))
    return tuple(found)


def prices_of_routes(tables: Tables, calendar: Calendar, of_plan: float) -> dict[tuple[str, str], list[float]]:
    """[z, r or o] in USD per Gbit/s and month, by month, where a route states a price; the plan's before its first month."""
    routes = tables["routes"]
    paths = held(routes, "usd_per_gbit_s_month", calendar)
    return {
        (z, x): [of_plan if one.value is None else one.value for one in path]
        for (origins, ends), path in zip(routes.select("from", "to"), paths, strict=True)
        if any(one.value is not None for one in path)
        for zones, places in (joined(tables, origins, ends),)
        for z in zones
        for x in places
    }
