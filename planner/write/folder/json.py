"""Records as JSON: the same record, the same bytes. Keys keep the order in which they were written down."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Set
from datetime import date
from enum import Enum
from pathlib import Path, PurePath
from typing import Any


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write one record as a file that people can read."""
    path.write_bytes((json_text(record) + "\n").encode())


def json_text(record: Any) -> str:
    """The record as indented text: UTF-8, no NaN."""
    return json.dumps(plain(record), indent=2, ensure_ascii=False, allow_nan=False)


def plain(value: Any) -> Any:
    """The same value made of what JSON and YAML know; a number that is not finite becomes null."""
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
