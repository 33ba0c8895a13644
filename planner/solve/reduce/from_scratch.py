"""The optimum of a program from nothing, by way of a smaller one.

The smaller program is solved. Where no vertex is asked for, its values and prices are lifted to the whole; where they prove to
be an optimum of the whole, by its own arrays, nothing is left to do. Else the vertex is lifted, and simplex starts there:
where the smaller program says the same as the whole, it has nothing to do; where a guess was wrong, it mends it, or past so
many pivots the whole is solved as if nothing had been tried.
"""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from planner.solve.compile.form import Form
from planner.solve.highs import Basis, Outcome, Solver, SolverOptions
from planner.solve.proof import is_proven, prove
from planner.solve.reduce.basis_point import Point, Truths, Vertex, by_columns
from planner.solve.reduce.equal_columns import Alike, with_alike
from planner.solve.reduce.full_use_guess import FullUse, with_full_use
from planner.solve.reduce.shared_rows import Sums, with_sums
from planner.solve.reduce.transshipment import Hubs, with_hubs
from planner.solve.reduce.zero_guess import unlikely

Step = Alike | FullUse | Hubs | Sums

WORTH_IT = 20_000  # columns: a smaller program is solved in less than a second or two
VERTEX_COLUMNS = 500_000  # of the smaller program: with the pools' guess a vertex is sooner there than a good interior point
ROWS_PER_PIVOT = 3  # at most so many pivots of simplex on the whole: as far as a guess may be wrong
AS_GOOD = 1e-7  # gap and residuals up to which what is lifted is an optimum: what HiGHS itself lets pass
ENOUGH = 5e-7  # the same of an interior point that stays one: beyond it only a vertex will do
SAVED = 0.1  # share of the columns, or of the entries, that must go for it
ENDLESS = 2**31 - 1

LOWER, BASIC, UPPER = 0, 1, 2  # positions in BASIS_STATUS


def minimise_cold(solver: Solver, guess: bool = True) -> Outcome:
    """The least cost of the program that ``solver`` holds, from nothing. ``reduced_to`` of the outcome says by which way.

    ``guess`` that installed chips run: not where they are known not to. Of a time limit all of it together takes no more; the
    iterate of the smaller program that it leaves is lifted, as its duals bound the whole too."""
    started = time.perf_counter()
    outcome = _from_nothing(solver, guess, started)
    if outcome.status != "optimal":
        return outcome
    proof = prove(solver.form, outcome)
    _allow_rest(solver, solver.options, started)
    if solver.at_vertex():
        sharper = outcome if is_proven(proof) else solver.sharpen()
        if sharper is outcome or sharper.status != "optimal":
            return outcome
        return dataclasses.replace(_after(outcome, sharper), reduced_to=outcome.reduced_to)
    if max(proof.gap, proof.primal_residual, proof.dual_residual) > ENOUGH and not solver.crossover:
        solver.cross_over()
        solver.forget()
        return _after(outcome, _from_nothing(solver, guess, started))
    return outcome


def _from_nothing(solver: Solver, guess: bool, started: float) -> Outcome:
    """By way of the smaller program, where there is one that pays and it leads to an optimum of the whole."""
    form = solver.form
    direct = solver.options.algorithm == "simplex" or form.aim is not None or form.shape[1] < WORTH_IT
    steps = [] if direct else smaller(form, guess)
    small = steps[-1].form if steps else form
    if small.shape[1] > (1.0 - SAVED) * form.shape[1] and len(small.values) > (1.0 - SAVED) * len(form.values):
        return solver.minimise(form.cost, form.offset)
    crossover = solver.options.crossover
    if crossover is None:
        crossover = solver.crossover or small.shape[1] <= VERTEX_COLUMNS
    options = dataclasses.replace(solver.options, crossover=crossover)
    inner = Solver(small, options, solver.report, solver.stop)
    zero = _unlikely(steps, solver, options, started) if guess and inner.crossover else None
    first = _minimise(inner, zero, options, started)
    solver.seconds += inner.seconds
    if first.status == "time_limit":
        return _as_point(form, steps, first)
    basis = inner.basis() if first.status == "optimal" else None
    why = first.message
    if first.status == "optimal" and not solver.crossover:
        point = _as_point(form, steps, first)
        proof = prove(form, point)
        if max(proof.gap, proof.primal_residual, proof.dual_residual) <= AS_GOOD:
            return point
        why = f"its prices are none of the whole: gap {proof.gap:.0e}, residual {proof.dual_residual:.0e}"
    if basis is not None:
        vertex = lifted(steps, Vertex(first.values, basis.columns == BASIC, basis.rows == BASIC))
        _allow_rest(solver, options, started)
        second = _from_vertex(solver, vertex)
        if second.status == "optimal":
            done = _after(first, second)
            pivots = done.iterations["simplex"]
            return dataclasses.replace(
                done, algorithm=done.algorithm + (f", {pivots:,} pivots" if pivots else ""), reduced_to=small.shape
            )
        if second.status == "time_limit":
            return dataclasses.replace(_as_point(form, steps, first), status=second.status, message=second.message)
        why = f"{most_pivots(form):,} pivots were not enough"
    solver.forget()
    _allow_rest(solver, options, started)
    outcome = solver.minimise(form.cost, form.offset)
    return dataclasses.replace(outcome, algorithm=f"{outcome.algorithm}; not by way of the smaller program ({why})")


def _unlikely(steps: list[Step], solver: Solver, options: SolverOptions, started: float) -> Truths | None:
    """Which columns of the smallest program pools of places take to be zero."""
    made: list[Solver] = []

    def solver_of(form: Form) -> Solver:
        made.append(Solver(form, dataclasses.replace(options, crossover=False), solver.report, solver.stop))
        _allow_rest(made[-1], options, started)
        return made[-1]

    by_place = next((step.whole for step in steps if isinstance(step, Hubs | Sums)), steps[-1].form)  # those have no place
    keys = unlikely(by_place, solver_of)
    solver.seconds += sum(each.seconds for each in made)
    return None if keys is None else np.array([key in keys for key in steps[-1].form.columns])


def _minimise(solver: Solver, zero: Truths | None, options: SolverOptions, started: float) -> Outcome:
    """The optimum from nothing: where some columns are taken to be zero, first with them held there, then by primal simplex
    without that."""
    form, seconds = solver.form, 0.0
    if zero is not None:
        solver.change(dataclasses.replace(form, upper=np.where(zero, 0.0, form.upper)))
        solver.forget()
        _allow_rest(solver, options, started)
        held = solver.minimise(form.cost, form.offset)
        seconds, at_vertex = held.seconds, solver.at_vertex()
        solver.change(form)
        if held.status == "time_limit":
            return held
        if held.status == "optimal" and at_vertex:
            _allow_rest(solver, options, started)
            free = _by_primal(solver)
            if free.status == "optimal":
                return _after(held, free)
            if free.status == "time_limit":
                return dataclasses.replace(held, status=free.status, message=free.message)
            seconds += free.seconds
        solver.forget()
    _allow_rest(solver, options, started)
    outcome = solver.minimise(form.cost, form.offset)
    return dataclasses.replace(outcome, seconds=seconds + outcome.seconds)


def _after(first: Outcome, second: Outcome) -> Outcome:
    """The second of two solves, with what both took."""
    iterations = {kind: count + second.iterations[kind] for kind, count in first.iterations.items()}
    by_simplex = second.iterations["interior_point"] == 0
    return dataclasses.replace(
        second,
        algorithm=first.algorithm if by_simplex else second.algorithm,
        iterations=iterations,
        seconds=first.seconds + second.seconds,
    )


def _allow_rest(solver: Solver, options: SolverOptions, started: float) -> None:
    """What is left of the time limit, if there is one."""
    if options.time_limit_s is not None:
        solver.allow(options.time_limit_s - (time.perf_counter() - started))


def smaller(form: Form, guess: bool = True) -> list[Step]:
    """One after the other, what makes the program smaller: hubs of regions first, then those of demands they leave; sums last,
    of the rows that then are left. Those not without ``guess``, where simplex then needs many pivots on the whole."""
    steps: list[Step] = []
    makers = (with_alike, with_full_use, with_hubs, with_hubs, with_sums) if guess else (with_alike, with_hubs, with_hubs)
    for make in makers:
        step = make(steps[-1].form if steps else form)
        if step is not None:
            steps.append(step)
    return steps


def lifted(steps: list[Step], vertex: Vertex) -> Vertex:
    """A vertex of the first program from one of the last."""
    for step in reversed(steps):
        vertex = step.lift(vertex)
    return vertex


def most_pivots(form: Form) -> int:
    """After so many the whole is solved from nothing: what was spent by then is less than that takes."""
    return form.shape[0] // ROWS_PER_PIVOT


def _as_point(form: Form, steps: list[Step], first: Outcome) -> Outcome:
    """The optimum of the smaller program as one of the whole, without a solve."""
    point = Point(first.values, first.duals)
    for step in reversed(steps):
        point = step.lift_point(point)
    return dataclasses.replace(
        first,
        objective=float(form.cost @ point.values) + form.offset,
        values=point.values,
        reduced_costs=form.cost - by_columns(form).T @ point.duals,
        duals=point.duals,
        reduced_to=steps[-1].form.shape,
    )


def _from_vertex(solver: Solver, vertex: Vertex) -> Outcome:
    """By primal simplex, whose vertices stay feasible as columns come in."""
    form = solver.form
    at_limit = np.where(np.isfinite(form.row_lower), LOWER, UPPER)
    rows, columns = np.where(vertex.rows, BASIC, at_limit), np.where(vertex.columns, BASIC, LOWER)
    solver.start_from(Basis(columns.astype(np.uint8), rows.astype(np.uint8)))
    return _by_primal(solver)


def _by_primal(solver: Solver) -> Outcome:
    """By primal simplex from the vertex at which the solver stands, as long as that may pay."""
    form = solver.form
    try:
        solver.set("simplex_strategy", 4)
        solver.set("simplex_iteration_limit", most_pivots(form))
        return solver.minimise(form.cost, form.offset)
    finally:
        solver.set("simplex_iteration_limit", ENDLESS)
