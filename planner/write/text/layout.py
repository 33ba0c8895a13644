"""How text is laid out in a terminal: as wide as the terminal within what reads well; words wrap, columns align."""

from __future__ import annotations

import shutil
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

NARROWEST, USUAL, WIDEST = 60, 100, 120
GAP = "  "


def text_width() -> int:
    """Columns of the terminal (or what COLUMNS says), from 60 to 120; 100 where nothing is known, in a file or a pipe."""
    return min(max(shutil.get_terminal_size((USUAL, 24)).columns, NARROWEST), WIDEST)


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Text in lines that are not too wide; ``first`` and ``rest`` are put before them."""
    words = " ".join(text.split())
    return textwrap.wrap(
        words, text_width(), initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def bullets(texts: Iterable[str]) -> list[str]:
    """Each text as a paragraph of its own, indented."""
    return [line for text in texts for line in wrapped(text, GAP, GAP * 2)]


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], title: str = "", left: Sequence[int] = (0,), indent: str = GAP
) -> list[str]:
    """Columns as wide as they must be, numbers to the right and the columns of ``left`` to the left, below a blank line and a
    title, if there is one. The first column is cut where a row would be wider than what reads well."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(columns(line[at]) for line in lines) for at in range(len(head))]
    room = max(text_width(), USUAL) - len(indent) - sum(width + len(GAP) for width in widths[1:])
    widths[0] = min(widths[0], max(room, 12))

    def line(cells: Sequence[str]) -> str:
        padded = [fitted(cell, width, at in left) for at, (cell, width) in enumerate(zip(cells, widths, strict=True))]
        return (indent + GAP.join(padded)).rstrip()

    return [*(["", *wrapped(title)] if title else []), *map(line, lines)]


def columns(text: str) -> int:
    """Columns that a text takes: letters of the East take two, combining marks none."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 0 if unicodedata.combining(each) else 1 for each in text)


def fitted(text: str, width: int, left: bool = True) -> str:
    """A text of exactly so many columns, cut where it is wider."""
    if columns(text) > width:
        while columns(text) > width - 1:
            text = text[:-1]
        text += "…"
    room = " " * (width - columns(text))
    return text + room if left else room + text
