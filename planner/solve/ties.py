"""Choose among plans of least cost by a stated rule: a second linear program on the face of optima.

Complementary slackness describes that face: whatever has a reduced cost stays as it is, and every row with a price keeps its
activity. What is minimised over it is `models/ties.py`; the prices of the plan are prices of each plan on the face.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from models.data import PlanData
from models.ties import CHIPS, WORK, preference
from planner.solve.compile.form import Form, Ids
from planner.solve.highs import Outcome, Solver, SolverOptions

TIED = 1e-8  # million USD a unit: reduced costs and prices up to it are rounding
SAME = 1e-9  # share of the cost that the choice may change, or it is not made
MOST = 20_000  # columns up to which chips are chosen with their work; on the reference, with 131,000, that takes over a minute


def settled(data: PlanData, form: Form, outcome: Outcome) -> Outcome:
    """The optimum with its ties broken: the same cost, prices and basis, other values of work by place, and of chips in a plan
    that is not too large.

    Where the choice would change the cost it is not made, and the account of the algorithm says so."""
    wanted = preference(data)
    if not wanted or outcome.status != "optimal":
        return outcome
    columns = _tied(form, outcome, (*WORK, *CHIPS))
    if len(columns) > MOST:
        columns = _tied(form, outcome, WORK)
    rows = np.unique(form.matrix[:, columns].indices)
    part = form.by_rows[rows][:, columns]
    now = part @ outcome.values[columns]
    others = form.by_rows[rows] @ outcome.values - now
    held = np.abs(outcome.duals[rows]) > TIED
    face = form.part(
        rows,
        columns,
        part,
        offset=0.0,
        aim=None,
        cost=np.array([wanted.get(form.columns[j], 0.0) for j in columns.tolist()]),
        row_lower=np.where(held, now, np.minimum(form.row_lower[rows] - others, now)),
        row_upper=np.where(held, now, np.maximum(form.row_upper[rows] - others, now)),
    )
    found = Solver(face, SolverOptions(algorithm="simplex")).minimise(face.cost, 0.0)
    values = outcome.values.copy()
    values[columns] = np.maximum(found.values, 0.0)
    change = abs(float(form.cost @ (values - outcome.values)))
    if found.status != "optimal" or change > SAME * max(1.0, abs(outcome.objective)):
        return dataclasses.replace(outcome, algorithm=f"{outcome.algorithm}, ties as it left them")
    return dataclasses.replace(outcome, values=values)


def _tied(form: Form, outcome: Outcome, names: Sequence[str]) -> Ids:
    """Columns of these variables that may change their value at no cost."""
    named = np.array([name in names for name, _ in form.columns], dtype=bool)
    return np.flatnonzero(named & (np.abs(outcome.reduced_costs) <= TIED))
