"""Compile a model to arrays, constraint by constraint (`templates.py`) rather than row by row.

The arrays equal those of Pyomo's `LinearStandardFormCompiler` to the last bit and in the same order (tests compare them). It is
here for speed alone: of the shipped plan's `run` it saves 1.7 s. As it relies on names that Pyomo does not document, anything
unexpected raises NotTemplated, and `form.compile_form` falls back to Pyomo's compiler."""

from __future__ import annotations

from collections.abc import Iterable
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
    reader = Reader(model)
    variables = list(model.component_objects(pyo.Var))
    entries = [entry for variable in variables for entry in variable.values()]
    costs = _costs(model, reader, entries)

    terms: list[Terms] = []
    kinds: list[npt.NDArray[np.int8]] = []
    sides: list[Floats] = []
    names: list[Iterable[Key]] = []
    height = 0
    for constraint in model.component_objects(pyo.Constraint, active=True):
        rows = dict(constraint.items())
        block, kind, side = _block(reader, constraint, rows)
        terms += [Terms(part.at + height, part.column, part.coefficient) for part in block]
        kinds.append(np.full(len(rows), kind, dtype=np.int8))
        sides.append(np.broadcast_to(np.asarray(side, dtype=np.float64), len(rows)))
        names.append(zip(repeat(constraint.local_name), rows))
        height += len(rows)

    if not terms:
        raise NotTemplated("no constraint of a variable")
    sense, rhs = np.concatenate(kinds), np.concatenate(sides)
    at, column, coefficient = (np.concatenate([getattr(part, name) for part in terms]) for name in Terms.__annotations__)
    stays = np.bincount(at, minlength=height) > 0
    if np.any(~stays & (((sense >= 0) & (rhs < 0)) | ((sense <= 0) & (rhs > 0)))):
        return None
    matrix = summed(coefficient, (np.cumsum(stays) - 1)[at], column, (int(stays.sum()), reader.width))
    rhs = rhs[stays]

    fixed = np.fromiter((entry.fixed for entry in entries), dtype=bool, count=len(entries))
    used = np.diff(matrix.indptr) > 0
    given = np.flatnonzero(fixed & used)
    if given.size:
        rhs = rhs - matrix[:, given] @ np.array([entries[number].value for number in given])
    for cost, _ in costs.values():
        used |= cost != 0
    used &= ~fixed
    met = reader.met()
    order = met[used[met]]
    keys = list(chain.from_iterable(zip(repeat(variable.local_name), variable.keys()) for variable in variables))
    return Arrays(
        costs={name: (cost[order], offset) for name, (cost, offset) in costs.items()},
        matrix=matrix[:, order],
        kinds=sense[stays],
        rhs=rhs,
        columns=[keys[number] for number in order.tolist()],
        rows=list(compress(chain.from_iterable(names), stays.tolist())),
    )


def summed(values: Floats, rows: npt.NDArray[Any], columns: npt.NDArray[Any], shape: tuple[int, int]) -> csc_array:
    """The matrix of these entries; those in the same place add up, and zeros are dropped."""
    matrix = csc_array((values, (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def _costs(model: pyo.ConcreteModel, reader: Reader, entries: list[Any]) -> dict[str, tuple[Floats, float]]:
    """Each objective is a sum of numbers, variables and multiples of them."""
    number_of = {id(entry): number for number, entry in enumerate(entries)}
    found = {}
    for objective in model.component_objects(pyo.Objective, active=True):
        expression = objective.expr
        summed = isinstance(expression, numeric_expr.SumExpression)
        columns, coefficients, offset, constant = [], [], 0.0, 0.0
        for term in expression.args if summed else [expression]:
            if isinstance(term, (int, float)):
                constant += term
                continue
            factor, variable = term.args if isinstance(term, numeric_expr.MonomialTermExpression) else (1.0, term)
            number = number_of.get(id(variable))
            if number is None or not isinstance(factor, (int, float)):
                raise NotTemplated(f"{objective.local_name}: {type(term).__name__}")
            if variable.fixed:
                offset += factor * variable.value
            else:
                columns.append(number)
                coefficients.append(factor)
        reader.meet(columns)
        cost = np.bincount(np.array(columns, dtype=np.int64), weights=coefficients, minlength=reader.width)
        found[objective.local_name] = (cost.astype(np.float64), offset + constant)
    return found


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
