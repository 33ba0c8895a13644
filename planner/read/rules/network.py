"""Rules of the network: each pair has one delay, and no traffic is priced twice."""

from __future__ import annotations

from planner.codes import Code
from planner.plan.places import joined
from planner.plan.series import held
from planner.read.rules.rule_context import RuleContext
from planner.schema.fields import cell_text


def latencies_join_pairs(context: RuleContext) -> None:
    """Each pair of different places is stated once, in either direction."""
    latency = context.tables["latency"]
    stated: dict[frozenset[str], int] = {}
    for position, (one, other) in enumerate(latency.select("from_id", "to_id")):
        if one == other:
            context.refuse(Code.E_PAIR, latency, position, "to_id", other, "another place than from_id")
        first = stated.setdefault(frozenset((one, other)), position)
        if first != position:
            text = f"{one} to {other}: the other way round in line {latency.rows[first].line}, expected each pair once"
            context.findings.add(Code.E_PAIR, latency.place(position, "from_id"), text, one, "each pair once")


def routes_make_sense(context: RuleContext) -> None:
    """A route has a capacity or a price, and no traffic has two prices."""
    routes = context.tables["routes"]
    paths = held(routes, "usd_per_gbit_s_month", context.calendar)
    prices = [next((one.value for one in path if one.value is not None), None) for path in paths]
    for position, (gbit_s, usd) in enumerate(zip(routes.column("gbit_s"), prices, strict=True)):
        if gbit_s is None and usd is None:
            at = routes.place(position, "gbit_s")
            text = "gbit_s and usd_per_gbit_s_month are both empty: expected one of them"
            context.findings.add(Code.E_RANGE, at, text, "", "a capacity or a price")
    priced: dict[tuple[str, str], str] = {}
    named = zip(routes.select("route_id", "from", "to"), prices, strict=True)
    for position, ((route, origins, ends), usd) in enumerate(named):
        if usd is None:
            continue
        zones, places = joined(context.tables, origins, ends)
        both = next(((z, x) for z in zones for x in places if (z, x) in priced), None)
        if both is not None:
            at = routes.place(position, "usd_per_gbit_s_month")
            text = f"traffic from {both[0]} to {both[1]} already has a price in route {priced[both]}"
            context.findings.add(
                Code.E_PAIR, at, f"{route}: {text}, expected one price", cell_text(usd), "one price for each pair"
            )
        priced |= {(z, x): route for z in zones for x in places}
