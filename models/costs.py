"""Costs: each block says once what a unit of a decision costs; the objective sums that, and the table of costs groups it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

from models.data import PlanData

Used = Callable[[str], Iterable[Any]]
"""Where a variable can cost anything: indices that are not fixed at zero in a model, or not zero in a solution."""

Payment = tuple[str, str, Sequence[int], float, Mapping[str, float]]
"""What one unit costs in each of some months, in money of the month: place, item, months, unit and, by component, so many of
that unit (1e-6: USD as million USD)."""


class Cost(NamedTuple):
    """One unit of a variable: its coefficient in the objective, which is the discounted sum of its payments, million USD."""

    variable: str
    index: Any
    musd: float
    payments: Sequence[Payment]

    @property
    def components(self) -> set[str]:
        """Names of the kinds of cost that it is made of."""
        return {component for *_, usd in self.payments for component in usd}


def cost(
    variable: str,
    index: Any,
    place: str,
    item: str,
    months: Sequence[int],
    usd: Mapping[str, float],
    worth: float,
    unit: float = 1e-6,
    times: float = 1.0,
) -> Cost:
    """The same in each of some months: ``usd`` by component, so many ``times``. ``worth``: the sum of the discount factors."""
    total = 0.0
    for each in usd.values():
        total += each
    return Cost(variable, index, unit * worth * times * total, ((place, item, months, unit * times, usd),))


def costs_of(blocks: Iterable[ModuleType], used: Used, d: PlanData) -> Iterator[Cost]:
    """Everything that the plan pays for, block by block; a block without `cost_terms` costs nothing."""
    for block in blocks:
        if hasattr(block, "cost_terms"):
            yield from block.cost_terms(used, d)
