"""Trade between nations and their league once more, from the other tables and the inputs."""

from __future__ import annotations

import numpy as np

from planner.verify.borders import Borders
from planner.verify.collector import Bench
from planner.verify.demand import Demand
from planner.verify.dual_rows import Duals
from planner.verify.envelopes import HOURS_PER_YEAR
from planner.verify.fleet import Fleet
from planner.verify.power import Power
from planner.verify.run import ORBIT, dig
from planner.verify.summaries import ENERGY
from planner.verify.verdict import Array
from planner.verify.worth import SMALLEST_MUSD

ROWS = ("country_iso2", "plan_year")


def check_nations(bench: Bench, fleet: Fleet, power: Power, demand: Demand, prices: Duals | None) -> None:
    """Trade and the league of nations. Without ``prices`` no marginal price may be told, unless the duals were taken away."""
    run, borders = bench.run, Borders(bench.run, demand)
    _check_trade(bench, demand, borders)
    _check_compute(bench, demand, borders)
    _check_energy(bench, fleet, borders)
    _check_envelopes(bench, power, borders)
    without = (
        dig(run.manifest, "solver.status") == "time_limit" or run.word("objective", "value", ("value", "energy")) == "energy"
    )
    if prices is not None or without:
        _check_prices(bench, fleet, borders, prices)


def _check_trade(bench: Bench, demand: Demand, borders: Borders) -> None:
    run = bench.run
    by_nation = np.einsum("zwxt,xs->zwst", demand.serve, borders.of_place)
    derived = borders.asked[:, :, :, None] * by_nation[:, :, None]
    written = run.cube("trade", "serve_kh100e")
    flow = ("pool_id", "class_id", "asked_in", "served_in", "month")
    law = "trade = what places of a nation serve, in proportion to what the nations of a pool ask"
    bench.same("trade.serve_kh100e", written, derived, flow, "kH100e", law)
    pool = ("pool_id", "class_id", "month")
    law = "trade of a pool adds up to what is served"
    bench.equal("trade_balance", written.sum(axis=(2, 3)), run.cube("demand", "served_kh100e"), pool, "kH100e", law)
    several = np.count_nonzero(borders.asked > 0, axis=2) > 1
    keys = ("pool_id", "class_id", "month")
    codes = {key: {name: code for code, name in enumerate(run.axes[key])} for key in keys}
    for z, w, month, split in run.table("trade")[[*keys, "split"]].astype(str).itertuples(index=False, name=None):
        expected = "pro_rata" if several[codes["pool_id"][z], codes["class_id"][w], codes["month"][month]] else "whole"
        if split != expected:
            bench.fail("trade.split", f"trade calls the split {split!r}, it is {expected!r}", f"{z} / {w}", month)
            return


def _check_compute(bench: Bench, demand: Demand, borders: Borders) -> None:
    run = bench.run
    trade = np.einsum("zwast,ty->asy", run.cube("trade", "serve_kh100e"), borders.mean)
    asked = np.einsum("zwt,zwat,ty->ay", demand.asked, borders.asked, borders.mean)
    home, served, given = np.einsum("aay->ay", trade), trade.sum(axis=1), trade.sum(axis=0)
    for column, value in (
        ("demand_kh100e", asked),
        ("served_kh100e", served),
        ("home_kh100e", home),
        ("exports_kh100e", given - home),
        ("imports_kh100e", served - home),
    ):
        bench.same(f"nations.{column}", run.cube("nations", column), value, ROWS, "kH100e", f"{column} sums demand and trade")
    _same(bench, "home_frac", _over(home, asked), "")
    out, into = (run.cube("nations", f"{way}_kh100e").sum(axis=0) for way in ("exports", "imports"))
    law = "what all nations and orbit export, nations import"
    bench.equal("nations_balance", out, into, ("plan_year",), "kH100e", law)


def _check_energy(bench: Bench, fleet: Fleet, borders: Borders) -> None:
    run = bench.run
    draw, compute = (run.cube("fleet", column).sum(axis=1) * run.hours for column in ("it_draw_mw", "compute_kh100e"))
    costs = run.table("costs")
    rows = costs[costs["component"].isin(ENERGY).to_numpy(dtype=bool)].astype({"place_id": str, "month": str})
    spent = rows.pivot_table(index="place_id", columns="month", values="cost_musd", aggfunc="sum")
    musd = spent.reindex(index=list(run.axes["place_id"]), columns=list(run.months)).fillna(0.0).to_numpy(dtype=float)
    mwh, work, paid = (borders.by_nation(value) for value in (draw, compute, musd))
    carbon = borders.by_nation(run.cube("power", "carbon_tco2").sum(axis=1))
    for column, value, unit in (
        ("it_mwh", mwh, "MWh"),
        ("compute_kh100e_h", work, "kH100e h"),
        ("energy_cost_musd", paid, "million USD"),
        ("carbon_tco2", carbon, "tCO2"),
    ):
        bench.same(f"nations.{column}", run.cube("nations", column), value, ROWS, unit, f"{column} sums the other tables")
    for of_mwh, of_work, value in (
        ("usd_per_mwh", "energy_usd_per_kh100e_h", 1e6 * paid),
        ("carbon_kg_per_mwh", "carbon_kg_per_kh100e_h", 1e3 * carbon),
    ):
        _same(bench, of_mwh, _over(value, mwh), "per MWh")
        _same(bench, of_work, _over(value, work), "per kH100e h")


def _check_prices(bench: Bench, fleet: Fleet, borders: Borders, prices: Duals | None) -> None:
    """Marginal prices and the worth of envelopes are those of the duals; an empty cell where there are none."""
    run = bench.run
    draw, compute = (run.cube("fleet", column).sum(axis=1) * run.hours for column in ("it_draw_mw", "compute_kh100e"))
    mwh, work = borders.by_nation(draw), borders.by_nation(compute)
    of_place, of_nation, worth = np.full(len(draw), np.nan), np.full(mwh.shape, np.nan), np.full(mwh.shape, np.nan)
    if prices is not None:
        pue = run.vector("inputs.regions", "pue")[:, None, None]
        musd = (prices["balance_power"] * pue * fleet.draw_by_slice).sum(axis=-1) / run.discount
        of_place[: fleet.regions] = musd.sum(axis=1)
        of_nation = borders.by_nation(musd)
        of_nation[[name == ORBIT for name in borders.names]] = np.nan
        for row, code in _envelopes(bench, borders):
            price = prices["limit_national_growth"][row]
            worth[code] = 1e6 * (np.where(price >= SMALLEST_MUSD, price, 0.0) / run.discount)[borders.last_months]
    _same(bench, "marginal_usd_per_mwh", _over(1e6 * of_nation, mwh), "USD/MWh")
    _same(bench, "marginal_usd_per_kh100e_h", _over(1e6 * of_nation, work), "USD/kH100e h")
    _same(bench, "envelope_usd_per_mw", worth, "USD/MW")
    told, derived = run.cube("league", "marginal_usd_per_mwh", np.nan), _over(1e6 * of_place, draw.sum(axis=1))
    law = "marginal price = pue x dual of the power balance, weighted by what is drawn"
    bench.same("league.marginal_usd_per_mwh", _shown(told), _shown(derived), ("place_id",), "USD/MWh", law)


def _envelopes(bench: Bench, borders: Borders) -> list[tuple[int, int]]:
    """Rows of the table of countries that have a region, and which nation each is."""
    present = borders.of_region.sum(axis=0) > 0
    codes = {name: code for code, name in enumerate(borders.names) if present[code]}
    stated = enumerate(bench.run.texts("inputs.countries", "country_iso2"))
    return [(row, codes[country]) for row, country in stated if country in codes]


def _check_envelopes(bench: Bench, power: Power, borders: Borders) -> None:
    run = bench.run
    chosen = dig(run.plan, "national.options")
    named = {str(name) for name in (chosen if isinstance(chosen, list) else ())}
    counts = np.array([name in named for name in run.axes["option_id"]], dtype=float)
    held = np.concatenate([power.start[:, :, None], power.capacity[:, :, borders.last_months]], axis=2)
    grown = np.einsum("rpy,p,rn->ny", np.diff(held, axis=2), counts, borders.of_region)
    twh, share, load = (
        run.vector("inputs.countries", column) for column in ("generation_growth_twh_per_year", "ai_share_frac", "load_frac")
    )
    envelope = np.full(grown.shape, np.nan)
    for row, code in _envelopes(bench, borders):
        envelope[code] = share[row] * max(0.0, twh[row]) * 1e6 / (HOURS_PER_YEAR * load[row])
    law = "what grids grow by, and what the envelope leaves, follow from capacity"
    for column, value in (("grid_growth_mw", grown), ("headroom_mw", np.maximum(0.0, envelope - grown))):
        told = run.cube("nations", column, np.nan)  # a small difference of large capacities is no more exact than these
        bench.equal(f"nations.{column}", _shown(told), _shown(value), ROWS, "MW", law)
    _same(bench, "envelope_mw", envelope, "MW")


def _same(bench: Bench, column: str, value: Array, unit: str) -> None:
    written = bench.run.cube("nations", column, np.nan)
    law = f"{column} follows from the other tables, the inputs and the duals"
    bench.same(f"nations.{column}", _shown(written), _shown(value), ROWS, unit, law)


def _over(above: Array, below: Array) -> Array:
    return np.asarray(np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0))


def _shown(values: Array) -> Array:
    """An empty cell stands for a number that does not exist, and for nothing else."""
    return np.where(np.isnan(values), -1e300, values)
