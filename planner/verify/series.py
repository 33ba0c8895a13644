"""Numbers of an input by month: what a column says, from the months on that its dated columns name (`pue 2028-01`)."""

from __future__ import annotations

import numpy as np

from planner.verify.run import Run, is_month
from planner.verify.verdict import Array


def held(run: Run, name: str, column: str) -> tuple[Array, Array]:
    """Of each row what was stated last, and for how many months it has grown since, both [row,t]."""
    frame = run.table(name)
    value = np.repeat(frame[column].to_numpy(dtype=float)[:, None], run.month_count, axis=1)
    grown = np.repeat(run.grown[None, :], len(frame), axis=0)
    for title in sorted(str(title) for title in frame.columns):
        word, _, month = title.partition(" ")
        if word == column and is_month(month):
            cell, first = frame[title].to_numpy(dtype=float), run.month_index(month)
            holds = ~np.isnan(cell)[:, None] & (run.elapsed >= first)[None, :]
            value = np.where(holds, cell[:, None], value)
            grown = np.where(holds, np.maximum(0.0, run.grown - first)[None, :], grown)
    return value, grown


def of_rows(run: Run, name: str, column: str, growth: str = "") -> Array:
    """The number of each row and month, [row,t], growing by the year as another column says."""
    value, grown = held(run, name, column)
    return np.asarray(value * (1.0 + held(run, name, growth)[0]) ** (grown / 12.0)) if growth else value


def spread(run: Run, name: str, rows: Array, fill: float = 0.0) -> Array:
    """Rows by month, [row,t], over the keys of their table; ``fill`` where there is no row."""
    shape, inside, flat = run.codes(name)
    dense = np.full((int(np.prod(shape)), run.month_count), fill)
    dense[flat] = rows[inside]
    return dense.reshape(*shape, run.month_count)


def by_month(run: Run, name: str, column: str, growth: str = "", fill: float = 0.0) -> Array:
    """A number by the keys of its table and month."""
    return spread(run, name, of_rows(run, name, column, growth), fill)


def demand_of_zones(run: Run) -> Array:
    """What zones ask without their training runs, each class doubling in its own time, [z,w,t]."""
    own = run.vector("inputs.classes", "doubling_months")
    doubling = np.where(np.isnan(own), run.number("demand.doubling_months", 9.1), own)
    doubling = np.where(doubling == 0, np.inf, doubling)
    value, grown = (spread(run, "inputs.demand", rows) for rows in held(run, "inputs.demand", "start_kh100e"))
    return np.asarray(value * 2.0 ** (grown / doubling[:, None]))
