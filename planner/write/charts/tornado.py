"""A tornado: for each headline a bar from its value at the low end of an assumption to that at its high end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.write.charts.series import COLOURS, INK, Spec
from planner.write.charts.sweep import TICKS, WIDTH, drawn
from planner.write.text.sensitivity import TITLES

if TYPE_CHECKING:
    from planner.studies.sensitivity import Sensitivity

SHOWN, ROW_PX = 10, 22
ENDS = {"low": COLOURS[0], "high": COLOURS[1]}


def tornado_picture(found: Sensitivity) -> str:
    """A panel for each headline that any assumption moves, the largest change on top, as SVG."""
    panels = [panel(found, metric) for metric in TITLES if found.ranked(metric, SHOWN)]
    return drawn("sensitivity", {"vconcat": panels})


def panel(found: Sensitivity, metric: str) -> Spec:
    """The bars of one headline."""
    title, factor = TITLES[metric]
    ranked = found.ranked(metric, SHOWN)
    planned = factor * float(found.rows[metric].iloc[0])
    data: list[dict[str, Any]] = [
        {"n": name, "end": end, "from": planned, "to": planned + factor * change}
        for name, ends in ranked
        for end, change in ends.items()
    ]
    y = {"field": "n", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 220, "labelColor": INK}}
    x: Spec = {"type": "quantitative", "title": None, "scale": {"zero": False}, "axis": TICKS}
    colour: Spec = {"field": "end", "type": "nominal", "title": None, "scale": {"domain": [*ENDS], "range": [*ENDS.values()]}}
    colour["legend"] = {"orient": "bottom", "symbolType": "square"}
    bars: Spec = {
        "mark": {"type": "bar", "opacity": 0.85, "height": 12},
        "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}, "color": colour},
    }
    line: Spec = {
        "data": {"values": [{"planned": planned}]},
        "mark": {"type": "rule", "color": INK},
        "encoding": {"x": {**x, "field": "planned"}},
    }
    height = ROW_PX * len(ranked)
    return {"title": title, "width": WIDTH, "height": height, "data": {"values": data}, "layer": [bars, line]}
