"""The verifier recomputes the whole program of a plan that looks ahead, and sees a change of any of its tables."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner.api import solve
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.cells import nudge
from tests.verify.rich import SETTINGS, rich_plan
from tests.verify.same_rows import differences

CELLS = (
    *(("chips", "dark_kunit"), ("fleet", "installed_kunit"), ("power", "capacity_mw"), ("halls", "shell_mw")),
    *(("serve", "serve_kh100e"), ("demand", "demand_kh100e"), ("orbit", "launched_mw"), ("launch", "limit_t")),
    *(("orbit_coefficients", "service_frac"), ("costs", "cost_musd"), ("limits", "worth_usd"), ("duals", "dual_musd")),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """14 months and ten of look-ahead, which end a calendar year and a plan year."""
    made = tmp_path_factory.mktemp("look_ahead")
    return write_run(solve(rich_plan(made / "plan", [*SETTINGS, "look_ahead_months=10"])), made / "run", workbook=False)


@pytest.fixture
def run(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "run"))


def test_the_whole_program_is_proven(sound: Path) -> None:
    verdict = verify(sound)
    assert verdict.ok, verdict.lines()
    assert any("dual bound" in line for line in verdict.lines())


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("table", "column"), CELLS)
def test_a_changed_cell_of_the_look_ahead_is_seen(run: Path, table: str, column: str) -> None:
    path = run / "look_ahead" / f"{table}.csv"
    row = int(pd.read_csv(path)[column].abs().to_numpy().argmax())
    nudge(path, row, column)
    assert not verify(run, hashes=False).ok


@pytest.mark.parametrize("table", ["chips", "costs", "duals"])
def test_a_table_of_the_look_ahead_that_is_missing_is_seen(run: Path, table: str) -> None:
    (run / "look_ahead" / f"{table}.csv").unlink()
    assert not verify(run, hashes=False).ok


def test_a_month_of_the_look_ahead_among_those_of_the_horizon_is_seen(run: Path) -> None:
    ahead = pd.read_csv(run / "look_ahead" / "halls.csv")
    path = run / "tables" / "halls.csv"
    pd.concat([pd.read_csv(path), ahead.head(1)]).to_csv(path, index=False)
    (line, *_) = verify(run, hashes=False).lines()
    assert "tables/halls.csv" in line
    assert "'2028-03' is not known to the plan" in line


def test_another_cost_of_the_look_ahead_is_seen(run: Path) -> None:
    path = run / "manifest.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"cost_musd": ', '"cost_musd": 1'), encoding="utf-8")
    assert "look_ahead.cost_musd" in {check.name for check in verify(run, hashes=False).failed}


def test_rows_are_those_of_the_model(sound: Path) -> None:
    names, found = differences(sound)
    assert found == []
    assert {"limit_carbon", "limit_national_growth"} <= names
