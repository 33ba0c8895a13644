"""Small tools for sparse index sets, shared by the blocks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import pyomo.core as pyo

from models.data import PlanData


def group(keys: Iterable[Any], by: Callable[[Any], Hashable], take: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Members of ``keys`` gathered under ``by(key)``, each reduced to ``take(key)``, in the order given."""
    groups: dict[Any, list[Any]] = {}
    for key in keys:
        groups.setdefault(by(key), []).append(take(key))
    return groups


def parameter(values: Mapping[Any, float], *sets: Any, default: float | None = None) -> pyo.Param:
    """What a table holds over a product of sets; it may know more names than a model needs, and fewer where there is a default.

    A rule in place of the table, and no domain: Pyomo looks up each key of a table in the sets and each number in the domain,
    which takes longer than all else of a declaration."""

    def number(_: Any, *index: Any) -> float:
        key = index if len(index) > 1 else index[0]
        return values[key] if default is None else values.get(key, default)

    return pyo.Param(*sets, initialize=number, within=pyo.Any)


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


def kept_frac(before: float, now: float) -> float:
    """What is left of work where it ends because its demand falls, and for no other reason."""
    return 1.0 if now >= before else now / before


def fix_at(variable: Any, values: Mapping[Any, float]) -> None:
    """Fix entries of a variable: the solver then sees a number, not a column."""
    for key, value in values.items():
        variable[key].fix(value, skip_validation=True)


def slice_before(d: PlanData) -> dict[int, int]:
    """The slice before each in the same day; before the first comes the last."""
    days = group(d.slices, lambda k: d.day_of[k], lambda k: k)
    return {k: day[position - 1] for day in days.values() for position, k in enumerate(day)}


def asked_kh100e(d: PlanData, pools: Iterable[tuple[str, str]], t: int) -> float:
    """The demand of some pools and classes together in month t, kH100e."""
    return sum(d.demand_kh100e[z, w, t] for z, w in pools)
