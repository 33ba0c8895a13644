"""What other builds cost than those of the optimum: solved again with them fixed or, where no plan has them, to first order."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models import REGISTER
from models.rows import Key
from planner.solve.compile.form import Floats, Form, Ids, Mask
from planner.solve.highs import Outcome, Solver, SolverOptions
from planner.solve.reduce.from_scratch import minimise_from_scratch
from planner.solve.solution import Solution


@dataclass(frozen=True)
class Rounding:
    """What rounded builds cost above the plan, million USD, discounted. ``solved``: by solving again; else to first order."""

    musd: float
    solved: bool


def cost_of(solution: Solution, builds: Mapping[Key, float]) -> Rounding | None:
    """The cost of these builds in place of the plan's; None where the plan is no optimum of mode `value`.

    Limits of a month on what is built do not count for what is fixed: a unit bought at once stands for several months."""
    if solution.held is not None or not solution.prices or solution.outcome.status != "optimal":
        return None
    form = solution.form
    number = {key: position for position, key in enumerate(form.columns)}
    fixed = {number[key]: amount for key, amount in builds.items() if key in number}
    at = np.array(list(fixed), dtype=np.int64)
    amounts = np.array(list(fixed.values()), dtype=float)
    paced = _paced(form, at)
    outcome = _solved(solution, at, amounts, paced)
    if outcome.status == "optimal":
        return Rounding(outcome.objective - solution.proof.objective_musd, True)
    prices = np.where(paced, 0.0, solution.outcome.duals)
    slope = form.cost[at] - (prices @ form.matrix)[at]
    return Rounding(float(slope @ (amounts - solution.outcome.values[at])), False)


def _paced(form: Form, at: Ids) -> Mask:
    """Rows that limit by the month what is fixed."""
    chosen = np.zeros(form.shape[1])
    chosen[at] = 1.0
    touched = (abs(form.matrix) @ chosen) > 0
    by_month = [bool((row := REGISTER[name]).lets) and row.has("month") for name, _ in form.rows]
    return np.asarray(touched & np.array(by_month, dtype=bool))


def _solved(solution: Solution, at: Ids, amounts: Floats, paced: Mask) -> Outcome:
    form, basis = solution.form, solution.outcome.basis
    lower, upper = form.lower.copy(), form.upper.copy()
    lower[at] = upper[at] = amounts
    relaxed = dataclasses.replace(form, lower=lower, upper=upper, row_upper=np.where(paced, np.inf, form.row_upper))
    if basis is None:
        return minimise_from_scratch(Solver(relaxed, SolverOptions()))
    solver = Solver(relaxed, SolverOptions(algorithm="simplex"))
    solver.start_from(basis)
    return solver.minimise(form.cost, form.offset)
