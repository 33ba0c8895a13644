"""The README and the pages of docs keep their word: their commands exist, and what they show can be run."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

import planner
from planner.api import load, run
from planner.cli import COMMANDS, main as command_line, make_parser
from planner.formats import number, percent, usd
from planner.runs.read import read_manifest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shell(page: str) -> list[str]:
    return [line for block in re.findall(r"```sh\n(.*?)```", page, flags=re.DOTALL) for line in block.strip().splitlines()]


DOCS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
SHELL = [line for page in (README, *DOCS.values()) for line in shell(page)]


def test_the_readme_takes_five_minutes() -> None:
    assert len(README.splitlines()) <= 120


def test_the_readme_says_what_the_shipped_plan_says() -> None:
    """Its run lies where the README's own command puts it, as in CI."""
    folder = ROOT / "results" / "reference"
    golden = json.loads((ROOT / "tests" / "golden" / "fingerprints.json").read_text(encoding="utf-8"))
    if not folder.is_dir() or read_manifest(folder)["model"]["fingerprint"] != golden["inputs/reference.yaml"]["sha256"]:
        pytest.skip("no run of the shipped plan in results/reference")
    assert [line for line in shipped_lines(folder) if line not in README] == []


def shipped_lines(folder: Path) -> list[str]:
    """What the README says of a run of the shipped plan."""
    lines = read_manifest(folder)["summary"]
    value = {line["key"]: float(line["value"]) for line in lines if isinstance(line["value"], float)}
    cash, dark = usd(1e6 * (value["cash_capital"] + value["cash_running"])), number(value["dark_end"])
    power = " to ".join(number(value[f"power_firm_{end}"]) for end in ("start", "end"))
    end, whole = (percent(value[key]) for key in ("served_share_end", "served_share"))
    return [
        f"{end} of demand is served in the last month, {whole} over all",
        f"for {cash} of cash without chips",
        f"firm power grows from {power} GW and limits the plan: {dark} million H100e are dark in the end",
        f"{usd(1e6 * value['dark_price'])} at list price",
        f"if compute were worth {number(value['orbit_flip_value'])} USD per H100e-hour",
    ]


def test_the_readme_lists_every_page() -> None:
    assert [name for name in DOCS if f"](docs/{name}.md)" not in README] == []


@pytest.mark.parametrize("mark", ["run", "test"])
def test_the_two_commands_of_ci_set_themselves_up(mark: str) -> None:
    """A distribution's Python refuses to install anything outside of an environment, so that each command makes its own."""
    found = re.search(rf"<!-- ci: {mark} -->\n```sh\n([^\n]+)\n```", README)
    assert found is not None
    first, *others = found[1].split(" && ")
    assert first == "python3 -m venv .venv"
    assert others
    assert all(other.startswith(".venv/bin/") for other in others)


def test_python_of_the_pages_names_public_calls() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", DOCS["commands"], flags=re.DOTALL)
    (names,) = re.findall(r"^from planner import (.*)$", block, flags=re.MULTILINE)
    assert set(names.split(", ")) <= set(planner.__all__)
    compile(block, "commands.md", "exec")


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("planner ")])
def test_every_planner_line_parses(line: str) -> None:
    make_parser().parse_args(shlex.split(line, comments=True)[1:])


def test_every_command_is_documented() -> None:
    for name in COMMANDS:
        assert f"| `planner {name}" in DOCS["commands"], name


def test_every_scenario_is_documented() -> None:
    for path in (ROOT / "inputs" / "scenarios").glob("*.yaml"):
        assert f"`{path.stem}`" in DOCS["what-if"], path.stem


@pytest.mark.parametrize("line", [line for line in shell(DOCS["what-if"]) if line.startswith("planner run")])
def test_overrides_hold(line: str) -> None:
    """Every --set of the page on assumptions is accepted by the shipped plan that it names."""
    words = shlex.split(line, comments=True)
    load(words[2], [words[i + 1] for i, word in enumerate(words) if word == "--set"])


def test_new_plan_runs_and_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`planner new`, `check`, `run`, `verify` as the README says, in an empty folder; `answer` in the words of its page."""
    assert command_line(["new", str(tmp_path / "my-plan")]) == 0
    plan = str(tmp_path / "my-plan" / "plan.yaml")
    assert command_line(["check", plan]) == 0
    assert command_line(["run", plan, "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert command_line(["verify", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "plan.xlsx").stat().st_size > 10_000
    capsys.readouterr()
    assert command_line(["answer", str(tmp_path / "out"), "--quiet"]) == 0
    said = capsys.readouterr().out
    quoted = [line.removeprefix("> ").removesuffix(" …") for line in DOCS["questions"].splitlines() if line.startswith("> ")]
    assert [text[:40] for text in quoted if text not in said] == ["Compared with east-data-east-compute, ea"]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "inputs" / "scenarios").glob("*.yaml")))
def test_every_scenario_solves_and_is_verified(name: str, tmp_path: Path) -> None:
    """One with its look-ahead; the others without, which is half the work."""
    alone = [] if name == "settled" else ["look_ahead_months=0"]
    done = run(load(ROOT / "inputs" / "scenarios" / f"{name}.yaml", alone), tmp_path / name)
    assert done.verdict.ok
    assert done.result.record["solver"]["relative_gap"] < 1e-6
