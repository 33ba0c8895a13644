"""Name the numbers of a linear program that are too far apart, or not numbers, by their row and column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from models import REGISTER
from planner.solve.compile.form import Floats, Form

SHOWN = 5
WIDE = 1e9  # largest over smallest: beyond it a solver's tolerance takes the small for zero, or the large for infinite


def scaling_words(form: Form, months: Sequence[str]) -> list[str]:
    """The smallest and the largest number of each kind, by name, if they are too far apart; what is not a number first."""
    kinds: list[tuple[str, Floats, Any]] = [
        ("coefficient", form.matrix.data, lambda entry: _entry(form, entry, months)),
        ("cost", form.cost, lambda column: describe(form.columns[column], months)),
        ("limit", _sides(form), lambda row: describe(form.rows[row], months)),
    ]
    lines = []
    for kind, numbers, name in kinds:
        broken = np.flatnonzero(~np.isfinite(numbers))
        lines += [f"{kind} of {name(entry)} is not a number" for entry in broken[:SHOWN]]
        sizes = np.abs(np.where(np.isfinite(numbers), numbers, 0.0))
        there = np.flatnonzero(sizes)
        if not there.size:
            continue
        least, most = there[sizes[there].argmin()], there[sizes[there].argmax()]
        if sizes[most] > WIDE * sizes[least]:
            small, large = f"{numbers[least]:.3g} of {name(least)}", f"{numbers[most]:.3g} of {name(most)}"
            lines.append(f"{kind}s from {small} to {large}")
    return lines


def are_numbers(form: Form) -> bool:
    """Whether every entry is a number, and finite except in the sides of rows. HiGHS accepts others too, and returns
    nonsense."""
    finite = np.isfinite(form.matrix.data).all() and np.isfinite(form.cost).all()
    return bool(finite and not np.isnan([form.row_lower, form.row_upper]).any())


def describe(key: tuple[str, Any], months: Sequence[str]) -> str:
    """A row or column by name: months as they are written, by number if unknown; the slice is left out."""
    name, index = key
    parts = index if isinstance(index, tuple) else (index,)
    if name in REGISTER:
        return f"{name}[{', '.join(REGISTER[name].words(index, months))}]"
    numbers = [part for part in parts if not isinstance(part, str)]
    words = [part for part in parts if isinstance(part, str)]
    if numbers:
        t = int(numbers[0])
        words.append(months[t - 1] if 0 < t <= len(months) else f"month {t}")
    return f"{name}[{', '.join(words)}]"


def _sides(form: Form) -> Floats:
    """The finite side of each row; the lower one if both are."""
    missing = np.isneginf(form.row_lower)
    return np.where(missing, np.where(np.isposinf(form.row_upper), 0.0, form.row_upper), form.row_lower)


def _entry(form: Form, entry: int, months: Sequence[str]) -> str:
    column = int(np.searchsorted(form.matrix.indptr, entry, side="right")) - 1
    row = form.rows[int(form.matrix.indices[entry])]
    return f"{describe(form.columns[column], months)} in {describe(row, months)}"
