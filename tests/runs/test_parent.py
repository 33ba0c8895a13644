"""What a plan changes in the plan that it extends, and the sheet that says it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from planner import load, run
from planner.runs.parent import CHANGES, parent_changes
from tests.read.toy import write_plan


@pytest.fixture
def child(tmp_path: Path) -> Path:
    parent = write_plan(tmp_path)
    path = tmp_path / "child.yaml"
    path.write_text(
        f"name: more_power\nextends: {parent.name}\nwhy: Twice the power.\nboundary: energy\n"
        "adjust:\n  - {table: power, scale: {step_mw_per_month: 2}}\n",
        encoding="utf-8",
    )
    return path


def test_each_change_is_a_row_with_both_values(child: Path) -> None:
    plan = load(child, ["demand.doubling_months=1"])
    parent = load(child.with_name(plan.links[1].source.path.name))
    found = parent_changes(plan)
    assert found is not None
    name, frame = found
    assert name == parent.name
    assert list(frame.columns) == CHANGES
    named = {(row["table"], row["row"] or row["column"]) for row in frame.to_dict("records") if row["table"] != "power"}
    assert named == {("plan", each) for each in ("boundary", "demand.doubling_months", "why")}
    steps = frame[frame["column"] == "step_mw_per_month"]
    before = [each for each in parent.tables["power"].columns["step_mw_per_month"] if each]
    assert len(steps) == len(before) > 0  # twice nothing is no change
    assert steps["parent"].tolist() == before
    assert steps["here"].tolist() == [2 * each for each in before]
    assert (steps["ratio"] == 2.0).all()


def test_a_plan_that_extends_nothing_has_no_parent_but_itself(child: Path) -> None:
    parent = child.with_name(load(child).links[1].source.path.name)
    assert parent_changes(load(parent)) is None
    name, frame = parent_changes(load(parent, ["boundary=energy"])) or ("", None)
    assert name.endswith("as its file has it")
    assert len(frame) == 1


def test_the_sheet_of_the_workbook_holds_them(child: Path, tmp_path: Path) -> None:
    plan = load(child)
    done = run(plan, tmp_path / "run")
    book = load_workbook(done.folder / "plan.xlsx")
    name, frame = parent_changes(plan) or ("", None)
    head, *rows = [["" if cell is None else cell for cell in row] for row in book["differences"].iter_rows(values_only=True)]
    assert head == CHANGES
    wanted = [
        ["" if value is None or value != value else value for value in row] for row in frame.astype(object).values.tolist()
    ]
    assert rows == wanted
    told = [row for row in book["read_me"].iter_rows(values_only=True) if "differences" in row]
    assert any(f"inputs of {name}." in str(cell) for row in told for cell in row)
