"""Headlines of what to do first: orders of the first months, and the remedies that save most above their cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from models import PRICES
from models.data import PlanData
from planner.formats import Currency, compute, count, fine_percent, month_name, percent, several, usd, watts
from planner.plan.calendar import month_number
from planner.plan.first_orders import first_orders
from planner.result import SummaryLine, headline
from planner.schema.glossary import CASH_COMPONENTS, FIRST_ORDER, SAVED_VALUE, WHAT_FIRST
from planner.solve.rounding import Rounding
from planner.tables.limits import place_words

ORDINALS = ("First", "Second", "Third")
TOLD = len(ORDINALS)
MOSTLY_FIRM = 0.5
"""Share of an option's MW that chips may count on, below which a reader must know it."""
NUMBERS = ("saves_musd", "cost_musd", "speed_up_musd", "most_musd", "capital_musd", "powered_kh100e", "powered_frac")


def purchase_lines(
    d: PlanData,
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str],
    rounding: Rounding | None,
    beside: Currency | None = None,
) -> list[SummaryLine]:
    """What to order in the first months, the largest orders by name, what must be under way when they begin, the capital that
    falls due in them, and what it costs to buy in whole units."""
    months, decide, under_way = first_orders(tables["purchases"], d.horizon)
    until, start = month_name(months[-1]), month_name(months[0])
    text = ""
    if len(decide):
        text = f"{WHAT_FIRST}: order by {until}, for {usd(1e6 * _capital(decide), beside=beside)} of capital, "
        text += f"{_largest(decide, names)} (tables/purchases.csv has all, by date)"
        text += why_first(decide, tables["power"], names)
    lines = [headline("orders_first", _capital(decide), text)]
    text = ""
    if len(under_way):
        text = f"Must be under way in {start}, for {usd(1e6 * _capital(under_way), beside=beside)} of capital: "
        text += f"{_largest(under_way, names)} (to be ordered before {start}, or in service by {until} without a lead time)"
    lines.append(headline("orders_under_way", _capital(under_way), text))
    lines.append(_capital_line(tables["capital"], months, beside))
    if rounding is not None:
        said = "solved again with these orders" if rounding.solved else "to first order: no plan keeps these orders as they are"
        less = "costs" if rounding.musd >= 0 else "saves"
        text = f"Buying in whole units {less} {usd(abs(1e6 * rounding.musd))}, {said}"
        lines.append(headline("rounding_cost", rounding.musd, text))
    return lines


def why_first(orders: pd.DataFrame, power: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Why what takes most of the capital of first orders is ordered now, and how much of a plant's MW chips may count on, where
    that is little."""
    sums = orders.groupby("option_id", sort=False)["capital_musd"].sum().sort_values(ascending=False, kind="stable")
    parts = []
    for p in sums.index[:TOLD].tolist():
        own = orders[orders["option_id"] == p]
        months = [
            month_number(month) - month_number(order)
            for order, month in zip(own["order_month"].tolist(), own["month"].tolist(), strict=True)
        ]
        lead = f"{min(months)} to {max(months)} months" if min(months) < max(months) else count(months[0], "month")
        built = power[(power["option_id"] == p) & (power["capacity_mw"] > 0)]
        share = float(built["firm_mw"].sum() / built["capacity_mw"].sum()) if len(built) else 1.0
        told = f"{lead} for {names.get(p, p)}"
        if share < MOSTLY_FIRM:
            firm = percent(share) if share else "none"
            told += f" ({firm} of its MW counts as firm power, which chips need)"
        parts.append(told)
    return f". Why now: from order to service it takes {', '.join(parts)}" if parts else ""


def _capital(orders: pd.DataFrame) -> float:
    return float(orders["capital_musd"].sum())


def _largest(orders: pd.DataFrame, names: Mapping[str, str]) -> str:
    """The largest orders by name, and how many more there are."""
    sums = orders.groupby(["region_id", "option_id"], sort=False)[["order_mw", "capital_musd"]].sum()
    largest = sums.sort_values("capital_musd", ascending=False, kind="stable").head(TOLD)
    parts = [
        f"{names.get(p, p)} at {names.get(r, r)} {watts(mw)}"
        for (r, p), mw in zip(largest.index.tolist(), largest["order_mw"].tolist(), strict=True)
    ]
    more = (
        f" and {len(sums) - len(parts)} more, {count(len(orders), 'order')} by month in all" if len(sums) > len(parts) else ""
    )
    return f"{', '.join(parts)}{more}"


def _capital_line(capital: pd.DataFrame, months: Sequence[str], beside: Currency | None) -> SummaryLine:
    """What falls due in the first months, signed orders included, by kind."""
    due = capital[capital["month"].isin(months)]
    by_kind = due.groupby("component")["capital_musd"].sum().sort_values(ascending=False, kind="stable")
    total = float(by_kind.sum())
    parts = [f"{usd(1e6 * musd)} for {CASH_COMPONENTS[str(kind)]}" for kind, musd in by_kind.items() if musd > 0]
    of_it = f", {', '.join(parts)}" if len(parts) > 1 else ""
    text = f"Payments of capital that fall due by {month_name(months[-1])}, signed orders included: "
    text += f"{usd(1e6 * total, beside=beside)}{of_it}; what was due before {month_name(months[0])} is counted"
    return headline("capital_first", total, text if total else "")


def remedy_lines(d: PlanData, remedies: pd.DataFrame, names: Mapping[str, str]) -> list[SummaryLine]:
    """The first of the table, in its order; how far to trust them stands in the first sentence."""
    found = []
    until = f"; counted until {month_name(d.months[-1])}" if d.look_ahead_months else ""
    for rank, row in enumerate(remedies.head(TOLD).to_dict("records"), start=1):
        head = "Best remedy, by what it saves above its cost" if rank == 1 else f"{ORDINALS[rank - 1]} remedy"
        text = f"{head}: {remedy_words(row, names)} {gains(row)}"
        text += f" ({SAVED_VALUE}; {FIRST_ORDER}{until})" if rank == 1 else ""
        found.append(SummaryLine(f"remedy_{rank}", float(row["net_musd"]), "million USD", text))
    return found


def remedy_words(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """What a row of the table of remedies has more of: how much, of what, where, and from when to when."""
    name = str(row["constraint"])
    months = month_name(str(row["from_month"])), month_name(str(row["to_month"]))
    return several(PRICES[name].words, f"{row['amount']:,g}", place_words(name, str(row["where"]), names), *months)


def gains(row: Mapping[Any, Any]) -> str:
    """What a row of the table of remedies costs, powers and saves."""
    known = {name: float("nan") if row[name] is None else float(row[name]) for name in NUMBERS}
    saves, cost, speed_up, most, capital, powered, share = known.values()
    words = f"would save {usd(1e6 * saves)}"
    if cost == cost:
        words = f"would {_cost_words(capital, cost)}, "
        if powered > 0:
            words += f"power {compute(powered)} on average{_share_words(share)} and add {usd(1e6 * saves)} of value"
        else:
            words += f"power no more chips and save {usd(1e6 * saves)}"
    if speed_up != speed_up and most == most:
        words += f"; speeding up, whose price is not stated, pays up to {usd(1e6 * most)}"
    return words


def _cost_words(capital_musd: float, cost_musd: float) -> str:
    """Capital in full, and what of it and of upkeep is charged within the study; a contract may have neither."""
    if not capital_musd and not cost_musd:
        return "take no capital (its energy is paid as it is used)"
    return f"take {usd(1e6 * capital_musd)} of capital, cost {usd(1e6 * cost_musd)} within the study"


def _share_words(share: float) -> str:
    words = percent(share) if share >= 1e-3 else fine_percent(share)
    return f" ({words} of those dark or retired early)" if share == share else ""
