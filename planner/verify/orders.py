"""Orders that may slip or be cancelled: what each is, and what the table of orders says became of it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.collector import Collector
from planner.verify.run import HALLS, Run, positions, records
from planner.verify.sites import binding, closing
from planner.verify.verdict import Array


class Orders:
    """Orders a that are not firm: arrays over order, place, option and month. Of halls the option is the last."""

    def __init__(self, run: Run, pace: Array) -> None:
        """``pace``: the largest addition of a month without orders, of options and, last, of halls, [r,p,t]."""
        self.run = run
        rows = binding(run)
        month, until, cancel = (positions(run.months, rows[key]) for key in ("month", "until_month", "cancel_until_month"))
        slips = (rows["status"] == "approved").to_numpy(dtype=bool) & ~np.isnan(
            rows["slip_usd_per_mw_month"].to_numpy(dtype=float)
        )
        cancels = (rows["status"] != "done").to_numpy(dtype=bool) & (cancel >= 0)
        mw = rows["build_mw"].to_numpy(dtype=float)
        p = positions((*run.axes["option_id"], HALLS), rows["option_id"])
        self.open = (slips | cancels) & (mw > 0.0) & (month >= 0) & (p >= 0)
        """Which of the binding rows of the order book are not firm."""
        kept = rows[self.open]
        self.names = [" / ".join(key) for key in records(kept, ("region_id", "option_id", "month"))]
        self.mw, self.month, self.item = mw[self.open], month[self.open], p[self.open]
        self.place = positions(run.axes["region_id"], kept["region_id"])
        shut = closing(run)[self.place]
        end = np.where(until[self.open] >= 0, until[self.open] + 1.0, np.inf)
        self.end = np.where((end < run.month_count) & (end < shut), end, np.inf)
        self.slips, self.cancels = slips[self.open], cancels[self.open]
        last = np.minimum(np.minimum(end, shut), float(run.month_count)) - 1.0
        self.last = np.where(self.slips, last, self.month)
        self.slip_usd = np.nan_to_num(kept["slip_usd_per_mw_month"].to_numpy(dtype=float))
        self.cancel_month = cancel[self.open]
        self.deposit_usd = 1e6 * kept["deposit_musd"].to_numpy(dtype=float) / self.mw
        self.on_top = self.mw > pace[self.place, self.item, self.month] if self.names else np.zeros(0, dtype=bool)
        self.arrived, self.late, self.cancelled = (self._told(f"{column}_mw") for column in ("arrived", "late", "cancelled"))

    @cached_property
    def due(self) -> Array:
        """1 in the months in which an order may arrive, [a,t]."""
        t = self.run.elapsed[None, :]
        return np.where((t >= self.month[:, None]) & (t <= self.last[:, None]), 1.0, 0.0)

    @cached_property
    def is_of(self) -> Array:
        """1 for the region and the option of an order, [a,r,p]; of halls the option is the last."""
        found = np.zeros((len(self.names), len(self.run.axes["region_id"]), len(self.run.axes["option_id"]) + 1))
        found[np.arange(len(self.names)), self.place, self.item] = 1.0
        return found

    @cached_property
    def ordered(self) -> Array:
        """MW in the month for which they are ordered, [a,t]."""
        return np.where(self.run.elapsed[None, :] == self.month[:, None], self.mw[:, None], 0.0)

    @cached_property
    def ends(self) -> Array:
        """1 in the first month out of service, [a,t]."""
        return np.where(self.run.elapsed[None, :] == self.end[:, None], 1.0, 0.0)

    @cached_property
    def ended(self) -> Array:
        """1 in every month out of service, [a,t]."""
        return np.where(self.run.elapsed[None, :] >= self.end[:, None], 1.0, 0.0)

    @cached_property
    def lost(self) -> Array:
        """1 in the month in which the deposit is lost, [a,t]."""
        return np.where(self.run.elapsed[None, :] == self.cancel_month[:, None], 1.0, 0.0)

    @cached_property
    def above(self) -> Array:
        """What arrives on top of the pace, [r,p,t]."""
        return np.asarray(np.einsum("at,arp->rpt", self.arrived * self.on_top[:, None], self.is_of))

    @cached_property
    def lapsed(self) -> Array:
        """What goes out of service as orders end, [r,p,t]."""
        return np.asarray(np.einsum("av,at,arp->rpt", self.arrived, self.ends, self.is_of))

    def most(self, each: Array) -> Array:
        """The most that any plan could reach of what is summed over orders, [r,p,t], where ``each`` is 1, [a,t]."""
        return np.asarray(np.einsum("a,at,arp->rpt", self.mw, each, self.is_of))

    def _told(self, column: str) -> Array:
        frame = self.run.table("orders")
        name = frame["region_id"] + " / " + frame["option_id"] + " / " + frame["ordered_for"]
        a, t = positions(self.names, name), positions(self.run.months, frame["month"])
        found, inside = np.zeros((len(self.names), self.run.month_count)), (a >= 0) & (t >= 0)
        np.add.at(found, (a[inside], t[inside]), frame[column].to_numpy(dtype=float)[inside])
        return found


def check_orders(checks: Collector, orders: Orders) -> None:
    """The table speaks of orders that may slip or be cancelled, in months in which they may."""
    frame = checks.run.table("orders")
    for row in records(frame, ("region_id", "option_id", "ordered_for")):
        if " / ".join(row) not in orders.names:
            checks.fail("orders.rows", f"the table of orders speaks of one that is firm or unknown: {' / '.join(row)}")
            return
    if not orders.names:
        return
    cancelled = np.where(orders.cancels[:, None], orders.ordered, 0.0)
    late = np.where(orders.slips, orders.mw, 0.0)[:, None] * orders.due
    for column, told, most in (
        ("arrived_mw", orders.arrived, orders.mw[:, None] * orders.due),
        ("late_mw", orders.late, late),
        ("cancelled_mw", orders.cancelled, cancelled),
    ):
        law = f"{column} only where the order allows it"
        checks.at_most(f"orders.{column}", told, most, (orders.names, "month"), "MW", law)
