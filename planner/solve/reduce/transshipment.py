"""Columns that join every row of one group to every row of another are paths through a hub: n m columns become n + m.

    x[i,j] in row i and in row j alone, at a cost that is of j   =   give[i] into the hub, take[j] out of it

Regions that serve the same demands at the same prices differ in power and chips, not in whom they serve. The smaller program
has the same optimal cost, and a vertex of it is one of the whole: a tree of paths for what goes through each hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array

from planner.solve.compile.form import Floats, Form
from planner.solve.reduce.basis_point import Point, Truths, Vertex, by_rows

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Hub:
    """``paths[i, j]``: the column from member row i to neighbour row j. ``kept``: it stays, being cheaper than the hub's."""

    members: Ids
    neighbours: Ids
    paths: Ids
    kept: Truths
    inside: Truths  # which members have no row any more: what they hold is the hub's
    factor: float  # coefficient of every path in its member's row
    other: Floats  # coefficient of the paths by neighbour
    cost: Floats  # of the hub's way, by neighbour


@dataclass(frozen=True)
class Hubs:
    """``whole`` with hubs is ``form``. Rows and columns of the whole, by their place in ``form``; -1: not there."""

    whole: Form
    form: Form
    hubs: list[Hub]
    column: Ids
    row: Ids
    take: list[Ids]
    give: list[Ids]  # -1 for what is inside

    def lift(self, vertex: Vertex) -> Vertex:
        """A vertex of the whole from one of the smaller program."""
        stays, holds = self.column >= 0, self.row >= 0
        values, own = self._without_paths(vertex.values)
        columns = stays & vertex.columns[self.column]
        rows = holds & vertex.rows[self.row]
        for number, hub in enumerate(self.hubs):
            give, taken = self.give[number], vertex.columns[self.take[number]]
            there = hub.inside | vertex.columns[give]
            supply = self._supply(number, vertex.values, own)[there]
            demand = vertex.values[self.take[number]][taken]
            hub_row = self.row[hub.members[hub.inside][0]] if hub.inside.any() else -1
            slack = hub_row >= 0 and bool(vertex.rows[hub_row])
            rows[hub.members[hub.inside]] = False
            if slack:
                demand = np.append(demand, np.inf)
            members, targets = np.flatnonzero(there), np.flatnonzero(taken)
            for i, j, carried in corner(supply, demand):
                if slack and j == len(targets):
                    rows[hub.members[members[i]]] = True
                else:
                    path = hub.paths[members[i], targets[j]]
                    columns[path] = True
                    values[path] += carried
        return Vertex(values, columns, rows)

    def lift_point(self, point: Point) -> Point:
        """What goes through a hub, shared out by paths; its price is that of each member inside."""
        values, own = self._without_paths(point.values)
        for number, hub in enumerate(self.hubs):
            taken = point.values[self.take[number]]
            for i, j, carried in corner(np.append(self._supply(number, point.values, own), np.inf), taken):
                if i < len(hub.members):
                    values[hub.paths[i, j]] += carried
        return Point(values, point.duals[self.row])

    def _without_paths(self, found: Floats) -> tuple[Floats, Floats]:
        """Values as long as no path carries anything, and by row what members put in themselves."""
        values = np.where(self.column >= 0, found[self.column], 0.0)
        return values, by_rows(self.whole) @ values

    def _supply(self, number: int, found: Floats, own: Floats) -> Floats:
        """What each member gives the hub."""
        hub = self.hubs[number]
        return np.where(hub.inside, -own[hub.members] / hub.factor, found[self.give[number]])


def corner(supply: Floats, demand: Floats) -> list[tuple[int, int, float]]:
    """A tree of paths from suppliers to demands, north-west corner first: one fewer than there are of both."""
    if not len(supply) or not len(demand):
        return []
    found, i, j = [], 0, 0
    left, open_ = supply.tolist(), demand.tolist()
    while True:
        carried = max(0.0, min(left[i], open_[j]))
        found.append((i, j, carried))
        left[i] -= carried
        open_[j] -= carried
        if i == len(left) - 1 and j == len(open_) - 1:
            return found
        if j == len(open_) - 1 or (i < len(left) - 1 and left[i] <= open_[j]):
            i += 1
        else:
            j += 1


def with_hubs(form: Form) -> Hubs | None:
    """The program with hubs for all groups that save columns; None: there are none."""
    matrix = by_rows(form)
    hubs = _find(form, matrix)
    if not hubs:
        return None
    rows, columns = form.shape
    gone = np.zeros(columns, dtype=bool)
    row, count = np.arange(rows), rows
    new_rows, new_columns, values, cost, take, give = [], [], [], [], [], []
    keys: list[tuple[str, Any]] = []
    hub_rows = []
    j = columns
    for number, hub in enumerate(hubs):
        gone[hub.paths[~hub.kept]] = True
        if hub.inside.any():
            first = hub.members[hub.inside][0]
            row[hub.members[hub.inside]] = first
            at = int(first)
        else:
            at, count = count, count + 1
            hub_rows.append(number)
        outside = np.flatnonzero(~hub.inside)
        n, m = len(outside), len(hub.neighbours)
        takes, gives = j + np.arange(m), j + m + np.arange(n)
        j += n + m
        take.append(takes)
        give.append(np.full(len(hub.members), -1))
        give[-1][outside] = gives
        new_rows += [hub.neighbours, np.full(m, at), hub.members[outside], np.full(n, at)]
        new_columns += [takes, takes, gives, gives]
        values += [hub.other, np.full(m, hub.factor), np.full(n, hub.factor), np.full(n, -hub.factor)]
        cost += [hub.cost, np.zeros(n)]
        keys += [("take", (number, int(r))) for r in hub.neighbours] + [
            ("give", (number, int(r))) for r in hub.members[outside]
        ]
    entries = matrix.tocoo()
    becomes = np.concatenate([row, np.arange(rows, count)])
    where = (becomes[np.concatenate([entries.row, *new_rows])], np.concatenate([entries.col, *new_columns]))
    held = csr_array(coo_array((np.concatenate([entries.data, *values]), where), shape=(count, j)))
    keep_row = np.concatenate([row == np.arange(rows), np.ones(count - rows, dtype=bool)])
    keep = np.concatenate([~gone, np.ones(j - columns, dtype=bool)])
    held = held[keep_row][:, keep].tocsc()
    place, at_row = np.cumsum(keep) - 1, np.cumsum(keep_row) - 1
    zeros, free = np.zeros(j - columns), np.zeros(count - rows)
    names = [*form.columns, *keys]
    row_names = [*form.rows, *(("hub", number) for number in hub_rows)]
    small = Form(
        cost=np.concatenate([form.cost, *cost])[keep],
        offset=form.offset,
        aim=None,
        lower=np.concatenate([form.lower, zeros])[keep],
        upper=np.concatenate([form.upper, zeros + np.inf])[keep],
        row_lower=np.concatenate([form.row_lower, free])[keep_row],
        row_upper=np.concatenate([form.row_upper, free])[keep_row],
        starts=held.indptr.astype(np.int32),
        indices=held.indices.astype(np.int32),
        values=held.data,
        columns=[names[k] for k in np.flatnonzero(keep)],
        rows=[row_names[k] for k in np.flatnonzero(keep_row)],
    )
    return Hubs(
        form,
        small,
        hubs,
        np.where(gone, -1, place[:columns]),
        at_row[row],
        [place[ids] for ids in take],
        [np.where(ids < 0, -1, place[ids]) for ids in give],
    )


def _find(form: Form, matrix: Any) -> list[Hub]:
    """Groups of rows that paths join to the same rows, the greatest savings first; none shares a path with another."""
    rows = form.shape[0]
    count = np.diff(form.starts)
    path = np.flatnonzero((count == 2) & (form.lower == 0) & np.isinf(form.upper))
    ends = np.stack([form.indices[form.starts[path]], form.indices[form.starts[path] + 1]])
    factors = np.stack([form.values[form.starts[path]], form.values[form.starts[path] + 1]])
    while True:  # a row that one path alone reaches is private to the other
        degree = np.bincount(ends.ravel(), minlength=rows)
        shared = (degree[ends] >= 2).all(axis=0)
        if shared.all():
            break
        path, ends, factors = path[shared], ends[:, shared], factors[:, shared]
    # each path as seen from both of its rows, by row and then by neighbour
    here, there = ends.ravel(), ends[::-1].ravel()
    mine, theirs, column = factors.ravel(), factors[::-1].ravel(), np.tile(path, 2)
    order = np.lexsort((there, here))
    here, there, mine, theirs, column = here[order], there[order], mine[order], theirs[order], column[order]
    first = np.searchsorted(here, np.arange(rows + 1))
    odd = (here[1:] == here[:-1]) & ((there[1:] == there[:-1]) | (mine[1:] != mine[:-1]))
    plain = degree >= 2  # and no neighbour twice, and one coefficient throughout
    plain[here[1:][odd]] = False
    groups: dict[bytes, list[int]] = {}
    for r in np.flatnonzero(plain).tolist():
        part = slice(first[r], first[r + 1])
        key = there[part].tobytes() + theirs[part].tobytes() + mine[first[r] : first[r] + 1].tobytes()
        groups.setdefault(key, []).append(r)
    found: list[tuple[int, int, Hub]] = []
    for group in groups.values():
        if len(group) < 2:
            continue
        members = np.array(group)
        paths = np.stack([column[first[r] : first[r + 1]] for r in group])
        part = slice(first[group[0]], first[group[0] + 1])
        cost = form.cost[paths]
        kept = cost < cost.max(axis=0)
        factor = float(mine[part][0])
        inside = np.array([_holds(form, matrix, r, set(paths[i].tolist()), factor) for i, r in enumerate(group)]) & ~kept.any(
            axis=1
        )
        hub = Hub(members, there[part].astype(np.int64), paths, kept, inside, factor, theirs[part], cost.max(axis=0))
        saved = int((~kept).sum()) - int((~inside).sum()) - paths.shape[1]
        if saved > 0:
            found.append((int(inside.any()), saved, hub))
    found.sort(key=lambda each: (-each[0], -each[1], int(each[2].members[0])))
    used, chosen = np.zeros(form.shape[1], dtype=bool), []
    for _, _, hub in found:
        if not used[hub.paths].any():
            used[hub.paths] = True
            chosen.append(hub)
    return chosen


def _holds(form: Form, matrix: Any, r: int, paths: set[int], factor: float) -> bool:
    """Whether row r says: paths <= what other columns give, which is never below zero."""
    if factor <= 0 or form.row_upper[r] != 0 or form.row_lower[r] != -np.inf:
        return False
    part = slice(matrix.indptr[r], matrix.indptr[r + 1])
    return all(
        v < 0 and form.lower[j] >= 0
        for j, v in zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True)
        if j not in paths
    )
