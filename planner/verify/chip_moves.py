"""Moves of chips: the ways that the plan names, what the table says left on each, and how far any plan could go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.verify.collector import Collector
from planner.verify.run import Indices, NDArrayBool, Run, positions, records
from planner.verify.sites import closing
from planner.verify.verdict import Array

LATER = "later"
"""What stands for a month of delivery where the life of chips ends after the months."""
STOCK = "stock"
"""Where chips go that are moved to no region."""


class ChipMoves:
    """Ways q, from a region to another or into stock: arrays over way, generation, batch, month."""

    def __init__(self, run: Run) -> None:
        self.run = run
        ways = run.table("inputs.chip_moves")
        self.names = [f"{here} / {there}" for here, there in zip(ways["from_id"], ways["to_id"], strict=True)]
        regions = run.axes["region_id"]
        self.start, self.end = (positions((*regions, STOCK), ways[key]) for key in ("from_id", "to_id"))
        self.downtime = np.rint(run.vector("inputs.chip_moves", "downtime_months")).astype(int)
        self.usd_per_kw = run.vector("inputs.chip_moves", "usd_per_kw")
        self.of_batch, self.all = self._moved[:, :, 1:], self._moved.sum(axis=2)
        place = np.arange(len(regions) + 1)
        self.leaves = np.where(place[None, :-1] == self.start[:, None], 1.0, 0.0)  # [q,r]
        self.enters = np.where(place[None, :-1] == self.end[:, None], 1.0, 0.0)  # [q,r]
        self.stored = np.where(self.end == len(regions), 1.0, 0.0)  # [q]

    @cached_property
    def rows(self) -> tuple[Indices, ...]:
        """Where each row of the table is: way, generation, batch and month; -1 where the plan knows no such thing."""
        frame = self.run.table("chip_moves")
        batches = (LATER, *self.run.axes["batch"][1:])
        way = positions(self.names, frame["from_id"] + " / " + frame["to_id"])
        generation, month = self.run.positions(frame, ("generation_id", "month"))
        return way, generation, positions(batches, frame["delivered_in"]), month

    @cached_property
    def _moved(self) -> Array:
        """Thousand units, [q,g,batch,t], first those whose life ends after the months."""
        shape = [len(self.names), *(len(self.run.axes[key]) for key in ("generation_id", "batch", "month"))]
        found, inside = np.zeros(shape), np.logical_and.reduce([each >= 0 for each in self.rows])
        at = tuple(each[inside] for each in self.rows)
        np.add.at(found, at, self.run.table("chip_moves")["moved_kunit"].to_numpy(dtype=float)[inside])
        return found

    @cached_property
    def arrives(self) -> Array:
        """1 where what leaves in v arrives in t, [q,v,t]."""
        return np.where(self._age == self.downtime[:, None, None], 1.0, 0.0)

    @cached_property
    def on_the_way(self) -> Array:
        """1 where what left in v has not arrived in t, [q,v,t]."""
        return np.where((self._age >= 0.0) & (self._age < self.downtime[:, None, None]), 1.0, 0.0)

    @property
    def _age(self) -> Array:
        return np.asarray(self.run.elapsed[None, :] - self.run.elapsed[:, None])

    @cached_property
    def most_mw(self) -> Array:
        """The most nameplate that may leave: none in months in which none may, [q,t]."""
        run, months = self.run, np.array(self.run.months)
        ways = run.table("inputs.chip_moves")
        first, last = (np.array([str(month) for month in ways[key]], dtype=str)[:, None] for key in ("from_month", "to_month"))
        may = ((first == "") | (months >= first)) & ((last == "") | (months <= last))
        stated = run.vector("inputs.chip_moves", "mw_per_month")
        return np.where(may, np.where(np.isnan(stated), np.inf, stated)[:, None], 0.0).reshape(len(ways), run.month_count)

    @cached_property
    def can_arrive(self) -> Array:
        """1 where what leaves in a month does not arrive in a region that is closed by then, [q,t]."""
        closed = np.append(closing(self.run), np.inf)[self.end]
        return np.where(self.run.elapsed + self.downtime[:, None] < closed[:, None], 1.0, 0.0)


@dataclass(frozen=True)
class Reach:
    """Where chips could be in any plan: in each region [r,n,t], in stock [n,t], leaving on each way [q,n,t], by kind n."""

    there: NDArrayBool
    stock: NDArrayBool
    leaves: NDArrayBool

    def split(self, shape: tuple[int, ...]) -> Reach:
        """The same by generation and batch, where the kinds are both together."""
        parts = (each.reshape(*each.shape[:-2], *shape) for each in (self.there, self.stock, self.leaves))
        return Reach(*parts)


def can_be(moves: ChipMoves, stood: Array, stock: Array, under_way: Array, arrives: Array, goes: Array, ends: Array) -> Reach:
    """Where chips of each kind could be: in each region [r,n,t], in stock [n,t], and whether they could leave on a way [q,n,t].

    ``stood``: in which regions some are at the start, [r,n]; ``stock``: whether some come into stock by delivery, [n,t];
    ``under_way``: what arrives in a region that was on its way at the start, [r,n,t];
    ``arrives``: 1 where what is deployed from stock in v stands in t, by region and kind, [r,n,v,t]; ``goes``: who may take a
    way, [q,n]; ``ends``: the month in which a kind ends, [n]."""
    months = stock.shape[-1]
    there, dark = np.zeros((*stood.shape, months), dtype=bool), np.zeros(stock.shape, dtype=bool)
    leaves = np.zeros((len(moves.names), *stock.shape), dtype=bool)
    comes, back = under_way > 0.0, np.zeros_like(dark)
    open_until = closing(moves.run)
    for t in range(months):
        before = stood > 0.0 if t == 0 else there[..., t - 1]
        for q, (r, to, lag) in enumerate(zip(moves.start, moves.end, moves.downtime, strict=True)):
            leaves[q, :, t] = before[r] & (goes[q] > 0.0) & (t <= open_until[r]) & (moves.can_arrive[q, t] > 0.0)
            leaves[q, :, t] &= t + lag < ends
            if t + lag < months and to < len(there):
                comes[to, :, t + lag] |= leaves[q, :, t]
            elif t + lag < months:
                back[:, t + lag] |= leaves[q, :, t]
        dark[:, t] = (stock[:, t] > 0.0) | back[:, t] | (dark[:, t - 1] if t else False)
        comes |= (arrives[:, :, t, :] > 0.0) & dark[None, :, t, None]
        there[..., t] = (before | comes[..., t]) & (t < open_until[:, None]) & (t < ends)
    return Reach(there, dark & (np.arange(months) < ends[:, None]), leaves)


def check_chip_moves(checks: Collector, moves: ChipMoves, kw: Array, may_go: Array, ends: Array) -> None:
    """What the table of moves tells beside the rows: only ways of the plan, allowed chips, their nameplate and their life.

    ``ends``: months from the start until a batch ends, [g,b]."""
    run, frame, rows = checks.run, checks.run.table("chip_moves"), moves.rows
    names = [" / ".join(row) for row in records(frame, ("from_id", "to_id", "generation_id", "delivered_in", "month"))]
    for strange in np.flatnonzero(np.logical_or.reduce([each < 0 for each in rows]))[:1]:
        checks.fail("chip_moves.ways", f"chips move on a way, or of a batch, that the plan does not know: {names[strange]}")
    moved = frame["moved_kunit"].to_numpy(dtype=float)
    nameplate = moved * np.where(rows[1] >= 0, kw[rows[1]], 0.0)
    stated = frame["moved_mw"].to_numpy(dtype=float)
    checks.same("chip_moves.moved_mw", stated, nameplate, (names,), "MW", "moved MW = kW x units")
    off = np.where(may_go[:, :, None] > 0.0, 0.0, moves.all) + moves.all * (1.0 - moves.can_arrive)[:, None, :]
    law = "chips move where they may be, and not where it is closed"
    checks.equal("chip_moves.places", off, 0.0, (moves.names, "generation_id", "month"), "kunit", law)
    late = (run.elapsed + moves.downtime[:, None])[:, None, None, :] >= ends[None, :, :, None]
    batches = (moves.names, "generation_id", run.axes["batch"][1:], "month")
    law = "no chip is on the way when its life ends"
    checks.equal("chip_moves.ends", np.where(late, moves.of_batch, 0.0), 0.0, batches, "kunit", law)
