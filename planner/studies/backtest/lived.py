"""What was lived: the decisions of the months that are past, and what they cost in the truth.

The truth is solved once with perfect foresight, and again with those decisions as they were taken. What they leave open, such
as where work is served, is decided anew in the truth, and so is every month after those that were lived.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from models.data import PlanData
from planner.errors import InfeasibleError
from planner.progress import Progress
from planner.solve.compile.form import Key
from planner.solve.highs import Outcome, Solver, SolverOptions
from planner.solve.near_optimal import paid_cost
from planner.solve.reduce.from_scratch import minimise_from_scratch
from planner.solve.solution import Solution, require_optimal, standard_form
from planner.studies.roll.actuals import Actual

DECISIONS = ("build_mw", "build_shell", "deploy", "retire", "move", "buy", "decline", "take")
"""Variables that are decided before a month; the month is the last part of their index."""

ROOM = 1e-6
"""Of a decision, or of one unit where it is less: the room that the tolerances of many solves need."""


@dataclass
class Lived:
    """``decided``: by variable and index of the truth. ``months``: how many are past."""

    decided: dict[Key, float] = field(default_factory=dict)
    months: int = 0
    _left: dict[str, float] = field(default_factory=dict)

    def add(self, solution: Solution, months: int, actuals: Iterable[Actual]) -> None:
        """Take the first months of a plan as they were carried out."""
        really = {("deploy", (each.place, each.item, each.t)): each.value for each in actuals if each.kind == "deployed"}
        for name in DECISIONS:
            for index, planned in solution.values[name].items():
                if 1 <= index[-1] <= months:
                    value = really.get((name, index), planned)
                    key = (*index[:-1], index[-1] + self.months)
                    self.decided[name, key] = (planned if value is None else value) * self._part(name, index[0])
        for (j, t), part in solution.values["taken"].items():
            if t == months:  # what is left of a project is the whole of it in the next plan
                self._left[j] = self._left.get(j, 1.0) * (1.0 - part)
        self.months += months

    def _part(self, name: str, project: str) -> float:
        return self._left.get(project, 1.0) if name == "take" else 1.0


@dataclass(frozen=True)
class Bill:
    """What was minimised, and what of it is paid; the rest is unserved compute at its value. Million USD."""

    objective_musd: float
    paid_musd: float


class Accounts:
    """The truth, solved with perfect foresight, and then with what was lived."""

    def __init__(self, data: PlanData, progress: Progress) -> None:
        self.data = data
        _, self._form = standard_form(data, progress)
        self._solver = Solver(self._form, SolverOptions(crossover=True), progress.update)
        with progress.phase("foresight"):
            outcome = minimise_from_scratch(self._solver)
        require_optimal(outcome, self._form, data.months)
        self.foresight = self._bill(outcome)

    def of(self, lived: Lived) -> Bill:
        """The cost of what was lived. Raises InfeasibleError where the truth does not allow it."""
        lower, upper = self._form.lower.copy(), self._form.upper.copy()
        for column, (name, index) in enumerate(self._form.columns):
            if name in DECISIONS and 1 <= index[-1] <= lived.months:
                value = lived.decided.get((name, index), 0.0)
                room = ROOM * max(1.0, value)
                lower[column], upper[column] = max(0.0, value - room), value + room
        fixed = dataclasses.replace(self._form, lower=lower, upper=upper)
        self._solver.change(fixed)
        outcome = self._solver.minimise(fixed.cost, fixed.offset)
        if outcome.status == "infeasible":
            raise InfeasibleError("what was decided does not meet all limits and targets in the truth")
        require_optimal(outcome, fixed, self.data.months)
        return self._bill(outcome)

    def _bill(self, outcome: Outcome) -> Bill:
        paid = float(paid_cost(self._form) @ np.asarray(outcome.values)) + self._form.offset
        return Bill(outcome.objective, paid)
