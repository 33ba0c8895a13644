"""Compile a model to arrays, constraint by constraint (`templates.py`) rather than row by row.

The arrays equal those of Pyomo's `LinearStandardFormCompiler` to the last bit and in the same order (tests compare them). It is
here for speed alone: of the shipped plan's `run` it saves 1.7 s. As it relies on names that Pyomo does not document, anything
unexpected raises NotTemplated, and `form.compile_form` falls back to Pyomo's compiler."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pyomo.core as pyo
from pyomo.core.expr import numeric_expr, relational_expr
from scipy.sparse import csc_array

from planner.solve.compile.templates import Floats, NotTemplated, Points, Reader, Terms

Key = tuple[str, Any]  # name, index


@dataclass(frozen=True)
class Arrays:
    """Costs of the columns, the matrix, right-hand sides. A fixed variable is a number, not a column."""

    costs: dict[str, tuple[Floats, float]]  # coefficients and offset of each objective
    matrix: csc_array
    kinds: npt.NDArray[np.int8]  # of each row: 0 is =, 1 is <=, -1 is >=
    rhs: Floats
    columns: list[Key]
    rows: list[Key]


def read_arrays(model: pyo.ConcreteModel) -> Arrays | None:
    """Compile all constraints and objectives. None where a limit has no variable and does not hold. Raises NotTemplated for
    what only Pyomo's compiler reads."""
    return Compilation(model).arrays()


@dataclass(frozen=True)
class Block:
    """The rows of one constraint, by number, and the parameters that they are made with."""

    constraint: Any
    rows: slice
    parameters: frozenset[str]


class Compilation:
    """All constraints and objectives of a model as arrays, in which numbers can be replaced: those of a parameter
    (`replace`), of a fixed variable (in the model itself), and of the cost (`price`)."""

    def __init__(self, model: pyo.ConcreteModel) -> None:
        """Raises NotTemplated for what only Pyomo's compiler reads."""
        self.reader = reader = Reader(model)
        self.variables = list(model.component_objects(pyo.Var))
        self.entries = [entry for variable in self.variables for entry in variable.values()]
        self.costs, self.met = _costs(model, reader, self.entries)

        terms: list[Terms] = []
        kinds: list[npt.NDArray[np.int8]] = []
        sides: list[Floats] = []
        names: list[Iterable[Key]] = []
        self.blocks: list[Block] = []
        height = 0
        for constraint in model.component_objects(pyo.Constraint, active=True):
            rows, reader.parameters = dict(constraint.items()), set()
            block, kind, side = _block(reader, constraint, rows)
            terms += [Terms(part.at + height, part.column, part.coefficient) for part in block]
            kinds.append(np.full(len(rows), kind, dtype=np.int8))
            sides.append(np.broadcast_to(np.asarray(side, dtype=np.float64), len(rows)))
            names.append(zip(repeat(constraint.local_name), rows))
            self.blocks.append(Block(constraint, slice(height, height + len(rows)), frozenset(reader.parameters)))
            height += len(rows)

        if not terms:
            raise NotTemplated("no constraint of a variable")
        self.sense, self.sides = np.concatenate(kinds), np.concatenate(sides)
        at, column, coefficient = (np.concatenate([getattr(part, name) for part in terms]) for name in Terms.__annotations__)
        self.stays = np.bincount(at, minlength=height) > 0
        shape = int(self.stays.sum()), reader.width
        self.matrix = summed(coefficient, (np.cumsum(self.stays) - 1)[at], column, shape)
        self.rows = list(compress(chain.from_iterable(names), self.stays.tolist()))
        self.used = np.diff(self.matrix.indptr) > 0
        self.fixed = np.fromiter((entry.fixed for entry in self.entries), dtype=bool, count=len(self.entries))

    def arrays(self) -> Arrays | None:
        """As of `read_arrays`."""
        rhs, order = self.right_hand_sides(), self.order()
        if rhs is None:
            return None
        keys = list(chain.from_iterable(zip(repeat(variable.local_name), variable.keys()) for variable in self.variables))
        return Arrays(
            costs={name: (cost[order], offset) for name, (cost, offset) in self.costs.items()},
            matrix=self.matrix[:, order],
            kinds=self.sense[self.stays],
            rhs=rhs,
            columns=[keys[number] for number in order.tolist()],
            rows=self.rows,
        )

    def right_hand_sides(self) -> Floats | None:
        """Of the rows with a variable, less what fixed variables are in them. None where a row without one does not hold."""
        low, high = (self.sense >= 0) & (self.sides < 0), (self.sense <= 0) & (self.sides > 0)
        if np.any(~self.stays & (low | high)):
            return None
        rhs, given = self.sides[self.stays], np.flatnonzero(self.fixed & self.used)
        if given.size:
            rhs = rhs - self.matrix[:, given] @ np.array([self.entries[number].value for number in given])
        return rhs

    def order(self) -> npt.NDArray[Any]:
        """The columns: variables that occur in a row or cost something, as they are met."""
        used = self.used.copy()
        for cost, _ in self.costs.values():
            used |= cost != 0
        used &= ~self.fixed
        met = self.reader.met(self.met)
        order: npt.NDArray[Any] = met[used[met]]
        return order

    def price(self, objective: str, columns: Sequence[int], coefficients: Sequence[float]) -> None:
        """Have another cost, of these columns; with one objective alone."""
        self.costs[objective], self.met = _cost(self.reader, self.entries, columns, coefficients)

    def replace(self, numbers: Mapping[str, Mapping[Any, float]]) -> bool:
        """Replace the entries of some parameters, whose keys stay as they are. Whether that leaves the matrix as it is; else,
        and where a parameter is in no row, nothing here must be used again."""
        blocks = [block for block in self.blocks if block.parameters & numbers.keys()]
        if numbers.keys() - {name for block in blocks for name in block.parameters}:
            return False
        rows = [dict(block.constraint.items()) for block in blocks]
        before = [_block(self.reader, block.constraint, each) for block, each in zip(blocks, rows, strict=True)]
        for name, values in numbers.items():
            self.reader.replace(name, values)
        self.sides = self.sides.copy()
        for block, each, (terms, kind, _) in zip(blocks, rows, before, strict=True):
            now, kind_now, self.sides[block.rows] = _block(self.reader, block.constraint, each)
            if kind != kind_now or len(terms) != len(now) or not all(map(_alike, terms, now)):
                return False
        return True


def _alike(one: Terms, other: Terms) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Terms.__annotations__)


def summed(values: Floats, rows: npt.NDArray[Any], columns: npt.NDArray[Any], shape: tuple[int, int]) -> csc_array:
    """The matrix of these entries; those in the same place add up, and zeros are dropped."""
    matrix = csc_array((values, (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def _costs(model: pyo.ConcreteModel, reader: Reader, entries: list[Any]) -> tuple[dict[str, tuple[Floats, float]], list[int]]:
    """Each objective is a sum of numbers, variables and multiples of them. Also the variables as they are met."""
    number_of = {id(entry): number for number, entry in enumerate(entries)}
    found, met = {}, dict[int, None]()
    for objective in model.component_objects(pyo.Objective, active=True):
        expression = objective.expr
        summed = isinstance(expression, numeric_expr.SumExpression)
        columns, coefficients, constant = [], [], 0.0
        for term in expression.args if summed else [expression]:
            if isinstance(term, (int, float)):
                constant += term
                continue
            factor, variable = term.args if isinstance(term, numeric_expr.MonomialTermExpression) else (1.0, term)
            number = number_of.get(id(variable))
            if number is None or not isinstance(factor, (int, float)):
                raise NotTemplated(f"{objective.local_name}: {type(term).__name__}")
            columns.append(number)
            coefficients.append(factor)
        (cost, offset), first = _cost(reader, entries, columns, coefficients)
        found[objective.local_name] = (cost, offset + constant)
        met |= dict.fromkeys(first)
    return found, list(met)


def _cost(
    reader: Reader, entries: list[Any], columns: Sequence[int], coefficients: Sequence[float]
) -> tuple[tuple[Floats, float], list[int]]:
    """Cost of each column, what fixed variables cost, and the variables as they are met."""
    offset = 0.0
    free, weights = [], []
    for number, factor in zip(columns, coefficients, strict=True):
        if entries[number].fixed:
            offset += factor * entries[number].value
        else:
            free.append(number)
            weights.append(factor)
    cost = np.bincount(np.array(free, dtype=np.int64), weights=weights, minlength=reader.width)
    return (cost.astype(np.float64), offset), reader.variables_of(free)


def _block(reader: Reader, constraint: Any, rows: dict[Any, Any]) -> tuple[list[Terms], int, Any]:
    """Terms, kind and right-hand sides of all rows of a constraint."""
    if not all(row.active and hasattr(row, "template_expr") for row in rows.values()) or not constraint.is_indexed():
        raise NotTemplated(constraint.local_name)
    if not rows:
        return [], 0, 0.0
    relation, templates = next(iter(rows.values())).template_expr()
    keys = reader.codes.matrix(rows, len(templates))
    points = Points(len(rows), {id(template): keys[:, place] for place, template in enumerate(templates)})
    equal = isinstance(relation, relational_expr.EqualityExpression)
    if not equal and (not isinstance(relation, relational_expr.InequalityExpression) or relation.strict):
        raise NotTemplated(constraint.local_name)
    (left, terms), (right, others) = (reader.linear(part, points) for part in relation.args)
    if others and not terms:
        return others, 0 if equal else -1, left - right
    return [*terms, *(part.times(-1.0) for part in others)], 0 if equal else 1, right - left
