"""One thing that must hold between the sheets of the workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planner.write.xlsx.formula import Sheets, Term


@dataclass(frozen=True)
class Check:
    """`gaps` are what must be zero, by month or, under the key `whole`, once; `size` is what they are small beside."""

    name: str
    words: str
    unit: str
    size: Term
    gaps: Mapping[str, Term]


WHOLE = "whole"
Sum = Callable[[str], Term]


def measure_of(sheets: Sheets, sheet: str, measure: str) -> Sum:
    """One measure of a sheet with months across, summed over its rows."""
    return lambda month: sheets.total(sheet, month, measure=measure)
