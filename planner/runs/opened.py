"""A finished run as a person opens it in Python: its headlines, tables and inputs as DataFrames, months as periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from planner.formats import count, facts_html
from planner.result import summary_table
from planner.runs.read import Written, contents
from planner.schema.results import RESULT_TABLES

MONTH = r"\d{4}-\d{2}"


class Opened:
    """A run of this contract, from its written files alone.

    ``tables``: result tables by name, the columns that name a row as the index, in the order of the plan; ``inputs``: the
    tables of the plan, as text; ``headlines``: value, unit and sentence by key; ``manifest``: the record of the run. Months are
    periods (`pandas.Period`, monthly), so that they can be compared, resampled and plotted."""

    def __init__(self, folder: Path) -> None:
        """Raises UsageError for a folder that is no whole result, VerificationError for one that was edited."""
        written, lines = contents(folder)
        self._written: Written = written
        self.folder = folder
        self.name = written.name
        self.months = pd.PeriodIndex(written.months, freq="M", name="month")
        self.manifest: Mapping[str, Any] = written.manifest
        self.headlines = summary_table(lines).set_index("key")
        self.tables: Mapping[str, pd.DataFrame] = Tables(written.tables)
        self.inputs: Mapping[str, pd.DataFrame] = written.inputs

    @cached_property
    def status(self) -> str:
        """`optimal`, or `time_limit` for a plan that a time limit left, or `alternative`."""
        return self._written.status

    def __repr__(self) -> str:
        first, last = self.months[0], self.months[-1]
        return f"<run {self.name}: {first} to {last}, {self.status}, {count(len(self.tables), 'table')}, {self.folder}>"

    def _repr_html_(self) -> str:
        facts = {"months": f"{self.months[0]} to {self.months[-1]}", "status": self.status, "folder": str(self.folder)}
        said = {str(key): str(text) for key, text in self.headlines["text"].items() if text}
        return facts_html(f"Run {self.name}", facts | said)


class Tables(Mapping[str, pd.DataFrame]):
    """Result tables by name, each made when it is first asked for."""

    def __init__(self, written: Mapping[str, pd.DataFrame]) -> None:
        self._written = written
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            self._made[name] = indexed(name, with_periods(self._written[name]))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)

    def __repr__(self) -> str:
        return f"<tables: {', '.join(self)}>"


def with_periods(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table with each column of months as periods; a column that also holds words stays as it is."""
    found = frame.copy()
    for column in frame.columns:
        if column == "month" or str(column).endswith("_month"):
            cells = frame[column].astype("string").fillna("")
            if cells.str.fullmatch(f"({MONTH})?").all():
                found[column] = pd.PeriodIndex(cells.where(cells != "", None), freq="M")
    return found


def indexed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A result table with the columns that name a row as its index."""
    keys = [key for key in RESULT_TABLES[name].keys if key in frame] if name in RESULT_TABLES else []
    return frame.set_index(keys) if keys else frame
