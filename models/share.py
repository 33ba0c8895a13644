"""Shares: a least or greatest part of a demand that certain places must or may serve.

"Ireland hosts 12 % of Europe's inference" is one. It is a part of what is served of the demand, so that a cap of 30 % means the
same where much is left unserved; where the plan says so, it is a part of all that is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyomo.core as pyo

from models.data import PlanData
from models.index import asked_kh100e, parameter
from models.records import Share
from models.rows import Price, rows

after = ("demand",)

Flow = tuple[str, str, str]
UNIT = "USD per kH100e-month"


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """For each share, the flows that count, and what it is a part of: flows, or a demand."""
    flows = list(dict.fromkeys((z, w, x) for z, w, x, _ in m.serve))
    m.SHARES = pyo.Set(initialize=[s.share_id for s in d.shares])
    m.SHARE_FLOWS = pyo.Set(m.SHARES, dimen=3, initialize={s.share_id: flows_of(s, flows) for s in d.shares})
    m.WHOLE_FLOWS = pyo.Set(m.SHARES, dimen=3, initialize={s.share_id: whole_of(s, flows) for s in d.shares})
    least = {s.share_id: s.min_frac for s in d.shares if s.min_frac is not None}
    most = {s.share_id: s.max_frac for s in d.shares if s.max_frac is not None}
    m.LEAST = pyo.Set(initialize=[(s.share_id, t) for s in d.shares if s.share_id in least for t in s.months], dimen=2)
    m.MOST = pyo.Set(initialize=[(s.share_id, t) for s in d.shares if s.share_id in most for t in s.months], dimen=2)
    m.min_frac, m.max_frac = parameter(least, m.SHARES, default=0.0), parameter(most, m.SHARES, default=0.0)
    demands = {(s.share_id, t): asked_kh100e(d, s.pools, t) for s in d.shares if s.of == "asked" for t in s.months}
    m.asked_kh100e = parameter(demands, m.SHARES, m.MONTHS, default=0.0)


def least_kh100e(solved: Any, s: str, t: int) -> float:
    """What a share requires in a solved plan."""
    share = _named(solved.data, s)
    return (share.min_frac or 0.0) * whole(solved, share, t)


def most_kh100e(solved: Any, s: str, t: int) -> float:
    """What a share allows in a solved plan."""
    share = _named(solved.data, s)
    return (share.max_frac or 0.0) * whole(solved, share, t)


@rows(
    "LEAST",
    kind="requirement",
    account="a share that must be served",
    price=Price(UNIT, "one kH100e less required by {where} in {month}", "share to be served", "thousand H100e less required"),
    must="{share} must serve",
    side=least_kh100e,
)
def require_share(m, s, t):
    """sum over the flows of s of serve[z,w,x,t] >= min_frac[s] * sum over all places of serve[z,w,x,t], or * demand[t].

    A policy or a customer insists that work is done in certain places.
    Dual: what it costs that one more unit than the share must be done there, million USD per kH100e and month."""
    part = sum(m.serve[z, w, x, t] for z, w, x in m.SHARE_FLOWS[s])
    served = sum(m.serve[z, w, x, t] for z, w, x in m.WHOLE_FLOWS[s])
    return part - m.min_frac[s] * served >= m.min_frac[s] * m.asked_kh100e[s, t]


@rows(
    "MOST",
    kind="limit",
    account="a share that is capped",
    price=Price(UNIT, "one more kH100e allowed by {where} in {month}", "cap on a share", "thousand H100e allowed"),
    side=most_kh100e,
)
def limit_share(m, s, t):
    """sum over the flows of s of serve[z,w,x,t] <= max_frac[s] * sum over all places of serve[z,w,x,t], or * demand[t].

    A policy or a risk rule caps what certain places may do.
    Dual: what one more unit than the share is worth there in the month, million USD per kH100e and month."""
    part = sum(m.serve[z, w, x, t] for z, w, x in m.SHARE_FLOWS[s])
    served = sum(m.serve[z, w, x, t] for z, w, x in m.WHOLE_FLOWS[s])
    return part - m.max_frac[s] * served <= m.max_frac[s] * m.asked_kh100e[s, t]


def flows_of(share: Share, flows: list[Flow]) -> list[Flow]:
    """The flows that count towards a share."""
    pools, places = set(share.pools), set(share.places)
    return [(z, w, x) for z, w, x in flows if (z, w) in pools and x in places]


def whole_of(share: Share, flows: Iterable[Flow]) -> list[Flow]:
    """The flows that a share of what is served is a part of."""
    pools = set(share.pools) if share.of == "served" else ()
    return [(z, w, x) for z, w, x in flows if (z, w) in pools]


def requires(d: PlanData, share: Share) -> bool:
    """Whether a least share asks for anything by itself. One of what is served does not where all may go unserved."""
    return bool(share.min_frac) and (share.of == "asked" or not d.unserved_allowed)


def whole(solved: Any, share: Share, t: int) -> float:
    """What a share is a part of in a solved plan, kH100e: its ``values``, of its ``data``."""
    d: PlanData = solved.data
    serve: Mapping[Any, float] = solved.values["serve"]
    if share.of == "served":
        return sum(serve.get((*flow, t), 0.0) for flow in whole_of(share, d.servable))
    return asked_kh100e(d, share.pools, t)


def _named(d: PlanData, share_id: str) -> Share:
    return next(s for s in d.shares if s.share_id == share_id)
