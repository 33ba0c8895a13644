"""Charts drawn by Vega: as SVG in the colours of the page that holds them, as PNG in those of the report in daylight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import vl_convert

from planner import memory
from planner.errors import UsageError
from planner.write.charts.series import Spec

HOVER = "hover"
"""Name of layers that only a pointer can see."""

PADDING = {"left": 18, "right": 8, "top": 5, "bottom": 5}
"""Pixels around a drawing: the letters of the reader may be wider than those it was measured with."""

SCALE = 2
"""Pixels of a PNG for one of its drawing."""


def svg(spec: Spec, name: str, **size: Any) -> str:
    """A chart as an SVG element whose ids begin with ``name``, so that several fit on one page."""
    memory.require_for_charts()
    drawn = vl_convert.vegalite_to_svg({**_still(spec), "padding": PADDING, **size})
    ids = {old: f"{name}-{number}" for number, old in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn)))}
    # Vega counts ids on from one drawing to the next
    return re.sub(r'\b(id="|url\(#|href="#)([^")]+)', lambda found: found[1] + ids.get(found[2], found[2]), drawn)


def png(drawn: str) -> bytes:
    """An SVG as PNG, on white. The same drawing gives the same bytes."""
    picture: bytes = vl_convert.svg_to_png(in_daylight(drawn), scale=SCALE)
    return picture


def in_daylight(drawn: str) -> str:
    """An SVG with the colours of the report in daylight in place of the variables of its page."""
    return re.sub(r"var\((--[\w-]+)\)", lambda found: _colours()[found[1]], drawn)


@dataclass(frozen=True, repr=False)
class Picture:
    """Charts of an answer, which a notebook shows. ``drawn``: each by its name, as SVG."""

    drawn: Mapping[str, str]

    def __repr__(self) -> str:
        return f"<picture of {', '.join(self.drawn)}>"

    def _repr_html_(self) -> str:
        return "".join(self.drawn.values())

    def save(self, path: str | Path) -> Path:
        """Write the first chart as PNG or SVG, by the ending of the name of the file. Raises UsageError for another ending."""
        path, first = Path(path), next(iter(self.drawn.values()))
        ending = path.suffix.lower()
        if ending not in (".png", ".svg"):
            raise UsageError(f"{path}: a chart is saved as .png or .svg")
        path.write_bytes(png(first) if ending == ".png" else first.encode())
        return path


def warm_up() -> None:
    """Draw once: the first drawing of a process takes half a second more."""
    memory.require_for_charts()
    vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "point"})


@cache
def _colours() -> dict[str, str]:
    """The variables of the report's style sheet: those that it states first are for daylight."""
    style = (files("planner.write.report") / "assets" / "style.css").read_text(encoding="utf-8")
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", style.partition("}")[0]))


def _still(spec: Any) -> Any:
    """The same chart without what only a pointer can see."""
    if isinstance(spec, dict):
        kept = {key: _still(value) if key in ("layer", "vconcat", "concat") else value for key, value in spec.items()}
        return {key: value for key, value in kept.items() if key != "tooltip"}
    if isinstance(spec, list):
        return [_still(each) for each in spec if each.get("name") != HOVER]
    return spec
