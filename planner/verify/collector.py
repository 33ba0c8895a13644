"""Where checks are collected: every comparison of the verifier goes through here, with its place and month in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from planner.verify.linear import Balance, Row
from planner.verify.run import Run
from planner.verify.schema import RESULTS
from planner.verify.verdict import NOTHING, TOLERANCE, Array, Check, finding

Axis = str | Sequence[str]
"""A key column whose names the run knows, or the names themselves; 'month' may only come last."""
ARITHMETIC = 1e-3
"""Floor, in units, of a number that is mere arithmetic on other written numbers: no solver had a hand in it."""


class Collector:
    """The checks so far, and both sides of the rows among them."""

    def __init__(self, run: Run, found: list[Check] | None = None) -> None:
        self.run = run
        self.found: list[Check] = [] if found is None else found
        self.sides: dict[str, tuple[Array, Array]] = {}
        """By row, up to its month: of the slices or days of a month the one in which the row holds least."""

    def equal(self, name: str, left: ArrayLike, right: ArrayLike, axes: Sequence[Axis], unit: str, law: str) -> None:
        """Two arrays agree, each cell within the tolerance of its own total or of one unit, whichever is more."""
        self._compare(name, left, right, axes, unit, law, "differs from")

    def same(self, name: str, left: Array, right: Array, axes: Sequence[Axis], unit: str, law: str) -> None:
        """Two arrays agree: arithmetic on written numbers, to a finer tolerance. An empty cell, NaN, equals itself alone."""
        one, other = (np.where(empty, -1e300, side) if (empty := np.isnan(side)).any() else side for side in (left, right))
        self._compare(name, one, other, axes, unit, law, "differs from", ARITHMETIC)

    def column(self, name: str, derived: Array, unit: str, law: str) -> None:
        """A column of a result table, named ``table.column``, is what was derived from others."""
        table, _, column = name.partition(".")
        empty = RESULTS[table].numbers[column]
        written = self.run.cube(table, column, 0.0 if empty is None else empty)
        self.same(name, written, np.broadcast_to(derived, written.shape), self.run.keys(table), unit, law)

    def at_most(self, name: str, left: ArrayLike, right: ArrayLike, axes: Sequence[Axis], unit: str, law: str) -> None:
        """The left array nowhere exceeds the right one; an infinite right side is no limit."""
        self._compare(name, left, right, axes, unit, law, "exceeds")

    def row(self, row: Row, axes: Sequence[Sequence[str]], left: Array, right: Array) -> None:
        """Every row of a family holds; `axes` names what is along its letters."""
        one, other = row.by_month(left), row.by_month(right)
        gap = np.abs(one - other) if isinstance(row, Balance) else one - other
        worst = np.argmax(gap, axis=-1)[..., None]
        left, right = (np.take_along_axis(side, worst, axis=-1)[..., 0] for side in (one, other))
        compare = self.equal if isinstance(row, Balance) else self.at_most
        compare(row.name, left, right, (*axes[: row.over.index("t")], "month"), row.unit, row.law)
        self.sides[row.name] = (left, right)

    def add(
        self, name: str, ok: bool, sentence: str, gap: float = 0.0, tolerance: float = 0.0, place: str = "", month: str = ""
    ) -> None:
        """A check that was made elsewhere."""
        self.found.append(Check(name, ok, gap, tolerance, place, month, sentence))

    def fail(self, name: str, sentence: str, place: str = "", month: str = "") -> None:
        """Something that no number measures is wrong."""
        self.found.append(finding(name, sentence, place, month))

    def _compare(
        self,
        name: str,
        left: ArrayLike,
        right: ArrayLike,
        axes: Sequence[Axis],
        unit: str,
        law: str,
        verb: str,
        floor: float = 1.0,
    ) -> None:
        one, other = sides = np.broadcast_arrays(np.asarray(left, dtype=float), np.asarray(right, dtype=float))
        gap = np.maximum(0.0, one - other) if verb == "exceeds" else np.abs(one - other)
        total = np.maximum(np.abs(one), floor)
        np.maximum(total, np.abs(other), out=total, where=~np.isposinf(other))
        if gap.size == 0:
            self.add(name, True, f"{law}; {NOTHING}", 0.0, TOLERANCE)
            return
        total[~np.isfinite(total)] = 1.0
        tolerance = TOLERANCE * total
        ratio = np.where(np.isfinite(gap), gap, np.inf) / tolerance
        worst = int(np.argmax(ratio))
        names = [self.run.axes[axis] if isinstance(axis, str) else axis for axis in axes]
        where = locate(names, worst, len(names) - 1 if names and axes[-1] == "month" else None)
        off, allowed = float(gap.flat[worst]), float(tolerance.flat[worst])
        count = int(np.count_nonzero(ratio > 1.0))
        sentence = f"{law}; worst gap {off:.2g} {unit}"
        if count:
            pair = f" {verb} ".join(f"{side.flat[worst]:.12g}" for side in sides)
            more = f", and {count - 1} more" if count > 1 else ""
            sentence = f"{law}, but {pair} {unit} by {off:.6g} (tolerance {allowed:.2g}){more}"
        self.add(name, not count, sentence, off, allowed, *where)


def locate(axes: Sequence[Sequence[str]], position: int, month: int | None) -> tuple[str, str]:
    """Place and month, in words, of a flat position in a dense array over these axes; ``month`` is the axis of months."""
    codes = np.unravel_index(position, [len(names) for names in axes])
    words = [str(names[int(code)]) for names, code in zip(axes, codes, strict=True)]
    when = words.pop(month) if month is not None else ""
    return " / ".join(filter(None, words)), when
