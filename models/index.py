"""Small tools for sparse index sets, shared by the blocks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import pyomo.environ as pyo

from models.data import PlanData


def group(keys: Iterable[Any], by: Callable[[Any], Hashable], take: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Members of ``keys`` gathered under ``by(key)``, each reduced to ``take(key)``, in the order given."""
    groups: dict[Any, list[Any]] = {}
    for key in keys:
        groups.setdefault(by(key), []).append(take(key))
    return groups


def at(values: Mapping[Any, float]) -> Callable[..., float]:
    """The rule of a parameter: what a table holds at each index of it. The table may know more names than a model needs.

    A rule and no table: Pyomo looks up each key of a table in its sets, which takes longer than all else of a declaration."""
    return lambda _, *index: values[index if len(index) > 1 else index[0]]


def columns(keys: Iterable[Any]) -> pyo.Var:
    """A non-negative variable over ``keys``. SetOf takes them as they are, where Set would look at each."""
    return pyo.Var(pyo.SetOf(list(dict.fromkeys(keys))), domain=pyo.NonNegativeReals)


def from_month_on(discount: Mapping[int, float]) -> dict[int, float]:
    """Sum of the discount factors from month t to the end: what one dollar a month, paid from t on, costs today."""
    worth: dict[int, float] = {}
    total = 0.0
    for t in sorted(discount, reverse=True):
        total += discount[t]
        worth[t] = total
    return worth


def fix_at(variable: Any, values: Mapping[Any, float]) -> None:
    """Fix entries of a variable: the solver then sees a number, not a column."""
    for key, value in values.items():
        variable[key].fix(value)


def slice_before(d: PlanData) -> dict[int, int]:
    """The slice before each in the same day; before the first comes the last."""
    days: dict[str, list[int]] = {}
    for k in d.slices:
        days.setdefault(d.day_of[k], []).append(k)
    return {k: day[position - 1] for day in days.values() for position, k in enumerate(day)}
