"""What the verifier sees of projects: that whole ones are whole, that the tables follow, and how good the choice is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from planner.api import load, solve
from planner.errors import TimeLimitError
from planner.solve.choices import Choices, choose
from planner.studies.report_input import finished
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from planner.write.report import report_html
from planner.write.xlsx.run_workbook import write_xlsx
from tests.read.toy import edit, write_plan
from tests.verify.same_rows import differences

OWN = {"source": "toy", "quality": "estimate"}
HALL = {"project_id": "hall_c", "region_id": "ohio", "earliest_month": "2028-03", "whole": "yes", **OWN}
ROWS = [
    HALL | {"option_id": "halls", "mw": 30, "capital_musd": 20, "fixed_musd_per_year": 1.2},
    HALL | {"option_id": "grid", "mw": 36, "capital_musd": 3},
    {
        "project_id": "plant",
        "region_id": "ohio",
        "option_id": "gas_engine",
        "mw": 2,
        "capital_musd": 4000,
        "whole": "yes",
        **OWN,
    },
    {"project_id": "parts", "region_id": "ohio", "option_id": "gas_engine", "mw": 3, "capital_musd": 0.1, **OWN},
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hall with its power that is taken, a plant that is too dear, and one that may be taken in part."""
    made = tmp_path_factory.mktemp("projects")
    return write_run(
        solve(load(write_plan(made / "plan", projects=ROWS, demand=edit({}, start_kh100e=200)))), made / "run", workbook=False
    )


@pytest.fixture
def run(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "run"))


def edited(run: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame | None]) -> set[str]:
    """The checks that fail after a change of a table."""
    path = run / "tables" / f"{name}.csv"
    frame = pd.read_csv(path, dtype={"start_month": str}, keep_default_na=False)
    changed = change(frame)
    (frame if changed is None else changed).to_csv(path, index=False)
    return {check.name for check in verify(run).failed}


def test_a_sound_run_says_what_it_rests_on(sound: Path) -> None:
    taken = pd.read_csv(sound / "tables" / "projects.csv", keep_default_na=False).set_index("project_id")
    assert taken["start_month"].to_dict()["hall_c"] == "2028-03"
    assert taken["start_month"].to_dict()["plant"] == ""
    assert 0 < taken["taken_frac"].to_dict()["parts"] <= 1
    verdict = verify(sound)
    assert verdict.ok, verdict.lines()
    assert not verdict.optimal
    first, proof, choice, _ = verdict.lines()
    assert first == "verified but for: the choice of whole projects"
    assert proof.startswith("optimal: dual bound")
    assert choice.startswith("2 whole projects: proven for the choice made; no other choice saves more than ")
    assert choice.endswith("by the bound of HiGHS, which is not proven again")


def test_the_report_and_the_workbook_show_them(sound: Path, tmp_path: Path) -> None:
    html = report_html(finished(sound))
    assert "Optimal for the whole projects as chosen, a choice within" in html
    assert "With the whole projects as the plan chooses them: another choice has other prices." in html
    assert "2 of 3 projects taken" in html
    result = solve(load(sound / "inputs" / "plan.yaml"))
    write_xlsx(tmp_path / "plan.xlsx", result)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    assert [row[0] for row in book["projects"].iter_rows(values_only=True)] == ["project_id", "hall_c", "plant", "parts"]
    words = [str(cell) for row in book["summary"].iter_rows(values_only=True) for cell in row if cell]
    assert any("all prices are those of the plan with this choice" in text for text in words)


def test_half_of_a_whole_project_is_seen(run: Path) -> None:
    def halve(frame: pd.DataFrame) -> None:
        frame["taken_frac"] = frame["taken_frac"].astype(float).mask(frame["project_id"] == "hall_c", 0.5)

    assert {"projects.whole", "build_project", "projects.taken_frac"} <= edited(run, "project_starts", halve)


def test_a_project_outside_its_months_is_seen(run: Path) -> None:
    def earlier(frame: pd.DataFrame) -> None:
        frame.loc[frame["project_id"] == "hall_c", "month"] = "2028-02"

    assert {"projects.months", "projects.start_month"} <= edited(run, "project_starts", earlier)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("column", ["taken_frac", "hall_mw", "power_mw", "capital_musd"])
def test_each_number_of_the_table_is_seen(run: Path, column: str) -> None:
    def more(frame: pd.DataFrame) -> None:
        frame[column] = frame[column].astype(float) + 1.0

    assert f"projects.{column}" in edited(run, "projects", more)


@pytest.mark.parametrize(("column", "word"), [("whole", "no"), ("start_month", "2028-03")])
def test_each_word_of_the_table_is_seen(run: Path, column: str, word: str) -> None:
    """Of a whole project that the plan does not take."""

    def other(frame: pd.DataFrame) -> None:
        frame.loc[frame["project_id"] == "plant", column] = word

    assert f"projects.{column}" in edited(run, "projects", other)


def test_a_project_that_is_missing_is_seen(run: Path) -> None:
    assert "projects.project_id" in edited(run, "projects", lambda frame: frame.drop(frame.index[1]))


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("key", "value"), [("relative_gap", 0.5), ("bound_musd", 0.0), ("bound_musd", "none"), ("relative_gap", None)]
)
def test_a_gap_that_does_not_follow_is_seen(run: Path, key: str, value: Any) -> None:
    path = run / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["solver"]["choices"][key] = value
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert "choices" in {check.name for check in verify(run).failed}


def test_duals_of_projects_in_part_are_part_of_the_proof(run: Path) -> None:
    """What may be taken in part has rows and duals of its own: without them its variable would still earn."""
    duals = pd.read_csv(run / "tables" / "duals.csv", keep_default_na=False)
    assert {"limit_project", "conserve_project", "build_project"} & set(duals["constraint"])

    def forget(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[~frame["constraint"].isin(["conserve_project", "build_project"])]

    assert "optimal" in edited(run, "duals", forget)


def test_choices_that_time_ends_have_a_gap_and_no_prices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the time limit had come when a bound of 90 % of the cost was known."""

    def stopped(*given: Any, **more: Any) -> Choices:
        made = choose(*given, **more)
        return replace(made, proven=False, bound_musd=0.9 * made.bound_musd)

    monkeypatch.setattr(import_module("planner.solve.solution"), "choose", stopped)
    path = write_plan(tmp_path / "plan", projects=ROWS, demand=edit({}, start_kh100e=200))
    result = solve(load(path), time_limit_s=60.0)
    solver = result.record["solver"]
    assert solver["status"] == "time_limit"
    assert solver["relative_gap"] == pytest.approx(0.1, abs=1e-3)
    assert result.tables["limits"].empty
    verdict = verify(write_run(result, tmp_path / "run", workbook=False))
    assert verdict.ok, verdict.lines()
    assert verdict.exit_code == 6


def test_a_time_limit_before_any_choice_leaves_no_plan(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "plan", projects=ROWS)
    with pytest.raises(TimeLimitError, match="before any choice of the whole projects was found; no plan is kept"):
        solve(load(path), time_limit_s=0.0)


def test_rows_are_those_of_the_model(sound: Path) -> None:
    names, found = differences(sound)
    assert found == []
    assert {"conserve_project", "build_project"} <= names
