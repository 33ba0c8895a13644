"""Bars to the right, one a name: cost by component, energy by place, mass by part; and steps that add up."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from planner.write.charts.series import INK, NUMBER, Series, Spec, colour_of, rounded, spec

END_PX, STEP_END_PX = 46, 62
"""Room for the number at the end of a bar, and of a step, which has a sign and a unit."""


def bars(names: Sequence[str], parts: Sequence[Series], unit: str, totals: Sequence[str], row_px: int = 25) -> Spec:
    """Bars to the right, one a name, of one part or several upon each other; the total is written at the end of each."""
    rows = [
        {"n": name, "i": i, "k": f"s{p}", "o": p, "v": rounded(part.values[i]), "part": part.name}
        for i, name in enumerate(names)
        for p, part in enumerate(parts)
    ]
    sums = [float(np.nansum([part.values[i] for part in parts])) for i in range(len(names))]
    ends = [
        {"i": i, "v": rounded(max(total, 0.0)), "t": text} for i, (total, text) in enumerate(zip(sums, totals, strict=True))
    ]
    most = max([0.0, *sums])
    y = _names_axis(names)
    x = {
        "field": "v",
        "type": "quantitative",
        "title": None,
        "scale": {"domainMax": {"expr": f"{most:.6g} * width / max(40, width - {END_PX})"}, "nice": False} if most else {},
        "axis": None,
    }
    tooltip = [
        {"field": "n", "title": "name"},
        {"field": "part", "title": "part"},
        {"field": "v", "type": "quantitative", "format": NUMBER, "title": unit},
    ]
    drawn = {
        "mark": {"type": "bar"},
        "encoding": {
            "y": y,
            "x": {**x, "stack": "zero"},
            "color": colour_of(parts),
            "order": {"field": "o", "type": "quantitative"},
            "tooltip": tooltip,
        },
    }
    written = {
        "data": {"values": ends},
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11},
        "encoding": {"y": y, "x": x, "text": {"field": "t"}},
    }
    return spec(row_px * max(1, len(names)) + 8, data={"values": rows}, layer=[drawn, written])


def _names_axis(names: Sequence[str]) -> Spec:
    """The y of bars to the right: a name each, by its place."""
    label = "[" + ", ".join(_quoted(name) for name in names) + "][datum.value]"
    return {
        "field": "i",
        "type": "ordinal",
        "title": None,
        "scale": {"domain": list(range(len(names))), "paddingInner": 0.25, "paddingOuter": 0.1},
        "axis": {"labelExpr": label, "labelLimit": 190, "ticks": False, "domain": False, "labelColor": INK},
    }


def _quoted(text: str) -> str:
    """A text as a literal of a Vega expression."""
    return json.dumps(text)


def waterfall(steps: Sequence[tuple[str, float]], words: Sequence[str], colours: tuple[str, str, str]) -> Spec:
    """Steps that add up, one below the other, each from where the one before ends; the last is their sum and starts at zero.

    ``colours``: of a step up, of a step down, of the sum. ``words``: the number at the end of each bar."""
    up, down, whole = colours
    rows, at = [], 0.0
    for i, ((name, value), text) in enumerate(zip(steps, words, strict=True)):
        last = i == len(steps) - 1
        start, end = (0.0, value) if last else (at, at + value)
        colour = whole if last else up if value > 0 else down
        row = {"i": i, "n": name, "from": rounded(start, 7), "to": rounded(end, 7), "c": colour, "t": text}
        rows.append({**row, "end": rounded(max(start, end), 7)})
        at = end
    edges = [0.0, *np.cumsum([value for _, value in steps[:-1]]).tolist()]
    least, most = min(edges), max(edges)
    room = f"{most:.6g} + {most - least:.6g} * {STEP_END_PX} / max(40, width - {STEP_END_PX})"
    x: Spec = {
        "field": "from",
        "type": "quantitative",
        "title": None,
        "scale": {"domainMin": least, "domainMax": {"expr": room}, "nice": False},
        "axis": None,
    }
    y = _names_axis([name for name, _ in steps])
    tooltip = [{"field": "n", "title": "step"}, {"field": "t", "title": "USD"}]
    paint = {"field": "c", "type": "nominal", "scale": None}
    drawn = {"mark": {"type": "bar"}, "encoding": {"y": y, "x": x, "x2": {"field": "to"}, "color": paint, "tooltip": tooltip}}
    written = {
        "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11},
        "encoding": {"y": y, "x": {**x, "field": "end"}, "text": {"field": "t"}},
    }
    zero = {"data": {"values": [{"from": 0}]}, "mark": {"type": "rule"}, "encoding": {"x": x}}
    return spec(25 * len(rows) + 8, data={"values": rows}, layer=[drawn, zero, written])
