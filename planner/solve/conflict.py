"""Why no plan exists, as linear programs: the least that promises must give way, the rows in conflict, and the least change
of one limit, or of a few, that ends it.

Physics and stocks always leave a plan, since chips may stay dark; only promises can make it impossible. So promises are made
elastic and their total shortfall is minimised. Every row with a price at that optimum takes part in the proof.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import csc_array

from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Solver, SolverOptions

TINY = 1e-7  # HiGHS's own tolerance: what is smaller is nothing


@dataclass(frozen=True)
class Move:
    """How a right-hand side moves with one number of the input: ``rows[i]`` per unit of it, at most ``most`` units."""

    rows: Mapping[int, float]
    most: float = float("inf")
    weight: float = 1.0  # what one unit counts where several moves are weighed against each other


class Elastic:
    """A plan with elastic promises, held live by HiGHS. ``relief[i]`` is the coefficient that lets row i give way."""

    def __init__(self, form: Form, relief: Mapping[int, float], seconds: float = float("inf")) -> None:
        self.form = form
        limit = seconds if np.isfinite(seconds) else None
        self.solver = Solver(form, SolverOptions(algorithm="simplex", crossover=True, time_limit_s=limit))
        for row, sign in relief.items():
            self._add({row: sign}, highspy.kHighsInf)
        columns = form.shape[1]
        self.promised = np.arange(columns, columns + len(relief), dtype=np.int32)
        self.cost: Floats = np.concatenate([np.zeros(columns), np.ones(len(relief))])
        outcome = self.solver.minimise(self.cost, 0.0)
        self.solved = outcome.status == "optimal"
        self.short = dict(zip(relief, outcome.values[columns:].tolist(), strict=True)) if self.solved else {}
        self.duals: Floats = outcome.duals[: form.shape[0]] if self.solved else np.zeros(form.shape[0])
        self._start = self.solver.highs.getBasis()

    @property
    def shortfall(self) -> float:
        """The least total by which promises must give way."""
        return float(sum(self.short.values()))

    def gain(self, move: Move) -> float:
        """By how much the proven shortfall falls per unit, at most."""
        return -float(sum(self.duals[row] * per_unit for row, per_unit in move.rows.items()))

    def helps(self, move: Move) -> bool:
        """Whether the proof of infeasibility would weaken: a move that fails this resolves nothing, alone or with others."""
        return self.gain(move) > TINY

    def needed(self, moves: Sequence[Move], seconds: float) -> list[float] | None:
        """The least amounts, by weight, of these moves with which every promise is kept; None: not even all of them do, or
        time was up. Each call starts from the same vertex."""
        ends = time.perf_counter() + seconds
        highs = self.solver.highs
        first = highs.getNumCol()
        for move in moves:
            self._add({row: -per_unit for row, per_unit in move.rows.items()}, move.most)
        added = np.arange(first, first + len(moves), dtype=np.int32)
        try:
            self._prepare(ends)
            outcome = self.solver.minimise(np.concatenate([self.cost, np.zeros(len(moves))]), 0.0)
            if outcome.status != "optimal" or outcome.objective > TINY * max(1.0, self.shortfall):
                return None
            self._bound_promises(0.0)
            self._prepare(ends)
            weights = [move.weight for move in moves]
            outcome = self.solver.minimise(np.concatenate([np.zeros(len(self.cost)), weights]), 0.0)
            if outcome.status != "optimal":
                return None
            return [max(0.0, float(outcome.values[column])) for column in added]
        finally:
            self._bound_promises(highspy.kHighsInf)
            highs.deleteCols(len(added), added)
            highs.setBasis(self._start)

    def _prepare(self, ends: float) -> None:
        """Only prices move between the solves: primal simplex goes on from the last vertex. HiGHS's clock is never reset."""
        self.solver.set("simplex_strategy", 4)
        self.solver.set("time_limit", self.solver.highs.getRunTime() + max(0.1, ends - time.perf_counter()))

    def _bound_promises(self, upper: float) -> None:
        count = len(self.promised)
        self.solver.highs.changeColsBounds(count, self.promised, np.zeros(count), np.full(count, upper))

    def _add(self, entries: Mapping[int, float], upper: float) -> None:
        rows, values = np.array(list(entries), dtype=np.int32), np.array(list(entries.values()), dtype=np.float64)
        self.solver.highs.addCol(0.0, 0.0, upper, len(rows), rows, values)


def rows_in_conflict(elastic: Elastic, seconds: float) -> tuple[list[int], bool]:
    """Rows that no plan can meet together, and whether it is proven that none of them can be left out.

    Rows with a price at the elastic optimum are already such a set (Farkas); HiGHS looks for an irreducible one in it."""
    rows = np.flatnonzero(np.abs(elastic.duals) > TINY)
    solver = Solver(part(elastic.form, rows.tolist()), SolverOptions(algorithm="simplex"))
    solver.set("iis_strategy", 6)  # from the rows of a dual ray to a set that is irreducible
    solver.set("iis_time_limit", seconds)
    status, found = solver.highs.getIis()
    kept = [int(rows[number]) for number in found.row_index_] if status == highspy.HighsStatus.kOk and found.valid_ else []
    if not kept:
        return rows.tolist(), False
    certain = int(highspy.IisStatus.kIisStatusInConflict)
    return kept, all(int(found.row_status_[number]) == certain for number in found.row_index_)


def part(form: Form, rows: Sequence[int]) -> Form:
    """The same problem with some of its rows alone, and the columns that stand in them, without a cost. What can not be met in
    it can not be met in the whole."""
    matrix = csc_array((form.values, form.indices, form.starts), shape=form.shape).tocsr()[list(rows)].tocsc()
    columns = np.flatnonzero(np.diff(matrix.indptr))
    matrix = matrix[:, columns]
    return Form(
        cost=np.zeros(len(columns)),
        offset=0.0,
        aim=None,
        lower=form.lower[columns],
        upper=form.upper[columns],
        row_lower=form.row_lower[list(rows)],
        row_upper=form.row_upper[list(rows)],
        starts=matrix.indptr.astype(np.int32),
        indices=matrix.indices.astype(np.int32),
        values=matrix.data,
        columns=[form.columns[column] for column in columns],
        rows=[form.rows[row] for row in rows],
    )


def is_feasible(form: Form, seconds: float) -> bool | None:
    """Whether any plan meets all limits; None: not known in the time given."""
    outcome = Solver(form, SolverOptions(algorithm="simplex", time_limit_s=max(0.1, seconds))).minimise(0.0 * form.cost, 0.0)
    return {"optimal": True, "infeasible": False}.get(outcome.status)
