"""Bars to the right, one a name: cost by component, energy by place, mass by part."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from planner.write.charts.series import INK, NUMBER, Series, Spec, colour_of, rounded, spec

END_PX = 46
"""Room for the number at the end of a bar."""


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
    ids = list(range(len(names)))
    label = "[" + ", ".join(_quoted(name) for name in names) + "][datum.value]"
    y = {
        "field": "i",
        "type": "ordinal",
        "title": None,
        "scale": {"domain": ids, "paddingInner": 0.25, "paddingOuter": 0.1},
        "axis": {"labelExpr": label, "labelLimit": 190, "ticks": False, "domain": False, "labelColor": INK},
    }
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


def _quoted(text: str) -> str:
    """A text as a literal of a Vega expression."""
    return json.dumps(text)
