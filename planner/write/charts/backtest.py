"""The chart of a backtest: how far each plan is from the one before, month by month, and what each variant costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from planner.write.charts.series import COLOURS, INK, Spec
from planner.write.charts.sweep import HEIGHT, TICKS, WIDTH, drawn
from planner.write.text.backtest import EXACT

if TYPE_CHECKING:
    from planner.studies.backtest.backtest import Backtest

NEAR = {"churn": 0.3, "more": 0.08}
"""Shares of the axes within which labels would overprint each other."""


def backtest_picture(found: Backtest) -> str:
    """Churn by month, a line a variant, above cost over churn, a point a variant, as SVG."""
    solved = found.rows[(found.rows["status"] == "optimal") & found.rows["freeze_months"].notna()]
    points: list[dict[str, Any]] = [
        {"n": str(row["variant"]), "churn": row["churn_mw_per_month"], "more": _percent(row["more_frac"])}
        for row in solved.to_dict("records")
    ]
    by_month = [
        {"n": str(row["variant"]), "month": str(row["month"]), "churn": row["churn_mw"]}
        for row in found.months.to_dict("records")
    ]
    colour: Spec = {"field": "n", "type": "nominal", "title": None, "sort": None, "scale": {"range": [*COLOURS]}}
    moved: Spec = {
        "mark": {"type": "line", "strokeWidth": 2.2, "point": {"size": 30}},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "title": None, "axis": {"labelAngle": -30, "labelOverlap": True}},
            "y": {"field": "churn", "type": "quantitative", "title": None, "axis": TICKS},
            "color": colour,
        },
    }
    across = {"field": "churn", "type": "quantitative", "title": "Churn, MW per plan", "axis": TICKS}
    upwards = {"field": "more", "type": "quantitative", "title": None, "axis": TICKS}
    place: Spec = {"x": across, "y": upwards}
    cost: list[Spec] = [
        {"mark": {"type": "point", "filled": True, "size": 70}, "encoding": {**place, "color": colour}},
        {"mark": {"type": "text", "dy": -10, "color": INK}, "encoding": {**place, "text": {"field": "label"}}},
    ]
    panels: list[Spec] = [
        {"title": "Churn: MW by which a plan differs from the one before", "data": {"values": by_month}, "layer": [moved]},
        {"title": "Cost, % more than with perfect foresight", "data": {"values": labelled(points)}, "layer": cost},
    ]
    sized = [{**panel, "width": WIDTH, "height": HEIGHT} for panel in panels]
    return drawn("backtest", {"vconcat": sized})


def _percent(share: float) -> float:
    return 100.0 * share if abs(share) > EXACT else 0.0


def labelled(points: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The points with their labels: of those that are near each other the first names them all."""
    span = {name: max((abs(point[name]) for point in points), default=0.0) for name in NEAR}
    groups: list[list[Mapping[str, Any]]] = []
    for point in points:
        near = (group for group in groups if all(abs(point[name] - group[0][name]) <= NEAR[name] * span[name] for name in NEAR))
        found = next(near, None)
        if found is None:
            groups.append([point])
        else:
            found.append(point)
    return [
        {**point, "label": "; ".join(str(each["n"]) for each in group) if point is group[0] else ""}
        for group in groups
        for point in group
    ]
