"""Windows: flexible work that may not wait for any hour of its day, but for so many hours.

    waiting[w,x,t,k] = waiting[w,x,t,k-1] + length_h[k] * (asked to be moved - shift[w,x,t,k])

Work is done in the order in which it was asked, so that its deadline is kept where no more waits than was asked within the
window. That is looked at where slices end; each representative day follows one like itself. A class without a window moves
within the whole day (`demand.py`), and one with a window of no hours does not move.
"""

from __future__ import annotations

import pyomo.core as pyo

from models.data import PlanData
from models.index import columns, fix_at, parameter, slice_before
from models.rows import rows

after = ("demand",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """What waits at the end of a slice, and what was asked within the window before it."""
    within = [(w, x) for w, x in m.FLEXIBLE if w in d.flexible_window_h]
    m.WINDOWED = pyo.Set(initialize=within, dimen=2)
    m.waiting = columns([(w, x, t, k) for w, x in within for t in m.MONTHS for k in d.slices])
    fix_at(m.waiting, {key: 0.0 for key in m.waiting if m.shift[key].fixed})
    asking = list(dict.fromkeys((z, w) for w, x in within for z in m.ASKING[w, x]))
    m.MOVED = pyo.Set(initialize=asking, dimen=2)
    asked = [(z, w, t) for z, w in asking for t in m.MONTHS]
    moved = {(*zwt, k): d.length_h[k] * d.flexible_frac[zwt[1]] * d.shape_frac[*zwt, k] for zwt in asked for k in d.slices}
    m.moved_h = parameter(moved, m.MOVED, m.MONTHS, m.SLICES)
    parts = {w: parts_within(d, d.flexible_window_h[w]) for w in dict.fromkeys(w for w, _ in within)}
    recent = {(*zwt, k): sum(part * moved[*zwt, j] for j, part in parts[zwt[1]][k].items()) for zwt in asked for k in d.slices}
    m.recent_h = parameter(recent, m.MOVED, m.MONTHS, m.SLICES)


@rows("WINDOWED", "MONTHS", "SLICES", kind="stock", account="work that waits")
def conserve_waiting(m, w, x, t, k):
    """waiting[w,x,t,k] = waiting[w,x,t,k-1] + sum_z moved_h[z,w,t,k] * serve[z,w,x,t] - length_h[k] * shift[w,x,t,k].

    What is asked and not done waits, and none is lost; moved_h is length_h * flexible_frac * shape.
    Dual: what an hour of work asked in the slice costs, on all such days, million USD per kH100e-hour."""
    return (
        m.waiting[w, x, t, k]
        == m.waiting[w, x, t, m.before[k]]
        + sum(m.moved_h[z, w, t, k] * m.serve[z, w, x, t] for z in m.ASKING[w, x])
        - m.length_h[k] * m.shift[w, x, t, k]
    )


@rows("WINDOWED", "MONTHS", "SLICES", kind="limit", account="the window of that work")
def limit_waiting(m, w, x, t, k):
    """waiting[w,x,t,k] <= sum_z recent_h[z,w,t,k] * serve[z,w,x,t].

    No work waits longer than its window; recent_h is what moved_h asks within flexible_window_h before the end of k.
    Dual: what an hour of work saves that waits past its window, on all such days, million USD per kH100e-hour."""
    return m.waiting[w, x, t, k] <= sum(m.recent_h[z, w, t, k] * m.serve[z, w, x, t] for z in m.ASKING[w, x])


def parts_within(d: PlanData, window_h: float) -> dict[int, dict[int, float]]:
    """[k][j] share of slice j that lies within so many hours before the end of slice k, in the same day."""
    parts: dict[int, dict[int, float]] = {}
    before = slice_before(d)
    for k in d.slices:
        parts[k], j, left = {}, k, window_h
        while left > 0:
            part = min(left, d.length_h[j])
            parts[k][j] = parts[k].get(j, 0.0) + part / d.length_h[j]
            j, left = before[j], left - part
    return parts
