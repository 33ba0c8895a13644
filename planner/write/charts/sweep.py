"""Charts of many plans: headlines over what was varied, and the frontier of two totals with the price of a unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from planner.formats import capital
from planner.write.charts.draw import svg
from planner.write.charts.series import COLOURS, CONFIG, DASHES, INK, NUMBER, OTHER, Spec

if TYPE_CHECKING:
    from planner.studies.pareto import Frontier
    from planner.studies.sweep import Sweep

WIDTH, HEIGHT = 400, 220
STYLE: Spec = {
    **CONFIG,
    "background": "white",
    "title": {"anchor": "start", "frame": "group", "fontSize": 13, "fontWeight": 600, "color": INK, "offset": 8},
    "legend": {"orient": "bottom", "columns": 2, "labelFontSize": 12, "labelLimit": WIDTH, "symbolType": "stroke"},
}
MOST_TICKS = 8
PANELS = {
    "cost_musd": ("Cost, billion USD", 1e-3),
    "served_frac": ("Compute served, % of demand", 100.0),
    "energy_cost_usd_per_mwh": ("Electricity, USD per MWh used by servers", 1.0),
    "dark_end_mh100e": ("Dark chips at the end, million H100e", 1.0),
    "orbit_frac": ("Compute from orbit at the end, %", 100.0),
}
"""Column of a sweep: its title with the unit, and the factor to it."""

TOTALS = {
    "carbon_tco2": ("CO2 emitted, million tonnes", 1e-6),
    "served_kh100e_months": ("compute served, million H100e-months", 1e-3),
}
COSTS = {"objective_musd": "Cost, unserved compute counted at its value, billion USD", "cost_musd": "Cost, billion USD"}
PRICES = {
    "price_usd_per_tco2": "Price of one tonne of CO2 less, USD",
    "price_usd_per_h100e_h": "Price of one H100e-hour more, USD",
}
UNITS = {"usd": "USD", "mw": "MW", "kw": "kW", "mwh": "MWh", "tco2": "tonne of CO2", "kh100e": "thousand H100e"}


def sweep_picture(found: Sweep) -> str:
    """The headlines over the first key, as SVG; a colour for each value of the others. What was not solved leaves a gap, and
    what is zero throughout, such as orbit in a plan without it, has no panel."""
    first, *others = found.keys
    rows = []
    for row in found.points.to_dict("records"):
        values = {name: factor * row[name] if row["status"] == "optimal" else None for name, (_, factor) in PANELS.items()}
        rows.append({"x": row[first], "series": "; ".join(_stated(key, row[key]) for key in others), **values})
    x = _across("x", spoken(first), [row["x"] for row in rows])
    panels = [
        _panel(title, [_line(x, _axis(name, [row[name] for row in rows]), bool(others))])
        for name, (title, _) in PANELS.items()
        if any(row[name] for row in rows)
    ]
    return _drawn("sweep", rows, {"concat": panels, "columns": 2})


def frontier_picture(found: Frontier) -> str:
    """Cost over the other total, and below it the price of a unit of it, as SVG."""
    title, factor = TOTALS[found.total]
    rows = [
        {"total": factor * row[found.total], "cost": row[found.cost] / 1e3, "price": row[found.price]}
        for row in found.points.to_dict("records")
    ]
    x = _across("total", title, [row["total"] for row in rows])
    rate = _axis("price", [row["price"] for row in rows])
    lowest, highest = found.points[found.price].min(), found.points[found.price].max()
    if lowest > 0:
        powers = range(math.floor(math.log10(lowest)), math.ceil(math.log10(highest)) + 1)
        rate |= {"scale": {"type": "log"}, "axis": {"values": [10.0**power for power in powers], "format": ",~r"}}
    else:
        rate["scale"] = {"type": "symlog"}
    above = _panel(COSTS[found.cost], [_line(x, _axis("cost", [row["cost"] for row in rows]))])
    return _drawn("frontier", rows, {"vconcat": [above, _panel(PRICES[found.price], [_line(x, rate)])]})


def spoken(key: str) -> str:
    """A key of `--vary` in words: `launch_price.usd_per_kg (factor)` is "launch price, USD per kg (factor)"."""
    table, _, column = key.partition(".")
    return ", ".join(" ".join(UNITS.get(word, word) for word in part.split("_")) for part in (table, column) if part)


def _stated(key: str, value: float) -> str:
    """One value of a key: that of a factor says so."""
    name = spoken(key)
    return f"{name.removesuffix(' (factor)')} x {value:g}" if name.endswith(" (factor)") else f"{name} {value:g}"


def _drawn(name: str, rows: list[dict[str, Any]], parts: Spec) -> str:
    return svg({"data": {"values": rows}, "config": STYLE, "spacing": 28, **parts}, name)


def _panel(title: str, layers: list[Spec]) -> Spec:
    return {"title": title, "width": WIDTH, "height": HEIGHT, "layer": layers}


def _across(name: str, title: str, values: Sequence[float]) -> Spec:
    """The horizontal axis, with a tick at each value where they are few."""
    at = sorted(set(values))
    axis: Spec = {"grid": False, "labelFlush": False, "format": NUMBER, "tickCount": MOST_TICKS}
    axis |= {"values": at} if len(at) <= MOST_TICKS and name == "x" else {}
    scale = {"zero": False, "nice": False}
    return {"field": name, "type": "quantitative", "title": capital(title), "scale": scale, "axis": axis}


def _axis(name: str, values: Sequence[float | None]) -> Spec:
    """A vertical axis over what varies; one value alone stands in the middle of its own tenth."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    scale = {"zero": False} if high - low > 1e-9 * abs(high) else {"domain": [0.95 * low, 1.05 * high], "nice": False}
    return {"field": name, "type": "quantitative", "title": None, "scale": scale, "axis": {"tickCount": 5, "format": NUMBER}}


def _line(x: Spec, y: Spec, series: bool = False) -> Spec:
    point = {"size": 40} if series else {"size": 40, "color": COLOURS[0]}
    encoding: Spec = {"x": x, "y": y}
    if series:
        by = {"field": "series", "type": "nominal", "title": None, "sort": None}
        dashes = [[float(part) for part in dash.split()] or [1, 0] for dash in DASHES]
        encoding["color"] = {**by, "scale": {"range": [*COLOURS, OTHER]}}
        encoding["strokeDash"] = {**by, "scale": {"range": dashes}}  # lines that coincide are both seen
    return {"mark": {"type": "line", "strokeWidth": 2.2, "point": point, "color": COLOURS[0]}, "encoding": encoding}
