"""Tables as they are read: encodings, line ends, names of the world, defaults, places and frames; what columns say."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.schema.cycle import FLOWS
from planner.schema.fields import Field, cell_text, read_cell
from planner.schema.tables import pointers, tables
from planner.schema.units import unit_of
from tests.read.toy import csv_text, edit, toy_tables, write_plan


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    plain = prepare(load(write_plan(tmp_path / "plain")))
    path = write_plan(tmp_path / "windows")
    for file in path.parent.rglob("*.*"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    plan = load(path)
    assert prepare(plan) == plain
    assert str(plan.tables["power"].place(2, "start_mw")) == "tables/power.csv:4:3"


def test_names_of_the_world(tmp_path: Path) -> None:
    def german(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return [{key: "münchen" if value == "munich" else value for key, value in row.items()} for row in rows]

    plan = load(write_plan(tmp_path, zones=german, demand=german))
    assert prepare(plan).demand_kh100e["münchen", "chat", 1] == 12
    assert plan.tables["zones"].column("name") == ["New York", "München"]


def test_blank_rows_and_spaces_around_cells(tmp_path: Path) -> None:
    text = "generation_id, kunit,source,quality\n\n  alpha ,  2 ,toy,estimate\n,,,\n"
    dark = load(write_plan(tmp_path, dark=text)).tables["dark"]
    assert list(dark.select("generation_id", "kunit")) == [("alpha", 2)]
    assert str(dark.place(0, "kunit")) == "tables/dark.csv:3:2"


def test_optional_columns_may_be_absent(tmp_path: Path) -> None:
    optional = {"nameplate_frac", "commission_months", "shell_lead_months", "shell_step_growth_frac_per_year"}
    rows = [{key: value for key, value in row.items() if key not in optional} for row in toy_tables()["regions"]]
    regions = load(write_plan(tmp_path, regions=rows)).tables["regions"]
    assert regions.column("nameplate_frac") == [1, 1]
    assert regions.column("commission_months") == [0, 0]


def test_columns_in_another_order(tmp_path: Path) -> None:
    rows = toy_tables()["power"]
    text = csv_text(rows, list(reversed(rows[0])))
    assert prepare(load(write_plan(tmp_path / "a", power=text))) == prepare(load(write_plan(tmp_path / "b")))


def test_frame(tmp_path: Path) -> None:
    frame = pd.DataFrame(load(write_plan(tmp_path)).tables["accelerators"].resolved)
    assert frame["not_countries"].tolist() == ["", "CN;RU"]
    assert frame["kw_per_unit"].tolist() == [1.3, 1.9]
    assert frame[["source", "quality", "file", "line", "changed"]].values.tolist() == [
        ["toy", "estimate", "tables/accelerators.csv", 2, ""],
        ["toy", "estimate", "tables/accelerators.csv", 3, ""],
    ]


def test_a_resolved_plan_can_be_read_again(tmp_path: Path) -> None:
    """Tables with their columns of origin, and the resolved plan file, are a plan."""
    import yaml

    plan = load(write_plan(tmp_path / "first"), ["power.step_mw_per_month*=2"])
    again = tmp_path / "again"
    again.mkdir()
    mapping = plan.to_mapping()
    for name in mapping["tables"]:
        pd.DataFrame(plan.tables[name].resolved).to_csv(again / f"{name}.csv", index=False)
    settings = {key: value for key, value in mapping.items() if key not in ("chain", "adjust", "set", "why")}
    settings["tables"] = {name: f"{name}.csv" for name in mapping["tables"]}
    (again / "plan.yaml").write_text(yaml.safe_dump(settings))
    assert prepare(load(again / "plan.yaml")) == prepare(plan)


def test_every_number_says_its_unit() -> None:
    unitless = {"pue", "weight", "value", "bus_overhead", "radiator_faces", "months_before"}
    unitless |= {"low", "high"}  # of a source: their unit has a column
    unitless |= {"planned", "opening", "closing", "unexplained", "late", *FLOWS}  # so has that of actuals and stocks
    for name, schema in tables().items():
        for field in schema.fields:
            if field.kind in ("number", "integer") and field.name not in unitless:
                assert field.unit, f"{name}.{field.name}"


def test_every_column_is_explained() -> None:
    assert all(field.doc for schema in tables().values() for field in schema.columns)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("step_mw_per_month", "MW per month"),
        ("usd_per_mmbtu", "USD per MMBtu"),
        ("fixed_usd_per_kw_year", "USD per kW and year"),
        ("carbon_kg_per_mwh", "kg per MWh"),
        ("wacc_frac_per_year", "fraction per year"),
        ("cooling_loop_kg_per_kw_heat", "kg per kW of heat"),
        ("start_kh100e", "thousand H100e"),
        ("usd_per_gbit_s_month", "USD per Gbit/s and month"),
        ("gbit_s_per_kh100e", "Gbit/s per thousand H100e"),
        ("name", ""),
    ],
)
def test_units(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_cells_read_back() -> None:
    for field, cell, value in (
        (Field("x", "number", ""), "1e-7", 1e-7),
        (Field("x", "number", ""), "-0", 0.0),
        (Field("x", "integer", ""), "12", 12),
        (Field("x", "list", ""), "a; b;a", ("a", "b")),
        (Field("x", "name", "", any_allowed=True), "*", "*"),
    ):
        assert read_cell(field, cell) == value
        assert read_cell(field, cell_text(value)) == value


def test_every_column_that_is_named_like_a_key_points_to_it() -> None:
    """A foreign key that says nothing of its target would be checked, dropped and explained by nobody."""
    keys = {schema.keys[0].name: name for name, schema in tables().items() if not schema.keys[0].points_to}
    targets = {(one.table, one.field.name): one.targets for one in pointers()}
    for pointed in targets.values():
        assert all(tables()[table].field(column) is not None for table, column in pointed)
    elsewhere = {("zones", "country_iso2"), ("designs", "country_iso2")}  # an envelope bounds what regions draw
    elsewhere |= {("targets", "target_id")}  # a target of service is none of delay
    for name, schema in tables().items():
        for field in schema.fields:
            if keys.get(field.name, name) != name and (name, field.name) not in elsewhere and field.kind == "name":
                assert (keys[field.name], field.name) in targets[name, field.name]


def test_a_column_says_what_is_allowed() -> None:
    step = tables()["power"].field("step_mw_per_month")
    assert step is not None
    assert (step.kind, step.unit, step.allowed, step.required) == ("number", "MW per month", ">= 0 and <= 10000000", True)


def test_json_schema() -> None:
    from planner.schema.settings import plan_json_schema

    schema = plan_json_schema()
    json.dumps(schema)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["months"]["anyOf"][0]["maximum"] == 120
    assert set(schema["properties"]) >= {"extends", "why", "adjust", "tables", "start"}
    assert schema["anyOf"][1]["required"][:2] == ["start", "months"]


def test_a_plan_knows_where_its_settings_stand(tmp_path: Path) -> None:
    plan: Plan = load(write_plan(tmp_path))
    assert str(plan.setting_place("demand.doubling_months")) == "plan.yaml:9:20"
    assert str(plan.setting_place("slices")) == "plan.yaml:1:1"


def test_help_needs_no_pandas_and_no_pydantic() -> None:
    import subprocess
    import sys

    code = "import planner.read, sys; print([m for m in ('pandas', 'pydantic', 'numpy', 'yaml') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_edit_leaves_other_rows_alone() -> None:
    assert edit({"a": 1}, b=2)([{"a": 1, "b": 0}, {"a": 2, "b": 0}]) == [{"a": 1, "b": 2}, {"a": 2, "b": 0}]
