"""Two runs side by side: every planted difference is found and named, what is equal is not, and the costs add up."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import shutil
from collections.abc import Iterator
from math import fsum
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings, strategies as st

from planner import load, run
from planner.errors import UsageError
from planner.runs.compare import Comparison, compare, compare_written
from planner.runs.compare.inputs import input_differences
from planner.runs.compare.results import cost_by_place, table_differences, waterfall
from planner.runs.read import read_written
from planner.schema.tables import tables as known_tables
from planner.write.text.changes import change_lines
from planner.write.text.compare import comparison_lines
from planner.write.text.layout import USUAL
from tests.read.toy import write_plan


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The toy; the toy with more power and no launch; the toy with a longer horizon under the other boundary."""
    folder = tmp_path_factory.mktemp("runs")
    plan, longer = write_plan(folder / "plan"), write_plan(folder / "longer", months=6, plan={"boundary": "energy"})
    changed = ["power.step_mw_per_month*=2", "launch.tonnes=0", "demand.doubling_months=1"]
    for name, path, overrides in (("a", plan, []), ("b", plan, changed), ("long", longer, [])):
        run(load(path, overrides), folder / name)
    return {name: folder / name for name in ("a", "b", "long")}


@pytest.fixture(scope="module")
def found(runs: dict[str, Path]) -> Comparison:
    return compare(runs["a"], runs["b"])


def test_a_run_is_equal_to_itself_and_to_a_copy(runs: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(runs["a"], tmp_path / "copy")
    for other in (runs["a"], tmp_path / "copy"):
        same = compare(runs["a"], other)
        assert not same.different
        assert same.notes == ()
        for name, table in same.tables().items():
            for column in ("difference", "difference_musd"):
                assert column not in table or (table[column] == 0).all(), name
        assert "no difference" in comparison_lines(same)[-1]


def test_a_run_edited_by_hand_is_said_to_be_before_any_number(runs: dict[str, Path], tmp_path: Path) -> None:
    edited = tmp_path / "edited"
    shutil.copytree(runs["a"], edited)
    (edited / "plan.xlsx").write_bytes(b"not read here")
    assert compare(runs["a"], edited).notes == ()
    for name in ("tables/costs.csv", "inputs/power.csv"):
        (edited / name).write_bytes((edited / name).read_bytes() + b"\n")
    (edited / "tables" / "extra.csv").write_text("place_id,mw\nohio,1\n", encoding="utf-8")
    told = compare(runs["a"], edited)
    assert told.notes[0] == (
        "B is not as its run wrote it: inputs/power.csv was changed after it was written; tables/extra.csv is not in the "
        "manifest; tables/costs.csv was changed after it was written"
    )
    lines = comparison_lines(told)
    assert any("B is not as its run wrote it" in line for line in lines[:5])
    (edited / "manifest.json").write_text("{}", encoding="utf-8")
    assert compare(edited, runs["a"]).notes[0].startswith("A is without the hashes of its files")


def test_backwards_is_the_mirror(runs: dict[str, Path], found: Comparison) -> None:
    back = compare(runs["b"], runs["a"])
    swap = {
        "a": "b",
        "b": "a",
        "a_musd": "b_musd",
        "b_musd": "a_musd",
        "rows_only_a": "rows_only_b",
        "rows_only_b": "rows_only_a",
    }
    for name, table in found.tables().items():
        mirrored = back.tables()[name].rename(columns=swap)[list(table.columns)]
        for column in {"difference", "difference_musd", "widest_difference"} & set(table):
            mirrored[column] = -mirrored[column]
        if "ratio" in table:
            assert (table["ratio"] * mirrored["ratio"]).dropna().sub(1).abs().max() < 1e-12
            table, mirrored = table.drop(columns="ratio"), mirrored.drop(columns="ratio")
        if "change" in table:
            mirrored["change"] = mirrored["change"].replace({"added": "removed", "removed": "added"})
        if "binds_in" in table:
            mirrored["binds_in"] = mirrored["binds_in"].replace({"a": "b", "b": "a"})
        order = [column for column in table.columns if table[column].dtype.kind == "O" or table[column].dtype == "str"]
        pd.testing.assert_frame_equal(
            table.sort_values(order, ignore_index=True), mirrored.sort_values(order, ignore_index=True), obj=name
        )


def test_the_differences_are_those_of_the_two_summaries(runs: dict[str, Path], found: Comparison) -> None:
    """Headlines are counted again from the tables: they must say what each run said of itself."""
    head = found.headlines.set_index("measure")
    for column, name in (("a", "a"), ("b", "b")):
        said = pd.read_csv(runs[name] / "tables" / "summary.csv").set_index("key")["value"]
        for measure, key, scale in (
            ("cost", "cost", 1.0),
            ("value of unserved compute", "unserved_value", 1.0),
            ("served", "served_share", 1.0),
            ("served at the end", "served_share_end", 1.0),
            ("power capacity at the end", "power_end", 1e3),
            ("firm power at the end", "power_firm_end", 1e3),
            ("capital paid", "cash_capital", 1.0),
            ("running costs paid", "cash_running", 1.0),
            ("chips at list price", "cash_chips", 1.0),
        ):
            assert head.at[measure, column] == pytest.approx(scale * float(str(said.get(key, 0.0))), rel=1e-9), measure


def test_the_waterfall_of_two_runs_adds_up(found: Comparison) -> None:
    rows = found.cost.set_index("component")["difference_musd"]
    steps = [value for name, value in rows.items() if name not in ("cost", "unserved", "objective")]
    assert fsum(steps) == pytest.approx(rows["cost"], rel=1e-12, abs=1e-9)
    assert rows["cost"] + rows["unserved"] == pytest.approx(rows["objective"], rel=1e-12)
    assert fsum(found.cost_by_place["difference_musd"]) == pytest.approx(rows["cost"], rel=1e-12, abs=1e-9)
    assert abs(rows["cost"]) > 1e-3
    for name in ("a", "b"):
        objective = float(getattr(found, name).manifest["solver"]["objective_musd"])
        assert found.cost.set_index("component").at["objective", f"{name}_musd"] == pytest.approx(objective, rel=1e-9)


costs = st.lists(
    st.tuples(
        st.sampled_from(["", "ohio", "orbit"]),
        st.sampled_from(["energy", "halls", "install", "unserved"]),
        st.floats(-1e6, 1e6),
    ),
    max_size=30,
).map(lambda rows: pd.DataFrame(rows, columns=["place_id", "component", "discounted_musd"]))


@settings(max_examples=60, derandomize=True)
@given(costs, costs)
def test_any_waterfall_adds_up(a: pd.DataFrame, b: pd.DataFrame) -> None:
    table = waterfall(a, b)
    steps, paid, unserved, whole = table.iloc[:-3], table.iloc[-3], table.iloc[-2], table.iloc[-1]
    near = {"rel": 1e-12, "abs": 1e-6}
    assert fsum(steps["difference_musd"]) == pytest.approx(paid["difference_musd"], **near)
    assert fsum(cost_by_place(a, b)["difference_musd"]) == pytest.approx(paid["difference_musd"], **near)
    assert paid["difference_musd"] + unserved["difference_musd"] == pytest.approx(whole["difference_musd"], **near)
    for frame, column in ((a, "a_musd"), (b, "b_musd")):
        assert whole[column] == pytest.approx(fsum(frame["discounted_musd"]), **near)


def planted(cell: str) -> str:
    """Another value for a cell."""
    try:
        return repr(float(cell) * 1.5 + 1)
    except ValueError:
        return f"{cell}x"


def cells(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Every table and column of the inputs, with a row to change: the last."""
    for path in sorted((folder / "inputs").glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in frame.columns:
            if len(frame) and column not in ("file", "line", "changed"):
                yield path.stem, str(column), len(frame) - 1


def test_a_change_of_any_cell_is_found_and_named(runs: dict[str, Path]) -> None:
    a = read_written(runs["a"])
    count = 0
    for table, column, row in cells(runs["a"]):
        field = known_tables()[table].field(column)
        assert field is not None
        frame = a.inputs[table].copy()
        before = str(frame.at[row, column])
        frame.at[row, column] = planted(before)
        alone, other = (dataclasses.replace(a, inputs={table: each}) for each in (a.inputs[table], frame))
        rows = input_differences(alone, other)
        assert set(rows["table"]) == {table}
        if field.key:  # another row
            assert sorted(rows["change"]) == ["added", "removed"]
        else:
            only = rows.iloc[0]
            assert len(rows) == 1
            assert (only["column"], only["a"], only["b"]) == (column, before, planted(before))
            assert only["unit"] == field.unit
            line = change_lines(rows)[0]
            assert f"{table}" in line
            assert column in line
            assert only["kind"] == "carried" or (planted(before) in line and field.unit in line)
        count += 1
    assert count > 150


def test_a_change_of_any_setting_is_found_and_named(runs: dict[str, Path]) -> None:
    a = read_written(runs["a"])
    settings_of = yaml.safe_load((runs["a"] / "inputs" / "plan.yaml").read_text())
    count = 0
    for key, value in settings_of.items():
        for name in value if isinstance(value, dict) else [""]:
            if key in ("name", "tables"):
                continue
            new = yaml.safe_load(yaml.safe_dump(settings_of))
            if name:
                new[key][name] = "another"
            else:
                new[key] = "another"
            rows = input_differences(a, dataclasses.replace(a, settings=new))
            assert rows["column"].tolist() == [f"{key}.{name}" if name else key], (key, name)
            assert rows["b"].tolist() == ["another"]
            count += 1
    assert count > 12


def test_any_result_that_differs_is_counted(runs: dict[str, Path]) -> None:
    a, tables = read_written(runs["a"]), 0
    for name, table in a.tables.items():
        numbers = [column for column in table.columns if table[column].dtype.kind == "f"]
        if name == "summary" or not len(table):
            continue
        for factor, counted in ((1 + 1e-9, False), (1.001, True)):
            other = table.copy()
            row = int(other[numbers[-1]].abs().to_numpy().argmax())
            if not other[numbers[-1]].iloc[row] > 0:
                continue
            other.loc[row, numbers[-1]] *= factor
            results = table_differences({name: table}, {name: other})
            assert results["table"].tolist() == ([name] if counted else []), name
            assert results["cells_changed"].tolist() == ([1] if counted else [])
            tables += counted
    assert tables > 8


def test_many_rows_that_changed_alike_are_one_sentence(found: Comparison) -> None:
    assert change_lines(found.inputs) == [
        "demand.doubling_months: 6 -> 1 months (x 0.1667)",
        "power.step_mw_per_month: all 3 rows x 2",
        "launch.tonnes: all 4 rows set to 0 t (was 40)",
    ]


def test_the_page_is_as_wide_as_promised_and_names_both(found: Comparison) -> None:
    lines = comparison_lines(found)
    assert max(map(len, lines)) <= USUAL
    text = "\n".join(lines)
    for words in (
        "A:",
        "B:",
        "Inputs, A -> B",
        "Cost, million USD",
        "Headlines",
        "Compute served",
        "limits, by scarcity value",
    ):
        assert words.lower() in text.lower(), words
    assert lines.index("Inputs, A -> B") < next(i for i, line in enumerate(lines) if line.startswith("Cost"))


def test_another_horizon_and_boundary_are_said_first(runs: dict[str, Path]) -> None:
    both = compare(runs["a"], runs["long"])
    assert both.months == read_written(runs["a"]).months
    assert both.notes[0].startswith("boundary: facility in A, energy in B")
    assert "compared are the 4 months from 2028-01 to 2028-04" in both.notes[1]
    lines = "\n".join(comparison_lines(both))
    assert lines.index("boundary: facility") < lines.index("Inputs")
    costs_of = pd.read_csv(runs["long"] / "tables" / "costs.csv", keep_default_na=False)
    costs_of = costs_of[costs_of["month"].isin(both.months)]
    assert both.cost.set_index("component").at["objective", "b_musd"] == pytest.approx(costs_of["discounted_musd"].sum())
    assert set(both.results["table"]) <= {name for name, table in both.a.tables.items() if "month" in table}


def test_unserved_work_without_a_price_is_not_weighed_against_one_that_has(found: Comparison) -> None:
    assert "compute left unserved" in "\n".join(comparison_lines(found))
    other = dataclasses.replace(found.b, settings={**found.b.settings, "objective": "energy"})
    mixed = compare_written(found.a, other)
    assert mixed.notes[0].startswith("objective: value in A, energy in B")
    assert "compute left unserved" not in "\n".join(comparison_lines(mixed))


def test_limits_are_named_as_explain_names_them(found: Comparison) -> None:
    rows = [
        ("limit_power_growth", "ohio / grid", "both", 1.0, 3.0, 2.0, "million USD"),
        ("limit_technology_supply", "gas_engine", "a", 2.0, 0.0, -2.0, "million USD"),
        ("limit_of_another_version", "mars", "b", 0.0, 1.0, 1.0, "million USD"),
    ]
    limits = pd.DataFrame(rows, columns=["constraint", "where", "binds_in", "a", "b", "difference", "unit"])
    assert set(limits.columns) <= set(found.limits.columns)
    lines = "\n".join(comparison_lines(dataclasses.replace(found, limits=limits)))
    for words in (
        "Ohio: growth of grid connection, in both",
        "Deliveries of gas engine, in A alone",
        "mars: limit of another version, in B",
    ):
        assert words in lines


def test_a_run_that_was_stopped_is_said_first(found: Comparison) -> None:
    solver = {**found.b.manifest["solver"], "status": "time_limit", "relative_gap": 0.25}
    stopped = compare_written(found.a, dataclasses.replace(found.b, manifest={**found.b.manifest, "solver": solver}))
    assert stopped.notes[0] == "B stopped at its time limit: cost and unserved work could be up to 25.0% less"
    assert stopped.notes_on("as planned", "slower")[0].startswith("slower stopped at its time limit: ")
    assert not [note for note in found.notes if "time limit" in note]


def test_what_nothing_is_computed_with_is_listed_apart(runs: dict[str, Path]) -> None:
    a = read_written(runs["a"])
    options = a.inputs["options"].assign(source="elsewhere", capex_usd_per_kw="9")
    b = dataclasses.replace(a, inputs={**a.inputs, "options": options}, settings={**a.settings, "why": "for once"})
    mixed = compare_written(a, b)
    assert mixed.different
    lines = comparison_lines(mixed)
    start = lines.index("Inputs, A -> B") + 1
    assert lines[start : start + 3] == [
        "  options.capex_usd_per_kw: all 2 rows set to 9 USD per kW (was 250 to 1500)",
        "  why: another text (nothing is computed with it)",
        "  options.source: 2 rows with another text (nothing is computed with it)",
    ]


def test_no_month_in_common_is_refused(runs: dict[str, Path]) -> None:
    a = read_written(runs["a"])
    with pytest.raises(UsageError, match="no month in common"):
        compare_written(a, dataclasses.replace(a, months=("2050-01",)))


def test_rows_and_tables_that_come_and_go(runs: dict[str, Path]) -> None:
    a = read_written(runs["a"])
    inputs = {name: frame for name, frame in a.inputs.items() if name != "links"}
    inputs["power"] = inputs["power"].iloc[:-1]
    inputs["extra"] = pd.DataFrame({"site_id": ["x"], "depth_km": ["3"]})
    rows = input_differences(a, dataclasses.replace(a, inputs=inputs))
    assert change_lines(rows) == [
        "power: 1 row removed: bavaria,grid",
        "links: 1 row removed: bavaria",
        "extra: 1 row added: x",
    ]


BROKEN = {
    "no manifest": ("manifest.json", None, "cannot be read"),
    "a manifest cut short": ("manifest.json", '{"plan": ', "is not well formed"),
    "a record of no solver": ("manifest.json", '{"solver": null}', "solver must hold keys and values"),
    "a list for a plan": ("inputs/plan.yaml", "- 1\n", "must hold keys and values"),
    "a plan that is no YAML": ("inputs/plan.yaml", "a: [", "is not well formed"),
    "no calendar": ("inputs/plan.yaml", "start: soon\nmonths: 3\n", "do not make a calendar"),
    "no costs": ("tables/costs.csv", None, "missing"),
    "an empty table": ("tables/costs.csv", "", "cannot be read as a table"),
    "a table without its column": ("tables/costs.csv", "place_id\nx\n", "column item_id missing"),
    "not UTF-8": ("tables/power.csv", b"region_id\n\xff\n", "cannot be read"),
    "a word for a number": (
        "tables/limits.csv",
        "constraint,where,month,worth_usd,unit,limit,rent_musd\na,b,2028-01,1,x,1,lots\n",
        "column rent_musd holds something that is not a number",
    ),
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_a_folder_that_is_not_whole_is_refused_in_words(case: str, runs: dict[str, Path], tmp_path: Path) -> None:
    name, content, said = BROKEN[case]
    shutil.copytree(runs["a"], tmp_path / "broken")
    path = tmp_path / "broken" / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for pair in ((runs["a"], tmp_path / "broken"), (tmp_path / "broken", runs["a"])):
        with pytest.raises(UsageError, match=said) as caught:
            compare(*pair)
        assert path.name in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("name", ["manifest.json", "inputs/power.csv", "tables/power.csv"])
def test_a_pipe_in_a_result_is_refused_and_not_waited_for(name: str, runs: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(runs["a"], tmp_path / "broken")
    (tmp_path / "broken" / name).unlink()
    os.mkfifo(tmp_path / "broken" / name)
    with pytest.raises(UsageError, match=f"{name}: is not a file"):
        compare(runs["a"], tmp_path / "broken")


def test_a_table_with_a_quote_left_open(runs: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(runs["a"], tmp_path / "broken")
    out = io.StringIO()
    csv.writer(out).writerows([["region_id", "name"], ["x", "y", "z"]])
    (tmp_path / "broken" / "inputs" / "regions.csv").write_text(out.getvalue() + '"open')
    with pytest.raises(UsageError, match=r"regions\.csv: cannot be read as a table"):
        compare(runs["a"], tmp_path / "broken")
