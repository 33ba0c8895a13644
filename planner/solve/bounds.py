"""What no plan can undercut: a lower bound on the optimum from any duals at all.

    b(y) + sum_j min(reduced cost_j * x_j over lower_j <= x_j <= upper_j)

holds for every y of the right signs, optimal or not, where every feasible x_j lies within its bounds. The variables of the
model have no upper bounds, but its rows imply them: no more is served than is asked, no more deployed than is delivered.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array

from planner.solve.compile.form import Floats, Form

LOOSER = 1e-9  # what is derived in floating point is given this much room, relative
ROUNDS = 1000  # a bound walks through the months one a round


def implied_upper_bounds(form: Form) -> Floats:
    """An upper bound of each column that every feasible plan keeps; infinite where no row implies one.

    Each row, with its least activity, limits each of its columns; repeated until no further column becomes finite."""
    rows, columns = form.shape
    matrix = csc_array((form.values, form.indices, form.starts), shape=(rows, columns)).tocoo()
    above, below = np.isfinite(form.row_upper)[matrix.row], np.isfinite(form.row_lower)[matrix.row]
    row = np.concatenate([matrix.row[above], matrix.row[below] + rows])  # every side as sum a x <= b
    column = np.concatenate([matrix.col[above], matrix.col[below]])
    value = np.concatenate([matrix.data[above], -matrix.data[below]])
    sides = np.concatenate([form.row_upper, -form.row_lower])
    upper, positive = form.upper.copy(), value > 0
    for _ in range(ROUNDS):
        least = np.where(positive, value * form.lower[column], value * upper[column])
        endless = np.isneginf(least)
        finite = np.where(endless, 0.0, least)
        number = np.bincount(row, weights=endless, minlength=2 * rows)[row]
        rest = np.bincount(row, weights=finite, minlength=2 * rows)[row] - finite
        tells = positive & (number - endless == 0)
        limit = (sides[row[tells]] - rest[tells]) / value[tells]
        limit += LOOSER * (1.0 + np.abs(limit) + np.abs(rest[tells]))
        tighter = upper.copy()
        np.minimum.at(tighter, column[tells], limit)
        became_finite = np.isinf(upper) & np.isfinite(tighter)
        upper = np.maximum(tighter, form.lower)
        if not became_finite.any():
            break
    return upper


def lower_bound(form: Form, duals: Floats, upper: Floats) -> tuple[float, float]:
    """A bound on the cost of every feasible plan, in the unit of the objective, and how much lower it is for columns that would
    earn up to their bounds. (-inf, inf) where ``duals`` prove nothing.

    ``upper`` is what `implied_upper_bounds` gives, ``duals`` what `admissible` gives."""
    matrix = csc_array((form.values, form.indices, form.starts), shape=form.shape)
    reduced = form.cost - matrix.T @ duals
    earns, endless = reduced < 0, ~np.isfinite(upper)
    if (reduced[endless] < -LOOSER * (1.0 + np.abs(form.cost[endless]))).any():
        return -np.inf, np.inf
    side = np.where(duals > 0, form.row_lower, form.row_upper)
    value = float((duals * np.where(duals == 0.0, 0.0, side)).sum()) + form.offset
    box = np.where(earns, np.where(endless, 0.0, upper), form.lower)
    in_box = float((reduced * box).sum())
    return value + in_box, abs(in_box)


def admissible(form: Form, duals: Floats, upper: Floats) -> Floats:
    """The duals, but zero where no multiplier of the row can have their sign, and smaller where a column without an upper bound
    would earn more than it costs."""
    rows, columns = form.shape
    y = of_right_sign(form, duals)
    endless = np.flatnonzero(~np.isfinite(upper))
    entries = csc_array((form.values, form.indices, form.starts), shape=(rows, columns))[:, endless].tocoo()
    pull = entries.data * y[entries.row]
    towards = pull > 0
    total = np.bincount(entries.col[towards], weights=pull[towards], minlength=len(endless)).astype(np.float64)
    allowed = np.maximum(form.cost[endless], 0.0)
    share = np.divide(allowed, total, out=np.ones_like(total), where=total > allowed)
    factor = np.ones(rows)
    np.minimum.at(factor, entries.row[towards], share[entries.col[towards]])
    return np.asarray(y * factor)


def of_right_sign(form: Form, duals: Floats) -> Floats:
    """Duals with those set to zero that no multiplier of their row can have."""
    y = np.where(np.isfinite(form.row_upper), duals, np.maximum(duals, 0.0))
    return np.where(np.isfinite(form.row_lower), y, np.minimum(y, 0.0))
