"""The plan that a time limit leaves: a feasible one, and how far from optimal it can be at most."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.solve.bounds import admissible, implied_upper_bounds, lower_bound
from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Outcome
from planner.solve.reduce import equal_columns
from planner.solve.reduce.step import PrimalDual
from planner.solve.stages import Stages

NEAR = 0.1  # an iterate whose duals prove all but this share of its own cost has better prices than any stage

NEGLIGIBLE = 1e-5  # share of a bound that may rest on the bounds of columns, for its duals to be a proof by themselves
MARGIN = 1000.0  # a check of that proof may derive bounds so many times as large: the stated bound has that margin


@dataclass(frozen=True)
class Incumbent:
    """``values`` by column: a plan made in stages, not yet proven feasible as a whole. ``bound_musd``: no plan costs less.
    ``duals`` by row prove it by themselves; None: only together with bounds of columns."""

    values: Floats
    duals: Floats | None
    bound_musd: float
    stages: int
    seconds: float


def find_incumbent(form: Form, stopped: Outcome, last: int, report: Callable[[str], None]) -> Incumbent | None:
    """A plan of ``last`` months and a bound on every plan. None: no plan was found.

    ``stopped`` is the iterate at the time limit. Its duals prove a bound and price what a stage leaves to the next; while they
    are still far from any price, those of short stages do both."""
    started = time.perf_counter()
    step = equal_columns.reduce(form)
    found = _find(form, stopped, last, report) if step is None else _by_classes(step, stopped, last, report)
    return None if found is None else dataclasses.replace(found, seconds=time.perf_counter() - started)


def _find(form: Form, stopped: Outcome, last: int, report: Callable[[str], None]) -> Incumbent | None:
    upper = implied_upper_bounds(form)
    known = [np.zeros(form.shape[0]), admissible(form, stopped.duals, upper)]
    bounds = [lower_bound(form, duals, upper) for duals in known]
    stages = Stages(form, last, report)
    cost = float(form.cost @ stopped.values) + form.offset
    if bounds[1][0] < (1.0 - NEAR) * cost or not stopped.values.any():
        independent = stages.duals(upper)
        if independent is not None:
            known.append(admissible(form, independent, upper))
            bounds.append(lower_bound(form, known[-1], upper))
    best = max(range(len(known)), key=lambda number: bounds[number][0])
    bound, in_box = bounds[best]
    by_themselves = in_box <= NEGLIGIBLE * abs(bound)
    plan = stages.plan(known[best])
    if plan is None:
        return None
    duals, bound = (known[best], bound - MARGIN * in_box) if by_themselves else (None, bound)
    return Incumbent(plan.values, duals, bound, plan.stages, 0.0)


def _by_classes(
    step: equal_columns.EqualColumns, stopped: Outcome, last: int, report: Callable[[str], None]
) -> Incumbent | None:
    """The same from the program with one column per class: its plans are plans of the original, its bounds bounds."""
    one_of_each = np.unique(step.column, return_index=True)[1]
    together = np.bincount(step.row, weights=stopped.duals, minlength=step.form.shape[0]).astype(np.float64)
    stopped = dataclasses.replace(stopped, values=stopped.values[one_of_each], duals=together)
    found = _find(step.form, stopped, last, report)
    if found is None:
        return None
    point = step.postsolve(PrimalDual(found.values, np.zeros(step.form.shape[0]) if found.duals is None else found.duals))
    return dataclasses.replace(found, values=point.values, duals=None if found.duals is None else point.duals)
