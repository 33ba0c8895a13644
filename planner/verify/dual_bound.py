"""Weak duality: what no plan that keeps the limits can undercut, whatever the duals are.

    min c x  over  A x = b, G x <= h, low <= x <= high
      >=  v b - u h + sum_j min over low_j <= x_j <= high_j of d_j x_j,     d = c - v A + u G,  u >= 0

`d` is the reduced cost. Where it is not negative its variable stays at its least and adds nothing; where it is, the variable is
taken at the most that any plan could reach.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from planner.verify.collector import Axis
from planner.verify.verdict import Array


class Bound:
    """The sum so far, and the reduced cost that takes most from it."""

    def __init__(self) -> None:
        self.musd = 0.0
        self.open_musd = 0.0  # taken off for reduced costs below zero
        self.worst: tuple[float, str, Sequence[Axis], int] = (0.0, "", (), 0)

    def side(self, price: Array, side: ArrayLike) -> None:
        """A row's dual times its right side; a dual of a limit that does not exist leaves no bound."""
        price, side = np.broadcast_arrays(price, np.asarray(side, dtype=float))
        self.musd += float(np.where(price == 0.0, 0.0, price * np.where(price == 0.0, 0.0, side)).sum())

    def variable(self, name: str, axes: Sequence[Axis], reduced: Array, high: ArrayLike, low: ArrayLike = 0.0) -> None:
        """What a family of variables can take from the bound, all axes named."""
        reduced, most, least = np.broadcast_arrays(reduced, np.asarray(high, dtype=float), np.asarray(low, dtype=float))
        negative = reduced < 0.0
        room = np.where(negative, most - least, 0.0)
        taken = np.where(room > 0.0, reduced, 0.0) * room
        self.musd += float((np.where(least != 0.0, reduced, 0.0) * least).sum()) + float(taken.sum())
        self.open_musd -= float(taken.sum())
        if taken.size and taken.min() < self.worst[0]:
            self.worst = (float(taken.min()), name, axes, int(np.argmin(taken)))


def after(values: Array, axis: int) -> Array:
    """The values of the month after, nothing after the last."""
    moved = np.zeros_like(values)
    source, target = [slice(None)] * values.ndim, [slice(None)] * values.ndim
    source[axis], target[axis] = slice(1, None), slice(None, -1)
    moved[tuple(target)] = values[tuple(source)]
    return moved
