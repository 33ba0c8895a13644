"""The workbook of a study: one sheet a table, with filters and frozen panes, ready for a pivot table, and native charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

import pandas as pd

from planner.formats import capital
from planner.write.charts.sweep import NOTHING, PRICES, spoken
from planner.write.names import Names
from planner.write.xlsx.book import INK, TAB_COLOURS, Book
from planner.write.xlsx.layout import Sheet
from planner.write.xlsx.summary_charts import BLUE, CHART_SIZE
from planner.write.xlsx.table_sheet import write_table

if TYPE_CHECKING:
    from planner.studies.pareto import Frontier
    from planner.studies.sweep import Sweep

ACROSS = 2
"""Charts beside each other."""
ROWS, COLUMNS = 18, 9
"""Cells of a sheet that one chart takes, with the room around it."""


COST = "Cost, million USD"
SHOWN = {
    "cost_musd": COST,
    "served_frac": "Compute served, share of demand",
    "energy_cost_usd_per_mwh": "Electricity, USD per MWh used by servers",
    "dark_end_mh100e": "Dark chips at the end, million H100e",
    "orbit_frac": "Compute from orbit at the end, share",
}
"""Columns of a sweep and their words, in the unit that the table states."""

TOTALS = {"carbon_tco2": "CO2 emitted, tonnes", "served_kh100e_months": "Compute served, thousand H100e-months"}


@dataclass(frozen=True)
class Charts:
    """Columns of one table over another: the column across with its words, and those upwards with theirs."""

    table: str
    across: str
    words: str
    upwards: Mapping[str, str] = field(default_factory=dict)


def sweep_charts(found: Sweep) -> Charts | None:
    """Headlines over one key that takes numbers; with several keys the table is for a pivot chart of the reader's own."""
    (key, *others), points = found.keys, found.points
    if others or not pd.api.types.is_numeric_dtype(points[key]):
        return None
    shown = {name: words for name, words in SHOWN.items() if (points[name].abs() > NOTHING).any()}
    return Charts("sweep", key, capital(spoken(key, Names(found.inputs))), shown)


def frontier_charts(found: Frontier) -> Charts:
    """Cost and price over what cost is traded against."""
    return Charts("frontier", found.total, TOTALS[found.total], {found.cost: COST, found.price: PRICES[found.price]})


def study_workbook(title: str, tables: Mapping[str, pd.DataFrame], charts: Charts | None = None) -> bytes:
    """The tables as a workbook, and their charts on a sheet of their own. Equal tables give equal bytes."""
    written = BytesIO()
    book = Book(written, title)
    for name, frame in tables.items():
        write_table(book, Sheet(name, "", frame), title)
    if charts is not None and charts.upwards:
        _draw(book, tables[charts.table], charts)
    book.close()
    return written.getvalue()


def _draw(book: Book, frame: pd.DataFrame, charts: Charts) -> None:
    worksheet = book.worksheet("charts", TAB_COLOURS["record"])
    worksheet.hide_gridlines(2)
    places, last = {str(name): place for place, name in enumerate(frame.columns)}, len(frame)
    for number, (name, words) in enumerate(charts.upwards.items()):
        chart = book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
        line = {"color": BLUE, "width": 2}
        mark = {"type": "circle", "size": 5, "fill": {"color": BLUE}, "border": {"none": True}}
        ranges = {
            part: [charts.table, 1, places[each], last, places[each]]
            for part, each in (("categories", charts.across), ("values", name))
        }
        chart.add_series({"name": words, **ranges, "line": line, "marker": mark})
        chart.set_title({"name": words, "name_font": {"size": 12, "bold": True, "color": INK}, "overlay": False})
        chart.set_x_axis({"name": charts.words, "name_font": {"size": 10, "bold": False}})
        chart.set_legend({"none": True})
        chart.set_size(CHART_SIZE)
        worksheet.insert_chart(ROWS * (number // ACROSS), COLUMNS * (number % ACROSS), chart)
