"""Solve variations of one plan, each warm-started from the last basis."""

from __future__ import annotations

import numpy as np
from pyomo.common.gc_manager import PauseGC

from models.data import PlanData
from planner.progress import Progress
from planner.solve.choices import decided
from planner.solve.compile.form import Form
from planner.solve.compile.program import Program
from planner.solve.highs import Basis, Solver, SolverOptions
from planner.solve.reduce.from_scratch import minimise_from_scratch
from planner.solve.solution import Solution, choices_of, read_solution, require_optimal, solve, standard_form, with_choices


class Session:
    """Solves variations of one plan. Where only prices or limits change, the change is made in the arrays of the last program
    and in the one that HiGHS keeps, and its last basis is a warm start. The first plan, and one with other rows, columns or
    coefficients, is solved from scratch; so is each plan in mode `energy`, which is two problems in one. Whole projects are
    chosen anew for each plan first.

    ``basis``: of a plan that was solved elsewhere, from which the first is warm-started if it has as many rows and columns."""

    def __init__(self, progress: Progress | None = None, basis: Basis | None = None) -> None:
        self.progress = progress or Progress()
        self._program: Program | None = None
        self._solver: Solver | None = None
        self._given = basis
        self.warm = False  # whether the last solve was warm-started

    def solve(self, data: PlanData) -> Solution:
        """The optimum of ``data``, with its proof. Raises as `planner.solve.solution.solve` does; the next plan is then solved
        from scratch."""
        if data.mode == "energy":
            self.warm = False
            return solve(data, progress=self.progress)
        made = choices_of(data, self.progress) if data.undecided else None
        data = data if made is None else decided(data, made.months)
        program = self._program_of(data)
        form = program.form
        with self.progress.phase("solve"):
            self.warm = self._solver is not None and same_matrix(self._solver.form, form)
            if self._solver is not None and self.warm:
                self._solver.change(form)
            else:
                self._solver = Solver(form, SolverOptions(crossover=True), self.progress.update)
                self.warm = self._take_up(self._solver)
            solver, self._solver = self._solver, None  # kept only with an optimum
            outcome = solver.minimise(form.cost, form.offset) if self.warm else minimise_from_scratch(solver)
            require_optimal(outcome, form, data.months)
            self._solver = solver
        with self.progress.phase("read back"), PauseGC():  # the collector would look through the whole program
            found = read_solution(data, program.model, form, outcome, None, solver.seconds)
        return found if made is None else with_choices(found, made)

    @property
    def basis(self) -> Basis | None:
        """The vertex of the last plan; None where it has none."""
        return None if self._solver is None else self._solver.basis()

    def _program_of(self, data: PlanData) -> Program:
        """The last program with what differs changed, or a new one."""
        program, self._program = self._program, None  # two at once would take twice the memory
        if program is not None:
            with self.progress.phase("change"):
                if program.change(data):
                    self._program = program
                    return program
        del program
        self._program = Program(data, *standard_form(data, self.progress))
        return self._program

    def _take_up(self, solver: Solver) -> bool:
        """Start from the basis that was given; whether there was one that fits."""
        basis, self._given = self._given, None
        if basis is None or (len(basis.rows), len(basis.columns)) != solver.form.shape:
            return False
        solver.start_from(basis)
        return True


def same_matrix(one: Form, other: Form) -> bool:
    """Whether two forms differ at most in costs, bounds and right-hand sides."""
    return all(map(np.array_equal, one.arrays[-3:], other.arrays[-3:])) and same_names(one, other)


def same_names(one: Form, other: Form) -> bool:
    """Whether two forms have the same rows and columns."""
    return one.shape == other.shape and one.columns == other.columns and one.rows == other.rows
