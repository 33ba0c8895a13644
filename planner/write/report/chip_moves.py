"""Chips that move: how many leave on each way that the plan names, when, and what that costs."""

from __future__ import annotations

import pandas as pd

from planner.formats import number, span, usd, watts
from planner.schema.table_schema import STOCK
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading

HEAD = ["from", "to", "months", "thousand chips", "IT nameplate", "most in a month"]
LEAD = (
    "Chips that leave a region for another or for stock, on the ways that the plan names. On the way they compute nothing; "
    "what goes into stock is dark until it is deployed again."
)


def section(run: Reading) -> Section | None:
    """One row a way on which chips leave; nothing for a plan without any."""
    moved = run.table("chip_moves")
    moved = moved[moved["moved_kunit"] > 0] if len(moved) else moved
    if not len(moved):
        return None
    rows = [_row(run, str(a), str(b), some) for (a, b), some in moved.groupby(["from_id", "to_id"], sort=False)]
    costs = run.table("costs")
    musd = float(costs.loc[costs["component"] == "chip_moves", "cost_musd"].sum())
    note = f"{LEAD} All moves together cost {usd(1e6 * musd)}."
    return Section(
        "chip_moves", "Chips that move", lead=note, tables=[Table(HEAD, rows, "Ways on which chips leave", numbers_from=3)]
    )


def _row(run: Reading, start: str, end: str, some: pd.DataFrame) -> list[str]:
    by_month = some.groupby("month", sort=False)["moved_mw"].sum()
    return [
        run.names(start),
        "stock" if end == STOCK else run.names(end),
        span([str(month) for month in by_month.index]),
        number(float(some["moved_kunit"].sum())),
        watts(float(by_month.sum())),
        watts(float(by_month.max())),
    ]
