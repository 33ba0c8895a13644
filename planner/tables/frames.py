"""A solution as frames: variables by index, means over slices, and result tables as their schema describes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from planner.schema.results import RESULT_TABLES
from planner.solve.solution import Solution

Frame = pd.DataFrame


def table(name: str, rows: Frame | Sequence[tuple[object, ...]]) -> Frame:
    """A result table: columns in the order of its schema; a sparse one without the rows in which the plan does nothing."""
    schema = RESULT_TABLES[name]
    frame = rows if isinstance(rows, pd.DataFrame) and len(rows.columns) else pd.DataFrame(rows, columns=schema.names)
    frame = frame[schema.names]
    if schema.sparse:
        frame = frame[(frame[[each for each in schema.numbers if each not in schema.given]] != 0.0).any(axis=1)]
    return frame.reset_index(drop=True)


def per(names: pd.Series[Any], values: Mapping[Any, float] | Callable[[Any], float]) -> pd.Series[float]:
    """A number for each name. Of no names it is no number either: where PyArrow holds the texts, pandas would make it texts."""
    return names.map(values).astype(float)


class Frames:
    """The variables of a solution as frames, with places, generations and months as plain columns."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.data = solution.data
        self.months = dict(enumerate(self.data.months, start=1))
        self.order = {
            "place_id": [*self.data.regions, *self.data.designs],
            "region_id": list(self.data.regions),
            "design_id": list(self.data.designs),
            "generation_id": list(self.data.generations),
            "class_id": list(self.data.classes),
        }

    def variable(self, name: str, index: list[str], column: str) -> Frame:
        """The values of a variable as a frame, from month 1 on."""
        return self.of(self.solution.values.get(name, {}), index, column)

    def of(self, values: Mapping[Any, float], index: list[str], column: str) -> Frame:
        """A mapping by index as a frame, with one column for each part of the index."""
        frame = pd.DataFrame(list(values.keys()), columns=index)
        frame[column] = list(values.values())
        if "t" in frame.columns:
            frame = frame[frame["t"] >= 1]
        return frame.reset_index(drop=True)

    def mean_over_slices(self, name: str, index: list[str], column: str) -> Frame:
        """Hours-weighted mean over the slices of a month."""
        frame = self.variable(name, [*index, "t", "k"], column)
        hours = self.of(self.data.hours_h, ["t", "k"], "hours")
        frame = frame.merge(hours, on=["t", "k"])
        frame[column] *= frame["hours"]
        sums = frame.groupby([*index, "t"], sort=False)[[column, "hours"]].sum()
        return (sums[column] / sums["hours"]).rename(column).reset_index()

    def hours(self) -> dict[int, float]:
        """Hours of each month."""
        return {t: sum(self.data.hours_h[t, k] for k in self.data.slices) for t in self.months}

    def dated(self, name: str, frame: Frame) -> Frame:
        """A result table: months by name, rows in the order of the plan, options and pools by name."""
        by = [key for key in RESULT_TABLES[name].keys if key in (*self.order, "option_id", "pool_id")]
        rank = frame[[*by, "t"]].copy()
        for key in self.order.keys() & set(by):
            rank[key] = frame[key].map({each: i for i, each in enumerate(self.order[key])})
        frame = frame.loc[rank.sort_values([*by, "t"], kind="stable").index]
        return table(name, frame.assign(month=frame["t"].map(self.months)))
