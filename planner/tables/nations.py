"""Nations: who has the cheaper, cleaner and more plentiful energy, and who serves whose compute.

A country is that of a region or of a demand zone (`country_iso2`). Orbit belongs to none and has a row of its own, so that
every export is an import somewhere."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from models.data import PlanData
from models.nations import envelope_mw, limit_national_growth
from planner.prepare.demand import Origin
from planner.solve.solution import NOISE, Solution
from planner.tables.costs import ENERGY
from planner.tables.frames import Frame, table
from planner.tables.limits import SMALLEST_MUSD
from planner.tables.marginal import Marginal

ORBIT = "orbit"


def trade_table(data: PlanData, serve: Frame, who: Origin) -> Frame:
    """Compute by the country that demands it and the country that serves it, at home too: kH100e, mean of the month.

    A pool of one country is `whole`. Countries of a larger pool are taken to be served alike, each in proportion to its demand
    (`pro_rata`), since the plan does not tell them apart."""
    nation = nation_of_places(data)
    by_nation = serve.assign(served_in=serve["place_id"].map(nation))
    keys = ["pool_id", "class_id", "served_in", "month"]
    flows = by_nation.groupby(keys, sort=False)["serve_kh100e"].sum().reset_index()
    rows = [
        (z, w, asker, place, month, kh100e * share, "pro_rata" if 0.0 < share < 1.0 else "whole")
        for z, w, place, month, kh100e in flows.itertuples(index=False, name=None)
        for asker, share in who[z, w, month].items()
        if share > 0.0
    ]
    frame = table("trade", rows)
    rank = {name: code for code, name in enumerate([*dict.fromkeys(nation.values()), ORBIT])}
    order = frame.assign(rank=frame["served_in"].map(rank))
    order = order.sort_values(["pool_id", "class_id", "asked_in", "rank", "month"], kind="stable")
    return frame.loc[order.index].reset_index(drop=True)


def nation_of_places(data: PlanData) -> dict[str, str]:
    """The country of each region, and orbit for each design."""
    return {**data.country, **dict.fromkeys(data.designs, ORBIT)}


def nations_table(solution: Solution, tables: Mapping[str, Frame], who: Origin, marginal: Marginal | None) -> Frame:
    """One row a country and plan year: energy, carbon, the national envelope, and compute demanded, served at home and traded.

    Costs are those of energy and plant (no halls) in money of their month; compute is the mean over the hours of the year. An
    empty cell is a number that does not exist: no energy drawn, no envelope, no prices."""
    d = solution.data
    names = [*d.country.values(), *(country for shares in who.values() for country in shares), *([ORBIT] if d.designs else [])]
    years = sorted(set(_years(d).values()))
    index = pd.MultiIndex.from_product([list(dict.fromkeys(names)), years], names=["country_iso2", "plan_year"])
    out = pd.DataFrame(index=index)
    _add_energy(out, d, tables, marginal)
    _add_envelopes(out, solution)
    _add_compute(out, d, tables, who)
    return table("nations", out.reset_index())


def _add_energy(out: Frame, d: PlanData, tables: Mapping[str, Frame], marginal: Marginal | None) -> None:
    hours, year, nation = _hours(d), _years(d), nation_of_places(d)

    def total(frame: Frame, place: str, value: pd.Series[float]) -> pd.Series[float]:
        groups = [frame[place].map(nation), frame["month"].map(year)]
        return value.groupby(groups).sum().reindex(out.index, fill_value=0.0)

    fleet, costs, power = tables["fleet"], tables["costs"], tables["power"]
    costs = costs[costs["component"].isin(ENERGY)]
    out["it_mwh"] = total(fleet, "place_id", fleet["it_draw_mw"] * fleet["month"].map(hours).astype(float))
    out["compute_kh100e_h"] = total(fleet, "place_id", fleet["compute_kh100e"] * fleet["month"].map(hours).astype(float))
    out["energy_cost_musd"] = total(costs, "place_id", costs["cost_musd"])
    out["carbon_tco2"] = total(power, "region_id", power["carbon_tco2"])
    at_margin = pd.Series(float("nan"), index=out.index)
    if marginal is not None:
        frame = pd.DataFrame([(r, d.months[t - 1], musd) for (r, t), musd in marginal.items()], columns=["r", "month", "musd"])
        at_margin = total(frame, "r", frame["musd"]).where(out.index.get_level_values(0) != ORBIT)
    mwh, compute = (out[name].where(out[name] > 0) for name in ("it_mwh", "compute_kh100e_h"))
    out["usd_per_mwh"] = 1e6 * out["energy_cost_musd"] / mwh
    out["marginal_usd_per_mwh"] = 1e6 * at_margin / mwh
    out["energy_usd_per_kh100e_h"] = 1e6 * out["energy_cost_musd"] / compute
    out["marginal_usd_per_kh100e_h"] = 1e6 * at_margin / compute
    out["carbon_kg_per_mwh"] = 1e3 * out["carbon_tco2"] / mwh
    out["carbon_kg_per_kh100e_h"] = 1e3 * out["carbon_tco2"] / compute


def _add_envelopes(out: Frame, solution: Solution) -> None:
    """Add the use of the envelope by year, and what one more MW would save in money of the year's last month."""
    d, held, nan = solution.data, solution.values["capacity"], float("nan")
    last = {y: t for t, y in sorted(d.plan_year.items())}
    first = {y: t for t, y in sorted(d.plan_year.items(), reverse=True)}
    end = {y: min(t, len(d.horizon)) for y, t in last.items()}
    prices = solution.prices.get(limit_national_growth.name, {}) if solution.prices else None
    rows = []
    for country, y in out.index:
        grids = [(r, p) for r, p in d.options if p in d.national_options and d.country[r] == country]
        grown = sum(held.get((r, p, end[y]), 0.0) - held.get((r, p, first[y] - 1), 0.0) for r, p in grids)
        stated = d.national_growth_mwh.get((country, y))
        envelope = nan if stated is None else envelope_mw(d, country, y)
        worth = nan
        if stated is not None and prices is not None:
            price = prices.get((country, y), 0.0)
            worth = 1e6 * price / d.discount[last[y]] if price >= SMALLEST_MUSD else 0.0
        left = nan if stated is None else envelope - grown if envelope - grown > NOISE * envelope else 0.0
        rows.append((grown, envelope, left, worth))
    out[["grid_growth_mw", "envelope_mw", "headroom_mw", "envelope_usd_per_mw"]] = rows


def _add_compute(out: Frame, d: PlanData, tables: Mapping[str, Frame], who: Origin) -> None:
    hours, year = _hours(d), _years(d)
    of_year = {y: sum(hours[month] for month, each in year.items() if each == y) for y in year.values()}

    def mean(frame: Frame, country: str, column: str) -> pd.Series[float]:
        y = frame["month"].map(year)
        part = frame[column].astype(float) * frame["month"].map(hours).astype(float) / y.map(of_year).astype(float)
        return part.groupby([frame[country], y]).sum().reindex(out.index, fill_value=0.0)

    asked = [
        (country, month, kh100e * share)
        for z, w, month, kh100e in tables["demand"][["pool_id", "class_id", "month", "demand_kh100e"]].itertuples(
            index=False, name=None
        )
        for country, share in who[z, w, month].items()
    ]
    trade = tables["trade"]
    home = trade["asked_in"] == trade["served_in"]
    out["demand_kh100e"] = mean(pd.DataFrame(asked, columns=["country", "month", "kh100e"]), "country", "kh100e")
    out["served_kh100e"] = mean(trade, "asked_in", "serve_kh100e")
    out["home_kh100e"] = mean(trade[home], "asked_in", "serve_kh100e")
    out["home_frac"] = out["home_kh100e"] / out["demand_kh100e"].where(out["demand_kh100e"] > 0)
    out["exports_kh100e"] = mean(trade[~home], "served_in", "serve_kh100e")
    out["imports_kh100e"] = mean(trade[~home], "asked_in", "serve_kh100e")


def _hours(d: PlanData) -> dict[str, float]:
    return {name: sum(d.hours_h[t, k] for k in d.slices) for t, name in enumerate(d.months, start=1)}


def _years(d: PlanData) -> dict[str, int]:
    return {name: d.plan_year[t] for t, name in enumerate(d.horizon, start=1)}
