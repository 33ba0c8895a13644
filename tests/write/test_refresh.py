"""A finished run on its way into a user's workbook: what is no run of this contract, or not as it was written, stays out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.api import refresh
from planner.errors import PlannerError, UsageError, VerificationError
from planner.schema.results import CONTRACT
from tests.verify.toy import write_manifest


@pytest.fixture
def copy(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "run"))


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    openpyxl.Workbook().save(tmp_path / "mine.xlsx")
    return tmp_path / "mine.xlsx"


def manifest(folder: Path, **changes: Any) -> None:
    write_manifest(folder, {**json.loads((folder / "manifest.json").read_text(encoding="utf-8")), **changes})


def edit_costs(folder: Path) -> None:
    path = folder / "tables" / "costs.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("energy", "enrgy"), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (
            lambda folder: manifest(folder, contract=99),
            UsageError,
            f"99, this planner writes contract {CONTRACT}: run",
        ),
        (lambda folder: manifest(folder, summary=None), UsageError, "summary must hold headlines of key, value, unit, text"),
        (lambda folder: manifest(folder, summary=[{"a": 1}]), UsageError, "summary must hold headlines"),
        (edit_costs, VerificationError, "tables/costs.csv was changed after it was written; nothing is carried from it"),
        (
            lambda folder: (folder / "tables" / "x y$.csv").write_text("a\n1\n"),
            VerificationError,
            "x y.* is not in the manifest",
        ),
    ],
    ids=["contract", "no summary", "odd summary", "edited", "a table of somebody else"],
)
def test_what_is_not_as_it_was_written_stays_out(
    copy: Path, mine: Path, spoil: Any, error: type[PlannerError], words: str
) -> None:
    spoil(copy)
    before = mine.read_bytes()
    with pytest.raises(error, match=words):
        refresh(copy, mine)
    assert mine.read_bytes() == before


def test_what_is_as_it_was_written_comes_in(finished: Path, mine: Path) -> None:
    sheets = refresh(finished, mine)
    assert openpyxl.load_workbook(mine).sheetnames == ["Sheet", *sheets]
