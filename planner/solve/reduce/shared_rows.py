"""Rows that count the same columns in the same proportions count their sum instead.

    a (x + 2 y) + .. <= b,  c (x + 2 y) + .. <= d   =   s = x + 2 y,  a s + .. <= b,  c s + .. <= d

A place's chips stand in its power, its halls and, where they all run, in the energy and the compute of each slice: in each by
nameplate or by compute, and nothing else. An interior point has less to factorise, for the same optimum (docs/speed.md).
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
from planner.solve.reduce.colours import mixed, of_numbers, of_parts

Ids = npt.NDArray[np.int64]

FEW = 3  # of so many columns the sum may be worth a column and a row of its own


@dataclass(frozen=True)
class Sums:
    """``whole`` with one more column and row, at the end, for each sum is ``form``."""

    whole: Form
    form: Form

    def lift(self, vertex: Vertex) -> Vertex:
        """The same vertex without the sums. One that is not basic is zero: so is what it adds up, of which one column too
        many is basic."""
        rows, columns = self.whole.shape
        basic = vertex.columns[:columns].copy()
        matrix = by_rows(self.form)
        for row in rows + np.flatnonzero(~vertex.columns[columns:] & ~vertex.rows[rows:]):
            parts = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            parts = parts[parts < columns]
            basic[parts[basic[parts]][:1]] = False
        return Vertex(vertex.values[:columns], basic, vertex.rows[:rows])

    def lift_point(self, point: Point) -> Point:
        """The same point without the sums."""
        rows, columns = self.whole.shape
        return Point(point.values[:columns], point.duals[:rows])


def with_sums(form: Form) -> Sums | None:
    """The program with a column for each sum that saves entries; None: there are none."""
    matrix = by_rows(form)
    matrix.sort_indices()
    row = np.repeat(np.arange(form.shape[0]), np.diff(matrix.indptr))
    begins = _begins(form, matrix, row)
    unit = matrix.data[begins[:-1]]
    size = np.diff(begins)
    shares = matrix.data / np.repeat(unit, size)
    colour = of_parts(mixed(matrix.indices.astype(np.uint64), of_numbers(shares)), begins)
    order = np.argsort(colour, kind="stable")
    order = order[size[order] >= FEW]
    ends = np.flatnonzero(np.diff(colour[order])) + 1
    alike = np.split(order, ends) if len(order) else []
    groups = [group for group in alike if _saves(len(group), int(size[group[0]]))]
    if not groups:
        return None
    rows, columns = form.shape
    gone = np.zeros(len(row), dtype=bool)
    at, of, values, lower = [], [], [], []
    for number, group in enumerate(groups):
        first = np.arange(begins[group[0]], begins[group[0] + 1])
        gone[(begins[group][:, None] + np.arange(len(first))).ravel()] = True
        counted = row[begins[group]]
        at += [np.full(len(first) + 1, rows + number), counted]
        of += [np.append(matrix.indices[first], columns + number), np.full(len(group), columns + number)]
        values += [np.append(shares[first], -1.0), unit[group]]
        lower.append(0.0 if _is_positive(form, matrix.indices[first], shares[first]) else -np.inf)
    where = (np.concatenate([row[~gone], *at]), np.concatenate([matrix.indices[~gone], *of]))
    shape = (rows + len(groups), columns + len(groups))
    held = csc_array(coo_array((np.concatenate([matrix.data[~gone], *values]), where), shape=shape))
    zeros = np.zeros(len(groups))
    names = [("sum", number) for number in range(len(groups))]
    small = dataclasses.replace(
        form,
        cost=np.concatenate([form.cost, zeros]),
        lower=np.concatenate([form.lower, lower]),
        upper=np.concatenate([form.upper, zeros + np.inf]),
        row_lower=np.concatenate([form.row_lower, zeros]),
        row_upper=np.concatenate([form.row_upper, zeros]),
        starts=held.indptr.astype(np.int32),
        indices=held.indices.astype(np.int32),
        values=held.data,
        columns=[*form.columns, *names],
        rows=[*form.rows, *names],
    )
    return Sums(form, small)


def _begins(form: Form, matrix: Any, row: Ids) -> Ids:
    """Where in the entries, by rows, another row or another kind of column begins; and their end."""
    kinds: dict[str, int] = {}
    kind = np.array([kinds.setdefault(name, len(kinds)) for name, _ in form.columns], dtype=np.int64)[matrix.indices]
    another = (np.diff(row) != 0) | (np.diff(kind) != 0)
    return np.concatenate([[0], np.flatnonzero(another) + 1, [len(row)]]).astype(np.int64)


def _saves(count: int, size: int) -> bool:
    """Whether ``count`` rows hold fewer entries with the sum of ``size`` columns, and its own row, than without."""
    return count > 1 and count + size + 1 < count * size


def _is_positive(form: Form, parts: Ids, shares: Floats) -> bool:
    return bool((shares > 0).all() and (form.lower[parts] >= 0).all())
