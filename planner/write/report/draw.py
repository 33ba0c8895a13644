"""Drawings of charts for paper and for readers without JavaScript, and the JavaScript that makes them live."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from planner.write.report.page_model import Figure, Spec

HOVER = "hover"
"""Name of layers that only a pointer can see."""

PADDING = {"left": 18, "right": 8, "top": 5, "bottom": 5}
"""Pixels around a drawing: the letters of the reader may be wider than those it was measured with."""


def drawings(figures: Sequence[Figure]) -> dict[str, str]:
    """The charts of figures, by their ids."""
    return {figure.id: drawing(figure) for figure in figures}


def drawing(figure: Figure) -> str:
    """The chart as SVG for the page: colours are variables of its style sheet, ids are those of this figure alone."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg({**_still(figure.spec), "width": figure.width, "padding": PADDING})
    names = {name: f"{figure.id}-{number}" for number, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)))}
    # Vega counts ids on from one drawing to the next
    svg = re.sub(r'\b(id="|url\(#|href="#)([^")]+)', lambda found: found[1] + names.get(found[2], found[2]), svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _still(spec: Any) -> Any:
    """The same chart without what only a pointer can see."""
    if isinstance(spec, dict):
        kept = {key: _still(value) if key in ("layer", "vconcat") else value for key, value in spec.items()}
        return {key: value for key, value in kept.items() if key != "tooltip"}
    if isinstance(spec, list):
        return [_still(each) for each in spec if each.get("name") != HOVER]
    return spec


def live_spec(figure: Figure) -> Spec:
    """The chart for the screen, as wide as its column."""
    return {**figure.spec, "width": "container"}


def warm_up() -> None:
    """The first drawing of a process takes half a second more."""
    import vl_convert

    vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "point"})


@cache
def library() -> str:
    """Vega, Vega-Lite and vega-embed as one script; it takes two seconds to bundle and is always the same."""
    import vl_convert

    return in_script(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


def in_script(text: str) -> str:
    """A script that no element of the page can end early."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def script_hash(text: str) -> str:
    """What a Content-Security-Policy names a script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
