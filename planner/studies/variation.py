"""One plan out of many that a study solves: its optimum, or the reason why it has none, in one word."""

from __future__ import annotations

from models.data import PlanData
from planner.errors import InfeasibleError, NumericalError, PlannerError, UnboundedError
from planner.solve.session import Session
from planner.solve.solution import Solution, solve

FAILURES = ((InfeasibleError, "infeasible"), (UnboundedError, "unbounded"), (NumericalError, "numerical_trouble"))


def optimum(data: PlanData, session: Session) -> Solution:
    """The optimum of a plan in either mode; only one in mode `value` can be warm-started by the session."""
    return solve(data, progress=session.progress) if data.mode == "energy" else session.solve(data)


def status_of(error: PlannerError) -> str:
    """The word of FAILURES for an error that leaves a plan without an optimum. Raises any other error."""
    for kind, word in FAILURES:
        if isinstance(error, kind):
            return word
    raise error
