"""Where checks are collected: every comparison of the verifier goes through here, with its place and month in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from planner.verify.linear import Balance, Row
from planner.verify.run import Run
from planner.verify.verdict import ARITHMETIC, Array, Check, Locate, at_most, equal, finding, on_grid

Axis = str | Sequence[str]
"""A key column whose names the run knows, or the names themselves; 'month' may only come last."""


class Collector:
    """The checks so far, and both sides of the rows among them."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.found: list[Check] = []
        self.sides: dict[str, tuple[Array, Array]] = {}
        """By row, up to its month: of the slices or days of a month the one in which the row holds least."""

    def equal(self, name: str, left: ArrayLike, right: ArrayLike, axes: Sequence[Axis], unit: str, law: str) -> None:
        """Two arrays agree: a balance that the solver had to hold."""
        self.found.append(equal(name, left, right, self.locate(axes), unit, law))

    def same(self, name: str, left: ArrayLike, right: ArrayLike, axes: Sequence[Axis], unit: str, law: str) -> None:
        """Two arrays agree: arithmetic on written numbers, to a finer tolerance. An empty cell, NaN, equals itself alone."""
        one, other = (np.where(np.isnan(side), -1e300, side) for side in (left, right))
        self.found.append(equal(name, one, other, self.locate(axes), unit, law, ARITHMETIC))

    def at_most(self, name: str, left: ArrayLike, right: ArrayLike, axes: Sequence[Axis], unit: str, law: str) -> None:
        """The left array nowhere exceeds the right one."""
        self.found.append(at_most(name, left, right, self.locate(axes), unit, law))

    def row(self, row: Row, axes: Sequence[Sequence[str]], left: Array, right: Array) -> None:
        """Every row of a family holds; `axes` names what is along its letters."""
        one, other = row.by_month(left), row.by_month(right)
        gap = np.abs(one - other) if isinstance(row, Balance) else one - other
        worst = np.argmax(gap, axis=-1)[..., None]
        left, right = (np.take_along_axis(side, worst, axis=-1)[..., 0] for side in (one, other))
        compare = self.equal if isinstance(row, Balance) else self.at_most
        compare(row.name, left, right, (*axes[: row.over.index("t")], "month"), row.unit, row.law)
        self.sides[row.name] = (left, right)

    def fail(self, name: str, sentence: str, place: str = "", month: str = "") -> None:
        """Something that no number measures is wrong."""
        self.found.append(finding(name, sentence, place, month))

    def locate(self, axes: Sequence[Axis]) -> Locate:
        """How the cells of an array over these axes are named."""
        has_month = bool(axes) and axes[-1] == "month"
        names = [self.run.axes[axis] if isinstance(axis, str) else axis for axis in (axes[:-1] if has_month else axes)]
        return on_grid(*names, months=self.run.months if has_month else None)
