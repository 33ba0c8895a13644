"""Chips: every one that was delivered is somewhere: dark, installed, in orbit, retired early, or lost to failure or age."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.ages import Ages, survival
from planner.verify.chip_moves import ChipMoves, check_chip_moves
from planner.verify.collector import Collector
from planner.verify.hours import Hours
from planner.verify.run import NDArrayBool, Run, indicator, listed, month_before
from planner.verify.series import by_month
from planner.verify.sites import closing, is_open
from planner.verify.verdict import Array


class Fleet:
    """What the inputs say about chips and what the tables say became of them: arrays over place, generation, month."""

    def __init__(self, run: Run, hours: Hours) -> None:
        self.run = run
        self.hours = hours
        self.regions = len(run.axes["region_id"])
        self.deploy = run.cube("fleet", "deploy_kunit")
        self.retire = run.cube("fleet", "retire_kunit")
        self.installed = run.cube("fleet", "installed_kunit")
        self.running = run.cube("fleet", "run_kunit")
        self.run_by_slice = hours.by_slice("fleet_by_slice", "run_kunit", self.running)
        self.kw = run.vector("inputs.accelerators", "kw_per_unit")
        self.h100e = run.vector("inputs.accelerators", "h100e_per_unit")
        self.moves = ChipMoves(run)
        self.ages = Ages(run, self.moves)
        self.start = self.ages.start
        self.dark = self.ages.dark[0]
        self.delivered = run.held("inputs.deliveries", "kunit")
        self.offered = self.delivered * run.held("inputs.deliveries", "optional_frac")
        self.bought, self.declined = (run.cube("offers", f"{name}_kunit") for name in ("bought", "declined"))
        self.deferred = run.cube("deferrals", "deferred_kunit")
        """Offered in one month and delivered in a later one, [g,v,t]."""
        self.put_off = run.cube("offers", "deferred_kunit")
        """The same by month of the offer, what comes after the last of these months included, [g,v]."""
        self.taken = self.delivered - self.offered + self.bought + self.deferred.sum(axis=1)
        self.survive = (1.0 - run.vector("inputs.accelerators", "failure_frac_per_year")) ** (1.0 / 12.0)
        self.lag = np.rint(run.vector("inputs.regions", "commission_months")).astype(int)

    @cached_property
    def may_stand(self) -> NDArrayBool:
        """Where a chip may legally stand, by the country of the place."""
        run = self.run
        countries = run.texts("inputs.regions", "country_iso2") + run.texts("inputs.designs", "country_iso2")
        only, never = (run.texts("inputs.accelerators", f"{law}_countries") for law in ("only", "not"))
        let_in = indicator(countries, only, lambda country, text: not text or country in listed(text))
        kept_out = indicator(countries, never, lambda country, text: country in listed(text))
        return np.asarray(let_in > kept_out)

    @cached_property
    def may_come_later(self) -> NDArrayBool:
        """Whether what is offered in a month can be delivered in another, [g,v,t]."""
        run = self.run
        later = run.elapsed[None, :] - run.elapsed[:, None]
        most = run.held("inputs.deliveries", "defer_months")[:, :, None]
        return np.asarray((later > 0) & (later <= most) & (self.offered > 0.0)[:, :, None])

    @cached_property
    def may_go(self) -> Array:
        """1 where a chip may take a way: it may stand where the way ends, or is taken into stock, [q,g]."""
        places = np.vstack([self.may_stand[: self.regions], np.ones((1, len(self.kw)), dtype=bool)])
        return np.where(places[self.moves.end], 1.0, 0.0)

    @cached_property
    def opens(self) -> Array:
        """1 where what is deployed in a month stands in the region before that closes, [r,t]."""
        return np.where(self.run.elapsed + self.lag[:, None] < closing(self.run)[:, None], 1.0, 0.0)

    @cached_property
    def draw_by_slice(self) -> Array:
        """IT power that the chips of a region draw, running and idle, [r,t,k]."""
        idle = self.run.vector("inputs.accelerators", "idle_frac")[None, :, None, None]
        housed, running = self.installed[: self.regions, ..., None], self.run_by_slice[: self.regions]
        draw = self.kw * self.run.vector("inputs.accelerators", "draw_frac")
        return np.asarray(np.einsum("rgtk,g->rtk", idle * housed + (1.0 - idle) * running, draw), dtype=float)

    @cached_property
    def arrives(self) -> Array:
        """1 where what is deployed in month v stands in the region from month t, [r,v,t]."""
        return np.where(self._age == self.lag[:, None, None], 1.0, 0.0)

    @cached_property
    def commissioning(self) -> Array:
        """Chips on Earth that are deployed or moved and not yet there, [g,t]."""
        waiting = np.where((self._age >= 0.0) & (self._age < self.lag[:, None, None]), 1.0, 0.0)
        moving = np.einsum("qgv,qvt->gt", self.moves.all, self.moves.on_the_way)
        arriving = self.ages.arriving.sum(axis=0)
        ahead = arriving.sum(axis=1, keepdims=True) - np.cumsum(arriving, axis=1)
        return np.asarray(np.einsum("rgv,rvt->gt", self.deploy[: self.regions], waiting) + moving + ahead)

    @property
    def _age(self) -> Array:
        """Months from v to t, [v,t]."""
        return np.asarray(self.run.elapsed[None, :] - self.run.elapsed[:, None])

    @cached_property
    def launched_mw(self) -> Array:
        """IT power launched, [o,t]."""
        return np.asarray(np.einsum("ogt,g->ot", self.deploy[self.regions :], self.kw), dtype=float)

    def vintages(self, column: str) -> Array:
        """Chips in orbit times a coefficient of their vintage, [o,g,t]."""
        launched = np.einsum("ogv,ovt->ogt", self.deploy[self.regions :], self.run.of_vintages(column))
        return np.asarray(launched + self.of_before(column), dtype=float)

    @cached_property
    def launched_before(self) -> Array:
        """Chips launched before the start, by month of launch, [o,g,v]."""
        return self.run.cube("inputs.vintages", "kunit")[..., : len(self.run.launched_before)]

    def of_before(self, column: str) -> Array:
        """The same of what was launched before the start alone, [o,g,t]."""
        coefficients = self.run.cube("orbit_coefficients", column)[:, : len(self.run.launched_before)]
        return np.asarray(np.einsum("ogv,ovt->ogt", self.launched_before, coefficients), dtype=float)

    @cached_property
    def alive_before(self) -> Array:
        """Chips in orbit at the start, [o,g]."""
        launched = np.array([self.run.month_index(month) for month in self.run.launched_before], dtype=float)
        return np.asarray(np.einsum("ogv,ov->og", self.launched_before, survival(self.run, -1.0 - launched)), dtype=float)


def check_fleet(checks: Collector, fleet: Fleet) -> None:
    """What the tables of chips and of the fleet tell beside the rows: law, losses, sums, and the identity of all chips."""
    run, earth = checks.run, fleet.regions
    stock, place = ("generation_id", "month"), ("place_id", "generation_id", "month")
    site, orbit = ("region_id", *stock), ("design_id", *stock)
    dark, displaced = run.cube("chips", "dark_kunit"), run.cube("chips", "displaced_kunit")
    alive = fleet.vintages("alive_frac")
    checks.equal("conserve_orbit", fleet.installed[earth:], alive, orbit, "kunit", "alive = launched x survival")
    checks.equal("retire_in_orbit", fleet.retire[earth:], 0.0, orbit, "kunit", "nothing is retired in orbit")
    unlawful = np.where(fleet.may_stand[:, :, None], 0.0, fleet.deploy)
    checks.equal("placeable", unlawful, 0.0, place, "kunit", "no chip is sent where it may not stand")
    checks.column("fleet.run_kunit", fleet.hours.mean(fleet.run_by_slice), "kunit", "running chips are the mean of the slices")

    closed = fleet.installed[:earth] * (1.0 - is_open(run))[:, None, :]
    if closing(run).min(initial=np.inf) < np.inf:
        checks.equal("closed_regions.fleet", closed, 0.0, site, "kunit", "no chip is in a region that is closed")
    if fleet.moves.names:
        ends = np.where(fleet.ages.ends.any(axis=2), fleet.ages.ends.argmax(axis=2), np.inf)
        check_chip_moves(checks, fleet.moves, fleet.kw, fleet.may_go, ends)

    failed, expired = (run.cube("fleet", column) for column in ("failed_kunit", "end_of_life_kunit"))
    before = month_before(fleet.installed[:earth], fleet.start)
    lost = before * (1.0 - fleet.survive)[:, None]
    checks.same("fleet.failed_kunit", failed[:earth], lost, site, "kunit", "failed = share of what stood there")
    of_batch = fleet.ages.batches("end_of_life_kunit")
    left = month_before(fleet.ages.batches("installed_kunit")[:earth], fleet.ages.standing)
    batch, law = ("region_id", "generation_id", run.axes["batch"][1:], "month"), "end of a batch = all of it that survived"
    ended = left * fleet.survive[:, None, None] * fleet.ages.ends
    checks.same("batches.end_of_life_kunit", of_batch[:earth], ended, batch, "kunit", law)
    standing = fleet.ages.old("deploy_kunit")
    checks.equal("batches.deploy_kunit", standing, 0.0, site, "kunit", "what stands there at the start is not deployed")
    in_stock, law = ("generation_id", run.axes["batch"][1:], "month"), "no more of a batch is deployed than is in stock"
    checks.at_most("dark_of", 0.0, fleet.ages.dark_of, in_stock, "kunit", law)
    law = "end of life = what ends of each batch and of what is installed at the start"
    aged = ended.sum(axis=2) + fleet.ages.old("end_of_life_kunit")
    checks.same("fleet.end_of_life_kunit", expired[:earth], aged, site, "kunit", law)
    before = -fleet.alive_before[..., None]
    lost = np.diff(np.cumsum(fleet.deploy[earth:], axis=2) - alive, axis=2, prepend=before)
    law = "lost in orbit = launched - alive"
    checks.equal("fleet.lost_in_orbit", failed[earth:] + expired[earth:], lost, orbit, "kunit", law)
    for column, value in {
        "delivered_kunit": fleet.taken,
        "deployed_kunit": fleet.deploy.sum(axis=0),
        "retired_kunit": fleet.retire.sum(axis=0),
        "housed_kunit": fleet.installed[:earth].sum(axis=0),
        "orbit_kunit": fleet.installed[earth:].sum(axis=0),
        "commissioning_kunit": fleet.commissioning,
        "failed_kunit": failed.sum(axis=0),
        "end_of_life_kunit": expired.sum(axis=0) + fleet.ages.ended_dark,
        "ended_dark_kunit": fleet.ages.ended_dark,
        "dark_kh100e": dark * fleet.h100e[:, None],
        "dark_mw": dark * fleet.kw[:, None],
    }.items():
        checks.column(f"chips.{column}", value, column.rpartition("_")[2], f"chips: {column} agrees with the fleet")
    checks.column("offers.deferred_kunit", fleet.deferred.sum(axis=2), "kunit", "deferred = what comes in later months")
    strange, spot = np.where(fleet.may_come_later, 0.0, fleet.deferred), ("generation_id", "month", "delivered_month")
    checks.equal("deferrals.deferred_kunit", strange, 0.0, spot, "kunit", "what is on offer comes at most so much later")
    checks.column("offers.offered_kunit", fleet.offered, "kunit", "offered = delivered x share that may be declined")
    start = fleet.dark + fleet.start.sum(axis=0) + fleet.ages.arriving.sum(axis=(0, 2)) + fleet.alive_before.sum(axis=0)
    given = np.cumsum(run.cube("chips", "delivered_kunit"), axis=1) + start[:, None]
    held = dark + displaced + sum(run.cube("chips", f"{name}_kunit") for name in ("housed", "orbit", "commissioning"))
    gone = sum(np.cumsum(run.cube("chips", f"{name}_kunit"), axis=1) for name in ("failed", "end_of_life"))
    checks.equal("identity_chips", given, held + gone, stock, "kunit", "delivered + start = all places where a chip can be")

    places = [by_month(run, f"inputs.{table}", "availability_frac") for table in ("regions", "designs")]
    computed = fleet.running * fleet.h100e[None, :, None] * np.concatenate(places)[:, None, :]
    nameplate = fleet.installed * fleet.kw[None, :, None]
    checks.column("fleet.compute_kh100e", computed, "kH100e", "compute = run x H100e")
    checks.column("fleet.it_nameplate_mw", nameplate, "MW", "nameplate = kW x units")
    idle = run.vector("inputs.accelerators", "idle_frac")[None, :, None]
    load = fleet.running.copy()  # in orbit what does not run is off
    load[:earth] = idle * fleet.installed[:earth] + (1.0 - idle) * fleet.running[:earth]
    drawn = load * (fleet.kw * run.vector("inputs.accelerators", "draw_frac"))[None, :, None]
    checks.column("fleet.it_draw_mw", drawn, "MW", "draw = running and idle chips")
