"""The monthly cycle in words: what happened in past months, what does not add up, and how far the plan has moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.formats import count, number, percent, span, usd
from planner.result import Since
from planner.schema.fields import ANY
from planner.write.names import Names
from planner.write.text.layout import bullets, wrapped

if TYPE_CHECKING:
    from planner.studies.roll.rolled import Rolled

DUE = {"dark": "deliveries"}
"""What is late in a stock, where it has another name."""

MOST = 8
"""Stocks that are named one by one."""


def rolled_lines(rolled: Rolled) -> list[str]:
    """Say what differs from the plan in past months, what is late, and what is unexplained."""
    taken = rolled.tables.get("stock_take", pd.DataFrame())
    names = Names({name: frame.fillna("").astype(str) for name, frame in rolled.tables.items()})
    lines = []
    actuals = rolled.tables.get("actuals")
    if actuals is not None:
        known, open_rows = count(len(actuals) - len(rolled.missing), "actual"), count(len(rolled.missing), "row")
        values = actuals.get("value", pd.Series(float("nan"), actuals.index))  # a column without any value is left out
        kinds = actuals.loc[values.isna(), "kind"].value_counts(sort=False)
        by_kind = f": {', '.join(f'{many} {kind}' for kind, many in kinds.items())}" if len(kinds) else ""
        lines += wrapped(f"{known} read; {open_rows} without a value, taken as planned{by_kind}")
    for column, words in (("unexplained", "Unexplained (counted, but in no flow)"), ("late", "Late, due in " + rolled.to)):
        if column in taken and len(rows := taken[taken[column].notna()]):
            lines += [f"{words}:", *bullets(_stock(names, row, column) for row in rows.head(MOST).to_dict("records"))]
            if len(rows) > MOST:
                lines.append(f"  and {len(rows) - MOST} more: table stock_take")
    if actuals is not None and "unexplained" not in taken:
        lines.append(f"Stock-take: {count(len(taken), 'stock')}; opening stock and flows add up to the closing stock of each")
    return lines


def _stock(names: Names, row: Mapping[Any, Any], column: str) -> str:
    stock = DUE.get(str(row["stock"]), row["stock"]) if column == "late" else row["stock"]
    return f"{stock}: {where(names, row)}: {number(row[column])} {row['unit']}"


def where(names: Names, row: Mapping[Any, Any]) -> str:
    """The names of what a row of the cycle is about."""
    place = "" if row["place_id"] == ANY else f", {names(str(row['place_id']))}"
    return f"{names(str(row['item_id']))}{place}"


def _more(musd: float) -> str:
    return f"{usd(1e6 * abs(musd))} {'more' if musd >= 0 else 'less'}"


def since_words(found: Since) -> str:
    """What happened, and how far the plan has moved, in a few sentences."""
    of = f" in {span(found.months)}" if found.months else ""
    said = []
    if len(found.forecast):
        asked = found.forecast[["planned", "value"]].sum()
        more = float(asked["value"] / asked["planned"] - 1.0) if asked["planned"] else 0.0
        said.append(
            f"Where actuals are stated, demand was {percent(abs(more))} {'above' if more >= 0 else 'below'} forecast{of}."
        )
    for rows, words in ((found.late, "late"), (found.unexplained, "unexplained")):
        if len(rows):
            said.append(f"{len(rows)} stock{'s are' if len(rows) > 1 else ' is'} {words}.")
    if len(found.missed):
        said.append(f"Targets were missed: {', '.join(dict.fromkeys(map(str, found.missed['requirement_id'])))}.")
    step = found.cost.set_index("component")["difference_musd"]
    said.append(
        f"Construction differs from the previous plan by {number(found.churn_mw)} MW over all places and months; "
        f"the months that both plans cover cost {_more(step['cost'])}, and compute left unserved would be worth "
        f"{_more(step['unserved'])}."
    )
    return " ".join(said)
