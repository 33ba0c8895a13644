"""Exit 4: sentences on stderr, the same as data, a report where no result stands, and a result that stands untouched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.cli import main
from planner.findings import Place, SourceFile
from planner.studies.infeasible.diagnosis import Broken
from planner.write.text.infeasible import broken_words
from tests.read.toy import write_plan
from tests.studies.test_infeasible import CASES


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    changes, _ = CASES["commitment against supply"]
    return write_plan(tmp_path / "plan", **{"orbit": False, **changes})


def test_the_report_is_written_and_replaced_by_a_result(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    for _ in range(2):  # a second refusal replaces the first
        assert main(["run", str(plan), "--out", str(out)]) == 4
        said = capsys.readouterr()
        assert said.out == ""
        assert "planner: 2028-03: ohio, gas_engine is committed to build 6 MW, but only 2 MW is possible" in said.err
        assert "commitments.csv:2:4" in said.err
        assert '--set "supply[gas_engine,*].mw*=3.001"' in said.err
        assert sorted(file.name for file in out.iterdir()) == ["infeasible.json", "infeasible.txt"]
    text = (out / "infeasible.txt").read_text(encoding="utf-8")
    assert "\n2028-03: ohio, gas_engine is committed" in text
    record = json.loads((out / "infeasible.json").read_text(encoding="utf-8"))
    assert record["plan"] == "toy"
    assert record["alternatives"][0]["set"] == ["commitments[ohio,gas_engine,2028-03].build_mw=1.999"]
    assert main(["run", str(plan), "--out", str(out), "--set", record["alternatives"][1]["set"][0]]) == 0
    assert "manifest.json" in {file.name for file in out.iterdir()}
    assert "infeasible.txt" not in {file.name for file in out.iterdir()}
    before = {file: file.stat().st_mtime_ns for file in out.rglob("*")}
    capsys.readouterr()
    assert main(["run", str(plan), "--out", str(out)]) == 4
    assert f"planner: {out} stays as it is" in capsys.readouterr().err
    assert {file: file.stat().st_mtime_ns for file in out.rglob("*")} == before


def test_the_same_as_data(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(plan), "--out", str(tmp_path / "out"), "--json"]) == 4
    record = json.loads(capsys.readouterr().out)
    assert (record["status"], record["exit_code"]) == ("infeasible", 4)
    found = record["diagnosis"]
    assert set(found) == {
        "broken",
        "conflict",
        "irreducible",
        "alternatives",
        "together",
        "not_tried",
        "until",
        "horizon_end",
        "served_at_most",
    }
    assert found["irreducible"] is True
    (broken,) = found["broken"]
    assert Path(broken["file"]).name == "commitments.csv"
    assert (broken["line"], broken["column"]) == (2, 4)
    assert [(month["month"], month["asked"]) for month in broken["months"]] == [("2028-03", 6.0)]
    assert broken["months"][0]["short"] == pytest.approx(4.0)
    assert [one["target"] for one in found["conflict"]] == [
        "commitments[ohio,gas_engine,2028-03].build_mw",
        "supply[gas_engine,*].mw",
    ]
    assert all(way["plan_cost_musd"] > 0 for way in found["alternatives"])
    words = "million USD, unserved compute counted"  # as `planner run` says cost without it
    assert record["message"].count(words) == len(found["alternatives"])


def test_the_dust_of_a_solver_is_nothing() -> None:
    place = Place(SourceFile(Path(), "commitments.csv"), 2)
    broken = Broken("ohio, grid is committed to build", place, ("2028-03",), (6.0,), (6.0 - 1e-12,), "MW")
    assert "6 MW, but only 0 MW is possible" in broken_words(broken)
    small = Broken("ohio, grid is committed to build", place, ("2028-03",), (6.0,), (5.9999,), "MW")
    assert "only 0.0001 MW is possible" in broken_words(small)


def test_crossover_is_refused_with_the_same_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes, _ = CASES["share against a cap on the place"]
    path = write_plan(tmp_path / "plan", **changes)
    assert main(["crossover", str(path)]) == 4
    assert '--set "shares[cap].max_frac=0.5001"' in capsys.readouterr().err


def test_an_override_is_named_as_the_place_of_its_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes, _ = CASES["share against a cap on the place"]
    path = write_plan(tmp_path / "plan", **changes)
    override = "shares[cap].max_frac=0.3"
    assert main(["run", str(path), "--set", override, "--out", str(tmp_path / "out")]) == 4
    assert f"max_frac = 0.3 (--set {override})" in capsys.readouterr().err
