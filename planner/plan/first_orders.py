"""Orders of the first months: what is still to decide, and what has to be under way when the plan starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

FIRST_MONTHS = 3


class FirstOrders(NamedTuple):
    """Rows of the table of purchases whose order month is one of the first ``months`` or earlier.

    ``under_way``: the order month is before the plan starts, or is the month in which it enters service, so that nobody can
    wait for the plan to order it. ``to_decide``: all others."""

    months: Sequence[str]
    to_decide: pd.DataFrame
    under_way: pd.DataFrame


def first_orders(purchases: pd.DataFrame, months: Sequence[str]) -> FirstOrders:
    """The orders of the first of ``months``; what rounds to no unit is no order."""
    first = months[:FIRST_MONTHS]
    due = purchases[(purchases["order_mw"] > 0) & (purchases["order_month"] <= first[-1])]
    late = (due["order_month"] < first[0]) | (due["order_month"] == due["month"])
    return FirstOrders(first, due[~late], due[late])
