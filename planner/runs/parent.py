"""What differs in the inputs of a plan and of the plan that it extends, or of its file where `--set` changes it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planner.errors import InputError
from planner.plan.plan import Plan
from planner.read.load import load
from planner.runs.compare.inputs import input_differences
from planner.runs.read import Written
from planner.schema.fields import cell_text
from planner.schema.table_schema import ORIGIN

CHANGES = ["table", "row", "column", "unit", "change", "parent", "here", "ratio"]
NOT_INPUTS = ("chain", "adjust", "set", "tables")
"""Entries of a resolved plan that say how it came about, and tables, which are compared by themselves."""


def parent_changes(plan: Plan) -> tuple[str, pd.DataFrame] | None:
    """The name of the parent, and one row a difference: table, row, column, unit, change, parent, here, ratio (here / parent).

    Numbers are in the units of their names. None for a plan that extends nothing and that no `--set` changed."""
    links = plan.links
    if len(links) == 1 and not plan.overrides:
        return None
    link = links[1] if len(links) > 1 else links[0]
    try:
        parent = load(link.source.path)
    except InputError:  # a parent may lack what only its scenarios give
        return f"{link.name}, which is no whole plan by itself: nothing is compared", pd.DataFrame(columns=CHANGES)
    found = input_differences(_as_written(parent), _as_written(plan))
    for side in ("a", "b"):
        numbers = pd.to_numeric(found[side].where(found["kind"] == "number"), errors="coerce")
        found[side] = found[side].astype(object).mask(numbers.notna(), numbers.astype(object))
    found = found.rename(columns={"a": "parent", "b": "here"})[CHANGES]
    return parent.name if len(links) > 1 else f"{parent.name}, as its file has it", found.astype({"ratio": float})


def _as_written(plan: Plan) -> Written:
    """The inputs of a plan as texts, as its result folder holds them."""
    settings = {key: value for key, value in plan.to_mapping().items() if key not in NOT_INPUTS}
    inputs = {
        name: pd.DataFrame(
            {
                column: [cell_text(value) if value is not None else "" for value in values]
                for column, values in table.columns.items()
                if column not in ORIGIN
            },
            dtype=str,
        )
        for name, table in plan.tables.items()
    }
    return Written(Path(), settings, {}, (), inputs, {})
