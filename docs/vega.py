"""The scripts of a report's charts: `python -m docs.vega` writes them anew from the package that draws its pictures.

A report carries them whole. They are kept, since bundling them takes longer than a small plan."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import vl_convert

SCRIPT = Path(str(files("planner.write.report"))) / "assets" / "vega.js"


def script() -> str:
    """Vega, Vega-Lite and vega-embed as one script."""
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return bundle


if __name__ == "__main__":
    SCRIPT.write_text(script(), encoding="utf-8")
