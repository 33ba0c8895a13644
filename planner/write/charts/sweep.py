"""Charts of many plans: headlines over what was varied, and the frontier of two totals with the price of a unit."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.formats import capital
from planner.read.run_table import NAME
from planner.write.charts.draw import svg
from planner.write.charts.series import COLOURS, CONFIG, DASHES, INK, NUMBER, OTHER, Spec
from planner.write.names import Names
from planner.write.text.sweep import key_text

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
LEGEND: Spec = {**CONFIG, "legend": STYLE["legend"]}
TICKS: Spec = {"tickCount": 5, "format": NUMBER}
"""An axis of numbers."""

MOST_TICKS, MOST_SERIES = 8, 12
LONGEST = 260
"""Points that a name under the axis may take."""
AS_PLANNED = "as in the plan"
"""Where a table of runs leaves a cell empty."""
STEADY = 1e-3
"""What varies by a smaller share than this is drawn in the middle of its own tenth: else an axis would show noise."""

PANELS: dict[str, tuple[str, tuple[tuple[float, str], ...]]] = {
    "cost_musd": ("Cost", ((1e-3, "billion USD"), (1.0, "million USD"))),
    "served_frac": ("Compute served", ((100.0, "% of demand"),)),
    "energy_cost_usd_per_mwh": ("Electricity", ((1.0, "USD per MWh used by servers"),)),
    "dark_end_mh100e": ("Dark chips at the end", ((1.0, "million H100e"), (1e3, "thousand H100e"), (1e6, "H100e"))),
    "orbit_frac": ("Compute from orbit at the end", ((100.0, "%"),)),
}
"""Column of a sweep: its title, and the factors to units, the largest first."""

NOTHING = 1e-9
"""A column that is nowhere more has no panel: the plan has nothing of it."""

TOTALS = {
    "carbon_tco2": ("CO2 emitted, million tonnes", 1e-6),
    "served_kh100e_months": ("compute served, million H100e-months", 1e-3),
}
COSTS = {"objective_musd": "Cost, unserved compute counted at its value, billion USD", "cost_musd": "Cost, billion USD"}
PRICES = {
    "price_usd_per_tco2": "Price of one tonne of CO2 less, USD",
    "price_usd_per_h100e_h": "Price of one H100e-hour more, USD",
}
KEY = re.compile(r"(?P<table>\w+)(?:\[(?P<rows>[^\]]*)\])?\.(?P<column>\w+)(?P<factor> \(factor\))?")
UNITS = {"usd": "USD", "mw": "MW", "kw": "kW", "mwh": "MWh", "tco2": "tonne of CO2", "kh100e": "thousand H100e"}


def sweep_picture(found: Sweep) -> str:
    """The headlines over the first key or the names of runs, as SVG; a colour for each value of the others. What was not solved
    leaves a gap."""
    panels = [_panel(title, layers) for title, layers in sweep_panels(found)]
    return drawn("sweep", {"data": {"values": sweep_data(found)}, "concat": panels, "columns": 2})


def sweep_panels(found: Sweep) -> list[tuple[str, list[Spec]]]:
    """The title of each panel with its unit, and its layers; none for what the plans have nothing of."""
    rows, names = sweep_data(found), Names(found.inputs)
    first, others = drawn_keys(found)
    numbers, words = _is_of_numbers(found, first), None if first == NAME else spoken(first, names)
    x = _across("x", words or "", [row["x"] for row in rows]) if numbers else _names_across(words)
    panels = []
    for name, (title, units) in PANELS.items():
        values = [row[name] for row in rows]
        if most := max((abs(value) for value in values if value is not None), default=0.0):
            factor, unit = _unit(units, most)
            y = _axis(name, [None if value is None else factor * value for value in values])
            layer = _line(x, y, bool(others), numbers)
            layer["transform"] = [{"calculate": f"datum['{name}'] == null ? null : {factor!r} * datum['{name}']", "as": name}]
            panels.append((f"{title}, {unit}", [layer]))
    return panels


def sweep_data(found: Sweep) -> list[dict[str, Any]]:
    """The rows that the panels draw: the key that they are drawn over, the others in words, and a column a panel."""
    first, others = drawn_keys(found)
    names, numbers = Names(found.inputs), _is_of_numbers(found, first)
    rows = []
    for row in found.points.to_dict("records"):
        stated = [_stated(key, row[key], names) for key in others if key_text(row[key])]
        unnamed = f"run {row['point']}" if first == NAME else AS_PLANNED
        across = {"x": row[first] if numbers else key_text(row[first]) or unnamed}
        rows.append({**across, "series": "; ".join(stated) or AS_PLANNED, **{name: _known(row, name) for name in PANELS}})
    return rows


def drawn_keys(found: Sweep) -> tuple[str, list[str]]:
    """The key that headlines are drawn over, and those that colours tell apart: the names of runs where they have any, and no
    other key where names alone tell the runs apart."""
    if NAME not in found.keys:
        return found.keys[0], list(found.keys[1:])
    return NAME, [] if found.points[NAME].is_unique else [key for key in found.keys if key != NAME]


def _is_of_numbers(found: Sweep, key: str) -> bool:
    """Whether a key is a number in each point; a table of runs may leave its cells empty."""
    values = found.points[key]
    return key != NAME and pd.api.types.is_numeric_dtype(values) and bool(values.notna().all())


def _known(row: Mapping[Any, Any], name: str) -> float | None:
    value = row[name]
    return None if row["status"] != "optimal" or value != value else 0.0 if abs(value) <= NOTHING else float(value)


def _unit(units: Sequence[tuple[float, str]], most: float) -> tuple[float, str]:
    """The largest unit of which there is at least one; the smallest where there is less."""
    return next(((factor, unit) for factor, unit in units if factor * most >= 1.0), units[-1])


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
    below = _panel(PRICES[found.price], [_line(x, rate)])
    return drawn("frontier", {"data": {"values": rows}, "vconcat": [above, below]})


def spoken(key: str, names: Names | None = None) -> str:
    """A key of `--vary` in words: `power[us_ohio,grid].step_mw_per_month (factor)` is "step MW per month, New Albany, Ohio,
    grid (factor)"."""
    found = KEY.fullmatch(key)
    if found is None:
        return _words(key)
    rows = [each.strip() for each in (found["rows"] or "").split(",") if each.strip() not in ("", "*")]
    named = [names(each) if names else each for each in rows]
    parts = [_words(found["column"]), *named] if named else [_words(found["table"]), _words(found["column"])]
    return ", ".join(parts) + (found["factor"] or "")


def _words(name: str) -> str:
    return " ".join(UNITS.get(word, word) for word in name.split("_"))


def _stated(key: str, value: Any, names: Names) -> str:
    """One value of a key: that of a factor says so."""
    name, said = spoken(key, names), key_text(value)
    return f"{name.removesuffix(' (factor)')} x {said}" if name.endswith(" (factor)") else f"{name} {said}"


def drawn(name: str, parts: Spec) -> str:
    """Panels as SVG, in the one style of the charts of answers."""
    return svg({"config": STYLE, "spacing": 28, **parts}, name)


def _panel(title: str, layers: list[Spec]) -> Spec:
    return {"title": title, "width": WIDTH, "height": HEIGHT, "layer": layers}


def _across(name: str, title: str, values: Sequence[float]) -> Spec:
    """The horizontal axis, with a tick at each value where they are few."""
    at = sorted(set(values))
    axis: Spec = {"grid": False, "labelFlush": False, "format": NUMBER, "tickCount": MOST_TICKS}
    axis |= {"values": at} if len(at) <= MOST_TICKS and name == "x" else {}
    scale = {"zero": False, "nice": False}
    return {"field": name, "type": "quantitative", "title": capital(title), "scale": scale, "axis": axis}


def _names_across(title: str | None) -> Spec:
    """The horizontal axis where what is varied is no number; names of runs need no title."""
    axis: Spec = {"labelAngle": -30, "labelLimit": LONGEST, "grid": False}
    return {"field": "x", "type": "nominal", "sort": None, "title": capital(title) if title else None, "axis": axis}


def _axis(name: str, values: Sequence[float | None]) -> Spec:
    """A vertical axis over what varies; one value alone stands in the middle of its own tenth."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    varies = high - low > STEADY * abs(high)
    scale = {"zero": False} if varies else {"domain": [0.95 * low, 1.05 * high], "nice": False}
    return {"field": name, "type": "quantitative", "title": None, "scale": scale, "axis": TICKS}


def _line(x: Spec, y: Spec, series: bool = False, joined: bool = True) -> Spec:
    point = {"size": 40} if series else {"size": 40, "color": COLOURS[0]}
    encoding: Spec = {"x": x, "y": y}
    if series:
        by = {"field": "series", "type": "nominal", "title": None, "sort": None}
        dashes = [[float(part) for part in dash.split()] or [1, 0] for dash in DASHES]
        encoding["color"] = {**by, "scale": {"range": [*COLOURS, OTHER]}}
        encoding["strokeDash"] = {**by, "scale": {"range": dashes}}  # lines that coincide are both seen
    mark: Spec = {"type": "line", "strokeWidth": 2.2, "point": point, "color": COLOURS[0]}
    if not joined:  # between one name and the next there is nothing
        mark = {"type": "point", "filled": True, "size": 70, "color": COLOURS[0]}
        encoding.pop("strokeDash", None)
    return {"mark": mark, "encoding": encoding}
