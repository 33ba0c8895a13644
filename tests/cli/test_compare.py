"""`planner compare` as it is typed: words, JSON, tables, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from planner import load, run
from planner.cli import main
from tests.read.toy import write_plan


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("runs")
    plan = write_plan(folder / "plan", months=2)
    for name, overrides in (("a", []), ("b", ["launch.tonnes=0"])):
        run(load(plan, overrides), folder / name)
    return str(folder / "a"), str(folder / "b")


def test_equal_runs_end_with_0(runs: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", runs[0], runs[0]]) == 0
    assert "no difference" in capsys.readouterr().out


def test_different_runs_end_with_8_and_words_tables_and_json_agree(
    runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *runs]) == 8
    assert "launch.tonnes: all 2 rows set to 0 t (was 40)" in capsys.readouterr().out
    assert main(["compare", *runs, "--json", "--out", str(tmp_path / "out")]) == 8
    record = json.loads(capsys.readouterr().out)
    assert (record["status"], record["exit_code"], record["different"]) == ("different", 8, True)
    assert list(record["tables"]) == [
        *("inputs", "headlines", "cost", "cost_by_place", "capacity", "power", "idle_chips", "served", "orbit", "limits"),
        "results",
    ]
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(record["tables"])
    for name, rows in record["tables"].items():
        assert len(pd.read_csv(tmp_path / "out" / f"{name}.csv")) == len(rows)
    assert [(row["table"], row["row"], row["unit"], row["a"], row["b"]) for row in record["tables"]["inputs"]] == [
        ("launch", "2028-01", "t", "40", "0"),
        ("launch", "2028-02", "t", "40", "0"),
    ]
    assert main(["compare", *runs, "--quiet"]) == 8
    assert capsys.readouterr().out == ""


def test_what_is_no_run_is_usage(runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "partial" / "tables").mkdir(parents=True)
    for other, said in (("nowhere", "is not a folder"), ("empty", "not a result"), ("partial", "cannot be read")):
        for words in ([runs[0], str(tmp_path / other)], [str(tmp_path / other), runs[0]]):
            assert main(["compare", *words]) == 2
            assert said in capsys.readouterr().err
    assert main(["compare", *runs, "--out", runs[0]]) == 2
    assert "is not empty" in capsys.readouterr().err
