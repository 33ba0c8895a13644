"""The plan that a time limit leaves: a feasible one, and how far from optimal it can be at most."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from planner.deadline import NEVER, Deadline
from planner.solve.bounds import admissible, implied_upper_bounds, lower_bound
from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Outcome
from planner.solve.reduce import equal_columns
from planner.solve.reduce.hints import ARRIVAL, CONSERVE_FLEET, INSTALLED, LIMIT_RETIREMENT
from planner.solve.reduce.step import PrimalDual
from planner.solve.stages import CARRYING, RESERVED, Stages
from planner.solve.worker import Report

NEAR = 0.1  # an iterate whose duals prove all but this share of its own cost has better prices than any stage

REDUCING = 1.0  # reducing a program takes about as long as building it,
BOUNDING = 0.8  # and a bound on every column a little less

NEGLIGIBLE = 1e-5  # share of a bound that may rest on the bounds of columns, for its duals to be a proof by themselves
MARGIN = 1000.0  # a check of that proof may derive bounds so many times as large: the stated bound has that margin


@dataclass(frozen=True)
class Incumbent:
    """``values`` by column: a plan made in stages, not yet proven feasible as a whole; after month ``until`` it adds nothing.
    ``bound_musd``: no plan costs less. ``duals`` by row prove it by themselves; None: only together with bounds of columns."""

    values: Floats
    duals: Floats | None
    bound_musd: float
    stages: int
    until: int


def solver_seconds(left: float, building_s: float) -> float:
    """How many of the seconds that are left the solver gets, before a plan is made without it.

    That plan gets what it needs, but no more than half. A solver that could not even reduce the program gets nothing."""
    seconds = max(left / 2.0, left - (RESERVED + CARRYING) * building_s)
    return seconds if seconds > REDUCING * building_s else 0.0


def find_incumbent(
    form: Form, stopped: Outcome, last: int, report: Report, deadline: Deadline = NEVER, building_s: float = 0.0
) -> Incumbent | None:
    """A plan of ``last`` months and a bound on every plan. None: no plan was found.

    ``stopped`` is the iterate at the time limit. Its duals prove a bound and price what a stage leaves to the next; while they
    are still far from any price, those of short stages do both. Where time runs out, the bound is weaker and the plan adds
    nothing in its last months. ``building_s``: seconds that building the program took."""
    hurried = deadline.left < (CARRYING + REDUCING) * building_s
    step = None if hurried else equal_columns.reduce(form)
    if step is None:
        return _find(form, stopped, last, report, deadline, building_s)
    return _by_classes(step, stopped, last, report, deadline, building_s * step.form.shape[1] / form.shape[1])


def _find(form: Form, stopped: Outcome, last: int, report: Report, deadline: Deadline, building_s: float) -> Incumbent | None:
    limited = with_retirement_limits(form)
    stages = Stages(limited, last, report, building_s)
    prices, proof, bound = _bound(form, stopped, last, report, deadline, building_s)
    plan = stages.plan(np.append(prices, np.zeros(limited.shape[0] - form.shape[0])), deadline)
    return None if plan is None else Incumbent(plan.values, proof, bound, plan.stages, plan.until)


def _bound(
    form: Form, stopped: Outcome, last: int, report: Report, deadline: Deadline, building_s: float
) -> tuple[Floats, Floats | None, float]:
    """The best duals known, the same where they prove their bound by themselves, and that bound."""
    nothing = np.zeros(form.shape[0])
    bound, in_box = lower_bound(form, nothing, form.upper)
    if deadline.left < (CARRYING + BOUNDING) * building_s and np.isfinite(bound):
        return nothing, nothing, bound
    upper = implied_upper_bounds(form)
    known = [nothing, admissible(form, stopped.duals, upper)]
    bounds = [lower_bound(form, duals, upper) for duals in known]
    cost = float(form.cost @ stopped.values) + form.offset
    if bounds[1][0] < (1.0 - NEAR) * cost or not stopped.values.any():
        stages = Stages(form, last, report, building_s)
        independent = stages.duals(upper, deadline.within((deadline.left - stages.carrying_s) / 2.0))
        if independent is not None:
            known.append(admissible(form, independent, upper))
            bounds.append(lower_bound(form, known[-1], upper))
    best = max(range(len(known)), key=lambda number: bounds[number][0])
    bound, in_box = bounds[best]
    if in_box > NEGLIGIBLE * abs(bound):
        return known[best], None, bound
    return known[best], known[best], bound - MARGIN * in_box


def with_retirement_limits(form: Form) -> Form:
    """The program with the limit on retirement in every place: what arrives in a month is still installed at its end.

    The model has that limit where an optimum could break it; a plan in stages, which is no optimum, could elsewhere too."""
    matrix, rows, entries = form.by_rows, dict.fromkeys(form.rows), []
    for number, (name, index) in enumerate(form.rows):
        if name != CONSERVE_FLEET or (LIMIT_RETIREMENT, index) in rows:
            continue
        columns = matrix.indices[matrix.indptr[number] : matrix.indptr[number + 1]].tolist()
        month = {form.columns[j][0]: j for j in columns if form.columns[j][0] == ARRIVAL or form.columns[j][1][-1] == index[-1]}
        if ARRIVAL in month and INSTALLED in month:
            entries.append((index, month[ARRIVAL], month[INSTALLED]))
    if not entries:
        return form
    more = np.repeat(np.arange(len(entries)), 2)
    signs = np.tile([1.0, -1.0], len(entries))
    limits = csr_array((signs, (more, np.ravel([each[1:] for each in entries]))), shape=(len(entries), form.shape[1]))
    names = [(LIMIT_RETIREMENT, index) for index, _, _ in entries]
    return form.extended(csc_array(vstack([matrix, limits])), [], names, sides=(-np.inf, 0.0))


def _by_classes(
    step: equal_columns.EqualColumns, stopped: Outcome, last: int, report: Report, deadline: Deadline, building_s: float
) -> Incumbent | None:
    """The same from the program with one column per class: its plans are plans of the original, its bounds bounds."""
    one_of_each = np.unique(step.column, return_index=True)[1]
    together = np.bincount(step.row, weights=stopped.duals, minlength=step.form.shape[0]).astype(np.float64)
    stopped = dataclasses.replace(stopped, values=stopped.values[one_of_each], duals=together)
    found = _find(step.form, stopped, last, report, deadline, building_s)
    if found is None:
        return None
    point = step.postsolve(PrimalDual(found.values, np.zeros(step.form.shape[0]) if found.duals is None else found.duals))
    return dataclasses.replace(found, values=point.values, duals=None if found.duals is None else point.duals)
