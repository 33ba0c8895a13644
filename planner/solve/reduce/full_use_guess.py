"""Guess that columns reach their only limit: x <= f y becomes x = f y, and both column and row are gone.

Where power is short, every installed chip runs. With equality the row is what a presolve calls a doubleton, and x is
substituted (Brearley, Mitra, Williams, "Analysis of mathematical programming problems prior to applying the simplex algorithm",
Mathematical Programming 8, 1975). A guess: it is right if none of the columns would rather be less. It is not made where demand
differs between slices and nothing can move between them, since some chips then idle at night.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from planner.solve.compile.form import Floats, Form, Ids, Mask, summed
from planner.solve.reduce.hints import FULL_USE, PLACE_COMPUTE, SERVE, SHIFT
from planner.solve.reduce.step import BasicSolution, PrimalDual, Step


@dataclass(frozen=True)
class FullUse(Step):
    """``rows`` are taken to hold with equality: column ``uses[n]`` is ``factor[n]`` times column ``limits[n]``.

    ``entry[n]``: the coefficient of the use in its row."""

    rows: Ids
    uses: Ids
    limits: Ids
    factor: Floats
    entry: Floats

    def postsolve(self, point: PrimalDual) -> PrimalDual:
        """Each use is at its limit, whose price is what the use is worth. Where that is below zero the guess was wrong: the
        price is zero, and the reduced cost of the limiting column has the wrong sign."""
        kept_rows, kept_columns = self._kept()
        duals = np.zeros(len(kept_rows))
        duals[kept_rows] = point.duals
        worth = (self.original.cost - self.original.matrix.T @ duals)[self.uses] / self.entry
        duals[self.rows] = np.minimum(worth, 0.0)
        return PrimalDual(self._values(point.values, kept_columns), duals)

    def postsolve_basis(self, basis: BasicSolution) -> BasicSolution:
        """Each use is basic, its row is not."""
        kept_rows, kept_columns = self._kept()
        columns, rows = ~kept_columns, np.zeros(len(kept_rows), dtype=bool)
        columns[kept_columns], rows[kept_rows] = basis.columns, basis.rows
        return BasicSolution(self._values(basis.values, kept_columns), columns, rows)

    def _kept(self) -> tuple[Mask, Mask]:
        return kept_of(self.original, self.rows, self.uses)

    def _values(self, reduced: Floats, kept: Mask) -> Floats:
        values = np.zeros(len(kept))
        values[kept] = reduced
        values[self.uses] = self.factor * values[self.limits]
        return values


def kept_of(form: Form, rows: Ids, columns: Ids) -> tuple[Mask, Mask]:
    """All rows and columns but these."""
    kept_rows, kept_columns = (np.ones(count, dtype=bool) for count in form.shape)
    kept_rows[rows], kept_columns[columns] = False, False
    return kept_rows, kept_columns


def reduce(form: Form) -> FullUse | None:
    """Equality in all rows x <= f y by the name `FULL_USE`; one y may limit several x. None: there is no such row."""
    matrix = form.by_rows
    entries = np.diff(matrix.indptr)
    candidates, uneven = (entries == 2) & (form.row_upper == 0) & (form.row_lower == -np.inf), _uneven(form, matrix)
    found: list[tuple[int, int, int, float, float]] = []
    for i in np.flatnonzero(candidates).tolist():
        name, index = form.rows[i]
        if name != FULL_USE or (index[0], index[2]) in uneven:
            continue
        start = matrix.indptr[i]
        (u, a), (y, b) = sorted(
            zip(matrix.indices[start : start + 2], matrix.data[start : start + 2], strict=True), key=lambda entry: entry[1] < 0
        )
        if a > 0 > b and form.lower[u] == form.lower[y] == 0 and form.upper[u] == np.inf:
            found.append((i, int(u), int(y), float(-b / a), float(a)))
    named = np.array([each[1:3] for each in found], dtype=np.int64)
    alone = np.bincount(named.ravel(), minlength=form.shape[1]) == 1
    chosen = [each for each in found if alone[each[1]]]
    if not chosen:
        return None
    row, use, limit = np.array([each[:3] for each in chosen], dtype=np.int64).T
    factor, entry = np.array([each[3:] for each in chosen]).T
    return FullUse(form, _substituted(form, row, use, limit, factor), row, use, limit, factor, entry)


def _uneven(form: Form, matrix: csr_array) -> set[tuple[Any, Any]]:
    """Regions and months in which demand differs between slices and nothing moves between them."""
    places = [(i, index) for i, (name, index) in enumerate(form.rows) if name == PLACE_COMPUTE]
    part = matrix[np.array([i for i, _ in places], dtype=np.int64)]
    serves, shifts = (np.array([name == each for name, _ in form.columns]) for each in (SERVE, SHIFT))
    work = part @ (serves * np.random.default_rng(0).random(form.shape[1]))  # equal if all entries are
    moves = (part @ shifts.astype(float)) != 0
    first: dict[tuple[Any, Any], float] = {}
    return {
        (r, t)
        for (_, (r, t, _)), total, moved in zip(places, work.tolist(), moves.tolist(), strict=True)
        if not moved and first.setdefault((r, t), total) != total
    }


def _substituted(form: Form, row: Ids, use: Ids, limit: Ids, factor: Floats) -> Form:
    """The program with factor * limit in place of each use."""
    columns = form.shape[1]
    kept_rows, kept_columns = kept_of(form, row, use)
    every = np.arange(columns)
    where = (np.concatenate([every, use]), np.concatenate([every, limit]))
    change = csr_array((np.concatenate([kept_columns, factor]), where), shape=(columns, columns))
    entries = (form.by_rows[kept_rows] @ change)[:, kept_columns].tocoo()
    matrix = summed(entries.data, entries.row, entries.col, entries.shape)
    return form.part(kept_rows, kept_columns, matrix, cost=(change.T @ form.cost)[kept_columns])
