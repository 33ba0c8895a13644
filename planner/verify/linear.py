"""Linear rows over named axes: each is written once and read both ways, as a check of the plan and as a column of its dual.

A letter names an axis, in one order everywhere: z pool, w class, x place (r region, o orbital design), h owner, g generation,
b batch, p option, q project, n target, c reservation, m way of moving chips, e order, i item of the row itself, t month,
k slice; v and u are further months, j is a second slice. A term sums over every letter of its variable that the row does not
have, and holds alike along every letter that only the row has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.verify.verdict import Array

Factor = tuple[str, Array]


@dataclass(frozen=True)
class Term:
    """A variable, over the letters by which the row reads it, times its coefficients."""

    variable: str
    over: str
    factors: tuple[Factor, ...]
    sign: float = 1.0

    def __neg__(self) -> Term:
        return replace(self, sign=-self.sign)


Side = Sequence[Term | Array]
"""What stands on one side of a row: terms, and known amounts over the letters of the row."""


def term(variable: str, over: str, **coefficients: Array) -> Term:
    """A term; every coefficient is named by the letters of its axes: ``term("run", "rgtk", g=h100e, r=availability)``.

    The plan is multiplied by the coefficients in this order, the price of the row in the opposite one."""
    return Term(variable, over, tuple(coefficients.items()))


@dataclass(frozen=True)
class Row:
    """A family of rows of the linear program: its letters, its two sides, and what it says."""

    name: str
    over: str
    left: Side
    right: Side
    unit: str
    law: str
    items: Sequence[str] = ()
    """Names along the letter i."""
    price: str = ""
    """Unit of its price in the table of limits; empty where that does not list it."""
    repeats: bool = False
    """Whether its price repeats what another limit says."""
    scale: float = 1.0
    """How many of this row's units a unit of the model's row is."""
    checked: bool = True
    """False where a variable that no table tells is derived such that the row holds."""

    def by_month(self, values: Array) -> Array:
        """Values over the letters of the row with one last axis for all that comes after the month."""
        month = self.over.index("t") + 1
        return values.reshape(*values.shape[:month], int(np.prod(values.shape[month:])))


class Balance(Row):
    """Both sides are equal; its dual may have either sign."""


class Limit(Row):
    """The left side is at most the right; its dual is not negative."""


@dataclass(frozen=True)
class Cost:
    """A component of the costs, million US dollars of the month: over place, item and month, or fewer of them."""

    name: str
    over: str
    terms: Side


def contract(factors: Sequence[Factor], over: str) -> Array:
    """Product of arrays, one after the other, summed over every letter as soon as neither ``over`` nor a later array has it.

    An axis that none of them has is of length one."""
    letters, product = factors[0]
    for number, (more, array) in enumerate(factors[1:], start=2):
        later = over + "".join(each for each, _ in factors[number:])
        kept = "".join(letter for letter in dict.fromkeys(letters + more) if letter in later)
        product = np.einsum(f"{letters},{more}->{kept}", product, array)
        letters = kept
    found = "".join(letter for letter in over if letter in letters)
    product = np.einsum(f"{letters}->{found}", product)
    return np.asarray(product)[tuple(slice(None) if letter in found else None for letter in over)]
