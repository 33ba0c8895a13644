"""The tables that sum up: league, limits, entry, summary. Nobody decides in them, everybody reads them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.analyse.verify.bench import Bench, Margin
from planner.analyse.verify.demand import Demand
from planner.analyse.verify.fleet import Fleet
from planner.analyse.verify.power import Power
from planner.analyse.verify.verdict import Array

ENERGY = ("energy", "fuel", "variable", "carbon", "capital", "fixed", "orbit_capital", "orbit_upkeep")
FACILITY = (*ENERGY, "halls")


def check_books(bench: Bench, fleet: Fleet, power: Power, demand: Demand) -> None:
    """Every number that can be told from the other tables."""
    _check_league(bench, fleet, power)
    _check_limits(bench)
    _check_entry(bench)


def _written_ratio(bench: Bench, column: str, above: Array, below: Array, unit: str, law: str) -> None:
    """A ratio is written where its denominator is not zero, and may be left empty where it is."""
    written = bench.run.cube("league", column, np.nan)
    value = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    shown = np.where(np.isnan(written) & (below <= 0), 0.0, written)
    bench.equal(
        f"league.{column}", np.nan_to_num(shown), np.where(below > 0, value, np.nan_to_num(shown)), ("place_id",), unit, law
    )


def _check_league(bench: Bench, fleet: Fleet, power: Power) -> None:
    run, place = bench.run, ("place_id",)
    listed = run.present("league")
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
        expected = np.where(listed | (it_mwh > 0), value, 0.0)
        bench.equal(
            f"league.{column}", run.cube("league", column), expected, place, unit, f"league: {column} sums the other tables"
        )
    inside = facility if run.word("boundary", "facility", ("energy", "facility")) == "facility" else energy
    carbon = np.zeros(len(it_mwh))
    carbon[: fleet.regions] = run.cube("power", "carbon_tco2").sum(axis=(1, 2))
    _written_ratio(bench, "usd_per_mwh", energy * 1e6, it_mwh, "USD/MWh", "energy cost per MWh of IT")
    _written_ratio(bench, "usd_per_mwh_facility", facility * 1e6, it_mwh, "USD/MWh", "facility cost per MWh of IT")
    _written_ratio(bench, "usd_per_kh100e_h", inside * 1e6, compute, "USD/kH100e h", "cost within the boundary per compute")
    _written_ratio(bench, "carbon_kg_per_kh100e_h", carbon * 1e3, compute, "kg/kH100e h", "carbon per compute")


def _check_limits(bench: Bench) -> None:
    """A limit that is said to bind is met with nothing left."""
    run = bench.run
    frame = run.table("limits")
    free, nothing, names = np.zeros(len(frame)), np.zeros(len(frame)), []
    for row, (constraint, where, month) in enumerate(zip(frame["constraint"], frame["where"], frame["month"], strict=True)):
        names.append(" / ".join(word for word in (str(constraint), str(where), str(month)) if word))
        margin = bench.margins.get(str(constraint))
        position = _position(margin, str(where), str(month), run.months) if margin else None
        if margin is None or position is None:
            bench.fail("limits.where", "limits holds a row for a limit that the plan does not have", names[-1])
            continue
        free[row], nothing[row] = margin.free[position], margin.nothing[position]
    slack = np.where(np.isfinite(free), free, 1e300)
    bench.equal(
        "limits.binding", np.where(np.abs(slack) <= 10 * nothing, 0.0, slack), 0.0, (names,), "", "a limit with a price binds"
    )
    bench.equal("limits.slack", frame["slack"].to_numpy(dtype=float), 0.0, (names,), "", "a binding limit has no slack")


def _position(margin: Margin, where: str, month: str, months: tuple[str, ...]) -> tuple[int, ...] | None:
    words = where.split(" / ") if where else []
    if margin.has_month != bool(month) or len(words) != len(margin.names) or (month and month not in months):
        return None
    if any(word not in names for word, names in zip(words, margin.names, strict=True)):
        return None
    codes = [list(names).index(word) for word, names in zip(words, margin.names, strict=True)]
    return tuple(codes + ([months.index(month)] if month else []))


def _check_entry(bench: Bench) -> None:
    run, spot = bench.run, ("design_id", "month")
    worth, cost = run.cube("entry", "worth_usd_per_kw"), run.cube("entry", "cost_usd_per_kw")
    bench.equal("entry.gap_usd_per_kw", run.cube("entry", "gap_usd_per_kw"), cost - worth, spot, "USD/kW", "gap = cost - worth")
    price = np.where(run.present("entry"), run.cube("inputs.launch_price", "usd_per_kg"), 0.0)
    bench.equal(
        "entry.launch_usd_per_kg",
        run.cube("entry", "launch_usd_per_kg"),
        price,
        spot,
        "USD/kg",
        "launch price as in the inputs",
    )
    boundary = run.word("boundary", "facility", ("energy", "facility"))
    strange = [str(word) for word in run.table("entry")["boundary"] if str(word) != boundary]
    if strange:
        bench.fail("entry.boundary", f"entry names the boundary {strange[0]!r}, the plan {boundary!r}")
