"""A number of the input that can end an infeasibility, with the rows that it moves and the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from models.rows import Key
from planner.schema.fields import ANY, cell_text
from planner.schema.units import unit_of
from planner.solve.compile.form import Form
from planner.solve.conflict import Move

if TYPE_CHECKING:
    from planner.findings import Place
    from planner.plan.plan import Plan

Kind = Literal["requirement", "limit", "fact"]


@dataclass(frozen=True)
class Lever:
    """One number of the input, or one column of some rows that is scaled as a whole.

    ``now`` is what stands there; None where several numbers are scaled, then a unit of ``move`` is a factor of 1. ``sign`` is
    -1 where less of it helps. ``kind``: `requirement`, what is asked; `limit`, what may be at most; `fact`, what is today."""

    table: str  # empty: a key of the plan
    key: tuple[Any, ...]
    column: str
    words: str
    move: Move
    now: float | None
    place: Place
    sign: float = 1.0
    kind: Kind = "limit"

    @property
    def target(self) -> str:
        """As `--set` names it."""
        if not self.table:
            return self.column
        return f"{self.table}[{','.join(cell_text(part) for part in self.key)}].{self.column}"

    @property
    def unit(self) -> str:
        return unit_of(self.column.partition(".")[0] if "." not in self.column else self.column.split(".")[1])

    @property
    def scales(self) -> bool:
        return self.now is None


class Rows:
    """Where each row of a form stands, and which sign its own variable has in an equality."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.of = {key: number for number, key in enumerate(form.rows)}
        self._column = {key: number for number, key in enumerate(form.columns)}

    def __contains__(self, key: Key) -> bool:
        return key in self.of

    def some(self, entries: Iterable[tuple[Key, float]]) -> dict[int, float]:
        """Rows that are there, and what moves them."""
        return {self.of[key]: amount for key, amount in entries if key in self.of and amount}

    def sign(self, row: Key, variable: Key) -> float:
        """The coefficient of a variable in a row; 0 where it has none."""
        column = self._column.get(variable)
        if column is None or row not in self.of:
            return 0.0
        form, number = self.form, self.of[row]
        entries = slice(form.matrix.indptr[column], form.matrix.indptr[column + 1])
        return float(form.matrix.data[entries][form.matrix.indices[entries] == number].sum())


def lever(
    plan: Plan, table: str, key: tuple[Any, ...], column: str, words: str, moved: Mapping[int, float], **more: Any
) -> Lever:
    """A cell of a table; with ``*`` in the key or a series by month several, which are scaled, or set where all are zero."""
    held = plan.tables[table]
    found = [n for n, row in enumerate(held.keys) if all(a in (ANY, b) for a, b in zip(key, row, strict=True))]
    values = [held.column(column)[number] or 0.0 for number in found]
    later = [value for _, name in held.dated(column) for number in found if (value := held.column(name)[number]) is not None]
    together = (len(found) > 1 or bool(later)) and any([*values, *later])
    most = more.pop("most", float("inf"))
    now = None if together else values[0]
    weight = 1.0 if together or not now else 1.0 / now
    place = held.place(found[0], column)
    return Lever(table, key, column, words, Move(moved, most, weight), now, place, **more)


def of_years(stated: Mapping[str, float], holding: Iterable[str], parts: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """The years that a limit by calendar year states, each with those in which it holds and the part of each that counts.

    A year of the look-ahead that states none has that of the year before."""
    found: dict[str, dict[str, float]] = {}
    for year in sorted(holding):
        source = max(one for one in stated if one <= year)
        found.setdefault(source, {})[year] = parts[year]
    return found


def yearly(plan: Plan, key: str, now: float, words: str, moved: Mapping[int, float], kind: Kind = "limit") -> Lever:
    """A limit of a calendar year, which a key of the plan states."""
    return Lever("", (), key, words, Move(moved, weight=1.0 / now if now else 1.0), now, plan.setting_place(key), kind=kind)


def per_unit(one: Lever) -> Lever:
    """A lever whose rows were given per factor of 1: per unit, where it is a single cell."""
    if not one.now:
        return one
    rows = {row: amount / one.now for row, amount in one.move.rows.items()}
    return replace(one, move=Move(rows, one.move.most * one.now, one.move.weight))
