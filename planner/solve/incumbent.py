"""What is kept when the time limit strikes: a feasible plan, and how far from the best it can be at most."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.solve.bounds import admissible, implied_upper_bounds, lower_bound
from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Outcome
from planner.solve.reduce.basis_point import Point
from planner.solve.reduce.equal_columns import Alike, with_alike
from planner.solve.stages import Stages

NEAR = 0.1  # an interior point whose duals prove all but this share of its own cost has better prices than any stage

PLAIN = 1e-5  # share of a bound that may rest on how far columns can go, for its duals to be a proof by themselves
ROOM = 1000.0  # who checks that proof may find columns so many times farther: the bound is stated with that much room


@dataclass(frozen=True)
class Kept:
    """``values`` by column: a plan by its stages, not yet proven feasible as a whole. ``bound_musd``: no plan costs less.
    ``duals`` by row prove it by themselves; None: only together with how far each column can go."""

    values: Floats
    duals: Floats | None
    bound_musd: float
    stages: int
    seconds: float


def keep_plan(form: Form, stopped: Outcome, last: int, report: Callable[[str], None]) -> Kept | None:
    """A plan of ``last`` months and a bound on every plan; None: no plan was found.

    ``stopped`` is the iterate that the limit left. Its duals prove a bound and price what a year leaves to the next; where they
    are still far from any price, those of short stages do both."""
    started = time.perf_counter()
    step = with_alike(form)
    if step is not None:
        kept = _of_alike(step, stopped, last, report)
        return None if kept is None else dataclasses.replace(kept, seconds=time.perf_counter() - started)
    upper = implied_upper_bounds(form)
    known = [np.zeros(form.shape[0]), admissible(form, stopped.duals, upper)]
    bounds = [lower_bound(form, duals, upper) for duals in known]
    stages = Stages(form, last, report)
    cost = float(form.cost @ stopped.values) + form.offset
    if bounds[1][0] < (1.0 - NEAR) * cost or not stopped.values.any():
        apart = stages.duals(upper)
        if apart is not None:
            known.append(admissible(form, apart, upper))
            bounds.append(lower_bound(form, known[-1], upper))
    best = max(range(len(known)), key=lambda number: bounds[number][0])
    bound, in_box = bounds[best]
    plain = in_box <= PLAIN * abs(bound)
    plan = stages.plan(known[best])
    if plan is None:
        return None
    duals, bound = (known[best], bound - ROOM * in_box) if plain else (None, bound)
    return Kept(plan.values, duals, bound, plan.stages, time.perf_counter() - started)


def _of_alike(step: Alike, stopped: Outcome, last: int, report: Callable[[str], None]) -> Kept | None:
    """The same by way of a program with one of each class: its plans are plans of the whole, its bounds bounds."""
    one_of_each = np.unique(step.column, return_index=True)[1]
    together = np.bincount(step.row, weights=stopped.duals, minlength=step.form.shape[0]).astype(np.float64)
    kept = keep_plan(step.form, dataclasses.replace(stopped, values=stopped.values[one_of_each], duals=together), last, report)
    if kept is None:
        return None
    point = step.lift_point(Point(kept.values, np.zeros(step.form.shape[0]) if kept.duals is None else kept.duals))
    return dataclasses.replace(kept, values=point.values, duals=None if kept.duals is None else point.duals)
