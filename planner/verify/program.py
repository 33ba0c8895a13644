"""The linear program as the verifier writes it: each row evaluated at the plan, and what its duals prove.

    min c x  over  left x = right x, left x <= right x, least <= x <= most
      >=  min over least <= x <= most of  c x + sum over rows of price (left x - right x)

for any prices that are not negative on limits. What multiplies a variable in the last line is its reduced cost. Where that is
not negative the variable stays at its least; where it is, the variable is taken at the most that any plan could reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.verify.case import Case, Variable, variables
from planner.verify.costs import cost_components
from planner.verify.linear import Balance, Cost, Row, Side, Term, contract
from planner.verify.rows import ROWS
from planner.verify.verdict import Array


@dataclass
class Bound:
    """What no plan can undercut, and what reduced costs below zero have taken from it, in million USD."""

    musd: float
    open_musd: float
    worst: tuple[str, int]
    """The variable that takes most, and its position; no name where none takes anything."""


class Program:
    """Variables, rows and costs of a run."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.names = case.names
        self.variables = variables(case)
        self.rows = {row.name: row for rows in ROWS for row in rows(case)}
        self.costs = {cost.name: cost for cost in cost_components(case)}

    def axes(self, family: Row | Variable | Cost) -> list[Sequence[str]]:
        """Names along the letters of a row, a variable or a cost."""
        return [family.items if letter == "i" and isinstance(family, Row) else self.names[letter] for letter in family.over]

    def shape(self, family: Row | Variable | Cost) -> list[int]:
        """How many names there are along each letter."""
        return [len(names) for names in self.axes(family)]

    def sides(self, row: Row) -> tuple[Array, Array]:
        """Both sides of a row at the plan."""
        left, right = (np.broadcast_to(self._value(side, row.over), self.shape(row)) for side in (row.left, row.right))
        return left, right

    def musd(self, cost: Cost) -> Array:
        """A component of the costs at the plan."""
        return np.broadcast_to(self._value(cost.terms, cost.over), self.shape(cost))

    def dual_bound(self, price: Mapping[str, Array], held_musd: float = 0.0) -> Bound:
        """What prices by row prove, whatever they are: million USD, discounted, as the table of duals has them.

        ``held_musd``: the price of serving as much as this plan, by weight; the bound is then on plans that do."""
        reduced = self.nothing(*self.variables)
        bound = Bound(0.0, 0.0, ("", 0))
        if held_musd:
            by_class = held_musd * self.weight
            reduced["unserved"] += by_class[:, None]
            bound.musd -= float((self.variables["unserved"].plan * by_class[:, None]).sum())
        for cost in self.costs.values():
            bound.musd += self.weigh(cost.terms, "t", self.case.run.discount, reduced)
        for row in self.rows.values():
            weight = price[row.name] / (-row.scale if isinstance(row, Balance) else row.scale)
            bound.musd += self.weigh(row.left, row.over, weight, reduced) + self.weigh(row.right, row.over, -weight, reduced)
        most_taken = 0.0
        for name, each in self.variables.items():
            least, most = (np.broadcast_to(side, reduced[name].shape) for side in (each.least, each.most))
            room = np.where(reduced[name] < 0.0, most - least, 0.0)
            taken = np.where(room > 0.0, reduced[name], 0.0) * room
            bound.musd += float((np.where(least != 0.0, reduced[name], 0.0) * least).sum()) + float(taken.sum())
            bound.open_musd -= float(taken.sum())
            if taken.size and taken.min() < most_taken:
                most_taken, bound.worst = float(taken.min()), (name, int(np.argmin(taken)))
        return bound

    def _value(self, side: Side, over: str) -> Array:
        total = np.zeros((1,) * len(over))
        for part in side:
            if isinstance(part, Term):
                plan = self.variables[part.variable].plan[self._part(part)]
                part = part.sign * contract([(part.over, plan), *part.factors], over)
            total = total + part
        return total

    @property
    def weight(self) -> Array:
        """Of each class in the first pass of mode `energy`."""
        return np.nan_to_num(self.case.run.vector("inputs.classes", "weight"), nan=1.0)

    def nothing(self, *variables: str) -> dict[str, Array]:
        """Zero for each of some variables."""
        return {name: np.zeros(self.shape(self.variables[name])) for name in variables}

    def weigh(self, side: Side, over: str, weight: Array, found: Mapping[str, Array]) -> float:
        """Add a side, by its weight over these letters, to the coefficients found of some variables; give what its known
        amounts come to."""
        known = 0.0
        for part in side:
            if isinstance(part, Term):
                if part.variable in found:
                    factors = [(over, weight), *reversed(part.factors)]
                    found[part.variable][self._part(part)] += part.sign * contract(factors, part.over)
            else:  # the price of a limit that does not exist leaves no bound
                amount = np.where(weight == 0.0, 0.0, part)
                known += float((weight * amount).sum())
        return known

    def _part(self, each: Term) -> tuple[slice, ...]:
        """Where a term reads its variable: r and o are places on Earth and in orbit."""
        earth = self.case.fleet.regions
        part = {"r": slice(earth), "o": slice(earth, None)}
        letters = zip(self.variables[each.variable].over, each.over, strict=True)
        return tuple(part[read] if (own, read) in (("x", "r"), ("x", "o")) else slice(None) for own, read in letters)
