"""JSON: whatever a record holds, in a stable order, without NaN."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from planner.write.folder.serialise import json_text, write_json


class Colour(Enum):
    RED = "red"


@dataclass
class Part:
    name: str
    size_mw: float


def test_a_record_of_everything(tmp_path: Path) -> None:
    record: dict[Any, Any] = {
        "z": np.float64(1.5),
        "a": np.int64(2),
        "nan": float("nan"),
        "inf": [float("inf"), np.nan],
        "array": np.array([[1, 2]]),
        "path": Path("a/b"),
        "day": date(2027, 1, 2),
        "part": Part("é", 1.0),
        "colour": Colour.RED,
        "set": {"b", "a"},
        "flags": [True, np.bool_(False), None],
        ("us", 1): "key",
        "text": np.str_("x"),
    }
    write_json(tmp_path / "r.json", record)
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    read = json.loads(text)
    assert list(read) == ["z", "a", "nan", "inf", "array", "path", "day", "part", "colour", "set", "flags", "us,1", "text"]
    assert read == {
        "z": 1.5,
        "a": 2,
        "nan": None,
        "inf": [None, None],
        "array": [[1, 2]],
        "path": "a/b",
        "day": "2027-01-02",
        "part": {"name": "é", "size_mw": 1.0},
        "colour": "red",
        "set": ["a", "b"],
        "flags": [True, False, None],
        "us,1": "key",
        "text": "x",
    }
    assert "é" in text
    assert text.endswith("}\n")


def test_same_record_same_text() -> None:
    assert json_text({"b": 1, "a": {2, 1, 3}}) == json_text({"b": 1, "a": {3, 2, 1}})
