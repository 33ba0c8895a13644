"""Every cell of a remedy is derived: from duals where several assets could grow, from inputs where none does."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.api import load
from planner.prepare.plan_data import prepare
from planner.solve.solution import solve
from planner.tables.result import make_result
from planner.verify.case import Case
from planner.verify.collector import Collector
from planner.verify.duals import Duals
from planner.verify.files import read_run
from planner.verify.program import Program
from planner.verify.remedies import check_remedies
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.rich import rich_plan

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("remedies")
    plan = rich_plan(folder / "plan")
    return Program(Case(read_run(write_run(make_result(plan, solve(prepare(plan))), folder / "run", workbook=False))))


@pytest.fixture(scope="module")
def duals(program: Program) -> Duals:
    return Duals(program, own=())


def failures(program: Program, duals: Duals, remedies: pd.DataFrame) -> set[str]:
    program.case.run = dataclasses.replace(program.case.run, tables={**program.case.run.tables, "remedies": remedies})
    checks = Collector(program.case.run)
    check_remedies(checks, program, duals, ())
    return {check.name for check in checks.found if not check.ok}


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "constraint",
    ["limit_launch_mass", "limit_national_growth", "limit_power_growth", "limit_carbon"],
)
def test_no_cell_can_be_changed_unseen(program: Program, duals: Duals, constraint: str) -> None:
    """Of one remedy: for several assets, for one, and for none whose cost is known."""
    sound = program.case.run.table("remedies")
    assert failures(program, duals, sound) == set()
    try:
        row = int((sound["constraint"] == constraint).to_numpy(dtype=bool).argmax())
        for column in sound.columns:
            cell = sound.loc[row, column]
            changed = sound.astype({column: object})
            changed.loc[row, column] = f"{cell}x" if isinstance(cell, str) else 5.0 if np.isnan(cell) else 1.001 * cell + 1e-6
            assert failures(program, duals, changed), (column, cell)
    finally:
        failures(program, duals, sound)


@pytest.mark.slow
def test_an_option_that_comes_too_late_is_no_source_of_output(tmp_path: Path) -> None:
    """Where output itself is scarce, its price is that of the options which can give some."""
    plan = load(ROOT / "inputs" / "scenarios" / "flexible-training.yaml", ["months=1", "look_ahead_months=0"])
    verdict = verify(write_run(make_result(plan, solve(prepare(plan))), tmp_path / "run", workbook=False))
    assert verdict.ok, verdict.lines()
