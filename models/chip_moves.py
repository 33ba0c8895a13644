"""Chip moves: what is installed in one region is taken to another, or back into stock, where the plan names a way.

    move[q,g,t] leaves a region in t, and stands in the other `downtime` months later

A way q costs USD per kW of nameplate and a downtime, in which a chip needs neither power nor space, computes nothing and is
carried like a dark one. A chip takes its age with it. What comes back into stock is dark, and is deployed anew.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Payment, Used
from models.data import STOCK, ChipMove, PlanData
from models.index import columns, fix_at, group, parameter
from models.reach import first_months, goes, leaving
from models.rows import Price, rows

after = ("fleet", "ages")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Generations on each way, of those that can be where it begins; what cannot leave yet, or not arrive, is fixed at zero."""
    reach, last, allowed = first_months(d), len(d.months), set(d.placeable)
    moved = [(q, g) for q in d.chip_moves for g in d.generations if q.from_id in reach[g] and goes(q, g, allowed)]
    m.MOVED_CHIPS = pyo.Set(initialize=[(q.name, g) for q, g in moved], dimen=2)
    m.WAYS = pyo.Set(initialize=[q.name for q in d.chip_moves])
    m.MOVED_CHIPS_OF = pyo.Set(m.WAYS, initialize={q.name: [g for way, g in moved if way is q] for q in d.chip_moves})
    m.LEAVING = pyo.Set(m.HOUSED, initialize={rg: [q.name for q, g in moved if (q.from_id, g) == rg] for rg in m.HOUSED})
    m.ARRIVING = pyo.Set(m.HOUSED, initialize={rg: [q.name for q, g in moved if (q.to_id, g) == rg] for rg in m.HOUSED})
    m.STORED = pyo.Set(m.STOCKED, initialize={h: [q.name for q, g in moved if (q.to_id, g) == (STOCK, h)] for h in m.STOCKED})
    m.DEPARTING = pyo.Set(initialize=[rg for rg in m.HOUSED if m.LEAVING[rg]], dimen=2)
    m.downtime = parameter({q.name: q.downtime_months for q in d.chip_moves}, m.WAYS)
    m.move = columns([(q.name, g, t) for q, g in moved for t in range(1 - q.downtime_months, last + 1)])
    fixed: dict[tuple[str, str, int], float] = {}
    for q, g in moved:
        stood = {r for r in d.regions if d.start_installed_kunit.get((r, g), 0.0) > 0}
        first, end = leaving(reach[g], q.from_id, stood), last_departure(d, q)
        fixed |= {(q.name, g, t): 0.0 for t in range(1 - q.downtime_months, last + 1) if t < first or t > end}
    fix_at(m.move, fixed)
    _declare_batches(m, d)
    m.MOVES_LIMITED = pyo.Set(initialize=[key for key in d.chip_move_mw if m.MOVED_CHIPS_OF[key[0]]], dimen=2)
    m.chip_move_mw = parameter(d.chip_move_mw, m.MOVES_LIMITED)


def _declare_batches(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Of what moves, chips whose life ends within the months; none leaves that would not arrive before its end."""
    ends = group(d.batch_end, lambda gb: gb[0], lambda gb: (gb[1], d.batch_end[gb]))
    ways = {q.name: q for q in d.chip_moves}
    parts = [(q, g, b, end) for q, g in m.MOVED_CHIPS for b, end in ends.get(g, ())]
    m.move_of = columns([(q, g, b, t) for q, g, b, end in parts for t in range(1 - ways[q].downtime_months, end)])
    never: dict[tuple[str, str, str, int], float] = {}
    for q, g, b, t in m.move_of:
        r, end = ways[q].from_id, d.batch_end[g, b]
        before = m.installed_of[r, g, b, t - 1] if t >= 1 else None
        gone = before is None or (before.fixed and not before.value)
        if gone or m.move[q, g, t].fixed or t + ways[q].downtime_months >= end:
            never[q, g, b, t] = 0.0
    fix_at(m.move_of, never)
    some = dict.fromkeys((q, g, t) for (q, g, b, t), entry in m.move_of.items() if not entry.fixed)
    m.MOVED_IN_PART = pyo.Set(initialize=list(some), dimen=3)


def last_departure(d: PlanData, q: ChipMove) -> int:
    """The last month in which chips can leave: that of the closing of a region, and before the other closes."""
    last = len(d.months)
    arrives = d.closing_month[q.to_id] - 1 - q.downtime_months if q.to_id in d.closing_month else last
    return min(d.closing_month.get(q.from_id, last), arrives)


@rows("DEPARTING", "MONTHS", kind="limit", account="a chip that may leave")
def limit_departure(m, r, g, t):
    """sum_q move[q,g,t] + retire[r,g,t] <= keep[r,g] * installed[r,g,t-1] - what reaches the end of its life there in t.

    A chip leaves a place in which it stood: none passes through a region without power and halls for it.
    Dual: what one more chip that may leave would save, million USD per thousand units."""
    return (
        sum(m.move[q, g, t] for q in m.LEAVING[r, g]) + m.retire[r, g, t]
        <= m.keep[r, g] * m.installed[r, g, t - 1]
        - sum(m.keep[r, g] * m.installed_of[r, g, b, t - 1] for b in m.ENDING[g, t])
        - m.end_old[r, g, t]
    )


@rows("MOVED_IN_PART", kind="limit", account="chips of a certain age that are moved")
def part_moved(m, q, g, t):
    """sum_b move_of[q,g,b,t] <= move[q,g,t].

    Batches are a part of what is moved.
    Dual: what an age saves that one more moved chip could have, million USD per thousand units."""
    return sum(m.move_of[q, g, b, t] for b in m.LIVING[g, t]) <= m.move[q, g, t]


@rows(
    "MOVES_LIMITED",
    kind="limit",
    account="moves of chips",
    price=Price("USD per MW", "one more MW of chips moved from {where} in {month}", "moves of chips", "MW of chips moved"),
    stated=("chip_move_mw", "chip_moves.mw_per_month"),
)
def limit_chip_moves(m, q, t):
    """sum_g kw_per_unit[g] * move[q,g,t] <= chip_move_mw[q,t].

    Crews, packing and freight set the pace at which chips are moved.
    Dual: what one more megawatt moved in month t is worth, million USD per MW."""
    return sum(m.kw_per_unit[g] * m.move[q, g, t] for g in m.MOVED_CHIPS_OF[q]) <= m.chip_move_mw[q, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """The move as a chip leaves, by its nameplate, and carrying it on the way. Thousand units x USD = thousand USD."""
    ways, last = {q.name: q for q in d.chip_moves}, len(d.months)
    for index in used("move"):
        name, g, t = index
        way = ways[name]
        usd, carry = d.kw_per_unit[g] * way.usd_per_kw, d.carry_usd_per_unit_month[g]
        on_the_way = range(t, min(t + way.downtime_months, last + 1))
        payments: list[Payment] = [(way.from_id, g, (t,), 1e-3, {"chip_moves": usd})]
        if on_the_way:
            payments.append((way.from_id, g, on_the_way, 1e-3, {"chip_moves": carry}))
        musd = 1e-3 * (d.discount[t] * usd + carry * sum(d.discount[month] for month in on_the_way))
        yield Cost("move", index, musd, payments)
