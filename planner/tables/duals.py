"""The duals of all rows, tidy: what the verifier needs to prove that no plan costs less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from models import REGISTER
from models.data import PlanData
from planner.schema.results import RESULT_TABLES
from planner.solve.solution import Solution
from planner.tables.frames import table


def duals_table(solution: Solution) -> pd.DataFrame:
    """One row a dual that is not zero, in the order of the model: million US dollars, discounted, per unit of the row.

    Positive where a looser limit would save money; of a balance, what one more unit on its right side would cost. A limit on a
    year has its last month. The dual of the row that mode `energy` adds is in the manifest."""
    blocks = [_block(name, duals, solution.data) for name, duals in solution.proving.items()]
    blocks = [block for block in blocks if len(block)]
    return table("duals", pd.concat(blocks) if blocks else [])


def _block(name: str, duals: Mapping[Any, float], data: PlanData) -> pd.DataFrame:
    row, schema = REGISTER[name], RESULT_TABLES["duals"]
    keys = [index for index, dual in duals.items() if dual]
    parts = [index if isinstance(index, tuple) else (index,) for index in keys]
    frame = pd.DataFrame(parts, columns=[_column(part.name, schema.keys) for part in row.parts])
    frame["month"] = [data.months[row.last_month(index, data) - 1] for index in keys]
    frame["constraint"] = name
    frame["dual_musd"] = [dual for dual in duals.values() if dual]
    texts = [key for key in schema.keys if key.endswith("_id") or key == "slice"]
    return frame.reindex(columns=schema.names).astype(dict.fromkeys(texts, object))


def _column(part: str, keys: Sequence[str]) -> str:
    """The column of a part of an index; a year has no column, and its last month is given."""
    if part in ("month", "year", "slice"):
        return part
    return f"{part}_id" if f"{part}_id" in keys else "item_id"
