"""Tables of the first orders add up: the rows that are shown, the others, and all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from planner.write.report import orders
from planner.write.report.reading import Reading

MONTHS = ["2027-01", "2027-02", "2027-03", "2027-04"]


def test_the_orders_that_are_not_shown_have_a_row_of_their_own() -> None:
    """Twenty sites order for 20, 19, ... 1 million USD: twelve are shown, for 174, and eight are not, for 36."""
    rows = [(f"s{n}", "grid", "2027-02", "2027-04", 1.0, float(n), None, None) for n in range(1, 21)]
    columns = ["region_id", "option_id", "order_month", "month", "order_mw", "capital_musd", "units", "unit_mw"]
    tables = {"purchases": pd.DataFrame(rows, columns=columns)}
    written = SimpleNamespace(name="toy", tables=tables, inputs={}, months=MONTHS, settings={}, manifest={}, status="")
    (shown,), (others, _) = orders.tables(Reading(cast(Any, SimpleNamespace(written=written))))
    million = [float(row[1].split()[0]) for row in shown.rows]
    assert million[-1] == sum(million[:-1]) == 210.0
    assert million[-2] == 36.0 == sum(float(row[1].split()[0]) for row in others.rows)
    assert shown.rows[-2][0].startswith("8 others")
