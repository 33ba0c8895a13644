"""Power and halls on Earth: what feeds the chips, and how fast it may grow."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.collector import Bench
from planner.verify.fleet import Fleet
from planner.verify.hours import Hours, farthest, worst
from planner.verify.run import NDArrayBool, Run
from planner.verify.storage import check_storage
from planner.verify.verdict import Array


class Power:
    """What the inputs say about options, and the power table: arrays over region, option, month."""

    def __init__(self, run: Run, hours: Hours) -> None:
        self.run = run
        self.hours = hours
        self.build = run.cube("power", "build_mw")
        self.capacity = run.cube("power", "capacity_mw")
        self.output = run.cube("power", "output_mw")
        self.energy = run.cube("power", "energy_mwh")
        self.charge = hours.by_slice("power_by_slice", "charge_mw", np.zeros_like(self.output))
        self.by_slice = hours.by_slice("power_by_slice", "output_mw", self.output)
        self.start = run.cube("inputs.power", "start_mw")
        self.closed = run.cube("inputs.commitments", "close_mw")
        self.committed = run.cube("inputs.commitments", "build_mw")

    @cached_property
    def offered(self) -> NDArrayBool:
        """Which option stands or may be built where, [r,p]."""
        return self.run.present("inputs.power")

    @cached_property
    def before(self) -> Array:
        """Capacity at the end of the month before, [r,p,t]."""
        return np.concatenate([self.start[:, :, None], self.capacity[:, :, :-1]], axis=2)

    @cached_property
    def growth_limit(self) -> Array:
        """step (1 + g)^((t-1)/12) + growth x capacity a month ago; up to the lead time what is signed, [r,p,t]."""
        limit = self.step + self.run.cube("inputs.power", "growth_frac_per_month")[:, :, None] * self.before
        return np.where(self.offered[:, :, None], np.where(self.may_build, limit, self.committed), 0.0)

    @cached_property
    def step(self) -> Array:
        """What may be built in the month whatever stands there, [r,p,t]."""
        yearly = 1.0 + self.run.cube("inputs.power", "step_growth_frac_per_year")
        step = self.run.cube("inputs.power", "step_mw_per_month")[:, :, None]
        return np.asarray(step * yearly[:, :, None] ** (self.run.elapsed / 12.0))

    @cached_property
    def may_build(self) -> NDArrayBool:
        """Whether the lead time is over, [r,p,t]."""
        return self.run.elapsed + 1.0 > self.run.cube("inputs.power", "lead_months")[:, :, None]

    @cached_property
    def carbon_t_per_mwh(self) -> Array:
        """Emission of an option where it stands, [r,p]."""
        own = self.run.cube("inputs.power", "carbon_kg_per_mwh", np.nan)
        general = self.run.vector("inputs.options", "carbon_kg_per_mwh")[None, :]
        return np.nan_to_num(np.where(np.isnan(own), general, own)) / 1000.0

    @cached_property
    def new(self) -> Array:
        """What the plan itself has built so far, [r,p,t]."""
        return np.cumsum(self.build, axis=2)


def firm_frac(run: Run) -> Array:
    """Share of capacity that counts at the worst hour, of storage for the part of the longest outage that it holds, [p]."""
    stated, outage_h = run.vector("inputs.options", "firm_frac"), run.number("longest_outage_h", 0.0)
    if not outage_h > 0.0:
        return stated
    held = run.vector("inputs.options", "storage_h") / outage_h
    return np.asarray(stated * np.where(np.isnan(held), 1.0, np.minimum(1.0, held)))


def shell_limit(run: Run) -> Array:
    """Hall space that may be finished in the month, [r,t]."""
    yearly = 1.0 + run.vector("inputs.regions", "shell_step_growth_frac_per_year")
    step = run.vector("inputs.regions", "shell_step_mw_per_month")[:, None] * yearly[:, None] ** (run.elapsed / 12.0)
    return np.where(run.elapsed + 1.0 > run.vector("inputs.regions", "shell_lead_months")[:, None], step, 0.0)


def check_power(bench: Bench, fleet: Fleet, power: Power) -> None:
    """Energy balance, capacity and its growth, housing."""
    run, earth = bench.run, fleet.regions
    spot, site = ("region_id", "option_id", "month"), ("region_id", "month")
    pue = run.vector("inputs.regions", "pue")
    need = farthest(power.by_slice.sum(axis=1), power.charge.sum(axis=1) + pue[:, None, None] * fleet.draw_by_slice)
    bench.equal("balance_power", *need, site, "MW", "output = pue x IT draw + charging, in every slice")
    mean = power.hours.mean(power.by_slice)
    bench.same("power.output_mw", power.output, mean, spot, "MW", "output is the mean of the slices")
    bench.same("power.energy_mwh", power.energy, power.output * run.hours, spot, "MWh", "energy = output x true hours")
    carbon = power.energy * power.carbon_t_per_mwh[:, :, None]
    bench.same("power.carbon_tco2", run.cube("power", "carbon_tco2"), carbon, spot, "tCO2", "carbon = energy x emission")

    drawn = worst(power.by_slice, power.hours.availability * power.capacity[..., None])
    bench.at_most("respect_capacity", *drawn, spot, "MW", "output <= availability x capacity, in every slice")
    if power.hours.sliced:
        _check_slices(bench, power)
        check_storage(bench, power.capacity, power.by_slice, power.charge, power.hours)
    kept = power.before + power.build - power.closed
    bench.equal("conserve_capacity", power.capacity, kept, spot, "MW", "capacity = capacity a month ago + build - closed")
    limit = run.cube("power", "growth_limit_mw")
    expected = np.where(run.present("power"), power.growth_limit, 0.0)
    bench.same(
        "power.growth_limit_mw", limit, expected, spot, "MW", "growth limit = step + growth x capacity, or what is signed"
    )
    bench.at_most(
        "limit_power_growth",
        power.build,
        power.growth_limit,
        spot,
        "MW",
        "build <= step + growth x capacity, or what is signed",
    )
    bench.at_most("keep_commitment", power.committed, power.build, spot, "MW", "what is signed is built")
    strange = np.where(power.offered[:, :, None], 0.0, power.capacity + power.build + power.output)
    bench.equal("offered_options", strange, 0.0, spot, "MW", "only options of the region have capacity")
    supply = run.cube("inputs.supply", "mw", np.inf)
    bench.at_most(
        "limit_technology_supply", power.build.sum(axis=0), supply, ("option_id", "month"), "MW", "builds <= world supply"
    )

    nameplate = np.einsum("rgt,g->rt", fleet.installed[:earth], fleet.kw)
    need = (pue * run.vector("inputs.regions", "nameplate_frac"))[:, None] * nameplate
    firm = np.einsum("rpt,p->rt", power.capacity, firm_frac(run))
    bench.at_most("house_chips", need, firm, site, "MW", "pue x nameplate of installed chips <= firm capacity")
    _check_halls(bench, nameplate)


def _check_slices(bench: Bench, power: Power) -> None:
    """What the table by slice says of prices and availability follows from the inputs."""
    axes = ("region_id", "option_id", bench.run.months, "slice_id")
    for column, value in (("availability_frac", power.hours.availability), ("energy_usd_per_mwh", power.hours.energy_price)):
        told = bench.run.cube("power_by_slice", column)
        follows = np.where(bench.run.present("power_by_slice"), value, 0.0)
        bench.same(f"power_by_slice.{column}", told, follows, axes, "", f"{column} of a slice follows from its profile")


def _check_halls(bench: Bench, nameplate: Array) -> None:
    run, site = bench.run, ("region_id", "month")
    build, shell = run.cube("halls", "build_shell_mw"), run.cube("halls", "shell_mw")
    start = run.vector("inputs.regions", "shell_start_mw")
    bench.same(
        "halls.housed_mw", run.cube("halls", "housed_mw"), nameplate, site, "MW", "housed = nameplate of what is installed"
    )
    bench.equal("conserve_shell", shell, start[:, None] + np.cumsum(build, axis=1), site, "MW", "halls = start + all built")
    bench.at_most("limit_shell_growth", build, shell_limit(run), site, "MW", "halls grow no faster than their step")
    bench.at_most("fit_shell", nameplate, shell, site, "MW", "installed chips fit the halls")
