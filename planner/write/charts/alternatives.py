"""A chart of alternatives: for each total a mark for the plan and for each alternative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.write.charts.ranges import GW, NAMES
from planner.write.charts.series import COLOURS, INK, OTHER, Spec
from planner.write.charts.sweep import WIDTH, drawn
from planner.write.names import Names
from planner.write.ranged import kinds, title

if TYPE_CHECKING:
    from planner.studies.alternatives import Alternatives

ROW_PX = 24


def alternatives_picture(found: Alternatives) -> str:
    """A panel for each kind of total, as SVG."""
    names = Names(found.inputs)
    plans = {"plan_mw": "plan"} | {f"{name}_mw": str(name) for name in found.rows["folder"]}
    colours = [INK, *COLOURS, *[OTHER] * len(plans)][: len(plans)]
    panels: list[Spec] = []
    for kind, group in kinds(found.totals.to_dict("records")).items():
        data = [
            {"n": names(str(row["id"])), "p": words, "mw": row[column] / 1e3}
            for row in group
            for column, words in plans.items()
        ]
        scale = {"domain": list(plans.values()), "range": colours}
        colour = {"field": "p", "type": "nominal", "title": None, "scale": scale, "legend": {"symbolType": "circle"}}
        panels.append(
            {
                "title": title(kind, group),
                "width": WIDTH,
                "height": ROW_PX * len(group),
                "data": {"values": data},
                "mark": {"type": "point", "filled": True, "size": 60},
                "encoding": {"y": NAMES, "x": {**GW, "field": "mw"}, "color": colour},
            }
        )
    return drawn("alternatives", {"vconcat": panels})
