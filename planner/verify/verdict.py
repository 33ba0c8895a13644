"""The words of the verifier: a check, the verdict that holds all of them, and the comparisons that make checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

Locate = Callable[[int], tuple[str, str]]
"""From the flat position of a cell to its place and its month, both in words, either may be empty."""

TOLERANCE = 1e-6
"""Allowed gap for one unit, or for a total above one unit as a share of that total."""

ARITHMETIC = 1e-3
"""Floor, in units, of a number that is mere arithmetic on other written numbers: no solver had a hand in it."""


OPTIMAL = "optimal"
"""The check that proves the plan optimal, or says why it cannot; a reader is told either."""


@dataclass(frozen=True)
class Check:
    """One thing that was examined. `gap` and `tolerance` belong to the worst cell, which `place` and `month` name."""

    name: str
    ok: bool
    gap: float
    tolerance: float
    place: str
    month: str
    sentence: str

    def line(self) -> str:
        """The check in one line of text."""
        where = ", ".join(word for word in (self.place, self.month) if word)
        return f"{'ok  ' if self.ok else 'FAIL'} {self.name}: {self.sentence}" + (
            f" [{where}]" if where and not self.ok else ""
        )


@dataclass(frozen=True)
class Verdict:
    """All checks of one run folder. The plan stands only if every one of them does."""

    checks: tuple[Check, ...]
    unverified: tuple[str, ...] = ()
    """Own limits and costs of the plan, which the verifier does not know: nothing is said of them."""

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.ok)

    def to_dict(self) -> dict[str, Any]:
        """The verdict for JSON: stable keys, numbers that JSON can hold."""
        return {
            "ok": self.ok,
            "unverified": list(self.unverified),
            "checks": [
                {
                    "name": check.name,
                    "ok": check.ok,
                    "gap": check.gap if np.isfinite(check.gap) else None,
                    "tolerance": check.tolerance,
                    "place": check.place,
                    "month": check.month,
                    "sentence": check.sentence,
                }
                for check in self.checks
            ],
        }

    def lines(self) -> list[str]:
        """The verdict for a reader: what was not examined, failures, whether the plan is proven optimal, and a line of sum."""
        failed, total = self.failed, len(self.checks)
        first = [f"{'not examined' if failed else 'verified but for'}: {', '.join(self.unverified)}"] if self.unverified else []
        proof = [check.sentence for check in self.checks if check.name == OPTIMAL and not failed]
        last = f"not verified: {len(failed)} of {total} checks failed" if failed else f"{total} of {total} checks passed"
        verified = [] if failed or self.unverified else ["verified: "]
        return first + [check.line() for check in failed] + proof + ["".join([*verified, last])]


def on_grid(*axes: Sequence[str], months: Sequence[str] | None = None) -> Locate:
    """Places of a dense array: one axis of names after another and, when given, the months last."""
    shape = tuple(len(axis) for axis in axes) + ((len(months),) if months is not None else ())

    def locate(position: int) -> tuple[str, str]:
        codes = [int(code) for code in np.unravel_index(position, shape)] if shape else []
        place = " / ".join(name for name in (axis[code] for axis, code in zip(axes, codes, strict=False)) if name)
        return place, months[codes[-1]] if months is not None else ""

    return locate


def finding(name: str, sentence: str, place: str = "", month: str = "") -> Check:
    """A check that fails without a number: something is missing or cannot be read."""
    return Check(name, False, float("inf"), 0.0, place, month, sentence)


def equal(name: str, left: ArrayLike, right: ArrayLike, locate: Locate, unit: str, law: str, floor: float = 1.0) -> Check:
    """Check that two arrays agree, each cell within the tolerance of its own total or of `floor` units, whichever is more."""
    one, other = np.broadcast_arrays(np.asarray(left, dtype=float), np.asarray(right, dtype=float))
    gap = np.abs(one - other)
    total = np.maximum(np.abs(one), np.abs(other))
    return _compare(name, gap, one, other, np.maximum(floor, total), locate, unit, law, "differs from")


def at_most(name: str, left: ArrayLike, right: ArrayLike, locate: Locate, unit: str, law: str) -> Check:
    """Check that the left array nowhere exceeds the right one; an infinite right side is no limit."""
    one, other = np.broadcast_arrays(np.asarray(left, dtype=float), np.asarray(right, dtype=float))
    gap = np.maximum(0.0, np.where(np.isposinf(other), 0.0, one - np.where(np.isposinf(other), 0.0, other)))
    total = np.maximum(np.abs(one), np.where(np.isposinf(other), 0.0, np.abs(other)))
    return _compare(name, gap, one, other, np.maximum(1.0, total), locate, unit, law, "exceeds")


def _compare(
    name: str, gap: Array, one: Array, other: Array, total: Array, locate: Locate, unit: str, law: str, verb: str
) -> Check:
    if gap.size == 0:
        return Check(name, True, 0.0, TOLERANCE, "", "", f"{law}; nothing to compare")
    tolerance = TOLERANCE * np.where(np.isfinite(total), total, 1.0)
    ratio = np.where(np.isfinite(gap), gap, np.inf) / tolerance
    worst = int(np.argmax(ratio))
    place, month = locate(worst)
    gap_worst, tolerance_worst = float(gap.flat[worst]), float(tolerance.flat[worst])
    if ratio.flat[worst] <= 1.0:
        return Check(name, True, gap_worst, tolerance_worst, place, month, f"{law}; worst gap {gap_worst:.2g} {unit}")
    pair = f"{one.flat[worst]:.12g} {verb} {other.flat[worst]:.12g} {unit}"
    count = int(np.count_nonzero(ratio > 1.0))
    more = f", and {count - 1} more" if count > 1 else ""
    sentence = f"{law}, but {pair} by {gap_worst:.6g} (tolerance {tolerance_worst:.2g}){more}"
    return Check(name, False, gap_worst, tolerance_worst, place, month, sentence)
