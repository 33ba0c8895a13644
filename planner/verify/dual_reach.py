"""How far any plan could go: an upper bound of every variable from the inputs alone, chips, power, halls, month by month."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.demand import Demand
from planner.verify.fleet import Fleet
from planner.verify.hours import Hours
from planner.verify.orbit import kg_per_kw
from planner.verify.power import Power, shell_limit
from planner.verify.run import Run
from planner.verify.verdict import Array


class Reach:
    """The most that any plan could have of each thing: what is zero here can not be."""

    def __init__(self, run: Run, fleet: Fleet, power: Power, demand: Demand, hours: Hours) -> None:
        self.run, self.fleet, self.power, self.demand, self.hours = run, fleet, power, demand, hours

    @cached_property
    def stock(self) -> Array:
        """Chips that were delivered so far, kunit [g,t]."""
        return np.cumsum(self.fleet.delivered, axis=1) + self.run.cube("inputs.dark", "kunit")[:, None]

    @cached_property
    def deploy(self) -> Array:
        """kunit [x,g,t]."""
        fleet, tonnes = self.fleet, self.run.cube("inputs.launch", "tonnes")
        most = np.where(fleet.may_stand[:, :, None], self.stock, 0.0)
        kg = kg_per_kw(self.run)[:, None, :] * fleet.kw[None, :, None]
        by_mass = np.divide(tonnes, kg, out=np.full(kg.shape, np.inf), where=kg > 0)
        most[fleet.regions :] = np.where(tonnes > 0.0, np.minimum(most[fleet.regions :], by_mass), 0.0)
        return most

    @cached_property
    def installed(self) -> Array:
        """kunit [r,g,t]; the start is what no chip that is deployed can add to."""
        fleet = self.fleet
        most = np.repeat(fleet.start[:, :, None], self.run.month_count, axis=2)
        for region, lag in enumerate(fleet.lag):
            if lag < self.run.month_count:
                most[region, :, lag:] += self.deploy[region, :, : self.run.month_count - lag]
        return most

    @cached_property
    def installed_before(self) -> Array:
        """The same a month ago, [r,g,t]."""
        return np.concatenate([self.fleet.start[:, :, None], self.installed[:, :, :-1]], axis=2)

    @cached_property
    def in_service(self) -> Array:
        """Chips in orbit that could run, kunit [o,g,t]."""
        service = self.run.cube("orbit_coefficients", "service_frac")
        return np.asarray(np.einsum("ogv,ovt->ogt", self.deploy[self.fleet.regions :], service))

    @cached_property
    def _growth(self) -> tuple[Array, Array]:
        """Capacity [r,p,t] and what may be built in the month."""
        run, power = self.run, self.power
        step = power.step
        growth = run.cube("inputs.power", "growth_frac_per_month")
        supply = run.cube("inputs.supply", "mw", np.inf)
        capacity, build = np.zeros(step.shape), np.zeros(step.shape)
        before = power.start
        for t in range(run.month_count):
            free = np.minimum(step[:, :, t] + growth * before, supply[None, :, t])
            may = np.where(power.may_build[:, :, t], free, power.committed[:, :, t])
            build[:, :, t] = np.where(power.offered, may, 0.0)
            before = before + build[:, :, t]
            capacity[:, :, t] = before
        return capacity, build

    @property
    def capacity(self) -> Array:
        """MW [r,p,t], as if nothing closed."""
        return self._growth[0]

    @property
    def build(self) -> Array:
        """MW [r,p,t]."""
        return self._growth[1]

    @cached_property
    def shell(self) -> Array:
        """MW [r,t]."""
        return self.run.vector("inputs.regions", "shell_start_mw")[:, None] + np.cumsum(shell_limit(self.run), axis=1)

    @cached_property
    def serve(self) -> Array:
        """kH100e [z,w,x,t]: what is asked, where a flow is allowed and a chip could be."""
        could_run = np.concatenate([self.installed, self.in_service]).sum(axis=1) > 0.0
        allowed = self.demand.may_serve[:, :, :, None] & could_run[None, None]
        return np.where(allowed, self.demand.asked[:, :, None, :], 0.0)
