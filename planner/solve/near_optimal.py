"""The least and the most that a total can be among all plans that are nearly as good as the optimum.

Three rows are added to the program at its optimum:

    paid cost        <= paid cost of the plan + slack     all that is minimised but the value of unserved compute
    unserved compute <= that of the plan                  by amount
    unserved value   <= that of the plan                  so that work of more value is not exchanged for work of less

The plan itself stays feasible, so the primal simplex starts from its vertex, and from each answer for the next question
(near-optimal feasible space: Neumann and Brown, "The near-optimal feasible space of a renewable power system model", Electric
Power Systems Research 190, 2021). Each answer is proven by duality from its own arrays.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy.sparse import csc_array, vstack

from planner.errors import NumericalError
from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Basis, Outcome, Solver
from planner.solve.proof import prove
from planner.solve.reduce.from_scratch import BASIC

UNSERVED = "unserved", "unserved_core"
"""The variables of work that is not served; the objective counts them at its value."""

PROVEN = 1e-6
"""Gap and residuals, relative, up to which a bound counts as proven."""


@dataclasses.dataclass(frozen=True)
class Bound:
    """The least or the most of a total, the plan that has it, and the larger of gap and residuals that prove it."""

    total: float
    values: Floats
    worst: float


class NearOptimal:
    """All plans that cost at most ``within`` (a share of the paid cost) more than a plan at its vertex and serve no less."""

    def __init__(self, solver: Solver, within: float) -> None:
        form, basis = solver.form, solver.basis()
        if basis is None:
            raise ValueError("the plan is not at a vertex")
        solver.start_from(basis)
        outcome = solver.minimise(form.cost, form.offset)
        if outcome.status != "optimal":
            raise NumericalError(f"the optimum of the plan could not be restored ({outcome.message})")
        self.values = outcome.values
        self.paid = paid_cost(form)
        short = np.array([float(name == UNSERVED[0]) for name, _ in form.columns])
        value = form.cost - self.paid
        plan = [float(row @ outcome.values) for row in (self.paid, short, value)]
        self.within, self.slack = within, within * abs(plan[0] + form.offset)
        above = [plan[0] + self.slack, plan[1], plan[2]]
        added = csc_array(np.vstack([self.paid, short, value]))
        names = [(name, ()) for name in ("near_optimal_cost", "near_optimal_unserved", "near_optimal_value")]
        self.form = form.extended(csc_array(vstack([form.matrix, added])), [], names, sides=(-np.inf, np.array(above)))
        self.basis = Basis(basis.columns, np.append(basis.rows, np.full(len(names), BASIC, dtype=np.uint8)))
        self.solver = solver.another(self.form, crossover=True)
        self.restart()

    def restart(self) -> None:
        """Start the next solve from the vertex of the plan."""
        self.solver.start_from(self.basis)

    def least(self, weights: Floats, constant: float = 0.0) -> Bound:
        """The least of weights x + constant. Raises NumericalError where the arrays do not prove it."""
        return self._bound(weights, constant, 1.0)

    def most(self, weights: Floats, constant: float = 0.0) -> Bound:
        """The most of weights x + constant. Raises NumericalError where the arrays do not prove it."""
        return self._bound(weights, constant, -1.0)

    def _bound(self, weights: Floats, constant: float, sign: float) -> Bound:
        asked = dataclasses.replace(self.form, cost=sign * weights, offset=sign * constant)
        outcome, worst = proven_outcome(self.solver, asked, "a bound of a total")
        return Bound(float(weights @ outcome.values) + constant, outcome.values, worst)


def proven_outcome(solver: Solver, form: Form, what: str) -> tuple[Outcome, float]:
    """The optimum of a program that differs from the solver's last one in costs and limits alone, and the larger of gap and
    residuals that prove it. Raises NumericalError where its arrays do not prove ``what``."""
    solver.change(form)
    outcome = solver.minimise(form.cost, form.offset)
    worst = _worst(form, outcome)
    if worst > PROVEN:
        outcome = solver.tighten()
        worst = _worst(form, outcome)
    if not worst <= PROVEN:
        raise NumericalError(f"{what} could not be proven: gap or residual {worst:.1e} ({outcome.message})")
    return outcome, worst


def paid_cost(form: Form) -> Floats:
    """The cost by column without the value of unserved compute."""
    return np.where([name in UNSERVED for name, _ in form.columns], 0.0, form.cost)


def _worst(form: Form, outcome: Outcome) -> float:
    return prove(form, outcome).worst if outcome.status == "optimal" else np.inf
