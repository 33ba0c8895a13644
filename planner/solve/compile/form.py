"""The standard form of a model: arrays that HiGHS takes as they are, and the way back from row and column to name and index."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.core as pyo
from pyomo.common.errors import InfeasibleConstraintException
from pyomo.common.gc_manager import PauseGC
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csc_array, csr_array

from models.build import ONE_AT_A_TIME
from planner.errors import InfeasibleError
from planner.solve.compile.arrays import Arrays, read_arrays, summed as summed
from planner.solve.compile.templates import Floats as Floats, NotTemplated

Ids = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Key = tuple[str, Any]  # name and index of a row or a column


@dataclass(frozen=True)
class Form:
    """min cost x + offset subject to row_lower <= A x <= row_upper, lower <= x <= upper.

    ``aim`` is another objective, minimised before the cost (mode `energy`), or None."""

    cost: Floats
    offset: float
    aim: Floats | None
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    matrix: csc_array  # A
    columns: list[Key]  # (variable, index) of each column
    rows: list[Key]  # (constraint, index) of each row

    def __post_init__(self) -> None:
        for part in ("indptr", "indices"):
            setattr(self.matrix, part, getattr(self.matrix, part).astype(np.int32, copy=False))  # as HiGHS takes them

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return len(self.rows), len(self.columns)

    @property
    def arrays(self) -> tuple[Any, ...]:
        """All numbers but the offset, in the order in which HiGHS takes them; of A where each column starts, rows, entries."""
        a = self.matrix
        return self.cost, self.lower, self.upper, self.row_lower, self.row_upper, a.indptr, a.indices, a.data

    @cached_property
    def by_rows(self) -> csr_array:
        """A by rows; the entries of a row are in the order of its columns."""
        return csr_array(self.matrix)

    def part(self, rows: npt.NDArray[Any], columns: npt.NDArray[Any], matrix: Any = None, **changes: Any) -> Form:
        """Some rows and columns, by number or by mask, with ``matrix`` in place of their part of A, and other fields as
        ``changes`` says."""
        kept_rows, kept_columns = (
            np.flatnonzero(each).tolist() if each.dtype == bool else each.tolist() for each in (rows, columns)
        )
        fields = {
            "cost": self.cost[columns],
            "lower": self.lower[columns],
            "upper": self.upper[columns],
            "row_lower": self.row_lower[rows],
            "row_upper": self.row_upper[rows],
            "matrix": csc_array(self.by_rows[rows][:, columns] if matrix is None else matrix),
            "columns": [self.columns[j] for j in kept_columns],
            "rows": [self.rows[i] for i in kept_rows],
        }
        return dataclasses.replace(self, **(fields | changes))

    def extended(
        self, matrix: csc_array, columns: list[Key], rows: list[Key], cost: Any = 0.0, lower: Any = 0.0, sides: Any = (0.0, 0.0)
    ) -> Form:
        """More columns, without an upper bound, and more rows at the end; ``matrix`` is the whole of A."""
        zeros, free = np.zeros(len(columns)), np.zeros(len(rows))
        return dataclasses.replace(
            self,
            cost=np.append(self.cost, zeros + cost),
            lower=np.append(self.lower, zeros + lower),
            upper=np.append(self.upper, zeros + np.inf),
            row_lower=np.append(self.row_lower, free + sides[0]),
            row_upper=np.append(self.row_upper, free + sides[1]),
            matrix=matrix,
            columns=[*self.columns, *columns],
            rows=[*self.rows, *rows],
        )

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Smallest and largest magnitude of matrix, cost, bounds and right-hand sides: what decides numerical trouble."""

        def span(values: Floats) -> tuple[float, float]:
            sizes = np.abs(values[np.isfinite(values) & (values != 0)])
            return (float(sizes.min()), float(sizes.max())) if sizes.size else (0.0, 0.0)

        bounds = np.concatenate([self.lower, self.upper])
        sides = np.concatenate([self.row_lower, self.row_upper])
        kinds = {"matrix": self.matrix.data, "cost": self.cost, "bounds": bounds, "right_hand_side": sides}
        return {kind: span(values) for kind, values in kinds.items()}


def compile_form(model: pyo.ConcreteModel) -> Form:
    """Compile once; nothing is written to disk. Raises InfeasibleError for a limit that has no variable and does not hold.

    Every variable of the model is non-negative and has no upper bound (a test checks it): asking each of them would take longer
    than passing the arrays on. A model with a rule that is not a template goes through Pyomo's compiler, row by row."""
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
        matrix=arrays.matrix,
        columns=arrays.columns,
        rows=arrays.rows,
    )


def compile_rows(model: pyo.ConcreteModel) -> Arrays | None:
    """The arrays by Pyomo's own compiler, whatever the model contains. None as for `read_arrays`."""
    try:
        with _quiet_deprecations():
            standard = LinearStandardFormCompiler().write(model, mixed_form=True)
    except InfeasibleConstraintException:
        return None
    names = [objective.local_name for objective in standard.objectives]
    coefficients = zip(standard.c.toarray(), standard.c_offset.tolist(), strict=True)
    return Arrays(
        costs=dict(zip(names, coefficients, strict=True)),
        matrix=csc_array(standard.A),
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


def months_of_columns(form: Form) -> Ids:
    """The month of each column: the first number in its index; 1 for one without a month."""
    place: dict[str, int | None] = {}
    found = np.ones(form.shape[1], dtype=np.int64)
    for column, (name, index) in enumerate(form.columns):
        if name not in place:
            parts = index if isinstance(index, tuple) else (index,)
            place[name] = next((position for position, part in enumerate(parts) if not isinstance(part, str)), None)
        position = place[name]
        if position is not None:
            found[column] = index[position] if isinstance(index, tuple) else index
    return np.maximum(found, 1)


def due_months(form: Form, month: Ids) -> Ids:
    """The last month among the columns of each row, given the month of each column; 1 for a row without columns."""
    due = np.ones(form.shape[0], dtype=np.int64)
    np.maximum.at(due, form.matrix.indices, np.repeat(month, np.diff(form.matrix.indptr)))
    return due
