"""How wide text is wrapped: as wide as the terminal, within what reads well."""

from __future__ import annotations

import shutil

NARROWEST, USUAL, WIDEST = 60, 100, 120


def text_width() -> int:
    """Columns of the terminal (or what COLUMNS says), from 60 to 120; 100 where nothing is known, in a file or a pipe."""
    return min(max(shutil.get_terminal_size((USUAL, 24)).columns, NARROWEST), WIDEST)
