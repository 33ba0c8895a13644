"""Texts that a spreadsheet could take for a formula, a link or a number stay texts, in a workbook and back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from planner.api import write_workbook
from planner.plan.plan import Plan
from planner.read.load import load
from tests.read.toy import edit, write_plan

TEXTS = [
    "=1+1",
    "+1-1",
    "-1+1",
    "@SUM(A1)",
    '=cmd|"/c calc"!A1',
    '=HYPERLINK("http://x.invalid","x")',
    "http://x.invalid",
    "007",
]


def plan_named(folder: Path, text: str) -> Plan:
    """The toy with this text wherever a text is free."""
    path = write_plan(
        folder,
        regions=edit({"region_id": "ohio"}, name=text, source=text),
        zones=edit({}, name=text),
        power=edit({}, source=text),
    )
    scenario = folder / "scenario.yaml"
    scenario.write_text(f"extends: {path.name}\nname: toy\nwhy: '{text}'\n")
    return load(scenario)


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text(text: str, tmp_path: Path) -> None:
    plan = plan_named(tmp_path / "mine", text)
    path = write_workbook(tmp_path / "book.xlsx", plan)
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert sum(cell.value == text and cell.data_type == "s" for cell in cells) >= 7
    assert not [link for page in book for link in page._hyperlinks if "invalid" in str(link.target)]
    again = load(path)
    for name in ("regions", "zones", "power"):
        assert again.tables[name].columns == plan.tables[name].columns


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_name_begins_like_a_formula(text: str, tmp_path: Path) -> None:
    from tests.read.refusals import refused

    expected = f"region_id = {text}: expected a name of letters, digits and _ - ."
    assert f"tables/regions.csv:2:1: {expected}" in refused(tmp_path, regions=edit({"region_id": "ohio"}, region_id=text))
