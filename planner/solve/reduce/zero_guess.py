"""Which deployments and retirements are worth a thought: those of the same program with its places pooled.

Places that may hold the same generations become one, whose coefficients are their mean. That program is a tenth as large and
solved in less than a second, and its prices tell which generation is deployed and which is displaced in which month: efficiency
decides that, and hardly the place. All others are taken to be zero. This is a guess: who takes it up looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csc_array

from planner.solve.compile.form import Floats, Form
from planner.solve.highs import Solver
from planner.solve.reduce.basis_point import Truths, by_columns
from planner.solve.reduce.transshipment import with_hubs

Ids = npt.NDArray[np.int64]
Key = tuple[str, Any]

STAYS, GOES = "installed", "retire"  # what stands either stays or goes: of these two one is left
GUESSED = ("deploy", GOES, STAYS)  # by place, generation, month
FED = "output"  # the columns that tell places on Earth, which have power to share, from designs in orbit
DEAR = 0.01  # of what a column weighs on both sides: with a larger reduced cost it is taken to be zero,
MONTHS = 2  # where it is in each month so near as well
SMALL = 0.3  # share of the columns that the pools may have, or they are not solved in next to no time
SAVED = 0.3  # share of the columns in question that must go for it


def unlikely(form: Form, solver_of: Callable[[Form], Solver]) -> set[Key] | None:
    """Which columns of ``form`` are taken to be zero. None: the pools tell nothing, or too little.

    ``solver_of`` makes the solver of the pools, without crossover."""
    pooled, column = _pooled(form, _labels(form))
    if pooled.shape[1] > SMALL * form.shape[1]:
        return None
    step = with_hubs(pooled)
    small = pooled if step is None else step.form
    outcome = solver_of(small).minimise(small.cost, small.offset)
    if outcome.status != "optimal":
        return None
    weight = np.abs(small.cost) + abs(by_columns(small)).T @ np.abs(outcome.duals)
    price = dict(zip(small.columns, outcome.reduced_costs.tolist(), strict=True))
    dear = dict(zip(small.columns, (outcome.reduced_costs > DEAR * weight).tolist(), strict=True))
    zero = {key for key in pooled.columns if key[0] in GUESSED and _is_dear(key, dear)}
    for stays, goes in [((STAYS, index), (GOES, index)) for name, index in zero if name == STAYS]:
        if goes in zero:
            zero.discard(min(stays, goes, key=lambda key: price[key]))
    found = np.array([key in zero for key in pooled.columns])[column]
    guessed = np.array([name in GUESSED for name, _ in pooled.columns])[column]
    if found.sum() <= SAVED * guessed.sum():
        return None
    return {form.columns[j] for j in np.flatnonzero(found).tolist()}


def _is_dear(key: Key, dear: dict[Key, bool]) -> bool:
    """Whether the column is, in its own month and in those near it; one that is known no more is not."""
    name, index = key
    return key in dear and all(
        dear.get((name, (*index[:-1], index[-1] + months)), True) for months in range(-MONTHS, MONTHS + 1)
    )


def _labels(form: Form) -> dict[str, str]:
    """The pool of each place on Earth: one for all that may hold the same generations."""
    held: dict[str, set[str]] = {}
    for name, index in form.columns:
        if name in GUESSED:
            held.setdefault(index[0], set()).add(index[1])
    fed = {index[0] for name, index in form.columns if name == FED}
    pools: dict[frozenset[str], str] = {}
    return {place: pools.setdefault(frozenset(held[place]), place) for place in held if place in fed}


def _pooled(form: Form, label: dict[str, str]) -> tuple[Form, Ids]:
    """The program of the pools, and to which of its columns each column goes.

    Rows add up, and each place has an equal part in its pool. A limit on what some places of a pool take is left out: it does
    not say what the pool may take."""
    column, columns = _numbered([_pool(key, label) for key in form.columns])
    row, rows = _numbered([_pool(key, label) for key in form.rows])
    size = np.bincount(column)
    entries = by_columns(form).tocoo()
    where = (row[entries.row], column[entries.col])
    shape = (len(rows), len(columns))
    held = csc_array(coo_array((entries.data / size[where[1]], where), shape=shape))
    held.sum_duplicates()
    held.eliminate_zeros()
    lower, upper = (_added(side, row) for side in (form.row_lower, form.row_upper))
    free = _partial(entries, where[0], column, lower, upper)
    small = Form(
        cost=np.bincount(column, weights=form.cost) / size,
        offset=form.offset,
        aim=None,
        lower=_added(form.lower, column),
        upper=_added(form.upper, column),
        row_lower=np.where(free, -np.inf, lower),
        row_upper=np.where(free, np.inf, upper),
        starts=held.indptr.astype(np.int32),
        indices=held.indices.astype(np.int32),
        values=held.data,
        columns=columns,
        rows=rows,
    )
    return small, column


def _partial(entries: Any, row: Ids, column: Ids, lower: Floats, upper: Floats) -> Truths:
    """Pooled rows that limit what some columns of a pool take, and not all of it. ``row`` of each entry, ``column`` of each
    column: where it goes."""
    columns, pools = len(column), int(column.max(initial=-1)) + 1
    takes = np.where(entries.data > 0, np.isfinite(upper[row]), np.isfinite(lower[row])) & (lower < upper)[row]
    taken = np.unique(row[takes] * columns + entries.col[takes])
    pair, count = np.unique(taken // columns * pools + column[taken % columns], return_counts=True)
    partial = np.zeros(len(lower), dtype=bool)
    partial[pair[count < np.bincount(column)[pair % pools]] // pools] = True
    return partial


def _pool(key: Key, label: dict[Any, Any]) -> Key:
    name, index = key
    return (name, tuple([label.get(part, part) for part in index])) if isinstance(index, tuple) else key


def _numbered(keys: Sequence[Key]) -> tuple[Ids, list[Key]]:
    """The number of each key, in the order of their first appearance, and the keys in that order."""
    number: dict[Key, int] = {}
    found = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)
    return found, list(number)


def _added(sides: Floats, group: Ids) -> Floats:
    """Sums by group of numbers that may be infinite, all with one sign."""
    with np.errstate(invalid="raise"):
        total = np.zeros(int(group.max(initial=-1)) + 1)
        np.add.at(total, group, sides)
    return total
