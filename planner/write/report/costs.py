"""What the plan costs, by component and month, and what electricity costs by place."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from planner.formats import count, number, usd
from planner.schema.glossary import COST_SCOPES, GLOSSARY, SPENT
from planner.write.charts.bars import bars
from planner.write.charts.series import Series
from planner.write.names import component
from planner.write.report.page_model import Figure, Key, Section, Table
from planner.write.report.reading import Reading, areas

MOST_COMPONENTS = 11
BILLIONS_FROM_MUSD = 10_000.0
MOST_PLACES = 24
"""A longer league shows both its ends; the table below it holds all."""


def section(run: Reading) -> Section:
    """Cost by component, by month, and electricity by place."""
    figures = [each for each in (_components(run), _over_time(run), _league(run)) if each is not None]
    boundary = run.written.setting("boundary")
    lead = f"Cost scope: {COST_SCOPES.get(boundary, boundary)}. Assets that exist on the first day count as paid for."
    lead += f" Discounted cost: {GLOSSARY['discounted cost'][:1].lower()}{GLOSSARY['discounted cost'][1:]}"
    cash = _cash(run)
    tables = [cash] if cash else []
    said = run.said("unserved_value")
    return Section("cost", "Cost", lead=lead, paragraphs=said, figures=figures, tables=tables, tables_first=True)


def chips_left_out(run: Reading) -> str:
    """Chips that no cost counts; those on offer that are bought are a component of it."""
    costs = run.table("costs")
    return "chips that come in any case" if "component" in costs and "chips_bought" in set(costs["component"]) else "chips"


def _cash(run: Reading) -> Table | None:
    """What is paid, a row a component and a column a year, with sums of capital and of running costs."""
    cash = run.table("cash")
    if cash.empty:
        return None
    wide = cash.pivot_table(index="component", columns="year", values="cash_musd", aggfunc="sum", sort=False).fillna(0.0)
    wide["all years"] = wide.sum(axis=1)
    billion = float(wide["all years"].abs().max()) >= 10 * BILLIONS_FROM_MUSD
    unit = "billion USD" if billion else "million USD"

    def row(title: str, names: list[str]) -> list[str]:
        values = wide.loc[names].to_numpy(dtype=float).sum(axis=0)
        return [title, *(f"{value / 1e3:,.2f}" if billion else f"{value:,.1f}" for value in values)]

    chips = [name for name in ("chips",) if name in wide.index]
    running = [str(name) for name in wide.index if name not in (*SPENT, "chips")]
    rows = []
    for title, names in (("Capital", [name for name in SPENT if name in wide.index]), ("Running costs", running)):
        rows += [row(title, names), *(row(f"– {component(name)}", [name]) for name in names)]
    rows += [row(component(name), [name]) for name in chips]
    left_out = " Halls are left out with this cost scope." if run.written.setting("boundary") == "energy" else ""
    caption = (
        f"Cash by year, {unit}, not discounted: capital in full when it falls due, running costs as they "
        f"fall due too, chips at list price when they are delivered.{left_out}"
    )
    return Table(["", *(str(year) for year in wide.columns)], rows, caption)


def _components(run: Reading) -> Figure | None:
    costs = run.table("costs")
    if costs.empty:
        return None
    totals = costs[costs["component"] != "unserved"].groupby("component", sort=False)["discounted_musd"].sum()
    totals = totals[totals.abs() > 1e-9].sort_values(ascending=False, kind="stable")
    if totals.empty:
        return None
    named = {component(str(name)): float(cost) for name, cost in totals.items()}
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
        title=f"Cost over {count(len(run.months), 'month')} by component",
        unit=f"{unit} in all, discounted, capital as monthly charges within the study, without {chips_left_out(run)}",
        alt=f"Bars of cost by component: {told}.",
        spec=bars(list(named), [Series("cost", values, "var(--s1)")], unit, [number(value) for value in values]),
        numbers=Table(["component", unit, "share"], rows, unit),
    )


def _over_time(run: Reading) -> Figure | None:
    """What falls due in each month, in money of that month; None where a component is negative and cannot be stacked."""
    sums = run.by_month("costs", "component", "cost_musd")
    sums = sums.drop(columns=[name for name in ("unserved",) if name in sums])
    if not sums.size or float(sums.min().min()) < -1e-9 or not float(sums.max().max()) > 0:
        return None
    billion = float(sums.sum(axis=1).max()) >= BILLIONS_FROM_MUSD / 10
    sums *= 1e-3 if billion else 1.0
    series = [replace(each, name=component(each.name)) for each in run.largest(sums, 6, "other components", throughout=True)]
    unit = f"{'billion' if billion else 'million'} USD a month, money of its month"
    return areas(run, "cost-months", "By month", unit, series)


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
    parts = [Series("electricity", energy, "var(--s1)"), Series("new buildings", halls, "var(--s2)")]
    totals = [number(value) for value in shown["usd_per_mwh_facility"].tolist()]
    rows = [
        [names[row["place_id"]], number(row["usd_per_mwh"]), number(row["usd_per_mwh_facility"]), number(row["it_mwh"] / 1e6)]
        for row in order.to_dict("records")
    ]
    first, last = order.iloc[0], order.iloc[-1]
    cheap, dear = (f"{names[row['place_id']]} at {number(float(row['usd_per_mwh']))}" for row in (first, last))
    cut = f"; {len(order) - 2 * half} places in between are among the numbers" if len(order) > MOST_PLACES else ""
    idle = len(league) - len(used)
    return Figure(
        id="league",
        title="Electricity cost by place",
        unit="USD per MWh used by servers, whole horizon, money of its month"
        + (f"; the {half} cheapest and the {half} most expensive places" if cut else ""),
        alt=f"Bars of electricity cost by place, from {cheap} to {dear} USD per MWh used by servers.",
        spec=bars([names[place] for place in shown["place_id"]], parts, "USD/MWh", totals, 20),
        width=700,
        wide=True,
        legend=[Key(each.name, each.colour) for each in parts],
        numbers=Table(["place", "USD/MWh, electricity", "USD/MWh, with new buildings", "TWh used"], rows, "Electricity cost"),
        note=f"Electricity: cheapest {cheap}, most expensive {dear}{cut}."
        + (f" {idle} places use none." if idle > 1 else "")
        + " By site and over all months; by nation and in one plan year, the order may differ (Plain questions, Nations)."
        + " Where power is short its price decides little: a cheap place is not where the plan must grow."
        + " The cost of new buildings is spread over everything a place uses, so it is high where a place grew.",
    )
