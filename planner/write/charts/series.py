"""Charts over months, from numbers that are already sums: stacked areas and lines; colours and fonts of every chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Spec = dict[str, Any]
"""A chart in Vega-Lite. Colours are variables of the report's style sheet: one chart serves light, dark, print and PNG."""

COLOURS = tuple(f"var(--s{number})" for number in range(1, 8))
OTHER = "var(--s0)"
"""Okabe and Ito's, told apart with every kind of colour vision, and a grey for all the rest; see style.css."""

DASHES = ("", "6 3", "2 2", "8 3 2 3", "12 3", "4 4")
NUMBER = ",.4~r"
"""Four digits, thousands with commas, never an exponent."""

MONTH = "%b %Y"
"""A month as axes and pointers name it."""

INK, FAINT, LINE, PAPER = "var(--ink)", "var(--faint)", "var(--line)", "var(--paper)"
HEIGHT = 260
CONFIG: Spec = {
    "background": None,
    "aria": False,  # the figure says what its chart shows
    "font": "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": FAINT,
        "titleColor": FAINT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "text": {"fill": INK, "fontSize": 12},
    "rule": {"stroke": FAINT},
}
NAME_PX, NARROWEST_PX, LETTER_PX, LONGEST = 15, 240, 6.6, 20
"""A band is named inside it where the name has room even on a phone: its height, the width of the chart and of a letter."""


@dataclass(frozen=True)
class Series:
    """One quantity over the months."""

    name: str
    values: Sequence[float]
    colour: str = OTHER

    @property
    def ink(self) -> str:
        """A colour to write on it with."""
        return self.colour.replace(")", "-ink)")


def spec(height: int = HEIGHT, **more: Any) -> Spec:
    return {"height": height, "autosize": {"type": "fit-x", "contains": "padding"}, "config": CONFIG, **more}


def rounded(value: float, digits: int = 5) -> float | None:
    """A number for a chart: fewer bytes, no sign of zero; a gap stays one."""
    return None if value != value or abs(value) == float("inf") else float(f"{value:.{digits}g}") + 0.0


def months_axis(months: Sequence[str]) -> Spec:
    """The x of a chart over months: a line of time, or two bars where there is no line to draw."""
    if len(months) < 3:
        words = f"utcFormat(utcParse(datum.value, '%Y-%m'), '{MONTH}')"
        return {"field": "m", "type": "ordinal", "title": None, "axis": {"labelAngle": 0, "labelExpr": words}}
    step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if len(months) / step <= 7), 120)
    axis = {
        "format": MONTH,
        "tickCount": {"interval": "month", "step": step},
        "labelOverlap": "greedy",
        "grid": False,
        "labelFlush": False,
        "labelSeparation": 12,
    }
    return {"field": "m", "type": "temporal", "scale": {"type": "utc"}, "title": None, "axis": axis}


def rows_of(months: Sequence[str], series: Sequence[Series]) -> list[dict[str, Any]]:
    return [
        {"m": month, **{f"s{i}": rounded(each.values[t]) for i, each in enumerate(series)}} for t, month in enumerate(months)
    ]


def dated(months: Sequence[str], rows: list[dict[str, Any]]) -> Spec:
    """Rows as data; months are read as the first of the month in universal time, wherever the reader sits."""
    return {"values": rows, **({"format": {"parse": {"m": "utc:'%Y-%m'"}}} if len(months) > 2 else {})}


def _folded(series: Sequence[Series]) -> list[Spec]:
    return [
        {"fold": [f"s{i}" for i in range(len(series))], "as": ["k", "v"]},
        {"calculate": "toNumber(slice(datum.k, 1))", "as": "o"},
    ]


def colour_of(series: Sequence[Series]) -> Spec:
    """The colour of each series, by its key."""
    keys = [f"s{i}" for i in range(len(series))]
    return {"field": "k", "legend": None, "scale": {"domain": keys, "range": [each.colour for each in series]}}


def _hover(x: Spec, series: Sequence[Series]) -> Spec:
    """A line under the pointer that tells every number of the month."""
    told = [{"field": f"s{i}", "type": "quantitative", "format": NUMBER, "title": s.name} for i, s in enumerate(series)]
    # a time unit, as Vega-Lite loses words here (a nominal tooltip of the nearest point); two bars are named by their axis
    month = {"field": "m", "timeUnit": "utcyearmonth", "type": "temporal", "format": MONTH, "title": "month"}
    return {
        "name": "hover",
        "params": [
            {
                "name": "at",
                "select": {"type": "point", "fields": ["m"], "nearest": True, "on": "pointerover", "clear": "pointerout"},
            }
        ],
        "mark": {"type": "rule", "strokeWidth": 1},
        "encoding": {
            "x": x,
            "opacity": {"condition": {"param": "at", "empty": False, "value": 0.9}, "value": 0},
            "tooltip": [*([month] if x["type"] == "temporal" else []), *reversed(told)],
        },
    }


def stacked(months: Sequence[str], series: Sequence[Series], height: int = HEIGHT) -> Spec:
    """Areas upon each other, the first at the bottom; each is named inside where it is thick enough."""
    x = months_axis(months)
    area = {"type": "area", "stroke": PAPER, "strokeWidth": 0.8} if len(months) > 2 else {"type": "bar", "width": {"band": 0.6}}
    layers: list[Spec] = [
        {
            "transform": _folded(series),
            "mark": area,
            "encoding": {
                "x": x,
                "y": {"field": "v", "type": "quantitative", "stack": "zero", "title": None, "axis": {"tickCount": 5}},
                "color": colour_of(series),
                "order": {"field": "o", "type": "quantitative"},
            },
        }
    ]
    named = _band_names(months, series, height) if len(months) > 2 else []
    if named:
        layers.append(
            {
                "data": dated(months, named),
                "mark": {"type": "text", "fontWeight": 600, "fontSize": 11, "align": "center"},
                "encoding": {
                    "x": x,
                    "y": {"field": "y", "type": "quantitative"},
                    "text": {"field": "t"},
                    "color": {"field": "c", "type": "nominal", "scale": None},
                },
            }
        )
    return spec(height, data=dated(months, rows_of(months, series)), layer=[*layers, _hover(x, series)])


def _band_names(months: Sequence[str], series: Sequence[Series], height: int) -> list[dict[str, Any]]:
    """Where the name of a band stands: where there is most room between its edges over the whole length of the name."""
    values = np.nan_to_num(np.array([each.values for each in series], dtype=float))
    top = values.cumsum(axis=0)
    full = float(top[-1].max(initial=0.0))
    found = []
    for i, each in enumerate(series):
        name = each.name if len(each.name) <= LONGEST else each.name[: LONGEST - 1].rstrip(" ,") + "…"
        half = int(np.ceil(len(name) * LETTER_PX / 2 / NARROWEST_PX * (len(months) - 1)))
        roof, floor = top[i], top[i] - values[i]
        room = {
            t: (float(roof[t - half : t + half + 1].min()), float(floor[t - half : t + half + 1].max()))
            for t in range(half, len(months) - half)
        }
        best = max(room, key=lambda t: room[t][0] - room[t][1], default=None)
        if best is not None and full and (room[best][0] - room[best][1]) / full * height >= NAME_PX:
            found.append({"m": months[best], "y": rounded(sum(room[best]) / 2), "t": name, "c": each.ink})
    return found


def lines(
    months: Sequence[str], series: Sequence[Series], height: int = HEIGHT, zero: bool = True, digits: str = NUMBER
) -> Spec:
    """Lines over the months, each with a dash of its own."""
    x = months_axis(months)
    keys = [f"s{i}" for i in range(len(series))]
    dashes = [[float(part) for part in DASHES[i % len(DASHES)].split()] or [1, 0] for i in range(len(series))]
    drawn = {
        "transform": _folded(series),
        "mark": {"type": "line", "strokeWidth": 2.2, "point": len(months) < 3},
        "encoding": {
            "x": x,
            "y": {
                "field": "v",
                "type": "quantitative",
                "title": None,
                "scale": {"zero": zero},
                "axis": {"tickCount": 5, "format": digits},
            },
            "color": colour_of(series),
            "strokeDash": {"field": "k", "legend": None, "scale": {"domain": keys, "range": dashes}},
        },
    }
    return spec(height, data=dated(months, rows_of(months, series)), layer=[drawn, _hover(x, series)])
