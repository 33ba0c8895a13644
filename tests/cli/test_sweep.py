"""`planner sweep`: streams, exit codes, and a folder that keeps its points and else is whole or as it was."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from planner import cli
from planner.errors import PlannerError
from planner.solve.session import Session
from tests.read.toy import write_plan

FILES = ["points", "sweep.csv", "sweep.html", "sweep.json", "sweep.png", "sweep.xlsx"]
CARBON = ("--vary", "carbon.usd_per_tco2=10..100:3")


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return str(write_plan(tmp_path / "in", months=4))


def test_a_grid_is_a_table_on_stdout_and_a_folder(plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert cli.main(["sweep", plan, *CARBON, "--vary", "launch_price.usd_per_kg*=0.5..1:2", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "6 optimal; 5 were warm-started" in said.out
    assert said.err.splitlines()[-1] == "6 of 6: carbon.usd_per_tco2=100, launch_price.usd_per_kg*=1: optimal"
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert (out / "sweep.png").read_bytes()[:4] == b"\x89PNG"
    table = pd.read_csv(out / "sweep.csv")
    assert table["carbon.usd_per_tco2"].tolist() == [10, 10, 55, 55, 100, 100]
    with zipfile.ZipFile(out / "sweep.xlsx") as book:
        assert not [name for name in book.namelist() if "chart" in name]  # of two keys the reader makes a pivot chart
    (out / "sweep.csv").rename(out / "frontier.csv")  # of an earlier sweep, of which nothing stays
    assert cli.main(["sweep", plan, *CARBON, "--out", str(out)]) == 0
    assert capsys.readouterr().out.endswith("a chart as PNG); replaced the earlier result\n")
    assert sorted(path.name for path in out.iterdir()) == FILES
    with zipfile.ZipFile(out / "sweep.xlsx") as book:
        charts = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/charts/chart")]
    assert any("Cost, million USD" in chart and "sweep!$B$2:$B$4" in chart for chart in charts)
    page = (out / "sweep.html").read_text(encoding="utf-8")
    assert "3 plans by carbon, USD per tonne of CO2" in page
    assert "<script>" not in page
    assert len(json.loads((out / "sweep.json").read_text(encoding="utf-8"))["sweep"]) == 3
    (out / "notes.txt").write_text("years of work", encoding="utf-8")
    assert cli.main(["sweep", plan, *CARBON, "--out", str(out)]) == 2
    assert "holds files that are not a sweep" in capsys.readouterr().err


def test_a_frontier_is_a_table_and_a_folder(plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for against, cost in (("carbon", "objective_musd"), ("served", "cost_musd")):
        out = tmp_path / against
        assert cli.main(["sweep", plan, "--pareto", f"cost,{against}", "--points", "4", "--out", str(out), "--json"]) == 0
        record = json.loads(capsys.readouterr().out)
        assert (record["status"], record["pareto"], len(record["points"])) == ("ok", f"cost,{against}", 4)
        assert record["points"][0][cost] < record["points"][-1][cost]
        assert sorted(path.name for path in out.iterdir()) == ["frontier.csv", "frontier.json", "frontier.png", "frontier.xlsx"]
        first = (out / "frontier.csv").read_bytes()
        assert (
            cli.main(["sweep", plan, "--pareto", f"cost,{against}", "--points", "4", "--out", str(tmp_path / f"{against}2")])
            == 0
        )
        assert (tmp_path / f"{against}2" / "frontier.csv").read_bytes() == first
        capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "a sweep needs several plans, --vary or --runs"),
        (["--vary", "a=1..2:2", "--pareto", "cost,carbon"], "not allowed with"),
        ([*CARBON, "--runs", "runs.csv"], "give it without --vary"),
        ([*CARBON, "--workers", "0"], "from 1 to 1000"),
        ([*CARBON, "--workers", "two"], "from 1 to 1000"),
        (["--vary", "months=1"], "expected KEY=a..b:n"),
        (["--pareto", "carbon"], "expected cost,carbon or cost,served"),
        (["--pareto", "cost,carbon", "--points", "1"], "expected 2 to 1000"),
        (["--pareto", "cost,carbon", "--points", "0"], "--points 0: expected 2 to 1000"),
        (["--pareto", "", "--points", "3"], "expected cost,carbon or cost,served"),
        ([*CARBON, "--points", "3"], "--points belongs to --pareto"),
        (["--set", f"{CARBON[1].partition('=')[0]}=5", *CARBON], "state one of the two"),
    ],
)
def test_usage(plan: str, words: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sweep", plan, *words]) == 2
    assert expected in capsys.readouterr().err


def test_where_nothing_has_a_plan_the_exit_code_says_so(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--set", "unserved=forbidden", "--vary", "demand.start_kh100e*=50..100:2"]
    assert cli.main(["sweep", plan, *words]) == 4
    assert "2 infeasible" in capsys.readouterr().out
    assert (
        cli.main(["sweep", plan, "--set", "unserved=forbidden", "--set", "demand.start_kh100e*=50", "--pareto", "cost,carbon"])
        == 4
    )
    assert "requirement" in capsys.readouterr().err.lower()


def test_ctrl_c_writes_what_is_done(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Session.solve

    def once(self: Session, data: object) -> object:
        monkeypatch.setattr(Session, "solve", stop)
        return real(self, data)  # type: ignore[arg-type]

    def stop(self: Session, data: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "solve", once)
    assert cli.main(["sweep", plan, *CARBON, "--out", str(tmp_path / "out"), "--json"]) == 130
    record = json.loads(capsys.readouterr().out)
    assert (record["status"], record["solved"]) == ("interrupted", 1)
    assert pd.read_csv(tmp_path / "out" / "sweep.csv")["status"].tolist() == ["optimal", "not_solved", "not_solved"]


def test_a_chart_that_cannot_be_drawn_leaves_the_points_alone(
    plan: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.write.folder.study.png", full)
    assert cli.main(["sweep", plan, *CARBON, "--out", str(tmp_path / "out")]) == PlannerError.exit_code
    assert "No space left on device" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["points"]  # what is solved stays
