"""Completion: the scripts, asked by the shells themselves, and the other words that the command line has of itself."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

import planner
from planner import cli
from planner.cli.completion import SHELLS, commands_of, script

ASK = """source {file}
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); _planner 2>/dev/null; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
CASES = [
    (["ru"], ["run"]),
    (["run", "hour"], ["hourly"]),
    (["run", "my"], ["my plan.yaml", "myths.xlsx"]),
    (["run", "x", "--se"], ["--set"]),
    (["run", "x", "--set", "demand.doub"], ["demand.doubling_months="]),
    (["check", "x", "--allow", "W-HOURS-F"], ["W-HOURS-FLAT"]),
    (["explain", "res"], ["results"]),
    (["compare", "results", "res"], ["results"]),
    (["sweep", "x", "--pareto", "cost,c"], ["cost,carbon"]),
    (["completion", "f"], ["fish"]),
    (["help", "sw"], ["sweep"]),
    (["refresh", "results", "my"], ["myths.xlsx"]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan, a workbook, a folder of results, and the script of each shell."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "results").mkdir()
    for name in ("my plan.yaml", "myths.xlsx", "mystery.txt"):
        (folder / name).touch()
    for shell in SHELLS:
        (folder / f"script.{shell}").write_text(script(shell, cli.make_parser(), planner.completions()), encoding="utf-8")
    return folder


def asked(folder: Path, shell: str, words: list[str]) -> list[str]:
    if shell == "bash":
        program = ASK.format(file="script.bash", words=shlex.join(["planner", *words]))
    else:
        program = f"source script.fish; complete -C {shlex.quote('planner ' + ' '.join(words))}"
    out = subprocess.run([shell, "-c", program], cwd=folder, check=True, capture_output=True, text=True).stdout
    return sorted(line.split("\t")[0].rstrip("/") for line in out.splitlines())


@pytest.mark.parametrize(("words", "expected"), CASES, ids=[" ".join(words) for words, _ in CASES])
def test_bash_completes(folder: Path, words: list[str], expected: list[str]) -> None:
    assert asked(folder, "bash", words) == expected


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@pytest.mark.parametrize(("words", "expected"), [case for case in CASES if case[0][0] != "refresh" and "my" not in case[0]])
def test_fish_completes(folder: Path, words: list[str], expected: list[str]) -> None:
    assert asked(folder, "fish", words) == expected


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_reads_its_script(folder: Path) -> None:
    program = "autoload -Uz compinit; compinit -u -D; source ./script.zsh; print $_comps[planner]"
    said = subprocess.run(["zsh", "-f", "-c", program], cwd=folder, check=True, capture_output=True, text=True)
    assert (said.stdout.strip(), said.stderr) == ("_planner", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_option_is_completed(folder: Path, shell: str) -> None:
    text = (folder / f"script.{shell}").read_text(encoding="utf-8")
    for name, each in commands_of(cli.make_parser()).items():
        assert name in text
        for option in (option for action in each._actions for option in action.option_strings):
            assert (option.lstrip("-") if shell == "fish" else option) in text


def test_completion_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", "bash"]) == 0
    assert capsys.readouterr().out.endswith("complete -F _planner planner\n")
    assert cli.main(["completion", "tcsh"]) == 2


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_help_of_a_command_is_its_help_and_its_example_can_be_typed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help", name]) == 0
    helped = capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main([name, "--help"])
    assert capsys.readouterr().out == helped
    line, meaning = cli.COMMANDS[name].example
    assert f"example: {meaning}\n  {line}\n" in helped
    program, *words = shlex.split(line.partition(">")[0])
    assert (program, cli.make_parser().parse_args(words).command) == ("planner", name)


def test_help_alone_lists_all_and_knows_what_is_no_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n    {name} " in text for name in cli.COMMANDS)
    assert cli.main(["help", "rnu"]) == 2
    assert capsys.readouterr().err == "planner: rnu is no command; `planner help` lists all\n"
