"""Every cell of the table of break-evens is derived a second time; texts may differ in the rounding of a number alone."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.prepare.plan_data import prepare
from planner.solve.solution import solve
from planner.tables.result import make_result
from planner.verify.break_even import same_but_for_digits
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.rich import rich_plan


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No launch of it serves for twelve months, so that its light is not known from elsewhere."""
    plan = rich_plan(tmp_path_factory.mktemp("rich") / "plan")
    return write_run(make_result(plan, solve(prepare(plan))), tmp_path_factory.mktemp("run") / "run", workbook=False)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lever", ["cost_within_plan", "launch_price_electricity_and_hall", "launch_price_dark_chip"])
def test_no_cell_can_be_changed_unseen(run: Path, lever: str) -> None:
    path = run / "tables" / "orbit_break_even.csv"
    whole, frame = path.read_bytes(), pd.read_csv(path, dtype=str, keep_default_na=False)
    (row,) = frame.index[frame["lever"] == lever]
    try:
        for column in frame.columns[2:]:
            cell = frame.loc[row, column]
            number = column in ("planned", "break_even", "of_planned_frac")
            other = f"{1.001 * float(cell):.12g}" if number else f"{cell[:-1]}{'1' if cell[-1] != '1' else '2'}"
            changed = frame.copy()
            changed.loc[row, column] = other
            changed.to_csv(path, index=False)
            assert not verify(run, hashes=False).ok, (column, cell, other)
    finally:
        path.write_bytes(whole)
    assert verify(run, hashes=False).ok


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("file", "column", "value"),
    [
        ("tables/orbit_coefficients.csv", "", ""),
        ("inputs/designs.csv", "life_years", "1001"),
        ("inputs/designs.csv", "life_years", ""),
        ("inputs/designs.csv", "life_years", "0"),
        ("inputs/designs.csv", "commissioning_months", "1e300"),
        ("inputs/designs.csv", "build_usd_per_kg", "1e300"),
    ],
)
def test_an_absurd_design_is_a_finding(run: Path, file: str, column: str, value: str) -> None:
    """A column filled with a number that no design has, or a table without a row."""
    path = run / file
    whole, frame = path.read_bytes(), pd.read_csv(path, dtype=str, keep_default_na=False)
    try:
        (frame.assign(**{column: value}) if column else frame[:0]).to_csv(path, index=False)
        assert not verify(run, hashes=False).ok
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize(
    ("written", "exact", "same"),
    [
        ("at 1.50 USD", "at 1.504 USD", True),
        ("at 1.50 USD", "at 1.506 USD", False),
        ("2,079 USD", "2079.4 USD", True),
        ("2,080 USD", "2079.4 USD", False),
        ("at 0.13 USD", "at 0.125000000000 USD", True),  # a half goes either way
        ("at 0.12 USD", "at 0.125000000000 USD", True),
        ("Abilene: 5 USD", "Hamina: 5 USD", False),
        ("5 USD", "5 USD and 6", False),
    ],
)
def test_a_number_in_a_text_is_right_to_the_digits_it_has(written: str, exact: str, same: bool) -> None:
    assert same_but_for_digits(written, exact) == same
