"""Rows and columns of a linear program gathered as arrays: what is left of a modelling language when speed is all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csc_array

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Arrays:
    """min cost x + offset subject to row_lower <= matrix x <= row_upper, x >= 0."""

    cost: Array
    offset: float
    row_lower: Array
    row_upper: Array
    matrix: csc_array


@dataclass(frozen=True)
class Block:
    """Entries of one variable: the column of each, or -1 where it is a known number."""

    column: Array
    value: Array

    def __getitem__(self, index: Any) -> Block:
        return Block(self.column[index], self.value[index])


class Assembler:
    """Collects blocks of columns and rows; `finish` drops rows without a column and columns without a use."""

    def __init__(self) -> None:
        self.columns = 0
        self.rows = 0
        self.offset = 0.0
        self._cost: list[Array] = []
        self._entries: list[tuple[Array, Array, Array]] = []
        self._sides: list[tuple[Array, Array, Array]] = []  # first row, lower, upper
        self._known: list[tuple[Array, Array]] = []  # row, what its known numbers add up to

    def variable(self, free: Array, value: Array | float = 0.0, cost: Array | float = 0.0) -> Block:
        """One column where ``free``; elsewhere the number ``value``. ``cost`` is of every entry."""
        column = np.full(free.shape, -1, dtype=np.int64)
        count = int(free.sum())
        column[free] = self.columns + np.arange(count)
        self.columns += count
        known = np.where(free, 0.0, value)
        costs = np.broadcast_to(cost, free.shape)
        self._cost.append(costs[free])
        self.offset += float((costs * known).sum())
        return Block(column, known)

    def constraint(self, shape: tuple[int, ...], lower: Array | float, upper: Array | float) -> Array:
        """Row numbers of a block of constraints; `add` fills them."""
        count = int(np.prod(shape))
        sides = (np.broadcast_to(side, shape).astype(float).ravel() for side in (lower, upper))
        self._sides.append((np.array([self.rows]), *sides))
        rows = self.rows + np.arange(count).reshape(shape)
        self.rows += count
        return rows

    def add(self, rows: Array, block: Block, coefficient: Array | float = 1.0) -> None:
        """coefficient x block on the left of ``rows``; all three broadcast."""
        row, column, value, factor = np.broadcast_arrays(rows, block.column, block.value, coefficient)
        free = (column >= 0) & (factor != 0)
        self._entries.append((row[free], column[free], factor[free]))
        fixed = (column < 0) & (value != 0)
        self._known.append((row[fixed], (factor * value)[fixed]))

    def finish(self) -> Arrays:
        """The arrays, duplicates summed."""
        row, column, factor = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        cost = np.concatenate(self._cost)
        lower, upper = (np.concatenate([sides[side] for sides in self._sides]) for side in (1, 2))
        known = np.zeros(self.rows)
        for rows, amount in self._known:
            np.add.at(known, rows, amount)
        used_rows = np.zeros(self.rows, dtype=bool)
        used_rows[row] = True
        used_columns = cost != 0
        used_columns[column] = True
        new_row, new_column = np.cumsum(used_rows) - 1, np.cumsum(used_columns) - 1
        shape = (int(used_rows.sum()), int(used_columns.sum()))
        matrix = coo_array((factor, (new_row[row], new_column[column])), shape=shape).tocsc()
        matrix.sum_duplicates()
        return Arrays(cost[used_columns], self.offset, (lower - known)[used_rows], (upper - known)[used_rows], matrix)
