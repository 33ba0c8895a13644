"""Headlines of what to do first: orders of the first months, and remedies that power the most chips per dollar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from models import PRICES
from models.data import PlanData
from planner.formats import Currency, compute, count, month_name, several, usd, watts
from planner.result import SummaryLine, headline
from planner.schema.glossary import FIRST_ORDER, WHAT_FIRST
from planner.solve.rounding import Rounding
from planner.tables.limits import place_words

ORDINALS = ("First", "Second", "Third")
TOLD = len(ORDINALS)
FIRST_MONTHS = 3
MONEY = ("saves_musd", "cost_musd", "speed_up_musd", "most_musd", "powered_kh100e")


def purchase_lines(
    d: PlanData, purchases: pd.DataFrame, names: Mapping[str, str], rounding: Rounding | None, beside: Currency | None = None
) -> list[SummaryLine]:
    """What to order in the first months, the largest orders by name, and what it costs to buy in whole units."""
    months = d.horizon[:FIRST_MONTHS]
    due = purchases[purchases["order_month"].isin(months)]
    capital = float(due["capital_musd"].sum())
    text = ""
    if len(due):
        sums = due.groupby(["region_id", "option_id"], sort=False)[["order_mw", "capital_musd"]].sum()
        largest = sums.sort_values("capital_musd", ascending=False, kind="stable").head(TOLD)
        parts = [
            f"{names.get(p, p)} at {names.get(r, r)} {watts(mw)}"
            for (r, p), mw in zip(largest.index.tolist(), largest["order_mw"].tolist(), strict=True)
        ]
        more = f" and {count(len(sums) - len(parts), 'other order')}" if len(sums) > len(parts) else ""
        text = f"{WHAT_FIRST}: order by {month_name(months[-1])}, for {usd(1e6 * capital, beside=beside)} of capital, "
        text += f"{', '.join(parts)}{more} (tables/purchases.csv has all, by date)"
    lines = [headline("orders_first", capital, text)]
    if rounding is not None:
        said = "solved again with these orders" if rounding.solved else "to first order: no plan keeps these orders as they are"
        less = "costs" if rounding.musd >= 0 else "saves"
        text = f"Buying in whole units {less} {usd(abs(1e6 * rounding.musd))}, {said}"
        lines.append(headline("rounding_cost", rounding.musd, text))
    return lines


def remedy_lines(d: PlanData, remedies: pd.DataFrame, names: Mapping[str, str]) -> list[SummaryLine]:
    """The first of the table, in its order; how far to trust them stands in the first sentence."""
    found = []
    until = f"; counted until {month_name(d.months[-1])}" if d.look_ahead_months else ""
    for rank, row in enumerate(remedies.head(TOLD).to_dict("records"), start=1):
        head = "Best remedy, by chips powered per dollar" if rank == 1 else f"{ORDINALS[rank - 1]} remedy"
        text = f"{head}: {remedy_words(row, names)} {gains(row)}" + (f" ({FIRST_ORDER}{until})" if rank == 1 else "")
        found.append(SummaryLine(f"remedy_{rank}", float(row["net_musd"]), "million USD", text))
    return found


def remedy_words(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """What a row of the table of remedies has more of: how much, of what, where, and from when to when."""
    name = str(row["constraint"])
    months = month_name(str(row["from_month"])), month_name(str(row["to_month"]))
    return several(PRICES[name].words, f"{row['amount']:,g}", place_words(name, str(row["where"]), names), *months)


def gains(row: Mapping[Any, Any]) -> str:
    """What a row of the table of remedies costs, saves and powers."""
    known = {name: float("nan") if row[name] is None else float(row[name]) for name in MONEY}
    saves, cost, speed_up, most, powered = known.values()
    words = f"would save {usd(1e6 * saves)}"
    if cost == cost:
        words = f"would cost {usd(1e6 * cost)}, save {usd(1e6 * saves)}"
        words += f" and power {compute(powered)} on average" if powered == powered else ""
    if speed_up != speed_up and most == most:
        words += f"; speeding up, whose price is not stated, pays up to {usd(1e6 * most)}"
    return words
