"""Which place, which part of a pool and which month belongs to which nation and plan year."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.verify.demand import Demand
from planner.verify.run import ORBIT, Run
from planner.verify.verdict import Array


class Borders:
    """Where a nation begins and ends: arrays of ones and shares over places [x,n], pools [z,w,n,t] and months [t,y]."""

    def __init__(self, run: Run, demand: Demand) -> None:
        self.names = run.axes["country_iso2"]
        regions, designs = run.texts("inputs.regions", "country_iso2"), len(run.axes["design_id"])
        self.of_place = one_hot([*regions, *[ORBIT] * designs], self.names)
        self.of_region = self.of_place[: len(regions)]
        self.asked = self._asked(run, demand)
        years = run.axes["plan_year"]
        self.of_month = one_hot([years[month // 12] for month in range(run.month_count)], years)
        weight = self.of_month * run.hours[:, None]
        self.mean = weight / weight.sum(axis=0)  # hours of a month over those of its year
        self.last_months = [int(np.flatnonzero(year)[-1]) for year in self.of_month.T]

    def by_nation(self, value: Array) -> Array:
        """Sums over places or regions [x,t] by nation and plan year [n,y]."""
        return np.asarray(np.einsum("xt,xn,ty->ny", value, self.of_place[: len(value)], self.of_month))

    def _asked(self, run: Run, demand: Demand) -> Array:
        """Share of each pool's demand by country; even shares where a pool asks for nothing."""
        stated = run.present("inputs.demand")
        country = one_hot(run.texts("inputs.zones", "country_iso2"), self.names)
        pools = run.axes["pool_id"]
        asks = np.zeros((len(pools), stated.shape[1], len(self.names), run.month_count))
        named = np.zeros_like(asks)
        for zone, bloc in enumerate(run.texts("inputs.zones", "bloc")):
            for w, limit in enumerate(demand.latency):
                pool = pools.index(bloc) if np.isnan(limit) else zone
                asks[pool, w] += np.outer(country[zone], demand.by_zone[zone, w])
                named[pool, w] = np.maximum(named[pool, w], stated[zone, w] * country[zone][:, None])
        asks = np.where(asks.sum(axis=2, keepdims=True) > 0, asks, named)
        whole = asks.sum(axis=2, keepdims=True)
        return np.asarray(np.divide(asks, whole, out=np.zeros_like(asks), where=whole > 0))


def one_hot(words: Sequence[str], names: Sequence[str]) -> Array:
    """1 where a word is the name, [word, name]."""
    return np.array([[word == name for name in names] for word in words], dtype=float).reshape(len(words), len(names))
