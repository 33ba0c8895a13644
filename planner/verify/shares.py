"""Shares: a least or greatest part of what is asked, by where it is served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.verify.collector import Bench
from planner.verify.demand import Demand
from planner.verify.fleet import listed
from planner.verify.run import NDArrayBool, Run
from planner.verify.verdict import Array


@dataclass(frozen=True)
class Share:
    """Which demand a share speaks of, where it counts as served, and its limits in each month, kH100e."""

    name: str
    asks: NDArrayBool  # [z]
    works: NDArrayBool  # [w]
    counts: NDArrayBool  # [x]
    least: Array  # [t], 0: none
    most: Array  # [t], infinite: none


def shares(run: Run, demand: Demand) -> Iterator[Share]:
    """The shares of the inputs, in their order."""
    pools = run.axes["pool_id"]
    names = demand.place_names
    for share in run.table("inputs.shares").to_dict("records"):
        origin, kind, into = str(share["from_bloc"]), str(share["class_id"]), listed(str(share["to"]))
        asks = np.array([origin in ("*", pool, bloc) for pool, bloc in zip(pools, demand.pool_bloc, strict=True)], dtype=bool)
        works = np.array([kind in ("*", name) for name in run.axes["class_id"]], dtype=bool)
        counts = np.array([not called.isdisjoint(into) for called in names], dtype=bool)
        active = np.array(
            [
                (not share["from_month"] or m >= share["from_month"]) and (not share["to_month"] or m <= share["to_month"])
                for m in run.months
            ],
            dtype=bool,
        )
        asked = demand.asked[asks][:, works].sum(axis=(0, 1))
        least = np.where(active & np.isfinite(share["min_frac"]), share["min_frac"] * asked, 0.0)
        most = np.where(active & np.isfinite(share["max_frac"]), share["max_frac"] * asked, np.inf)
        yield Share(str(share["share_id"]), asks, works, counts, least, most)


def check_shares(bench: Bench, demand: Demand) -> None:
    """Least and greatest shares of what is asked are kept."""
    found = list(shares(bench.run, demand))
    ids, shape = [share.name for share in found], (len(found), bench.run.month_count)
    served, least, most = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for row, share in enumerate(found):
        served[row] = demand.serve[share.asks][:, share.works][:, :, share.counts].sum(axis=(0, 1, 2))
        least[row], most[row] = share.least, share.most
    bench.at_most("require_share", least, served, (ids, "month"), "kH100e", "a required share is served where it must be")
    bench.at_most("limit_share", served, most, (ids, "month"), "kH100e", "a share stays under its cap")
