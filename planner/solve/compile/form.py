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

from models.build import ONE_AT_A_TIME
from planner.errors import InfeasibleError
from planner.solve.compile.arrays import Arrays, read_arrays
from planner.solve.compile.templates import Floats as Floats
from planner.solve.compile.templates import NotTemplated

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
    take longer than handing the arrays over. A model with a rule that is no template takes Pyomo's compiler, row by row."""
    with ONE_AT_A_TIME, PauseGC():
        try:
            arrays = read_arrays(model)
        except NotTemplated:
            arrays = compile_rows(model)
    if arrays is None:
        raise InfeasibleError("no plan meets all limits")
    cost, offset = arrays.costs["total_cost"]
    return Form(
        cost=cost,
        offset=offset,
        aim=arrays.costs["unserved_compute"][0] if "unserved_compute" in arrays.costs else None,
        lower=np.zeros(len(arrays.columns)),
        upper=np.full(len(arrays.columns), np.inf),
        row_lower=np.where(arrays.kinds == 1, -np.inf, arrays.rhs),
        row_upper=np.where(arrays.kinds == -1, np.inf, arrays.rhs),
        starts=arrays.matrix.indptr.astype(np.int32),
        indices=arrays.matrix.indices.astype(np.int32),
        values=arrays.matrix.data.astype(np.float64),
        columns=arrays.columns,
        rows=arrays.rows,
    )


def compile_rows(model: pyo.ConcreteModel) -> Arrays | None:
    """The arrays by Pyomo's own compiler, whatever the model says. None as for `read_arrays`."""
    try:
        with _quiet_deprecations():
            standard = LinearStandardFormCompiler().write(model, mixed_form=True)
    except InfeasibleConstraintException:
        return None
    names = [objective.local_name for objective in standard.objectives]
    coefficients = zip(standard.c.toarray(), standard.c_offset.tolist(), strict=True)
    return Arrays(
        costs=dict(zip(names, coefficients, strict=True)),
        matrix=standard.A.tocsc(),
        kinds=np.fromiter((row.bound_type for row in standard.rows), dtype=np.int8, count=len(standard.rows)),
        rhs=np.asarray(standard.rhs, dtype=np.float64),
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
