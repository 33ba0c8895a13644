"""Costs: each block says once what a unit of a decision costs; the objective sums that, and the table of costs groups it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

from models.data import PlanData

Used = Callable[[str], Iterable[Any]]
"""Where a variable can cost anything: indices that are not fixed at zero in a model, or not zero in a solution."""


class Payment(NamedTuple):
    """What one unit of a variable costs in each of some months: million USD in money of that month."""

    component: str
    place: str
    item: str
    months: Sequence[int]
    musd: float


class Cost(NamedTuple):
    """One unit of a variable: its coefficient in the objective, which is the discounted sum of its payments."""

    variable: str
    index: Any
    musd: float
    payments: tuple[Payment, ...]


def cost(
    column: tuple[str, Any],
    place: str,
    item: str,
    months: Sequence[int],
    usd: Mapping[str, float],
    worth: float,
    unit: float = 1e-6,
    times: float = 1.0,
) -> Cost:
    """The same amount in each month, by component: ``times`` so many USD, or what ``unit`` makes of them.

    ``worth``: the sum of the discount factors of the months."""
    total = 0.0
    for each in usd.values():
        total += each
    paid = [Payment(component, place, item, months, unit * times * each) for component, each in usd.items() if each]
    return Cost(*column, unit * worth * times * total, tuple(paid))


def costs_of(blocks: Iterable[ModuleType], used: Used, d: PlanData) -> Iterator[Cost]:
    """Everything that the plan pays for, block by block; a block without `cost_terms` costs nothing."""
    for block in blocks:
        if hasattr(block, "cost_terms"):
            yield from block.cost_terms(used, d)
