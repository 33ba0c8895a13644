"""Lay out tables on the sheets of the workbook: months across where people read across, tidy elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from planner.schema.result_table import Across, ResultTable, Tidy
from planner.schema.results import CONTRACT, PREFIX, RESULT_TABLES, unit_of
from planner.schema.tables import tables as known_tables
from planner.write.folder.serialise import plain
from planner.write.xlsx.plan_sheet import settings as known_settings

VOLATILE = ("timings", "memory", "machine", "written")
"""Entries of the run record that differ between two runs of the same plan: in `manifest.json`, not in the workbook."""


@dataclass(frozen=True)
class Sheet:
    """One table on one sheet. With ``across``, columns from that index on are one series of numbers, left to right.

    ``of_table``: the result table that it shows, where the names differ. ``silent``: it has no rows, or zeros alone.
    ``month_keys``: on a sheet of keys and values, the keys whose value is a month."""

    name: str
    note: str
    frame: pd.DataFrame
    across: int | None = None
    kind: str = "result"  # result | input | record
    of_table: str = ""
    silent: bool = False
    month_keys: frozenset[str] = frozenset()

    @property
    def table(self) -> str:
        """The name of the Excel table, for formulas: `plan_` and the sheet, or an input sheet's own name."""
        return self.name if self.kind == "input" else PREFIX + self.name

    @cached_property
    def month_columns(self) -> frozenset[str]:
        """The columns whose cells are months."""
        if self.kind == "input":
            schema = known_tables().get(self.name.removeprefix("in_"))
            return frozenset(one.name for one in schema.offered if one.kind == "month") if schema else frozenset()
        table = RESULT_TABLES.get(self.of_table or self.name)
        return frozenset(one.name for one in table.columns if one.kind == "month") if table else frozenset()

    @property
    def cell_style(self) -> str:
        """The style of its cells."""
        return {"result": "Result", "input": "Input"}.get(self.kind, "")

    @property
    def csv(self) -> str:
        """The file that holds all rows."""
        if self.kind == "input":
            return f"inputs/{self.name.removeprefix('in_')}.csv"
        return f"tables/{self.of_table or self.name}.csv"


def result_sheets(tables: Mapping[str, pd.DataFrame]) -> list[Sheet]:
    """The sheets of a run's result tables, in the order of the schema; unknown tables are tidy and come last."""
    months = plan_months(tables)
    sheets: list[Sheet] = []
    for name, schema in RESULT_TABLES.items():
        for laid in schema.sheets if name in tables else ():
            sheets.append(
                _tidy(schema, laid, tables[name]) if isinstance(laid, Tidy) else _across(schema, laid, tables[name], months)
            )
    return sheets + [Sheet(name, "", frame, silent=frame.empty) for name, frame in tables.items() if name not in RESULT_TABLES]


def plan_months(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Every month that runs across a sheet, in order."""
    laid = [name for name, table in RESULT_TABLES.items() if any(isinstance(sheet, Across) for sheet in table.sheets)]
    dated = [tables[name]["month"] for name in laid if name in tables and "month" in tables[name]]
    return sorted({month for column in dated for month in column.dropna().unique() if month})


def input_sheets(settings: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Sheet]:
    """The resolved plan, one row a key, and the resolved input tables with their sources: a plan that can be read again."""
    keys = pd.DataFrame({"key": list(settings), "value": pd.Series(list(settings.values()), dtype=object)})
    named = [("in_plan", "The plan file, as used.", keys)]
    docs = {name: schema.doc for name, schema in known_tables().items()}
    named += [
        (f"in_{name}", f"Input, as used: {docs.get(name, name)}.", _without_empty(frame)) for name, frame in tables.items()
    ]
    months = frozenset(one.key for one in known_settings() if one.is_month)
    return [
        Sheet(name[:31], note, frame, kind="input", month_keys=months if name == "in_plan" else frozenset())
        for name, note, frame in named
    ]


def difference_sheets(changes: tuple[str, pd.DataFrame] | None) -> list[Sheet]:
    """What the plan changes in its parent; no sheet where it has none."""
    if changes is None:
        return []
    parent, frame = changes
    return [Sheet("differences", f"What this plan changes in the inputs of {parent}.", frame, kind="record")]


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


def _without_empty(frame: pd.DataFrame) -> pd.DataFrame:
    """Drop the columns of notes and changes where they are empty."""
    silent = [name for name in ("note", "changed") if name in frame and frame[name].isin(["", None]).all()]
    return frame.drop(columns=silent)


def _tidy(schema: ResultTable, laid: Tidy, frame: pd.DataFrame) -> Sheet:
    note, total = schema.doc, len(frame)
    if laid.largest:
        frame = frame.loc[frame[laid.largest].abs().sort_values(ascending=False, kind="stable").index[: laid.rows]]
    if len(frame) < total:
        note += f" The {laid.rows:,} with the largest {laid.largest}; all {total:,} are in tables/{schema.name}.csv."
    return Sheet(schema.name, note, frame, silent=frame.empty)


def _across(schema: ResultTable, laid: Across, frame: pd.DataFrame, months: Sequence[str]) -> Sheet:
    periods = months
    if laid.over == "year":
        dated = frame["month"].astype(object).str.slice(0, 4) if "month" in frame else frame["year"].astype(str)
        frame = frame.assign(year=dated)
        periods = sorted(set(frame["year"].dropna()))
    frame = frame.assign(**{name: frame[name].fillna("") for name in laid.side})
    wide = across(frame, laid.side, laid.measures or schema.numbers, laid.over, periods, keep_zero_rows=not schema.sparse)
    done = wide.loc[~wide["measure"].isin(schema.given), list(periods)].to_numpy(dtype=float)
    if laid.over == "year":
        wide["horizon"] = np.nansum(wide[list(periods)].to_numpy(dtype=float), axis=1)
    silent = not (np.nan_to_num(done) != 0).any()
    return Sheet(laid.name or schema.name, laid.doc or schema.doc, wide, len(laid.side) + 2, "result", schema.name, silent)


def across(
    frame: pd.DataFrame, ids: Sequence[str], measures: Sequence[str], over: str, periods: Sequence[str], keep_zero_rows: bool
) -> pd.DataFrame:
    """One row a measure and id, one column a period. A fact without a row is 0, an empty cell stays empty."""
    period_code = pd.Index(periods).get_indexer(pd.Index(frame[over]))
    if ids and len(frame):
        keys = pd.MultiIndex.from_frame(frame[list(ids)])
        row_code, rows = pd.factorize(keys)
        labels = [list(row) for row in rows]
    else:
        row_code, labels = np.zeros(len(frame), dtype=int), [[]] if len(frame) else []
    blocks: list[np.ndarray] = []
    heads: list[list[str]] = []
    for measure in measures:
        block = np.zeros((len(labels), len(periods)))
        np.add.at(block, (row_code, period_code), frame[measure].to_numpy(dtype=float, na_value=np.nan))
        kept = np.arange(len(labels)) if keep_zero_rows else np.flatnonzero((block != 0).any(axis=1))
        blocks.append(block[kept])
        heads += [[measure, unit_of(measure), *labels[row]] for row in kept]
    wide = pd.DataFrame(heads, columns=["measure", "unit", *ids], dtype=object)
    numbers = np.vstack(blocks) if blocks else np.zeros((0, len(periods)))
    return pd.concat([wide, pd.DataFrame(numbers, columns=list(periods))], axis=1)


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
