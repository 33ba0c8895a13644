"""Owners: whose chips stand on whose power, from the definition of each owner's share of a region's firm power."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.collector import Collector
from planner.verify.fleet import Fleet
from planner.verify.power import Power, firm_frac
from planner.verify.run import MARKET, Run, indicator, ratio
from planner.verify.series import by_month
from planner.verify.verdict import Array


class Owners:
    """What the inputs say of owners, the market last: arrays over region, owner, month."""

    def __init__(self, run: Run, fleet: Fleet, power: Power) -> None:
        self.run, self.fleet, self.power = run, fleet, power
        self.names = run.axes["owner_id"]
        self.policy = run.word("owners.power", "shared", ("shared", "own", "trade"))

    @cached_property
    def of_chip(self) -> Array:
        """1 where a generation belongs to an owner, [g,h]."""
        stated = [owner or MARKET for owner in self.run.texts("inputs.accelerators", "owner_id")]
        return indicator(stated, self.names, str.__eq__)

    @property
    def stated(self) -> bool:
        """Whether any generation has an owner but the market."""
        return bool(self.of_chip[:, :-1].any())

    @property
    def trade(self) -> bool:
        """Whether owners may buy power from each other."""
        return self.stated and self.policy == "trade"

    def need_mw(self, installed: Array) -> Array:
        """Firm power that chips need, by nameplate, [r,h,t] from [r,g,t]."""
        run = self.run
        need = by_month(run, "inputs.regions", "pue") * run.vector("inputs.regions", "nameplate_frac")[:, None]
        return np.asarray(np.einsum("rgt,rt,g,gh->rht", installed, need, self.fleet.kw, self.of_chip))

    @cached_property
    def shares(self) -> tuple[Array, Array]:
        """Share of the firm power that was there at the start, and of what came later, both [r,h].

        What is stated for the region, else for the owner where one of its chips may stand; the rest is divided among the others
        by the nameplate of their chips: of the start, those installed there; later, those dark, or delivered by the end of the
        horizon, that may stand there."""
        run, fleet, mine = self.run, self.fleet, self.of_chip
        open_to = fleet.may_stand[: fleet.regions].astype(float)
        there = (fleet.start * fleet.kw) @ mine
        coming = (open_to * fleet.kw * (fleet.dark + fleet.delivered[:, : run.reported].sum(axis=1))) @ mine
        present = (open_to + (fleet.start > 0.0)) @ mine > 0.0
        general = np.append(run.vector("inputs.owners", "power_frac"), np.nan)
        of_region = run.cube("inputs.power_rights", "power_frac", np.nan).T
        stated = np.where(np.isnan(of_region), np.where(present, general, np.nan), of_region)
        stated = np.where(mine.sum(axis=0) > 0.0, stated, np.nan)
        free, rest = np.isnan(stated), 1.0 - np.nansum(stated, axis=1, keepdims=True)
        by_there, by_coming = (ratio(mw * free, (mw * free).sum(axis=1, keepdims=True)) for mw in (there, coming))
        of_market = np.broadcast_to(np.eye(1, len(general), len(general) - 1), stated.shape)
        first, later = (
            np.where(free, rest * np.where(np.isnan(one), np.where(np.isnan(other), of_market, other), one), stated)
            for one, other in ((by_there, by_coming), (by_coming, by_there))
        )
        return first, later

    @cached_property
    def more_of_start_mw(self) -> Array:
        """What a right is above the share of later power, for the firm power of the start that is not closed yet, [r,h,t]."""
        left = np.maximum(0.0, self.power.start[:, :, None] - np.cumsum(self.power.closed, axis=2))
        first, later = self.shares
        return np.asarray(np.einsum("rh,rpt,p->rht", first - later, left * self.power.open, firm_frac(self.run)))

    @cached_property
    def right_mw(self) -> Array:
        """Firm power that an owner has a right to, [r,h,t]."""
        firm = np.einsum("rpt,p->rt", self.power.capacity, firm_frac(self.run))
        return np.asarray(self.more_of_start_mw + self.shares[1][:, :, None] * firm[:, None, :])


def check_owners(checks: Collector, owners: Owners) -> None:
    """The tables of owners follow from those of chips, fleet and power; what is sold is bought."""
    run, fleet, mine = checks.run, owners.fleet, owners.of_chip
    if not owners.stated:
        return
    nameplate = fleet.installed * fleet.kw[:, None]
    for column, value in {
        "installed_mw": nameplate[: fleet.regions].sum(axis=0),
        "orbit_mw": nameplate[fleet.regions :].sum(axis=0),
        "commissioning_mw": run.cube("chips", "commissioning_kunit") * fleet.kw[:, None],
        "dark_mw": run.cube("chips", "dark_kunit") * fleet.kw[:, None],
        "dark_kh100e": run.cube("chips", "dark_kunit") * fleet.h100e[:, None],
        "displaced_mw": run.cube("chips", "displaced_kunit") * fleet.kw[:, None],
    }.items():
        law = f"owners: {column} sums the chips of an owner"
        checks.column(f"owners.{column}", mine.T @ value, column.rpartition("_")[2], law)
    used = owners.need_mw(fleet.installed[: fleet.regions])
    checks.column("owner_power.used_mw", used, "MW", "used = pue x nameplate of an owner's chips")
    right = np.where(run.present("owner_power"), owners.right_mw, 0.0)
    checks.column("owner_power.right_mw", right, "MW", "right = share of the start + share of what was added")
    bought, sold = (run.cube("owner_power", f"{kind}_mw") for kind in ("bought", "sold"))
    law = "what is sold is bought"
    checks.equal("owner_power.traded", sold.sum(axis=1), bought.sum(axis=1), ("region_id", "month"), "MW", law)
    most = np.maximum(0.0, owners.right_mw + bought - used)
    checks.at_most("owner_power.sold_mw", sold, most, run.keys("owner_power"), "MW", "no owner sells more than it leaves")
