"""Network: bytes follow the work. Gbit/s per unit of compute against links and downlinks, at a price.

Which place can serve whom (latency, residency, export) is decided before the model: pairs that cannot be have no variable.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import parameter
from models.records import Route
from models.rows import Price, rows

after = ("demand",)
needs = ("fleet", "orbit")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Links of regions, routes and downlinks of designs, where the plan states them."""
    m.LINKED = pyo.Set(initialize=list(d.link_gbit_s), dimen=2)
    m.link_gbit_s = parameter(d.link_gbit_s, m.LINKED)
    m.gbit_s_per_kh100e = parameter(d.gbit_s_per_kh100e, m.CLASSES)
    m.ROUTED = pyo.Set(initialize=[(n.route_id, t) for n in d.routes for t in n.gbit_s], dimen=2)
    m.route_gbit_s = parameter({(n.route_id, t): gbit_s for n in d.routes for t, gbit_s in n.gbit_s.items()}, m.ROUTED)
    m.ROUTES = pyo.Set(initialize=[n.route_id for n in d.routes])
    m.ROUTE_FLOWS = pyo.Set(m.ROUTES, dimen=3, initialize={n.route_id: flows_on(n, m) for n in d.routes})
    m.DOWNLINKED = pyo.Set(initialize=[o for o in d.designs if o in d.downlink_gbit_s_per_mw])
    m.downlink_gbit_s_per_mw = parameter(d.downlink_gbit_s_per_mw, m.DOWNLINKED)
    above: dict[tuple[str, int], float] = {}
    for (o, g, t), kunit in d.start_alive_kunit.items():
        above[o, t] = above.get((o, t), 0.0) + d.kw_per_unit[g] * kunit
    m.alive_before = parameter(above, m.DESIGNS, m.MONTHS, default=0.0)
    m.alive = parameter(d.orbit_alive_frac, m.DESIGNS, m.MONTHS, m.MONTHS, default=0.0)


@rows(
    "LINKED",
    kind="limit",
    account="the link",
    price=Price("USD per Gbit/s-month", "one more Gbit/s to {where} during {month}", "links", "Gbit/s for a month"),
)
def limit_network(m, r, t):
    """sum_zw gbit_s_per_kh100e[w] * serve[z,w,r,t] <= link_gbit_s[r,t].

    What a region serves must reach those who asked.
    Dual: what one more Gbit/s is worth in the month, million USD per Gbit/s."""
    return sum(m.gbit_s_per_kh100e[w] * m.serve[z, w, r, t] for z, w in m.SERVED_BY[r]) <= m.link_gbit_s[r, t]


@rows(
    "ROUTED",
    kind="limit",
    account="the route",
    price=Price("USD per Gbit/s-month", "one more Gbit/s on {where} during {month}", "routes", "Gbit/s for a month"),
)
def limit_route(m, n, t):
    """sum over the flows of n of gbit_s_per_kh100e[w] * serve[z,w,x,t] <= route_gbit_s[n,t].

    Fibre between some who ask and some who answer carries so much and no more, whoever uses it.
    Dual: what one more Gbit/s is worth in the month, million USD per Gbit/s."""
    return sum(m.gbit_s_per_kh100e[w] * m.serve[z, w, x, t] for z, w, x in m.ROUTE_FLOWS[n]) <= m.route_gbit_s[n, t]


@rows(
    "DOWNLINKED",
    "MONTHS",
    kind="limit",
    account="the downlink",
    price=Price("USD per Gbit/s-month", "one more Gbit/s down from {where} during {month}", "downlink", "Gbit/s for a month"),
)
def limit_downlink(m, o, t):
    """sum_zw gbit_s_per_kh100e[w] * serve[z,w,o,t] <= downlink_gbit_s_per_mw[o] * alive_mw[o,t].

    Light through clouds: a satellite serves no more than it can send down.
    Dual: what one more Gbit/s of downlink is worth in the month, million USD per Gbit/s."""
    return sum(m.gbit_s_per_kh100e[w] * m.serve[z, w, o, t] for z, w in m.SERVED_BY[o]) <= m.downlink_gbit_s_per_mw[o] * (
        sum(m.alive[o, v, t] * m.kw_per_unit[g] * m.deploy[o, g, v] for g in m.ORBIT_FLEET_OF[o] for v in m.ALIVE_VINTAGES[t])
        + m.alive_before[o, t]
    )


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Transit of what is served outside its own metro."""
    transit = {flow: {"network": usd} for flow, usd in d.network_usd_per_kh100e_month.items() if usd}
    later = {index: {"network": usd} for index, usd in d.network_later_usd_per_kh100e_month.items()}
    for index in used("serve"):
        z, w, x, t = index
        usd = later.get(index, transit.get((z, w, x)))
        if usd:
            yield cost("serve", index, x, w, (t,), usd, d.discount[t])


def flows_on(route: Route, m: pyo.ConcreteModel) -> list[tuple[str, str, str]]:
    """The flows that a route carries."""
    pools = set(route.pools)
    return [(z, w, x) for x in route.places for z, w in m.SERVED_BY[x] if z in pools]
