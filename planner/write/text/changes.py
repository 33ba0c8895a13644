"""What differs in the inputs of two plans, in sentences: many rows that changed alike are one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from planner.formats import some


def changed_words(overrides: Iterable[str]) -> str:
    """What `--set` changed for this run alone; empty where it changed nothing."""
    words = "; ".join(overrides)
    return f"changed for this run: {words}" if words else ""


def change_lines(inputs: pd.DataFrame) -> list[str]:
    """What differs in the inputs, a sentence a column: many rows that changed alike are one."""
    lines = []
    for (table, column, change, kind), rows in inputs.groupby(["table", "column", "change", "kind"], sort=False):
        names = [str(name) for name in rows["row"]]
        if change != "changed":
            lines.append(f"{table}: {_rows(len(rows), 0)} {change}: {some(names, 4)}")
        elif kind == "carried":
            where = f"{table}.{column}: {_rows(len(rows), 0)} with" if table != "plan" else f"{column}:"
            lines.append(f"{where} another text (nothing is computed with it)")
        else:
            lines.append(_changed(str(table), str(column), rows))
    return lines


def _changed(table: str, column: str, rows: pd.DataFrame) -> str:
    first: dict[Any, Any] = rows.iloc[0].to_dict()
    unit = f" {first['unit']}" if first["unit"] else ""
    if len(rows) == 1:
        row = f"[{first['row']}]" if first["row"] else ""
        name = column if table == "plan" else f"{table}{row}.{column}"
        times = f" (x {first['ratio']:.4g})" if pd.notna(first["ratio"]) else ""
        return f"{name}: {first['a'] or 'empty'} -> {first['b'] or 'empty'}{unit}{times}"
    head = f"{table}.{column}: {_rows(len(rows), int(first['of_rows']))}"
    ratios = rows["ratio"].dropna()
    if len(set(rows["b"])) == 1:
        numbers = sorted(set(rows["a"]), key=_sortable)
        was = numbers[0] or "empty" if len(numbers) == 1 else f"{numbers[0] or 'empty'} to {numbers[-1]}"
        before = f" (was {was})" if first["kind"] == "number" or len(numbers) == 1 else ""
        return f"{head} set to {first['b'] or 'empty'}{unit}{before}"
    if len(ratios) == len(rows) and ratios.max() - ratios.min() <= 1e-9 * abs(ratios.max()):
        return f"{head} x {ratios.iloc[0]:.4g}"
    spread = f", x {ratios.min():.4g} to x {ratios.max():.4g}" if len(ratios) else ""
    named = "" if len(rows) == first["of_rows"] else f": {some(map(str, rows['row']), 4)}"
    return f"{head} changed{spread}{named}"


def _sortable(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("-inf")


def _rows(count: int, of: int) -> str:
    noun = "row" if count == 1 else "rows"
    return f"all {count} {noun}" if count == of > 1 else f"{count} {noun}" if not of else f"{count} of {of} rows"
