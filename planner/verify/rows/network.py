"""Rows of the network and of shares: what links carry, and which part of what is asked is served where."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.verify.case import Case
from planner.verify.linear import Limit, Row, Side, contract, term
from planner.verify.run import indicator, listed


def network_rows(case: Case) -> Iterator[Row]:
    """Traffic stays within links, routes and downlinks."""
    run, gbit_s, routes, price = case.run, case.demand.gbit_s, case.demand.routes, "USD per Gbit/s-month"
    yearly = 1.0 + run.cube("inputs.links", "growth_frac_per_year")
    link = run.cube("inputs.links", "gbit_s", np.inf)[:, None] * yearly[:, None] ** (run.elapsed / 12.0)
    traffic = term("serve", "zwrt", w=gbit_s)
    yield Limit("limit_network", "rt", [traffic], [link], "Gbit/s", "traffic <= link", price=price)
    traffic = term("serve", "zwxt", w=gbit_s, iz=routes.asks, ix=routes.ends)
    law = "traffic <= what the route carries"
    yield Limit("limit_route", "it", [traffic], [routes.gbit_s], "Gbit/s", law, items=routes.names, price=price)
    per_mw = run.vector("inputs.designs", "downlink_gbit_s_per_mw")
    alive, stated = run.cube("orbit_coefficients", "alive_frac"), np.where(np.isinf(per_mw), 0.0, per_mw)
    down: Side = [term("deploy", "ogv", ovt=alive, g=case.fleet.kw, o=stated), np.where(np.isinf(per_mw), np.inf, 0.0)[:, None]]
    law = "traffic <= downlink of what is alive"
    yield Limit("limit_downlink", "ot", [term("serve", "zwot", w=gbit_s)], down, "Gbit/s", law, price=price)


def share_rows(case: Case) -> Iterator[Row]:
    """Least and greatest parts of what is asked, by where it is served."""
    run, demand, price = case.run, case.demand, "USD per kH100e-month"
    shares = run.table("inputs.shares").to_dict("records")
    pools = list(zip(run.axes["pool_id"], demand.pool_bloc, strict=True))
    asks = indicator(shares, pools, lambda share, pool: share["from_bloc"] in ("*", *pool))
    works = indicator(shares, run.axes["class_id"], lambda share, name: share["class_id"] in ("*", name))
    counts = indicator(shares, demand.place_names, lambda share, called: not called.isdisjoint(listed(share["to"])))
    active = indicator(shares, run.months, lambda share, month: share["from_month"] <= month <= (share["to_month"] or month))
    asked = contract([("zwt", demand.asked), ("iz", asks), ("iw", works)], "it")
    least, most = (run.vector("inputs.shares", column)[:, None] for column in ("min_frac", "max_frac"))
    least = np.where((active > 0.0) & np.isfinite(least), least * asked, 0.0)
    most = np.where((active > 0.0) & np.isfinite(most), most * asked, np.inf)
    served, names = term("serve", "zwxt", iz=asks, iw=works, ix=counts), run.texts("inputs.shares", "share_id")
    law = "a required share is served where it must be"
    yield Limit("require_share", "it", [least], [served], "kH100e", law, items=names, price=price)
    law = "a share stays under its cap"
    yield Limit("limit_share", "it", [served], [most], "kH100e", law, items=names, price=price)
