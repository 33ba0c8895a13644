"""Columns and rows that nothing tells apart become one: slices of a month with the same prices, work and light, for example.

Colour refinement (Grohe, Kersting, Mladenov, Selman, "Dimension reduction via colour refinement", ESA 2014): columns are of one
class where cost, bounds and entries in every class of rows agree, and rows likewise. Some optimum treats a class alike, so that
the smaller program has the same optimal cost, and each row its part of the price of its class. Slices weigh by their hours:
costs, and entries in a column, are compared for each hour.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csc_array

from planner.solve.compile.form import Floats, Form
from planner.solve.reduce.basis_point import Point, Vertex, by_rows
from planner.solve.reduce.colours import Colours, mixed, of_numbers, of_parts

Ids = npt.NDArray[np.int64]

SAVED = 0.1  # share of the columns that must go, or refining them further is not worth its time
ROUNDS = 3  # of refinement before classes are counted, which takes longer than a round


BY_SLICE = {  # columns and rows whose index ends with a slice
    *("run", "orbit_run", "output", "shift", "waiting", "charge", "stored"),
    *("run_installed", "run_in_orbit", "balance_power", "respect_capacity", "place_compute", "place_compute_in_orbit"),
    *("conserve_waiting", "limit_waiting", "conserve_stored", "limit_charge", "limit_stored"),
}
PRICED = "output"  # what costs by the hour in each slice


@dataclass(frozen=True)
class Alike:
    """``whole`` with one column and one row of each class is ``form``: ``column`` and ``row`` hold the class of each.

    ``weight``: of each row, in proportion to which its class shares its price."""

    whole: Form
    form: Form
    column: Ids
    row: Ids
    weight: Floats

    def lift(self, vertex: Vertex) -> Vertex:
        """The same statuses throughout a class: fewer are basic than there are rows, slacks make up for it."""
        return Vertex(vertex.values[self.column], vertex.columns[self.column], vertex.rows[self.row])

    def lift_point(self, point: Point) -> Point:
        """The same values throughout a class, and to each row its part of the price."""
        each = point.duals / np.bincount(self.row, weights=self.weight)
        return Point(point.values[self.column], self.weight * each[self.row])


def with_alike(form: Form) -> Alike | None:
    """The program with one of each class; None: too few columns are alike."""
    weights = _weights(form)
    classes = _classes(form, *weights)
    if classes is None:
        return None
    column, row = classes
    columns, rows = (np.unique(each, return_index=True)[1] for each in (column, row))
    entries = by_rows(form)[rows].tocoo()
    shape = (len(rows), len(columns))
    held = csc_array(coo_array((entries.data, (entries.row, column[entries.col])), shape=shape))
    held.sum_duplicates()
    held.eliminate_zeros()
    small = dataclasses.replace(
        form,
        cost=np.bincount(column, weights=form.cost).astype(np.float64),
        lower=form.lower[columns],
        upper=form.upper[columns],
        row_lower=form.row_lower[rows],
        row_upper=form.row_upper[rows],
        starts=held.indptr.astype(np.int32),
        indices=held.indices.astype(np.int32),
        values=held.data,
        columns=[form.columns[j] for j in columns.tolist()],
        rows=[form.rows[i] for i in rows.tolist()],
    )
    return Alike(form, small, column, row, weights[1])


def _weights(form: Form) -> tuple[Floats, Floats]:
    """Of each column and each row: how long its slice is, against the mean; 1 without one.

    Told from what most places pay for power by slice. A wrong weight only keeps apart what is alike."""
    costs: dict[Any, dict[Any, float]] = {}
    for (name, index), cost in zip(form.columns, form.cost.tolist(), strict=True):
        if name == PRICED and cost > 0:
            costs.setdefault(index[:-1], {})[index[-1]] = cost
    slices = {k for by_slice in costs.values() for k in by_slice}
    shares = [[by_slice[k] for k in sorted(slices)] for by_slice in costs.values() if len(by_slice) == len(slices)]
    if not shares:
        return np.ones(form.shape[1]), np.ones(form.shape[0])
    share = np.array(shares)
    hours = dict(zip(sorted(slices), np.median(share / share.mean(axis=1, keepdims=True), axis=0).tolist(), strict=True))
    columns, rows = (
        np.array([hours.get(index[-1], 1.0) if name in BY_SLICE else 1.0 for name, index in keys])
        for keys in (form.columns, form.rows)
    )
    return columns, rows


def _classes(form: Form, weight: Floats, row_weight: Floats) -> tuple[Ids, Ids] | None:
    """The class of each column and each row, of the coarsest partition that the program allows; None: it saves too little."""
    matrix = by_rows(form)
    of_column = of_numbers(form.values * row_weight[form.indices] / np.repeat(weight, np.diff(form.starts)))
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
            columns = mixed(columns, of_parts(mixed(of_column, rows[form.indices]), form.starts))
            rows = mixed(rows, of_parts(mixed(of_row, columns[matrix.indices]), matrix.indptr))
    return _numbered(columns), _numbered(rows)


def _numbered(colours: Colours) -> Ids:
    """Colours as 0, 1, 2 .. in the order of their first members."""
    _, first, inverse = np.unique(colours, return_index=True, return_inverse=True)
    place = np.empty(len(first), dtype=np.int64)
    place[np.argsort(first)] = np.arange(len(first))
    return place[inverse]
