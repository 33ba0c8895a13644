"""What the plan before has published of power and halls, and what is built beyond it or short of it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.power import Power, ordered, shell_limit
from planner.verify.run import HALLS, Run, positions
from planner.verify.series import by_month
from planner.verify.sites import is_open
from planner.verify.verdict import Array


class Changes:
    """Arrays over region, option and month; of halls the option is the last."""

    def __init__(self, run: Run, power: Power) -> None:
        self.run, self.power = run, power
        self.usd = run.number("change_usd_per_mw", 0.0)

    @cached_property
    def _months(self) -> int:
        """The first months, which both plans have."""
        return int(max(positions(self.run.months, self.run.inputs["published"]["month"]), default=-1)) + 1

    @cached_property
    def published(self) -> Array:
        """MW that the plan before builds."""
        found: Array = np.zeros_like(self.counted)
        if not self.usd:
            return found
        rows = self.run.inputs["published"]
        rows = rows[(rows["kind"] == "started").to_numpy(dtype=bool)]
        r = positions(self.run.axes["region_id"], rows["place_id"])
        p = positions((*self.run.axes["option_id"], HALLS), rows["item_id"])
        t = positions(self.run.months, rows["month"])
        inside = (r >= 0) & (p >= 0) & (t >= 0)
        np.add.at(found, (r[inside], p[inside], t[inside]), rows["value"].to_numpy(dtype=float)[inside])
        return found * self.counted

    @cached_property
    def counted(self) -> Array:
        """1 where a MW more or less counts: something may be built there, at the pace or by an order."""
        run, orders, signed = self.run, self.power.orders, ordered(self.run)[0]
        if not self.usd:
            return np.zeros_like(signed)
        step = by_month(run, "inputs.power", "step_mw_per_month", "step_growth_frac_per_year")
        growth = run.cube("inputs.power", "growth_frac_per_month")[:, :, None]
        power = self.power.may_build & ((step > 0.0) | (growth > 0.0) | (signed[:, :-1] > 0.0))
        halls = shell_limit(run) > signed[:, -1]  # before the lead time what is signed comes, no more and no less
        early = np.einsum("at,arp->rpt", orders.due, orders.is_of) > 0.0
        may = np.concatenate([power, halls[:, None, :]], axis=1) | early
        return np.where(may & (run.elapsed < self._months), 1.0, 0.0) * is_open(run)[:, None, :]

    def beyond(self, built: Array) -> tuple[Array, Array]:
        """MW more and less than published, where that counts."""
        more = (built - self.published) * self.counted
        return np.maximum(0.0, more), np.maximum(0.0, -more)
