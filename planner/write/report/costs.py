"""What the plan costs, by component, and the league of places by what their energy costs."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from planner.formats import number, usd
from planner.write.charts.bars import bars
from planner.write.charts.series import Series, stacked
from planner.write.names import COMPONENTS
from planner.write.report.page_model import Figure, Key, Section, Table
from planner.write.report.reading import Reading, first_and_last, legend, month_table

MOST_COMPONENTS = 11
BILLIONS_FROM_MUSD = 10_000.0
MOST_PLACES = 24
"""A longer league shows both its ends; the table below it holds all."""


def section(run: Reading) -> Section:
    """Cost by component, and energy cost by place."""
    figures = [each for each in (_components(run), _over_time(run), _league(run)) if each is not None]
    lines = {line["key"]: line for line in run.table("summary").to_dict("records")}
    unserved = str(lines["unserved_value"]["text"]) if "unserved_value" in lines else ""
    boundary = run.written.setting("boundary")
    lead = f"Boundary {boundary}. What stands on the first day is sunk."
    return Section("cost", "Cost", lead=lead + (f" Not a payment: {unserved}." if unserved else ""), figures=figures)


def _components(run: Reading) -> Figure | None:
    costs = run.table("costs")
    if costs.empty:
        return None
    totals = costs[costs["component"] != "unserved"].groupby("component", sort=False)["discounted_musd"].sum()
    totals = totals[totals.abs() > 1e-9].sort_values(ascending=False, kind="stable")
    if totals.empty:
        return None
    named = {COMPONENTS.get(str(name), str(name).replace("_", " ")): float(cost) for name, cost in totals.items()}
    if len(named) > MOST_COMPONENTS:
        kept = dict(list(named.items())[: MOST_COMPONENTS - 1])
        rest = list(named.values())[MOST_COMPONENTS - 1 :]
        named = {**kept, f"{len(rest)} others": sum(rest)}
    billion = max(abs(cost) for cost in named.values()) >= BILLIONS_FROM_MUSD
    scale, unit = (1e-3, "billion USD") if billion else (1.0, "million USD")
    values = [scale * cost for cost in named.values()]
    whole = sum(named.values())
    rows = [[name, number(scale * cost), f"{100 * cost / whole:.1f} %" if whole else ""] for name, cost in named.items()]
    told = "; ".join(f"{name} {usd(1e6 * cost)}" for name, cost in named.items())
    return Figure(
        id="components",
        title="By component",
        unit=f"{unit}, discounted, over the horizon",
        alt=f"Bars of cost by component: {told}.",
        spec=bars(list(named), [Series("cost", values, "var(--s1)")], unit, [number(value) for value in values]),
        numbers=Table(["component", unit, "share"], rows, unit),
    )


def _over_time(run: Reading) -> Figure | None:
    """What falls due in each month, in money of that month; nothing where a component is negative and cannot lie on others."""
    sums = run.by_month("costs", "component", "cost_musd")
    sums = sums.drop(columns=[name for name in ("unserved",) if name in sums])
    if not sums.size or float(sums.min().min()) < -1e-9 or not float(sums.max().max()) > 0:
        return None
    billion = float(sums.sum(axis=1).max()) >= BILLIONS_FROM_MUSD / 10
    sums *= 1e-3 if billion else 1.0
    series = [
        replace(each, name=COMPONENTS.get(each.name, each.name.replace("_", " ")))
        for each in run.largest(sums, 6, "other components", throughout=True)
    ]
    unit = f"{'billion' if billion else 'million'} USD a month, money of its month"
    return Figure(
        id="cost-months",
        title="By month",
        unit=unit,
        alt=f"Stacked areas of cost. {first_and_last(run.months, series, unit)}",
        spec=stacked(run.months, series),
        legend=legend(series),
        numbers=month_table(run.months, series, unit),
    )


def _league(run: Reading) -> Figure | None:
    league = run.table("league")
    if league.empty:
        return None
    used = league[league["it_mwh"] > 0]
    if used.empty:
        return None
    order = used.sort_values("usd_per_mwh", kind="stable")
    names = {place: run.names(str(place)) for place in order["place_id"]}
    half = MOST_PLACES // 2
    shown = order if len(order) <= MOST_PLACES else pd.concat([order.head(half), order.tail(half)])
    energy = shown["usd_per_mwh"].tolist()
    halls = (shown["usd_per_mwh_facility"] - shown["usd_per_mwh"]).clip(lower=0.0).tolist()
    parts = [Series("energy and its plant", energy, "var(--s1)"), Series("new halls", halls, "var(--s2)")]
    totals = [number(value) for value in shown["usd_per_mwh_facility"].tolist()]
    rows = [
        [names[row["place_id"]], number(row["usd_per_mwh"]), number(row["usd_per_mwh_facility"]), number(row["it_mwh"] / 1e6)]
        for row in order.to_dict("records")
    ]
    first, last = order.iloc[0], order.iloc[-1]
    cheap, dear = (f"{names[row['place_id']]} at {number(float(row['usd_per_mwh']))}" for row in (first, last))
    cut = f"; {len(order) - 2 * half} places between them are in the numbers" if len(order) > MOST_PLACES else ""
    idle = len(league) - len(used)
    return Figure(
        id="league",
        title="Energy cost league",
        unit="USD per MWh of IT, whole horizon, money of its month"
        + (f"; the {half} cheapest and {half} dearest" if cut else ""),
        alt=f"Bars of energy cost by place, from {cheap} to {dear} USD per MWh of IT.",
        spec=bars([names[place] for place in shown["place_id"]], parts, "USD/MWh", totals, 20),
        width=700,
        wide=True,
        legend=[Key(each.name, each.colour) for each in parts],
        numbers=Table(["place", "USD/MWh, energy and plant", "USD/MWh, with halls", "TWh of IT"], rows, "Energy cost"),
        note=f"Energy and its plant: cheapest {cheap}, dearest {dear}{cut}."
        + (f" {idle} places draw nothing." if idle > 1 else "")
        + " New halls are spread over all that a place draws: much for one that grew, nothing for one that did not.",
    )
