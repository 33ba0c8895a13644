"""How much of the answer rests on which publication and which judgement, to first order and without solving again.

The effect of a column of the input falls on its rows (`estimates`), and that of a row on all that its source names: each of
them carries the whole row. A judgement of one column, by its name or as the table of sources states it, carries that column
alone. What cannot be told by the names in an index falls on all rows of the column alike. Effects are added without their
signs: prices and limits that one publication states do not cancel.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array

from planner.plan.citations import JUDGEMENT, cited, listed_publications
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.solve.compile.form import Floats, Form

Parts = tuple[str | None, ...]


@dataclass(frozen=True)
class SourceEffect:
    """What 10 % more of each number of the rows that name a source, and that may rest on it, does to the objective, without
    signs; million USD."""

    kind: str
    name: str
    rows: int
    musd: float

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": self.kind, "source": self.name, "rows": self.rows, "ten_percent_more_musd": self.musd}


def effects_by_source(plan: Plan, by_row: Sequence[tuple[str, str, Floats]]) -> list[SourceEffect]:
    """Every publication and judgement that a row names, the largest effect first. ``by_row``: table, one of its columns, and
    the effect of that by row."""
    sums: dict[tuple[str, str], Floats] = {}  # of each column, and by no name of all
    for name, column, effect in by_row:
        for key in ((name, column), (name, "")):
            sums[key] = sums.get(key, 0.0) + np.abs(effect)
    inputs = {row[:2]: row[2] for row in plan.tables["sources"].select("kind", "source_id", "input")}
    listed = listed_publications(plan.tables["sources"].columns)
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for name, table in plan.tables.items():
        none = np.zeros(len(table))
        for position, source in enumerate(table.column("source")):
            for each in cited(str(source), listed).kinds:
                column = _column_of(each, table, inputs.get(each, ""))
                found[each].append(float(sums.get((name, column), none)[position]))
    told = [SourceEffect(kind, name, len(each), float(sum(each))) for (kind, name), each in found.items()]
    return sorted(told, key=lambda each: -each.musd)


def _column_of(source: tuple[str, str], table: Table, stated: str) -> str:
    """The column of a table that a judgement is of, by the input that is stated for it or by its name; empty for all."""
    kind, key = source
    name, _, column = stated.partition(".")
    column = column if name == table.schema.name else key
    return column if kind == JUDGEMENT and column in table.columns else ""


def effect_of_rows(
    table: Table, moved: Sequence[bool], form: Form, columns: Floats, rows: Floats, entries: coo_array
) -> Floats:
    """By row of a table, its part of a change of the Lagrangian that is given by column, row and entry of the program.

    ``moved``: the rows of the table that changed."""
    keys = [key.name for key in table.schema.keys if key.kind == "name"]
    at: dict[Parts, list[int]] = defaultdict(list)
    for position, names in enumerate(zip(*(table.column(name) for name in keys), strict=True)):
        if moved[position]:
            at[tuple(map(str, names))].append(position)
    known = [set(names) for names in zip(*at, strict=True)]

    def parts(index: Any) -> Parts:
        inside = index if isinstance(index, tuple) else (index,)
        return tuple(next((part for part in inside if part in names), None) for names in known)

    found, left = np.zeros(len(table)), float(columns[len(form.columns) :].sum())
    of_column, of_row = ([parts(index) for _, index in keys] for keys in (form.columns, form.rows))
    for where, amounts in ((of_column, columns[: len(of_column)]), (of_row, rows)):
        for n in np.flatnonzero(amounts).tolist():
            left += _added(found, at.get(where[n]), float(amounts[n]))
    for i, j, amount in zip(entries.row.tolist(), entries.col.tolist(), entries.data.tolist(), strict=True):
        both = tuple(a or b for a, b in zip(of_row[i], of_column[j], strict=True))
        left += _added(found, at.get(both), amount)
    spread = np.asarray(moved, dtype=float)
    return found + left * spread / max(1.0, float(spread.sum()))


def _added(found: Floats, positions: Sequence[int] | None, amount: float) -> float:
    """Add an amount to some rows alike; what could not be added, since there is no such row."""
    if not positions:
        return amount
    found[list(positions)] += amount / len(positions)
    return 0.0
