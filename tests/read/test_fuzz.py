"""Whatever stands in a file, a plan is loaded or refused with findings; nothing else is raised."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from planner.check.checks import check
from planner.errors import InputError
from planner.read.load import load
from tests.read.toy import csv_text, toy_tables, write_plan

CELLS = st.one_of(
    st.sampled_from(
        ["", "0", "-1", "1e15", "1e-300", "1e308", "nan", "a,b", "=1+1", '"', "2028-01", "0000-00", "9999-12", "*", "no"]
    ),
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.integers().map(str),
    st.text(max_size=12),
)
VALUES = st.recursive(
    st.one_of(
        CELLS, st.sampled_from(["~", "true", "yes", "12:30", "!x 1", "&a 1", "*a", "[", "{", "'", "<<", "? a", '"\\UFFFFFFFF"'])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(st.text(max_size=4), inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"
        ),
    ),
    max_leaves=6,
)
QUICK = settings(max_examples=60, suppress_health_check=list(HealthCheck))
NAMES = sorted(toy_tables())


@pytest.fixture(scope="module")
def folder() -> Path:
    return write_plan(Path(tempfile.mkdtemp())).parent


def loads_or_refuses(path: Path, overrides: tuple[str, ...] = ()) -> None:
    try:
        plan = load(path, overrides)
    except InputError as error:
        lines = [str(finding) for finding in error.findings]
    else:
        lines = [str(notice) for notice in check(plan)]
    assert lines
    assert all("\n" not in line for line in lines)


@QUICK
@given(table=st.sampled_from(NAMES), data=st.data())
def test_any_cell(folder: Path, table: str, data: st.DataObject) -> None:
    rows = toy_tables()[table]
    row = data.draw(st.sampled_from(rows))
    row[data.draw(st.sampled_from(sorted(row)))] = data.draw(CELLS)
    original = folder / "tables" / f"{table}.csv"
    kept = original.read_bytes()
    try:
        original.write_text(csv_text(rows), encoding="utf-8", errors="surrogatepass", newline="")
        loads_or_refuses(folder / "plan.yaml")
    finally:
        original.write_bytes(kept)


@QUICK
@given(
    table=st.sampled_from(NAMES),
    content=st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda t: t.encode("utf-16"))),
)
def test_any_bytes_for_a_table(folder: Path, table: str, content: bytes) -> None:
    original = folder / "tables" / f"{table}.csv"
    kept = original.read_bytes()
    try:
        original.write_bytes(content)
        loads_or_refuses(folder / "plan.yaml")
    finally:
        original.write_bytes(kept)


@QUICK
@given(data=st.data())
def test_any_value_in_the_plan(folder: Path, data: st.DataObject) -> None:
    lines = (folder / "plan.yaml").read_text().splitlines()
    position = data.draw(st.integers(0, len(lines) - 1))
    key = lines[position].partition(":")[0]
    lines[position] = f"{key}: {data.draw(VALUES)}"
    path = folder / "fuzzed.yaml"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    loads_or_refuses(path)


@QUICK
@given(content=st.one_of(st.binary(max_size=60), VALUES.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_for_a_plan(folder: Path, content: bytes) -> None:
    path = folder / "fuzzed.yaml"
    path.write_bytes(content)
    loads_or_refuses(path)


@QUICK
@given(text=VALUES)
def test_any_adjustment(folder: Path, text: str) -> None:
    path = folder / "fuzzed.yaml"
    lines = ["extends: plan.yaml", "why: fuzz", "adjust:", f"  - {{table: power, where: {text}, set: {{start_mw: 1}}}}"]
    lines += [f"  - {{table: power, scale: {{start_mw: {text}}}}}", f"  - {{table: power, set: {{start_mw: {text}}}}}"]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    loads_or_refuses(path)


@QUICK
@given(
    target=st.sampled_from(["months", "power.start_mw", "power[ohio,grid].start_mw", "demand", "carbon.x", ""]), value=VALUES
)
def test_any_override(folder: Path, target: str, value: str) -> None:
    loads_or_refuses(folder / "plan.yaml", (f"{target}={value}", f"{target}*={value}", value))


def test_the_toy_is_what_was_fuzzed(folder: Path) -> None:
    with (folder / "tables" / "power.csv").open() as file:
        assert len(list(csv.reader(file))) == 4
    assert io.StringIO(csv_text(toy_tables()["power"])).readline().startswith("region_id")
    shutil.rmtree(folder)
