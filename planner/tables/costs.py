"""What the plan costs, by place, item, month and component; and what a megawatt-hour and a unit of compute cost where."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import pandas as pd

from models import BLOCKS
from models.costs import costs_of
from models.data import PlanData
from planner.schema.glossary import COST_COMPONENTS
from planner.solve.solution import Solution
from planner.tables.frames import table
from planner.tables.marginal import Marginal

Paid = dict[tuple[str, str, str], dict[int, float]]  # place, item, component; month: million USD of that month
ENERGY = ("energy", "fuel", "variable", "carbon", "capital", "fixed", "orbit_capital", "orbit_upkeep")
SMALLEST_PART = 1e-6
"""Of the energy drawn on Earth: a region with less of it says nothing about cost."""


def cost_table(solution: Solution) -> pd.DataFrame:
    """One row a place, item, month and component; `cost_musd` in money of its month, `discounted_musd` as in the objective."""
    d, values, last = solution.data, solution.values, len(solution.data.months)
    once: Paid = {}
    lasting: Paid = {}  # by the month in which it begins; it is paid to the end
    for each in costs_of((*BLOCKS, *d.own_blocks), lambda name: [i for i, value in values[name].items() if value], d):
        value = values[each.variable][each.index]
        for place, item, months, unit, usd in each.payments:
            lasts = len(months) > 1 and months[-1] == last
            for component, amount in usd.items():
                by_month = (lasting if lasts else once).setdefault((place, item, component), {})
                for t in months[:1] if lasts else months:
                    by_month[t] = by_month.get(t, 0.0) + value * unit * amount
    for key, begins in lasting.items():
        by_month, total = once.setdefault(key, {}), 0.0
        for t in range(min(begins), last + 1):
            total += begins.get(t, 0.0)
            by_month[t] = by_month.get(t, 0.0) + total
    rows = [(place, item, t, name, musd) for (place, item, name), each in once.items() for t, musd in each.items() if musd]
    frame = pd.DataFrame(rows, columns=["place_id", "item_id", "t", "component", "cost_musd"])
    places = {name: i for i, name in enumerate(("", *d.regions, *d.designs))}
    kinds = {name: i for i, name in enumerate(COST_COMPONENTS)}
    frame["discounted_musd"] = frame["cost_musd"] * frame["t"].map(d.discount)
    rank = frame.assign(place_rank=frame["place_id"].map(places), kind_rank=frame["component"].map(kinds))
    frame = frame.loc[rank.sort_values(["kind_rank", "place_rank", "item_id", "t"], kind="stable").index]
    frame["month"] = frame["t"].map(dict(enumerate(d.months, start=1)))
    return table("costs", frame)


def league_table(d: PlanData, tables: dict[str, pd.DataFrame], marginal: Marginal | None) -> pd.DataFrame:
    """Places by what their energy costs: whole horizon, money of its month, cheapest first in the plan's cost scope.

    ``marginal`` as `marginal_cost` gives it; a place in orbit draws from no balance of power and has no marginal price."""
    hours = {name: sum(d.hours_h[t, k] for k in d.slices) for t, name in enumerate(d.months, start=1)}
    fleet = tables["fleet"].assign(hours=tables["fleet"]["month"].map(hours).astype(float))
    out = pd.DataFrame({"place_id": [*d.regions, *d.designs]}).set_index("place_id")
    out["it_mwh"] = (fleet["it_draw_mw"] * fleet["hours"]).groupby(fleet["place_id"]).sum()
    out["compute_kh100e_h"] = (fleet["compute_kh100e"] * fleet["hours"]).groupby(fleet["place_id"]).sum()
    costs = tables["costs"]
    by_place = costs.pivot_table(index="place_id", columns="component", values="cost_musd", aggfunc="sum")
    by_place = by_place.reindex(index=out.index, columns=list(COST_COMPONENTS)).fillna(0.0)
    out["energy_cost_musd"] = by_place[list(ENERGY)].sum(axis=1)
    out["facility_cost_musd"] = out["energy_cost_musd"] + by_place["halls"] + by_place["hall_operation"]
    carbon = tables["power"].groupby("region_id")["carbon_tco2"].sum()
    out = out.fillna(0.0)
    out["usd_per_mwh"] = 1e6 * out["energy_cost_musd"] / out["it_mwh"].where(out["it_mwh"] > 0)
    out["usd_per_mwh_facility"] = 1e6 * out["facility_cost_musd"] / out["it_mwh"].where(out["it_mwh"] > 0)
    compute = out["compute_kh100e_h"].where(out["compute_kh100e_h"] > 0)
    chosen = out["facility_cost_musd"] if d.boundary == "facility" else out["energy_cost_musd"]
    out["usd_per_kh100e_h"] = 1e6 * chosen / compute
    out["carbon_kg_per_kh100e_h"] = 1e3 * carbon.reindex(out.index).fillna(0.0) / compute
    within = None if marginal is None else pd.Series({key: musd for key, musd in marginal.items() if key[1] <= len(d.horizon)})
    at_margin = float("nan") if within is None else within.groupby(level=0).sum().reindex(out.index)
    out["marginal_usd_per_mwh"] = 1e6 * at_margin / out["it_mwh"].where(out["it_mwh"] > 0)
    key = "usd_per_mwh_facility" if d.boundary == "facility" else "usd_per_mwh"
    return table("league", out.sort_values(key, kind="stable", na_position="last").reset_index())


class Compared(NamedTuple):
    """USD per MWh of IT."""

    orbit: float
    earth: float
    cheapest: float
    """In the cheapest region."""


def compared(d: PlanData, league: pd.DataFrame) -> Compared | None:
    """What a MWh of IT costs in orbit and on Earth: power, platform or buildings, launch; no chips.

    Orbit: where something is launched, its cost within the plan over the energy that its chips draw; else that of the cheapest
    launch, over the hours in service times the draw of the chip that draws most. None for a plan in which nothing runs on
    Earth, or no design is ever in service."""
    above = league["place_id"].isin(d.designs)
    flown, earth = league[above & (league["it_mwh"] > 0)], league[~above]
    earth = earth[earth["it_mwh"] > SMALLEST_PART * float(earth["it_mwh"].sum())]
    launches = [_launch_usd_per_mwh(d, o, v) for o in d.designs for v in range(1, len(d.horizon) + 1)]
    orbit = _usd_per_mwh(flown) if len(flown) else min(launches, default=inf)
    if earth.empty or orbit == inf:
        return None
    return Compared(orbit, _usd_per_mwh(earth), float(earth["usd_per_mwh_facility"].min()))


def _usd_per_mwh(league: pd.DataFrame) -> float:
    return 1e6 * float(league["facility_cost_musd"].sum()) / float(league["it_mwh"].sum())


def _launch_usd_per_mwh(d: PlanData, o: str, v: int) -> float:
    """Of a launch in month v; infinite where it never serves within the plan or carries no chip."""
    draw = max((d.draw_frac[g] for x, g in d.placeable if x == o), default=0.0)
    months = [t for t in d.discount if d.orbit_service_frac.get((o, v, t), 0.0) > 0]
    hours = {t: sum(d.hours_h[t, k] for k in d.slices) for t in months}
    mwh = draw * 1e-3 * sum(d.discount[t] * hours[t] * d.orbit_service_frac[o, v, t] for t in months)
    paid = (d.orbit_charge_usd_per_kw, d.orbit_upkeep_usd_per_kw)
    return sum(d.discount[t] * usd.get((o, v, t), 0.0) for usd in paid for t in months) / mwh if mwh else inf
