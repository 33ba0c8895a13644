"""Headlines of money: what is paid and when, the discounted cost that the plan minimises, electricity, unserved compute."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from models.data import PlanData
from planner.formats import Currency, compute, count, month_name, number, percent, usd
from planner.result import SummaryLine, headline
from planner.schema.glossary import COST_COMPONENTS, COST_SCOPES, SPENT
from planner.schema.settings import Money
from planner.tables.frames import per

Tables = dict[str, pd.DataFrame]
SMALL_PART = 1e-3
"""Share of the cost up to which what is not listed is not missed."""


def money_lines(d: PlanData, tables: Tables, chip_usd_per_unit: Mapping[str, float], money: Money) -> list[SummaryLine]:
    """Cash first, with the capital budget, then the discounted cost with its parts."""
    cash = [*_cash_lines(d, tables, chip_usd_per_unit, money.beside), *_nominal_lines(tables, money)]
    return [
        *cash,
        *_offer_lines(d, tables, chip_usd_per_unit),
        *_budget_lines(d, tables),
        *_discounted_lines(d, tables, money.beside),
    ]


def _cash_lines(
    d: PlanData, tables: Tables, chip_usd_per_unit: Mapping[str, float], beside: Currency | None
) -> list[SummaryLine]:
    by_component = tables["cash"].groupby("component")["cash_musd"].sum()
    capital = float(by_component.reindex(SPENT).sum())
    chips = float(by_component.get("chips", 0.0))
    running = float(by_component.sum()) - capital - chips
    text = f"Cash over {count(len(d.horizon), 'month')}, not discounted: {usd(1e6 * (capital + running), beside=beside)}, "
    text += f"of it capital {usd(1e6 * capital, beside=beside)} and running costs {usd(1e6 * running, beside=beside)}"
    last = tables["chips"][tables["chips"]["month"] == d.horizon[-1]]
    dark = float((last["dark_kunit"] * per(last["generation_id"], chip_usd_per_unit)).sum()) / 1e3
    bought = f"Chips delivered cost {usd(1e6 * chips, beside=beside)} at list price, in no other cost; "
    bought += f"those dark at the end {usd(1e6 * dark)}"
    return [
        headline("cash_capital", capital, text),
        headline("cash_running", running),
        headline("cash_chips", chips, bought if chips or dark else ""),
        headline("dark_price", dark),
    ]


def _nominal_lines(tables: Tables, money: Money) -> list[SummaryLine]:
    """What is paid in money of its own year, where the plan states the year of its money."""
    if money.year is None:
        return []
    by_component = tables["nominal"].groupby("component")["nominal_musd"].sum()
    paid, capital = float(by_component.drop("chips", errors="ignore").sum()), float(by_component.reindex(SPENT).sum())
    rise = percent(money.inflation_frac_per_year)
    text = f"All prices are in money of {money.year}; in money of each year, with {rise} of inflation a year, "
    text += f"cash is {usd(1e6 * paid)}, of it capital {usd(1e6 * capital)}"
    return [headline("cash_nominal", paid, text)]


def _offer_lines(d: PlanData, tables: Tables, chip_usd_per_unit: Mapping[str, float]) -> list[SummaryLine]:
    """What is bought of the deliveries that may be declined, by compute and at list price."""
    offers = tables["offers"]
    h100e = per(offers["generation_id"], d.h100e_per_unit)
    taken = offers["bought_kunit"] + offers["deferred_kunit"]
    offered, bought = (float((kunit * h100e).sum()) for kunit in (offers["offered_kunit"], taken))
    if not offered:
        return []
    musd = 1e-3 * float((taken * per(offers["generation_id"], chip_usd_per_unit)).sum())
    deferred = float((offers["deferred_kunit"] * h100e).sum())
    later = f" ({compute(deferred)} of it to come later than offered)" if deferred > 0 else ""
    text = f"Chips on offer: {compute(bought)} of {compute(offered)} bought{later}, {usd(1e6 * musd)} at list price, "
    text += "the others declined"
    return [headline("offers_bought", bought / offered, text)]


def _budget_lines(d: PlanData, tables: Tables) -> list[SummaryLine]:
    """What falls due in each year with a budget, of which all months that are decided are reported."""
    capital, cash = tables["capital"], tables["cash"]
    chips = cash[(cash["component"] == "chips") & bool(d.budget_chip_usd_per_unit)].groupby("year")["cash_musd"].sum()
    spent, parts = 0.0, []
    years = [year for year, months in d.budget_months.items() if months[-1] <= len(d.horizon)]
    for year in years:
        musd = float(capital.loc[capital["month"].str.startswith(year), "capital_musd"].sum())
        musd += float(chips.get(int(year), 0.0))
        spent += musd
        part = "" if len(d.budget_months[year]) == 12 else f" for {count(len(d.budget_months[year]), 'month')}"
        parts.append(f"{year} {usd(1e6 * musd)} of {usd(1e6 * d.budget_musd[year])}{part}")
    budget = sum(d.budget_musd[year] for year in years)
    if not budget:
        return []
    what = "Capital, chips included," if d.budget_chip_usd_per_unit else "Capital"
    return [headline("budget_spent", spent / budget, f"{what} due within its budget: {', '.join(parts)}")]


def _discounted_lines(d: PlanData, tables: Tables, beside: Currency | None) -> list[SummaryLine]:
    costs, league = tables["costs"], tables["league"]
    by_component = costs.groupby("component", sort=False)["discounted_musd"].sum().to_dict()
    unserved = float(by_component.pop("unserved", 0.0))
    paid = float(sum(by_component.values()))
    largest = {str(name): musd for name, musd in sorted(by_component.items(), key=lambda item: -item[1])[:5] if musd > 0}
    other = paid - sum(largest.values())
    shares = {COST_COMPONENTS.get(name, name.replace("_", " ")): musd for name, musd in largest.items()}
    shares |= {"other": other} if other > SMALL_PART * paid else {}
    parts = ", ".join(f"{name} {usd(1e6 * musd).removesuffix(' USD')}" for name, musd in shares.items())
    mwh = float(league["it_mwh"].sum())
    energy, facility = (
        1e6 * float(league[name].sum()) / mwh if mwh else 0.0 for name in ("energy_cost_musd", "facility_cost_musd")
    )
    halls = f", {number(facility)} including new buildings" if d.boundary == "facility" else ""
    chips = "chips that come in any case" if "chips_bought" in by_component else "chips"
    scope = f"cost scope: {COST_SCOPES[d.boundary]}; capital as its monthly charges within the study, {chips} not counted"
    cost = f"Cost over {count(len(d.horizon), 'month')}, discounted: {usd(1e6 * paid, beside=beside)} in all ({scope})"
    price = f"Electricity costs {usd(energy, beside=beside)} per MWh used by servers{halls} (existing assets count as paid for)"
    cost += f", of it {parts}" if parts else ""
    if d.look_ahead_months:
        cost += f"; no cost counts the look-ahead to {month_name(d.months[-1])}"
    lines = [headline("cost", paid, cost), headline("energy_cost", energy, price)]
    if d.mode == "value" and unserved:
        text = (
            f"Unserved compute would be worth {usd(1e6 * unserved, beside=beside)}, at the value that the plan states: nobody "
        )
        lines.append(headline("unserved_value", unserved, f"{text}pays that"))
    return lines
