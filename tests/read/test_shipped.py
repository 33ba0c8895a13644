"""Shipped plans: found by their bare names from any folder, in the layout of the wheel too; a file here comes first."""

from __future__ import annotations

import ast
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from planner import api, cli
from planner.errors import InputError
from planner.read.files.source import shipped_plans
from tests.house import ROOT, tracked
from tests.read.toy import write_plan

INPUTS = ROOT / "inputs"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_plan_of_the_inputs_is_shipped_and_loads_by_its_name() -> None:
    scenarios = {file.stem: file for file in sorted((INPUTS / "scenarios").glob("*.yaml"))}
    own = {"reference": INPUTS / "reference.yaml", "operator": INPUTS / "operator" / "plan.yaml"}
    assert list(shipped_plans().items()) == list((own | scenarios).items())
    assert [api.load(name).name for name in ("no-orbit", "operator")] == ["no-orbit", "operator"]


def test_the_command_says_which_file_it_uses(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "no-orbit"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[-1].startswith("no-orbit: the plan and its 20 tables are sound")
    assert err.startswith("no-orbit is the plan shipped with planner ")
    assert err.rstrip().endswith(f": {INPUTS / 'scenarios' / 'no-orbit.yaml'}")


@pytest.mark.parametrize("ending", [".yaml", ".yml"])
def test_a_file_here_comes_first(folder: Path, ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / f"reference{ending}").write_text("start: 2027-13\n", encoding="utf-8")
    assert cli.main(["check", "reference"]) == 3
    said, *findings, _ = capsys.readouterr().err.splitlines()
    assert said == f"reference is the file here, not the shipped plan: reference{ending}"
    assert f"reference{ending}:1:8: start = 2027-13: expected a month as YYYY-MM [E-KEY-VALUE]" in findings


def test_a_file_with_no_ending_is_what_was_named(folder: Path) -> None:
    (folder / "reference").write_text("not a plan", encoding="utf-8")
    assert api.find_plan("reference") == Path("reference")
    assert cli.main(["check", "reference"]) == 3


def test_a_folder_with_a_plan_of_its_own_is_not_passed_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "reference").mkdir()
    assert api.find_plan("reference") == INPUTS / "reference.yaml"
    (folder / "reference" / "plan.yaml").touch()
    assert cli.main(["run", "reference"]) == 2
    assert "reference is a folder: give a plan file; did you mean reference/plan.yaml?" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["reference.yaml", "inputs/reference", "a" * 300])
def test_only_a_bare_name_is_looked_up(name: str) -> None:
    assert api.find_plan(Path(name)) == Path(name)
    assert cli.main(["check", name]) == 3


def test_a_slip_in_a_name_finds_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "hourli"]) == 3
    assert "hourli: no such file (did you mean hourly?)" in capsys.readouterr().err


def test_an_installation_without_the_checkout_has_them(folder: Path) -> None:
    """The files in the places where setup.py puts them: the same plan, from an empty folder, by the name."""
    site = folder / "site"
    for path in tracked("models", "planner"):
        (site / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, site / path.relative_to(ROOT))
    (patterns,) = (
        ast.literal_eval(node.value)
        for node in ast.parse((ROOT / "setup.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SHIPPED"
    )
    for file in (file for pattern in patterns for file in INPUTS.glob(pattern)):
        (site / "planner" / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, site / "planner" / file.relative_to(ROOT))
    (folder / "empty").mkdir()
    code = (
        "import json, sys; from planner import load; from planner.read.files.source import shipped_plans\n"
        "plans = [load(name) for name in sys.argv[2:]]\n"
        "json.dump([[plan.name, plan.files()] for plan in plans], sys.stdout)\n"
        "assert all(str(file).startswith(sys.argv[1]) for file in shipped_plans().values())\n"
        f"assert len(shipped_plans()) == {len(shipped_plans())}"
    )
    names = ["reference", "hourly", "east-data-west-compute"]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-P", "-c", code, str(site), *names]
    found = subprocess.run(command, cwd=folder / "empty", env=environment, check=True, capture_output=True, text=True).stdout
    here = [api.load(name) for name in names]
    assert json.loads(found) == [[plan.name, plan.files()] for plan in here]


def test_a_plan_from_standard_input_is_read_once_and_named_in_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = write_plan(tmp_path, months=3)
    monkeypatch.chdir(tmp_path)
    for text, months in ((plan.read_text(encoding="utf-8"), 3), ("extends: plan.yaml\nwhy: two\nmonths: 2\n", 2)):
        monkeypatch.setattr("planner.read.files.source._piped", {})
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
        piped = api.load("-")
        assert (piped.settings.months, piped.path) == (months, tmp_path / "stdin.yaml")
        assert api.load(piped.path).settings == piped.settings
        assert not (tmp_path / "stdin.yaml").exists()
    monkeypatch.setattr("planner.read.files.source._piped", {})
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"monhts: 3\n")))
    with pytest.raises(InputError, match=r"standard input:1:1: unknown key monhts"):
        api.load("-")
