"""`planner roll` in words: what the months that are past have brought, and what does not add up."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from planner.formats import count, number
from planner.write.names import Names
from planner.write.text.layout import bullets

if TYPE_CHECKING:
    from planner.studies.roll.rolled import Rolled

MOST = 8
"""Stocks that are named one by one."""


def rolled_lines(rolled: Rolled) -> list[str]:
    """What differs from the plan in the months that are past, what is late, and what is unexplained."""
    taken = rolled.tables.get("stock_take", pd.DataFrame())
    names = Names({name: frame.fillna("").astype(str) for name, frame in rolled.tables.items()})
    lines = []
    actuals = rolled.tables.get("actuals")
    if actuals is not None:
        known, open_rows = count(len(actuals) - len(rolled.missing), "actual"), count(len(rolled.missing), "row")
        lines.append(f"{known} read; {open_rows} without a value, taken as planned")
        lines += bullets(rolled.missing[:MOST])
        if len(rolled.missing) > MOST:
            lines.append(f"  and {len(rolled.missing) - MOST} more")
    for column, words in (("unexplained", "Unexplained, as counted beyond all flows"), ("late", "Late, due in " + rolled.to)):
        if column in taken and len(rows := taken[taken[column].notna()]):
            lines += [f"{words}:", *bullets(_stock(names, row, column) for row in rows.head(MOST).to_dict("records"))]
            if len(rows) > MOST:
                lines.append(f"  and {len(rows) - MOST} more: table stock_take")
    if actuals is not None and "unexplained" not in taken:
        lines.append(f"Stock-take: {count(len(taken), 'stock')}, opening and flows give the closing stock of each")
    return lines


def _stock(names: Names, row: Mapping[Hashable, object], column: str) -> str:
    place = "" if row["place_id"] == "*" else f", {names(str(row['place_id']))}"
    amount = row[column]
    assert isinstance(amount, float)
    return f"{row['stock']}: {names(str(row['item_id']))}{place}: {number(amount)} {row['unit']}"
