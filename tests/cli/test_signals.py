"""Signals at random moments to every command that writes: each leaves what was there or the whole of what it makes, no process,
and nothing that the same command does not remove the next time. `SIGNALS=300 pytest -m slow` sends more of them."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from planner.api import STARTING_PLAN
from tests.cli.test_crash import Forks
from tests.read.toy import write_plan
from tests.write.test_leftovers import alive

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")]
SIGNALS = int(os.environ.get("SIGNALS", "20"))
SENT = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
REPLACES = ("run", "report")
"""Commands that replace what they wrote before; others refuse."""
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


@dataclass
class Command:
    """A command that writes ``target``; ``begin`` makes what is there before."""

    words: tuple[object, ...]
    target: Path
    begin: Callable[[Path], object]


def absent(target: Path) -> None:
    """Nothing is there before."""
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)


def commands(here: Path, forks: Forks) -> list[Command]:
    """Every command that writes; what some of them read is made first."""
    plan, done, other = write_plan(here / "toy", months=2), here / "done" / "a", here / "done" / "b"
    mine = here / "mine.xlsx"
    for words in (("run", plan, "--out", done), ("run", plan, "--out", other, "--set", "demand.doubling_months=9")):
        code, said = forks.run(*words)
        assert code == 0, said
    out = here / "out"
    made = {
        "folder": ("new", out / "folder"),
        "blank.xlsx": ("new", "--workbook", out / "blank.xlsx"),
        "run": ("run", plan, "--out", out / "run"),
        "helped": ("run", STARTING_PLAN, "--out", out / "helped", "--set", "months=34"),
        "report.html": ("report", done, "--out", out / "report.html"),
        "scenarios.html": ("report", done, other, "--out", out / "scenarios.html"),
        "sweep": ("sweep", plan, "--vary", "demand.doubling_months=6..9:2", "--out", out / "sweep"),
        "pareto": ("sweep", plan, "--pareto", "cost,carbon", "--points", "2", "--out", out / "pareto"),
        "orbit": ("orbit", plan, "--out", out / "orbit"),
        "crossover": ("crossover", plan, "--out", out / "crossover"),
        "explain": ("explain", done, "--out", out / "explain"),
        "compare": ("compare", done, other, "--out", out / "compare"),
        "mine.xlsx": ("refresh", done, out / "mine.xlsx"),
    }
    code, said = forks.run("new", "--workbook", mine)
    assert code == 0, said

    def begin(target: Path) -> None:
        shutil.copy(mine, target)

    return [Command(words, out / name, begin if words[0] == "refresh" else absent) for name, words in made.items()]


def state(target: Path) -> dict[str, bytes]:
    """What is there, but for records of the time it took; empty where nothing is."""
    paths = [target] if target.is_file() else sorted(path for path in target.rglob("*") if path.is_file())
    return {str(path.relative_to(target.parent)): path.read_bytes() for path in paths if path.name != "manifest.json"}


def begun_here(mark: str, but: int) -> list[int]:
    """Processes with a mark in their environment, without one of them."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and int(entry.name) != but and mark.encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:  # it has ended, or is another user's
            continue
    return [pid for pid in found if alive(pid)]


def test_signals_to_every_command_that_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary, mark = tmp_path / "temporary", f"signals-{tmp_path.parent.name}-{random.SystemRandom().random()}"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("PLANNER_TEST_MARK", mark)
    forks = Forks()
    try:
        (tmp_path / "out").mkdir()
        every = commands(tmp_path, forks)
        whole, took = {}, {}
        for each in every:
            each.begin(each.target)
            start = time.monotonic()
            code, said = forks.run(*each.words)
            assert code in (0, 8), said
            took[each.target], whole[each.target] = time.monotonic() - start, state(each.target)
            assert whole[each.target]
        chance, hit = random.Random(20270102), 0
        for number in range(SIGNALS):
            each, sent = every[number % len(every)], chance.choice(SENT)
            if chance.random() < 0.5 or each.words[0] not in REPLACES:
                absent(each.target)
                each.begin(each.target)
            before = state(each.target)
            code, said = forks.run(*each.words, sent=sent, after_s=chance.uniform(0, 1.05) * took[each.target])
            what = (number, each.words, sent.name, code, said)
            assert code in (0, 8, -sent, CODES.get(sent)), what
            assert "Traceback" not in said, what
            hit += code not in (0, 8)
            end = time.monotonic() + 5
            while (orphans := begun_here(mark, forks.process.pid)) and time.monotonic() < end:
                time.sleep(0.05)
            assert not orphans, what
            now = state(each.target)
            assert now in (before, whole[each.target]), (what, before.keys(), now.keys())
            if each.words[0] not in REPLACES:
                absent(each.target)
                each.begin(each.target)
            code, said = forks.run(*each.words)
            assert code in (0, 8), (what, said)
            assert state(each.target) == whole[each.target], what
            names = {path.name for path in (tmp_path / "out").iterdir()}
            assert names == {one.target.name for one in every}, what
            if each.target.name == "helped":  # the one that makes a temporary folder
                assert not list(temporary.iterdir()), what
        assert hit > SIGNALS // 4
    finally:
        assert forks.process.stdin is not None
        forks.process.stdin.close()
        try:
            forks.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            forks.process.kill()
        assert forks.process.stdout is not None
        forks.process.stdout.close()
