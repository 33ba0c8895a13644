"""docs/tutorial.md, from an empty folder to the board's page: each command runs, and prints the lines that the page quotes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from planner.cli import main

PAGE = (Path(__file__).parents[1] / "docs" / "tutorial.md").read_text(encoding="utf-8")
STEP = re.compile(r"<!-- example: (\S+) -->\n```\w+\n(.*?)\n```|```sh\n(.*?)```|^> (.*?)\n\n", flags=re.DOTALL | re.MULTILINE)


@pytest.mark.slow
def test_every_step_of_the_tutorial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    printed, commands, quotes = "", 0, 0
    for name, text, block, quote in STEP.findall(PAGE):
        if name:
            (tmp_path / name).write_text(text + "\n", encoding="utf-8")
        elif quote:
            for line in quote.split("\n>\n> "):
                assert " ".join(line.split()) in " ".join(printed.split()), line
                quotes += 1
        else:
            printed = ""
            for line in block.strip().splitlines():
                words = shlex.split(line, comments=True)
                assert words[0] == "planner"
                assert main(words[1:]) in (0, 8 if words[1] == "compare" else 0), line
                said = capsys.readouterr()
                printed += said.out + said.err
                commands += 1
    assert commands >= 8
    assert quotes >= 5
    assert (tmp_path / "results" / "scenarios.html").stat().st_size > 10_000
