"""Formulas over the sheets of a workbook, each with the value that a spreadsheet program would compute."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from planner.write.xlsx.layout import Sheet
from planner.write.xlsx.table_sheet import rows_shown
from planner.write.xlsx.worksheet import is_numeric, twelve_digits


@dataclass(frozen=True)
class Term:
    """A formula without its equals sign, and its value."""

    formula: str
    value: float

    def __add__(self, other: Term) -> Term:
        return Term(f"{self.formula}+{other.formula}", self.value + other.value)

    def __sub__(self, other: Term) -> Term:
        return Term(f"{self.formula}-({other.formula})", self.value - other.value)

    def __mul__(self, other: Term | float) -> Term:
        factor = number(other) if isinstance(other, int | float) else other
        return Term(f"({self.formula})*({factor.formula})", self.value * factor.value)

    def __truediv__(self, other: Term) -> Term:
        """The quotient; zero where the divisor is zero."""
        value = self.value / other.value if other.value else 0.0
        return Term(f"IF(({other.formula})=0,0,({self.formula})/({other.formula}))", value)


def number(value: float) -> Term:
    """A constant."""
    return Term(f"{value:.15g}", value)


ZERO = number(0)


def first_day(month: str, later: int = 0) -> str:
    """The formula of the first day of a month, or of one so many months later."""
    return f"DATE({month[:4]},{int(month[5:]) + later},1)"


def add(terms: Iterable[Term]) -> Term:
    """The sum; zero for no terms."""
    found = list(terms)
    total = found[0] if found else ZERO
    for term in found[1:]:
        total = total + term
    return total


def largest(terms: Iterable[Term]) -> Term:
    """The largest of the terms."""
    found = list(terms)
    return Term(f"MAX({','.join(term.formula for term in found)})", max(term.value for term in found))


class Sheets:
    """The tables of a workbook as formulas address them: cells by sheet, column and the other cells of the row."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self.sheets = {sheet.name: sheet for sheet in sheets}
        self.frames: dict[str, pd.DataFrame] = {}
        self._ranges: dict[tuple[str, str], str] = {}
        self._columns: dict[tuple[str, str], np.ndarray] = {}
        self._equal: dict[tuple[str, str, str], np.ndarray] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.sheets

    def has(self, sheet: str, *columns: str) -> bool:
        """Whether there is such a sheet, with these columns and all of its rows."""
        one = self.sheets.get(sheet)
        return one is not None and set(columns) <= set(map(str, one.frame.columns)) and rows_shown(one) == len(one.frame)

    def frame(self, sheet: str) -> pd.DataFrame:
        """The values of a sheet, with the digits that it holds."""
        if sheet not in self.frames:
            one = self.sheets[sheet]
            frame = one.frame.iloc[: rows_shown(one)].rename(columns=str).reset_index(drop=True)
            if one.kind == "result":
                numbers = [name for name in frame.columns if is_numeric(frame[name].dtype)]
                rounded = twelve_digits(frame[numbers].to_numpy(dtype=float, na_value=np.nan))
                frame = frame.assign(**dict(zip(numbers, rounded.T, strict=True)))
            self.frames[sheet] = frame
        return self.frames[sheet]

    def cells(self, sheet: str, column: str) -> str:
        """The cells below a header."""
        if (sheet, column) not in self._ranges:
            frame = self.frame(sheet)
            letters = xl_col_to_name(list(frame.columns).index(column))
            last = max(len(frame), 1) + 1
            self._ranges[sheet, column] = f"{quote_sheetname(sheet)}!${letters}$2:${letters}${last}"
        return self._ranges[sheet, column]

    def total(self, sheet: str, column: str, **where: str) -> Term:
        """The sum of a column where other columns hold these texts; `<>` before a text: where they do not."""
        cells, values = self.cells(sheet, column), self._numbers(sheet, column)
        conditions = self._conditions(sheet, where)
        formula = f"SUMIFS({','.join([cells, *conditions])})" if where else f"SUM({cells})"
        return Term(formula, math.fsum(values[self._chosen(sheet, where)]))

    def matching(self, sheet: str, column: str, *where: tuple[str, str]) -> Term:
        """The sum of a tidy table's column where other columns hold these texts or months; `<>` before one: where not."""
        chosen, factors = np.ones(len(self.frame(sheet)), dtype=bool), []
        for name, text in where:
            bare, sign = text.removeprefix("<>"), "<>" if text.startswith("<>") else "="
            chosen &= self._holds(sheet, name, text)
            meant = first_day(bare) if name in self.sheets[sheet].month_columns else f'"{bare}"'
            factors.append(f"({self.cells(sheet, name)}{sign}{meant})")
        formula = f"SUMPRODUCT({'*'.join([*factors, self.cells(sheet, column)])})"
        return Term(formula, math.fsum(self._numbers(sheet, column)[chosen]))

    def among(self, sheet: str, column: str, key: str, facts: tuple[str, ...], **where: str) -> Term:
        """The sum of a column over the rows whose ``key`` is a name in another sheet, times a fact about that name if given.

        ``facts``: that sheet, its column of names and, optionally, the column of the fact."""
        source, names, *weights = facts
        conditions = [*self._conditions(sheet, where), f'{self.cells(sheet, key)},"="&{self.cells(source, names)}']
        sums = f"SUMIFS({','.join([self.cells(sheet, column), *conditions])})"
        factors = self._numbers(source, *weights) if weights else np.ones(len(self.frame(source)))
        known = dict(zip(self.frame(source)[names].astype(str), factors, strict=True))
        factor = self.frame(sheet)[key].astype(str).map(known).fillna(0.0).to_numpy(dtype=float)
        formula = f"SUMPRODUCT({','.join([sums, *(self.cells(source, each) for each in weights)])})"
        return Term(formula, math.fsum((self._numbers(sheet, column) * factor)[self._chosen(sheet, where)]))

    def entry(self, sheet: str, key: str) -> Term:
        """The number next to a key, on a sheet of keys and values."""
        frame = self.frame(sheet)
        first, second = frame.columns[:2]
        row = frame[first].tolist().index(key)
        formula = f'INDEX({self.cells(sheet, second)},MATCH("{key}",{self.cells(sheet, first)},0))'
        return Term(formula, float(frame[second].iloc[row]))

    def _conditions(self, sheet: str, where: Mapping[str, str]) -> list[str]:
        return [f'{self.cells(sheet, name)},"{text}"' for name, text in where.items()]

    def _numbers(self, sheet: str, column: str) -> np.ndarray:
        if (sheet, column) not in self._columns:
            values = pd.to_numeric(self.frame(sheet)[column], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
            self._columns[sheet, column] = np.where(np.isfinite(values), values, 0.0)
        return self._columns[sheet, column]

    def _chosen(self, sheet: str, where: Mapping[str, str]) -> np.ndarray:
        chosen = np.ones(len(self.frame(sheet)), dtype=bool)
        for name, text in where.items():
            chosen &= self._holds(sheet, name, text)
        return chosen

    def _holds(self, sheet: str, column: str, text: str) -> np.ndarray:
        """Where a column holds a text; with `<>` before it, where not."""
        if (sheet, column, text) not in self._equal:
            other = text.removeprefix("<>")
            equal = (self.frame(sheet)[column].astype(str) == other).to_numpy(dtype=bool)
            self._equal[sheet, column, text] = equal != (text != other)
        return self._equal[sheet, column, text]


def verdict_of(gap: float, tolerance: float) -> str | float:
    """The verdict cell of a check: OK, or the gap."""
    return "OK" if gap <= tolerance else gap
