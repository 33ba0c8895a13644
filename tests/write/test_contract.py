"""What users' own workbooks rest on: a table, column or headline that changes its name or place needs a new version."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from planner.result import Result
from planner.schema.results import CONTRACT, CSV_ONLY, RANKED, RESULT_TABLES, SHEETS
from planner.write.xlsx.layout import plan_months, result_sheets, run_sheet
from planner.write.xlsx.run_workbook import write_xlsx

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("contract.txt")


def lines(result: Result) -> Iterator[str]:
    """The version, then a line a table of the workbook, a line a CSV file, and the keys of headlines."""
    yield f"contract {CONTRACT}"
    months = set(plan_months(result.tables))
    for sheet in (*result_sheets(result.tables), run_sheet(result.record)):
        columns = [
            "<months>" if name in months else "<years>" if name.isdigit() else name for name in map(str, sheet.frame.columns)
        ]
        yield f"{sheet.table}: {', '.join(dict.fromkeys(columns))}"
    for name, frame in result.tables.items():
        yield f"tables/{name}.csv: {', '.join(map(str, frame.columns))}"
    yield f"headlines: {', '.join(line.key for line in result.summary)}"


def test_a_change_of_the_contract_has_a_new_version(solved: Result) -> None:
    text = "\n".join(lines(solved)) + "\n"
    held = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    if os.environ.get("GOLDEN") == "write" and text != held:
        same = held.partition("\n")[0] == text.partition("\n")[0]
        assert not same, "raise CONTRACT in planner/schema/results.py first, and say in CHANGELOG.md what changed"
        GOLDEN.write_text(text, encoding="utf-8")
        return
    assert text == held, "a table, column or headline changed: raise CONTRACT, say so in CHANGELOG.md, then GOLDEN=write pytest"


def test_the_version_is_told(solved: Result, tmp_path: Path) -> None:
    assert f"contract version {CONTRACT}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    write_xlsx(tmp_path / "plan.xlsx", solved)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert ("contract", CONTRACT) in [row[:2] for row in book["run"].iter_rows(values_only=True)]
    assert any(f"contract {CONTRACT}" in str(row[0]) for row in book["read_me"].iter_rows(values_only=True))


def test_each_headline_is_a_name_that_no_table_has(solved: Result, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "plan.xlsx", solved)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    tables = {name for page in book for name in page.tables}
    for line in solved.summary:
        if line.key.startswith(RANKED):
            assert float(book.defined_names[f"plan_{line.key}"].attr_text) == line.value
        else:
            sheet, cell = book.defined_names[f"plan_{line.key}"].attr_text.split("!")
            assert book[sheet][cell.replace("$", "")].value == pytest.approx(line.value, rel=1e-15)
            assert f"plan_{line.key}" not in tables
    assert {f"plan_{name}" for name in SHEETS}.isdisjoint(f"plan_{line.key}" for line in solved.summary)


def test_every_sheet_of_results_may_be_refreshed(solved: Result) -> None:
    sheets = result_sheets(solved.tables)
    assert {sheet.name for sheet in sheets} <= set(SHEETS)
    assert {sheet.of_table or sheet.name for sheet in sheets} <= set(RESULT_TABLES) - CSV_ONLY
