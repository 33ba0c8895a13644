"""Hours: the slices of a run, what prices, availability and demand are in each, and what ran and was drawn there.

A run without slices has one a month: the tables by month then say all. Arrays end in month and slice, [.., t, k].
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.collector import Collector
from planner.verify.profiles import clocks, expand, over_slices, sun, year_mean
from planner.verify.run import Run, UnreadableError, dig, indicator
from planner.verify.series import by_month, demand_of_zones
from planner.verify.verdict import Array, finding

MEAN_MONTH_DAYS = 30.4375


class Hours:
    """The slices of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        stated = dig(run.plan, "days")
        self.days = {str(day): run.number(f"days.{day}", 0.0) for day in (stated if isinstance(stated, dict) else ())}
        self.day_types = ("typical", *self.days)
        self.share = np.array([1.0 - sum(self.days.values()) / MEAN_MONTH_DAYS, *self.days.values()])
        self.share[1:] /= MEAN_MONTH_DAYS
        frame = run.table("slices")
        self.sliced = bool(len(frame))
        self.slices = [
            (self.day_types.index(day) if day in self.day_types else 0, int(start), int(length))
            for day, start, length in zip(frame["day_type"], frame["utc_hour"], frame["length_h"], strict=True)
        ] or [(0, 0, 24)]
        self.year = int(run.months[0][:4])
        self.month = np.array([int(month[5:]) - 1 for month in run.months])
        self._profiles = expand(run.table("inputs.profiles"), self.day_types)

    def profile(self, name: str) -> tuple[str, Array]:
        """Kind and values of a profile."""
        if name not in self._profiles:
            raise UnreadableError([finding("inputs", f"inputs/profiles.csv: no profile {name!r}, which another table names")])
        return self._profiles[name]

    @cached_property
    def length(self) -> Array:
        """Hours of each segment, [k]."""
        return np.array([float(length) for _, _, length in self.slices])

    @cached_property
    def day(self) -> list[int]:
        """Of each slice, the position of its day type."""
        return [day for day, _, _ in self.slices]

    @cached_property
    def same_day(self) -> Array:
        """1 where two slices are of one day, [j,k]."""
        return indicator(self.day, self.day, int.__eq__)

    @cached_property
    def follows(self) -> Array:
        """1 where slice k begins when slice j ends, in the same day, [j,k]; a whole day follows itself."""
        return indicator(self.slices, self.slices, lambda j, k: j[0] == k[0] and (j[1] + j[2]) % 24 == k[1])

    def order(self, day: int) -> list[int]:
        """The slices of a day type from one midnight to the next."""
        return sorted((k for k, of in enumerate(self.day) if of == day), key=lambda k: self.slices[k][1])

    def recent_h(self, window_h: float) -> Array:
        """Hours of slice j within so many hours before slice k ends, in the same day, [k,j]."""
        start = np.array([float(begin) for _, begin, _ in self.slices])
        begins = (start[None, :] - (start + self.length)[:, None]) % 24.0  # of j after the end of k, in [0, 24)
        within = np.clip(begins + self.length[None, :], 24.0 - window_h, 24.0) - np.clip(begins, 24.0 - window_h, 24.0)
        return np.asarray(within * self.same_day)

    @cached_property
    def hours(self) -> Array:
        """Hours of each slice in each month, [t,k]."""
        part = np.array([self.share[day] * length / 24.0 for day, _, length in self.slices])
        return np.asarray(self.run.hours[:, None] * part[None, :], dtype=float)

    def by_slice(self, name: str, column: str, of_month: Array) -> Array:
        """A column by slice; of a run without slices, what the month says."""
        return self.run.cube(name, column) if self.sliced else of_month[..., None]

    def mean(self, by_slice: Array) -> Array:
        """Mean of the month."""
        return np.asarray((by_slice * self.hours).sum(axis=-1) / self.run.hours)

    @cached_property
    def availability(self) -> Array:
        """Share of capacity that can be drawn, [r,p,t,k]."""
        frac = by_month(self.run, "inputs.power", "availability_frac")
        found = np.repeat(frac[..., None], len(self.slices), axis=3)
        regions = self.run.table("inputs.regions")
        clock = clocks(regions, self.year)
        for r, p, name in self._named("availability_profile_id"):
            for stated in set(frac[r, p].tolist()):
                if name == "sun":
                    north, east = (float(regions[f"{axis}_deg"].iloc[r]) for axis in ("latitude", "longitude"))
                    light = sun(north, east, stated)
                    moved = over_slices(np.repeat(light[None], len(self.share), axis=0), np.zeros(12), self.slices)
                else:
                    moved = stated * over_slices(self.profile(name)[1], clock[r], self.slices)
                found[r, p] = np.where((frac[r, p] == stated)[:, None], moved[self.month], found[r, p])
        return found

    @cached_property
    def energy_price(self) -> Array:
        """What bought energy costs, USD per MWh, [r,p,t,k]."""
        run = self.run
        bought = by_month(run, "inputs.power", "energy_usd_per_mwh", "energy_growth_frac_per_year")
        found = np.repeat(bought[..., None], len(self.slices), axis=-1)
        clock = clocks(run.table("inputs.regions"), self.year)
        for r, p, name in self._named("profile_id"):
            kind, values = self.profile(name)
            moved = over_slices(values, clock[r], self.slices)[self.month]
            mean = year_mean(values, self.share)
            found[r, p] = np.maximum(
                0.0, found[r, p] + moved - mean if kind == "price_usd_per_mwh" else found[r, p] * moved / mean
            )
        return found

    @cached_property
    def shape(self) -> Array:
        """Demand of a slice over its mean, [z,w,t,k]; of a pool, the mean of its zones by what they ask."""
        run = self.run
        zones, pools = run.table("inputs.zones"), run.axes["pool_id"]
        asked, clock = demand_of_zones(run), clocks(zones, self.year)
        latency = run.vector("inputs.classes", "latency_ms")
        found = np.ones((len(pools), len(latency), len(self.month), len(self.slices)))
        for w, name in enumerate(run.texts("inputs.classes", "profile_id")):
            if not name:
                continue
            values = self.profile(name)[1]
            moved = np.stack([over_slices(values, each, self.slices)[self.month] for each in clock])
            of_zone = moved / year_mean(values, self.share)
            found[: len(clock), w] = of_zone
            for pool, bloc in enumerate(pools):
                weight = asked[:, w] * (zones["bloc"] == bloc).to_numpy(dtype=bool)[:, None]
                some = weight.sum(axis=0) > 0
                if np.isnan(latency[w]) and some.any():
                    mean = np.einsum("zt,ztk->tk", weight[:, some], of_zone[:, some]) / weight[:, some].sum(axis=0)[:, None]
                    found[pool, w, some] = mean
        return found

    def _named(self, column: str) -> list[tuple[int, int, str]]:
        rows = self.run.table("inputs.power")
        known = self.run.positions(rows, ("region_id", "option_id"))
        return [(int(r), int(p), str(name)) for r, p, name in zip(*known, rows[column], strict=True) if name]


def check_slices(checks: Collector, hours: Hours) -> None:
    """The slices are those of the plan, cover the day of every day type, and add up to the month."""
    run = checks.run
    asked = dig(run.plan, "slices")
    starts = asked if isinstance(asked, list) else None
    count = len(starts) if starts is not None else int(run.number("slices", 1.0))
    starts = starts if hours.sliced else None  # a day of one segment is written as no slice, wherever it starts
    names = run.axes["slice_id"]
    if len(hours.slices) != count * len(hours.day_types) or len(set(hours.slices)) != len(hours.slices):
        checks.fail(
            "slices", f"the plan has {len(hours.day_types)} day types of {count} segments, tables/slices.csv {len(names)}"
        )
    for day, name in enumerate(hours.day_types):
        mine = sorted((start, length) for of_day, start, length in hours.slices if of_day == day)
        ends = [(start + length) % 24 for start, length in mine]
        told = [start for start, _ in mine]
        if sum(length for _, length in mine) != 24 or ends != [*told[1:], *told[:1]] or (starts is not None and told != starts):
            checks.fail("slices", "the segments of a day do not follow each other round the clock as the plan says", name)
    checks.same("slices.hours", hours.hours.sum(axis=-1), run.hours, ("month",), "h", "slices add up to the month")
