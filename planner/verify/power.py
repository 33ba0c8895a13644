"""Power and halls on Earth: what feeds the chips, and how fast it may grow."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.collector import Collector
from planner.verify.hours import Hours
from planner.verify.orders import Orders
from planner.verify.projects import Projects
from planner.verify.run import HALLS, NDArrayBool, Run, month_before, once, positions
from planner.verify.series import by_month
from planner.verify.sites import binding, closes, is_open
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
        self.stored = hours.by_slice("power_by_slice", "stored_mwh", np.zeros_like(self.output))
        self.by_slice = hours.by_slice("power_by_slice", "output_mw", self.output)
        self.start = run.cube("inputs.power", "start_mw")
        self.committed, self.closed = (each[:, :-1] for each in ordered(run))
        self.projects = Projects(run)
        self.orders = open_orders(run)

    @cached_property
    def offered(self) -> NDArrayBool:
        """Which option stands or may be built where, [r,p]."""
        return self.run.present("inputs.power")

    @cached_property
    def step(self) -> Array:
        """What may be built in the month whatever stands there, projects and an order beyond the pace included, [r,p,t]."""
        step = by_month(self.run, "inputs.power", "step_mw_per_month", "step_growth_frac_per_year")
        after = self.run.elapsed + 1.0 > self.run.cube("inputs.power", "lead_months")[:, :, None]
        pace = with_orders(np.where(after, step, 0.0), self.committed)
        return (pace + self.projects.added()) * self.open

    @cached_property
    def may_build(self) -> NDArrayBool:
        """Whether the lead time is over and the region is not closed, [r,p,t]."""
        early = np.einsum("at,arp->rpt", self.orders.due, self.orders.is_of)[:, :-1] > 0.0
        after = self.run.elapsed + 1.0 > self.run.cube("inputs.power", "lead_months")[:, :, None]
        return np.asarray((after | early) & (self.open > 0.0))

    @cached_property
    def open(self) -> Array:
        """1 until a region closes, [r,1,t]."""
        return is_open(self.run)[:, None, :]

    @cached_property
    def shut(self) -> Array:
        """What goes out of service as a region closes, [r,p,t]."""
        there = month_before(self.capacity, self.start) + self.build - self.closed - self.capacity
        return np.asarray(closes(self.run)[:, None, :] * there)

    @cached_property
    def carbon_t_per_mwh(self) -> Array:
        """Emission of an option where it stands, [r,p]."""
        own = self.run.cube("inputs.power", "carbon_kg_per_mwh", np.nan)
        general = self.run.vector("inputs.options", "carbon_kg_per_mwh")[None, :]
        return np.nan_to_num(np.where(np.isnan(own), general, own)) / 1000.0

    @cached_property
    def untaken(self) -> Array:
        """What a contract has paid for and no one drew, [r,p,t]."""
        due = self.run.cube("inputs.power", "minimum_take_frac")[:, :, None] * self.capacity
        return np.maximum(0.0, due - self.hours.mean(self.by_slice))


def firm_frac(run: Run) -> Array:
    """Share of capacity that counts at the worst hour, of storage for the part of the longest outage that it holds, [p]."""
    stated, outage_h = run.vector("inputs.options", "firm_frac"), run.number("longest_outage_h", 0.0)
    if not outage_h > 0.0:
        return stated
    held = run.vector("inputs.options", "storage_h") / outage_h
    return np.asarray(stated * np.where(np.isnan(held), 1.0, np.minimum(1.0, held)))


@once
def ordered(run: Run) -> tuple[Array, Array]:
    """What binding orders build, and what they close or what ends with them, of options and, last, of halls, [r,p,t].

    Nothing closes or ends in a region that is closed; orders that may slip or be cancelled are apart."""
    orders = binding(run)
    firm = np.where(open_orders(run).open, 0.0, orders["build_mw"].to_numpy(dtype=float))
    orders = orders.assign(build_mw=firm)
    r = positions(run.axes["region_id"], orders["region_id"])
    p = positions((*run.axes["option_id"], HALLS), orders["option_id"])
    built = np.zeros((len(run.axes["region_id"]), len(run.axes["option_id"]) + 1, run.month_count))
    closed = np.zeros_like(built)
    month, until = (positions(run.months, orders[column]) for column in ("month", "until_month"))
    after = np.where(until >= 0, until + 1, -1)
    for found, t, column in ((built, month, "build_mw"), (closed, month, "close_mw"), (closed, after, "build_mw")):
        inside = (t >= 0) & (t < run.month_count) & (p >= 0)
        np.add.at(found, (r[inside], p[inside], t[inside]), orders[column].to_numpy(dtype=float)[inside])
    until_closed = is_open(run)[:, None, :]
    return built * until_closed, closed * until_closed


@once
def open_orders(run: Run) -> Orders:
    """Orders that may slip or be cancelled."""
    step = by_month(run, "inputs.power", "step_mw_per_month", "step_growth_frac_per_year")
    lead = run.cube("inputs.power", "lead_months")[:, :, None]
    shell = by_month(run, "inputs.regions", "shell_step_mw_per_month", "shell_step_growth_frac_per_year")
    shell_lead = run.vector("inputs.regions", "shell_lead_months")[:, None]
    pace = np.where(run.elapsed + 1.0 > lead, step, 0.0)
    halls = np.where(run.elapsed + 1.0 > shell_lead, shell, 0.0)
    return Orders(run, np.concatenate([pace, halls[:, None, :]], axis=1))


def charges_end(run: Run) -> Array:
    """What binding orders build within the months and what ends within them, in its first month out of service, [r,p,t]."""
    built = binding(run)
    built = built.assign(build_mw=np.where(open_orders(run).open, 0.0, built["build_mw"].to_numpy(dtype=float)))
    built = built[(built["month"] >= run.months[0]).to_numpy(dtype=bool)]
    r = positions(run.axes["region_id"], built["region_id"])
    p = positions((*run.axes["option_id"], HALLS), built["option_id"])
    t = positions(run.months[:-1], built["until_month"]) + 1
    ended = np.zeros((len(run.axes["region_id"]), len(run.axes["option_id"]) + 1, run.month_count))
    inside = (t > 0) & (p >= 0)
    np.add.at(ended, (r[inside], p[inside], t[inside]), built["build_mw"].to_numpy(dtype=float)[inside])
    return ended * is_open(run)[:, None, :]


def with_orders(pace: Array, ordered: Array) -> Array:
    """What may be added in a month: an order that exceeds the pace comes on top of it."""
    return np.asarray(pace + np.where(ordered > pace, ordered, 0.0))


def shell_limit(run: Run) -> Array:
    """Hall space that may be finished in the month, orders included, [r,t]."""
    step = by_month(run, "inputs.regions", "shell_step_mw_per_month", "shell_step_growth_frac_per_year")
    pace = np.where(run.elapsed + 1.0 > run.vector("inputs.regions", "shell_lead_months")[:, None], step, 0.0)
    return with_orders(pace, ordered(run)[0][:, -1]) * is_open(run)


def shut_shell(run: Run) -> Array:
    """Hall space that goes out of service as a region closes, [r,t]."""
    shell, start = run.cube("halls", "shell_mw"), run.vector("inputs.regions", "shell_start_mw")
    there = month_before(shell, start) + run.cube("halls", "build_shell_mw") - ordered(run)[1][:, -1] - shell
    return np.asarray(closes(run) * there)


def check_power(checks: Collector, power: Power) -> None:
    """What the tables of power and halls tell beside the rows."""
    run, spot = checks.run, ("region_id", "option_id", "month")
    checks.column("power.output_mw", power.hours.mean(power.by_slice), "MW", "output is the mean of the slices")
    checks.column("power.energy_mwh", power.output * run.hours, "MWh", "energy = output x true hours")
    firm = power.capacity * firm_frac(run)[None, :, None]
    checks.column("power.firm_mw", firm, "MW", "firm = capacity x firm share")
    carbon = power.energy * power.carbon_t_per_mwh[:, :, None]
    checks.column("power.carbon_tco2", carbon, "tCO2", "carbon = energy x emission")
    limit = np.where(run.present("power"), checks.sides["limit_power_growth"][1], 0.0)
    checks.column("power.growth_limit_mw", limit, "MW", "growth limit = step + growth x capacity, or what is signed")
    strange = np.where(power.offered[:, :, None], 0.0, power.capacity + power.build + power.output)
    checks.equal("offered_options", strange, 0.0, spot, "MW", "only options of the region have capacity")
    nameplate, _ = checks.sides["fit_shell"]
    closed = (1.0 - power.open) * np.concatenate([power.capacity, run.cube("halls", "shell_mw")[:, None]], axis=1)
    items = ("region_id", (*run.axes["option_id"], HALLS), "month")
    if (power.open == 0.0).any():
        checks.equal("closed_regions", closed, 0.0, items, "MW", "a region that is closed has no power and no halls")
    checks.column("halls.housed_mw", nameplate, "MW", "housed = nameplate of what is installed")
    if power.hours.sliced:
        by_slice = {"availability_frac": power.hours.availability, "energy_usd_per_mwh": power.hours.energy_price}
        for column, value in by_slice.items():
            follows = np.where(run.present("power_by_slice"), value, 0.0)
            checks.column(f"power_by_slice.{column}", follows, "", f"{column} of a slice follows from its profile")
