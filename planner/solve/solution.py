"""Solve a plan: values and prices by name and index, and the proof of optimality."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.core as pyo

from models.build import build
from models.data import PlanData
from planner.deadline import NEVER, Deadline
from planner.errors import InfeasibleError, NumericalError, TimeLimitError, UnboundedError, blaming
from planner.progress import Progress
from planner.solve.choices import Choices, choose, decided
from planner.solve.compile.form import Floats, Form, compile_form
from planner.solve.conflict import is_feasible, unbounded_words
from planner.solve.highs import Outcome, Solver, SolverOptions
from planner.solve.incumbent import find_incumbent, solver_seconds
from planner.solve.proof import Proof as Proof, is_proven, prove as prove
from planner.solve.reduce.from_scratch import minimise_from_scratch
from planner.solve.scaling import scaling_words
from planner.solve.ties import settled

HELD = 1e-10  # the second pass of mode `energy` may lose this share of the most compute, whose last part is what costs most
AT_LEAST_S = 1.5  # for the plan that a time limit leaves: a small one gets a bound even from a limit of 0 s
UNSETTLED_SECONDS = 60.0  # to decide whether a plan is infeasible or unbounded
FEASIBLE = 1e-7  # residual up to which a plan made in stages is feasible
ALTERNATIVE = "alternative"  # the status of a plan that costs a little more than the optimum
MORE_TIME = "More time finds one, or proves that no plan meets all limits"
NOISE = 1e-9  # below this a value is zero: an interior point leaves noise where a vertex has zeros


@dataclass(frozen=True)
class Held:
    """What the second pass of mode `energy` keeps: ``coefficients`` x <= ``most_unserved``, weighted kH100e-months.

    ``musd``: the price of that row, what serving one more would cost, discounted; that of the dearest compute that is served.
    A program in which unserved compute costs so much, times its weight, has the same optimum and the same prices."""

    coefficients: Floats
    most_unserved: float
    musd: float = 0.0


@dataclass(frozen=True)
class Solution:
    """``values[variable][index]`` in the variable's unit; ``prices[constraint][index]`` in discounted million USD per unit of
    the row; ``reduced_costs[variable][index]`` likewise. A price is positive where a looser limit would save money.

    ``outcome.status`` is `optimal`, or `time_limit` or `alternative` for a feasible plan that is not optimal: it has no prices.
    ``proving``: duals that bound the cost of every plan, signed as prices, or empty; without an optimum they are not prices.
    ``choices``: how the whole projects were chosen; ``data`` has them decided, and all else is of the plan with them as they
    are. ``held``: in mode `energy`, the compute that its second pass keeps, and what that costs; prices keep it, too."""

    data: PlanData
    values: Mapping[str, Mapping[Any, float]]
    prices: Mapping[str, Mapping[Any, float]]
    reduced_costs: Mapping[str, Mapping[Any, float]]
    proof: Proof
    outcome: Outcome
    form: Form
    highs_seconds: float
    proving: Mapping[str, Mapping[Any, float]]
    choices: Choices | None = None
    held: Held | None = None


def solve(
    data: PlanData,
    options: SolverOptions | None = None,
    progress: Progress | None = None,
    deadline: Deadline | None = None,
) -> Solution:
    """Build, compile and solve a plan; raise unless the result is a proven optimum.

    When a time limit is reached: a feasible plan with status `time_limit` and a bound on its distance from the optimum. The
    limit covers building and making that plan too. ``deadline``: where it began earlier, and in place of that of ``options``.
    Raises InfeasibleError, UnboundedError, NumericalError, or TimeLimitError if no feasible plan was found."""
    progress, options = progress or Progress(), options or SolverOptions()
    deadline = deadline or Deadline(options.time_limit_s)
    if data.undecided:
        return _solve_whole(data, options, progress, deadline)
    began = time.perf_counter()
    model, form = standard_form(data, progress)
    building_s = time.perf_counter() - began
    with progress.phase("solve"):
        seconds = solver_seconds(deadline.left, building_s) if form.aim is None else deadline.left
        solver = Solver(form, dataclasses.replace(options, time_limit_s=seconds if deadline.limited else None), progress.update)
        extra = None
        if form.aim is not None:
            first = solver.minimise(form.aim, 0.0)
            require_optimal(first, form, data.months, deadline)
            extra = Held(form.aim, first.objective + HELD * max(1.0, abs(first.objective)))
            solver.add_row(extra.coefficients, extra.most_unserved)
            if deadline.limited:
                solver.limit_seconds(deadline.left)
        outcome = minimise_from_scratch(solver) if extra is None else solver.minimise(form.cost, form.offset)
        if outcome.status == "time_limit" and extra is None and is_proven(prove(form, outcome)):
            outcome.status = "optimal"  # an interior point without the time to become a vertex
        if outcome.status == "time_limit" and extra is None:
            return _unfinished(data, model, form, outcome, progress, deadline, building_s)
        require_optimal(outcome, form, data.months, deadline)
        if extra is None:
            outcome.basis = solver.basis()
    with progress.phase("read back"):
        return read_solution(data, model, form, outcome, extra, solver.seconds)


def _solve_whole(data: PlanData, options: SolverOptions, progress: Progress, deadline: Deadline) -> Solution:
    """Choose the whole projects, then solve the plan with the choices made. Where time ends the choosing before it is within
    `choices.GAP`, the plan counts as unfinished: its gap is to the bound on every choice, and it has no prices."""
    made = choices_of(data, progress, deadline)
    return with_choices(solve(decided(data, made.months), options, progress, deadline), made)


def choices_of(data: PlanData, progress: Progress, deadline: Deadline = NEVER) -> Choices:
    """The best choices of the whole projects that are not decided yet. Raises as `planner.solve.choices.choose` does."""
    _, form = standard_form(data, progress)
    with progress.phase("choose"):
        return choose(data, form, deadline, progress.update)


def with_choices(found: Solution, made: Choices) -> Solution:
    """The solution of a plan with its choices made, as one of the plan in which they were open."""
    if made.proven and found.outcome.status == "optimal":
        return dataclasses.replace(found, choices=made)
    message = found.outcome.message if made.proven else "the time limit ended the choice of the whole projects"
    outcome = dataclasses.replace(found.outcome, status="time_limit", message=message, basis=None)
    bound = min(made.bound_musd, found.proof.objective_musd, found.proof.dual_objective_musd)
    proof = dataclasses.replace(found.proof, dual_objective_musd=bound, dual_residual=0.0)
    return dataclasses.replace(found, prices={}, reduced_costs={}, outcome=outcome, proof=proof, choices=made)


def standard_form(data: PlanData, progress: Progress) -> tuple[pyo.ConcreteModel, Form]:
    """The model of a plan and its arrays."""
    with progress.phase("build"), blaming(data.own_blocks):
        model = build(data)
    with progress.phase("compile"):
        return model, compile_form(model)


def read_solution(
    data: PlanData,
    model: pyo.ConcreteModel,
    form: Form,
    outcome: Outcome,
    extra: Held | None,
    seconds: float,
) -> Solution:
    """Values, prices and proof by name. ``extra`` is the row that mode `energy` adds; its dual follows those of the program."""
    outcome = settled(data, form, outcome)
    if outcome.basis is None and extra is None:
        outcome = dataclasses.replace(outcome, values=at_their_least(form, outcome.values))
    values, reduced = _by_variable(model, form, outcome)
    row = None
    if extra is not None:
        rows = form.shape[0]
        extra = dataclasses.replace(extra, musd=max(0.0, -float(outcome.duals[rows])))
        outcome = dataclasses.replace(outcome, duals=outcome.duals[:rows])
        row = extra.coefficients, extra.most_unserved, -extra.musd
    prices = _by_constraint(form, outcome.duals)
    return Solution(data, values, prices, reduced, prove(form, outcome, row), outcome, form, seconds, prices, held=extra)


def at_their_least(form: Form, values: Floats) -> Floats:
    """The values with each account that one row alone asks for, such as unserved core work, no higher than the row asks.

    It costs something, so a vertex has it there; an interior point leaves a little more, which no other column explains."""
    a = form.matrix
    alone = np.flatnonzero((np.diff(a.indptr) == 1) & (form.cost > 0))
    rows, weights = a.indices[a.indptr[alone]], a.data[a.indptr[alone]]
    only = np.bincount(rows, minlength=a.shape[0])[rows] == 1  # two in one row would both take its room
    alone, rows, weights = alone[only], rows[only], weights[only]
    asked = np.where(weights > 0, form.row_lower[rows], form.row_upper[rows]) - (a @ values)[rows]
    found = values.copy()
    found[alone] = np.minimum(found[alone], np.maximum(form.lower[alone], found[alone] + asked / weights))
    return found


def _by_constraint(form: Form, duals: Floats) -> dict[str, dict[Any, float]]:
    """Duals by name, signed as prices. HiGHS's are d(cost)/d(right-hand side), negative for a binding upper limit."""
    found: dict[str, dict[Any, float]] = {}
    for (name, index), dual, low in zip(form.rows, duals.tolist(), np.isfinite(form.row_lower), strict=False):
        found.setdefault(name, {})[index] = dual if low else -dual
    return found


def require_optimal(outcome: Outcome, form: Form, months: tuple[str, ...], deadline: Deadline = NEVER) -> None:
    """Raise unless the outcome is an optimum."""
    if outcome.status == "optimal":
        return
    if outcome.status == "infeasible":
        raise InfeasibleError("no plan meets all limits", form=form)
    if outcome.status == "unbounded":
        if (
            is_feasible(form, min(UNSETTLED_SECONDS, deadline.left)) is False
        ):  # HiGHS's presolve may not decide which of the two it is
            raise InfeasibleError("no plan meets all limits", form=form)
        raise UnboundedError(unbounded_words(form, months))
    if outcome.status == "time_limit":
        raise TimeLimitError(
            f"{_limit_words(deadline)}; no plan is kept" + (", as always in mode `energy`" if form.aim is not None else "")
        )
    far = "; ".join(scaling_words(form, months)) or f"no number is out of range, coefficient ranges {form.ranges()}"
    raise NumericalError(f"HiGHS stopped without an answer ({outcome.message}): {far}")


def _unfinished(
    data: PlanData,
    model: pyo.ConcreteModel,
    form: Form,
    stopped: Outcome,
    progress: Progress,
    deadline: Deadline,
    building_s: float,
) -> Solution:
    """A feasible plan in place of the optimum that there was no time for. Raises TimeLimitError if none was found."""
    words, began = _limit_words(deadline), time.perf_counter()
    making = Deadline(max(AT_LEAST_S, deadline.left))
    incumbent = find_incumbent(form, stopped, len(data.months), progress.update, making, building_s)
    if incumbent is None:
        raise TimeLimitError(f"{words}, and no feasible plan was found in stages; no plan is kept. {MORE_TIME}")
    made = dataclasses.replace(
        stopped,
        message=words + _carried_on(incumbent.until, data.months),
        values=incumbent.values,
        algorithm=f"{stopped.algorithm}, stopped; plan made in {incumbent.stages} stages",
        seconds=stopped.seconds + time.perf_counter() - began,
    )
    outcome = _without_prices(form, made)
    found = prove(form, outcome)
    if found.primal_residual > FEASIBLE:
        residual = f"violates a limit by {found.primal_residual:.1e}, relative"
        raise TimeLimitError(f"{words}, and the plan made in stages {residual}; no plan is kept")
    proof = Proof(found.objective_musd, incumbent.bound_musd, found.primal_residual, 0.0)
    values, _ = _by_variable(model, form, outcome)
    proving = _by_constraint(form, incumbent.duals) if incumbent.duals is not None else {}
    return Solution(data, values, {}, {}, proof, outcome, form, outcome.seconds, proving)


def suboptimal(best: Solution, outcome: Outcome) -> Solution:
    """A feasible plan of the same program as the ``best``, whose duals bound its cost. It has no prices."""
    form = best.form
    outcome = _without_prices(form, dataclasses.replace(outcome, status=ALTERNATIVE, basis=None, reduced_to=None))
    found = prove(form, outcome)
    if found.primal_residual > FEASIBLE:
        raise NumericalError(f"an alternative violates a limit by {found.primal_residual:.1e}, relative")
    values = {name: dict(entries) for name, entries in best.values.items()}
    for (name, index), value in zip(form.columns, _without_noise(outcome.values), strict=True):
        values[name][index] = value
    proof = Proof(outcome.objective, best.proof.dual_objective_musd, found.primal_residual, 0.0)
    return dataclasses.replace(best, values=values, prices={}, reduced_costs={}, proof=proof, outcome=outcome)


def _without_prices(form: Form, outcome: Outcome) -> Outcome:
    """The outcome of a plan that is not optimal: its own cost, and neither duals nor reduced costs."""
    return dataclasses.replace(
        outcome,
        objective=float(form.cost @ outcome.values) + form.offset,
        reduced_costs=np.zeros(form.shape[1]),
        duals=np.zeros(form.shape[0]),
    )


def _carried_on(until: int, months: tuple[str, ...]) -> str:
    """In which months the plan adds nothing, in words."""
    if until == len(months):
        return ""
    since = f"from {months[until]} on" if until else "to what is installed and signed"
    return f"; there was no time to decide what to add {since}"


def _limit_words(deadline: Deadline) -> str:
    limit = deadline.seconds
    return f"the time limit of {limit:g} s ended before an optimum was proven" if limit else "a limit of 0 s proves no optimum"


def _without_noise(values: Floats) -> list[float]:
    return list(np.where(values < NOISE, 0.0, values).tolist())


def _by_variable(
    model: pyo.ConcreteModel, form: Form, outcome: Outcome
) -> tuple[dict[str, dict[Any, float]], dict[str, dict[Any, float]]]:
    """Values of every variable, including fixed and unused ones, and reduced costs of the columns."""
    values = {
        variable.local_name: {index: float(entry.value) if entry.fixed else 0.0 for index, entry in variable.items()}
        for variable in model.component_objects(pyo.Var)
    }
    reduced: dict[str, dict[Any, float]] = {}
    clean = _without_noise(outcome.values)
    for (name, index), value, cost in zip(form.columns, clean, outcome.reduced_costs.tolist(), strict=True):
        values[name][index] = value
        reduced.setdefault(name, {})[index] = cost
    return values, reduced
