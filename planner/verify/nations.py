"""Trade between nations and their league once more, from the other tables and the inputs."""

from __future__ import annotations

import numpy as np

from planner.verify.case import Case
from planner.verify.collector import Collector
from planner.verify.demand import Demand
from planner.verify.duals import Duals
from planner.verify.fleet import Fleet
from planner.verify.limits import SMALLEST_MUSD
from planner.verify.power import Power
from planner.verify.rows.envelopes import national_options, national_room_mw
from planner.verify.run import ORBIT, Run, indicator, ratio, records
from planner.verify.series import by_month
from planner.verify.summary import ENERGY, spent_musd
from planner.verify.verdict import Array

ROWS = ("country_iso2", "plan_year")


class Borders:
    """Where a nation begins and ends: arrays of ones and shares over places [x,n], pools [z,w,n,t] and months [t,y]."""

    def __init__(self, run: Run, demand: Demand) -> None:
        self.names = run.axes["country_iso2"]
        regions, designs = run.texts("inputs.regions", "country_iso2"), len(run.axes["design_id"])
        self.of_place = indicator([*regions, *[ORBIT] * designs], self.names, str.__eq__)
        self.of_region = self.of_place[: len(regions)]
        self.asked = self._asked(run, demand)
        years = run.axes["plan_year"]
        self.of_month = indicator([years[year] for year in run.plan_year.tolist()], years, str.__eq__)
        weight = self.of_month * run.hours[:, None]
        self.mean = weight / weight.sum(axis=0)  # hours of a month over those of its year
        self.last_months = [int(np.flatnonzero(year)[-1]) for year in self.of_month.T]

    def by_nation(self, value: Array) -> Array:
        """Sums over places or regions [x,t] by nation and plan year [n,y]."""
        return np.asarray(np.einsum("xt,xn,ty->ny", value, self.of_place[: len(value)], self.of_month))

    def _asked(self, run: Run, demand: Demand) -> Array:
        """Share of each pool's demand by country; even shares where a pool asks for nothing."""
        stated = run.present("inputs.demand")
        country = indicator(run.texts("inputs.zones", "country_iso2"), self.names, str.__eq__)
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


def check_nations(checks: Collector, case: Case, prices: Duals | None) -> None:
    """Trade and the league of nations. Without ``prices`` no marginal price may be told, unless the duals were taken away."""
    run, borders = checks.run, Borders(checks.run, case.demand)
    _check_trade(checks, case.demand, borders)
    _check_compute(checks, case.demand, borders)
    _check_energy(checks, case.fleet, borders)
    _check_envelopes(checks, case.power, borders)
    if prices is not None or run.suboptimal:
        _check_prices(checks, case.fleet, borders, prices)


def _check_trade(checks: Collector, demand: Demand, borders: Borders) -> None:
    run = checks.run
    by_nation = np.einsum("zwxt,xs->zwst", demand.serve, borders.of_place)
    derived = borders.asked[:, :, :, None] * by_nation[:, :, None]
    written = run.cube("trade", "serve_kh100e")
    law = "trade = what places of a nation serve, in proportion to what the nations of a pool ask"
    checks.column("trade.serve_kh100e", derived, "kH100e", law)
    keys = ("pool_id", "class_id", "month")
    law = "trade of a pool adds up to what is served"
    checks.equal("trade_balance", written.sum(axis=(2, 3)), run.cube("demand", "served_kh100e"), keys, "kH100e", law)
    several = np.count_nonzero(borders.asked > 0, axis=2) > 1
    codes = {key: {name: code for code, name in enumerate(run.axes[key])} for key in keys}
    for z, w, month, split in records(run.table("trade"), (*keys, "split")):
        expected = "pro_rata" if several[codes["pool_id"][z], codes["class_id"][w], codes["month"][month]] else "whole"
        if split != expected:
            checks.fail("trade.split", f"trade calls the split {split!r}, it is {expected!r}", f"{z} / {w}", month)
            return


def _check_compute(checks: Collector, demand: Demand, borders: Borders) -> None:
    run = checks.run
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
        checks.column(f"nations.{column}", value, "kH100e", f"{column} sums demand and trade")
    _same(checks, "home_frac", ratio(home, asked), "")
    out, into = (run.cube("nations", f"{way}_kh100e").sum(axis=0) for way in ("exports", "imports"))
    law = "what all nations and orbit export, nations import"
    checks.equal("nations_balance", out, into, ("plan_year",), "kH100e", law)


def _check_energy(checks: Collector, fleet: Fleet, borders: Borders) -> None:
    run = checks.run
    draw, compute = (run.cube("fleet", column).sum(axis=1) * run.hours for column in ("it_draw_mw", "compute_kh100e"))
    mwh, work, paid = (borders.by_nation(value) for value in (draw, compute, spent_musd(run, ENERGY)))
    carbon = borders.by_nation(run.cube("power", "carbon_tco2").sum(axis=1))
    for column, value, unit in (
        ("it_mwh", mwh, "MWh"),
        ("compute_kh100e_h", work, "kH100e h"),
        ("energy_cost_musd", paid, "million USD"),
        ("carbon_tco2", carbon, "tCO2"),
    ):
        checks.column(f"nations.{column}", value, unit, f"{column} sums the other tables")
    for of_mwh, of_work, value in (
        ("usd_per_mwh", "energy_usd_per_kh100e_h", 1e6 * paid),
        ("carbon_kg_per_mwh", "carbon_kg_per_kh100e_h", 1e3 * carbon),
    ):
        _same(checks, of_mwh, ratio(value, mwh), "per MWh")
        _same(checks, of_work, ratio(value, work), "per kH100e h")


def _check_prices(checks: Collector, fleet: Fleet, borders: Borders, prices: Duals | None) -> None:
    """Marginal prices and the worth of envelopes are those of the duals; empty cells in a plan without duals."""
    run = checks.run
    draw, compute = (run.cube("fleet", column).sum(axis=1) * run.hours for column in ("it_draw_mw", "compute_kh100e"))
    mwh, work = borders.by_nation(draw), borders.by_nation(compute)
    of_place, of_nation, worth = np.full(len(draw), np.nan), np.full(mwh.shape, np.nan), np.full(mwh.shape, np.nan)
    if prices is not None:
        pue = by_month(run, "inputs.regions", "pue")[..., None]
        dual = prices["balance_power"][:, : run.month_count]
        musd = (dual * pue * fleet.draw_by_slice).sum(axis=-1) / run.discount
        of_place[: fleet.regions] = musd.sum(axis=1)
        of_nation = borders.by_nation(musd)
        of_nation[[name == ORBIT for name in borders.names]] = np.nan
        decided = prices.program.case.run  # an envelope is that of a whole year, which may end in the look-ahead
        ends = [min(12 * year + 11, decided.month_count - 1) for year in range(len(borders.last_months))]
        for code, row in _envelopes(checks, borders).items():
            price = prices["limit_national_growth"][row]
            worth[code] = 1e6 * (np.where(price >= SMALLEST_MUSD, price, 0.0) / decided.discount)[ends]
    _same(checks, "marginal_usd_per_mwh", ratio(1e6 * of_nation, mwh), "USD/MWh")
    _same(checks, "marginal_usd_per_kh100e_h", ratio(1e6 * of_nation, work), "USD/kH100e h")
    _same(checks, "envelope_usd_per_mw", worth, "USD/MW")
    law = "marginal price = pue x dual of the power balance, weighted by what is drawn"
    checks.column("league.marginal_usd_per_mwh", ratio(1e6 * of_place, draw.sum(axis=1)), "USD/MWh", law)


def _envelopes(checks: Collector, borders: Borders) -> dict[int, int]:
    """Of each nation that has a region and an envelope, its row in the table of countries."""
    stated = np.isfinite(national_room_mw(checks.run)[:, 0])
    rows = {name: row for row, name in enumerate(checks.run.texts("inputs.countries", "country_iso2")) if stated[row]}
    present = borders.of_region.sum(axis=0) > 0
    return {code: rows[name] for code, name in enumerate(borders.names) if present[code] and name in rows}


def _check_envelopes(checks: Collector, power: Power, borders: Borders) -> None:
    run = checks.run
    held = np.concatenate([power.start[:, :, None], power.capacity[:, :, borders.last_months]], axis=2)
    grown = np.einsum("rpy,p,rn->ny", np.diff(held, axis=2), national_options(run), borders.of_region)
    envelope = np.full(grown.shape, np.nan)
    for code, row in _envelopes(checks, borders).items():
        envelope[code] = national_room_mw(run)[row]
    law = "what grids grow by, and what the envelope leaves, follow from capacity"
    for column, value in (("grid_growth_mw", grown), ("headroom_mw", np.maximum(0.0, envelope - grown))):
        told, derived = (np.where(np.isnan(side), -1e300, side) for side in (run.cube("nations", column, np.nan), value))
        checks.equal(f"nations.{column}", told, derived, ROWS, "MW", law)  # small differences of large capacities
    _same(checks, "envelope_mw", envelope, "MW")


def _same(checks: Collector, column: str, value: Array, unit: str) -> None:
    checks.column(f"nations.{column}", value, unit, f"{column} follows from the other tables, the inputs and the duals")
