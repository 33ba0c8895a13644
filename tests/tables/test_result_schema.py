"""Every table and column that a run writes is in the schema, and what the schema says of a table is so in every plan."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner import api
from planner.result import Result
from planner.schema.results import HEADLINES, RESULT_TABLES, SHEETS
from planner.write.folder.result_folder import write_run
from planner.write.xlsx.layout import result_sheets
from tests.read.toy import write_plan
from tests.verify.rich import OWNERS, SETTINGS, rich_plan

OF_SLICES = {"slices", "power_by_slice", "fleet_by_slice", "work_by_slice"}
OF_OWNERS = {"owners", "owner_power"}
ONE_REGION = [{"table": "regions", "where": {"region_id": "bavaria"}, "drop": "everywhere"}]
PLANS: dict[str, dict[str, Any]] = {
    "by slice": {"sets": ["slices=4", "classes.flexible_frac=0.5"]},
    "no orbit": {"orbit": False},
    "no demand": {"sets": ["demand.start_kh100e=0"]},
    "no chips": {"sets": ["deliveries.kunit=0", "fleet.kunit=0", "dark.kunit=0"]},
    "one region": {"orbit": False, "plan": {"adjust": ONE_REGION}},
    "mode energy": {"sets": ["objective=energy"]},
}


@pytest.fixture(scope="module", params=["rich", *PLANS])
def result(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("plan") / "plan"
    if request.param == "rich":
        return api.solve(rich_plan(folder, [*SETTINGS, *OWNERS]))
    case = PLANS[request.param]
    changes = {key: value for key, value in case.items() if key != "sets"}
    return api.solve(api.load(write_plan(folder, months=3, **changes), case.get("sets", ())))


@pytest.mark.sampled(14)
def test_a_run_writes_the_tables_of_the_schema_and_no_other(result: Result, tmp_path: Path) -> None:
    folder = write_run(result, tmp_path / "run", workbook=False)
    written = {path.stem: pd.read_csv(path, dtype=str) for path in (folder / "tables").glob("*.csv")}
    left_out = set() if "slices" in written else OF_SLICES
    left_out |= set() if any(result.plan.tables["accelerators"].column("owner_id")) else OF_OWNERS
    left_out |= set() if len(result.plan.tables["projects"]) else {"projects", "project_starts"}
    left_out |= {name for name in ("orders", "chip_moves", "revisions") if name not in result.tables}
    assert set(written) == set(RESULT_TABLES) - left_out
    for name, frame in written.items():
        assert list(frame.columns) == RESULT_TABLES[name].names, name


def test_a_row_is_what_its_keys_say_and_a_column_holds_its_kind(result: Result) -> None:
    for name, frame in result.tables.items():
        schema = RESULT_TABLES[name]
        assert not frame.duplicated(schema.keys).any(), name
        for column in schema.columns:
            values = frame[column.name].dropna()
            if column.is_number:
                assert all(isinstance(value, int | float) for value in values.tolist()), (name, column.name)
            else:
                assert all(isinstance(value, str) for value in values), (name, column.name)
            if column.kind == "month":
                assert all(re.fullmatch(r"\d{4}-\d\d", month) for month in values), (name, column.name)
        if schema.sparse:
            done = [number for number in schema.numbers if number not in schema.given]
            assert (frame[done] != 0.0).any(axis=1).all(), name


def test_sheets_and_headlines_are_those_of_the_schema(result: Result) -> None:
    assert {sheet.name for sheet in result_sheets(result.tables)} <= set(SHEETS)
    for line in result.summary:
        if not re.fullmatch(r"limit_[1-5]|remedy_[1-3]", line.key):
            assert line.unit == HEADLINES[line.key].unit


def test_every_table_is_in_some_plan_and_every_column_is_explained() -> None:
    unitless = {"value", "limit", "flip_value_factor", "price_level"}  # the unit stands beside it, or there is none
    for schema in RESULT_TABLES.values():
        assert schema.keys, schema.name
        assert schema.doc.endswith(".")
        for column in schema.columns:
            assert column.doc[:1].isupper() or column.doc.startswith(("whole:", "IT ")), column
            assert not column.doc.endswith("."), column
            assert bool(column.unit) == (column.is_number and not column.key) or column.name in unitless, column
