"""Demand: what is asked, who may serve it, and what is served: arrays over pool, class, place, month."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from planner.verify.collector import Bench
from planner.verify.fleet import Fleet, listed
from planner.verify.hours import Hours, farthest, worst
from planner.verify.network import Route, round_trip_ms, routes, usd_per_gbit_s_month
from planner.verify.run import NDArrayBool, Run
from planner.verify.verdict import Array

EARTH_RADIUS_KM = 6371.0


def distance_km(latitude: Array, longitude: Array, other_latitude: Array, other_longitude: Array) -> Array:
    """Great circle by the half-angle formula, every point of the first list to every point of the second."""
    a, b = np.radians(latitude)[:, None], np.radians(other_latitude)[None, :]
    half_a = np.sin((b - a) / 2.0) ** 2
    half_b = np.sin(np.radians(other_longitude[None, :] - longitude[:, None]) / 2.0) ** 2
    haversine = half_a + np.cos(a) * np.cos(b) * half_b
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0))))


class Demand:
    """What the inputs say about demand, and the serve table."""

    def __init__(self, run: Run) -> None:
        self.run = run
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
        own = run.vector("inputs.classes", "doubling_months")
        doubling = np.where(np.isnan(own), run.number("demand.doubling_months", 9.1), own)
        start = run.cube("inputs.demand", "start_kh100e")
        asked = start[:, :, None] * 2.0 ** (run.elapsed / doubling[:, None])[None, :, :]
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
    def routes(self) -> list[Route]:
        """Routes of the network."""
        return list(routes(self.run, self.pool_bloc, self.place_names))

    @cached_property
    def usd_per_gbit_s_month(self) -> Array:
        """Price of traffic, [z,x]."""
        return usd_per_gbit_s_month(self.run, self.same_metro, self.routes)

    def flexible_frac(self, hours: Hours) -> Array:
        """Share of each class that moves within its day, [w]; nothing where the day has one part, or the window no hour."""
        moves = (len(hours.slices) > len(hours.day_types)) & (self.window_h > 0.0)
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
        gwh = row["energy_gwh"] * (1.0 + row["growth_frac_per_year"]) ** ((starts - since) / 12.0)
        done = np.clip((ends[:, None] - starts) / row["duration_months"], 0.0, 1.0) @ gwh
        yield str(row["zone_id"]), str(row["class_id"]), np.diff(done) * 1e3 / 730.5 / row["kw_per_h100e"]


def link_gbit_s(run: Run) -> Array:
    """What the link of a region carries, infinite where none is stated, [r,t]."""
    yearly = 1.0 + run.cube("inputs.links", "growth_frac_per_year")
    return np.asarray(run.cube("inputs.links", "gbit_s", np.inf)[:, None] * yearly[:, None] ** (run.elapsed / 12.0))


def check_demand(bench: Bench, fleet: Fleet, demand: Demand) -> None:
    """What is asked is served or admitted to be short, by chips that run where they may serve."""
    run = bench.run
    asking, flow = ("pool_id", "class_id", "month"), ("pool_id", "class_id", "place_id", "month")
    stated, served = run.cube("demand", "demand_kh100e"), run.cube("demand", "served_kh100e")
    bench.same("demand.demand_kh100e", stated, demand.asked, asking, "kH100e", "demand follows from start and doubling")
    bench.same("demand.served_kh100e", served, demand.serve.sum(axis=2), asking, "kH100e", "served = sum over places")
    given = demand.serve.sum(axis=2) + demand.unserved
    bench.equal("serve_demand", given, demand.asked, asking, "kH100e", "served + unserved = demand")
    bench.equal("identity_demand", served + demand.unserved, stated, asking, "kH100e", "the demand table adds up")
    if run.word("unserved", "allowed", ("allowed", "forbidden")) == "forbidden":
        bench.equal("unserved_forbidden", demand.unserved, 0.0, asking, "kH100e", "nothing may be left unserved")
    barred = np.where(demand.may_serve[:, :, :, None], 0.0, demand.serve)
    bench.equal("servable", barred, 0.0, flow, "kH100e", "latency, residency and eligibility allow every flow")
    compute, earth = fleet.compute_by_slice, fleet.regions
    used = _check_flexible(bench, demand, fleet.hours)
    law = "compute served <= compute of running chips, in every slice"
    bench.at_most("place_compute", *worst(used[:earth], compute[:earth]), ("region_id", "month"), "kH100e", law)
    bench.at_most("place_compute_in_orbit", *worst(used[earth:], compute[earth:]), ("design_id", "month"), "kH100e", law)

    gbit_s = demand.serve * demand.gbit_s[None, :, None, None]
    bench.same("serve.network_gbit_s", run.cube("serve", "network_gbit_s"), gbit_s, flow, "Gbit/s", "traffic = compute x class")
    traffic = gbit_s.sum(axis=(0, 1))
    bench.at_most("limit_network", traffic[:earth], link_gbit_s(run), ("region_id", "month"), "Gbit/s", "traffic <= link")
    by_pool = gbit_s.sum(axis=1)
    on_route = np.array([by_pool[np.ix_(n.asks, n.ends)].sum(axis=(0, 1)) for n in demand.routes])
    most = np.array([n.gbit_s for n in demand.routes])
    names, shape = [n.name for n in demand.routes], (len(demand.routes), run.month_count)
    law = "traffic <= what the route carries"
    bench.at_most("limit_route", on_route.reshape(shape), most.reshape(shape), (names, "month"), "Gbit/s", law)
    alive = np.einsum("ogt,g->ot", fleet.vintages("alive_frac"), fleet.kw)
    per_mw = run.vector("inputs.designs", "downlink_gbit_s_per_mw")[:, None]
    down = np.where(np.isinf(per_mw), np.inf, np.where(np.isinf(per_mw), 0.0, per_mw) * alive)
    bench.at_most(
        "limit_downlink", traffic[earth:], down, ("design_id", "month"), "Gbit/s", "traffic <= downlink of what is alive"
    )


def _check_flexible(bench: Bench, demand: Demand, hours: Hours) -> Array:
    """What is done in each place and slice, [x,t,k]: rigid work in its hour, flexible work when it was moved to, in its day."""
    asked = np.einsum("zwxt,zwtk->wxtk", demand.serve, hours.shape)
    flexible = demand.flexible_frac(hours)
    shift = hours.by_slice("work_by_slice", "shift_kh100e", np.zeros(asked.shape[:-1]))
    moved, due = ((work * hours.length) @ hours.same_day for work in (shift, flexible[:, None, None, None] * asked))
    axes = ("class_id", "place_id", "month")
    law = "flexible work is done on its day, all of it"
    bench.equal("keep_flexible_work", *farthest(moved, due), axes, "kH100e h", law)
    _check_windows(bench, demand, hours, flexible[:, None, None, None] * asked, shift)
    return np.asarray(((1.0 - flexible)[:, None, None, None] * asked + shift).sum(axis=0))


def _check_windows(bench: Bench, demand: Demand, hours: Hours, asked: Array, shift: Array) -> None:
    """Nothing waits past its window, however the day begins: `asked` and `shift` [w,x,t,k] in kH100e."""
    waiting = np.zeros(shift.shape)  # since the first slice of the day, and so much more as makes the least of the day zero
    for day in range(len(hours.day_types)):
        order = hours.order(day)
        sums = np.cumsum(((asked - shift) * hours.length)[..., order], axis=-1)
        waiting[..., order] = sums - sums.min(axis=-1, keepdims=True)
    recent = np.einsum("wxtj,wkj->wxtk", asked, np.stack([hours.recent_h(window_h) for window_h in demand.window_h]))
    law = "no work waits longer than its window"
    bench.at_most("limit_waiting", *worst(waiting, recent), ("class_id", "place_id", "month"), "kH100e h", law)
