"""From the sections of a report to one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from planner.errors import UsageError
from planner.write.charts.draw import svg
from planner.write.report.page_model import Figure, Page
from planner.write.report.proof import glossary

GENERATOR = "compute planner report"
"""A file that bears this name in its head is a report, and may be replaced by another."""

HEAD_BYTES = 4096
LONGEST_HEAD = 80
"""Letters of the first words of a point, up to which they are set apart."""


def check_report_file(path: Path) -> None:
    """Refuse, before any work, an existing file that is not a report, or a folder. Raises UsageError."""
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder: give the name of a file")
        if path.exists():
            with path.open("rb") as file:
                if GENERATOR.encode() not in file.read(HEAD_BYTES):
                    raise UsageError(f"{path} exists and is not a report of this planner: give another name with --out")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error


def render(page: Page, ask: Callable[..., Any] | None = None, live: bool = True) -> str:
    """The whole page. The same page gives the same text. ``ask``: who calls functions that take their time. ``live``: with the
    scripts by which charts answer to a pointer."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    environment.filters["prose"] = prose
    environment.filters["point"] = point
    page = replace(page, sections=[*page.sections, *glossary(page)])
    figures = [figure for section in page.sections for figure in section.figures]
    drawn = ask(drawings, figures) if ask else drawings(figures)
    scripts = [in_script(asset(name)) for name in ("vega.js", "live.js")] if figures and live else []
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; script-src "
        + (" ".join(f"'{_script_hash(script)}'" for script in scripts) or "'none'")
    )
    return environment.from_string(asset("page.html.j2")).render(
        page=page,
        generator=GENERATOR,
        policy=policy,
        style=Markup(asset("style.css")),
        drawings={name: Markup(svg) for name, svg in drawn.items()},
        charts=Markup(_data({figure.id: _live(figure) for figure in figures if live})),
        scripts=[Markup(script) for script in scripts],
    )


def prose(text: str) -> Markup:
    """A text with what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick without its other is a letter
        return escape(text)
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else part for i, part in enumerate(parts))


def point(text: str) -> Markup:
    """A point with its first words, which say what it is about, set apart."""
    head, colon, rest = text.partition(": ")
    return Markup("<strong>{}:</strong> {}").format(head, prose(rest)) if colon and len(head) <= LONGEST_HEAD else prose(text)


def asset(name: str) -> str:
    """A file that comes with this package."""
    return (files("planner.write.report") / "assets" / name).read_text(encoding="utf-8")


def drawings(figures: Sequence[Figure]) -> dict[str, str]:
    """The charts of figures by their ids, for paper and for readers without JavaScript."""
    hidden = '<svg aria-hidden="true" focusable="false" '
    return {each.id: svg(each.spec, each.id, width=each.width).replace("<svg ", hidden, 1) for each in figures}


def in_script(text: str) -> str:
    """A script that no element of the page can end early."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _script_hash(text: str) -> str:
    """What a Content-Security-Policy names a script by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _live(figure: Figure) -> dict[str, Any]:
    """The chart for the screen, as wide as its column."""
    found: dict[str, Any] = {"spec": {**figure.spec, "width": "container"}}
    if figure.slider:
        slider = figure.slider
        found["slider"] = {"signal": slider.signal, "labels": slider.labels, "readouts": slider.readouts}
    return found


def _data(value: Any) -> str:
    """JSON inside an element of a page: nothing in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028")
