"""Tables as CSV: UTF-8, one header row, a fixed number of significant digits, the same bytes for the same table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

RESULT_DIGITS = 12
"""Significant digits of a result: far finer than any solver's tolerance, coarser than the noise of summation."""


def write_csv(path: Path, frame: pd.DataFrame, digits: int | None = RESULT_DIGITS) -> None:
    """Write one table. `digits=None` writes the shortest text that reads back as the same number (for inputs)."""
    path.write_bytes(csv_text(frame, digits).encode())


def csv_text(frame: pd.DataFrame, digits: int | None = RESULT_DIGITS) -> str:
    """The table as text: missing values are empty cells, yes and no for booleans, no index, rows in their order."""
    columns = [column_text(frame.iloc[:, index], digits) for index in range(frame.shape[1])]
    header = ",".join(_quoted(str(name)) for name in frame.columns)
    return "\n".join([header, *map(",".join, zip(*columns, strict=True)), ""])


def column_text(column: pd.Series, digits: int | None = RESULT_DIGITS) -> list[str]:
    """The cells of one column as they stand in the file."""
    kind = column.dtype.kind
    if kind == "f":
        return _floats(column.to_numpy(dtype=float, na_value=np.nan), digits)
    if kind in "iu" and not column.hasnans:
        return [str(value) for value in column.tolist()]
    if isinstance(column.dtype, pd.StringDtype | pd.CategoricalDtype):  # few different values: write each once
        codes, values = pd.factorize(column)
        texts = np.array([*(_quoted(str(value)) for value in values), ""], dtype=object)
        cells: list[str] = texts[codes].tolist()
        return cells
    known: dict[str, str] = {}  # names come again and again
    return [
        known.get(value) or known.setdefault(value, _quoted(value)) if type(value) is str else _quoted(_plain(value, digits))
        for value in column.tolist()
    ]


def _floats(values: np.ndarray, digits: int | None) -> list[str]:
    values = values + 0.0  # no negative zero
    if digits is None:
        texts = [_number(value, digits) for value in values.tolist()]
    else:
        texts = (f"%.{digits}g\n" * len(values) % tuple(values.tolist())).split("\n")[:-1]
    if not np.isfinite(values).all():
        texts = ["" if text == "nan" else text for text in texts]
    return texts


def _number(value: float, digits: int | None) -> str:
    """Not a number is an empty cell; there is no negative zero."""
    if value != value:
        return ""
    return repr(value + 0.0).removesuffix(".0") if digits is None else f"%.{digits}g" % (value + 0.0)


def _plain(value: object, digits: int | None) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return _number(float(value), digits)
    if isinstance(value, tuple | list | frozenset | set):
        return ";".join(str(each) for each in (value if isinstance(value, tuple | list) else sorted(value)))
    return str(value)


def _quoted(text: str) -> str:
    if any(mark in text for mark in ',"\r\n') or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text
