"""Every shipped plan as a workbook, opened and saved by LibreOffice, is the same plan. One start of LibreOffice for all."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner import api
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.write.xlsx.plan_sheet import values_of
from tests.read.toy import write_plan

ROOT = Path(__file__).parents[2]
PLANS = [
    ROOT / "inputs" / "reference.yaml",
    ROOT / "planner" / "new" / "plan.yaml",
    *(
        ROOT / "inputs/scenarios" / f"{name}.yaml"
        for name in ("hourly", "many-designs", "nations", "east-data-east-compute", "training-runs")
    ),
]
"""Every table that a shipped plan has is in one of these."""
SECONDS = 900

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `written/` and, as LibreOffice saved them, `saved/`: the shipped plans and the workbook of a run."""
    folder = tmp_path_factory.mktemp("books")
    written = folder / "written"
    for path in PLANS:
        api.write_workbook(written / f"{path.stem}.xlsx", api.load(path))
    api.write_workbook(written / "blank.xlsx")
    toy = api.load(write_plan(folder / "toy"))
    shutil.copyfile(api.run(toy, folder / "run").folder / "plan.xlsx", written / "run.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "saved")]
    subprocess.run([*command, *map(str, sorted(written.iterdir()))], check=True, capture_output=True, timeout=SECONDS)
    assert sorted(path.name for path in (folder / "saved").iterdir()) == sorted(path.name for path in written.iterdir())
    return folder


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_shipped_plan(books: Path, path: Path) -> None:
    plan, name = api.load(path), f"{path.stem}.xlsx"
    written, saved = api.load(books / "written" / name), api.load(books / "saved" / name)
    assert prepare(written) == prepare(plan)
    for book in (written, saved):  # a scenario may speak of its own months: the workbook says no more than it does
        assert [notice.text for notice in book.notices] == [notice.text for notice in plan.notices]
    same = list(numbers_of(plan, saved))
    assert len(same) > 500
    if all(before == after for before, after in same):
        assert prepare(saved) == prepare(plan)
    for before, after in same:  # LibreOffice 7 keeps 15 digits
        assert after in (before, float(f"{before:.15g}"))


def numbers_of(plan: Plan, again: Plan) -> Iterator[tuple[float, float]]:
    """Every number of a plan beside the same of another; whatever is no number must be equal."""
    assert list(again.tables) == list(plan.tables)
    columns = [(plan.tables[name].columns, again.tables[name].columns) for name in plan.tables]
    pairs: list[tuple[Any, Any]] = [(one[name], other[name]) for one, other in columns for name in one]
    mine, others = (values_of(each.to_mapping()) for each in (plan, again))
    assert list(mine) == list(others)
    for values, found in [*pairs, (list(mine.values()), list(others.values()))]:
        assert len(values) == len(found)
        for before, after in zip(values, found, strict=True):
            if isinstance(before, float) and isinstance(after, float):
                assert math.isfinite(before)
                yield before, after
            else:
                assert before == after


def test_the_workbook_of_a_run(books: Path) -> None:
    meant = prepare(api.load(books / "toy" / "plan.yaml"))
    assert prepare(api.load(books / "written" / "run.xlsx")) == meant
    assert prepare(api.load(books / "saved" / "run.xlsx")) == meant


def test_what_a_blank_one_offers_is_still_offered(books: Path) -> None:
    sheet = openpyxl.load_workbook(books / "saved" / "blank.xlsx")["power"]
    rules = {str(rule.sqref).partition(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules["A2"].formula1.startswith("OFFSET(regions!$A$2,")
    assert (rules["F2"].type, rules["L2"].formula1) == ("decimal", '"yes,no"')
    assert "capacity in service for AI at the start" in sheet["C1"].comment.text
