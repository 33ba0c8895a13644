"""Reservations: capacity that stands in a region for one customer, idle where his own work leaves it, and the table of it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.collector import Collector
from planner.verify.demand import Demand
from planner.verify.hours import Hours
from planner.verify.linear import contract
from planner.verify.run import Run, indicator
from planner.verify.series import held
from planner.verify.targets import pools_named
from planner.verify.verdict import Array


class Reservations:
    """What the inputs say of reservations and what came of them: arrays over reservation c, region r, month t, slice k."""

    def __init__(self, run: Run, demand: Demand, hours: Hours) -> None:
        self.run, self.demand, self.hours = run, demand, hours
        self.region = indicator(run.texts("inputs.reservations", "region_id"), run.axes["region_id"], str.__eq__)

    @cached_property
    def reserved(self) -> Array:
        """Capacity that is to stand, kH100e, [c,t]."""
        return held(self.run, "inputs.reservations", "kh100e")[0]

    @cached_property
    def penalty(self) -> Array:
        """USD per H100e-hour that does not stand, [c]; NaN where it must."""
        return self.run.vector("inputs.reservations", "penalty_usd_per_h100e_h")

    @cached_property
    def short(self) -> Array:
        """What does not stand, of a reservation with a penalty, as the table has it, [c,t]."""
        written = self.run.cube("reservations", "short_kh100e")
        return np.where(np.isnan(self.penalty)[:, None], 0.0, written)

    @cached_property
    def standing(self) -> Array:
        """What stands, [c,t]."""
        return np.asarray(self.reserved - self.short)

    @cached_property
    def of_pool(self) -> Array:
        """1 where what a pool asks of a class is the customer's own work, [c,z,w]; nothing where none is named."""
        rows = self.run.table("inputs.reservations").to_dict("records")
        named = np.array([bool(row["from"]) for row in rows], dtype=float)
        return np.asarray(pools_named(self.demand, rows) * named[:, None, None])

    @cached_property
    def own(self) -> Array:
        """The customer's work in the region in the hours in which it is asked, [c,t,k]."""
        serve = self.demand.serve[:, :, : self.region.shape[1]]
        parts = [("zwrt", serve), ("czw", self.of_pool), ("cr", self.region), ("zwtk", self.hours.shape)]
        return contract(parts, "ctk")

    @cached_property
    def idle(self) -> Array:
        """What stands and is not used, by slice, [c,t,k]."""
        return np.asarray(np.maximum(0.0, self.standing[..., None] - self.own))

    @cached_property
    def used(self) -> Array:
        """What is used of it, mean of the month, [c,t]."""
        taken = np.minimum(self.standing[..., None], self.own)
        part = self.hours.hours / self.hours.hours.sum(axis=1, keepdims=True)
        return contract([("ctk", taken), ("tk", part)], "ct")


def check_reservations(checks: Collector, reservations: Reservations) -> None:
    """The table of reservations: what stands and is used, what is short and paid, and the price of its limit."""
    run, each = checks.run, reservations
    holds = each.reserved > 0.0
    if not np.array_equal(run.present("reservations"), holds):
        checks.fail("reservations.row", "reservations has a row for each reservation in each of its months")
        return
    price, take = (run.vector("inputs.reservations", name)[:, None] for name in ("price_usd_per_h100e_h", "take_or_pay_frac"))
    hours, standing = run.hours / 1e3, np.where(holds, each.standing, 0.0)
    least = np.maximum(each.used, take * standing)
    for column, value, unit, law in (
        ("reserved_kh100e", each.reserved, "kH100e", "reserved as the inputs state"),
        ("standing_kh100e", standing, "kH100e", "what stands is what is reserved and not short"),
        ("used_kh100e", np.where(holds, each.used, 0.0), "kH100e", "used = own work in the region, at most what stands"),
        ("short_kh100e", each.short, "kH100e", "what must stand is not short"),
        ("penalty_musd", np.nan_to_num(each.penalty)[:, None] * each.short * hours, "million USD", "penalty of what is short"),
        (
            "paid_musd",
            np.nan_to_num(price) * least * hours,
            "million USD",
            "paid: what is used, and at least the part stated",
        ),
        ("unused_musd", np.nan_to_num(price) * (least - each.used) * hours, "million USD", "paid for what is not used"),
    ):
        written, derived = run.cube("reservations", column), np.where(holds, value, 0.0)
        checks.equal(f"reservations.{column}", written, derived, ("reservation_id", "month"), unit, f"reservations: {law}")
    worth = np.where(holds, run.worth("keep_reservation", "reservation_id"), 0.0)
    if run.suboptimal:
        worth = np.where(holds, np.nan, 0.0)
    written, law = run.cube("reservations", "worth_usd"), "reservations: worth_usd is the price of its limit"
    checks.same("reservations.worth_usd", written, worth, ("reservation_id", "month"), "USD", law)
