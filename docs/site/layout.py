"""Markdown of the pages that are made from the code: cells and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

SIGNS = re.compile(r"([\\*_\[\]|~])")


def text(words: str) -> str:
    """Words from the code as Markdown that reads the same; what is between backticks stays code."""
    parts = words.replace("\n", " ").split("`")
    parts[::2] = [SIGNS.sub(r"\\\1", escape(part, quote=False)) for part in parts[::2]]
    parts[1::2] = [part.replace("|", "\\|") for part in parts[1::2]]
    return "`".join(parts)


def code(word: str) -> str:
    """A name or a value as code; nothing for no name."""
    return f"`{word}`".replace("|", "\\|") if word else ""


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; nothing where it has no rows."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    head = [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}"]
    return "\n".join([*head, *lines]) + "\n" if lines else ""


def page(title: str, *parts: str) -> str:
    """A page of its title and its parts, with an empty line between them."""
    return "\n\n".join([f"# {title}", *(part.strip("\n") for part in parts if part)]) + "\n"


def span(least: float | None, above: float | None, most: float | None) -> str:
    """The bounds of a number: `0 to 120`, `above 0, to 1`; ``least`` and ``above``: with the bound and without it."""
    low = _number(least) if least is not None else f"above {_number(above)}," if above is not None else ""
    return f"{low} {'to' if low else 'up to'} {_number(most)}".strip() if most is not None else low


def _number(value: float | None) -> str:
    return f"{value:,.10g}" if value is not None else ""
