"""Shares: a least or greatest part of a demand that certain places must or may serve.

"Ireland hosts 12 % of Europe's inference" is one."""

from __future__ import annotations

import pyomo.environ as pyo

from models.data import PlanData, Share
from models.index import parameter
from models.rows import Price, rows

after = ("demand",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """For each share, the flows that count and the demand that it speaks of."""
    ids = [s.share_id for s in d.shares]
    m.SHARES = pyo.Set(initialize=ids)
    flows = list(dict.fromkeys((z, w, x) for z, w, x, _ in m.serve))
    m.SHARE_FLOWS = pyo.Set(m.SHARES, dimen=3, initialize={s.share_id: flows_of(s, flows) for s in d.shares})
    m.LEAST = pyo.Set(initialize=[(s.share_id, t) for s in d.shares if s.min_frac is not None for t in s.months], dimen=2)
    m.MOST = pyo.Set(initialize=[(s.share_id, t) for s in d.shares if s.max_frac is not None for t in s.months], dimen=2)
    least = {(s.share_id, t): s.min_frac * asked(d, s, t) for s in d.shares if s.min_frac is not None for t in s.months}
    most = {(s.share_id, t): s.max_frac * asked(d, s, t) for s in d.shares if s.max_frac is not None for t in s.months}
    m.least_kh100e, m.most_kh100e = parameter(least, m.LEAST), parameter(most, m.MOST)


@rows(
    "LEAST",
    kind="requirement",
    account="a share that must be served",
    price=Price(
        "USD per kH100e-month",
        "one kH100e less required by {where} in {month}",
        "share to be served",
        "thousand H100e less required",
    ),
    must="{share} must serve",
)
def require_share(m, s, t):
    """sum over the flows of s of serve[z,w,x,t] >= min_frac[s] * demand[t].

    A policy or a customer insists that work is done in certain places.
    Dual: what the requirement costs, million USD per kH100e and month."""
    return sum(m.serve[z, w, x, t] for z, w, x in m.SHARE_FLOWS[s]) >= m.least_kh100e[s, t]


@rows(
    "MOST",
    kind="limit",
    account="a share that is capped",
    price=Price(
        "USD per kH100e-month", "one more kH100e allowed by {where} in {month}", "cap on a share", "thousand H100e allowed"
    ),
)
def limit_share(m, s, t):
    """sum over the flows of s of serve[z,w,x,t] <= max_frac[s] * demand[t].

    A policy or a risk rule caps what certain places may do.
    Dual: what one more kH100e there is worth in the month, million USD per kH100e and month."""
    return sum(m.serve[z, w, x, t] for z, w, x in m.SHARE_FLOWS[s]) <= m.most_kh100e[s, t]


def flows_of(share: Share, flows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The flows that count towards a share."""
    pools, places = set(share.pools), set(share.places)
    return [(z, w, x) for z, w, x in flows if (z, w) in pools and x in places]


def asked(d: PlanData, share: Share, t: int) -> float:
    """The demand that a share speaks of in month t, kH100e."""
    return sum(d.demand_kh100e[z, w, t] for z, w in share.pools)
