"""The first sheet of the workbook: what a director reads, on one screen, with charts that Excel draws itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.write.dictionary import BOUNDARIES, changed_words
from planner.write.layout import across, plan_months

if TYPE_CHECKING:
    from planner.result import Result, SummaryLine
    from planner.write.xlsx import Book

# Okabe and Ito: told apart with every kind of colour vision.
BLUE, ORANGE, GREEN, SKY, RED, PINK, YELLOW, GREY, BLACK = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#56B4E9",
    "#D55E00",
    "#CC79A7",
    "#F0E442",
    "#B0B0B0",
    "#333333",
)
INK, PAPER, LINE = "#1F3A5F", "#EAF0F6", "#B8C4D0"
FAINT = "#444444"
LABEL_WIDTH, VALUE_WIDTH, UNIT_WIDTH = 40, 16, 26
LEFT_WIDTH = LABEL_WIDTH + VALUE_WIDTH + UNIT_WIDTH
SERIES_COLOURS = (BLUE, ORANGE, GREEN, SKY, RED, PINK, YELLOW, GREY)
CHART_SIZE = {"width": 500, "height": 360}
ROW_PX, COLUMN_PX = 20, 64
"""Of a row and a column as they come."""
COMPONENTS_SHOWN = 9
MONTH_LABELS = 8

LABELS = {
    "cost": "Cost, discounted",
    "energy_cost": "Energy, for each MWh of IT",
    "unserved_value": "Worth of compute left unserved",
    "served_share": "Compute served, whole horizon",
    "served_share_end": "Compute served, last month",
    "dark_end": "Chips dark at the end",
    "dark_worst": "Chips dark at worst",
    "displaced_end": "Chips displaced by newer ones at the end",
    "displaced_worst": "Chips displaced by newer ones at worst",
    "power_end": "Power capacity at the end",
    "orbit_share": "Compute from orbit, last month",
    "orbit_gap": "Orbit: cost above worth at best",
    "orbit_flip_value": "Worth of compute that turns the verdict",
    "optimality_gap": "Proven gap to the optimum",
}
"""Headline numbers in plain words."""


def write_summary(book: Book, page: Any, result: Result) -> None:
    """Headline numbers at the left, four charts at the right, the verdict on orbit on top."""
    data = _ChartData(book)
    page.hide_gridlines(2)
    page.set_tab_color(INK)
    for column, width in enumerate((2, LABEL_WIDTH, VALUE_WIDTH, UNIT_WIDTH, 2)):
        page.set_column(column, column, width, book.format())
    page.write_string(0, 1, f"Plan: {result.plan.name}", book.format(bold=True, font_size=18, font_color=INK))
    page.set_row(0, 28)
    mapping = result.plan.to_mapping()
    lines = [str(mapping.get("why") or ""), changed_words(mapping.get("set") or ()), _horizon(result), _boundary(mapping)]
    lines = [line for line in lines if line]
    for row, text in enumerate(lines, start=1):
        page.write_string(row, 1, text, book.format(font_color=FAINT))
    row = top = len(lines) + 2
    verdict = orbit_verdict(result.summary)
    if verdict:
        band = book.format(
            bold=True, font_color=INK, bg_color=PAPER, text_wrap=True, valign="vcenter", border=1, border_color=LINE
        )
        page.merge_range(row, 1, row, 3, verdict, band)
        page.set_row(row, _height(verdict, LEFT_WIDTH - 6))
        row += 2
    row = _write_sentences(book, page, row, result.summary)
    row = _write_numbers(book, page, row + 1, result.summary)
    page.write_string(
        row + 1, 1, "What every sheet, column and unit means: sheet read_me.", book.format(italic=True, font_color=FAINT)
    )

    charts = [
        _chips_chart(book, data, result),
        _capacity_chart(book, data, result),
        _demand_chart(book, data, result.tables.get("demand")),
        _cost_chart(book, data, result.tables.get("costs")),
    ]
    for place, chart in enumerate(chart for chart in charts if chart is not None):
        across_px, down_px = (place % 2) * (CHART_SIZE["width"] + 10), (place // 2) * (CHART_SIZE["height"] + 10)
        page.insert_chart(top, 5, chart, {"x_offset": across_px, "y_offset": down_px, "object_position": 3})
    bottom_px = 2 * (CHART_SIZE["height"] + 10)
    page.print_area(0, 0, max(row + 1, top + bottom_px // ROW_PX), 5 + -(-(2 * CHART_SIZE["width"] + 10) // COLUMN_PX))
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    page.center_horizontally()
    page.fit_to_pages(1, 1)
    page.set_first_sheet()


def _write_sentences(book: Book, page: Any, row: int, summary: Sequence[SummaryLine]) -> int:
    """The plan in words, one sentence a row. Returns the next free row."""
    sentences = [sentence(line.text) for line in summary if line.text and not line.key.startswith("orbit")]
    shown = book.format(text_wrap=True, valign="vcenter", bottom=1, bottom_color=LINE)
    for text in sentences:
        page.merge_range(row, 1, row, 3, text, shown)
        page.set_row(row, _height(text, LEFT_WIDTH))
        row += 1
    return row


def _write_numbers(book: Book, page: Any, row: int, summary: Sequence[SummaryLine]) -> int:
    """The headline numbers, each with its unit. Returns the next free row."""
    head = {"bold": True, "font_color": "white", "bg_color": INK}
    page.write_string(row, 1, "Headline number", book.format(**head))
    page.write_string(row, 2, "Value", book.format(align="right", **head))
    page.write_string(row, 3, "Unit", book.format(indent=1, **head))
    ruled = {"bottom": 1, "bottom_color": LINE, "valign": "vcenter"}
    for line in summary:
        if isinstance(line.value, str) or line.value != line.value or line.key.startswith("limit_"):
            continue
        row += 1
        label = LABELS.get(line.key) or sentence(line.key.replace("_", " ")).removesuffix(".")
        page.write_string(row, 1, label, book.format(**ruled))
        page.write_number(row, 2, line.value, book.format(bold=True, num_format=_headline_format(float(line.value)), **ruled))
        page.write_string(row, 3, "fraction" if line.unit == "frac" else line.unit, book.format(indent=1, **ruled))
    return row + 1


def _height(text: str, width: float) -> float:
    """Row height that shows a text wrapped to this many characters."""
    return 5 + 13.5 * -(-len(text) // int(width * 1.15))


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def orbit_verdict(summary: Sequence[SummaryLine]) -> str:
    """All that the summary says of orbit."""
    return " ".join(sentence(line.text) for line in summary if line.key.startswith("orbit") and line.text)


def _headline_format(value: float) -> str:
    size = abs(value)
    if value == round(value) or size >= 1000:
        return "#,##0"
    return "#,##0.0" if size >= 30 else "0.00" if size >= 1 else "0.000" if size >= 0.001 else "0.0E+00"


def _horizon(result: Result) -> str:
    months = plan_months(result.tables)
    return f"{months[0]} to {months[-1]}, {len(months)} months" if months else ""


def _boundary(mapping: Mapping[str, Any]) -> str:
    boundary = str(mapping.get("boundary", ""))
    return f"Cost boundary: {BOUNDARIES.get(boundary, boundary)}" if boundary else ""


# ---- charts


class _ChartData:
    """The sheet `charts`: the numbers that the charts show, one block beside the other."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.page = book.book.add_worksheet("charts")
        self.page.set_tab_color("#7F7F7F")
        self.page.set_landscape()
        self.page.set_paper(8)
        self.page.fit_to_pages(1, 0)
        self.column = 0

    def add(self, title: str, frame: pd.DataFrame) -> list[tuple[str, list[Any], list[Any]]]:
        """Write a block (first column: categories); returns (name, categories, values) references of each series.

        Of months, a column of their own holds those that the chart names: the first, the last, and some between."""
        if frame.empty:
            return []
        named = frame.columns[0] == "month"
        if named:
            frame = frame.copy()
            frame.insert(1, "label", month_labels(frame["month"].tolist()))
        bold = self.book.format(bold=True, bottom=1)
        number = self.book.format(num_format="#,##0.000")
        first, rows = self.column, len(frame)
        self.page.write_string(0, first, title, self.book.format(bold=True))
        for index, name in enumerate(frame.columns):
            self.page.write_string(1, first + index, str(name), bold)
            self.page.set_column(first + index, first + index, max(10, min(len(str(name)) + 2, 30)), self.book.format())
            for row, value in enumerate(frame.iloc[:, index].tolist(), start=2):
                if index <= named:
                    self.page.write_string(row, first + index, str(value), self.book.format())
                elif value == value:
                    self.page.write_number(row, first + index, float(f"{value:.12g}"), number)
        self.column += frame.shape[1] + 1
        categories = ["charts", 2, first + named, rows + 1, first + named]
        return [
            (str(name), categories, ["charts", 2, first + index, rows + 1, first + index])
            for index, name in enumerate(frame.columns)
            if index > named
        ]


def month_labels(months: Sequence[str]) -> list[str]:
    """The months to name on an axis, an empty text for the others: from the first on in equal steps, and the last."""
    last = len(months) - 1
    step = next((step for step in (1, 2, 3, 6, 12, 24) if last / step <= MONTH_LABELS), 60)
    return [
        month if place == last or (place % step == 0 and last - place > step / 2) else "" for place, month in enumerate(months)
    ]


def _chips_chart(book: Book, data: _ChartData, result: Result) -> Any:
    """Where the accelerators are: powered, on their way, dark; counted as the headline counts them."""
    chips = result.tables.get("chips")
    if chips is None or chips.empty:
        return None
    parts = {
        "powered on Earth": ("housed_kunit", BLUE),
        "in orbit": ("orbit_kunit", SKY),
        "in commissioning": ("commissioning_kunit", YELLOW),
        "displaced by newer ones": ("displaced_kunit", GREY),
        "dark": ("dark_kunit", BLACK),
    }
    per_unit = place_facts(result, "accelerators", "generation_id", "h100e_per_unit")
    h100e = chips["generation_id"].map({name: float(each) for name, each in per_unit.items()})
    counted = pd.DataFrame({name: chips[column] * h100e / 1000 for name, (column, _) in parts.items()})
    totals = counted.groupby(chips["month"], sort=True).sum()
    shown = [name for name in parts if totals[name].abs().max() > 0]
    frame = pd.DataFrame({"month": totals.index, **{name: totals[name].to_numpy() for name in shown}})
    series = data.add("Accelerators, million H100e", frame)
    return _area(book, "Accelerators: powered and dark", "million H100e", series, [parts[name][1] for name in shown])


def _capacity_chart(book: Book, data: _ChartData, result: Result) -> Any:
    """Power capacity by region; by bloc where there are too many regions to tell apart."""
    power = result.tables.get("power")
    if power is None or power.empty:
        return None
    months = sorted(power["month"].unique())
    wide = across(power, ("region_id",), ("capacity_mw",), "month", months, keep_zero_rows=False)
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
    series = data.add("Power capacity, GW", pd.DataFrame({"month": months, **columns}))
    return _area(book, f"Power capacity on Earth by {words}", "GW", series, SERIES_COLOURS)


def place_facts(result: Result, table: str, key: str, column: str) -> dict[str, str]:
    """Id -> one column of its input table."""
    frame = result.plan.tables[table].frame if table in result.plan.tables else pd.DataFrame()
    if not {key, column} <= set(frame.columns):
        return {}
    return dict(zip(frame[key].astype(str), frame[column].astype(str), strict=True))


def _demand_chart(book: Book, data: _ChartData, demand: pd.DataFrame | None) -> Any:
    if demand is None or demand.empty:
        return None
    totals = demand.groupby("month", sort=True)[["served_kh100e", "unserved_kh100e"]].sum() / 1000
    if not totals.to_numpy().any():
        return None
    frame = pd.DataFrame(
        {"month": totals.index, "served": totals["served_kh100e"].to_numpy(), "unserved": totals["unserved_kh100e"].to_numpy()}
    )
    series = data.add("Demand, million H100e", frame)
    return _area(book, "Compute asked: served and unserved", "million H100e", series, [GREEN, RED])


def _cost_chart(book: Book, data: _ChartData, costs: pd.DataFrame | None) -> Any:
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
    named |= {str(name).replace("_", " "): float(cost) for name, cost in largest.items()}
    unit = "billion USD" if totals.abs().max() >= 20_000 else "million USD"
    values = np.array([*named.values()]) / (1000 if unit == "billion USD" else 1)
    frame = pd.DataFrame({"component": [*named], "cost": values})
    ((_, categories, numbers),) = data.add(f"Cost over the horizon, discounted, {unit}", frame)
    shown = "#,##0.0" if np.abs(values).max() < 1000 else "#,##0"
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "cost",
            "categories": categories,
            "values": numbers,
            "fill": {"color": BLUE},
            "gap": 40,
            "data_labels": {"value": True, "num_format": shown, "font": {"size": 9}},
        }
    )
    _dress(chart, "Cost by component, discounted, unserved apart", f"{unit} over the horizon", shown, months=False)
    chart.set_legend({"none": True})
    return chart


def _area(book: Book, title: str, unit: str, series: Sequence[tuple[str, list[Any], list[Any]]], colours: Sequence[str]) -> Any:
    """Areas upon each other, month by month; nothing where there is no series."""
    if not series:
        return None
    chart = book.book.add_chart({"type": "area", "subtype": "stacked"})
    for (name, categories, values), colour in zip(series, colours, strict=False):
        chart.add_series({"name": name, "categories": categories, "values": values, "fill": {"color": colour}})
    _dress(chart, title, unit, "General", months=True)
    chart.set_legend({"position": "bottom", "font": {"size": 9}})
    return chart


def _dress(chart: Any, title: str, unit: str, number_format: str, months: bool) -> None:
    chart.set_title({"name": title, "name_font": {"size": 12, "bold": True, "color": INK}, "overlay": False})
    lines = {"visible": True, "line": {"color": "#E0E0E0", "width": 0.75}}
    small = {"size": 9, "color": FAINT}
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
