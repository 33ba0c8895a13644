"""Merge columns and rows that nothing distinguishes: slices of a month with the same prices, work and light, for example.

Colour refinement finds the coarsest equitable partition: columns are in one class if their costs, bounds and entries in every
class of rows agree, and rows likewise. Some optimum has equal values throughout each class, so that the program with one column
and one row per class has the same optimal cost, and each row a share of the price of its class (Grohe, Kersting, Mladenov,
Selman, "Dimension reduction via colour refinement", ESA 2014). Slices are weighted by their hours: costs, and entries in a
column, are compared per hour. Exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.solve.compile.form import Floats, Form, Ids, summed
from planner.solve.reduce.hints import ENERGY, by_slice
from planner.solve.reduce.step import BasicSolution, PrimalDual, Step

Colours = npt.NDArray[np.uint64]

SAVED = 0.1  # share of the columns that must go, or refining them further is not worth its time
ROUNDS = 3  # of refinement before classes are counted, which takes longer than a round


@dataclass(frozen=True)
class EqualColumns(Step):
    """``column`` and ``row``: the class of each, which is its column or row in the reduced program. ``weight`` of each row:
    the price of a class is shared in proportion to it."""

    column: Ids
    row: Ids
    weight: Floats

    def postsolve(self, point: PrimalDual) -> PrimalDual:
        """Equal values throughout a class, and for each row its share of the price."""
        each = point.duals / np.bincount(self.row, weights=self.weight)
        return PrimalDual(point.values[self.column], self.weight * each[self.row])

    def postsolve_basis(self, basis: BasicSolution) -> BasicSolution:
        """Equal statuses throughout a class: fewer are basic than there are rows, and simplex adds slacks."""
        return BasicSolution(basis.values[self.column], basis.columns[self.column], basis.rows[self.row])


def reduce(form: Form) -> EqualColumns | None:
    """The program with one column and one row per class. None: too few columns are equal."""
    weights = _weights(form)
    classes = _classes(form, *weights)
    if classes is None:
        return None
    column, row = classes
    columns, rows = (np.unique(each, return_index=True)[1] for each in (column, row))
    entries = form.by_rows[rows].tocoo()
    small = form.part(
        rows,
        columns,
        summed(entries.data, entries.row, column[entries.col], (len(rows), len(columns))),
        cost=np.bincount(column, weights=form.cost).astype(np.float64),
    )
    return EqualColumns(form, small, column, row, weights[1])


def _weights(form: Form) -> tuple[Floats, Floats]:
    """Of each column and each row: the length of its slice relative to the mean; 1 without a slice.

    Derived from what most places pay for energy by slice. A wrong weight only keeps equal columns apart."""
    costs: dict[Any, dict[Any, float]] = {}
    for (name, index), cost in zip(form.columns, form.cost.tolist(), strict=True):
        if name == ENERGY and cost > 0:
            costs.setdefault(index[:-1], {})[index[-1]] = cost
    slices = {k for each in costs.values() for k in each}
    shares = [[each[k] for k in sorted(slices)] for each in costs.values() if len(each) == len(slices)]
    if not shares:
        return np.ones(form.shape[1]), np.ones(form.shape[0])
    share = np.array(shares)
    hours = dict(zip(sorted(slices), np.median(share / share.mean(axis=1, keepdims=True), axis=0).tolist(), strict=True))
    columns, rows = (
        np.array([hours.get(index[-1], 1.0) if name in sliced else 1.0 for name, index in keys])
        for keys, sliced in ((form.columns, by_slice(form.columns)), (form.rows, by_slice(form.rows)))
    )
    return columns, rows


def _classes(form: Form, weight: Floats, row_weight: Floats) -> tuple[Ids, Ids] | None:
    """The class of each column and each row in the coarsest equitable partition. None: it saves too little."""
    matrix = form.by_rows
    of_column = of_numbers(form.matrix.data * row_weight[form.matrix.indices] / np.repeat(weight, np.diff(form.matrix.indptr)))
    of_row = of_numbers(matrix.data)
    columns = mixed(of_numbers(form.cost / weight), of_numbers(form.lower), of_numbers(form.upper))
    rows = mixed(of_numbers(form.row_lower), of_numbers(form.row_upper))
    count = 0
    while True:
        found = len(np.unique(columns))
        if found > (1.0 - SAVED) * len(columns):
            return None
        found += len(np.unique(rows))
        if found == count:
            break
        count = found
        for _ in range(ROUNDS):
            columns = mixed(columns, of_parts(mixed(of_column, rows[form.matrix.indices]), form.matrix.indptr))
            rows = mixed(rows, of_parts(mixed(of_row, columns[matrix.indices]), matrix.indptr))
    return _numbered(columns), _numbered(rows)


def _numbered(colours: Colours) -> Ids:
    """Colours as 0, 1, 2 .. in the order of their first members."""
    _, first, inverse = np.unique(colours, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse]


def of_numbers(values: Floats) -> Colours:
    """The bits of each number except the last ten, where rounding shows; -0.0 is 0.0."""
    bits: Colours = (values + 0.0).view(np.uint64)
    return (bits + np.uint64(512)) >> np.uint64(10)


def mixed(*colours: Colours) -> Colours:
    """One colour from several (splitmix64): equal if all are, and otherwise different but for one chance in 2**64."""
    found = np.zeros_like(colours[0])
    for colour in colours:
        found = found * np.uint64(0x9E3779B97F4A7C15) + colour + np.uint64(0x9E3779B97F4A7C15)
        found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found = found ^ (found >> np.uint64(31))
    return found


def of_parts(colours: Colours, starts: npt.NDArray[np.integer]) -> Colours:
    """The sum over each part that begins at one of ``starts`` and ends at the next, modulo 2**64: the same in any order."""
    total = np.zeros(len(colours) + 1, dtype=np.uint64)
    np.cumsum(colours, out=total[1:])
    sums: Colours = total[starts[1:]] - total[starts[:-1]]
    return sums
