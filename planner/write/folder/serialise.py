"""Tables as CSV and records as JSON, in UTF-8: equal tables and records give equal bytes."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Set
from datetime import date
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype

RESULT_DIGITS = 12
"""Significant digits of a result: far finer than any solver's tolerance, coarser than the noise of summation."""


def write_csv(path: Path, frame: pd.DataFrame, digits: int | None = RESULT_DIGITS) -> None:
    """Write one table. `digits=None` writes the shortest text that reads back as the same number (for inputs)."""
    path.write_bytes(csv_text(frame, digits).encode())


def csv_text(frame: pd.DataFrame, digits: int | None = RESULT_DIGITS) -> str:
    """The table as text: a header, then the rows; missing values are empty cells, booleans yes and no."""
    header = ",".join(_quoted(str(name)) for name in frame.columns)
    columns = [column_text(column, digits) for _, column in frame.items()] if len(frame) else []
    return "\n".join([header, *map(",".join, zip(*columns, strict=True)), ""])


def column_text(column: pd.Series, digits: int | None = RESULT_DIGITS) -> list[str]:
    """The cells of one column, as written in the file."""
    kind = column.dtype.kind
    if kind == "f":
        return _floats(column.to_numpy(dtype=float, na_value=np.nan), digits)
    if kind in "iu" and not column.hasnans:
        return [str(value) for value in column.tolist()]
    if infer_dtype(column, skipna=True) in ("string", "categorical", "empty"):  # few different values: write each once
        codes, values = pd.factorize(column)
        texts = np.array([*(_quoted(str(value)) for value in values), ""], dtype=object)
        cells: list[str] = texts[codes].tolist()
        return cells
    missing = column.isna().tolist()
    return ["" if none else _quoted(_plain(value, digits)) for value, none in zip(column.tolist(), missing, strict=True)]


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
    """A number as text, and never a negative zero."""
    return repr(value + 0.0).removesuffix(".0") if digits is None else f"%.{digits}g" % (value + 0.0)


def _plain(value: object, digits: int | None) -> str:
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


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write one record as a file that people can read."""
    path.write_bytes((json_text(record) + "\n").encode())


def json_text(record: Any) -> str:
    """The record as indented text: UTF-8, no NaN."""
    return json.dumps(plain(record), indent=2, ensure_ascii=False, allow_nan=False)


def plain(value: Any) -> Any:
    """The same value in the types of JSON and YAML; a number that is not finite becomes null."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or type(value) in (bool, int, str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_key(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Set):
        return [plain(each) for each in sorted(value)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "tolist"):  # numpy scalars and arrays
        return plain(value.tolist())
    return str(value)


def _key(key: Any) -> str:
    if isinstance(key, tuple):
        return ",".join(str(each) for each in key)
    return str(plain(key)) if isinstance(key, Enum) else str(key)
