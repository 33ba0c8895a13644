"""Where checks are collected: every comparison of the judge goes through here, with its place and month in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from planner.verify.run import Run
from planner.verify.verdict import ARITHMETIC, TOLERANCE, Array, Check, Locate, at_most, equal, finding, on_grid

Axis = str | Sequence[str]
"""A key column whose names the run knows, or the names themselves; 'month' may only come last."""


@dataclass(frozen=True)
class Margin:
    """What a limit leaves free in every cell, and what counts as nothing."""

    names: tuple[Sequence[str], ...]
    has_month: bool
    free: Array
    nothing: Array


class Bench:
    """The checks so far, and the margins of the limits among them."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.checks: list[Check] = []
        self.margins: dict[str, Margin] = {}

    def equal(self, name: str, left: ArrayLike, right: ArrayLike, axes: Sequence[Axis], unit: str, law: str) -> None:
        """Two arrays agree: a balance that the solver had to hold."""
        self.checks.append(equal(name, left, right, self.locate(axes), unit, law))

    def same(self, name: str, left: ArrayLike, right: ArrayLike, axes: Sequence[Axis], unit: str, law: str) -> None:
        """Two arrays agree: arithmetic on written numbers, to a finer tolerance."""
        self.checks.append(equal(name, left, right, self.locate(axes), unit, law, ARITHMETIC))

    def at_most(self, name: str, left: ArrayLike, right: ArrayLike, axes: Sequence[Axis], unit: str, law: str) -> None:
        """The left array nowhere exceeds the right one."""
        self.checks.append(at_most(name, left, right, self.locate(axes), unit, law))
        one, other = np.broadcast_arrays(np.asarray(left, dtype=float), np.asarray(right, dtype=float))
        self._keep(name, axes, other - one, np.maximum(np.abs(one), np.where(np.isfinite(other), np.abs(other), 0.0)))

    def fail(self, name: str, sentence: str, place: str = "", month: str = "") -> None:
        """Something that no number measures is wrong."""
        self.checks.append(finding(name, sentence, place, month))

    def _names(self, axes: Sequence[Axis]) -> tuple[tuple[Sequence[str], ...], bool]:
        has_month = bool(axes) and axes[-1] == "month"
        plain = axes[:-1] if has_month else axes
        return tuple(self.run.axes[axis] if isinstance(axis, str) else axis for axis in plain), has_month

    def locate(self, axes: Sequence[Axis]) -> Locate:
        """How the cells of an array over these axes are named."""
        names, has_month = self._names(axes)
        return on_grid(*names, months=self.run.months if has_month else None)

    def _keep(self, name: str, axes: Sequence[Axis], free: Array, total: Array) -> None:
        names, has_month = self._names(axes)
        self.margins[name] = Margin(names, has_month, free, TOLERANCE * np.maximum(1.0, total))
