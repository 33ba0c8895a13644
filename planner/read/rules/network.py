"""Rules of the network: rows speak of zones and places that exist, and no traffic is priced twice."""

from __future__ import annotations

from planner.plan.places import joined, names_of_places
from planner.read.rules.rule_context import Scope
from planner.schema.fields import cell_text


def latency_ends_exist(scope: Scope) -> None:
    zones = set(scope.tables["zones"].column("zone_id"))
    regions = set(scope.tables["regions"].column("region_id"))
    designs = set(scope.tables["designs"].column("design_id"))
    latency = scope.tables["latency"]
    scope.known(latency, "from_id", zones | regions, "a zone or region")
    scope.known(latency, "to_id", regions | designs, "a region or design")
    stated: dict[frozenset[str], int] = {}
    for position, (one, other) in enumerate(latency.select("from_id", "to_id")):
        if one == other:
            scope.findings.refuse(latency.place(position, "to_id"), "to_id", other, "another place than from_id")
        first = stated.setdefault(frozenset((one, other)), position)
        if first != position:
            text = f"{one} to {other}: the other way round in line {latency.rows[first].line}, expected each pair once"
            scope.findings.add(latency.place(position, "from_id"), text, one, "each pair once")


def targets_name_places(scope: Scope) -> None:
    places = set().union(*names_of_places(scope.tables).values())
    zones = {*scope.tables["zones"].column("zone_id"), *scope.tables["zones"].column("bloc")}
    table = scope.tables["latency_targets"]
    for column in ("from", "to"):
        scope.known_list(table, column, zones | places, "zones, regions, designs, blocs, groups, or orbit")


def routes_make_sense(scope: Scope) -> None:
    routes = scope.tables["routes"]
    askers = {*scope.tables["zones"].column("zone_id"), *scope.tables["zones"].column("bloc")}
    scope.known_list(routes, "from", askers, "zones or blocs that ask")
    scope.known_list(
        routes, "to", set().union(*names_of_places(scope.tables).values()), "regions, designs, blocs, groups, or orbit"
    )
    for position, (gbit_s, usd) in enumerate(routes.select("gbit_s", "usd_per_gbit_s_month")):
        if gbit_s is None and usd is None:
            at = routes.place(position, "gbit_s")
            text = "gbit_s and usd_per_gbit_s_month are both empty: expected one of them"
            scope.findings.add(at, text, "", "a capacity or a price")
    priced: dict[tuple[str, str], str] = {}
    for position, (route, origins, ends, usd) in enumerate(routes.select("route_id", "from", "to", "usd_per_gbit_s_month")):
        if usd is None:
            continue
        zones, places = joined(scope.tables, origins, ends)
        both = next(((z, x) for z in zones for x in places if (z, x) in priced), None)
        if both is not None:
            at = routes.place(position, "usd_per_gbit_s_month")
            text = f"traffic from {both[0]} to {both[1]} has a price in route {priced[both]} already"
            scope.findings.add(at, f"{route}: {text}, expected one price", cell_text(usd), "one price for each pair")
        priced |= {(z, x): route for z in zones for x in places}
