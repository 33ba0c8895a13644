"""The standard form of a model: arrays that HiGHS takes as they are, and the way back from row and column to name and index."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.environ as pyo
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

from planner.errors import InfeasibleError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Form:
    """min cost x + offset subject to row_lower <= A x <= row_upper, lower <= x <= upper. A is held by columns.

    ``aim`` is another objective, minimised before the cost (mode `energy`), or None."""

    cost: Floats
    offset: float
    aim: Floats | None
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    starts: Ints
    indices: Ints
    values: Floats
    columns: list[tuple[str, Any]]  # (variable, index) of each column
    rows: list[tuple[str, Any]]  # (constraint, index) of each row

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return len(self.rows), len(self.columns)

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Smallest and largest magnitude of matrix, cost, bounds and right-hand sides: what decides numerical trouble."""

        def span(values: Floats) -> tuple[float, float]:
            sizes = np.abs(values[np.isfinite(values) & (values != 0)])
            return (float(sizes.min()), float(sizes.max())) if sizes.size else (0.0, 0.0)

        bounds = np.concatenate([self.lower, self.upper])
        sides = np.concatenate([self.row_lower, self.row_upper])
        return {"matrix": span(self.values), "cost": span(self.cost), "bounds": span(bounds), "right_hand_side": span(sides)}


def compile_form(model: pyo.ConcreteModel) -> Form:
    """Compile once; nothing is written to disk. Raises InfeasibleError for a limit that has no variable and does not hold.

    Every variable of the model is non-negative and has no upper bound (a test holds it to that): asking each of them would
    take longer than handing the arrays over."""
    try:
        with PauseGC(), _quiet_deprecations():
            standard = LinearStandardFormCompiler().write(model, mixed_form=True)
    except InfeasibleConstraintException as error:  # a limit without any variable that could meet it
        raise InfeasibleError("no plan meets all limits") from error
    matrix = standard.A.tocsc()
    kinds = np.fromiter((row.bound_type for row in standard.rows), dtype=np.int8, count=len(standard.rows))
    rhs = np.asarray(standard.rhs, dtype=np.float64)
    objectives = standard.c.toarray()
    names = [objective.local_name for objective in standard.objectives]
    columns = len(standard.columns)
    return Form(
        cost=objectives[names.index("total_cost")],
        offset=float(standard.c_offset[names.index("total_cost")]),
        aim=objectives[names.index("unserved_compute")] if "unserved_compute" in names else None,
        lower=np.zeros(columns),
        upper=np.full(columns, np.inf),
        row_lower=np.where(kinds == 1, -np.inf, rhs),
        row_upper=np.where(kinds == -1, np.inf, rhs),
        starts=matrix.indptr.astype(np.int32),
        indices=matrix.indices.astype(np.int32),
        values=matrix.data.astype(np.float64),
        columns=[(v.parent_component().local_name, v.index()) for v in standard.columns],
        rows=[(row.constraint.parent_component().local_name, row.constraint.index()) for row in standard.rows],
    )


@contextmanager
def _quiet_deprecations() -> Iterator[None]:
    """Pyomo 6.10 calls a method that it has itself deprecated; the user can do nothing about it."""
    logger = logging.getLogger("pyomo.core")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
