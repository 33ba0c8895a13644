"""Diagnose a program without an optimum, by linear programs: infeasible or unbounded.

Infeasible: the least total by which requirements must be relaxed, the rows in conflict, and the least change of one limit, or
of a few, that resolves it. Physics and stocks always leave a plan, since chips may stay dark; only requirements can rule out
every plan. So requirements are made elastic and their total shortfall is minimised; every row with a price at that optimum
takes part in the proof (Chinneck and Dravnieks, "Locating minimal infeasible constraint sets in linear programs", ORSA Journal
on Computing 3, 1991). Unbounded: an improving ray.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Solver, SolverOptions
from planner.solve.scaling import describe

TINY = 1e-7  # HiGHS's own tolerance: smaller is zero
SHOWN = 5  # columns of a ray that are named


@dataclass(frozen=True)
class Move:
    """How right-hand sides move with one number of the input: ``rows[i]`` per unit of it, at most ``most`` units."""

    rows: Mapping[int, float]
    most: float = float("inf")
    weight: float = 1.0  # of one unit where several moves are compared


class Elastic:
    """A plan with elastic requirements, kept by HiGHS. ``relief[i]`` is the coefficient of the column that relaxes row i."""

    def __init__(self, form: Form, relief: Mapping[int, float], seconds: float = float("inf")) -> None:
        self.form = form
        limit = seconds if np.isfinite(seconds) else None
        self.solver = Solver(form, SolverOptions(algorithm="simplex", crossover=True, time_limit_s=limit))
        for row, sign in relief.items():
            self._add({row: sign}, highspy.kHighsInf)
        columns = form.shape[1]
        self.relief = np.arange(columns, columns + len(relief), dtype=np.int32)
        self.cost: Floats = np.concatenate([np.zeros(columns), np.ones(len(relief))])
        outcome = self.solver.minimise(self.cost, 0.0)
        self.solved = outcome.status == "optimal"
        self.short = dict(zip(relief, outcome.values[columns:].tolist(), strict=True)) if self.solved else {}
        self.duals: Floats = outcome.duals[: form.shape[0]] if self.solved else np.zeros(form.shape[0])
        self._start = self.solver.highs.getBasis()

    @property
    def shortfall(self) -> float:
        """The least total by which requirements must be relaxed."""
        return float(sum(self.short.values()))

    def gain(self, move: Move) -> float:
        """The most by which the proven shortfall falls per unit."""
        return -float(sum(self.duals[row] * per_unit for row, per_unit in move.rows.items()))

    def helps(self, move: Move) -> bool:
        """Whether the move weakens the proof of infeasibility: one that does not resolves nothing, alone or with others."""
        return self.gain(move) > TINY

    def needed(self, moves: Sequence[Move], seconds: float) -> list[float] | None:
        """The least amounts, by weight, of these moves with which every requirement is met. None: not even all of them suffice,
        or the time is up. Each call is warm-started from the same basis."""
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
            self._bound_relief(0.0)
            self._prepare(ends)
            weights = [move.weight for move in moves]
            outcome = self.solver.minimise(np.concatenate([np.zeros(len(self.cost)), weights]), 0.0)
            if outcome.status != "optimal":
                return None
            return [max(0.0, float(outcome.values[column])) for column in added]
        finally:
            self._bound_relief(highspy.kHighsInf)
            highs.deleteCols(len(added), added)
            highs.setBasis(self._start)

    def _prepare(self, ends: float) -> None:
        """Only prices change between the solves: primal simplex continues from the last basis. HiGHS never resets its clock."""
        self.solver.set("simplex_strategy", 4)
        self.solver.set("time_limit", self.solver.highs.getRunTime() + max(0.1, ends - time.perf_counter()))

    def _bound_relief(self, upper: float) -> None:
        count = len(self.relief)
        self.solver.highs.changeColsBounds(count, self.relief, np.zeros(count), np.full(count, upper))

    def _add(self, entries: Mapping[int, float], upper: float) -> None:
        rows, values = np.array(list(entries), dtype=np.int32), np.array(list(entries.values()), dtype=np.float64)
        self.solver.highs.addCol(0.0, 0.0, upper, len(rows), rows, values)


def rows_in_conflict(elastic: Elastic, seconds: float) -> tuple[list[int], bool]:
    """Rows that no plan can satisfy together, and whether they are proven irreducible.

    Rows with a price at the elastic optimum are such a set (Farkas' lemma); HiGHS looks for an irreducible one within it."""
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
    """The program of some rows and their columns, without a cost. If it is infeasible, so is the full one."""
    chosen = np.array(rows, dtype=np.int64)
    matrix = form.by_rows[chosen].tocsc()
    columns = np.flatnonzero(np.diff(matrix.indptr))
    return form.part(chosen, columns, matrix[:, columns], cost=np.zeros(len(columns)), offset=0.0, aim=None)


def is_feasible(form: Form, seconds: float) -> bool | None:
    """Whether any plan meets all limits; None: unknown after the time given."""
    outcome = Solver(form, SolverOptions(algorithm="simplex", time_limit_s=max(0.1, seconds))).minimise(0.0 * form.cost, 0.0)
    return {"optimal": True, "infeasible": False}.get(outcome.status)


def improving_ray(form: Form, months: Sequence[str]) -> list[tuple[str, float]]:
    """A direction in which cost falls without limit: names and amounts of its columns, relative to the largest, the most
    profitable first. Empty if cost has a limit.

    The direction of the largest gain per unit: every right-hand side 0, every bound 0 or 1."""
    ray = dataclasses.replace(
        form,
        offset=0.0,
        aim=None,
        lower=np.where(np.isfinite(form.lower), 0.0, -1.0),
        upper=np.where(np.isfinite(form.upper), 0.0, 1.0),
        row_lower=np.where(np.isfinite(form.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(form.row_upper), 0.0, np.inf),
    )
    outcome = Solver(ray, SolverOptions(algorithm="simplex")).minimise(ray.cost, 0.0)
    if outcome.status != "optimal" or outcome.objective >= 0.0:
        return []
    moving = np.flatnonzero(np.abs(outcome.values) > 1e-9)
    order = moving[np.argsort(form.cost[moving] * outcome.values[moving], kind="stable")]
    return [(describe(form.columns[column], months), float(outcome.values[column])) for column in order]


def unbounded_words(form: Form, months: Sequence[str]) -> str:
    """What earns without limit, and what grows with it."""
    found = improving_ray(form, months)
    if not found:
        return "the plan could earn without limit, but no quantity was found that does"
    first, *others = [name for name, _ in found]
    words = f"the plan could earn without limit: nothing limits {first}, and it is paid for"
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        words += f"; with it grow {', '.join(others[:SHOWN])}{more}"
    return words + ". Look for a price below zero, or a missing limit, in the input of these"
