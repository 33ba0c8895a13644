"""Parquet files as tables and under maps: the same rows as of a CSV file, each value in its row and column."""

from __future__ import annotations

import datetime as dt
import io
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner.read.load import load
from tests.read.refusals import refused_plan
from tests.read.test_maps import CARRIED, LEDGER_MAP, SUMMED, planned, rows_of

LEDGER = {
    "Chip": ["Alpha 1", "Alpha 1", "Alpha 1", "Beta", None, "Total"],
    "Delivery": [dt.date(2028, 1, 1), dt.date(2028, 1, 1), dt.date(2028, 2, 1), dt.date(2028, 3, 1), None, None],
    "Units": [1200.0, 800.0, 500.0, 250.5, None, 3000.0],
    "Status": ["firm", "firm", "option", "firm", None, "firm"],
    "Remark": ["a", "b", "c", None, None, None],
}


def written(columns: dict[str, Any], **types: Any) -> bytes:
    """A Parquet file with these columns."""
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    file = io.BytesIO()
    parquet.write_table(pa.table({name: pa.array(cells, type=types.get(name)) for name, cells in columns.items()}), file)
    return file.getvalue()


def test_the_same_map_reads_parquet(tmp_path: Path) -> None:
    plan = load(planned(tmp_path, "deliveries", written(LEDGER), LEDGER_MAP, "theirs.parquet"))
    assert rows_of(plan, "deliveries", "generation_id", "month", "kunit") == SUMMED
    assert [str(plan.tables["deliveries"].place(row, "kunit")) for row in (0, 1)] == [
        "theirs.parquet:2:3",
        "theirs.parquet:5:3",
    ]
    assert "theirs.parquet" in {source["file"] for source in plan.files()}


def test_a_table_in_parquet_is_read_without_a_map(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    rows = {
        "generation_id": pa.array(["alpha", "beta"]).dictionary_encode(),
        "month": pa.array([dt.date(2028, 1, 1), dt.date(2028, 2, 1)]).cast(pa.timestamp("ns")),
        "kunit": pa.array([0.1, 2], type=pa.float32()),
        "source": ["toy", "toy"],
        "quality": ["estimate", "estimate"],
        "optional_frac": pa.array([None, float("nan")], type=pa.float64()),
    }
    path = planned(tmp_path, "deliveries", written(rows), {}, "deliveries.parquet")
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan["tables"]["deliveries"] = "deliveries.parquet"
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    found = load(path)
    expected = [("alpha", "2028-01", 0.1, 0.0), ("beta", "2028-02", 2.0, 0.0)]
    assert rows_of(found, "deliveries", "generation_id", "month", "kunit", "optional_frac") == expected


def test_times_keep_their_zone(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    when = [dt.datetime(2026, 1, 1, hour, tzinfo=dt.UTC) for hour in range(24)]
    prices = pa.array(range(24), type=pa.decimal128(5, 2))
    how = {
        "columns": {
            "profile_id": {"value": "p"},
            "kind": {"value": "price_usd_per_mwh"},
            "from_h": {"from": "t", "time": "hour", "zone": "Asia/Tokyo"},
            "value": "price",
            **CARRIED,
        },
        "combine": "mean",
    }
    plan = load(
        planned(tmp_path, "profiles", written({"t": when, "price": prices}, t=pa.timestamp("us", tz="UTC")), how, "t.parquet")
    )
    assert dict(rows_of(plan, "profiles", "from_h", "value"))[9] == 0.0
    assert dict(rows_of(plan, "profiles", "from_h", "value"))[8] == 23.0


REFUSED: dict[str, tuple[Any, dict[str, Any], str]] = {
    "a cell": (
        LEDGER | {"Units": ["12 dozen", "800", "1", "1", None, None]},
        LEDGER_MAP,
        "theirs.parquet:2:3: Units = 12 dozen: expected a number in units",
    ),
    "lists": ({"Chip": [["Alpha 1"]]}, LEDGER_MAP, "theirs.parquet:1:1: column Chip holds list<"),
    "how a text is written": (
        LEDGER,
        LEDGER_MAP | {"rows": {"header": 4}},
        "theirs.parquet:1: a map states how a text file is written: expected no header, encoding, separator or decimal",
    ),
    "texts without end": (
        {"Chip": ["x" * 100_001]},
        LEDGER_MAP,
        "theirs.parquet:1:1: texts larger than those of a table, to 100,001 letters",
    ),
    "too many rows": ({"Chip": ["x"] * 250_001}, LEDGER_MAP, "theirs.parquet:1: larger than a table"),
    "another file": (b"PAR1 and no more", LEDGER_MAP, "theirs.parquet:1: not a Parquet file that can be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_its_place(name: str, tmp_path: Path) -> None:
    content, how, expected = REFUSED[name]
    data = written(content) if isinstance(content, dict) else content
    pytest.importorskip("pyarrow")
    found = refused_plan(planned(tmp_path, "deliveries", data, how, "theirs.parquet"))
    assert expected in "\n".join(map(str, found)), found


def test_without_its_package_parquet_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    found = refused_plan(planned(tmp_path, "deliveries", b"PAR1", LEDGER_MAP, "theirs.parquet"))
    expected = "theirs.parquet:1: reading Parquet needs the package pyarrow: pip install 'compute-planner[parquet]'"
    assert expected in "\n".join(map(str, found))
