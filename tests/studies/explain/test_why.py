"""`planner explain --why`: one place, one value, the lines of the input behind it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from models import REGISTER
from planner import api
from planner.errors import InputError, UsageError
from planner.studies.explain.reopened import OpenRun
from planner.studies.explain.why import VARIABLES


def test_a_value_leads_to_the_line_that_the_user_wrote(folder: Path) -> None:
    answer = api.why(folder, "region=ohio,option=grid,month=2028-03")
    [row] = [each for each in answer.evidence if each.name == "power[ohio, grid]"]
    lines = (folder.parent / "plan" / "tables" / "power.csv").read_text(encoding="utf-8").splitlines()
    name, _, line = row.at.rpartition(":")
    assert name == "tables/power.csv"
    assert lines[int(line) - 1].startswith("ohio,grid,")
    assert "power[ohio,grid].step_mw_per_month*=2" in row.changed
    assert any(each.name == "discount_frac_per_year" and each.at.startswith("plan.yaml:") for each in answer.evidence)
    assert answer.rows["power"]["build_mw"].iloc[0] == pytest.approx(answer.value)


def test_an_account_adds_up_to_the_reduced_cost(run: OpenRun, folder: Path) -> None:
    """What is built is worth its cost exactly; what is not would lose."""
    for month in run.data.months:
        answer = api.why(folder, f"region=ohio,option=grid,month={month}")
        assert answer.account, month
        total, largest = sum(e.usd for e in answer.account), max(abs(e.usd) for e in answer.account)
        if answer.value and answer.value > 1e-6:
            assert total == pytest.approx(0.0, abs=1e-6 * largest)
        else:
            assert total <= 1e-6 * largest


def test_every_row_that_an_account_may_name_has_words(run: OpenRun) -> None:
    decisions = {name for name, _ in VARIABLES.values()}
    form = run.solution.form
    for column, (name, _) in enumerate(form.columns):
        if name in decisions:
            for row in form.matrix.indices[form.matrix.indptr[column] : form.matrix.indptr[column + 1]].tolist():
                constraint = form.rows[row][0]
                assert REGISTER[constraint].account, constraint


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("region=ohi,month=2028-01", "did you mean ohio?"),
        ("region=ohio,month=2031-01", "from 2028-01 to 2028-06"),
        ("regoin=ohio,month=2028-01", "did you mean region?"),
        ("region=ohio", "expected a place and a month"),
        ("month=2028-01", "expected a place and a month"),
        ("region=ohio,option=grid", "also needs month"),
        ("table=halls,region=ohio,month=2028-01,option=grid", "table halls has no option"),
        ("ohio", "expected key=value"),
        ("region=ohio,place=bavaria,month=2028-01", "stands beside another place"),
        ("", "expected key=value"),
    ],
)
def test_a_question_that_is_not_understood_names_the_nearest(folder: Path, question: str, words: str) -> None:
    with pytest.raises(InputError, match="--why") as caught:
        api.why(folder, question)
    assert words in str(caught.value)


def test_a_decision_that_cannot_be_is_said(run: OpenRun) -> None:
    """Work that may not be done in a place, for latency or residency, has no value to ask about."""
    d = run.data
    pairs = list(dict.fromkeys((z, w) for z, w, _ in d.demand_kh100e))
    z, w, x = next((z, w, x) for z, w in pairs for x in d.regions if (z, w, x) not in d.servable)
    with pytest.raises(UsageError, match="no such decision"):
        api.why(run.folder, f"pool={z},class={w},region={x},month=2028-02")


@pytest.mark.parametrize("damage", ["inputs/plan.yaml", "manifest.json", "tables/power.csv"])
def test_a_damaged_run_is_refused_in_words(folder: Path, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / damage).unlink()
    with pytest.raises(UsageError, match=Path(damage).name):
        api.why(copy, "region=ohio,month=2028-02")
    os.mkfifo(copy / damage)  # not waited for
    with pytest.raises(UsageError, match=Path(damage).name):
        api.why(copy, "region=ohio,month=2028-02")
