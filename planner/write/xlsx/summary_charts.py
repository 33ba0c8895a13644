"""The native charts of the summary, and the sheet that holds their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from planner.formats import short_month
from planner.result import Result
from planner.schema.glossary import COST_COMPONENTS, DARK_REASONS
from planner.write.xlsx.book import INK, LINE, MONTH_FORMAT, TAB_COLOURS, Book
from planner.write.xlsx.layout import across

# Okabe and Ito: told apart with every kind of colour vision.
BLUE, ORANGE, GREEN, SKY = "#0072B2", "#E69F00", "#009E73", "#56B4E9"
RED, PINK, YELLOW, GREY, BLACK = "#D55E00", "#CC79A7", "#F0E442", "#B0B0B0", "#333333"
FAINT = "#444444"
SERIES_COLOURS = (BLUE, ORANGE, GREEN, SKY, RED, PINK, YELLOW, GREY)
CHART_SIZE = {"width": 500, "height": 318}
CHART_GAP_PX = 10
COMPONENTS_SHOWN = 9
MONTH_LABELS = 8
MOST_COLUMNS = 100
"""More than the sheet of their numbers has."""
ACCELERATORS = "Accelerators: installed, retired early, dark"
DELIVERED = "initial fleet and deliveries"


class ChartData:
    """The sheet `charts`: the numbers of the charts, in one block after another."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.worksheet = book.worksheet("charts", TAB_COLOURS["record"])
        self.worksheet.print_nothing(MOST_COLUMNS)
        self.column = 0

    def add(self, title: str, frame: pd.DataFrame) -> list[tuple[list[Any], list[Any], list[Any]]]:
        """Write a block whose first column holds the categories; returns (name, categories, values) of each series.

        For months, a further column holds the labels of the axis: the first, the last, and some between."""
        if frame.empty:
            return []
        named = frame.columns[0] == "month"
        if named:
            frame = frame.copy()
            frame.insert(1, "label", month_labels(frame.iloc[:, 0].tolist()), allow_duplicates=True)
        bold = self.book.format(bold=True, bottom=1)
        number = self.book.format(num_format="#,##0.000")
        first, rows = self.column, len(frame)
        self.worksheet.write_string(0, first, title, self.book.format(bold=True))
        for index, name in enumerate(frame.columns):
            self.worksheet.write_string(1, first + index, str(name), bold)
            values = frame.iloc[:, index].tolist()
            longest = max(len(str(each)) for each in (name, *(values if index <= named else ())))
            self.worksheet.set_column(first + index, first + index, max(10, min(longest + 2, 32)), self.book.format())
            for row, value in enumerate(values, start=2):
                if named and index == 0 and (day := self.book.day_of(str(value))) == day:
                    self.worksheet.write_number(row, first, day, self.book.format(num_format=MONTH_FORMAT, align="left"))
                elif index <= named:
                    self.worksheet.write_string(row, first + index, str(value), self.book.format())
                elif value == value:
                    self.worksheet.write_number(row, first + index, float(f"{value:.12g}"), number)
        self.column += frame.shape[1] + 1
        categories = ["charts", 2, first + named, rows + 1, first + named]
        return [
            (["charts", 1, column], categories, ["charts", 2, column, rows + 1, column])
            for column in range(first + named + 1, first + frame.shape[1])
        ]


def month_labels(months: Sequence[str]) -> list[str]:
    """The labels of an axis of months, empty for most: the first, then equal steps, and the last."""
    last = len(months) - 1
    step = next((step for step in (1, 2, 3, 6, 12, 24) if last / step <= MONTH_LABELS), 60)
    return [
        short_month(month) if place == last or (place % step == 0 and last - place > step / 2) else ""
        for place, month in enumerate(months)
    ]


def chips_chart(book: Book, data: ChartData, result: Result) -> Any:
    """Where the accelerators are, counted in compute as the headline counts them."""
    chips = result.tables.get("chips")
    if chips is None or chips.empty:
        return None
    dark = result.tables.get("dark")
    parts = {
        "installed on Earth": (chips, "housed_kunit", BLUE),
        "in orbit": (chips, "orbit_kunit", SKY),
        "in commissioning": (chips, "commissioning_kunit", YELLOW),
        "retired early": (chips, "displaced_kunit", GREY),
        **{
            f"dark, {words}": (dark, f"{reason}_kunit", colour)
            for (reason, words), colour in zip(DARK_REASONS.items(), (BLACK, PINK, ORANGE, GREEN), strict=True)
        },
    }
    per_unit = place_facts(result, "accelerators", "generation_id", "h100e_per_unit")
    h100e = {name: float(each) / 1000 for name, each in per_unit.items()}

    def by_month(frame: pd.DataFrame, *columns: str) -> pd.Series[float]:
        counted = frame[list(columns)].sum(axis=1) * frame["generation_id"].map(h100e).astype(float)
        return counted.groupby(frame["month"], sort=True).sum()

    lost = by_month(chips, "failed_kunit", "end_of_life_kunit")
    found = {name: by_month(frame, column) for name, (frame, column, _) in parts.items() if frame is not None and len(frame)}
    totals = pd.DataFrame(found, index=lost.index).fillna(0.0)
    shown = [name for name in found if totals[name].abs().max() > 0]
    frame = pd.DataFrame({"month": totals.index, **{name: totals[name].to_numpy() for name in shown}})
    frame[DELIVERED] = totals.to_numpy().sum(axis=1) + lost.cumsum().to_numpy()
    series = data.add("Accelerators, million H100e", frame)
    chart = _area(book, ACCELERATORS, "million H100e", series[:-1], [parts[name][2] for name in shown])
    if chart is not None:
        name, categories, values = series[-1]
        line = book.add_chart({"type": "line"})
        look = {"color": RED, "width": 2, "dash_type": "dash"}
        line.add_series({"name": name, "categories": categories, "values": values, "line": look})
        chart.combine(line)
    return chart


def capacity_chart(book: Book, data: ChartData, result: Result) -> Any:
    """Firm power by region; by bloc where there are too many regions to tell apart."""
    power = result.tables.get("power")
    if power is None or power.empty:
        return None
    months = sorted(power["month"].unique())
    wide = across(power, ("region_id",), ("firm_mw",), "month", months, keep_zero_rows=False)
    if wide.empty:
        return None
    table = wide.set_index("region_id")[months] / 1000
    words, regions = "region", place_facts(result, "regions", "region_id", "name")
    groups = {region: name.split(",")[0] for region, name in regions.items()}
    if len(set(groups.values())) < len(groups):
        groups = regions
    if len(table) > len(SERIES_COLOURS):
        words, groups = "bloc", place_facts(result, "regions", "region_id", "bloc")
    table = table.groupby([groups.get(region, region) for region in table.index], sort=False).sum()
    table = table.loc[table[months[-1]].sort_values(ascending=False, kind="stable").index]
    largest, rest = table.iloc[: len(SERIES_COLOURS) - 1], table.iloc[len(SERIES_COLOURS) - 1 :]
    columns = {str(name): row.to_numpy() for name, row in largest.iterrows()}
    if len(rest):
        columns[f"{len(rest)} others"] = rest.sum().to_numpy()
    frame = pd.DataFrame(columns)
    frame.insert(0, "month", months, allow_duplicates=True)  # a region may have any name, this one too
    series = data.add("Firm power, GW", frame)
    return _area(book, f"Firm power on Earth by {words}", "GW", series, SERIES_COLOURS)


def place_facts(result: Result, table: str, key: str, column: str) -> dict[str, str]:
    """One column of an input table by id."""
    frame = pd.DataFrame(result.plan.tables[table].resolved) if table in result.plan.tables else pd.DataFrame()
    if not {key, column} <= set(frame.columns):
        return {}
    return dict(zip(frame[key].astype(str), frame[column].astype(str), strict=True))


def demand_chart(book: Book, data: ChartData, demand: pd.DataFrame | None) -> Any:
    if demand is None or demand.empty:
        return None
    totals = demand.groupby("month", sort=True)[["served_kh100e", "unserved_kh100e"]].sum() / 1000
    if not totals.to_numpy().any():
        return None
    frame = pd.DataFrame(
        {"month": totals.index, "served": totals["served_kh100e"].to_numpy(), "unserved": totals["unserved_kh100e"].to_numpy()}
    )
    series = data.add("Demand, million H100e", frame)
    return _area(book, "Demand: served and unserved", "million H100e", series, [GREEN, RED])


def cost_chart(book: Book, data: ChartData, costs: pd.DataFrame | None) -> Any:
    if costs is None or costs.empty:
        return None
    spent = costs[costs["component"] != "unserved"]
    totals = spent.groupby("component", sort=False)["discounted_musd"].sum()
    totals = totals[totals.abs() > 0]
    if totals.empty:
        return None
    totals = totals.iloc[totals.abs().argsort(kind="stable")]  # bars stand from the bottom up: the largest last
    kept = COMPONENTS_SHOWN if len(totals) > COMPONENTS_SHOWN + 1 else len(totals)
    rest, largest = totals.iloc[: len(totals) - kept], totals.iloc[len(totals) - kept :]
    named = {f"{len(rest)} others": float(rest.sum())} if len(rest) else {}
    named |= {COST_COMPONENTS.get(str(name), str(name).replace("_", " ")): float(cost) for name, cost in largest.items()}
    unit = "billion USD" if totals.abs().max() >= 20_000 else "million USD"
    values = np.array([*named.values()]) / (1000 if unit == "billion USD" else 1)
    frame = pd.DataFrame({"component": [*named], "cost": values})
    ((_, categories, numbers),) = data.add(f"Cost over the horizon, discounted, {unit}", frame)
    shown = "#,##0.0" if np.abs(values).max() < 1000 else "#,##0"
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "cost",
            "categories": categories,
            "values": numbers,
            "fill": {"color": BLUE},
            "gap": 40,
            "data_labels": {"value": True, "num_format": shown, "font": {"size": 10}},
        }
    )
    _dress(chart, "Cost by component, discounted", f"{unit} over the horizon", shown, months=False)
    chart.set_legend({"none": True})
    return chart


def _area(
    book: Book, title: str, unit: str, series: Sequence[tuple[list[Any], list[Any], list[Any]]], colours: Sequence[str]
) -> Any:
    """Stacked areas by month; None without a series."""
    if not series:
        return None
    chart = book.add_chart({"type": "area", "subtype": "stacked"})
    for (name, categories, values), colour in zip(series, colours, strict=False):
        chart.add_series({"name": name, "categories": categories, "values": values, "fill": {"color": colour}})
    _dress(chart, title, unit, "General", months=True)
    chart.set_legend({"position": "bottom", "font": {"size": 10}})
    return chart


def _dress(chart: Any, title: str, unit: str, number_format: str, months: bool) -> None:
    chart.set_title({"name": title, "name_font": {"size": 12, "bold": True, "color": INK}, "overlay": False})
    lines = {"visible": True, "line": {"color": "#E0E0E0", "width": 0.75}}
    small = {"size": 10, "color": FAINT}
    number_axis = {
        "name": unit,
        "name_font": small | {"bold": False},
        "num_font": small,
        "num_format": number_format,
        "major_gridlines": lines,
    }
    if months:
        chart.set_y_axis(number_axis)
        chart.set_x_axis(
            {"num_font": small | {"rotation": -45}, "interval_unit": 1, "major_tick_mark": "none", "position_axis": "on_tick"}
        )
    else:
        chart.set_x_axis(number_axis)
        chart.set_y_axis(
            {"num_font": small, "interval_unit": 1, "label_position": "low", "major_gridlines": {"visible": False}}
        )
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size(CHART_SIZE)
