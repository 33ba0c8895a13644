"""A solution as frames: variables by index, means over slices, rows in the order of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.solve.solution import Solution

Frame = pd.DataFrame


class Book:
    """Series by index, with places, generations and months as plain columns."""

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
        """Values of one variable as a frame; month 0 and before is left out."""
        return self.frame(self.solution.values.get(name, {}), index, column)

    def frame(self, values: Mapping[Any, float], index: list[str], column: str) -> Frame:
        """A mapping by index as a frame with one column a part of the index."""
        frame = pd.DataFrame(list(values.keys()), columns=index)
        frame[column] = list(values.values())
        if "t" in frame.columns:
            frame = frame[frame["t"] >= 1]
        return frame.reset_index(drop=True)

    def mean_over_slices(self, name: str, index: list[str], column: str) -> Frame:
        """Hours-weighted mean over the slices of a month."""
        frame = self.variable(name, [*index, "t", "k"], column)
        hours = self.frame(self.data.hours_h, ["t", "k"], "hours")
        frame = frame.merge(hours, on=["t", "k"])
        frame[column] *= frame["hours"]
        sums = frame.groupby([*index, "t"], sort=False)[[column, "hours"]].sum()
        return (sums[column] / sums["hours"]).rename(column).reset_index()

    def hours(self) -> dict[int, float]:
        """Hours of each month."""
        return {t: sum(self.data.hours_h[t, k] for k in self.data.slices) for t in self.months}

    def dated(self, frame: Frame, columns: list[str]) -> Frame:
        """Months by name, rows in plan order, columns as asked."""
        keys = [c for c in columns if c in self.order]
        others = [c for c in ("option_id", "pool_id") if c in columns]
        ranks = {c: frame[c].map({name: i for i, name in enumerate(self.order[c])}) for c in keys}
        ranks |= {c: frame[c] for c in others}
        by = [c for c in columns if c in ranks]
        rank = pd.DataFrame({c: ranks[c] for c in by} | {"t": frame["t"]})
        frame = frame.loc[rank.sort_values([*by, "t"], kind="stable").index].reset_index(drop=True)
        frame["month"] = frame["t"].map(self.months)
        return frame[columns]
