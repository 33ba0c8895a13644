"""Hours: what prices, availability and demand are in each slice of a month. Arrays end in month and slice, [.., t, k]."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.analyse.verify.run import Run
from planner.analyse.verify.verdict import Array


class Hours:
    """The slices of a run: one, the whole month."""

    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def hours(self) -> Array:
        """Hours of each slice in each month, [t,k]."""
        return self.run.hours[:, None]

    @cached_property
    def availability(self) -> Array:
        """Share of capacity that can be drawn, [r,p,t,k]."""
        frac = self.run.cube("inputs.power", "availability_frac")
        return np.repeat(frac[:, :, None], self.run.month_count, axis=2)[..., None]

    @cached_property
    def energy_price(self) -> Array:
        """What bought energy costs, USD per MWh, [r,p,t,k]."""
        run = self.run
        growth = 1.0 + run.cube("inputs.power", "energy_growth_frac_per_year")
        bought = run.cube("inputs.power", "energy_usd_per_mwh")[:, :, None] * growth[:, :, None] ** (run.elapsed / 12.0)
        return np.asarray(bought[..., None])

    @cached_property
    def shape(self) -> Array:
        """Demand of a slice over its mean, [z,w,k]."""
        return np.ones((len(self.run.axes["pool_id"]), len(self.run.axes["class_id"]), 1))
