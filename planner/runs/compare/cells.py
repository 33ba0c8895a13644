"""How many cells of each result table differ, beyond what two solvers may differ by."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from planner.schema.results import is_key

RELATIVE = 1e-6
"""A number that differs by less than this part of itself is equal: the noise of a solver that ends at the same plan."""

OF_COLUMN = 1e-9
"""And so is one that differs by less than this part of the largest number in its column."""


def table_differences(a: Mapping[str, pd.DataFrame], b: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a table that differs: rows in only one, cells that differ, and the column with most of them."""
    rows = []
    for name in sorted({*a, *b}):
        one, two = a.get(name, pd.DataFrame()), b.get(name, pd.DataFrame())
        found = _table(name, one, two)
        if any(found[:3]):
            rows.append((name, *found))
    return pd.DataFrame(rows, columns=["table", "rows_only_a", "rows_only_b", "cells_changed", "most_in"])


def _table(name: str, a: pd.DataFrame, b: pd.DataFrame) -> tuple[int, int, int, str]:
    one, two = _indexed(name, a, b), _indexed(name, b, a)
    common = one.index.intersection(two.index, sort=False)
    changed = {
        column: int(_differ(one.loc[common, column], two.loc[common, column]).sum())
        for column in one.columns.intersection(two.columns, sort=False)
    }
    most = max(changed, key=lambda column: changed[column], default="")
    total = sum(changed.values())
    return len(one) - len(common), len(two) - len(common), total, str(most) if total else ""


def _indexed(name: str, frame: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """By the keys that both have, equal keys numbered."""
    keys = [column for column in frame.columns if is_key(name, str(column)) and (column in other.columns or other.empty)]
    if not keys:
        return frame
    again = frame.groupby(keys).cumcount()
    return frame.set_index([*(frame[key] for key in keys), again]).drop(columns=keys)


def _differ(a: pd.Series, b: pd.Series) -> np.ndarray:
    if a.dtype.kind == "f" and b.dtype.kind == "f":
        one, two = a.to_numpy(), b.to_numpy()
        size = np.fmax(np.abs(one), np.abs(two))  # of both, so that B against A finds what A against B does
        near = np.abs(one - two) <= np.fmax(RELATIVE * size, OF_COLUMN * np.nanmax(size, initial=0.0))
        return np.asarray(~(near | (np.isnan(one) & np.isnan(two))))
    return np.asarray(a.astype(str).to_numpy() != b.astype(str).to_numpy())
