"""From the sections of a report to one HTML file that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from planner.write.report.draw import drawings, in_script, library, live_spec, script_hash
from planner.write.report.page_model import Figure, Page

GENERATOR = "compute planner report"
"""By this name in its head a report is known as one that may be written over."""


def render(page: Page, ask: Callable[..., Any] | None = None) -> str:
    """The whole page. The same page gives the same text. ``ask``: who calls functions that take their time."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    figures = [figure for section in page.sections for figure in section.figures]
    drawn = ask(drawings, figures) if ask else drawings(figures)
    scripts = [ask(library) if ask else library(), in_script(asset("live.js"))] if figures else []
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; script-src "
        + (" ".join(f"'{script_hash(script)}'" for script in scripts) or "'none'")
    )
    return environment.from_string(asset("page.html.j2")).render(
        page=page,
        generator=GENERATOR,
        policy=policy,
        style=Markup(asset("style.css")),
        drawings={name: Markup(svg) for name, svg in drawn.items()},
        charts=Markup(_data({figure.id: _live(figure) for figure in figures})),
        scripts=[Markup(script) for script in scripts],
    )


def asset(name: str) -> str:
    """A file that comes with this package."""
    return (files("planner.write.report") / "assets" / name).read_text(encoding="utf-8")


def _live(figure: Figure) -> dict[str, Any]:
    found: dict[str, Any] = {"spec": live_spec(figure)}
    if figure.slider:
        slider = figure.slider
        found["slider"] = {"signal": slider.signal, "labels": slider.labels, "readouts": slider.readouts}
    return found


def _data(value: Any) -> str:
    """JSON inside an element of a page: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")
