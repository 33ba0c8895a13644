"""Columns that are taken to reach their only limit: x <= f y becomes x = f y, and both column and row are gone.

Where power is short, every installed chip runs. This is no property of the program but a guess: the vertex that comes back is a
vertex of the whole, and optimal only if none of the columns would rather be less. Who takes it up looks. Where more is asked in
one slice than in another and nothing moves between them, some chips idle at night: there it is not guessed.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array

from planner.solve.compile.form import Floats, Form
from planner.solve.reduce.basis_point import Point, Vertex, by_columns, by_rows

Ids = npt.NDArray[np.int64]

REACHED = ("run_installed",)  # the rows of which it is guessed
PLACE, ASKED, MOVED = "place_compute", "serve", "shift"  # where, what is asked of chips by slice, and what moves between slices


@dataclass(frozen=True)
class FullUse:
    """``whole`` with ``rows`` reached is ``form``: column ``uses[n]`` is ``factor[n]`` times column ``limits[n]``.

    ``entry[n]``: the coefficient of the use in its row."""

    whole: Form
    form: Form
    rows: Ids
    uses: Ids
    limits: Ids
    factor: Floats
    entry: Floats

    def lift(self, vertex: Vertex) -> Vertex:
        """The same vertex of the whole: each use is basic, its row is not."""
        rows, columns = self.whole.shape
        stays, holds = np.ones(columns, dtype=bool), np.ones(rows, dtype=bool)
        stays[self.uses], holds[self.rows] = False, False
        values, basic, slack = np.zeros(columns), np.ones(columns, dtype=bool), np.zeros(rows, dtype=bool)
        values[stays], basic[stays], slack[holds] = vertex.values, vertex.columns, vertex.rows
        values[self.uses] = self.factor * values[self.limits]
        return Vertex(values, basic, slack)

    def lift_point(self, point: Point) -> Point:
        """Each use is at its limit, whose price is what the use is worth. Where that is below zero the guess was wrong: the
        price is zero, and the reduced cost of the limiting column has the wrong sign."""
        rows, columns = self.whole.shape
        stays, holds = np.ones(columns, dtype=bool), np.ones(rows, dtype=bool)
        stays[self.uses], holds[self.rows] = False, False
        values, duals = np.zeros(columns), np.zeros(rows)
        values[stays], duals[holds] = point.values, point.duals
        values[self.uses] = self.factor * values[self.limits]
        matrix = by_columns(self.whole)
        worth = (self.whole.cost - matrix.T @ duals)[self.uses] / self.entry
        duals[self.rows] = np.minimum(worth, 0.0)
        return Point(values, duals)


def with_full_use(form: Form) -> FullUse | None:
    """All rows x <= f y that bear a name of `REACHED`; one y may limit several x. None: there are none."""
    matrix = by_rows(form)
    entries = np.diff(matrix.indptr)
    candidates = [i for i, (name, _) in enumerate(form.rows) if name in REACHED and entries[i] == 2]
    candidates = [i for i in candidates if form.row_upper[i] == 0 and form.row_lower[i] == -np.inf]
    uneven = _uneven(form, matrix)
    candidates = [i for i in candidates if (form.rows[i][1][0], form.rows[i][1][2]) not in uneven]
    found: list[tuple[int, int, int, float, float]] = []
    for i in candidates:
        start = matrix.indptr[i]
        (u, a), (y, b) = sorted(zip(matrix.indices[start : start + 2], matrix.data[start : start + 2], strict=True), key=_sign)
        if a > 0 > b and form.lower[u] == form.lower[y] == 0 and form.upper[u] == np.inf:
            found.append((i, int(u), int(y), float(-b / a), float(a)))
    named = np.array([each[1:3] for each in found], dtype=np.int64)
    alone = np.bincount(named.ravel(), minlength=form.shape[1]) == 1
    chosen = [each for each in found if alone[each[1]]]
    if not chosen:
        return None
    row, use, limit = np.array([each[:3] for each in chosen], dtype=np.int64).T
    factor, entry = np.array([each[3:] for each in chosen]).T
    return FullUse(form, _without(form, matrix, row, use, limit, factor), row, use, limit, factor, entry)


def _uneven(form: Form, matrix: Any) -> set[tuple[Any, Any]]:
    """Regions and months of which one slice asks for more than another, with nothing that moves."""
    place = [(i, index) for i, (name, index) in enumerate(form.rows) if name == PLACE]
    held = matrix[np.array([i for i, _ in place], dtype=np.int64)]
    asked, moved = (np.array([name == each for name, _ in form.columns]) for each in (ASKED, MOVED))
    work = held @ (asked * np.random.default_rng(0).random(form.shape[1]))  # equal where all entries are
    moves = (held @ moved.astype(float)) != 0
    first: dict[tuple[Any, Any], float] = {}
    return {
        (r, t)
        for (_, (r, t, _)), sum_, free in zip(place, work.tolist(), moves.tolist(), strict=True)
        if not free and first.setdefault((r, t), sum_) != sum_
    }


def _sign(entry: tuple[int, float]) -> bool:
    return entry[1] < 0


def _without(form: Form, matrix: Any, row: Ids, use: Ids, limit: Ids, factor: Floats) -> Form:
    rows, columns = form.shape
    stays, holds = np.ones(columns, dtype=bool), np.ones(rows, dtype=bool)
    stays[use], holds[row] = False, False
    every = np.arange(columns)
    where = (np.concatenate([every, use]), np.concatenate([every, limit]))
    change = coo_array((np.concatenate([stays, factor]), where), shape=(columns, columns)).tocsr()
    held = (matrix[holds] @ change)[:, stays].tocsc()
    held.sum_duplicates()
    held.eliminate_zeros()
    return dataclasses.replace(
        form,
        cost=(change.T @ form.cost)[stays],
        lower=form.lower[stays],
        upper=form.upper[stays],
        row_lower=form.row_lower[holds],
        row_upper=form.row_upper[holds],
        starts=held.indptr.astype(np.int32),
        indices=held.indices.astype(np.int32),
        values=held.data,
        columns=[form.columns[j] for j in np.flatnonzero(stays)],
        rows=[form.rows[i] for i in np.flatnonzero(holds)],
    )
