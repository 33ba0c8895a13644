"""Targets: how much of a demand is to be served in a month, wherever it is served.

    sum over the pools of a target of (demand - unserved) + missed >= min_served_frac * sum of demand

A service agreement or a policy states how much of what a country or a customer asks is to be served. Without a penalty it is
a requirement; with one, each H100e-hour missed costs the penalty, on top of the value of unserved compute. Where all demand
must be served, targets add nothing and have no rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import asked_kh100e, columns, fix_at, parameter
from models.records import Target
from models.rows import Price, rows

needs = ("demand",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Targets by month, what each misses, and what may stay unserved within it."""
    targets = d.targets if d.unserved_allowed else ()
    aimed = [(each.target_id, t) for each in targets for t in each.min_served_frac]
    m.TARGETS = pyo.Set(initialize=[each.target_id for each in targets])
    m.AIMED = pyo.Set(initialize=aimed, dimen=2)
    m.POOLS_OF = pyo.Set(m.TARGETS, dimen=2, initialize={each.target_id: each.pools for each in targets})
    m.missed = columns(aimed)
    must = {each.target_id for each in targets if each.penalty_usd_per_h100e_h is None}
    fix_at(m.missed, {(target, t): 0.0 for target, t in aimed if target in must})
    spare = {
        (each.target_id, t): (1.0 - frac) * asked_kh100e(d, each.pools, t)
        for each in targets
        for t, frac in each.min_served_frac.items()
    }
    m.spare_kh100e = parameter(spare, m.AIMED)


def least_served_kh100e(solved: Any, target: str, t: int) -> float:
    """What a target requires in a month."""
    each: Target = next(one for one in solved.data.targets if one.target_id == target)
    return each.min_served_frac[t] * asked_kh100e(solved.data, each.pools, t)


@rows(
    "AIMED",
    kind="requirement",
    account="a target for what is served",
    price=Price(
        "USD per kH100e-month",
        "one kH100e less required by {where} in {month}",
        "target for what is served",
        "thousand H100e less required",
    ),
    must="target {target} must reach",
    side=least_served_kh100e,
)
def require_target(m, target, t):
    """sum over the pools of target of (demand[z,w,t] - unserved[z,w,t]) + missed[target,t] >=
    min_served_frac[target,t] * sum over its pools of demand[z,w,t].

    A customer, a country or a class is to have so much of what it asks; what is missed is allowed where it has a penalty.
    Dual: what it costs that one more unit must be served, at most the penalty, million USD per kH100e and month."""
    return m.missed[target, t] - sum(m.unserved[z, w, t] for z, w in m.POOLS_OF[target]) >= -m.spare_kh100e[target, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """What is missed pays its penalty: kH100e x hours x USD per H100e-hour = thousand USD."""
    usd = {each.target_id: each.penalty_usd_per_h100e_h for each in d.targets}
    for index in used("missed"):
        target, t = index
        hours = sum(d.hours_h[t, k] for k in d.slices)
        yield cost("missed", index, "", target, (t,), {"target_penalty": usd[target] or 0.0}, d.discount[t], 1e-3, hours)
