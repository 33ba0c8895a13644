"""Give a sum that several rows contain, up to a factor, a column of its own.

    a (x + 2 y) + .. <= b,  c (x + 2 y) + .. <= d   =   s = x + 2 y,  a s + .. <= b,  c s + .. <= d

A place's chips occur in its power, its halls and, where all of them run, in the energy and the compute of each slice: each time
weighted by nameplate or by compute. One row and one column more make the matrix sparser, and an interior point has less to
factorise (row stretching: Grcar, "Matrix stretching for linear equations", Sandia report 90-8723, 1990). Exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.compile.form import Floats, Form, Ids, Key, summed
from planner.solve.reduce.equal_columns import mixed, of_numbers, of_parts
from planner.solve.reduce.step import BasicSolution, PrimalDual, Step

FEW = 3  # a sum of fewer columns never saves an entry


@dataclass(frozen=True)
class SharedRows(Step):
    """One more column and row, at the end, for each sum."""

    def postsolve(self, point: PrimalDual) -> PrimalDual:
        """The solution without the sums."""
        rows, columns = self.original.shape
        return PrimalDual(point.values[:columns], point.duals[:rows])

    def postsolve_basis(self, basis: BasicSolution) -> BasicSolution:
        """The basis without the sums. A sum that is not basic is zero, and so is everything in it: one of its columns too many
        is basic."""
        rows, columns = self.original.shape
        basic = basis.columns[:columns].copy()
        matrix = self.form.by_rows
        for row in rows + np.flatnonzero(~basis.columns[columns:] & ~basis.rows[rows:]):
            parts = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            parts = parts[parts < columns]
            basic[parts[basic[parts]][:1]] = False
        return BasicSolution(basis.values[:columns], basic, basis.rows[:rows])


def reduce(form: Form) -> SharedRows | None:
    """The program with a column for each sum that saves entries. None: there is no such sum."""
    matrix = form.by_rows
    row = np.repeat(np.arange(form.shape[0]), np.diff(matrix.indptr))
    begins = _begins(form, row)
    unit = matrix.data[begins[:-1]]
    size = np.diff(begins)
    shares = matrix.data / np.repeat(unit, size)
    colour = of_parts(mixed(matrix.indices.astype(np.uint64), of_numbers(shares)), begins)
    order = np.argsort(colour, kind="stable")
    order = order[size[order] >= FEW]
    ends = np.flatnonzero(np.diff(colour[order])) + 1
    equal = np.split(order, ends) if len(order) else []
    groups = [group for group in equal if _saves(len(group), int(size[group[0]]))]
    if not groups:
        return None
    rows, columns = form.shape
    gone = np.zeros(len(row), dtype=bool)
    new, lower = [], []
    for number, group in enumerate(groups):
        first = np.arange(begins[group[0]], begins[group[0] + 1])
        gone[(begins[group][:, None] + np.arange(len(first))).ravel()] = True
        parts, own, of = matrix.indices[first], rows + number, columns + number
        new.append((np.full(len(first) + 1, own), np.append(parts, of), np.append(shares[first], -1.0)))
        new.append((row[begins[group]], np.full(len(group), of), unit[group]))
        lower.append(0.0 if _is_positive(form, parts, shares[first]) else -np.inf)
    kept = row[~gone], matrix.indices[~gone], matrix.data[~gone]
    of_row, of_column, values = (np.concatenate(parts) for parts in zip(kept, *new, strict=True))
    more = len(groups)
    names: list[Key] = [("sum", number) for number in range(more)]
    stretched = summed(values, of_row, of_column, (rows + more, columns + more))
    return SharedRows(form, form.extended(stretched, names, names, lower=np.array(lower)))


def _begins(form: Form, row: Ids) -> Ids:
    """Positions, among the entries by rows, where another row or another variable begins; and the end."""
    kinds: dict[str, int] = {}
    kind = np.array([kinds.setdefault(name, len(kinds)) for name, _ in form.columns], dtype=np.int64)[form.by_rows.indices]
    another = (np.diff(row) != 0) | (np.diff(kind) != 0)
    return np.concatenate([[0], np.flatnonzero(another) + 1, [len(row)]]).astype(np.int64)


def _saves(count: int, size: int) -> bool:
    """Whether ``count`` rows hold fewer entries with the sum of ``size`` columns, and its own row, than without."""
    return count > 1 and count + size + 1 < count * size


def _is_positive(form: Form, parts: Ids, shares: Floats) -> bool:
    return bool((shares > 0).all() and (form.lower[parts] >= 0).all())
