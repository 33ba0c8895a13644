"""Reservations: capacity of a region that is installed for one customer and free of the work of others.

    standing + short >= reserved
    idle[k] + what the customer's own work takes in slice k >= standing
    work of all[k] + idle[k] of all reservations in the region <= compute of the chips installed there

Customers who rent capacity may use it or not. What their own work leaves of it, where the demand of the plan holds that work,
stays idle, and others cannot have it. It need not run, but it is installed, on firm power and in halls. Their work counts in
the hours in which it is asked, also what could move within its day. Without a penalty the capacity must stand; with one, each
H100e-hour that is short costs the penalty.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, fix_at, group, parameter
from models.rows import Price, rows

after = ("demand",)
needs = ("fleet",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Reservations by month, those of each region, and the flows of their customers' own work."""
    held = [(each.reservation_id, t) for each in d.reservations for t in each.kh100e]
    flows = {(z, w, x) for z, w, x, _ in m.serve}
    own = {
        each.reservation_id: [(z, w, each.region_id) for z, w in each.pools if (z, w, each.region_id) in flows]
        for each in d.reservations
    }
    m.RESERVED = pyo.Set(initialize=held, dimen=2)
    m.RESERVATIONS = pyo.Set(initialize=list(own))
    m.OWN_FLOWS = pyo.Set(m.RESERVATIONS, dimen=3, initialize=own)
    in_region = group(
        ((each, t) for each in d.reservations for t in each.kh100e),
        lambda one: (one[0].region_id, one[1]),
        lambda one: one[0].reservation_id,
    )
    m.RESERVED_IN = pyo.Set(initialize=list(in_region), dimen=2)
    m.HELD_IN = pyo.Set(m.RESERVED_IN, initialize=in_region)
    m.standing, m.short = columns(held), columns(held)
    m.idle = columns([(*key, k) for key in held for k in d.slices])
    must = {each.reservation_id for each in d.reservations if each.penalty_usd_per_h100e_h is None}
    fix_at(m.short, {(reservation, t): 0.0 for reservation, t in held if reservation in must})
    reserved = {(each.reservation_id, t): kh100e for each in d.reservations for t, kh100e in each.kh100e.items()}
    m.reserved_kh100e = parameter(reserved, m.RESERVED)


@rows(
    "RESERVED",
    kind="requirement",
    account="capacity that is reserved",
    price=Price(
        "USD per kH100e-month",
        "one kH100e less reserved by {where} in {month}",
        "reserved capacity",
        "thousand H100e less reserved",
    ),
    must="reservation {reservation} needs",
)
def keep_reservation(m, reservation, t):
    """standing[reservation,t] + short[reservation,t] >= reserved[reservation,t].

    A customer rents so much capacity; what does not stand is allowed where it has a penalty.
    Dual: what it costs to reserve one more unit in the month, at most the penalty, million USD per kH100e and month."""
    return m.standing[reservation, t] + m.short[reservation, t] >= m.reserved_kh100e[reservation, t]


@rows("RESERVED", "SLICES", kind="balance", account="capacity that a customer leaves idle")
def leave_idle(m, reservation, t, k):
    """idle[reservation,t,k] + sum over its flows of shape[z,w,t,k] * serve[z,w,r,t] >= standing[reservation,t].

    What the customer's own work does not take stays idle.
    Dual: what it costs that one more unit stays idle in the slice, million USD per kH100e and slice."""
    own = sum(m.shape[z, w, t, k] * m.serve[z, w, r, t] for z, w, r in m.OWN_FLOWS[reservation])
    return m.idle[reservation, t, k] + own >= m.standing[reservation, t]


@rows("RESERVED_IN", "SLICES", kind="limit", account="compute that is installed beside what is reserved")
def install_reserved(m, r, t, k):
    """sum_zw rigid[z,w,t,k] * serve[z,w,r,t] + sum_w shift[w,r,t,k] + sum over reservations in r of idle[reservation,t,k] <=
    availability[r,t] * sum_g h100e[g] * installed[r,g,t].

    Work of others and capacity that stays idle are on different chips.
    Dual: what one more unit of installed compute is worth, million USD per kH100e and slice."""
    return sum(m.rigid[z, w, t, k] * m.serve[z, w, r, t] for z, w in m.SERVED_BY[r]) + sum(
        m.shift[w, r, t, k] for w in m.FLEXIBLE_AT[r]
    ) + sum(m.idle[reservation, t, k] for reservation in m.HELD_IN[r, t]) <= m.availability_frac[r, t] * sum(
        m.h100e_per_unit[g] * m.installed[r, g, t] for g in m.FLEET_OF[r]
    )


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """What is short pays its penalty: kH100e x hours x USD per H100e-hour = thousand USD."""
    of = {each.reservation_id: each for each in d.reservations}
    for index in used("short"):
        reservation, t = index
        usd, hours = of[reservation].penalty_usd_per_h100e_h or 0.0, sum(d.hours_h[t, k] for k in d.slices)
        parts = {"reservation_penalty": usd}
        yield cost("short", index, of[reservation].region_id, reservation, (t,), parts, d.discount[t], 1e-3, hours)
