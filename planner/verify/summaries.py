"""The tables that sum up: the league of places and the limits that bind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.verify.collector import Bench, Margin
from planner.verify.fleet import Fleet
from planner.verify.verdict import Array

ENERGY = ("energy", "fuel", "variable", "carbon", "capital", "fixed", "orbit_capital", "orbit_upkeep")
FACILITY = (*ENERGY, "halls")
USD = 1e6
PER_THOUSAND = ("limit_carbon",)
"""Limits that the model counts in thousands of their natural unit."""
IDLE = 1e-9
"""What the room that a priced limit leaves may be worth, as a share of all that is paid."""


def check_league(bench: Bench, fleet: Fleet) -> None:
    """What a megawatt-hour and an hour of compute cost in each place: sums and ratios of other tables."""
    run, place = bench.run, ("place_id",)
    it_mwh = (run.cube("fleet", "it_draw_mw").sum(axis=1) * run.hours).sum(axis=1)
    compute = (run.cube("fleet", "compute_kh100e").sum(axis=1) * run.hours).sum(axis=1)
    costs = run.table("costs")

    def spent(components: tuple[str, ...]) -> Array:
        rows = costs[costs["component"].isin(components).to_numpy(dtype=bool)]
        by_place: pd.Series[float] = rows.groupby("place_id")["cost_musd"].sum()
        return np.asarray(by_place.reindex(list(run.axes["place_id"]), fill_value=0.0), dtype=np.float64)

    energy, facility = spent(ENERGY), spent(FACILITY)
    for column, value, unit in (
        ("it_mwh", it_mwh, "MWh"),
        ("compute_kh100e_h", compute, "kH100e h"),
        ("energy_cost_musd", energy, "million USD"),
        ("facility_cost_musd", facility, "million USD"),
    ):
        bench.same(f"league.{column}", run.cube("league", column), value, place, unit, f"{column} sums the other tables")
    inside = facility if run.word("boundary", "facility", ("energy", "facility")) == "facility" else energy
    carbon = np.zeros(len(it_mwh))
    carbon[: fleet.regions] = run.cube("power", "carbon_tco2").sum(axis=(1, 2))
    for column, above, below, unit in (
        ("usd_per_mwh", energy * USD, it_mwh, "USD/MWh"),
        ("usd_per_mwh_facility", facility * USD, it_mwh, "USD/MWh"),
        ("usd_per_kh100e_h", inside * USD, compute, "USD/kH100e h"),
        ("carbon_kg_per_kh100e_h", carbon * 1e3, compute, "kg/kH100e h"),
    ):
        written = run.cube("league", column, np.nan)
        ratio = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
        bench.same(f"league.{column}", _shown(written), _shown(ratio), place, unit, f"{column} is the ratio of its sums")


def _shown(values: Array) -> Array:
    """An empty cell stands for a ratio that does not exist, and for nothing else."""
    return np.where(np.isnan(values), -1e300, values)


def check_limits(bench: Bench) -> None:
    """A limit that has a price binds, and its rent is its price times the limit."""
    run = bench.run
    frame = run.table("limits")
    free, nothing, names = np.zeros(len(frame)), np.zeros(len(frame)), []
    discount = dict(zip(run.months, run.discount, strict=True))
    factor = np.zeros(len(frame))
    for row, (constraint, where, month) in enumerate(zip(frame["constraint"], frame["where"], frame["month"], strict=True)):
        names.append(" / ".join(word for word in (str(constraint), str(where), str(month)) if word))
        margin = bench.margins.get(str(constraint))
        position = _position(margin, str(where), str(month), run.months) if margin else None
        if margin is None or position is None:
            bench.fail("limits.where", "limits holds a row for a limit that the plan does not have", names[-1])
            continue
        free[row], nothing[row] = margin.free[position], margin.nothing[position]
        factor[row] = discount[str(month)] / (USD / 1e3 if str(constraint) in PER_THOUSAND else USD)
    slack = np.where(np.isfinite(free), np.abs(free), 1e300)
    costs = run.table("costs")
    paid = np.abs(costs["discounted_musd"].to_numpy(dtype=float))[(costs["component"] != "unserved").to_numpy(dtype=bool)]
    idle = slack * np.abs(frame["worth_usd"].to_numpy(dtype=float)) * factor  # an interior point comes near a limit, no closer
    binds = (slack <= 10.0 * nothing) | (idle <= IDLE * max(1.0, float(paid.sum())))
    bench.equal("limits.binding", np.where(binds, 0.0, slack), 0.0, (names,), "", "a limit with a price binds")
    rent = frame["worth_usd"].to_numpy(dtype=float) * frame["limit"].to_numpy(dtype=float) * factor
    law = "rent = price x limit, discounted"
    bench.same("limits.rent_musd", frame["rent_musd"].to_numpy(dtype=float), rent, (names,), "million USD", law)


def _position(margin: Margin, where: str, month: str, months: tuple[str, ...]) -> tuple[int, ...] | None:
    words = where.split(" / ") if where else []
    if margin.has_month != bool(month) or len(words) != len(margin.names) or (month and month not in months):
        return None
    if any(word not in names for word, names in zip(words, margin.names, strict=True)):
        return None
    codes = [list(names).index(word) for word, names in zip(words, margin.names, strict=True)]
    return tuple(codes + ([months.index(month)] if month else []))
