"""The sheet `run`: how the plan was made, without what differs between two runs of the same plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from planner.schema.results import CONTRACT
from planner.write.folder.json import plain
from planner.write.xlsx.layout import Sheet

VOLATILE = ("timings", "memory", "machine", "written")
"""Entries of the run record that differ between two runs of the same plan: in `manifest.json`, not in the workbook."""


def run_sheet(record: Mapping[str, Any]) -> Sheet:
    """The run record, one row an entry, without what differs between two runs of the same plan."""
    steady = {key: value for key, value in plain(record).items() if not key.startswith(VOLATILE)}
    entries = {"contract": CONTRACT, **dict(_flat(steady))}
    frame = pd.DataFrame({"entry": pd.Series([*entries], dtype=object), "value": pd.Series([*entries.values()], dtype=object)})
    return Sheet("run", "How this plan was made: versions, options, sizes, checks.", frame, kind="record")


def is_minimised(record: Mapping[str, Any]) -> bool:
    """Whether the cost is what the plan minimises: not in mode `energy`, which serves the most compute first."""
    solver = record.get("solver")
    return isinstance(solver, dict) and solver.get("mode") == "value"


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Nested entries as dotted paths, in order."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for index, each in enumerate(value, start=1):
            yield from _flat(each, f"{path}[{index}]")
    else:
        yield path, "; ".join(map(str, value)) if isinstance(value, list) else value
