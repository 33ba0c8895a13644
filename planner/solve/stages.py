"""Solve a plan in stages: small programs in place of a large one, for a feasible plan and for duals that bound every plan.

The plan is made with a rolling horizon (Glomb, Liers, Roesel, "A rolling-horizon approach for multi-period optimization",
European Journal of Operational Research 300, 2022): stage by stage, a year each or less, each optimal given what those before
have left; duals price what it leaves to those after it. Months for which there is no time add nothing: what is installed serves
what it can. Duals come from shorter, independent stages: each may choose the state before it, within what any plan could reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, vstack

from models import REGISTER
from planner.deadline import NEVER, Deadline
from planner.solve.bounds import of_right_sign
from planner.solve.compile.form import Floats, Form, Ids, Mask, due_months, months_of_columns
from planner.solve.highs import Solver, SolverOptions
from planner.solve.reduce.hints import ADDED
from planner.solve.worker import Report

YEAR, QUARTER, MONTH = 12, 3, 1  # months: the longest stage, the shortest with time enough, and the shortest of all
COLUMNS = 40_000  # of a stage: solved in a few seconds
STAGING = 20.0  # all stages of a quarter take so many times as long as building the program (docs/speed.md)
RESERVED = 8.0  # so much of that is kept for a plan in stages, which then decides fewer months
CARRYING = 1.2  # the same for a plan that adds nothing
LEAST_S = 0.1  # for a stage: less is not worth a start


@dataclass(frozen=True)
class StagedPlan:
    """``values`` by column, from ``stages`` programs; after month ``until`` nothing is added."""

    values: Floats
    stages: int
    until: int


def stage_months(last: int, columns: int) -> int:
    """Months of a stage: so few that it is solved in a few seconds, and that a plan of ``last`` months has more than one."""
    by_size = COLUMNS * last // max(1, columns)
    return max(1, min(max(QUARTER, min(YEAR, by_size)), (last + 1) // 2))


class Stages:
    """A plan of ``last`` months, divided by month: a column belongs to its month, a row to the last month of its columns.

    ``building_s``: seconds that building the program took, from which it follows how long stages take on this machine."""

    def __init__(self, form: Form, last: int, report: Report, building_s: float = 0.0) -> None:
        self.form, self.last, self.report = form, last, report
        self.staging_s, self.carrying_s = STAGING * building_s, CARRYING * building_s
        self.matrix = form.by_rows
        self.month = months_of_columns(form)
        self.due = due_months(form, self.month)
        self.lasting = np.array([REGISTER[name].lasts for name, _ in form.rows], dtype=bool)
        self.place = {key: column for column, key in enumerate(form.columns)}
        required = np.array([REGISTER[name].kind == "requirement" for name, _ in form.rows], dtype=bool)
        added = np.array([name in ADDED for name, _ in form.columns], dtype=bool)
        added[self.matrix[np.flatnonzero(required)].indices] = False
        self.added = added

    def duals(self, upper: Floats, deadline: Deadline = NEVER) -> Floats | None:
        """Duals by row of independent stages, zero for those that there was no time for; ``upper``: implied bounds of the
        columns, which limit the state before a stage. None: a stage has no optimum."""
        found = np.zeros(self.form.shape[0])
        hurried = deadline.left < self.staging_s
        for first, until in self._spans(MONTH if hurried else QUARTER):
            if deadline.left < LEAST_S:
                break
            rows = np.flatnonzero((self.due >= first) & (self.due <= until))
            columns = np.unique(self.matrix[rows].indices)
            stage = self._part(self.matrix[rows], rows, columns, np.zeros(len(rows)), upper=upper[columns])
            cost = np.where(self.month[columns] >= first, stage.cost, 0.0)
            options = SolverOptions(crossover=False, time_limit_s=_limit(deadline))
            outcome = Solver(stage, options, self._say("bound", first, until)).minimise(cost, 0.0)
            if outcome.status == "time_limit":
                break
            if outcome.status != "optimal":
                return None
            found[rows] = of_right_sign(stage, outcome.duals)
        return found

    def plan(self, duals: Floats, deadline: Deadline = NEVER) -> StagedPlan | None:
        """A plan stage by stage. ``duals`` of the full program price what a stage leaves.

        If a stage is infeasible because one before it took too much, stages are made longer, while there is time. Without
        it, the months left add nothing, which may take longer than the deadline. None: no plan was found."""
        length, spare = stage_months(self.last, self.form.shape[1]), self.carrying_s
        if deadline.left - spare < self.staging_s:
            length = MONTH
        prices = of_right_sign(self.form, duals)
        while deadline.left > spare:
            found = self._plan(prices, length, deadline, spare)
            length *= 2
            if found is not None:
                return found
            if length >= max(self.last, YEAR + 1):
                break
        return self._plan(prices, MONTH, Deadline(0.0), 0.0)

    def _plan(self, duals: Floats, length: int, deadline: Deadline = NEVER, spare: float = 0.0) -> StagedPlan | None:
        """``spare``: seconds that all months would take if they added nothing."""
        values, solved, until = np.zeros(self.form.shape[1]), 0, 0
        while until < self.last:
            left = deadline.left - spare * (self.last - until) / self.last
            end = min(until + length, self.last)
            taken = None
            if left > LEAST_S:
                taken = self._stage(values, duals, until + 1, end, deadline.within(left))
                if taken is None:
                    return None
            if not taken:
                break
            solved, until = solved + 1, end
        for month in range(until + 1, self.last + 1):
            kept = self._stage(values, duals, month, month, NEVER, self.added)
            if not (kept or self._stage(values, duals, month, month, NEVER)):
                return None
            solved += 1
        return StagedPlan(values, solved, until)

    def _stage(
        self, values: Floats, duals: Floats, first: int, until: int, deadline: Deadline, without: Mask | None = None
    ) -> bool | None:
        """Decide the months from ``first`` to ``until``, in ``values``, without some columns. False: there was no time; None:
        no plan of these months goes on from those before."""
        now = np.flatnonzero((self.due >= first) & (self.due <= until))
        early, as_now = self._lasting(until)
        rows, matrix = np.concatenate([now, early]), csr_array(vstack([self.matrix[now], as_now]))
        inside = (self.month >= first) & (self.month <= until)
        columns = np.flatnonzero(inside if without is None else inside & ~without)
        stage = self._part(matrix, rows, columns, matrix @ values)  # later columns are still zero
        cost = stage.cost - (self.form.matrix.T @ np.where(self.due > until, duals, 0.0))[columns]
        algorithm = "hipo" if without is None else "simplex"  # which is faster where hardly anything is left to decide
        options = SolverOptions(algorithm=algorithm, crossover=True, time_limit_s=_limit(deadline))
        outcome = Solver(stage, options, self._say("plan", first, until)).minimise(cost, 0.0)
        if outcome.status == "optimal":
            values[columns] = np.clip(outcome.values, stage.lower, stage.upper)
            return True
        return False if outcome.status == "time_limit" else None

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
        return lambda words: self.report(f"time limit: {what} for months {first} to {until} of {self.last}: {words}")


def _limit(deadline: Deadline) -> float | None:
    return deadline.left if deadline.limited else None
