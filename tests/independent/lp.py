"""A linear program written as sums, in numpy and scipy alone: no Pyomo, and nothing of the planner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array


@dataclass(frozen=True)
class Sum:
    """Columns times numbers, and a constant."""

    terms: dict[int, float] = field(default_factory=dict)
    constant: float = 0.0

    def __add__(self, other: Sum | float) -> Sum:
        if not isinstance(other, Sum):
            return Sum(self.terms, self.constant + other)
        return total((self, other))

    def __sub__(self, other: Sum | float) -> Sum:
        return self + -1.0 * other

    def __mul__(self, factor: float) -> Sum:
        return Sum({column: value * factor for column, value in self.terms.items()}, self.constant * factor)

    __radd__, __rmul__ = __add__, __mul__


def total(sums: Iterable[Sum]) -> Sum:
    terms: dict[int, float] = {}
    constant = 0.0
    for each in sums:
        constant += each.constant
        for column, value in each.terms.items():
            terms[column] = terms.get(column, 0.0) + value
    return Sum(terms, constant)


class Lp:
    """Columns at zero or above, rows, and what is paid."""

    def __init__(self) -> None:
        self.columns = 0
        self.rows: list[tuple[Sum, bool]] = []
        self.paid: list[Sum] = []

    def column(self) -> Sum:
        self.columns += 1
        return Sum({self.columns - 1: 1.0})

    def column_of(self, value: Sum) -> Sum:
        """A column that equals ``value``, which is thereby held at zero or above."""
        column = self.column()
        self.equal(column, value)
        return column

    def at_most(self, left: Sum, right: Sum | float) -> None:
        self.rows.append((left - right, False))

    def equal(self, left: Sum, right: Sum | float) -> None:
        self.rows.append((left - right, True))

    def pay(self, amount: Sum, price: float) -> None:
        self.paid.append(amount * price)

    def least(self) -> float:
        """The least that must be paid."""
        if not self.columns:
            return total(self.paid).constant
        paid = total(self.paid)
        cost = np.zeros(self.columns)
        cost[list(paid.terms)] = list(paid.terms.values())
        (below, above), (same, fixed) = self._matrix(False), self._matrix(True)
        found = linprog(cost, below, above, same, fixed, method="highs")
        assert found.status == 0, found.message
        return float(found.fun) + paid.constant

    def _matrix(self, equal: bool) -> tuple[csr_array, np.ndarray]:
        chosen = [row for row, kind in self.rows if kind is equal]
        lines = [line for line, row in enumerate(chosen) for _ in row.terms]
        columns = [column for row in chosen for column in row.terms]
        values = [value for row in chosen for value in row.terms.values()]
        matrix = csr_array((values, (lines, columns)), shape=(len(chosen), self.columns))
        return matrix, np.array([-row.constant for row in chosen])
