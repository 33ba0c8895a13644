"""Route flows through hubs: where columns join every row of one group to every row of another, n m columns become n + m.

    x[i,j] in row i and in row j alone, at a cost that depends on j   =   inflow[i] to the hub, outflow[j] from it

A transportation problem whose costs do not depend on the origin is a transshipment problem with one node between (Orden, "The
transhipment problem", Management Science 2, 1956). Regions that serve the same demands at the same prices differ in power and
chips, not in whom they serve. Found in the arrays, without a name of the model. Exact: a basis is postsolved to a basis, a tree
of paths for what goes through each hub (north-west corner rule: Charnes and Cooper, "The stepping stone method", Management
Science 1, 1954).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from planner.solve.compile.form import Floats, Form, Ids, Key, Mask
from planner.solve.reduce.step import BasicSolution, PrimalDual, Step


@dataclass(frozen=True)
class Hub:
    """``paths[i, j]``: the column from member row i to neighbour row j. ``direct``: it stays, being cheaper than the hub."""

    members: Ids
    neighbours: Ids
    paths: Ids
    direct: Mask
    inside: Mask  # members whose row is the hub's row now
    factor: float  # coefficient of every path in its member's row
    other: Floats  # coefficient of the paths by neighbour
    cost: Floats  # of the way through the hub, by neighbour


@dataclass(frozen=True)
class Transshipment(Step):
    """Columns and rows of the original program by their number in the reduced one; -1: gone."""

    hubs: list[Hub]
    column: Ids
    row: Ids
    outflow: list[Ids]  # by hub and neighbour
    inflow: list[Ids]  # by hub and member; -1 for members inside

    def postsolve(self, point: PrimalDual) -> PrimalDual:
        """What goes through a hub, divided among paths; each member inside has the price of the hub."""
        values, own = self._without_paths(point.values)
        for number, hub in enumerate(self.hubs):
            outflow = point.values[self.outflow[number]]
            for i, j, carried in corner(np.append(self._supply(number, point.values, own), np.inf), outflow):
                if i < len(hub.members):
                    values[hub.paths[i, j]] += carried
        return PrimalDual(values, point.duals[self.row])

    def postsolve_basis(self, basis: BasicSolution) -> BasicSolution:
        """The basic paths of each hub are a tree."""
        values, own = self._without_paths(basis.values)
        columns = (self.column >= 0) & basis.columns[self.column]
        rows = (self.row >= 0) & basis.rows[self.row]
        for number, hub in enumerate(self.hubs):
            used = basis.columns[self.outflow[number]]
            there = hub.inside | basis.columns[self.inflow[number]]
            supply = self._supply(number, basis.values, own)[there]
            demand = basis.values[self.outflow[number]][used]
            hub_row = self.row[hub.members[hub.inside][0]] if hub.inside.any() else -1
            slack = hub_row >= 0 and bool(basis.rows[hub_row])
            rows[hub.members[hub.inside]] = False
            if slack:
                demand = np.append(demand, np.inf)
            members, targets = np.flatnonzero(there), np.flatnonzero(used)
            for i, j, carried in corner(supply, demand):
                if slack and j == len(targets):
                    rows[hub.members[members[i]]] = True
                else:
                    path = hub.paths[members[i], targets[j]]
                    columns[path] = True
                    values[path] += carried
        return BasicSolution(values, columns, rows)

    def _without_paths(self, reduced: Floats) -> tuple[Floats, Floats]:
        """Values while no path carries anything, and by row what the members themselves contribute."""
        values = np.where(self.column >= 0, reduced[self.column], 0.0)
        return values, self.original.by_rows @ values

    def _supply(self, number: int, reduced: Floats, own: Floats) -> Floats:
        """What each member sends to the hub."""
        hub = self.hubs[number]
        return np.where(hub.inside, -own[hub.members] / hub.factor, reduced[self.inflow[number]])


def corner(supply: Floats, demand: Floats) -> list[tuple[int, int, float]]:
    """A tree of paths from suppliers to demands by the north-west corner rule: one path fewer than there are nodes."""
    if not len(supply) or not len(demand):
        return []
    found, i, j = [], 0, 0
    left, short = supply.tolist(), demand.tolist()
    while True:
        carried = max(0.0, min(left[i], short[j]))
        found.append((i, j, carried))
        left[i] -= carried
        short[j] -= carried
        if i == len(left) - 1 and j == len(short) - 1:
            return found
        if j == len(short) - 1 or (i < len(left) - 1 and left[i] <= short[j]):
            i += 1
        else:
            j += 1


def reduce(form: Form) -> Transshipment | None:
    """The program with hubs for all groups that save columns. None: there is no such group."""
    hubs = _find(form)
    if not hubs:
        return None
    rows, columns = form.shape
    gone = np.zeros(columns, dtype=bool)
    row, height, width = np.arange(rows), rows, columns
    entries = form.by_rows.tocoo()
    new = [(entries.row, entries.col, entries.data)]
    cost, outflow, inflow = [], [], []
    names: list[Key] = []
    row_names: list[Key] = []
    for number, hub in enumerate(hubs):
        gone[hub.paths[~hub.direct]] = True
        if hub.inside.any():
            at = int(hub.members[hub.inside][0])
            row[hub.members[hub.inside]] = at
        else:
            at, height = height, height + 1
            row_names.append(("hub", number))
        sources = hub.members[~hub.inside]
        n, m = len(sources), len(hub.neighbours)
        leaving, entering = width + np.arange(m), width + m + np.arange(n)
        width += n + m
        outflow.append(leaving)
        inflow.append(np.full(len(hub.members), -1))
        inflow[-1][~hub.inside] = entering
        new += [(hub.neighbours, leaving, hub.other), (np.full(m, at), leaving, np.full(m, hub.factor))]
        new += [(sources, entering, np.full(n, hub.factor)), (np.full(n, at), entering, np.full(n, -hub.factor))]
        cost += [hub.cost, np.zeros(n)]
        names += [("outflow", (number, int(r))) for r in hub.neighbours] + [("inflow", (number, int(r))) for r in sources]
    of_row, of_column, values = (np.concatenate(parts) for parts in zip(*new, strict=True))
    row = np.concatenate([row, np.arange(rows, height)])  # rows of members inside are the hub's
    kept_rows, kept = row == np.arange(height), np.concatenate([~gone, np.ones(width - columns, dtype=bool)])
    place, row_place = np.cumsum(kept) - 1, np.cumsum(kept_rows) - 1
    matrix = csr_array((values, (row[of_row], of_column)), shape=(height, width)).tocsc()
    return Transshipment(
        form,
        form.extended(matrix, names, row_names, np.concatenate(cost)).part(kept_rows, kept),
        hubs,
        np.where(gone, -1, place[:columns]),
        row_place[row[:rows]],
        [place[ids] for ids in outflow],
        [np.where(ids < 0, -1, place[ids]) for ids in inflow],
    )


def _find(form: Form) -> list[Hub]:
    """Groups of rows that paths join to the same rows, the largest savings first; no two share a path."""
    rows = form.shape[0]
    starts, indices, entries = form.matrix.indptr, form.matrix.indices, form.matrix.data
    path = np.flatnonzero((np.diff(starts) == 2) & (form.lower == 0) & np.isinf(form.upper))
    ends = np.stack([indices[starts[path]], indices[starts[path] + 1]])
    factors = np.stack([entries[starts[path]], entries[starts[path] + 1]])
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
    regular = degree >= 2  # and no neighbour twice, and one coefficient throughout
    regular[here[1:][odd]] = False
    groups: dict[bytes, list[int]] = {}
    for r in np.flatnonzero(regular).tolist():
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
        direct = cost < cost.max(axis=0)
        factor = float(mine[part][0])
        inside = np.array([_passes_on(form, r, set(paths[i].tolist()), factor) for i, r in enumerate(group)])
        inside &= ~direct.any(axis=1)
        hub = Hub(members, there[part].astype(np.int64), paths, direct, inside, factor, theirs[part], cost.max(axis=0))
        saved = int((~direct).sum()) - int((~inside).sum()) - paths.shape[1]
        if saved > 0:
            found.append((int(inside.any()), saved, hub))
    found.sort(key=lambda each: (-each[0], -each[1], int(each[2].members[0])))
    used, chosen = np.zeros(form.shape[1], dtype=bool), []
    for _, _, hub in found:
        if not used[hub.paths].any():
            used[hub.paths] = True
            chosen.append(hub)
    return chosen


def _passes_on(form: Form, r: int, paths: set[int], factor: float) -> bool:
    """Whether row r reads: paths <= what other columns supply, which is never below zero."""
    if factor <= 0 or form.row_upper[r] != 0 or form.row_lower[r] != -np.inf:
        return False
    matrix = form.by_rows
    part = slice(matrix.indptr[r], matrix.indptr[r + 1])
    return all(
        v < 0 and form.lower[j] >= 0
        for j, v in zip(matrix.indices[part].tolist(), matrix.data[part].tolist(), strict=True)
        if j not in paths
    )
