"""Orders of the first months: what is to be decided, and apart from it what has to be under way when the plan starts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.formats import capital, count, month_name, number, span, usd
from planner.plan.first_orders import FirstOrders, first_orders
from planner.schema.table_schema import HALLS
from planner.write.report.page_model import Table
from planner.write.report.reading import Reading

MOST = 12
"""Rows of a table that are always open."""
HEAD = ("site and what", "capital", "MW", "order in", "in service")
BY_DATE = ("order in", "capital", "MW", "site and what", "in service", "units")


def tables(run: Reading) -> tuple[list[Table], list[Table]]:
    """The tables that are open, and those that are folded; none where nothing is ordered in the first months."""
    found = first_orders(run.table("purchases"), run.months)
    until, start = month_name(found.months[-1]), month_name(found.months[0])
    shown, folded = [], []
    for orders, title, note in (
        (found.to_decide, f"Orders to decide by {until}", _to_decide(found)),
        (found.under_way, f"Must be under way in {start}, or it comes later than planned", _under_way(found)),
    ):
        rows = _by_site(run, orders)
        if rows:
            shown.append(Table(HEAD, [*rows[:MOST], *_sums(orders, len(rows))], title, note=note))
        if rows[MOST:]:
            folded.append(Table(HEAD, rows[MOST:], f"{title}: the others"))
    if len(found.to_decide):
        folded.append(Table(BY_DATE, _by_date(run, found.to_decide), f"Orders to decide by {until}, by date"))
    return shown, folded


def _sums(orders: pd.DataFrame, many: int) -> list[list[str]]:
    """What the rows that are not shown come to, and all."""
    capital_musd = _grouped(orders)["capital_musd"]
    others = [f"{count(many - MOST, 'other')}, below", usd(1e6 * float(capital_musd[MOST:].sum())), "", "", ""]
    return [*[others] * (many > MOST), ["All", usd(1e6 * float(capital_musd.sum())), "", "", ""]]


def _grouped(orders: pd.DataFrame) -> pd.DataFrame:
    """MW and capital of each site and option, the most capital first."""
    sums = orders.groupby(["region_id", "option_id"], sort=False)[["order_mw", "capital_musd"]].sum()
    return sums.sort_values("capital_musd", ascending=False, kind="stable")


def _to_decide(found: FirstOrders) -> str:
    many = count(len(found.to_decide), "order")
    said = "The order month is the lead time before service or, if that is earlier, the month of the first payment. "
    return f"{said}{capital(many)}, by month and site; tables/purchases.csv has those of all months."


def _under_way(found: FirstOrders) -> str:
    start, until = month_name(found.months[0]), month_name(found.months[-1])
    said = f"Their order month is before {start}, or they enter service by {until} and have no lead time. Those of earlier "
    said += "months are late unless they are signed: check each, and enter it in the order book. What has no lead time in the "
    return f"{said}plan can still be ordered if it is delivered at once; if it is not, state its lead time."


def _by_site(run: Reading, orders: pd.DataFrame) -> list[list[str]]:
    """A row for each site and option, the most capital first."""
    grouped = orders.groupby(["region_id", "option_id"], sort=False)
    sums = _grouped(orders)
    months = {key: (sorted(set(part["order_month"])), sorted(set(part["month"]))) for key, part in grouped}
    return [
        [
            _what(run, str(r), str(p)),
            *(usd(1e6 * musd), number(mw)),
            *(span([month_name(str(month)) for month in each]) for each in months[r, p]),
        ]
        for (r, p), mw, musd in zip(sums.index.tolist(), sums["order_mw"].tolist(), sums["capital_musd"].tolist(), strict=True)
    ]


def _by_date(run: Reading, orders: pd.DataFrame) -> list[list[str]]:
    """A row for each order, by the month of order and, within it, by capital."""
    due = orders.sort_values(["order_month", "capital_musd"], ascending=[True, False], kind="stable")
    return [
        [
            month_name(str(row["order_month"])),
            *(usd(1e6 * float(row["capital_musd"])), number(float(row["order_mw"]))),
            _what(run, str(row["region_id"]), str(row["option_id"])),
            month_name(str(row["month"])),
            _units(row),
        ]
        for row in due.to_dict("records")
    ]


def _what(run: Reading, region: str, option: str) -> str:
    return f"{run.names(region)}: {'halls' if option == HALLS else run.names.within(option)}"


def _units(row: dict[Any, Any]) -> str:
    units = row["units"]
    return "any amount" if units is None or units != units else f"{units:,g} of {row['unit_mw']:,g} MW"
