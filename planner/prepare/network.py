"""Routes: which pools and places they join, what they carry, what their traffic costs."""

from __future__ import annotations

from models.data import Route
from planner.plan.places import joined
from planner.plan.table import Table

Tables = dict[str, Table]


def routes_of(tables: Tables, months: int) -> tuple[Route, ...]:
    """Routes with a capacity, their names resolved; growth is by month."""
    found = []
    columns = ("route_id", "from", "to", "gbit_s", "growth_frac_per_month")
    for route, origins, ends, gbit_s, growth in tables["routes"].select(*columns):
        if gbit_s is not None:
            path = {t: gbit_s * (1.0 + growth) ** (t - 1) for t in range(1, months + 1)}
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
