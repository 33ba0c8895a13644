"""What the plan costs, by place, item, month and component; and what a megawatt-hour and a unit of compute cost where."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from models.data import PlanData
from planner.solve.solution import Solution
from planner.tables.frames import table
from planner.tables.marginal import Marginal

COMPONENTS = (
    *("energy", "fuel", "variable", "carbon", "capital", "fixed", "halls", "install", "carry_dark", "carry_displaced"),
    *("orbit_capital", "orbit_upkeep", "orbit_chip_loss", "network", "unserved"),
)
ENERGY = ("energy", "fuel", "variable", "carbon", "capital", "fixed", "orbit_capital", "orbit_upkeep")
Row = tuple[str, str, int, str, float]  # place, item, month, component, million USD of that month


def cost_table(solution: Solution) -> pd.DataFrame:
    """One row a place, item, month and component; `cost_musd` in money of its month, `discounted_musd` as in the objective."""
    d = solution.data
    rows = [row for row in _rows(solution) if row[4] != 0.0]
    frame = pd.DataFrame(rows, columns=["place_id", "item_id", "t", "component", "cost_musd"])
    keys = ["place_id", "item_id", "t", "component"]
    frame = frame.groupby(keys, sort=False)["cost_musd"].sum().reset_index()
    places = {name: i for i, name in enumerate(("", *d.regions, *d.designs))}
    kinds = {name: i for i, name in enumerate(COMPONENTS)}
    frame["discounted_musd"] = frame["cost_musd"] * frame["t"].map(d.discount)
    rank = frame.assign(place_rank=frame["place_id"].map(places), kind_rank=frame["component"].map(kinds))
    frame = frame.loc[rank.sort_values(["kind_rank", "place_rank", "item_id", "t"], kind="stable").index]
    frame["month"] = frame["t"].map(dict(enumerate(d.months, start=1)))
    return table("costs", frame)


def _rows(s: Solution) -> Iterator[Row]:
    yield from _power_rows(s)
    yield from _built_rows(s)
    yield from _chip_rows(s)
    yield from _orbit_rows(s)
    yield from _demand_rows(s)


def _power_rows(s: Solution) -> Iterator[Row]:
    """By output: energy bought (a minimum that is not taken, too), fuel, variable operation, carbon."""
    d = s.data
    for (r, p, t), mw in s.values["untaken_mw"].items():
        if mw:
            usd = sum(d.hours_h[t, k] * d.energy_usd_per_mwh[r, p, t, k] for k in d.slices)
            yield r, p, t, "energy", 1e-6 * mw * usd
    for (r, p, t, k), mw in s.values["output"].items():
        if mw:
            mwh = mw * d.hours_h[t, k] * 1e-6
            yield r, p, t, "energy", mwh * d.energy_usd_per_mwh[r, p, t, k]
            yield r, p, t, "fuel", mwh * d.fuel_usd_per_mwh[r, p, t]
            yield r, p, t, "variable", mwh * d.variable_usd_per_mwh[r, p]
            price = d.carbon_usd_per_t.get(t, 0.0) * d.carbon_priced_frac[r, p]
            yield r, p, t, "carbon", mwh * d.carbon_t_per_mwh[r, p] * price


def _built_rows(s: Solution) -> Iterator[Row]:
    """Capital and fixed operation of what the plan has built so far; what stood there before is sunk."""
    d, last = s.data, len(s.data.months)
    for r, p in dict.fromkeys((r, p) for r, p, _ in s.values["build_mw"]):
        built = 0.0
        for t in range(1, last + 1):
            built += s.values["build_mw"][r, p, t]
            yield r, p, t, "capital", 1e-6 * built * d.capital_usd_per_mw_month[r, p]
            yield r, p, t, "fixed", 1e-6 * built * d.fixed_usd_per_mw_month[r, p]
    for (r, t), mw in s.values["shell"].items():
        if t >= 1:
            yield r, "halls", t, "halls", 1e-6 * (mw - d.start_shell_mw[r]) * d.shell_usd_per_mw_month[r]


def _chip_rows(s: Solution) -> Iterator[Row]:
    """Installation, and the carrying of chips that are dark or displaced."""
    d = s.data
    for (x, g, t), kunit in s.values["deploy"].items():
        if t >= 1 and kunit:
            yield x, g, t, "install", 1e-3 * kunit * d.install_usd_per_unit[g]
    for variable, component in (("dark", "carry_dark"), ("displaced", "carry_displaced")):
        for (g, t), kunit in s.values[variable].items():
            if t >= 1 and kunit:
                yield "", g, t, component, 1e-3 * kunit * d.carry_usd_per_unit_month[g]


def _orbit_rows(s: Solution) -> Iterator[Row]:
    """Satellites in proportion to their service, upkeep, and chips lost beyond what Earth would lose."""
    d, last = s.data, len(s.data.months)
    launched: dict[tuple[str, int], float] = {}
    for (o, g, v), kunit in s.values["deploy"].items():
        if o in d.kg_per_kw and kunit:
            launched[o, v] = launched.get((o, v), 0.0) + d.kw_per_unit[g] * kunit
            yield o, g, last, "orbit_chip_loss", 1e-3 * kunit * d.orbit_chip_loss_usd_per_unit.get((o, g, v), 0.0)
    for (o, v), mw in launched.items():
        for t in range(v, last + 1):
            yield o, "satellites", t, "orbit_capital", 1e-3 * mw * d.orbit_charge_usd_per_kw.get((o, v, t), 0.0)
            yield o, "satellites", t, "orbit_upkeep", 1e-3 * mw * d.orbit_upkeep_usd_per_kw.get((o, v, t), 0.0)


def _demand_rows(s: Solution) -> Iterator[Row]:
    """Transit, and unserved compute at its value in mode `value`."""
    d = s.data
    for (z, w, x, t), kh100e in s.values["serve"].items():
        if kh100e:
            yield x, w, t, "network", 1e-6 * kh100e * d.network_usd_per_kh100e_month[z, w, x]
    if d.mode == "value":
        hours = {t: sum(d.hours_h[t, k] for k in d.slices) for t in range(1, len(d.months) + 1)}
        for (z, w, t), kh100e in s.values["unserved"].items():
            if kh100e:
                core = max(0.0, kh100e - (1.0 - d.core_frac[w]) * d.demand_kh100e[z, w, t])
                premium = max(0.0, d.core_value_usd_per_h100e_h[w] - d.value_usd_per_h100e_h[w])
                yield "", w, t, "unserved", 1e-3 * hours[t] * (kh100e * d.value_usd_per_h100e_h[w] + core * premium)


def league_table(d: PlanData, tables: dict[str, pd.DataFrame], marginal: Marginal | None) -> pd.DataFrame:
    """Places by what their energy costs: whole horizon, money of its month, cheapest first under the plan's boundary.

    ``marginal`` as `marginal_cost` gives it; a place in orbit draws from no balance of power and has no marginal price."""
    hours = {name: sum(d.hours_h[t, k] for k in d.slices) for t, name in enumerate(d.months, start=1)}
    fleet = tables["fleet"].assign(hours=tables["fleet"]["month"].map(hours).astype(float))
    out = pd.DataFrame({"place_id": [*d.regions, *d.designs]}).set_index("place_id")
    out["it_mwh"] = (fleet["it_draw_mw"] * fleet["hours"]).groupby(fleet["place_id"]).sum()
    out["compute_kh100e_h"] = (fleet["compute_kh100e"] * fleet["hours"]).groupby(fleet["place_id"]).sum()
    costs = tables["costs"]
    by_place = costs.pivot_table(index="place_id", columns="component", values="cost_musd", aggfunc="sum")
    by_place = by_place.reindex(index=out.index, columns=list(COMPONENTS)).fillna(0.0)
    out["energy_cost_musd"] = by_place[list(ENERGY)].sum(axis=1)
    out["facility_cost_musd"] = out["energy_cost_musd"] + by_place["halls"]
    carbon = tables["power"].groupby("region_id")["carbon_tco2"].sum()
    out = out.fillna(0.0)
    out["usd_per_mwh"] = 1e6 * out["energy_cost_musd"] / out["it_mwh"].where(out["it_mwh"] > 0)
    out["usd_per_mwh_facility"] = 1e6 * out["facility_cost_musd"] / out["it_mwh"].where(out["it_mwh"] > 0)
    compute = out["compute_kh100e_h"].where(out["compute_kh100e_h"] > 0)
    chosen = out["facility_cost_musd"] if d.boundary == "facility" else out["energy_cost_musd"]
    out["usd_per_kh100e_h"] = 1e6 * chosen / compute
    out["carbon_kg_per_kh100e_h"] = 1e3 * carbon.reindex(out.index).fillna(0.0) / compute
    at_margin = float("nan") if marginal is None else pd.Series(marginal).groupby(level=0).sum().reindex(out.index)
    out["marginal_usd_per_mwh"] = 1e6 * at_margin / out["it_mwh"].where(out["it_mwh"] > 0)
    key = "usd_per_mwh_facility" if d.boundary == "facility" else "usd_per_mwh"
    return table("league", out.sort_values(key, kind="stable", na_position="last").reset_index())
