"""`planner orbit`: what it prints and writes, and designs that physics refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner import cli
from tests.read.toy import edit, write_plan

Main = Callable[..., tuple[int, str, str]]


@pytest.fixture
def main(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Main:
    """Run the command line in an empty folder: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(words)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_without_a_plan_it_tells_of_the_starting_plan(main: Main, tmp_path: Path) -> None:
    code, out, err = main("orbit")
    assert code == 0
    assert out.startswith("my-plan: 1 orbital design.")
    assert "not even a free launch is enough" in out
    assert "planner new" in err
    assert list(tmp_path.iterdir()) == []


def test_json_holds_every_table(main: Main, tmp_path: Path) -> None:
    code, out, err = main("orbit", str(write_plan(tmp_path)), "--json", "--set", "launch_price.usd_per_kg=200")
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert list(record) == ["command", "status", "exit_code", "plan", "folder", "files", "tables"]
    assert list(record["tables"]) == ["designs", "budget", "cost", "light", "break_even", "curve"]
    assert record["tables"]["cost"][0]["launch_usd_per_kg"] == 200
    assert len(record["tables"]["light"]) == 12


def test_out_writes_tables_and_pictures(main: Main, tmp_path: Path) -> None:
    plan = str(write_plan(tmp_path / "plan"))
    code, out, _ = main("orbit", plan, "--out", "report")
    assert code == 0
    assert out.splitlines()[-1].startswith("written: report")
    assert {"designs.csv", "break_even.csv", "dawn.png"} <= {path.name for path in (tmp_path / "report").iterdir()}
    assert main("orbit", plan, "--out", "report", "--quiet") == (0, "report\n", "")


def test_what_is_not_a_report_is_refused_before_the_work(main: Main, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    code, out, err = main("orbit", "nowhere.yaml", "--out", ".")
    assert (code, out) == (2, "")
    assert "give another folder with --out" in err


def test_a_plan_without_designs_is_usage(main: Main, tmp_path: Path) -> None:
    plan = str(write_plan(tmp_path, orbit=False))
    code, out, err = main("orbit", plan)
    assert (code, out) == (2, "")
    assert "plan toy has no orbital design" in err
    code, out, told = main("crossover", plan)
    assert (code, out) == (2, "")
    assert told.endswith(err)


IMPOSSIBLE = [
    ("radiator_temperature_c", -120, "radiator too cold: Earth and sun alone hold it at -84.5 C, so no net heat is rejected"),
    ("altitude_km", 150, "below 200 km the drag of the air brings a satellite down within days"),
    ("battery_depth_of_discharge_frac", 1.2, "a battery gives more than nothing and at most what it holds"),
    ("array_efficiency_frac", 1.1, "an efficiency above 1 makes energy from nothing"),
    ("storage_efficiency_frac", 1.1, "an efficiency above 1 makes energy from nothing"),
    ("radiator_fin_efficiency_frac", 1.01, "no panel is hotter in the mean than at its root"),
]


@pytest.mark.parametrize(("field", "value", "reason"), IMPOSSIBLE, ids=[field for field, _, _ in IMPOSSIBLE])
@pytest.mark.parametrize("command", ["orbit", "check"])
def test_an_impossible_design_is_refused_by_name_with_its_reason(
    main: Main, tmp_path: Path, command: str, field: str, value: float, reason: str
) -> None:
    path = write_plan(tmp_path, designs=edit({}, **{field: value}))
    code, out, err = main(command, str(path))
    assert (code, out) == (3, "")
    first, last = err.splitlines()
    place, _, said = first.partition(f": {field} = {value}: ")
    assert place.startswith("tables/designs.csv:2:")
    assert said.startswith(reason)
    assert last == "planner: 1 finding, nothing was solved"


def test_everything_that_is_impossible_is_told_at_once(main: Main, tmp_path: Path) -> None:
    wrong: dict[str, Any] = {"altitude_km": 150, "battery_depth_of_discharge_frac": 1.2, "array_efficiency_frac": 1.1}
    _, _, err = main("orbit", str(write_plan(tmp_path, designs=edit({}, **wrong))))
    assert [name for name in wrong if f" {name} = " in err] == list(wrong)
    assert err.splitlines()[-1] == "planner: 3 findings, nothing was solved"
