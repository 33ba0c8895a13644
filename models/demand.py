"""Demand: who asks for what, where it is served, and what is left unserved.

    sum_x serve[z,w,x,t] + unserved[z,w,t] = demand[z,w,t]

Only pairs of demand and place that latency, residency and eligibility allow have a variable. Classes without a latency limit
are asked by pools (the zones of a bloc together), which keeps the model small without losing the origin. Part of a class may
be `core`: worth more than the rest, so served before the rest of any class that is worth less. Part may be flexible: it moves
within its day, to the hours in which power is cheap or to be had.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, fix_at, group, parameter
from models.rows import rows

after = ("fleet", "orbit")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Variables for what can be served where."""
    holds_chips = {r for r, _ in m.HOUSED} | {o for o, _ in m.IN_ORBIT}
    servable = [(z, w, x) for z, w, x in d.servable if x in holds_chips]
    demands = list(dict.fromkeys((z, w) for z, w, _ in d.demand_kh100e))
    m.DEMANDS = pyo.Set(initialize=demands, dimen=2)
    m.PLACES = pyo.Set(initialize=[*d.regions, *d.designs])
    m.PLACES_FOR = pyo.Set(
        m.DEMANDS, initialize={zw: [] for zw in demands} | group(servable, lambda s: (s[0], s[1]), lambda s: s[2])
    )
    m.SERVED_BY = pyo.Set(
        m.PLACES, dimen=2, initialize={x: [] for x in m.PLACES} | group(servable, lambda s: s[2], lambda s: (s[0], s[1]))
    )
    m.serve = columns([(z, w, x, t) for z, w, x in servable for t in m.MONTHS])
    can_run = {(o, t) for (o, _, t, _), run in m.orbit_run.items() if not run.fixed}
    in_orbit = set(d.designs)
    fix_at(m.serve, {(z, w, x, t): 0.0 for z, w, x, t in m.serve if x in in_orbit and (x, t) not in can_run})
    m.unserved = columns([(z, w, t) for z, w in demands for t in m.MONTHS])
    above = {w for (w, t), usd in d.core_value_usd_per_h100e_h.items() if usd > d.value_usd_per_h100e_h[w, t]}
    has_core = [(z, w) for z, w in demands if d.core_frac[w] > 0 and w in above]
    m.CORES = pyo.Set(initialize=has_core if d.mode == "value" and d.unserved_allowed else [], dimen=2)
    m.unserved_core = columns([(z, w, t) for z, w in m.CORES for t in m.MONTHS])
    m.outside_core_frac = parameter({(z, w): 1.0 - d.core_frac[w] for z, w in m.CORES}, m.CORES)
    if not d.unserved_allowed:
        fix_at(m.unserved, dict.fromkeys(m.unserved, 0.0))
    m.DAYS = pyo.Set(initialize=list(dict.fromkeys(d.day_of[k] for k in d.slices)))
    m.SLICES_OF = pyo.Set(m.DAYS, initialize=group(d.slices, lambda k: d.day_of[k], lambda k: k))
    movable = {w for w, frac in d.flexible_frac.items() if frac > 0 and len(d.slices) > len(m.DAYS)}
    movable -= {w for w, window_h in d.flexible_window_h.items() if window_h == 0}
    flexible = list(dict.fromkeys((w, x) for _, w, x in servable if w in movable))
    m.FLEXIBLE = pyo.Set(initialize=flexible, dimen=2)
    m.ANY_HOUR = pyo.Set(initialize=[wx for wx in flexible if wx[0] not in d.flexible_window_h], dimen=2)
    m.FLEXIBLE_AT = pyo.Set(m.PLACES, initialize={x: [w for w, y in flexible if y == x] for x in m.PLACES})
    m.ASKING = pyo.Set(m.FLEXIBLE, initialize={(w, x): [z for z, v, y in servable if (v, y) == (w, x)] for w, x in flexible})
    m.shift = columns([(w, x, t, k) for w, x in flexible for t in m.MONTHS for k in d.slices])
    fix_at(m.shift, {(w, x, t, k): 0.0 for w, x, t, k in m.shift if x in in_orbit and (x, t) not in can_run})
    m.flexible_frac = parameter({w: d.flexible_frac[w] if w in movable else 0.0 for w in d.classes}, m.CLASSES)
    m.demand = parameter(d.demand_kh100e, m.DEMANDS, m.MONTHS)
    hourly = [(*zwt, k) for zwt in d.demand_kh100e for k in d.slices]
    rigid = {key: (1.0 - m.flexible_frac[key[1]]) * d.shape_frac[key] for key in hourly}
    m.rigid = parameter(rigid, m.DEMANDS, m.MONTHS, m.SLICES)
    m.shape = parameter(d.shape_frac, m.DEMANDS, m.MONTHS, m.SLICES)
    m.h100e_per_unit = parameter(d.h100e_per_unit, m.GENERATIONS)
    m.availability_frac = parameter(d.availability_frac, m.PLACES, m.MONTHS)


@rows(
    "DEMANDS",
    "MONTHS",
    kind="requirement",
    account="the demand that is met",
    must="{class} of {pool} must be served in full,",
)
def serve_demand(m, z, w, t):
    """sum_x serve[z,w,x,t] + unserved[z,w,t] = demand[z,w,t].

    What is asked is served or admitted to be short.
    Dual: the marginal cost of one more unit of this demand, million USD per kH100e and month."""
    return sum(m.serve[z, w, x, t] for x in m.PLACES_FOR[z, w]) + m.unserved[z, w, t] == m.demand[z, w, t]


@rows("CORES", "MONTHS", kind="balance", account="the core of that demand")
def count_unserved_core(m, z, w, t):
    """unserved[z,w,t] - unserved_core[z,w,t] <= (1 - core_frac[w]) * demand[z,w,t].

    What is short beyond the part that can wait is core work, and priced as such: a demand curve of two steps.
    Dual: what core work is worth above the rest, million USD per kH100e and month."""
    return m.unserved[z, w, t] - m.unserved_core[z, w, t] <= m.outside_core_frac[z, w] * m.demand[z, w, t]


@rows("REGIONS", "MONTHS", "SLICES", kind="limit", account="compute in that place")
def place_compute(m, r, t, k):
    """sum_zw rigid[z,w,t,k] * serve[z,w,r,t] + sum_w shift[w,r,t,k] <= availability[r,t] * sum_g h100e[g] * run[r,g,t,k].

    Compute is served by chips that run there and then; what is rigid follows its hour.
    Dual: the price of compute in that place, million USD per kH100e and slice."""
    return sum(m.rigid[z, w, t, k] * m.serve[z, w, r, t] for z, w in m.SERVED_BY[r]) + sum(
        m.shift[w, r, t, k] for w in m.FLEXIBLE_AT[r]
    ) <= m.availability_frac[r, t] * sum(m.h100e_per_unit[g] * m.run[r, g, t, k] for g in m.FLEET_OF[r])


@rows("DESIGNS", "MONTHS", "SLICES", kind="limit", account="compute in that orbit")
def place_compute_in_orbit(m, o, t, k):
    """sum_zw rigid[z,w,t,k] * serve[z,w,o,t] + sum_w shift[w,o,t,k] <= availability[o,t] * sum_g h100e[g] * run[o,g,t,k].

    As on Earth: a chip that has power computes most of the time. Light, ageing and losses are in the service of each vintage.
    Dual: the price of compute in that orbit, million USD per kH100e and slice."""
    return sum(m.rigid[z, w, t, k] * m.serve[z, w, o, t] for z, w in m.SERVED_BY[o]) + sum(
        m.shift[w, o, t, k] for w in m.FLEXIBLE_AT[o]
    ) <= m.availability_frac[o, t] * sum(m.h100e_per_unit[g] * m.orbit_run[o, g, t, k] for g in m.ORBIT_FLEET_OF[o])


@rows("ANY_HOUR", "MONTHS", "DAYS", kind="balance", account="work that moves within its day")
def keep_flexible_work(m, w, x, t, day):
    """sum_k length_h[k] * shift[w,x,t,k] = sum_zk length_h[k] * flexible_frac[w] * shape[z,w,t,k] * serve[z,w,x,t], k in day.

    Flexible work moves within its day, and none is lost; work with a window is in `windows.py`.
    Dual: what an hour of it costs wherever in the day it is cheapest, on all such days, million USD per kH100e-hour."""
    return sum(m.length_h[k] * m.shift[w, x, t, k] for k in m.SLICES_OF[day]) == sum(
        m.length_h[k] * m.flexible_frac[w] * m.shape[z, w, t, k] * m.serve[z, w, x, t]
        for k in m.SLICES_OF[day]
        for z in m.ASKING[w, x]
    )


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """In mode `value`, unserved compute is priced, core work higher: kH100e x hours x USD per H100e-hour = thousand USD."""
    if d.mode != "value" or not d.unserved_allowed:
        return
    hours = {t: sum(d.hours_h[t, k] for k in d.slices) for t in d.discount}
    value, core_value = d.value_usd_per_h100e_h, d.core_value_usd_per_h100e_h
    more = {(w, t): max(0.0, core_value[w, t] - value[w, t]) for w in d.classes for t in d.discount}
    for name, usd in (("unserved", value), ("unserved_core", more)):
        for index in used(name):
            _, w, t = index
            yield cost(name, index, "", w, (t,), {"unserved": usd[w, t]}, d.discount[t], 1e-3, hours[t])
