"""Bound the cost of every plan from below, from any duals at all.

    b(y) + sum_j min(reduced cost_j * x_j over lower_j <= x_j <= upper_j)

is a lower bound for every y of the right signs, optimal or not, if every feasible x_j lies within its bounds (Neumaier and
Shcherbina, "Safe bounds in linear and mixed-integer linear programming", Mathematical Programming 99, 2004). The variables of
the model have no upper bounds, but its rows imply them: no more is served than is demanded, no more deployed than is delivered.
"""

from __future__ import annotations

import numpy as np

from planner.solve.compile.form import Floats, Form

LOOSER = 1e-9  # margin of what is derived in floating point, relative
ROUNDS = 1000  # a bound moves one month on in each round


def implied_upper_bounds(form: Form) -> Floats:
    """An upper bound of each column that every feasible plan respects; infinite where no row implies one.

    Each row, with its least activity, limits each of its columns (Brearley, Mitra, Williams, Mathematical Programming 8, 1975);
    repeated until no further column becomes finite."""
    rows = form.shape[0]
    matrix = form.matrix.tocoo()
    above, below = np.isfinite(form.row_upper)[matrix.row], np.isfinite(form.row_lower)[matrix.row]
    row = np.concatenate([matrix.row[above], matrix.row[below] + rows])  # every side as sum a x <= b
    column = np.concatenate([matrix.col[above], matrix.col[below]])
    value = np.concatenate([matrix.data[above], -matrix.data[below]])
    sides = np.concatenate([form.row_upper, -form.row_lower])
    upper, positive = form.upper.copy(), value > 0
    for _ in range(ROUNDS):
        least = np.where(positive, value * form.lower[column], value * upper[column])
        unbounded = np.isneginf(least)
        finite = np.where(unbounded, 0.0, least)
        number = np.bincount(row, weights=unbounded, minlength=2 * rows)[row]
        rest = np.bincount(row, weights=finite, minlength=2 * rows)[row] - finite
        implies = positive & (number - unbounded == 0)
        limit = (sides[row[implies]] - rest[implies]) / value[implies]
        limit += LOOSER * (1.0 + np.abs(limit) + np.abs(rest[implies]))
        tighter = upper.copy()
        np.minimum.at(tighter, column[implies], limit)
        became_finite = np.isinf(upper) & np.isfinite(tighter)
        upper = np.maximum(tighter, form.lower)
        if not became_finite.any():
            break
    return upper


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
