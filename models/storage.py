"""Storage: energy kept from one part of the day to be drawn in another, with losses on the way.

    stored[r,p,t,k] = stored[r,p,t,k-1] + length_h[k] * (round_trip_frac[p] * charge[r,p,t,k] - output[r,p,t,k])

Each representative day ends as full as it began. What storage gives is the `output` of its option; what it takes is drawn from
the other options of the region, and paid for there. Its energy is tied to its power by a duration. It is paid for as any
option is (`power.py`).
"""

from __future__ import annotations

import pyomo.core as pyo

from models.data import PlanData
from models.index import columns, fix_at, parameter
from models.rows import rows

after = ("power",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Options that store."""
    stores = [(r, p) for r, p in m.OPTIONS if p in d.storage_h]
    m.STORES = pyo.Set(initialize=stores, dimen=2)
    m.STORES_OF = pyo.Set(m.REGIONS, initialize={r: [p for s, p in stores if s == r] for r in d.regions})
    m.charge = columns([(r, p, t, k) for r, p in stores for t in m.MONTHS for k in d.slices])
    m.stored = columns([(r, p, t, k) for r, p in stores for t in m.MONTHS for k in d.slices])
    idle = {key: 0.0 for key in m.charge if m.output[key].fixed}
    fix_at(m.charge, idle)
    fix_at(m.stored, idle)
    m.storage_h = parameter({(r, p): d.storage_h[p] for r, p in stores}, m.STORES)
    m.round_trip_frac = parameter({(r, p): d.round_trip_frac[p] for r, p in stores}, m.STORES)


@rows("STORES", "MONTHS", "SLICES", kind="stock", account="stored energy")
def conserve_stored(m, r, p, t, k):
    """stored[r,p,t,k] = stored[r,p,t,k-1] + length_h[k] * (round_trip_frac[p] * charge[r,p,t,k] - output[r,p,t,k]).

    Energy is kept within the day, less what charging loses; the slice before the first of a day is its last.
    Dual: what one more stored MWh at the end of the slice, on all such days, is worth, million USD per MWh."""
    return m.stored[r, p, t, k] == m.stored[r, p, t, m.before[k]] + m.length_h[k] * (
        m.round_trip_frac[r, p] * m.charge[r, p, t, k] - m.output[r, p, t, k]
    )


@rows("STORES", "MONTHS", "SLICES", kind="limit", account="its converter while charging")
def limit_charge(m, r, p, t, k):
    """charge[r,p,t,k] <= capacity[r,p,t].

    The converter that gives power also takes it.
    Dual: what one more MW of converter is worth while charging, million USD per MW."""
    return m.charge[r, p, t, k] <= m.capacity[r, p, t]


@rows("STORES", "MONTHS", "SLICES", kind="limit", account="room to store energy")
def limit_stored(m, r, p, t, k):
    """stored[r,p,t,k] <= storage_h[p] * capacity[r,p,t].

    A megawatt of storage holds as many hours of its full output as were built with it.
    Dual: what room for one more MWh is worth at the end of the slice, on all such days, million USD per MWh."""
    return m.stored[r, p, t, k] <= m.storage_h[r, p] * m.capacity[r, p, t]
