"""The folder of a sweep: one CSV and one chart, both or none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.write.folder.csv import write_csv
from planner.write.folder.replace import beside, real, swap
from planner.write.folder.result_folder import check_new

if TYPE_CHECKING:
    import pandas as pd

Spec = dict[str, Any]
WIDTH, HEIGHT, SCALE = 460, 240, 2
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
"""Okabe and Ito's, told apart with every kind of colour vision."""

PANELS = {
    "served_frac": "served share of what is asked",
    "energy_cost_usd_per_mwh": "energy, USD per MWh of IT",
    "dark_end_mh100e": "dark at the end, million H100e",
    "orbit_frac": "orbit's share of compute at the end",
}
TOTALS = {"carbon_tco2": ("carbon, million t CO2", 1e-6), "served_kh100e_months": ("served, million H100e-months", 1e-3)}
PRICES = {"price_usd_per_tco2": "USD per t CO2 less", "price_usd_per_h100e_h": "USD per H100e-hour more"}


def write_sweep(out: Path, name: str, points: pd.DataFrame, chart: Spec) -> Path:
    """`<name>.csv` and `<name>.png` in a folder that must be new or empty. Raises UsageError and OutputError."""
    check_new(out)
    out = real(out)
    with beside(out) as partial:
        write_csv(partial / f"{name}.csv", points)
        (partial / f"{name}.png").write_bytes(picture(chart))
        swap(partial, out)
    return out


def picture(chart: Spec) -> bytes:
    """A chart as PNG: the same bytes for the same chart."""
    import vl_convert

    drawn: bytes = vl_convert.vegalite_to_png(chart, scale=SCALE)
    return drawn


def frontier_chart(points: pd.DataFrame, cost: str, total: str, price: str) -> Spec:
    """Cost over the other total, and below it the price of a unit of it."""
    words, factor = TOTALS[total]
    rows = [{"total": factor * row[total], "cost": row[cost] / 1e3, "price": row[price]} for row in points.to_dict("records")]
    x = _field("total", words)
    words = "cost, unserved work at its value included, billion USD" if cost == "objective_musd" else "cost, billion USD"
    above = _panel([_line(x, _field("cost", words))])
    rate = _field("price", PRICES[price])
    if (points[price] > 0).all():
        powers = range(math.floor(math.log10(points[price].min())), math.ceil(math.log10(points[price].max())) + 1)
        rate |= {"scale": {"type": "log"}, "axis": {"values": [10.0**power for power in powers], "format": ",~r"}}
    else:
        rate["scale"] = {"type": "symlog"}
    return _chart(rows, {"vconcat": [above, _panel([_line(x, rate)])]})


def sweep_chart(points: pd.DataFrame, keys: Sequence[str]) -> Spec:
    """The headlines over the first key; a colour for each value of the others. What was not solved leaves a gap."""
    first, *others = keys
    rows = []
    for row in points.to_dict("records"):
        series = ", ".join(f"{key} {row[key]:g}" for key in others)
        values = {name: row[name] if row["status"] == "optimal" else None for name in PANELS}
        rows.append({"x": row[first], "series": series, **values})
    x = _field("x", first)
    panels = []
    for name, words in PANELS.items():
        line = _line(x, _field(name, words))
        if others:
            line["encoding"]["color"] = {
                "field": "series",
                "type": "nominal",
                "title": None,
                "sort": None,
                "legend": {"orient": "bottom", "columns": 2, "labelLimit": WIDTH},
                "scale": {"range": COLOURS},
            }
        panels.append(_panel([line]))
    return _chart(rows, {"concat": panels, "columns": 2})


def _chart(rows: list[dict[str, Any]], parts: Spec) -> Spec:
    axis = {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "gridColor": "#e4e7eb"}
    config = {"background": "white", "view": {"stroke": None}, "axis": axis, "point": {"color": COLOURS[0]}}
    return {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "data": {"values": rows}, "config": config, **parts}


def _panel(layers: list[Spec]) -> Spec:
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _line(x: Spec, y: Spec) -> Spec:
    return {"mark": {"type": "line", "point": {"size": 40}, "color": COLOURS[0]}, "encoding": {"x": x, "y": y}}


def _field(name: str, title: str) -> Spec:
    return {"field": name, "type": "quantitative", "title": title, "scale": {"zero": False}}
