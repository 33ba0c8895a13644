"""CSV: digits, empty cells, quoting, the same bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from planner.write.folder.serialise import csv_text, write_csv


def back(text: str, **options: Any) -> pd.DataFrame:
    frame: pd.DataFrame = pd.read_csv(io.StringIO(text), **options)
    return frame


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300), min_size=1))
def test_twelve_significant_digits_come_back(values: list[float]) -> None:
    frame = pd.DataFrame({"id": [str(i) for i in range(len(values))], "mw": values})
    read = back(csv_text(frame), dtype=str)["mw"]
    assert [float(cell) for cell in read] == [float(f"{value:.12g}") for value in values]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_inputs_come_back_exactly(values: list[float]) -> None:
    frame = pd.DataFrame({"id": [str(i) for i in range(len(values))], "mw": values})
    read = back(csv_text(frame, digits=None), dtype=str)["mw"]
    assert [float(cell) for cell in read] == values


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1))
def test_text_comes_back(values: list[str]) -> None:
    values = [value.replace("\0", "").replace("\r", "") for value in values]  # pandas reads neither back
    frame = pd.DataFrame({"name": values, "mw": 1.0})
    read = back(csv_text(frame), keep_default_na=False, dtype={"name": str})
    assert read["name"].tolist() == values


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ([1.0, 0.1, 1 / 3, 1e-20, 1e15], ["1", "0.1", "0.333333333333", "1e-20", "1e+15"]),
        ([0.0, -0.0, np.nan, 5.0], ["0", "0", "", "5"]),
        ([1, 2, 3], ["1", "2", "3"]),
        ([True, False, None], ["yes", "no", ""]),
        (["a", None, "b,c", 'say "x"', "two\nlines", " blank"], ["a", "", '"b,c"', '"say ""x"""', '"two\nlines"', '" blank"']),
        ([("US", "NO"), (), None], ["US;NO", "", ""]),
        ([1, 1.5, "x", None], ["1", "1.5", "x", ""]),
        (["=cmd()", "+1", "@x"], ["=cmd()", "+1", "@x"]),
    ],
)
def test_cells(column: list[Any], cells: list[str]) -> None:
    frame = pd.DataFrame({"id": range(len(column)), "x": pd.Series(column)})
    assert csv_text(frame) == "id,x\n" + "".join(f"{i},{cell}\n" for i, cell in enumerate(cells))


def test_categories_and_missing_integers_are_cells_like_others() -> None:
    frame = pd.DataFrame({"a": pd.Categorical(["x,y", None]), "b": pd.array([1, None], dtype="Int64")})
    assert csv_text(frame) == 'a,b\n"x,y",1\n,\n'


def test_an_empty_table_is_its_header() -> None:
    assert csv_text(pd.DataFrame(columns=["a", "b"])) == "a,b\n"


def test_same_table_same_bytes_with_unix_lines_and_utf8(tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": ["Søndre – 挪威"], "mw": [1 / 7]})
    write_csv(tmp_path / "a.csv", frame)
    write_csv(tmp_path / "b.csv", frame.copy())
    assert (
        (tmp_path / "a.csv").read_bytes()
        == (tmp_path / "b.csv").read_bytes()
        == "name,mw\nSøndre – 挪威,0.142857142857\n".encode()
    )
