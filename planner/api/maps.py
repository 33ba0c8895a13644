"""Calls on files of another shape: the schema of maps, and a map that is proposed for a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.read.maps.propose import Proposal


def map_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a file of maps, which say how files of another shape become tables."""
    from planner.schema.maps import map_json_schema

    return map_json_schema()


def propose_map(path: str | Path, table: str = "", sheet: str = "", rows: bool = False) -> Proposal:
    """A map for a file of another shape, as text to save, with its guesses marked. ``table``: the table that it is for;
    ``sheet``: of a workbook; ``rows``: the file changes some columns of the table, under adjust. Raises UsageError where no
    table is named and none fits, InputError for a file that cannot be read."""
    from planner.read.maps.propose import propose

    return propose(Path(path), table, sheet, rows)
