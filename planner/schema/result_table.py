"""What a result table is: its columns, its rows, and the sheets of the workbook that show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planner.schema.fields import Kind
from planner.schema.units import unit_of


@dataclass(frozen=True)
class Column:
    """A column: its name states the unit unless ``stated_unit`` does.

    ``given``: a number that says what was possible or known, not what the plan does."""

    name: str
    doc: str
    kind: Kind = "number"
    key: bool = False
    given: bool = False
    stated_unit: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in ("number", "integer")

    @property
    def unit(self) -> str:
        return self.stated_unit or (unit_of(self.name) if self.is_number and not self.key else "")


@dataclass(frozen=True)
class Across:
    """A sheet with one row a measure and combination of the keys in ``side``, and one column a month, or a year.

    Numbers are summed over the other keys. Empty: ``name`` and ``doc`` are the table's, ``measures`` all."""

    side: tuple[str, ...]
    name: str = ""
    doc: str = ""
    measures: tuple[str, ...] = ()
    over: Literal["month", "year"] = "month"


@dataclass(frozen=True)
class Tidy:
    """A sheet with the rows of the table; with ``largest`` those where this number is largest, first, and at most ``rows``."""

    largest: str = ""
    rows: int = 1000


@dataclass(frozen=True)
class ResultTable:
    """A table of a result folder. ``sparse``: rows in which the plan does nothing are left out, of its sheets too;
    the verifier reads a missing row as zeros.

    A table without ``sheets`` is a CSV file alone."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    sheets: tuple[Across | Tidy, ...] = (Tidy(),)
    sparse: bool = False

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def keys(self) -> list[str]:
        return [column.name for column in self.columns if column.key]

    @property
    def numbers(self) -> list[str]:
        return [column.name for column in self.columns if column.is_number and not column.key]

    @property
    def given(self) -> list[str]:
        return [column.name for column in self.columns if column.given]

    @property
    def sheet_names(self) -> list[str]:
        return [sheet.name or self.name if isinstance(sheet, Across) else self.name for sheet in self.sheets]


def key(name: str, doc: str, kind: Kind = "name") -> Column:
    """A column that is part of what names a row."""
    return Column(name, doc, kind, key=True)
