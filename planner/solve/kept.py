"""What is kept when the time limit strikes: a feasible plan, and how far from the best it can be at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from planner.solve.bounds import implied_upper_bounds, lower_bound
from planner.solve.form import Floats, Form
from planner.solve.stages import staged_plan


@dataclass(frozen=True)
class Kept:
    """``values`` by column: a plan by its stages, not yet proven feasible as a whole. ``bound_musd``: no plan costs less."""

    values: Floats
    bound_musd: float
    stages: int
    seconds: float


def keep_plan(form: Form, duals: Floats, last: int, report: Callable[[str], None]) -> Kept | None:
    """A plan of ``last`` months and a bound; None: none was found.

    ``duals`` are those of the iterate that the limit stopped. They price what a year leaves to the next where they prove more
    than nothing: before, they are far from any price."""
    started = time.perf_counter()
    report("a bound on every plan")
    upper = implied_upper_bounds(form)
    nothing, reached = (lower_bound(form, y, upper) for y in (np.zeros_like(duals), duals))
    staged = staged_plan(form, duals if reached > nothing else None, last, report)
    if staged is None:
        return None
    bound = max(nothing, reached, lower_bound(form, staged.duals, upper))
    return Kept(staged.values, bound, staged.stages, time.perf_counter() - started)
