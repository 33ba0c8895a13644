"""Solve a program from scratch: reduce, solve, postsolve, clean up.

1. Reduce it (`reduced`). Where that saves too little, or is not wanted, HiGHS solves it as it stands.
2. Solve the reduced program, first without the columns that are guessed to be zero, then with them.
3. Where no basis is asked for, postsolve values and prices, and accept them if the original arrays prove them optimal.
4. Else postsolve the basis, and let primal simplex finish on the original program: without a wrong guess it has nothing to do.
   (Like the crash basis of an interior point: Bixby and Saltzman, "Recovering an optimal LP basis from an interior point
   solution", Operations Research Letters 15, 1994.)
5. Where it takes too many pivots, solve the original as it stands.
6. Tighten what the original arrays do not prove.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence

import numpy as np

from models import OWN_FILES
from planner.solve.compile.form import Form
from planner.solve.highs import Basis, Outcome, Solver
from planner.solve.proof import is_proven, prove
from planner.solve.reduce import counted_sums, equal_columns, full_use_guess, shared_rows, transshipment, zero_guess
from planner.solve.reduce.step import BasicSolution, PrimalDual, Step, postsolve, postsolve_basis

WORTH_IT = 20_000  # columns: a smaller program is solved in less than a second or two
VERTEX_COLUMNS = 500_000  # of the reduced program: with a zero guess a vertex is found sooner than a good interior point
ROWS_PER_PIVOT = 3  # at most so many pivots of simplex on the original: a guess that needs more does not pay
ACCEPTED = 1e-7  # gap and residuals up to which a postsolved point is an optimum: the tolerance of HiGHS itself
ENOUGH = 5e-7  # the same for an interior point that stays one: beyond it only a vertex will do
SAVED = 0.1  # share of the columns, or of the entries, that a reduction must save
UNLIMITED = 2**31 - 1

LOWER, BASIC, UPPER = 0, 1, 2  # positions in BASIS_STATUS

HUBS = (counted_sums.reduce, transshipment.reduce, transshipment.reduce)
EXACT: tuple[Callable[[Form], Step | None], ...] = (equal_columns.reduce, *HUBS)
GUESSING = (equal_columns.reduce, full_use_guess.reduce, *HUBS, shared_rows.reduce)
"""One after the other: hubs of regions first, then those of the demands left; sums last, of the rows then left. Sums not
without guesses, where simplex then needs many pivots on the original."""


def minimise_from_scratch(solver: Solver, guess: bool = True) -> Outcome:
    """The least cost of ``solver``'s program. ``reduced_to`` of the outcome says whether a reduced program led there.

    ``guess``: not where guesses are known to be wrong. The time limit covers all of it; the iterate of the reduced program that
    it leaves is postsolved, as its duals bound the original too."""
    limit = solver.options.time_limit_s
    deadline = time.perf_counter() + (np.inf if limit is None else limit)
    outcome = _minimise(solver, guess, deadline)
    if outcome.status != "optimal":
        return outcome
    proof = prove(solver.form, outcome)
    _limit_until(deadline, solver)
    if solver.at_vertex():
        tighter = None if is_proven(proof) else solver.tighten()
        if tighter is None or tighter.status != "optimal":
            return outcome
        return dataclasses.replace(_after(outcome, tighter), reduced_to=outcome.reduced_to)
    if proof.worst <= ENOUGH or solver.crossover:
        return outcome
    solver.require_vertex()
    return _after(outcome, _minimise(solver, guess, deadline))


def reduced(form: Form, guess: bool = True) -> list[Step]:
    """The reductions that apply, each to the program that the one before left."""
    steps: list[Step] = []
    for reduce in GUESSING if guess else EXACT:
        step = reduce(steps[-1].form if steps else form)
        if step is not None:
            steps.append(step)
    return steps


def _minimise(solver: Solver, guess: bool, deadline: float) -> Outcome:
    form, options = solver.form, solver.options
    own = bool(OWN_FILES) and any(name in OWN_FILES for name, _ in form.rows)  # reductions know the planner's rows
    small_enough = own or options.plain or options.algorithm == "simplex" or form.aim is not None or form.shape[1] < WORTH_IT
    steps = [] if small_enough else reduced(form, guess)
    if not steps or not _saves(steps[-1].form, form):
        return solver.minimise(form.cost, form.offset)
    by_way = _Reduced(solver, steps, guess, deadline)
    return by_way.stopped() or by_way.postsolved() or by_way.cleaned_up() or by_way.abandoned()


def _saves(small: Form, form: Form) -> bool:
    kept = 1.0 - SAVED
    return small.shape[1] <= kept * form.shape[1] or small.matrix.nnz <= kept * form.matrix.nnz


class _Reduced:
    """The solution of a reduced program, and the ways from it to one of the original: each returns an outcome, or None where it
    does not get there."""

    def __init__(self, solver: Solver, steps: Sequence[Step], guess: bool, deadline: float) -> None:
        self.solver, self.form, self.steps, self.deadline = solver, solver.form, steps, deadline
        self.small = steps[-1].form
        crossover = solver.options.crossover
        if crossover is None:
            crossover = solver.crossover or self.small.shape[1] <= VERTEX_COLUMNS
        inner = solver.another(self.small, crossover)
        self.found = self._solved(inner, self._guessed() if guess and inner.crossover else None)
        solver.seconds += inner.seconds
        self.basis = inner.basis() if self.found.status == "optimal" else None
        self.obstacle = self.found.message

    def stopped(self) -> Outcome | None:
        """At the time limit: the iterate that it left."""
        return self._point() if self.found.status == "time_limit" else None

    def postsolved(self) -> Outcome | None:
        """Values and prices, where no basis is asked for and the original arrays prove them optimal."""
        if self.found.status != "optimal" or self.solver.crossover:
            return None
        point = self._point()
        proof = prove(self.form, point)
        if proof.worst <= ACCEPTED:
            return point
        self.obstacle = f"its duals are not valid for the full one: gap {proof.gap:.0e}, residual {proof.dual_residual:.0e}"
        return None

    def cleaned_up(self) -> Outcome | None:
        """The basis, by primal simplex on the original program."""
        if self.basis is None:
            return None
        _limit_until(self.deadline, self.solver)
        second = minimise_from_basis(self.solver, postsolve_basis(self.steps, basic_solution(self.found, self.basis)))
        if second.status == "optimal":
            done = _after(self.found, second)
            pivots = done.iterations["simplex"]
            words = done.algorithm + (f", {pivots:,} pivots" if pivots else "")
            return dataclasses.replace(done, algorithm=words, reduced_to=self.small.shape)
        if second.status == "time_limit":
            return dataclasses.replace(self._point(), status=second.status, message=second.message)
        self.obstacle = f"{most_pivots(self.form):,} pivots were not enough"
        return None

    def abandoned(self) -> Outcome:
        """The original program as it stands."""
        self.solver.forget()
        _limit_until(self.deadline, self.solver)
        outcome = self.solver.minimise(self.form.cost, self.form.offset)
        return dataclasses.replace(outcome, algorithm=f"{outcome.algorithm}; not from the reduced program ({self.obstacle})")

    def _guessed(self) -> Form | None:
        """The reduced program with the columns at zero that are guessed to be."""

        def solve(aggregated: Form) -> Outcome:
            pools = self.solver.another(aggregated, crossover=False)
            _limit_until(self.deadline, pools)
            outcome = pools.minimise(aggregated.cost, aggregated.offset)
            self.solver.seconds += pools.seconds
            return outcome

        hubs = transshipment.Transshipment, shared_rows.SharedRows  # their columns are of no place
        by_place = next((step.original for step in self.steps if isinstance(step, hubs)), self.small)
        step = zero_guess.reduce(self.small, by_place, solve)
        return None if step is None else step.form

    def _solved(self, inner: Solver, guessed: Form | None) -> Outcome:
        """The optimum of the reduced program: where some columns are guessed to be zero, first without them, then by primal
        simplex with them."""
        small, seconds = self.small, 0.0
        if guessed is not None:
            inner.change(guessed)
            inner.forget()
            _limit_until(self.deadline, inner)
            first = inner.minimise(small.cost, small.offset)
            if first.status == "time_limit":
                return first
            seconds, at_vertex = first.seconds, inner.at_vertex()
            inner.change(small)
            if first.status == "optimal" and at_vertex:
                _limit_until(self.deadline, inner)
                second = _by_primal(inner)
                if second.status == "optimal":
                    return _after(first, second)
                if second.status == "time_limit":
                    return dataclasses.replace(first, status=second.status, message=second.message)
                seconds += second.seconds
            inner.forget()
        _limit_until(self.deadline, inner)
        outcome = inner.minimise(small.cost, small.offset)
        return dataclasses.replace(outcome, seconds=seconds + outcome.seconds)

    def _point(self) -> Outcome:
        return postsolved_outcome(self.form, self.steps, self.found)


def postsolved_outcome(form: Form, steps: Sequence[Step], found: Outcome) -> Outcome:
    """The solution of the reduced program as one of ``form``, without a solve."""
    point = postsolve(steps, PrimalDual(found.values, found.duals))
    return dataclasses.replace(
        found,
        objective=float(form.cost @ point.values) + form.offset,
        values=point.values,
        reduced_costs=form.cost - form.matrix.T @ point.duals,
        duals=point.duals,
        reduced_to=steps[-1].form.shape,
    )


def basic_solution(found: Outcome, basis: Basis) -> BasicSolution:
    """The values and the basis of a vertex."""
    return BasicSolution(found.values, basis.columns == BASIC, basis.rows == BASIC)


def most_pivots(form: Form) -> int:
    """Pivots up to which a warm start takes less time than a start from scratch."""
    return form.shape[0] // ROWS_PER_PIVOT


def minimise_from_basis(solver: Solver, start: BasicSolution) -> Outcome:
    """By primal simplex, whose vertices stay feasible as columns come in, within `most_pivots`."""
    at_limit = np.where(np.isfinite(solver.form.row_lower), LOWER, UPPER)
    rows, columns = np.where(start.rows, BASIC, at_limit), np.where(start.columns, BASIC, LOWER)
    solver.start_from(Basis(columns.astype(np.uint8), rows.astype(np.uint8)))
    return _by_primal(solver)


def _by_primal(solver: Solver) -> Outcome:
    form = solver.form
    try:
        solver.set("simplex_strategy", 4)
        solver.set("simplex_iteration_limit", most_pivots(form))
        return solver.minimise(form.cost, form.offset)
    finally:
        solver.set("simplex_iteration_limit", UNLIMITED)


def _limit_until(deadline: float, solver: Solver) -> None:
    """Leave the next solve the time that is left, where there is a time limit."""
    if np.isfinite(deadline):
        solver.limit_seconds(deadline - time.perf_counter())


def _after(first: Outcome, second: Outcome) -> Outcome:
    """The second of two solves, with the iterations and the time of both."""
    iterations = {kind: count + second.iterations[kind] for kind, count in first.iterations.items()}
    by_simplex = second.iterations["interior_point"] == 0
    return dataclasses.replace(
        second,
        algorithm=first.algorithm if by_simplex else second.algorithm,
        iterations=iterations,
        seconds=first.seconds + second.seconds,
    )
