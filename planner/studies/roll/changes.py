"""Tables of a plan that change cell by cell: what each cell was, what it is, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.plan.table import Table
from planner.schema.fields import cell_text

COLUMNS = ("table", "row", "column", "before", "after", "source")


@dataclass(frozen=True)
class Change:
    """One cell that is not what it was; of a row that is new or gone, the whole row."""

    table: str
    row: str
    column: str
    before: Any
    after: Any
    source: str


class Sheet:
    """A table whose cells are changed. Row by row, so that rows come and go."""

    def __init__(self, table: Table, changes: list[Change]) -> None:
        self.name = table.schema.name
        self.schema = table.schema
        self.columns = list(table.columns)
        self.rows = [dict(zip(self.columns, cells, strict=True)) for cells in zip(*table.columns.values(), strict=True)]
        self._changes = changes

    def named(self, row: Mapping[str, Any]) -> str:
        """The key of a row in words."""
        return " ".join(str(row[one.name]) for one in self.schema.keys if row.get(one.name) is not None)

    def set(self, row: dict[str, Any], column: str, value: Any, source: str) -> None:
        """Change one cell, which says so in the source of its row."""
        if value == row.get(column):
            return
        self._changes.append(Change(self.name, self.named(row), column, row.get(column), value, source))
        if column not in self.columns:
            self.columns.append(column)
        row[column] = value
        told = f"{column}: {source}"
        if told not in (before := row.get("source") or ""):
            row["source"] = "; ".join(filter(None, (before, told)))

    def drop(self, gone: Callable[[dict[str, Any]], bool], source: str) -> None:
        """Take away some rows."""
        for row in self.rows:
            if gone(row):
                self._changes.append(Change(self.name, self.named(row), "", "row", "", source))
        self.rows = [row for row in self.rows if not gone(row)]

    def add(self, cells: Mapping[str, Any], source: str) -> None:
        """A new row; columns that it does not state hold what they hold where nothing is stated."""
        row = {one.name: one.default for one in self.schema.columns} | dict(cells)
        row |= {"source": source, "quality": row.get("quality") or "estimate"}
        self._changes.append(Change(self.name, self.named(row), "", "", "row", source))
        self.rows.append(row)

    def renew(self, rows: Iterable[Mapping[str, Any]], gone: str, source: Callable[[Mapping[str, Any]], str]) -> None:
        """Let these be the rows: of one that is there what differs is changed, others come, those not there are ``gone``."""
        keys = [one.name for one in self.schema.keys]
        there = {tuple(row.get(name) for name in keys): row for row in self.rows}
        kept = set()
        for cells in rows:
            row = there.get(tuple(cells.get(name) for name in keys))
            if row is None:
                self.add(cells, source(cells))
                kept.add(id(self.rows[-1]))
            else:
                kept.add(id(row))
                for column, value in cells.items():
                    self.set(row, column, value, source(cells))
        self.drop(lambda row: id(row) not in kept, gone)

    def drop_column(self, column: str) -> None:
        """Take away a column, such as that of a month that is past."""
        self.columns.remove(column)
        for row in self.rows:
            row.pop(column, None)

    def frame(self) -> pd.DataFrame:
        """The table as it is to be written: no column without a cell, apart from those that it needs."""
        needed = {one.name for one in self.schema.columns if one.required}
        names = [one.name for one in self.schema.columns] + [name for name in self.columns if " " in name]
        kept = [name for name in names if name in needed or any(row.get(name) is not None for row in self.rows)]
        data = {name: [_plain(row.get(name)) for row in self.rows] for name in kept}
        return pd.DataFrame(data, columns=kept, dtype=object)


def _plain(value: Any) -> Any:
    return cell_text(value) if isinstance(value, tuple) else value


def change_table(changes: list[Change]) -> pd.DataFrame:
    """All changes as a table."""
    rows = [(each.table, each.row, each.column, _plain(each.before), _plain(each.after), each.source) for each in changes]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
