"""Guess which deployments and retirements are zero: those that are dear in the same program with its places aggregated.

Places that may hold the same generations become one, with the mean of their coefficients (aggregation: Rogers, Plante, Wong,
Evans, Operations Research 39, 1991). That program is a tenth as large and solved in less than a second, and its prices show
which generation is deployed or retired in which month: efficiency decides that, and hardly the place. The program without the
other columns is solved first; then they are released, as in sifting (Bixby, Gregory, Lustig, Marsten, Shanno, "Very large-scale
linear programming", Operations Research 40, 1992).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.solve.compile.form import Floats, Form, Ids, Key, Mask, summed
from planner.solve.highs import Outcome
from planner.solve.reduce import transshipment
from planner.solve.reduce.hints import ENERGY, GUESSED, INSTALLED, RETIRE
from planner.solve.reduce.step import BasicSolution, PrimalDual, Step

DEAR = 0.01  # of what a column weighs on both sides: with a larger reduced cost it is taken to be zero,
MONTHS = 2  # if the same holds in each month this near
SMALL = 0.3  # share of the columns that the aggregated program may have, or it is not solved in next to no time
SAVED = 0.3  # share of the columns in question that must go for it


@dataclass(frozen=True)
class ZeroGuess(Step):
    """The same program with some columns at zero: its solution is one of the original as it is, optimal or not."""

    def postsolve(self, point: PrimalDual) -> PrimalDual:
        return point

    def postsolve_basis(self, basis: BasicSolution) -> BasicSolution:
        return basis


def reduce(form: Form, by_place: Form, solve: Callable[[Form], Outcome]) -> ZeroGuess | None:
    """``form`` with the columns at zero that are dear in ``by_place`` with its places aggregated, which ``solve`` solves. None:
    that program tells nothing, or too little."""
    keys = unlikely(by_place, solve)
    if keys is None:
        return None
    zero = np.array([key in keys for key in form.columns])
    return ZeroGuess(form, dataclasses.replace(form, upper=np.where(zero, 0.0, form.upper)))


def unlikely(form: Form, solve: Callable[[Form], Outcome]) -> set[Key] | None:
    """Which columns of ``form`` are taken to be zero. None: the aggregated program tells nothing, or too little."""
    aggregated, column = aggregate(form, pools(form))
    if aggregated.shape[1] > SMALL * form.shape[1]:
        return None
    step = transshipment.reduce(aggregated)
    small = aggregated if step is None else step.form
    outcome = solve(small)
    if outcome.status != "optimal":
        return None
    weight = np.abs(small.cost) + abs(small.matrix).T @ np.abs(outcome.duals)
    price = dict(zip(small.columns, outcome.reduced_costs.tolist(), strict=True))
    dear = dict(zip(small.columns, (outcome.reduced_costs > DEAR * weight).tolist(), strict=True))
    zero = {key for key in aggregated.columns if key[0] in GUESSED and _is_dear(key, dear)}
    for stays, goes in [((INSTALLED, index), (RETIRE, index)) for name, index in zero if name == INSTALLED]:
        if goes in zero:
            zero.discard(min(stays, goes, key=lambda key: price[key]))
    found = np.array([key in zero for key in aggregated.columns])[column]
    guessed = np.array([name in GUESSED for name, _ in aggregated.columns])[column]
    if found.sum() <= SAVED * guessed.sum():
        return None
    return {form.columns[j] for j in np.flatnonzero(found).tolist()}


def _is_dear(key: Key, dear: dict[Key, bool]) -> bool:
    """Whether the column is dear in its own month and in those near it; a column that is gone is not."""
    name, index = key
    return key in dear and all(
        dear.get((name, (*index[:-1], index[-1] + months)), True) for months in range(-MONTHS, MONTHS + 1)
    )


def pools(form: Form) -> dict[str, str]:
    """The pool of each place on Earth: one for all that may hold the same generations."""
    generations: dict[str, set[str]] = {}
    for name, index in form.columns:
        if name in GUESSED:
            generations.setdefault(index[0], set()).add(index[1])
    on_earth = {index[0] for name, index in form.columns if name == ENERGY}
    first: dict[frozenset[str], str] = {}
    return {x: first.setdefault(frozenset(generations[x]), x) for x in generations if x in on_earth}


def aggregate(form: Form, pool: dict[str, str]) -> tuple[Form, Ids]:
    """The program of the pools, and the number of each column's own in it.

    Rows add up, and each place has an equal share of its pool. A limit on some places of a pool is left out, since it does not
    limit the pool."""
    column, columns = _numbered([_of_pool(key, pool) for key in form.columns])
    row, rows = _numbered([_of_pool(key, pool) for key in form.rows])
    size = np.bincount(column)
    entries = form.matrix.tocoo()
    at, of = row[entries.row], column[entries.col]
    lower, upper = (_added(side, row) for side in (form.row_lower, form.row_upper))
    free = _partial(entries, at, column, lower, upper)
    small = Form(
        cost=np.bincount(column, weights=form.cost) / size,
        offset=form.offset,
        aim=None,
        lower=_added(form.lower, column),
        upper=_added(form.upper, column),
        row_lower=np.where(free, -np.inf, lower),
        row_upper=np.where(free, np.inf, upper),
        matrix=summed(entries.data / size[of], at, of, (len(rows), len(columns))),
        columns=columns,
        rows=rows,
    )
    return small, column


def _partial(entries: Any, row: Ids, column: Ids, lower: Floats, upper: Floats) -> Mask:
    """Aggregated rows that limit some columns of a pool, and not all of them. ``row`` of each entry and ``column`` of each
    column: their number in the aggregated program."""
    columns, count = len(column), int(column.max(initial=-1)) + 1
    takes = np.where(entries.data > 0, np.isfinite(upper[row]), np.isfinite(lower[row])) & (lower < upper)[row]
    taken = np.unique(row[takes] * columns + entries.col[takes])
    pair, number = np.unique(taken // columns * count + column[taken % columns], return_counts=True)
    partial = np.zeros(len(lower), dtype=bool)
    partial[pair[number < np.bincount(column)[pair % count]] // count] = True
    return partial


def _of_pool(key: Key, pool: dict[Any, Any]) -> Key:
    name, index = key
    return (name, tuple([pool.get(part, part) for part in index])) if isinstance(index, tuple) else key


def _numbered(keys: Sequence[Key]) -> tuple[Ids, list[Key]]:
    """The number of each key, in the order of first appearance, and the keys in that order."""
    number: dict[Key, int] = {}
    found = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)
    return found, list(number)


def _added(sides: Floats, group: Ids) -> Floats:
    """Sums by group of numbers that may be infinite, all with one sign."""
    with np.errstate(invalid="raise"):
        total = np.zeros(int(group.max(initial=-1)) + 1)
        np.add.at(total, group, sides)
    return total
