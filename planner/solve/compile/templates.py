"""Evaluate templated expressions over whole arrays: each rule is walked once for all of its rows instead of once per row.

Pyomo keeps one expression tree for all rows of a constraint, with a template in place of each index (`models.build` asks
for that). Here a template is evaluated to the array of its values in all rows, and a sum to more points than there are rows.
Whatever is not understood raises NotTemplated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.core as pyo
from pyomo.core.expr import numeric_expr, template_expr

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

FIRST_NAME = 2**20  # an index that is a number is itself; one that is a name gets a number from here on


class NotTemplated(Exception):  # noqa: N818  # not an error: the model is compiled by Pyomo instead
    """The model contains an expression that is not evaluated here."""


@dataclass(frozen=True)
class Points:
    """The rows of a constraint, or the terms of a sum in all rows: ``size`` values of each template."""

    size: int
    values: dict[int, Longs]  # by id of template


@dataclass(frozen=True)
class Terms:
    """Terms coefficient * column, each of one of the points."""

    at: Longs
    column: Longs
    coefficient: Floats

    def times(self, factor: Any) -> Terms:
        """The terms multiplied by a number, or by one number per point."""
        return Terms(self.at, self.column, self.coefficient * (factor[self.at] if np.ndim(factor) else factor))


Linear = tuple[Any, list[Terms]]  # the constant (one number, or one per point) and the variable part


class Codes(dict[Any, int]):
    """A whole number for each index: a number is itself, a name is numbered."""

    def __missing__(self, index: Any) -> int:
        if isinstance(index, str):
            self[index] = FIRST_NAME + len(self)
        elif isinstance(index, int) and abs(index) < FIRST_NAME:
            self[index] = int(index)
        else:
            raise NotTemplated(f"index {index!r}")
        return self[index]

    def matrix(self, keys: Iterable[Any], width: int) -> Longs:
        """Codes of keys, one row per key and one column per index in it (``width``)."""
        flat = keys if width == 1 else chain.from_iterable(keys)
        return np.fromiter(map(self.__getitem__, flat), dtype=np.int64).reshape(-1, width)


class Table:
    """Positions of keys among the keys of a component, by binary search."""

    def __init__(self, keys: Longs) -> None:
        self.low, self.high = keys.min(axis=0), keys.max(axis=0)
        span = [int(wide) for wide in self.high - self.low + 1]
        steps = [1]
        for wide in span[:0:-1]:
            steps.insert(0, steps[0] * wide)
        if steps[0] * span[0] >= 2**62:
            raise NotTemplated("keys too far apart")
        self.step = np.array(steps)
        packed = (keys - self.low) @ self.step
        self.order = np.argsort(packed, kind="stable")
        self.packed = packed[self.order]

    def find(self, wanted: list[Longs]) -> Longs:
        """Position of each key, given by columns; -1 where there is no such key."""
        packed = np.zeros(len(wanted[0]), dtype=np.int64)
        inside = np.ones(len(packed), dtype=bool)
        for values, low, high, step in zip(wanted, self.low, self.high, self.step, strict=True):
            inside &= (low <= values) & (values <= high)
            packed += (values - low) * step
        found = np.minimum(np.searchsorted(self.packed, packed), len(self.packed) - 1)
        return np.where(inside & (self.packed[found] == packed), self.order[found], -1)


class Reader:
    """Evaluates expressions of one model. A column is numbered by its position among all variables as declared."""

    def __init__(self, model: pyo.ConcreteModel) -> None:
        self.codes = Codes()
        variables = list(model.component_objects(pyo.Var))
        sizes = [len(variable) for variable in variables]
        self.starts = np.cumsum([0, *sizes])
        self.number = {id(variable): number for number, variable in enumerate(variables)}
        self.model = model
        self.seen: dict[int, None] = {}  # numbers of variables in constraints, in the order in which they are met
        self.parameters: set[str] = set()  # that were met
        self.tables: dict[Any, Any] = {}

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self.starts[-1])

    def variables_of(self, columns: list[int]) -> list[int]:
        """Numbers of the variables of these columns, in the order in which they are met."""
        numbers, first = np.unique(np.searchsorted(self.starts, columns, side="right") - 1, return_index=True)
        found: list[int] = numbers[np.argsort(first)].tolist()
        return found

    def met(self, first: Iterable[int]) -> Longs:
        """All columns of the variables that occur in an expression, in the order of their first occurrence; ``first``: those of
        objectives."""
        seen = dict.fromkeys(first) | self.seen
        return np.concatenate([np.arange(self.starts[number], self.starts[number + 1]) for number in seen])

    def linear(self, node: Any, points: Points) -> Linear:
        """Evaluate an expression at all points."""
        if isinstance(node, (int, float)):
            return node, []
        if isinstance(node, template_expr.IndexTemplate):
            numbers = points.values[id(node)]
            if numbers.size and numbers.max() >= FIRST_NAME:
                raise NotTemplated("arithmetic of names")
            return numbers, []
        if isinstance(node, template_expr.GetItemExpression):
            return self.item(node, points)
        if isinstance(node, template_expr.TemplateSumExpression):
            return self.total(node, points)
        if isinstance(node, numeric_expr.SumExpression):
            parts = [self.linear(part, points) for part in node.args]
            return sum(part[0] for part in parts), [terms for part in parts for terms in part[1]]
        if isinstance(node, numeric_expr.NegationExpression):
            number, terms = self.linear(node.args[0], points)
            return -number, [part.times(-1.0) for part in terms]
        if isinstance(node, (numeric_expr.ProductExpression, numeric_expr.DivisionExpression)):
            (left, terms), (right, others) = (self.linear(part, points) for part in node.args)
            if isinstance(node, numeric_expr.DivisionExpression):
                if not terms and not others and np.all(right):
                    return left / right, []
            elif not terms or not others:
                return left * right, [*(part.times(right) for part in terms), *(part.times(left) for part in others)]
        raise NotTemplated(type(node).__name__)

    def item(self, node: Any, points: Points) -> Linear:
        """Evaluate an entry of a variable or a parameter at all points."""
        component = node.args[0]
        if component.ctype is pyo.Var:
            number = self.number[id(component)]
            self.seen.setdefault(number)
            position = self.position(component, node.args[1:], points)
            if position.size and position.min() < 0:
                raise NotTemplated(f"{component.local_name} has no such index")
            return 0.0, [Terms(np.arange(points.size), self.starts[number] + position, np.ones(points.size))]
        if component.ctype is not pyo.Param:
            raise NotTemplated(component.local_name)
        self.parameters.add(component.local_name)
        position = self.position(component, node.args[1:], points)
        default = component.default()
        if default is pyo.Param.NoValue and position.size and position.min() < 0:
            raise NotTemplated(f"{component.local_name} has no such index")
        values = [*self.entries(component).values(), 0.0 if default is pyo.Param.NoValue else default]
        if not all(isinstance(value, (int, float)) for value in values):
            raise NotTemplated(f"{component.local_name} is not all numbers")
        return np.array(values, dtype=np.float64)[position], []  # -1 is the last, which is the default

    def replace(self, name: str, entries: Mapping[Any, float]) -> None:
        """From now on read these entries of a parameter, with the same keys, in place of the model's."""
        self.tables[id(self.model.component(name)), "entries"] = entries

    def entries(self, param: Any) -> dict[Any, Any]:
        """The entries of a parameter that differ from its default."""
        key = (id(param), "entries")
        if key not in self.tables:
            self.tables[key] = dict(param.sparse_items())
        found: dict[Any, Any] = self.tables[key]
        return found

    def position(self, component: Any, indices: Any, points: Points) -> Longs:
        """Position of each point's entry in an indexed component."""
        wanted = []
        for node in indices:
            if isinstance(node, template_expr.IndexTemplate):
                wanted.append(points.values[id(node)])
            else:
                number, terms = self.linear(node, points)
                whole = np.broadcast_to(np.asarray(number).astype(np.int64), points.size)
                if terms or not np.array_equal(whole, np.broadcast_to(number, points.size)):
                    raise NotTemplated("an index that is not a whole number")
                wanted.append(whole)
        if id(component) not in self.tables:
            keys = self.entries(component) if component.ctype is pyo.Param else component.keys()
            coded = self.codes.matrix(keys, len(wanted))
            self.tables[id(component)] = Table(coded) if len(coded) else None
        table = self.tables[id(component)]
        return np.full(points.size, -1) if table is None else table.find(wanted)

    def total(self, node: Any, points: Points) -> Linear:
        """Evaluate a sum over one or more sets: its terms, each at the point that it belongs to."""
        origin = np.arange(points.size)
        for group in node.template_iters():
            members, start, count = self.members(group, points)
            again = np.repeat(np.arange(points.size), count)
            within = np.arange(len(again)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start, count)
            values = {name: value[again] for name, value in points.values.items()}
            values |= {id(template): members[within, place] for place, template in enumerate(group)}
            points, origin = Points(len(again), values), origin[again]
        number, terms = self.linear(node.template_args()[0], points)
        if np.any(number):
            raise NotTemplated("a sum of numbers")
        return 0.0, [Terms(origin[part.at], part.column, part.coefficient) for part in terms]

    def members(self, group: Any, points: Points) -> tuple[Longs, Longs, Longs]:
        """The members of the sets that a sum runs over, and for each point the position of its first one and their number."""
        over = group[0]._set
        if not isinstance(over, template_expr.GetItemExpression):
            members = self.codes.matrix(over, len(group))
            return members, np.zeros(points.size, dtype=np.int64), np.full(points.size, len(members))
        component = over.args[0]
        position = self.position(component, over.args[1:], points)
        if position.size and position.min() < 0:
            raise NotTemplated(f"{component.local_name} has no such index")
        key = (id(component), "members")
        if key not in self.tables:
            counts = np.array([len(each) for each in component.values()], dtype=np.int64)
            self.tables[key] = (self.codes.matrix(chain.from_iterable(component.values()), len(group)), counts)
        members, counts = self.tables[key]
        return members, (np.cumsum(counts) - counts)[position], counts[position]
