"""The README keeps its word: its commands exist, and what it shows can be run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL) for line in block.strip().splitlines()]


def test_the_two_commands_of_ci_are_marked() -> None:
    for mark in ("run", "test"):
        assert re.search(rf"<!-- ci: {mark} -->\n```sh\n[^\n]+\n```", README), mark


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("planner ")])
def test_every_planner_line_parses(line: str) -> None:
    from planner.cli import make_parser

    words = shlex.split(line, comments=True)[1:]
    make_parser().parse_args(words)


def test_every_command_is_documented() -> None:
    from planner.cli import COMMANDS

    for name in COMMANDS:
        assert f"| `planner {name}" in README, name


def test_every_scenario_is_documented() -> None:
    for path in (ROOT / "inputs" / "scenarios").glob("*.yaml"):
        assert f"`{path.stem}`" in README, path.stem


def test_overrides_of_the_readme_hold() -> None:
    """Every --set that the README shows is accepted by the plan that it names."""
    from planner.api import load

    for line in SHELL:
        words = shlex.split(line, comments=True)
        if words[:2] == ["planner", "run"] and "--set" in words and words[2].startswith("inputs/"):
            load(ROOT / words[2], [words[i + 1] for i, word in enumerate(words) if word == "--set"])


def test_new_plan_runs_and_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`planner new`, `check`, `run`, `verify`, as the README says, in an empty folder."""
    from planner.cli import main

    assert main(["new", str(tmp_path / "my-plan")]) == 0
    plan = str(tmp_path / "my-plan" / "plan.yaml")
    assert main(["check", plan]) == 0
    assert main(["run", plan, "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert main(["verify", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "plan.xlsx").stat().st_size > 10_000
    capsys.readouterr()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "inputs" / "scenarios").glob("*.yaml")))
def test_every_scenario_solves_and_is_verified(name: str, tmp_path: Path) -> None:
    from planner.api import load, run

    done = run(load(ROOT / "inputs" / "scenarios" / f"{name}.yaml"), tmp_path / name)
    assert done.verdict.ok
    assert done.result.record["solver"]["relative_gap"] < 1e-6
