"""Network: what links and routes carry, and what the traffic of served compute costs."""

from __future__ import annotations

from models.data import Route
from planner.plan.calendar import Calendar
from planner.plan.latency import Latency
from planner.plan.places import joined
from planner.plan.series import by_month
from planner.plan.table import Table
from planner.schema.settings import Settings

Tables = dict[str, Table]


def network_prices(
    settings: Settings, tables: Tables, servable: tuple[tuple[str, str, str], ...]
) -> dict[tuple[str, str, str], float]:
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


def links_of(tables: Tables, calendar: Calendar) -> dict[tuple[str, int], float]:
    """[r,t] capacity of each region with a link, growing year by year."""
    paths = by_month(tables["links"], "gbit_s", calendar, "growth_frac_per_year")
    return {
        (r, t): gbit_s for (r,), path in zip(tables["links"].keys, paths, strict=True) for t, gbit_s in enumerate(path, start=1)
    }


def routes_of(tables: Tables, calendar: Calendar) -> tuple[Route, ...]:
    """Routes with a capacity, their names resolved; growth is by month."""
    found = []
    columns = ("route_id", "from", "to", "gbit_s", "growth_frac_per_month")
    for route, origins, ends, gbit_s, growth in tables["routes"].select(*columns):
        if gbit_s is not None:
            path = {t: gbit_s * (1.0 + growth) ** step for t, step in enumerate(calendar.elapsed(), start=1)}
            found.append(Route(route, *joined(tables, origins, ends), path))
    return tuple(found)


def prices_of_routes(tables: Tables) -> dict[tuple[str, str], float]:
    """[z, r or o] in USD per Gbit/s and month, where a route states a price."""
    return {
        (z, x): usd
        for origins, ends, usd in tables["routes"].select("from", "to", "usd_per_gbit_s_month")
        if usd is not None
        for zones, places in (joined(tables, origins, ends),)
        for z in zones
        for x in places
    }
