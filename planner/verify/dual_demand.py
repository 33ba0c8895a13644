"""Dual of demand: what a unit of compute must at least cost where it is asked.

Primal rows (z pool, w class, x place, t month, k slice, s share):

    serve_demand          sum_x serve + unserved = asked
    count_unserved_core   unserved - unserved_core <= (1 - core) asked
    place_compute         sum_zw (1 - flexible) shape[k] serve + sum_w shift[k] - availability sum_g h100e run[k] <= 0
                          (in orbit without availability)
    keep_flexible_work    sum_k-of-day length (shift[k] - flexible sum_z shape[k] serve) = 0
    conserve_waiting      waiting[k] - waiting[k-1] - length (flexible sum_z shape[k] serve - shift[k]) = 0
    limit_waiting         waiting[k] - flexible sum_zj recent[k,j] shape[j] serve <= 0
    limit_network         sum_zw gbit serve <= link
    limit_route           sum over its flows of gbit serve <= what it carries
    limit_downlink        sum_zw gbit serve - downlink sum_gv alive[v,t] kw deploy[v] <= 0
    require_share         sum over its flows of serve >= least,     limit_share  <= most
"""

from __future__ import annotations

import numpy as np

from planner.verify.demand import link_gbit_s
from planner.verify.dual_bound import Bound
from planner.verify.dual_reach import Reach
from planner.verify.dual_rows import Duals
from planner.verify.prices import unserved_usd_per_h100e_h
from planner.verify.shares import Share
from planner.verify.verdict import Array

ASKING = ("pool_id", "class_id", "month")


def bound_demand(bound: Bound, y: Duals, reach: Reach, shares: list[Share]) -> None:
    """Right sides and reduced costs of what is served, and of what is not."""
    run, demand = reach.run, reach.demand
    value, premium = unserved_usd_per_h100e_h(run)
    hours = run.discount * run.hours / 1e3
    allowed = run.word("unserved", "allowed", ("allowed", "forbidden")) == "allowed"
    short = demand.asked if allowed else np.zeros_like(demand.asked)
    can_wait = (1.0 - run.vector("inputs.classes", "core_frac"))[:, None] * demand.asked
    unserved = value[:, None] * hours - y["serve_demand"] + y["count_unserved_core"]
    bound.variable("unserved", ASKING, unserved, short)
    bound.variable("unserved_core", ASKING, premium[:, None] * hours - y["count_unserved_core"], short)
    bound.side(y["serve_demand"], demand.asked)
    bound.side(-y["count_unserved_core"], can_wait)

    compute = np.concatenate([y["place_compute"], y["place_compute_in_orbit"]])
    paid = demand.usd_per_gbit_s_month[:, None, :] * demand.gbit_s[None, :, None] / 1e6
    links = np.concatenate([y["limit_network"], y["limit_downlink"]])
    worked = _flexible(bound, y, reach, compute)
    serve = paid[..., None] * run.discount + np.einsum("zwtk,wxtk->zwxt", reach.hours.shape, worked)
    serve += demand.gbit_s[None, :, None, None] * links - y["serve_demand"][:, :, None, :]
    for route, dual in zip(demand.routes, y["limit_route"], strict=True):
        serve[np.ix_(route.asks, np.ones(len(demand.gbit_s), dtype=bool), route.ends)] += demand.gbit_s[:, None, None] * dual
        bound.side(-dual, route.gbit_s)
    for share, least, most in zip(shares, y["require_share"], y["limit_share"], strict=True):
        serve[np.ix_(share.asks, share.works, share.counts)] += most - least
        bound.side(least, share.least)
        bound.side(-most, share.most)
    bound.variable("serve", ("pool_id", "class_id", "place_id", "month"), serve, reach.serve)
    bound.side(-y["limit_network"], link_gbit_s(run))


def _flexible(bound: Bound, y: Duals, reach: Reach, compute: Array) -> Array:
    """What a unit of each class in each slice costs, [w,x,t,k]: in its hour, or where in its day it is cheapest."""
    hours = reach.hours
    flexible = reach.demand.flexible_frac(hours)[:, None, None, None]
    waiting = y["conserve_waiting"][..., hours.after] - y["conserve_waiting"] + y["limit_waiting"]
    recent = np.stack([hours.recent_h(window_h) for window_h in reach.demand.window_h])
    moved = hours.length * (y["keep_flexible_work"][..., hours.day] + y["conserve_waiting"])
    late = np.einsum("wkj,wxtk->wxtj", recent, y["limit_waiting"])
    due = np.einsum("zwxt,zwtk->wxtk", reach.serve, hours.shape * hours.length) @ hours.same_day
    slices = [f"slice {number}" for number in range(1, len(hours.slices) + 1)]
    axes = ("class_id", "place_id", reach.run.months, slices)
    bound.variable("shift", axes, compute[None] - moved, flexible * due / hours.length)
    bound.variable("waiting", axes, waiting, flexible * due)
    return np.asarray((1.0 - flexible) * compute[None] + flexible * (moved - late))
