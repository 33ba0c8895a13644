"""Bound the cost of every plan from below, from any duals at all.

    b(y) + sum_j min(reduced cost_j * x_j over lower_j <= x_j <= upper_j)

is a lower bound for every y of the right signs, optimal or not, if every feasible x_j lies within its bounds (Neumaier and
Shcherbina, "Safe bounds in linear and mixed-integer linear programming", Mathematical Programming 99, 2004). The variables of
the model have no upper bounds, but its rows imply them: no more is served than is demanded, no more deployed than is delivered.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, vstack

from planner.solve.compile.form import Floats, Form, Ids, due_months, months_of_columns

LOOSER = 1e-9  # margin of what is derived in floating point, relative
SWEEPS = 3  # over the rows of a month: what a place can power limits its chips, and these what it can serve


def implied_upper_bounds(form: Form) -> Floats:
    """An upper bound of each column that every feasible plan respects; infinite where no row implies one.

    Each row, with its least activity, limits each of its columns (Brearley, Mitra, Williams, Mathematical Programming 8, 1975).
    What is in stock follows from the month before: rows are read month by month, SWEEPS times each, and all of that until no
    further column becomes finite."""
    rows, upper = _Rows(form), form.upper.copy()
    due = due_months(form, months_of_columns(form))[rows.number]
    months = [np.flatnonzero(due == month) for month in np.unique(due).tolist()]
    while True:
        unbounded = np.isinf(upper).sum()
        for month in months:
            for _ in range(SWEEPS):
                upper = rows.tightened(upper, form.lower, month)
        if np.isinf(upper).sum() == unbounded:
            return upper


class _Rows:
    """Every side of every row as sum value * x <= side, entries in the order of the rows; ``number``: which row it is of."""

    def __init__(self, form: Form) -> None:
        above, below = (np.flatnonzero(np.isfinite(side)) for side in (form.row_upper, form.row_lower))
        matrix = csr_array(vstack([form.by_rows[above], -form.by_rows[below]]))
        self.number = np.concatenate([above, below])
        self.side = np.concatenate([form.row_upper[above], -form.row_lower[below]])
        self.starts, self.column, self.value = matrix.indptr, matrix.indices, matrix.data

    def tightened(self, upper: Floats, lower: Floats, rows: Ids) -> Floats:
        """``upper`` with what these rows imply."""
        first, end = self.starts[rows], self.starts[rows + 1]
        entries, row = _ranges(first, end), np.repeat(np.arange(len(rows)), end - first)
        column, value = self.column[entries], self.value[entries]
        adds = value > 0
        least = value * np.where(adds, lower[column], upper[column])
        unknown = np.isneginf(least)  # of what a row subtracts
        least[unknown] = 0.0
        known = np.bincount(row, weights=unknown, minlength=len(rows)) == 0
        total = np.bincount(row, weights=least, minlength=len(rows))
        limiting = adds & known[row]
        column, value, row, least = column[limiting], value[limiting], row[limiting], least[limiting]
        rest = total[row] - least
        limit = (self.side[rows][row] - rest) / value
        limit += LOOSER * (1.0 + np.abs(limit) + np.abs(rest))
        found = upper.copy()
        np.minimum.at(found, column, limit)
        return np.maximum(found, lower)


def _ranges(first: Ids, end: Ids) -> Ids:
    """All whole numbers from each of ``first`` to below its ``end``, one range after the other."""
    length = end - first
    shift = np.repeat(first - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return np.asarray(np.arange(length.sum()) + shift, dtype=np.int64)


def lower_bound(form: Form, duals: Floats, upper: Floats) -> tuple[float, float]:
    """A lower bound on the cost of every feasible plan, in the unit of the objective, and the part of it that rests on the
    bounds of columns. (-inf, inf) if ``duals`` prove nothing.

    ``upper`` is what `implied_upper_bounds` returns, ``duals`` what `admissible` returns."""
    reduced = form.cost - form.matrix.T @ duals
    earns, unbounded = reduced < 0, ~np.isfinite(upper)
    if (reduced[unbounded] < -LOOSER * (1.0 + np.abs(form.cost[unbounded]))).any():
        return -np.inf, np.inf
    side = np.where(duals > 0, form.row_lower, form.row_upper)
    value = float((duals * np.where(duals == 0.0, 0.0, side)).sum()) + form.offset
    box = np.where(earns, np.where(unbounded, 0.0, upper), form.lower)
    in_box = float((reduced * box).sum())
    return value + in_box, abs(in_box)


def admissible(form: Form, duals: Floats, upper: Floats) -> Floats:
    """The duals, set to zero where no multiplier of the row can have their sign, and scaled down where a column without an
    upper bound would otherwise earn more than it costs."""
    y = of_right_sign(form, duals)
    unbounded = np.flatnonzero(~np.isfinite(upper))
    entries = form.matrix[:, unbounded].tocoo()
    pull = entries.data * y[entries.row]
    towards = pull > 0
    total = np.bincount(entries.col[towards], weights=pull[towards], minlength=len(unbounded)).astype(np.float64)
    allowed = np.maximum(form.cost[unbounded], 0.0)
    share = np.divide(allowed, total, out=np.ones_like(total), where=total > allowed)
    factor = np.ones(form.shape[0])
    np.minimum.at(factor, entries.row[towards], share[entries.col[towards]])
    return np.asarray(y * factor)


def of_right_sign(form: Form, duals: Floats) -> Floats:
    """Duals, set to zero where no multiplier of the row can have their sign."""
    y = np.where(np.isfinite(form.row_upper), duals, np.maximum(duals, 0.0))
    return np.where(np.isfinite(form.row_lower), y, np.minimum(y, 0.0))
