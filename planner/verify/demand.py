"""Demand: what is asked, who may serve it, and what is served: arrays over pool, class, place, month."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from planner.verify.collector import Collector
from planner.verify.hours import Hours
from planner.verify.network import Routes, distance_km, round_trip_ms
from planner.verify.run import NDArrayBool, Run, listed, month_before
from planner.verify.series import demand_of_zones
from planner.verify.verdict import Array


class Demand:
    """What the inputs say about demand, and the serve table."""

    def __init__(self, run: Run, hours: Hours) -> None:
        self.run, self.hours = run, hours
        self.serve = run.cube("serve", "serve_kh100e")
        self.unserved = run.cube("demand", "unserved_kh100e")
        self.latency = run.vector("inputs.classes", "latency_ms")
        self.gbit_s = run.vector("inputs.classes", "gbit_s_per_kh100e")
        self.zones = len(run.axes["zone_id"])

    @cached_property
    def pool_bloc(self) -> list[str]:
        """The bloc of every pool: of the zone, or the pool itself."""
        names = self.run.axes["pool_id"]
        return [*self.run.texts("inputs.zones", "bloc"), *names[self.zones :]]

    @cached_property
    def by_zone(self) -> Array:
        """Demand that the inputs ask for by zone, [z,w,t]: what grows from its start, and training runs."""
        run = self.run
        asked = demand_of_zones(run)
        for zone, name, path in trained(run):
            asked[run.axes["zone_id"].index(zone), run.axes["class_id"].index(name)] += path
        return np.asarray(asked)

    @cached_property
    def asked(self) -> Array:
        """The same by pool, [z,w,t]: classes without a latency limit are asked by blocs."""
        pools, free = self.run.axes["pool_id"], np.isnan(self.latency)
        asked = np.zeros((len(pools), *self.by_zone.shape[1:]))
        for zone, bloc in enumerate(self.run.texts("inputs.zones", "bloc")):
            asked[zone, ~free] += self.by_zone[zone, ~free]
            asked[pools.index(bloc), free] += self.by_zone[zone, free]
        return asked

    @property
    def may_go_short(self) -> bool:
        """Whether demand may be left unserved."""
        return self.run.word("unserved", "allowed", ("allowed", "forbidden")) == "allowed"

    @cached_property
    def can_wait(self) -> Array:
        """What may be short before it is core, [z,w,t]."""
        return np.asarray((1.0 - self.run.vector("inputs.classes", "core_frac"))[:, None] * self.asked)

    @cached_property
    def kept_frac(self) -> Array:
        """What demand for a class leaves of last month's work, at most all of it, [w,t]; nothing in the first month."""
        return kept_frac(self.asked.sum(axis=0))

    @cached_property
    def move_usd(self) -> Array:
        """What moving work costs, USD per H100e, [w]."""
        return self.run.vector("inputs.classes", "move_usd_per_h100e")

    @cached_property
    def left(self) -> Array:
        """Work that leaves each place in a month, where demand has not fallen as far, [w,x,t]."""
        work = self.serve.sum(axis=0)
        return np.asarray(np.maximum(0.0, self.kept_frac[:, None, :] * month_before(work) - work))

    @cached_property
    def shift(self) -> Array:
        """Flexible work that is done in each slice, [w,x,t,k]."""
        return self.hours.by_slice("work_by_slice", "shift_kh100e", np.zeros(self.serve.shape[1:]))

    @cached_property
    def waiting(self) -> Array:
        """Flexible work that is asked and not done yet, the least of each day being zero, [w,x,t,k] in kH100e h."""
        asked = self.flexible_frac[:, None, None, None] * np.einsum("zwxt,zwtk->wxtk", self.serve, self.hours.shape)
        late = (asked - self.shift) * self.hours.length
        waiting: Array = np.zeros_like(late)
        for day in range(len(self.hours.day_types)):
            order = self.hours.order(day)
            sums = np.cumsum(late[..., order], axis=-1)
            waiting[..., order] = sums - sums.min(axis=-1, keepdims=True)
        return waiting

    @cached_property
    def distance(self) -> Array:
        """Kilometres from every zone to every region."""
        run = self.run
        zone = [run.vector("inputs.zones", f"{axis}_deg") for axis in ("latitude", "longitude")]
        region = [run.vector("inputs.regions", f"{axis}_deg") for axis in ("latitude", "longitude")]
        return distance_km(zone[0], zone[1], region[0], region[1])

    @cached_property
    def same_metro(self) -> NDArrayBool:
        """Whether a pool is a zone that sits in the metro of a place, [z,x]."""
        near = np.zeros((len(self.run.axes["pool_id"]), len(self.run.axes["place_id"])), dtype=bool)
        near[: self.zones, : self.distance.shape[1]] = self.distance < self.run.number("network.same_metro_km", 50.0)
        return near

    @cached_property
    def place_names(self) -> list[set[str]]:
        """What a list of places may call each place: itself, its bloc, its group, or orbit."""
        run = self.run
        texts = [run.texts("inputs.regions", column) for column in ("bloc", "group")]
        designs = zip(run.axes["design_id"], run.texts("inputs.designs", "bloc"), strict=True)
        regions = zip(run.axes["region_id"], *texts, strict=True)
        return [{*names} - {""} for names in regions] + [{*names, "orbit"} for names in designs]

    @cached_property
    def routes(self) -> Routes:
        """Routes of the network."""
        return Routes(self.run, self.pool_bloc, self.place_names)

    @cached_property
    def usd_per_gbit_s_month(self) -> Array:
        """Price of traffic, [z,x,t]; within a metro nothing is charged."""
        return np.where(self.same_metro[..., None], 0.0, self.routes.usd_per_gbit_s_month)

    @cached_property
    def flexible_frac(self) -> Array:
        """Share of each class that moves within its day, [w]; nothing where the day has one part, or the window no hour."""
        moves = (len(self.hours.slices) > len(self.hours.day_types)) & (self.window_h > 0.0)
        return np.asarray(self.run.vector("inputs.classes", "flexible_frac") * moves)

    @cached_property
    def window_h(self) -> Array:
        """Hours that flexible work of each class may wait, [w]."""
        stated = self.run.vector("inputs.classes", "flexible_window_h")
        return np.asarray(np.where(np.isnan(stated), 24.0, stated))

    @cached_property
    def may_serve(self) -> NDArrayBool:
        """Who may serve whom: latency, residency and eligibility of orbit, [z,w,x]."""
        run = self.run
        regions, designs = len(run.axes["region_id"]), len(run.axes["design_id"])
        rtt = round_trip_ms(run, self.distance, self.same_metro[: self.zones, :regions])
        pools, classes = len(self.pool_bloc), len(self.latency)
        allowed = np.zeros((pools, classes, regions + designs), dtype=bool)
        allowed[: self.zones] = rtt[:, None, :] <= self.latency[None, :, None]
        allowed[:, np.isnan(self.latency), :] = True
        flies = np.array([word == "yes" for word in run.texts("inputs.classes", "orbit")], dtype=bool)
        allowed[:, :, regions:] &= flies[None, :, None]
        place_bloc = run.texts("inputs.regions", "bloc") + run.texts("inputs.designs", "bloc")
        class_code = {name: code for code, name in enumerate(run.axes["class_id"])}
        frame = run.table("inputs.residency")
        for name, bloc, into in zip(frame["class_id"], frame["from_bloc"], frame["to_blocs"], strict=True):
            inside = np.array([place in listed(str(into)) for place in place_bloc], dtype=bool)
            from_here = np.array([pool == str(bloc) for pool in self.pool_bloc], dtype=bool)
            allowed[from_here, class_code[str(name)], :] &= inside
        return allowed


def trained(run: Run) -> Iterator[tuple[str, str, Array]]:
    """Compute that each row of training runs asks for by zone and class, kH100e in the mean of each month."""
    for row in run.table("inputs.training_runs").to_dict("records"):
        since = float(run.month_index(str(row["from_month"]))) if row["from_month"] else 0.0
        ends = np.arange(run.month_count + 1, dtype=float)  # of months, and so the work done until then
        starts = np.arange(since, ends[-1], 12.0 / row["runs_per_year"])
        grown = np.maximum(0.0, np.minimum(starts, run.grown[-1]) - since)
        gwh = row["energy_gwh"] * (1.0 + row["growth_frac_per_year"]) ** (grown / 12.0)
        done = np.clip((ends[:, None] - starts) / row["duration_months"], 0.0, 1.0) @ gwh
        yield str(row["zone_id"]), str(row["class_id"]), np.diff(done) * 1e3 / 730.5 / row["kw_per_h100e"]


def kept_frac(asked: Array) -> Array:
    """What a demand leaves of last month's, at most all of it, along the last axis; nothing in the first month."""
    before = month_before(asked)
    return np.asarray(np.divide(np.minimum(before, asked), before, out=np.zeros_like(asked), where=before > 0.0))


def check_demand(checks: Collector, demand: Demand) -> None:
    """What the tables of demand and of what is served tell beside the rows."""
    run = checks.run
    asking, flow = ("pool_id", "class_id", "month"), ("pool_id", "class_id", "place_id", "month")
    stated, served = run.cube("demand", "demand_kh100e"), run.cube("demand", "served_kh100e")
    checks.column("demand.demand_kh100e", demand.asked, "kH100e", "demand follows from start and doubling")
    checks.column("demand.served_kh100e", demand.serve.sum(axis=2), "kH100e", "served = sum over places")
    checks.equal("identity_demand", served + demand.unserved, stated, asking, "kH100e", "the demand table adds up")
    if not demand.may_go_short:
        checks.equal("unserved_forbidden", demand.unserved, 0.0, asking, "kH100e", "nothing may be left unserved")
    priced = (demand.move_usd > 0.0)[:, None]
    served = np.where(priced, demand.serve.sum(axis=(0, 2)), 0.0)
    moved = np.where(priced, demand.left.sum(axis=1), 0.0)
    before = month_before(served)
    share = np.divide(moved, before, out=np.zeros_like(moved), where=before > 0.0)
    checks.column("moves.served_kh100e", served, "kH100e", "served = sum over pools and places")
    law = "what a place no longer serves has moved, unless demand fell"
    for column, derived, unit in (("moved_kh100e", moved, "kH100e"), ("moved_frac", share, "")):  # of differences: no finer
        checks.equal(f"moves.{column}", run.cube("moves", column), derived, ("class_id", "month"), unit, law)
    barred = np.where(demand.may_serve[:, :, :, None], 0.0, demand.serve)
    checks.equal("servable", barred, 0.0, flow, "kH100e", "latency, residency and eligibility allow every flow")
    gbit_s = demand.serve * demand.gbit_s[None, :, None, None]
    checks.column("serve.network_gbit_s", gbit_s, "Gbit/s", "traffic = compute x class")
