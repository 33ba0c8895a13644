"""Moves: work that leaves a place costs something, so that places of equal cost do not swap it month by month.

    left[w,x,t] >= kept_frac[w,t] * work[w,x,t-1] - work[w,x,t]

Checkpoints and data have to be transferred and jobs restarted. Work is counted by class and place over all who ask: whom a
place serves may change for nothing. Work that ends because demand falls does not move: kept_frac is the demand for the class
over that of the month before, at most 1. Only classes whose moves have a price have these variables.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, fix_at, group, kept_frac, parameter
from models.rows import rows

after = ("demand",)


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """What each place does of the classes whose moves have a price, and what of it leaves."""
    flows = list(dict.fromkeys((z, w, x) for z, w, x, _ in m.serve if d.move_usd_per_h100e.get(w)))
    kept = list(dict.fromkeys((w, x) for _, w, x in flows))
    m.MOVABLE = pyo.Set(initialize=kept, dimen=2)
    m.LATER_MONTHS = pyo.RangeSet(2, len(d.months))
    m.ASKING_OF = pyo.Set(m.MOVABLE, initialize=group(flows, lambda flow: flow[1:], lambda flow: flow[0]))
    m.work = columns([(w, x, t) for w, x in kept for t in m.MONTHS])
    m.left = columns([(w, x, t) for w, x in kept for t in m.LATER_MONTHS])
    idle = {(w, x, t) for w, x, t in m.work if all(m.serve[z, w, x, t].fixed for z in m.ASKING_OF[w, x])}
    fix_at(m.work, dict.fromkeys(idle, 0.0))
    fix_at(m.left, {(w, x, t): 0.0 for w, x, t in m.left if (w, x, t - 1) in idle})
    m.MOVING = pyo.Set(initialize=list(dict.fromkeys(w for w, _ in kept)))
    m.kept_frac = parameter(kept_by_class(d), m.MOVING, m.LATER_MONTHS)


@rows("MOVABLE", "MONTHS", kind="balance", account="the work of that place")
def count_work(m, w, x, t):
    """work[w,x,t] = sum_z serve[z,w,x,t].

    What a place does of a class, whoever asks for it.
    Dual: what one more unit there would cost in moves, million USD per kH100e."""
    return m.work[w, x, t] == sum(m.serve[z, w, x, t] for z in m.ASKING_OF[w, x])


@rows("MOVABLE", "LATER_MONTHS", kind="balance", account="the work that leaves that place")
def count_moves(m, w, x, t):
    """left[w,x,t] >= kept_frac[w,t] * work[w,x,t-1] - work[w,x,t].

    Work that a place no longer does has left it, unless demand has fallen.
    Dual: what it costs that one more unit leaves, million USD per kH100e."""
    return m.left[w, x, t] + m.work[w, x, t] >= m.kept_frac[w, t] * m.work[w, x, t - 1]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Work that leaves a place, in the month in which it does: kH100e x USD per H100e = thousand USD."""
    for index in used("left"):
        w, x, t = index
        yield cost("left", index, x, w, (t,), {"moves": d.move_usd_per_h100e[w]}, d.discount[t], 1e-3)


def kept_by_class(d: PlanData) -> dict[tuple[str, int], float]:
    """[w,t] from the second month on: what demand for a class leaves of the work of the month before."""
    asked: dict[tuple[str, int], float] = {}
    for (_, w, t), kh100e in d.demand_kh100e.items():
        asked[w, t] = asked.get((w, t), 0.0) + kh100e
    return {(w, t): kept_frac(asked[w, t - 1], kh100e) for (w, t), kh100e in asked.items() if t > 1}
