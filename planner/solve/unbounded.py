"""What earns without end in a linear program that has no least cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from planner.solve.compile.form import Form
from planner.solve.highs import Solver, SolverOptions
from planner.solve.scaling import describe

SHOWN = 5


def earning(form: Form, months: Sequence[str]) -> list[tuple[str, float]]:
    """A direction in which the plan earns without end: names and amounts of its columns, relative to the largest, those that
    earn first. Empty when there is none.

    The direction of best earnings per unit: every right-hand side 0, every bound 0 or 1."""
    ray = dataclasses.replace(
        form,
        offset=0.0,
        aim=None,
        lower=np.where(np.isfinite(form.lower), 0.0, -1.0),
        upper=np.where(np.isfinite(form.upper), 0.0, 1.0),
        row_lower=np.where(np.isfinite(form.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(form.row_upper), 0.0, np.inf),
    )
    outcome = Solver(ray, SolverOptions(algorithm="simplex")).minimise(ray.cost, 0.0)
    if outcome.status != "optimal" or outcome.objective >= 0.0:
        return []
    moving = np.flatnonzero(np.abs(outcome.values) > 1e-9)
    order = moving[np.argsort(form.cost[moving] * outcome.values[moving], kind="stable")]
    return [(describe(form.columns[column], months), float(outcome.values[column])) for column in order]


def unbounded_words(form: Form, months: Sequence[str]) -> str:
    """What earns without end, and what it takes along."""
    found = earning(form, months)
    if not found:
        return "the plan could earn without end, and no direction was found in which it does"
    first, *others = [name for name, _ in found]
    words = f"the plan could earn without end: nothing limits {first}, and it is paid for"
    if others:
        more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
        words += f"; with it go {', '.join(others[:SHOWN])}{more}"
    return words + "; a price below zero, or a limit that is missing, is in the input of these"
