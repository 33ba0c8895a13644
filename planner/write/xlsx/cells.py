"""Values as cells show them: texts, numbers with the digits of the CSV files, and the formats and widths that suit them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from planner.write.xlsx.book import LONGEST_TEXT


def text_of(value: Any) -> str:
    """A value as the text of a cell; nothing is an empty text."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ";".join(str(each) for each in value)
    return str(value)[:LONGEST_TEXT]


def twelve_digits(values: np.ndarray) -> np.ndarray:
    """Rounded to the digits of the CSV files, so that both hold the same numbers."""
    flat = values.ravel() + 0.0
    text = "%.12g " * flat.size % tuple(flat.tolist())
    return np.array(text.split(), dtype=float).reshape(values.shape)


def width_of(length: int, most: int) -> float:
    """Of a column that shows texts of this many characters."""
    return float(min(max(length + 1.5, 8), most))


def number_width(numbers: np.ndarray) -> float:
    """Wide enough for the longest number and for the name of a month."""
    sizes = np.abs(numbers[np.isfinite(numbers)])
    return max(9.5, len(f"{sizes.max():,.0f}") + 2.0) if sizes.size else 9.5


def is_numeric(dtype: Any) -> bool:
    """Whether a column holds nothing but numbers."""
    return bool(pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_bool_dtype(dtype))


def number_format(values: np.ndarray, name: str = "") -> str:
    """Digits that suit the size of the numbers: three to four that matter; a dash for zero."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if sizes.size == 0:
        return '#,##0;-#,##0;"–"'
    if name.endswith(("_months", "_years", "_deg", "_line")) or name in ("line", "year", "plan_year"):
        return "General"
    if (sizes == np.round(sizes)).all():
        return '#,##0;-#,##0;"–"'
    typical = float(np.quantile(sizes, 0.75))
    decimals = 0 if typical >= 1000 else 1 if typical >= 30 else 2 if typical >= 1 else 3 if typical >= 0.05 else 5
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{digits};-{digits};"–"'
