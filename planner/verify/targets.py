"""Targets and shares: how much of what is asked is to be served, and where, and the table that says what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from planner.verify.collector import Collector
from planner.verify.demand import Demand
from planner.verify.linear import contract
from planner.verify.run import Run, indicator, listed, ratio, records
from planner.verify.series import held
from planner.verify.verdict import Array

COLUMNS = ("stated_frac", "stated_kh100e", "reached_frac", "reached_kh100e", "missed_kh100e", "penalty_musd")
CONSTRAINTS = {"target": "require_target", "least_share": "require_share", "greatest_share": "limit_share"}
"""What a row of the table is of, and the limit that has its price."""

Told = tuple[str, str, dict[str, Array]]
"""What a rule is, its name, and its columns by month; nothing is stated where `stated_frac` is NaN."""


class Shares:
    """What the inputs say of shares: which demand, where, and when, over share i, pool z, class w, place x, month t."""

    def __init__(self, run: Run, demand: Demand) -> None:
        self.run, self.demand, self.names = run, demand, run.texts("inputs.shares", "share_id")
        rows = run.table("inputs.shares").to_dict("records")
        pools = list(zip(run.axes["pool_id"], demand.pool_bloc, strict=True))
        self.asks = indicator(rows, pools, lambda share, pool: share["from_bloc"] in ("*", *pool))
        self.works = indicator(rows, run.axes["class_id"], lambda share, name: share["class_id"] in ("*", name))
        self.counts = indicator(rows, demand.place_names, lambda share, called: not called.isdisjoint(listed(share["to"])))
        self.active = indicator(
            rows, run.months, lambda share, month: share["from_month"] <= month <= (share["to_month"] or month)
        )
        self.asked = contract([("zwt", demand.asked), ("iz", self.asks), ("iw", self.works)], "it")
        self.of_asked = np.array([of == "asked" for of in run.texts("inputs.shares", "of")], dtype=float)

    def frac(self, column: str) -> Array:
        """A share by month, NaN where it states none, [i,t]."""
        frac = self.run.vector("inputs.shares", column)
        return np.where(self.active > 0.0, frac[:, None], np.nan)

    def told(self) -> Iterator[Told]:
        """Each share of a demand that is asked, as the table has it."""
        asking = np.einsum("iz,iw,zw->i", self.asks, self.works, asking_of(self.demand)) > 0.0
        serve = self.demand.serve
        served, there = (
            np.einsum(spec, serve, self.asks, self.works, *more)
            for spec, more in (("zwxt,iz,iw->it", ()), ("zwxt,iz,iw,ix->it", (self.counts,)))
        )
        whole = np.where(self.of_asked[:, None] > 0.0, self.asked, served)
        for rule, column in (("least_share", "min_frac"), ("greatest_share", "max_frac")):
            frac = self.frac(column)
            for i in np.flatnonzero(asking):
                yield rule, self.names[i], _columns(frac[i], whole[i], there[i])


class Targets:
    """What the inputs say of targets: arrays over target n, pool z, class w, month t."""

    def __init__(self, run: Run, demand: Demand) -> None:
        self.run, self.demand = run, demand
        self.names = run.axes["target_id"]

    @cached_property
    def frac(self) -> Array:
        """Least share by month, [n,t]; zero where a target does not hold, or all must be served anyway."""
        stated = held(self.run, "inputs.targets", "min_served_frac")[0]
        return np.asarray(stated * self.demand.may_go_short)

    @cached_property
    def of_pool(self) -> Array:
        """1 where what a pool asks of a class is that of zones that a target names, and of no others, [n,z,w]."""
        return pools_named(self.demand, self.run.table("inputs.targets").to_dict("records"))

    @cached_property
    def asked(self) -> Array:
        """The demand that a target speaks of, [n,t]."""
        return contract([("nzw", self.of_pool), ("zwt", self.demand.asked)], "nt")

    @cached_property
    def served(self) -> Array:
        """What is served of it, [n,t]."""
        return np.asarray(self.asked - contract([("nzw", self.of_pool), ("zwt", self.demand.unserved)], "nt"))

    @cached_property
    def penalty(self) -> Array:
        """USD per H100e-hour missed, [n]; NaN for a requirement."""
        return self.run.vector("inputs.targets", "penalty_usd_per_h100e_h")

    @cached_property
    def missed(self) -> Array:
        """What is short of a target that has a penalty, [n,t]; one without must be met."""
        short = np.maximum(0.0, self.frac * self.asked - self.served)
        return np.where(np.isnan(self.penalty)[:, None], 0.0, short)

    def told(self) -> Iterator[Told]:
        """Each target of a demand that is asked, as the table has it."""
        paid = np.nan_to_num(self.penalty)[:, None] * self.missed * self.run.hours / 1e3
        frac = np.where(self.frac > 0.0, self.frac, np.nan)
        for n, name in enumerate(self.names):
            if self.of_pool[n].any():
                columns = _columns(frac[n], self.asked[n], self.served[n])
                yield "target", name, columns | {"missed_kh100e": self.missed[n], "penalty_musd": paid[n]}


def pools_named(demand: Demand, rows: Sequence[Mapping[Any, Any]]) -> Array:
    """1 where what a pool asks of a class is that of zones named in `from`, and of no others; an empty list is all."""
    run = demand.run
    called = [set(words) for words in records(run.table("inputs.zones"), ("zone_id", "bloc", "country_iso2"))]
    named = indicator(rows, called, lambda row, words: not (names := listed(row["from"])) or not names.isdisjoint(words))
    works = indicator(rows, run.axes["class_id"], lambda row, name: row["class_id"] in ("*", name))
    inside = np.einsum("na,azw->nzw", named, asks_into(demand))
    return np.asarray((inside > 0.0) & (inside == asking_of(demand)), dtype=float) * works[:, None, :]


def asks_into(demand: Demand) -> Array:
    """1 where a zone asks for a class in a pool, its own or that of its bloc, [a,z,w]."""
    run, free = demand.run, np.isnan(demand.latency)
    asks, pools = run.present("inputs.demand"), run.axes["pool_id"]
    into = np.zeros((len(asks), len(pools), len(free)))
    for zone, bloc in enumerate(run.texts("inputs.zones", "bloc")):
        into[zone, zone] += asks[zone] & ~free
        into[zone, pools.index(bloc)] += asks[zone] & free
    return into


def asking_of(demand: Demand) -> Array:
    """How many zones ask for a class in a pool, [z,w]."""
    return np.asarray(asks_into(demand).sum(axis=0))


def _columns(frac: Array, whole: Array, reached: Array) -> dict[str, Array]:
    """Columns of the table by month, of a rule that must be kept."""
    share = ratio(reached, whole)
    columns = {"stated_frac": frac, "stated_kh100e": frac * whole, "reached_frac": share, "reached_kh100e": reached}
    return columns | dict.fromkeys(("missed_kh100e", "penalty_musd"), np.zeros(whole.shape))


def check_targets(checks: Collector, shares: Shares, targets: Targets) -> None:
    """The table of targets: what was stated, reached and missed, and what that costs; prices are those of the limits."""
    run, frame = checks.run, checks.run.table("targets")
    derived: dict[tuple[str, ...], dict[str, float]] = {
        (rule, name, month): {column: float(values[t]) for column, values in columns.items()}
        for rule, name, columns in (*targets.told(), *shares.told())
        for t, month in enumerate(run.months)
        if not np.isnan(columns["stated_frac"][t])
    }
    keys = records(frame, ("rule", "target_id", "month"))
    if set(keys) != derived.keys():
        rule, name, month = min(set(keys) ^ derived.keys())
        checks.fail("targets.row", "targets has a row for each target and share in each of its months", f"{rule} {name}", month)
        return
    names = [" / ".join(key) for key in keys]
    for column in COLUMNS:
        written = frame[column].to_numpy(dtype=float)
        expected = np.array([derived[key][column] for key in keys], dtype=float)
        law = f"targets: {column} follows from demand and what is served"
        nothing = np.isnan(written) & np.isnan(expected)
        written, expected = (np.where(nothing, 0.0, side) for side in (written, expected))
        unit = {"frac": "", "musd": "million USD"}.get(column.rpartition("_")[2], "kH100e")
        checks.equal(f"targets.{column}", written, expected, (names,), unit, law)
    limits = run.table("limits")
    worth = dict(zip(records(limits, ("constraint", "where", "month")), limits["worth_usd"].astype(float), strict=True))
    priced = not run.suboptimal
    prices = [worth.get((CONSTRAINTS[rule], name, month), 0.0) if priced else np.nan for rule, name, month in keys]
    written, known = frame["worth_usd"].to_numpy(dtype=float), np.array(prices, dtype=float)
    checks.same("targets.worth_usd", written, known, (names,), "USD", "targets: worth_usd is the price of its limit")
