"""Solve a plan in stages: small programs in place of a large one, for a feasible plan and for duals that bound every plan.

The plan is made with a rolling horizon (Glomb, Liers, Roesel, "A rolling-horizon approach for multi-period optimization",
European Journal of Operational Research 300, 2022): stage by stage, a year each or less, each optimal given what those before
have left; duals price what it leaves to those after it. Duals come from shorter, independent stages: each may choose the state
before it, within what any plan could reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array, vstack

from models import REGISTER
from planner.solve.bounds import of_right_sign
from planner.solve.compile.form import Floats, Form, Ids
from planner.solve.highs import Solver, SolverOptions
from planner.solve.worker import Report

YEAR, QUARTER = 12, 3  # months: the longest stage and the shortest, unless the plan is shorter still
COLUMNS = 40_000  # of a stage: solved in a few seconds


@dataclass(frozen=True)
class StagedPlan:
    """``values`` by column, from ``stages`` programs."""

    values: Floats
    stages: int


def stage_months(last: int, columns: int) -> int:
    """Months of a stage: so few that it is solved in a few seconds, and that a plan of ``last`` months has more than one."""
    by_size = COLUMNS * last // max(1, columns)
    return max(1, min(max(QUARTER, min(YEAR, by_size)), (last + 1) // 2))


class Stages:
    """A plan of ``last`` months, divided by month: a column belongs to its month, a row to the last month of its columns."""

    def __init__(self, form: Form, last: int, report: Report) -> None:
        self.form, self.last, self.report = form, last, report
        self.matrix = form.by_rows
        rows = form.shape[0]
        self.month = np.array([_month(key) for key in form.columns], dtype=np.int64)
        self.due = np.ones(rows, dtype=np.int64)
        np.maximum.at(self.due, np.repeat(np.arange(rows), np.diff(self.matrix.indptr)), self.month[self.matrix.indices])
        self.lasting = np.array([REGISTER[name].lasts for name, _ in form.rows], dtype=bool)
        self.place = {key: column for column, key in enumerate(form.columns)}

    def duals(self, upper: Floats) -> Floats | None:
        """Duals by row of independent stages; ``upper``: implied bounds of the columns, which limit the state before a stage.
        None: a stage has no optimum."""
        found = np.zeros(self.form.shape[0])
        for first, until in self._spans(QUARTER):
            rows = np.flatnonzero((self.due >= first) & (self.due <= until))
            columns = np.unique(self.matrix[rows].indices)
            stage = self._part(self.matrix[rows], rows, columns, np.zeros(len(rows)), upper=upper[columns])
            cost = np.where(self.month[columns] >= first, stage.cost, 0.0)
            outcome = Solver(stage, SolverOptions(crossover=False), self._say("bound", first, until)).minimise(cost, 0.0)
            if outcome.status != "optimal":
                return None
            found[rows] = of_right_sign(stage, outcome.duals)
        return found

    def plan(self, duals: Floats) -> StagedPlan | None:
        """A plan stage by stage. ``duals`` of the full program price what a stage leaves.

        If a stage is infeasible because one before it took too much, stages are made longer. None: only a single stage may do,
        and it is longer than a year."""
        length = stage_months(self.last, self.form.shape[1])
        while True:
            found = self._plan(of_right_sign(self.form, duals), length)
            length *= 2
            if found is not None or length >= max(self.last, YEAR + 1):
                return found

    def _plan(self, duals: Floats, length: int) -> StagedPlan | None:
        values, spans = np.zeros(self.form.shape[1]), self._spans(length)
        for first, until in spans:
            now = np.flatnonzero((self.due >= first) & (self.due <= until))
            early, as_now = self._lasting(until)
            rows, matrix = np.concatenate([now, early]), csr_array(vstack([self.matrix[now], as_now]))
            columns = np.flatnonzero((self.month >= first) & (self.month <= until))
            before, after = np.flatnonzero(self.month < first), np.flatnonzero(self.due > until)
            stage = self._part(matrix, rows, columns, matrix[:, before] @ values[before])
            cost = stage.cost - self.matrix[after][:, columns].T @ duals[after]
            outcome = Solver(stage, SolverOptions(crossover=True), self._say("plan", first, until)).minimise(cost, 0.0)
            if outcome.status != "optimal":
                return None
            values[columns] = np.clip(outcome.values, stage.lower, stage.upper)
        return StagedPlan(values, len(spans))

    def _lasting(self, until: int) -> tuple[Ids, csr_array]:
        """Limits that fall due after ``until`` and hold before, applied to what exists at ``until``."""
        rows = np.flatnonzero(self.lasting & (self.due > until))
        later = self.matrix[rows].tocoo()
        columns = np.array([self._as_of(column, until) for column in later.col.tolist()], dtype=np.int64)
        known = columns >= 0
        shape = (len(rows), self.form.shape[1])
        return rows, csr_array((later.data[known], (later.row[known], columns[known])), shape=shape)

    def _as_of(self, column: int, until: int) -> int:
        """The same quantity in the month ``until`` if the column is of a later one; -1 if it does not exist yet."""
        if self.month[column] <= until:
            return column
        name, index = self.form.columns[column]
        return self.place.get((name, (*index[:-1], until)), -1)

    def _spans(self, length: int) -> list[tuple[int, int]]:
        """First and last month of each stage."""
        return [(first, min(first + length - 1, self.last)) for first in range(1, self.last + 1, length)]

    def _part(self, matrix: csr_array, rows: Ids, columns: Ids, spent: Floats, **bounds: Floats) -> Form:
        """The program of some rows, whose coefficients are ``matrix``, and columns; ``spent``: the activity of settled columns
        in these rows."""
        lower, upper = self.form.row_lower[rows] - spent, self.form.row_upper[rows] - spent
        changes = {"offset": 0.0, "aim": None, "row_lower": lower, "row_upper": upper, **bounds}
        return self.form.part(rows, columns, matrix[:, columns], **changes)

    def _say(self, what: str, first: int, until: int) -> Report:
        return lambda words: self.report(f"time limit reached: {what} for months {first} to {until} of {self.last}: {words}")


def _month(key: tuple[str, Any]) -> int:
    """The month of a column: the first number in its index; without one it belongs to the first stage."""
    index = key[1] if isinstance(key[1], tuple) else (key[1],)
    return next((max(1, int(part)) for part in index if not isinstance(part, str)), 1)
