"""A feasible plan in seconds: a year at a time, each year optimal by itself on what the years before have left.

What a year leaves to those after it has no worth in it, unless duals of the whole plan price it: then each year pays for what
it takes from the later rows, and earns what it gives to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

from planner.solve.bounds import of_right_sign
from planner.solve.form import Floats, Form
from planner.solve.highs import Solver, SolverOptions

Months = npt.NDArray[np.int64]
YEAR = 12  # months: what a nation may add is limited by the year, so no year may leave the next one nothing


@dataclass(frozen=True)
class Staged:
    """``values`` by column: feasible in every row of the stages. ``duals`` by row: of the first stage, zero in later rows."""

    values: Floats
    duals: Floats
    stages: int


def staged_plan(form: Form, duals: Floats | None, last: int, report: Callable[[str], None]) -> Staged | None:
    """A plan of ``last`` months, stage by stage; ``duals`` of the whole price what a stage leaves behind.

    Where a stage has no plan because one before it took too much, stages are made longer; None: none but the whole may do."""
    length = YEAR
    while True:
        found = _by_stages(form, duals, last, length, report)
        length *= 2
        if found is not None or length >= last:
            return found


def _by_stages(form: Form, duals: Floats | None, last: int, length: int, report: Callable[[str], None]) -> Staged | None:
    rows, columns = form.shape
    matrix = csr_array(csc_array((form.values, form.indices, form.starts), shape=form.shape))
    month_of = np.array([_month(key) for key in form.columns], dtype=np.int64)
    due = np.ones(rows, dtype=np.int64)  # a row is due in the last month of its columns
    np.maximum.at(due, np.repeat(np.arange(rows), np.diff(matrix.indptr)), month_of[matrix.indices])
    later_prices = np.zeros(rows) if duals is None else of_right_sign(form, duals)
    values, first_duals = np.zeros(columns), np.zeros(rows)
    starts = range(1, last + 1, length)
    for first in starts:
        until = last if first == starts[-1] else first + length - 1
        here = np.flatnonzero((month_of >= first) & (month_of <= until))
        mine = np.flatnonzero((due >= first) & (due <= until))
        before, after = np.flatnonzero(month_of < first), np.flatnonzero(due > until)
        stage = _part(form, matrix, mine, here, matrix[mine][:, before] @ values[before])
        cost = stage.cost - matrix[after][:, here].T @ later_prices[after]

        def say(words: str, first: int = first, until: int = until) -> None:
            report(f"a plan to keep, months {first} to {until} of {last}: {words}")

        outcome = Solver(stage, SolverOptions(crossover=True), say).minimise(cost, 0.0)
        if outcome.status != "optimal":
            return None
        values[here] = np.clip(outcome.values, stage.lower, stage.upper)
        if first == 1:
            first_duals[mine] = outcome.duals
    return Staged(values, first_duals, len(starts))


def _part(form: Form, matrix: csr_array, rows: npt.NDArray[Any], columns: npt.NDArray[Any], spent: Floats) -> Form:
    """Some rows and columns; ``spent``: what the columns that are settled put into these rows."""
    part = matrix[rows][:, columns].tocsc()
    return Form(
        cost=form.cost[columns],
        offset=0.0,
        aim=None,
        lower=form.lower[columns],
        upper=form.upper[columns],
        row_lower=form.row_lower[rows] - spent,
        row_upper=form.row_upper[rows] - spent,
        starts=part.indptr.astype(np.int32),
        indices=part.indices.astype(np.int32),
        values=part.data,
        columns=[form.columns[column] for column in columns],
        rows=[form.rows[row] for row in rows],
    )


def _month(key: tuple[str, Any]) -> int:
    """The month of a column: the first number in its index; a column without one belongs to the first stage."""
    index = key[1] if isinstance(key[1], tuple) else (key[1],)
    return next((max(1, int(part)) for part in index if not isinstance(part, str)), 1)
