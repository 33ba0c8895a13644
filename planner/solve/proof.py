"""Prove a plan optimal from the arrays of its program alone, by linear programming duality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Outcome

PROVEN = 1e-8  # gap and residuals up to which an iterate is an optimum


@dataclass(frozen=True)
class Proof:
    """What shows how good the plan is. Residuals are relative to the size of what they compare.

    Of a plan that a time limit left unfinished ``dual_objective_musd`` is a lower bound on the cost of every plan, and the dual
    residual is zero: the bound already accounts for what its duals violate."""

    objective_musd: float
    dual_objective_musd: float
    primal_residual: float
    dual_residual: float

    @property
    def gap(self) -> float:
        """Relative distance between the plan's cost and the best that any plan could have."""
        return abs(self.objective_musd - self.dual_objective_musd) / max(1.0, abs(self.objective_musd))

    @property
    def worst(self) -> float:
        """The largest of gap and residuals; not a number if one of them is not."""
        return float(np.max([self.gap, self.primal_residual, self.dual_residual]))


def is_proven(proof: Proof) -> bool:
    """Whether the arrays themselves show an optimum, whatever the solver calls it."""
    return proof.worst <= PROVEN


def prove(form: Form, outcome: Outcome, extra: tuple[Floats, float, float] | None = None) -> Proof:
    """Recompute both objectives and both residuals from the arrays, trusting none of the solver's own figures.

    ``extra``: coefficients, upper limit and dual of one more row."""
    x, y = outcome.values, outcome.duals
    row = form.matrix @ x
    row_gap = np.maximum(form.row_lower - row, row - form.row_upper).clip(min=0.0)
    sizes = abs(form.matrix)
    row_size = 1.0 + sizes @ np.abs(x)
    bound_gap = np.maximum(form.lower - x, x - form.upper).clip(min=0.0) / (1.0 + np.abs(x))
    primal = max(float((row_gap / row_size).max(initial=0.0)), float(bound_gap.max(initial=0.0)))

    reduced = form.cost - form.matrix.T @ y
    dual_objective = form.offset
    if extra is not None:
        coefficients, upper, price = extra
        reduced = reduced - coefficients * price
        dual_objective += price * upper
    dual_size = 1.0 + np.abs(form.cost) + sizes.T @ np.abs(y)
    side = np.where(y > 0, form.row_lower, form.row_upper)
    bound = np.where(reduced > 0, form.lower, form.upper)
    row_free, column_free = ~np.isfinite(side), ~np.isfinite(bound)
    dual = max(
        float(np.abs(np.where(row_free, y, 0.0)).max(initial=0.0)),
        float((np.abs(np.where(column_free, reduced, 0.0)) / dual_size).max(initial=0.0)),
    )
    dual_objective += float(np.where(row_free, 0.0, y * np.where(row_free, 0.0, side)).sum())
    dual_objective += float(np.where(column_free, 0.0, reduced * np.where(column_free, 0.0, bound)).sum())
    return Proof(float(form.cost @ x) + form.offset, dual_objective, primal, dual)
