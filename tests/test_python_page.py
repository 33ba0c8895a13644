"""The page docs/python.md, run line by line on a toy in place of the starting plan, and what objects say of themselves."""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import planner
from planner.errors import UsageError, VerificationError
from planner.runs.opened import with_periods
from tests.read.toy import write_plan

PAGE = Path(__file__).parents[1] / "docs" / "python.md"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The names that the blocks of the page define."""
    folder = tmp_path_factory.mktemp("python")
    write_plan(folder / "my-plan", months=2)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = "".join(blocks).replace('"2027-12"', '"2028-02"')
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(text, names)
    return {**names, "folder": folder}


def test_the_page_runs(shown: dict[str, Any]) -> None:
    run, done = shown["run"], shown["done"]
    assert list(run.months.astype(str)) == ["2028-01", "2028-02"]
    assert run.status == "optimal"
    written = done.tables["power"]
    opened = run.tables["power"].reset_index()
    assert opened["month"].astype(str).tolist() == written["month"].tolist()
    assert opened["capacity_mw"].tolist() == pytest.approx(written["capacity_mw"].tolist())
    assert shown["grid"].index.dtype == "period[M]"
    told = {line.key: line.value for line in done.summary}
    assert run.headlines.loc["served_share", "value"] == told["served_share"]
    assert shown["found"].solved == 2
    assert shown["faster"].plan is shown["plan"]


def test_objects_say_what_they_are_in_a_line(shown: dict[str, Any]) -> None:
    plan, done, run, found = (shown[name] for name in ("plan", "done", "run", "found"))
    for each in (plan, done, done.result, run, found, run.tables):
        assert len(repr(each)) < 400
        assert "\n" not in repr(each)
    assert repr(plan).startswith("<plan toy: 2 months from January 2028, 2 regions, 1 orbital design")
    assert "demand.doubling_months=6" in repr(plan)
    assert "verified" in repr(done)
    assert repr(run).startswith("<run toy: 2028-01 to 2028-02, optimal")
    assert repr(found) == "<sweep of demand.doubling_months: 2 of 2 plans optimal>"
    for each in (plan, done, done.result, run, found):
        assert each._repr_html_().startswith("<")
    assert "of demand is served" in run._repr_html_()
    assert "<script>" not in planner.load(shown["folder"] / "my-plan" / "plan.yaml", ["name=a"])._repr_html_()


def test_a_folder_that_was_edited_or_is_no_run_is_refused(shown: dict[str, Any], tmp_path: Path) -> None:
    shutil.copytree(
        shown["run"].folder if shown["run"].folder.is_absolute() else shown["folder"] / shown["run"].folder, tmp_path / "run"
    )
    table = tmp_path / "run" / "tables" / "power.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("ohio", "0hio", 1), encoding="utf-8")
    with pytest.raises(VerificationError, match=r"power\.csv"):
        planner.open(tmp_path / "run")
    with pytest.raises(UsageError):
        planner.open(tmp_path)


def test_a_column_with_words_among_its_months_stays_text() -> None:
    frame = pd.DataFrame({"month": ["2028-01", ""], "from_month": ["later", "2028-01"], "other": ["2028-01", "2028-02"]})
    found = with_periods(frame)
    assert [str(month) for month in found["month"]] == ["2028-01", "NaT"]
    assert found["from_month"].tolist() == ["later", "2028-01"]
    assert found["other"].tolist() == ["2028-01", "2028-02"]


NOTEBOOK = PAGE.with_name("example.ipynb")


def code_cells() -> list[str]:
    """The code of the example notebook, which is kept without outputs."""
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] for cell in cells)
    return ["".join(cell["source"]) for cell in cells]


@pytest.mark.slow
def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cell by cell, each last expression shown as a notebook shows it."""
    write_plan(tmp_path / "my-plan", months=3)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    shown = []
    for cell in code_cells():
        *statements, last = ast.parse(cell).body
        assert isinstance(last, ast.Expr)
        exec(compile(ast.Module(statements, []), "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
        shown.append(value._repr_html_())
    assert len(shown) == 7
    assert sum("<svg" in html for html in shown) == 3


def test_answers_are_drawn(shown: dict[str, Any], tmp_path: Path) -> None:
    drawn = planner.plot(shown["run"])
    assert repr(drawn) == "<picture of run>"
    html = drawn._repr_html_()
    assert "IT by place, GW" in html
    assert "Ohio" in html
    assert "var(--" not in html  # a notebook has no style sheet of ours
    assert planner.plot(shown["found"]).save(tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (shown["folder"] / "results" / "demand.png").read_bytes()[:4] == b"\x89PNG"
    with pytest.raises(UsageError, match=r"saved as \.png or \.svg"):
        drawn.save(tmp_path / "a.pdf")
    with pytest.raises(UsageError, match="Plan has no chart"):
        planner.plot(shown["plan"])


def test_one_text_is_no_list_of_letters(tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "plan", months=3, orbit=False)
    assert planner.load(plan, "months=2").settings.months == 2
    with pytest.raises(UsageError, match="--of power: 'power' is unknown"):
        planner.sensitivity(plan, of="power")
    with pytest.raises(UsageError, match="needs a plan"):
        planner.sweep([], "months=2,3")
    with pytest.raises(UsageError, match="is a file"):  # before anything is solved
        planner.sweep(plan, "months=2,3", out=plan)
