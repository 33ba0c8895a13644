"""Prices inside a plan, as a buyer would see them: compute, firm power, energy, halls, chips. All in money of their month."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from models import REGISTER
from models.data import PlanData
from models.demand import place_compute, place_compute_in_orbit
from models.fleet import house_chips
from models.halls import fit_shell
from models.owners import respect_right
from models.power import balance_power, respect_capacity, usd_per_mwh
from models.rows import Key
from models.storage import limit_charge, limit_stored
from planner.solve.solution import Solution


class Market:
    """Prices of a solved plan; in mode `energy` with as much compute served."""

    def __init__(self, solution: Solution) -> None:
        self.data: PlanData = solution.data
        self.solution, self.prices = solution, solution.prices

    def musd(self, row: Key) -> float:
        """The price of one row, discounted million USD a unit; zero where there is no such row."""
        name, index = row
        return self.prices.get(name, {}).get(index, 0.0)

    def usd(self, t: int, musd: float) -> float:
        """Discounted million USD as USD of month t."""
        return 1e6 * musd / self.data.discount[t]

    def hours(self, t: int) -> float:
        return sum(self.data.hours_h[t, k] for k in self.data.slices)

    def compute_usd_per_h100e_h(self, place: str, t: int) -> float:
        """What one more H100e-hour in a place would save."""
        of = place_compute_in_orbit if place in self.data.designs else place_compute
        musd = sum(self.musd(of[place, t, k]) for k in self.data.slices)
        return self.usd(t, musd) / self.hours(t) / 1e3

    def energy_usd_per_mwh(self, region: str, t: int) -> float:
        """What one more MWh drawn there costs, in the mean of the month."""
        return self.usd(t, sum(self.musd(balance_power[region, t, k]) for k in self.data.slices)) / self.hours(t)

    def firm_usd_per_mw_month(self, region: str, t: int) -> float:
        """Rent of one firm megawatt at the facility for the month, which is shared as owners share what is added."""
        return self.usd(t, self.firm_musd(region, t))

    def firm_musd(self, region: str, t: int) -> float:
        """The same in discounted million USD."""
        rights = ((h, frac) for (r, h), frac in self.data.right_added_frac.items() if r == region)
        return self.musd(house_chips[region, t]) + sum(frac * self.right_musd(region, h, t) for h, frac in rights)

    def right_musd(self, region: str, owner: str, t: int) -> float:
        """What a MW of right to firm power is worth to an owner beyond the firm power itself, discounted million USD."""
        return self.musd(respect_right[region, owner, t])

    def hall_usd_per_mw_month(self, region: str, t: int) -> float:
        """Rent of one megawatt of hall for the month."""
        return self.usd(t, self.musd(fit_shell[region, t]))

    @cached_property
    def _shared(self) -> dict[Any, float]:
        """[r,p,t,k] discounted million USD that limits shared with others, as a cap on emissions, add to a MW of output."""
        form, duals = self.solution.form, self.solution.outcome.duals
        if not self.prices:
            return {}
        rows = [REGISTER[name] for name, _ in form.rows]
        shared = np.array([row.kind == "limit" and not row.has("option") for row in rows], dtype=bool)
        musd = -np.where(shared, duals, 0.0) @ form.matrix
        return {index: each for (name, index), each in zip(form.columns, musd.tolist(), strict=True) if name == "output"}

    def running_musd_per_mw(self, r: str, p: str, t: int, k: int) -> float:
        """What a megawatt of an option, run through a slice, costs."""
        d = self.data
        own = 1e-6 * d.discount[t] * d.hours_h[t, k] * sum(usd_per_mwh(d, r, p, t, k).values())
        return own + self._shared.get((r, p, t, k), 0.0)

    def capacity_musd_per_mw(self, r: str, p: str, t: int) -> tuple[float, float]:
        """What one MW of an option in service is worth in month t: as firm cover, and by the energy it gives cheaper."""
        d = self.data
        cover = d.firm_frac[r, p] * self.firm_musd(r, t)
        energy = 0.0
        if p in d.storage_h:  # what it gives cheaper it took before: its own limits say what a megawatt of it is worth
            for k in d.slices:
                energy += d.power_availability_frac[r, p, t, k] * self.musd(respect_capacity[r, p, t, k])
                energy += self.musd(limit_charge[r, p, t, k]) + d.storage_h[p] * self.musd(limit_stored[r, p, t, k])
            return cover, energy
        for k in d.slices:
            margin = self.musd(balance_power[r, t, k]) - self.running_musd_per_mw(r, p, t, k)
            energy += d.power_availability_frac[r, p, t, k] * max(0.0, margin)
        return cover, energy
