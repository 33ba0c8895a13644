"""A chart of ranges: for each total a line from its least to its most, and a mark where the plan is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.write.charts.series import COLOURS, INK, OTHER, Spec
from planner.write.charts.sweep import TICKS, WIDTH, drawn
from planner.write.names import Names
from planner.write.ranged import kinds, title

if TYPE_CHECKING:
    from planner.studies.ranges import Ranges

ROW_PX = 22
NAMES: Spec = {"field": "n", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 200, "labelColor": INK}}
"""Totals below one another, by name."""
GW: Spec = {"type": "quantitative", "title": "GW", "axis": TICKS}


def ranges_picture(found: Ranges) -> str:
    """A panel for each kind of total, as SVG."""
    names = Names(found.inputs)
    panels: list[Spec] = []
    for kind, group in kinds(found.rows.to_dict("records")).items():
        data = [
            {
                "n": names(str(row["id"])),
                **{end: row[f"{end}_mw"] / 1e3 for end in ("plan", "least", "most")},
                "firm": "firm" if row["firm"] == "firm" else "open",
            }
            for row in group
        ]
        colour = {
            "field": "firm",
            "type": "nominal",
            "title": None,
            "scale": {"domain": ["firm", "open"], "range": [COLOURS[0], OTHER]},
        }
        line: Spec = {
            "mark": {"type": "rule", "strokeWidth": 6, "strokeCap": "round"},
            "encoding": {"y": NAMES, "x": {**GW, "field": "least"}, "x2": {"field": "most"}, "color": colour},
        }
        mark: Spec = {
            "mark": {"type": "tick", "thickness": 2.5, "size": 15, "color": INK},
            "encoding": {"y": NAMES, "x": {**GW, "field": "plan"}},
        }
        height = ROW_PX * len(data)
        panels.append(
            {"title": title(kind, group), "width": WIDTH, "height": height, "data": {"values": data}, "layer": [line, mark]}
        )
    return drawn("ranges", {"vconcat": panels})
