"""`planner export`: what other programs read of a run is what its CSV files hold."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import highspy
import pandas as pd
import pytest

import planner
from planner import cli
from planner.errors import UsageError, VerificationError
from planner.schema.results import RESULT_TABLES
from planner.write.folder.replace import OutputError
from tests.verify.toy import write_manifest


@pytest.fixture
def run(finished: Path) -> Path:
    return finished


def csv_of(run: Path, file: str) -> pd.DataFrame:
    return pd.read_csv(run / file, dtype=str, keep_default_na=False)


def files(run: Path) -> dict[str, str]:
    """Each table of an export and its CSV file."""
    results = {path.stem: f"tables/{path.name}" for path in (run / "tables").glob("*.csv")}
    return results | {f"in_{path.stem}": f"inputs/{path.name}" for path in (run / "inputs").glob("*.csv")}


def same(cell: str, value: Any) -> bool:
    """Whether a value is what a cell holds."""
    if isinstance(value, date):
        return value.isoformat() == f"{cell}-01"
    return value is None if cell == "" else float(cell) == value if isinstance(value, int | float) else cell == value


def test_sqlite_holds_every_cell(run: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(planner.export(run, "sqlite", tmp_path / "toy.sqlite"))) as base:
        names = {name for (name,) in base.execute("select name from sqlite_master where type = 'table'")}
        assert names == {*files(run), "dictionary"}
        for name, file in files(run).items():
            cells = csv_of(run, file)
            found = base.execute(f'select * from "{name}"').fetchall()
            assert len(found) == len(cells)
            for row, stated in zip(found, cells.values.tolist(), strict=True):
                assert all(same(cell, value) for cell, value in zip(stated, row, strict=True)), name
        keys = [row[1] for row in base.execute("pragma table_info(power)") if row[5]]
        assert keys == RESULT_TABLES["power"].keys
        said = dict(base.execute("select \"column\", unit || ': ' || meaning from dictionary where \"table\" = 'halls'"))
        assert said["shell_mw"] == "MW: Powered hall space in service (IT MW)"


def test_a_data_package_describes_its_files(run: Path, tmp_path: Path) -> None:
    folder = planner.export(run, "frictionless", tmp_path / "package")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {each["name"]: each["path"] for each in package["resources"]} == files(run)
    for each in package["resources"]:
        data = (folder / each["path"]).read_bytes()
        assert data == (run / each["path"]).read_bytes()
        assert (each["bytes"], each["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        cells, fields = csv_of(folder, each["path"]), each["schema"]["fields"]
        assert [field["name"] for field in fields] == list(cells.columns)
        for field in fields:
            filled = cells[field["name"]][cells[field["name"]] != ""]
            assert not filled.size < len(cells) or not field.get("constraints")
            if field["type"] in ("number", "integer"):
                numbers = pd.to_numeric(filled)
                assert field["type"] == "number" or (numbers == numbers.round()).all()
            elif field["type"] == "yearmonth":
                assert filled.str.fullmatch(r"\d{4}-\d{2}").all()
        keys = each["schema"].get("primaryKey", [])
        assert not keys or not cells.duplicated(keys).any()
    kinds = {field["name"]: (field["type"], field.get("unit")) for field in package["resources"][1]["schema"]["fields"]}
    assert kinds["month"] == ("yearmonth", None)
    assert kinds["dark_mw"] == ("number", "MW")


def test_parquet_holds_every_cell_and_months_as_dates(run: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = planner.export(run, "parquet", tmp_path / "toy-parquet")
    assert {path.stem for path in folder.iterdir()} == set(files(run))
    for name, file in files(run).items():
        table, cells = parquet.read_table(folder / f"{name}.parquet"), csv_of(run, file)
        for column in cells:
            assert all(same(cell, value) for cell, value in zip(cells[column], table[column].to_pylist(), strict=True)), name
    field = parquet.read_schema(folder / "halls.parquet").field("shell_mw")
    assert field.metadata[b"unit"] == b"MW"


def test_without_its_package_parquet_says_how_to_get_it(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.write.export.parquet.pa", None)
    with pytest.raises(UsageError, match=r"pip install 'compute-planner\[parquet\]'"):
        planner.export(run, "parquet", tmp_path / "toy-parquet")


def test_the_program_has_the_optimum_of_the_run(run: Path, tmp_path: Path) -> None:
    path = planner.export(run, "mps", tmp_path / "toy.mps")
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    highs.readModel(str(path))
    highs.run()
    record = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert highs.getObjectiveValue() == pytest.approx(record["solver"]["objective_musd"], rel=1e-9)
    names = {highs.getRowName(row)[1] for row in range(highs.getNumRow())}
    assert "conserve_capacity[bavaria,grid,2]" in names


def test_what_the_run_did_not_solve_is_refused(run: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(run, tmp_path / "other"))
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(folder, {**record, "model": {**record["model"], "fingerprint": "0"}})
    with pytest.raises(UsageError, match="solved another program than its inputs make now: run the plan again"):
        planner.export(folder, "mps", tmp_path / "toy.mps")
    (folder / "tables" / "costs.csv").write_text("edited", encoding="utf-8")
    for form in ("mps", "sqlite"):
        with pytest.raises((UsageError, VerificationError)):
            planner.export(folder, form, tmp_path / f"toy.{form}")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_on_the_command_line(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = run.with_name(f"{run.name}.sqlite")
    assert cli.main(["export", str(run), "--format", "sqlite", "--quiet"]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert cli.main(["export", str(run), "--format", "sqlite"]) == 2
    assert "exists: give another name with --out" in capsys.readouterr().err
    assert cli.main(["export", str(run), "--format", "mps", "--out", "toy.lp"]) == 2
    assert cli.main(["export", str(run)]) == 2


def test_nothing_is_exported_into_the_run_itself(run: Path, tmp_path: Path) -> None:
    """The next run replaces the folder as a whole. A name that no system takes is said."""
    for form, name in (("sqlite", "tables/toy.sqlite"), ("frictionless", "package")):
        with pytest.raises(UsageError, match="inside the run"):
            planner.export(run, form, run / name)
    with pytest.raises(OutputError, match="cannot write"):
        planner.export(run, "sqlite", tmp_path / ("n" * 300))
