"""What a run hands to its writers: finished tables, a dozen headline lines, and a record of how they came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from planner.plan.plan import Plan
from planner.schema.results import RESULT_TABLES


@dataclass(frozen=True)
class SummaryLine:
    """One headline: a stable key, its value and unit, and the sentence a person reads."""

    key: str
    value: float | str
    unit: str
    text: str


@dataclass(frozen=True)
class Result:
    """A solved plan. ``tables`` maps a table's name to its frame, columns in the order of the contract; ``optimum`` is where
    the solver stood, arrays by name (`planner.solve.checkpoint`); ``changes`` are the name of the parent and what differs from
    it (`planner.runs.compare.inputs`), None where there is no parent."""

    plan: Plan
    tables: dict[str, pd.DataFrame]
    summary: list[SummaryLine]
    record: dict[str, Any]
    optimum: dict[str, Any] = field(default_factory=dict)
    changes: tuple[str, pd.DataFrame] | None = None


def summary_table(summary: Sequence[SummaryLine]) -> pd.DataFrame:
    """The headlines as a table."""
    columns = RESULT_TABLES["summary"].names
    return pd.DataFrame({name: pd.Series([getattr(line, name) for line in summary], dtype=object) for name in columns})
