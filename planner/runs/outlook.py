"""What a board asks of a finished run, from its files alone: what is reached by when, what is still to be ordered, and what of
the orders can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from planner.plan.calendar import month_number
from planner.plan.first_orders import first_orders
from planner.runs.read import Written
from planner.schema.glossary import NOT_PAID, SPENT
from planner.schema.table_schema import CANCELLABLE, HALLS

MOST_MILESTONES = 10
STEPS = (1, 4, 12)
"""Months between milestones: the fewest that make no more than MOST_MILESTONES."""


def milestones(run: Written) -> list[dict[str, Any]]:
    """Every few months and at the end: demand served, chips installed and dark, firm power, and cash so far, not discounted
    and without chips. Nothing of a run that lacks a table of it."""
    if not {"demand", "power", "capital", "costs"} <= run.tables.keys():
        return []
    months, cash = list(run.months), _cash_musd(run)
    asked, served = (_by_month(run, "demand", name) for name in ("demand_kh100e", "served_kh100e"))
    installed, dark = _by_month(run, "fleet", "it_nameplate_mw"), _by_month(run, "chips", "dark_mw")
    firm = _by_month(run, "power", "firm_mw")
    step = next((each for each in STEPS if len(months) <= each * MOST_MILESTONES), STEPS[-1])
    rows = []
    for number, month in enumerate(months, start=1):
        if number % step == 0 or number == len(months):
            share = float(served[month] / asked[month]) if asked[month] else 1.0
            row = {"month": month, "number": number, "served_frac": share, "installed_mw": float(installed[month])}
            row |= {"dark_mw": float(dark[month]), "firm_mw": float(firm[month])}
            rows.append(row | {"cash_musd": float(cash[:month].sum())})
    return rows


def to_order(run: Written) -> dict[str, Any]:
    """What of the power and halls of the last month is still to be ordered, projects that are taken included; the rest exists,
    is signed, or must be under way at the start. Empty where there is nothing to order."""
    tables, last = run.tables, run.months[-1]
    if not {"purchases", "power", "halls"} <= tables.keys():
        return {}
    purchases = tables["purchases"]
    later = purchases.drop(first_orders(purchases, run.months).under_way.index)
    mw: dict[tuple[str, str], float] = later.groupby(["region_id", "option_id"])["plan_mw"].sum().to_dict()  # type: ignore[assignment]
    projects = tables.get("projects", pd.DataFrame({"hall_mw": [], "power_mw": []}))
    halls = sum(each for (_, p), each in mw.items() if p == HALLS) + float(projects["hall_mw"].sum())
    power = sum(each for (_, p), each in mw.items() if p != HALLS) + float(projects["power_mw"].sum())
    if not halls and not power:
        return {}
    at_end = {name: tables[name][tables[name]["month"] == last] for name in ("power", "halls")}
    return {
        "month": last,
        "power_mw": float(at_end["power"]["capacity_mw"].sum()),
        "power_to_order_mw": power,
        "hall_mw": float(at_end["halls"]["shell_mw"].sum()),
        "hall_to_order_mw": halls,
    }


def cancellations(run: Written) -> dict[str, Any]:
    """Of the orders to decide first, the capital and what of it falls due within the first months; of the order book, the
    orders that may be cancelled. Empty where there is neither."""
    if "purchases" not in run.tables:
        return {}
    found = first_orders(run.tables["purchases"], run.months)
    book = list(_may_be_cancelled(run))
    if found.to_decide.empty and not book:
        return {}
    until, due = month_number(found.months[-1]), 0.0
    for row in found.to_decide.to_dict("records"):
        service = month_number(str(row["month"]))
        shares = [frac for before, frac in payments(run, str(row["option_id"])) if service - before <= until]
        due += float(row["capital_musd"]) * sum(shares)
    numbers = {"until_month": found.months[-1], "due_musd": due, "capital_musd": float(found.to_decide["capital_musd"].sum())}
    return {"orders": len(found.to_decide), **numbers, "cancellable": book}


def payments(run: Written, asset: str) -> list[tuple[int, float]]:
    """When capital of an asset is paid: months before service, and the share; all of it at service where nothing is stated."""
    table = run.inputs.get("payments")
    rows = [] if table is None else table[table["asset_id"] == asset][["months_before", "capital_frac"]].to_numpy().tolist()
    return [(int(before), float(frac)) for before, frac in rows] or [(0, 1.0)]


def _may_be_cancelled(run: Written) -> Iterator[dict[str, Any]]:
    """Orders of the book with a month, within the plan, until which they may be cancelled."""
    book = run.inputs.get("commitments", pd.DataFrame())
    if "cancel_until_month" not in book:
        return
    for row in book.to_dict("records"):
        until, status = str(row["cancel_until_month"]), str(row["status"])
        if status in CANCELLABLE and run.months[0] <= until and float(row["build_mw"] or 0):
            place = {name: str(row[name]) for name in ("region_id", "option_id", "month")}
            deposit = float(row["deposit_musd"] or 0)
            yield {**place, "mw": float(row["build_mw"]), "until_month": until, "deposit_musd": deposit}


def _by_month(run: Written, table: str, column: str) -> pd.Series[float]:
    sums: pd.Series[float] = run.tables[table].groupby("month")[column].sum()
    return sums.reindex(list(run.months)).fillna(0.0)


def _cash_musd(run: Written) -> pd.Series[float]:
    """Million USD paid in each month: capital as it falls due, and running costs."""
    capital, costs = run.tables["capital"], run.tables["costs"]
    running = costs[~costs["component"].isin((*SPENT, *NOT_PAID))]
    sums = (frame.groupby("month")[column].sum() for frame, column in ((capital, "capital_musd"), (running, "cost_musd")))
    paid: pd.Series[float] = pd.concat(list(sums)).groupby(level=0).sum()
    return paid.reindex(list(run.months)).fillna(0.0)
