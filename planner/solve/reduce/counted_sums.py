"""Write a sum as the column that counts it: one entry where a row had one for each part.

    s = x + 2 y,  a (x + 2 y) + .. <= b   =   s = x + 2 y,  a s + .. <= b

Where moves have a price, what a place does of a class is a column already, and work is left in two rows: that of its demand and
that which counts it. Then `transshipment` finds its hubs. The second row less a times the first: a row operation, so that the
same values are the optimum, and the first row's price is what it was plus a times that of the second. Exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.compile.form import Floats, Form, Ids, summed
from planner.solve.reduce.hints import COUNT_WORK, WORK
from planner.solve.reduce.step import BasicSolution, PrimalDual, Step


@dataclass(frozen=True)
class CountedSums(Step):
    """Row ``rows[n]`` is the original one less ``factor[n]`` times row ``counts[n]``, which equals zero."""

    rows: Ids
    counts: Ids
    factor: Floats

    def postsolve(self, point: PrimalDual) -> PrimalDual:
        """The same values; what is counted has the prices of the rows that it was taken out of."""
        duals = point.duals.copy()
        np.subtract.at(duals, self.counts, self.factor * point.duals[self.rows])
        return PrimalDual(point.values, duals)

    def postsolve_basis(self, basis: BasicSolution) -> BasicSolution:
        """The same columns and rows: a row operation leaves a basis one, unless the row that counts is basic itself."""
        return basis


def reduce(form: Form) -> CountedSums | None:
    """The program with the column in each row that contains its sum, up to a factor. None: there is no such row."""
    entries = form.by_rows.tocoo()
    row, column, value = entries.row.astype(np.int64), entries.col, entries.data
    totals = np.array([name == WORK for name, _ in form.columns], dtype=bool)[column]
    named = np.array([name == COUNT_WORK for name, _ in form.rows], dtype=bool)
    named &= (form.row_lower == 0) & (form.row_upper == 0) & (np.bincount(row[totals], minlength=len(named)) == 1)
    own, part = named[row] & totals, named[row] & ~totals
    rows, columns = form.shape
    total, weight, size = np.zeros(rows, dtype=np.int64), np.ones(rows), np.bincount(row[part], minlength=rows)
    total[row[own]], weight[row[own]] = column[own], value[own]
    count, share = np.full(columns, -1), np.ones(columns)  # of each part: where it is counted, and how
    count[column[part]], share[column[part]] = row[part], value[part]
    found = np.flatnonzero((count[column] >= 0) & (count[column] != row))
    found = found[np.argsort(row[found] * rows + count[column[found]], kind="stable")]
    pair, ratio = row[found] * rows + count[column[found]], value[found] / share[column[found]]
    begins = np.flatnonzero(np.diff(pair, prepend=-1))
    if not len(begins):
        return None
    alike = np.minimum.reduceat(ratio, begins) == np.maximum.reduceat(ratio, begins)
    lengths = np.diff(begins, append=len(pair))
    whole = alike & (lengths == size[pair[begins] % rows])
    if not whole.any():
        return None
    of, counts, factor = pair[begins][whole] // rows, pair[begins][whole] % rows, ratio[begins][whole]
    kept = np.ones(len(value), dtype=bool)
    kept[found[np.repeat(whole, lengths)]] = False
    matrix = summed(
        np.append(value[kept], -factor * weight[counts]),
        np.append(row[kept], of),
        np.append(column[kept], total[counts]),
        form.shape,
    )
    return CountedSums(form, form.part(np.arange(rows), np.arange(columns), matrix), of, counts, factor)
