"""Trace the frontier of cost against one other total (carbon, unserved compute) by the epsilon-constraint method.

(Haimes, Lasdon, Wismer, "On a bicriterion formulation of the problems of integrated system identification and system
optimization", IEEE Transactions on Systems, Man, and Cybernetics 1, 1971.) The limit on the other total is a row of the linear
program from the start. From the least cost on it is tightened step by step, each point warm-started from the one before; the
nearer to the other end, the more of the plan a step changes, so that the last points are solved from scratch, in parallel. Each
point has a price of the limit above zero and, with it, no gap: it minimises cost + price * other over all plans, so that no
plan is better in one and as good in the other.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from planner.errors import NumericalError
from planner.progress import Progress
from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Basis, Outcome, Solver, SolverOptions
from planner.solve.reduce.from_scratch import minimise_from_scratch
from planner.solve.solution import Proof, prove, require_optimal

A = TypeVar("A")
B = TypeVar("B")

FROM_SCRATCH = 1 / 6  # of the points between: so both threads end at about the same time (docs/speed.md)
LIMIT = "limit_total"  # the name of the row
ZERO = 1e-7  # a reduced cost or a price up to this is zero: the tolerance of the solver
PROVEN = 1e-7  # gap and residuals up to which a point belongs to the frontier, relative


@dataclass(frozen=True)
class Point:
    """The least ``cost`` of all plans whose other total is at most ``other``.

    ``price``: the cost of the last unit by which the other total was reduced; at the end of least cost that of the first unit,
    at the other end that of the last one. Where any price in a range is right, one of them. ``proof`` is recomputed from the
    arrays: it compares the plan, at that price, with every other plan."""

    cost: float
    other: float
    price: float
    values: Floats
    proof: Proof


def trace(
    form: Form,
    other: Floats,
    points: int,
    months: tuple[str, ...],
    progress: Progress,
    spacing: float = 1.0,
) -> list[Point]:
    """Find ``points`` points (2 or more) from the least cost to the least ``other @ x``.

    ``spacing`` 1: at equal steps of the latter; more: at growing steps, point k of n at (k / n) ** spacing of the way. The ends
    are optima of one total, and among those the best in the other. A single point if one plan is best in both.
    Raises as `planner.solve.solution.require_optimal` does, and NumericalError for a point that its own arrays do not prove."""
    whole, stop = with_row(form, other), threading.Event()
    near = Solver(whole, SolverOptions(crossover=True), progress.update)
    far = Solver(whole, SolverOptions(crossover=True), None, stop)
    with progress.phase("both ends"):
        (first, basis), last = in_parallel(
            lambda: least_cost(near, other, months), lambda: least_other(far, whole, other, months), stop
        )
    walked, jumped = limits_between(first, last, points, spacing)

    def walk() -> list[Point]:
        found = []
        for number, point in enumerate(points_at(near, whole, other, walked, months, basis), start=1):
            found.append(point)
            progress.count(number, len(walked), "points")
        return found

    def jump() -> list[Point]:
        return [point for limit in jumped if not stop.is_set() for point in points_at(far, whole, other, [limit], months)]

    if is_single(first, last):
        return [first]
    with progress.phase("points between"):
        steps, jumps = in_parallel(walk, jump, stop)
    return [first, *steps, *jumps, last]


def least_cost(solver: Solver, other: Floats, months: tuple[str, ...]) -> tuple[Point, Basis | None]:
    """The end of least cost of the form with its row that a new solver holds, and the vertex of the first of its optima."""
    whole = solver.form
    best = minimise_from_scratch(solver)
    require_optimal(best, whole, months)
    basis = solver.basis()
    then = _optimum(solver, best_face(whole, best), other, 0.0, months, warm=True)
    return _end(whole, other, best, then, cost_first=True), basis


def least_other(solver: Solver, whole: Form, other: Floats, months: tuple[str, ...]) -> Point:
    """The end of the least of the other total."""
    best = _optimum(solver, whole, other, 0.0, months)
    then = _optimum(solver, best_face(whole, best), whole.cost, whole.offset, months)
    return _end(whole, other, best, then, cost_first=False)


def points_at(
    solver: Solver, whole: Form, other: Floats, limits: Sequence[float], months: tuple[str, ...], basis: Basis | None = None
) -> Iterator[Point]:
    """The point at each limit on the other total, the first warm-started from ``basis`` or solved from scratch, each other from
    the one before."""
    if basis is not None:
        solver.change(whole)
        solver.start_from(basis)
    for number, limit in enumerate(limits):
        limited = with_limit(whole, limit)
        outcome = _optimum(solver, limited, whole.cost, whole.offset, months, warm=number > 0 or basis is not None)
        yield _proven(limited, other, outcome)


def limits_between(first: Point, last: Point, points: int, spacing: float) -> tuple[list[float], list[float]]:
    """The limits on the other total between the ends: those that one solver reaches step by step, and those that are solved
    from scratch."""
    limits = (first.other + (last.other - first.other) * np.linspace(0.0, 1.0, points)[1:-1] ** spacing).tolist()
    walked = len(limits) - int(FROM_SCRATCH * len(limits))
    return limits[:walked], limits[walked:]


def is_single(first: Point, last: Point) -> bool:
    """Whether the plan of least cost has the least of the other total too."""
    return first.other - last.other <= ZERO * max(1.0, abs(first.other))


def in_parallel(mine: Callable[[], A], theirs: Callable[[], B], stop: threading.Event) -> tuple[A, B]:
    """Run two solves in parallel: HiGHS releases Python's lock. ``theirs`` runs in a thread of its own, which hears no signal:
    when ``mine`` raises, ``stop`` is set, and the other is not waited for."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="parallel")
    try:
        other = pool.submit(theirs)
        return mine(), other.result()
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(wait=False)


def with_row(form: Form, coefficients: Floats) -> Form:
    """The form with ``coefficients @ x <= infinity`` as its last row."""
    matrix = csc_array(vstack([form.by_rows, csr_array(coefficients[None, :])]))
    return form.extended(matrix, [], [(LIMIT, None)], sides=(-np.inf, np.inf))


def with_limit(form: Form, limit: float) -> Form:
    """The form with another limit in its last row."""
    return dataclasses.replace(form, row_upper=np.append(form.row_upper[:-1], limit))


def best_face(form: Form, outcome: Outcome) -> Form:
    """The plans that are as good as an optimum: what has a price there is fixed (complementary slackness).

    No tolerance on the objective is needed, and the basis of ``outcome`` stays one."""
    dear = np.abs(outcome.reduced_costs) > ZERO
    tight = np.abs(outcome.duals) > ZERO
    side = np.where(outcome.duals > 0, form.row_lower, form.row_upper)
    return dataclasses.replace(
        form,
        upper=np.where(dear, form.lower, form.upper),
        row_lower=np.where(tight, side, form.row_lower),
        row_upper=np.where(tight, side, form.row_upper),
    )


def _optimum(solver: Solver, form: Form, cost: Floats, offset: float, months: tuple[str, ...], warm: bool = False) -> Outcome:
    """The least ``cost`` within the limits of ``form``: from scratch, or warm-started from the last basis."""
    solver.change(dataclasses.replace(form, cost=cost, offset=offset))
    if warm:
        outcome = solver.minimise(cost, offset)
    else:
        solver.forget()
        outcome = minimise_from_scratch(solver, guess=False)  # where the other total is dear, chips are idle
    require_optimal(outcome, form, months)
    return outcome


def _end(form: Form, other: Floats, best: Outcome, then: Outcome, cost_first: bool) -> Point:
    """An end. ``best`` has the prices of the total that came first, ``then`` the plan and the prices of the second on its best
    face: enough of the first added to the second proves the plan for both at once."""
    weight = _weight(form, best, then)
    if cost_first:
        price = 1.0 / weight if weight > ZERO else 0.0  # 0: the same plan is best in both
        duals = best.duals + price * then.duals
    else:
        price = weight
        duals = then.duals + price * best.duals
    duals = np.append(duals[:-1], -price)
    outcome = dataclasses.replace(then, duals=duals)
    return _proven(with_limit(form, float(other @ then.values)), other, outcome)


def _weight(form: Form, best: Outcome, then: Outcome) -> float:
    """The least weight of the first total at which nothing that is fixed on its best face would pay for the second."""
    one_sided = form.row_lower != form.row_upper
    pull = np.concatenate([best.reduced_costs, best.duals[one_sided]])
    push = np.concatenate([then.reduced_costs, then.duals[one_sided]])
    held = np.abs(pull) > ZERO
    return float(np.max(-push[held] / pull[held], initial=0.0))


def _proven(form: Form, other: Floats, outcome: Outcome) -> Point:
    proof = prove(form, outcome)
    if not proof.worst <= PROVEN:
        raise NumericalError(
            f"a point of the frontier is not proven: gap {proof.gap:.1e}, residuals {proof.primal_residual:.1e} and "
            f"{proof.dual_residual:.1e}, expected at most {PROVEN:.0e}"
        )
    total = float(other @ outcome.values)
    return Point(proof.objective_musd, total, -float(outcome.duals[-1]), outcome.values, proof)


def faults(points: Sequence[Point]) -> list[str]:
    """What contradicts a frontier: each point must cost more and have less of the other than the one before, no price may fall,
    and no point may be above the line between its neighbours."""
    found = []
    for number, (a, b) in enumerate(pairwise(points), start=1):
        if not (b.cost > a.cost and b.other < a.other):
            found.append(f"point {number + 1} is no better in either total than point {number}")
            continue
        slope, room = (b.cost - a.cost) / (a.other - b.other), 1e-6 * max(1.0, abs(b.cost)) / (a.other - b.other)
        if not a.price - room <= slope <= b.price + room:
            found.append(
                f"from point {number} to {number + 1} a unit costs {slope:g}, their prices are {a.price:g} and {b.price:g}"
            )
    return found
