"""Continuity: what is served of a class does not collapse from one month to the next, wherever it is served.

    demand[z,w,t] - unserved[z,w,t] >= (1 - max_fall_frac[w]) * kept_frac[z,w,t] * (demand[z,w,t-1] - unserved[z,w,t-1])

Whoever trains a model or serves a product for months cannot do without most of it next month. Where demand itself falls,
service may fall as far: kept_frac is demand over that of the month before, at most 1. Only classes with such a limit have rows.
"""

from __future__ import annotations

import pyomo.core as pyo

from models.data import PlanData
from models.index import kept_frac, parameter
from models.rows import Price, rows

after = ("demand",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Demands whose service may fall by so much a month."""
    steady = [(z, w) for z, w in m.DEMANDS if w in d.max_fall_frac_per_month and d.unserved_allowed]
    later = [(z, w, t) for z, w in steady for t in m.MONTHS if t > 1]
    m.STEADY = pyo.Set(initialize=later, dimen=3)
    asked = d.demand_kh100e
    least = {
        (z, w, t): (1.0 - d.max_fall_frac_per_month[w]) * kept_frac(asked[z, w, t - 1], asked[z, w, t]) for z, w, t in later
    }
    m.least_kept_frac = parameter(least, m.STEADY)


@rows(
    "STEADY",
    kind="limit",
    account="the continuity of that service",
    price=Price(
        "USD per kH100e-month",
        "one kH100e less of service to keep up ({where}) in {month}",
        "continuity of service",
        "thousand H100e less to keep up",
    ),
)
def keep_service(m, z, w, t):
    """demand[z,w,t] - unserved[z,w,t] >= least_kept_frac[z,w,t] * (demand[z,w,t-1] - unserved[z,w,t-1]).

    Work that goes on for months can be cut by so much a month and no more; least_kept_frac: (1 - max_fall_frac) * kept_frac.
    Dual: what one unit less to keep up saves, million USD per kH100e and month."""
    return m.unserved[z, w, t] - m.least_kept_frac[z, w, t] * m.unserved[z, w, t - 1] <= (
        m.demand[z, w, t] - m.least_kept_frac[z, w, t] * m.demand[z, w, t - 1]
    )
