"""Signals at random moments to every command that writes: each leaves what was there or the whole of what it makes, no process,
and nothing that the same command does not remove the next time. A sweep also leaves the points that it has solved, and takes
them up again. `SIGNALS=300 pytest -m slow` sends more of them."""

from __future__ import annotations

import json
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
from planner.cli.answers import INTERRUPTED, TERMINATED
from planner.studies.points import NOT_SOLVED
from planner.write.folder.points import SEAL
from planner.write.folder.targets import POINTS
from tests.cli.test_crash import Forks
from tests.read.toy import write_plan
from tests.write.test_leftovers import alive

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")]
SIGNALS = int(os.environ.get("SIGNALS", "20"))
SENT = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
REPLACES = ("run", "report")
"""Commands that replace what they wrote before; others refuse."""
CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}
Files = dict[str, bytes]


@dataclass
class Command:
    """A command that writes ``target``; ``begin`` makes what is there before."""

    words: tuple[object, ...]
    target: Path
    begin: Callable[[Path], object]

    @property
    def resumes(self) -> bool:
        """Whether it keeps what it has solved, for the next call."""
        return self.words[0] == "sweep" and "--pareto" not in self.words

    @property
    def starts_over(self) -> bool:
        """Whether what it left must go before it is called again."""
        return self.words[0] not in REPLACES and not self.resumes


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


def state(target: Path) -> Files:
    """What is there, but for records of the time it took; empty where nothing is."""
    paths = [target] if target.is_file() else sorted(path for path in target.rglob("*") if path.is_file())
    return {str(path.relative_to(target.parent)): path.read_bytes() for path in paths if path.name != "manifest.json"}


def points_among(files: Files) -> Files:
    """The files of solved points, the half written ones of a killed command included."""
    return {name: data for name, data in files.items() if Path(name).parent.name == POINTS}


def require_solved_points_alone(now: Files, whole: Files, sent: signal.Signals) -> None:
    """Nothing is there but points as the finished sweep has them, and the one that a killed process was writing; after Ctrl-C
    also the table, in which what was not kept is not solved."""
    points, solved = points_among(now), points_among(whole)
    if sent in (signal.SIGKILL, signal.SIGHUP):
        points = {name: data for name, data in points.items() if not Path(name).name.startswith(".partial-")}
    assert points.items() <= solved.items()
    if rest := now.keys() - points_among(now).keys():
        assert sent == signal.SIGINT
        assert rest == whole.keys() - solved.keys()
        rows, full = (rows_of_sweep(files) for files in (now, whole))
        assert [row["point"] for row in rows] == [row["point"] for row in full]
        told = [row for row, other in zip(rows, full, strict=True) if row == other]
        assert all(row["status"] == NOT_SOLVED for row in rows if row not in told)
        assert len(told) < len(full)
        assert len(told) <= len(points)


def rows_of_sweep(files: Files) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(files["sweep/sweep.json"])["sweep"]
    return found


def without_warmth(files: Files) -> Files:
    """Points that are solved after a pause begin from scratch: their records say so, and nothing else differs."""
    found = dict(files)
    for name, data in points_among(files).items():
        record = json.loads(data)
        found[name] = json.dumps({key: value for key, value in record.items() if key not in ("warm", SEAL)}).encode()
    return found


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
            if each.resumes and now not in (before, whole[each.target]):
                require_solved_points_alone(now, whole[each.target], sent)
            else:
                assert now in (before, whole[each.target]), (what, before.keys(), now.keys())
            if each.starts_over:
                absent(each.target)
                each.begin(each.target)
            code, said = forks.run(*each.words)
            assert code in (0, 8), (what, said)
            finished = state(each.target)
            assert without_warmth(finished) == without_warmth(whole[each.target]), what
            kept = now.items() & points_among(whole[each.target]).items()
            assert kept <= finished.items(), what
            if kept:
                assert f"{len(kept)} of {len(points_among(finished))} points were solved by an earlier sweep" in said, what
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
