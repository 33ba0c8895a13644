"""Sweeps on the workers of a Dask scheduler: the same results, and an end whoever goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

import planner.studies.cluster as cluster
from planner.api import load, sweep
from planner.errors import LostWorkersError, UsageError
from planner.plan.plan import Plan
from planner.progress import Progress
from tests.read.toy import write_plan

pytestmark = pytest.mark.usefixtures("bounded")

VARY = ["carbon.usd_per_tco2=1..100:12"]
Dask = tuple[str, subprocess.Popen[bytes], list[subprocess.Popen[bytes]]]
"""The file of a scheduler, its process, and those of two workers, without a nanny that starts them again."""
needs_dask = pytest.mark.skipif(cluster.distributed is None, reason="the extra cluster is not installed")


def test_without_dask_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'compute-planner\[cluster\]'"):
        sweep(load(write_plan(tmp_path, months=2)), VARY, scheduler="tcp://127.0.0.1:9")


@contextmanager
def started(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """`dask` with some words, in a process group of its own."""
    command = [sys.executable, "-m", "dask", *words]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    file = str(tmp_path / "scheduler.json")
    with ExitStack() as stack:
        local = ("--host", "127.0.0.1", "--scheduler-file", file)
        scheduler = stack.enter_context(started("scheduler", *local, "--port", "0", "--no-dashboard", "--idle-timeout", "5m"))
        while not Path(file).exists():
            time.sleep(0.05)
        words = ("worker", "--scheduler-file", file, "--nthreads", "1", "--no-nanny", "--no-dashboard")
        yield file, scheduler, [stack.enter_context(started(*words, "--local-directory", str(tmp_path))) for _ in range(2)]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return load(write_plan(tmp_path / "in", months=2))


class At(Progress):
    """Does something after so many results."""

    def __init__(self, number: int, action: Callable[[], object]) -> None:
        super().__init__()
        self.number, self.action = number, action
        self.said: list[str] = []

    def say(self, line: str) -> None:
        self.said.append(line)
        if line.startswith(f"{self.number} of"):
            self.action()


def raised(error: BaseException) -> None:
    raise error


@pytest.mark.slow
@needs_dask
def test_a_worker_that_goes_takes_no_point_with_it(dask: Dask, plan: Plan, tmp_path: Path) -> None:
    file, _, (first, _) = dask
    alone = sweep(plan, VARY)
    progress = At(4, first.kill)
    found = sweep(plan, VARY, progress, out=tmp_path / "out", scheduler=file)
    assert found.points["objective_musd"].tolist() == pytest.approx(alone.points["objective_musd"].tolist(), rel=1e-9)
    ended = [line.split(":")[0] for line in progress.said if " of 12" in line]
    assert ended == [f"{each} of 12" for each in range(1, 13)]
    assert sweep(plan, VARY, out=tmp_path / "out", scheduler="nowhere.json").kept == 12  # nothing is left to do there


@pytest.mark.slow
@needs_dask
def test_without_workers_it_waits_and_then_ends(
    dask: Dask, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _, both = dask

    def all_go() -> None:
        monkeypatch.setattr(cluster, "NO_WORKERS_S", 2)
        for each in both:
            each.kill()

    progress = At(4, all_go)
    with pytest.raises(LostWorkersError, match="had no workers for 2 s: start some with `dask worker`"):
        sweep(plan, VARY, progress, out=tmp_path / "out", scheduler=file)
    assert progress.said[-1].endswith("has no workers: waiting up to 2 s for some")
    kept = len(list((tmp_path / "out" / "points").iterdir()))
    assert 4 <= kept < 12
    monkeypatch.undo()
    with started("worker", "--scheduler-file", file, "--nthreads", "1", "--local-directory", str(tmp_path)):
        found = sweep(plan, VARY, out=tmp_path / "out", scheduler=file)
    assert (found.kept, found.solved) == (kept, 12)


@pytest.mark.slow
@needs_dask
@pytest.mark.parametrize("what", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_that_goes_ends_it(
    what: signal.Signals, dask: Dask, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, scheduler, _ = dask

    def it_goes() -> None:
        monkeypatch.setattr(cluster, "ANSWER_S", 3)
        scheduler.send_signal(what)

    with pytest.raises(LostWorkersError, match="no longer answers"):
        sweep(plan, VARY, At(4, it_goes), out=tmp_path / "out", scheduler=file)
    assert 4 <= len(list((tmp_path / "out" / "points").iterdir())) < 12


@pytest.mark.slow
@needs_dask
def test_an_interrupt_keeps_what_is_done(dask: Dask, plan: Plan, tmp_path: Path) -> None:
    address, stopped = json.loads(Path(dask[0]).read_text())["address"], At(4, lambda: raised(KeyboardInterrupt()))
    part = sweep(plan, VARY, stopped, out=tmp_path / "out", scheduler=address, keep=True)
    assert (part.solved, part.interrupted) == (4, True)
    found = sweep(plan, VARY, out=tmp_path / "out", scheduler=address)
    assert (found.kept, found.solved) == (4, 12)


@needs_dask
def test_a_scheduler_that_is_not_there(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWER_S", 1)
    with pytest.raises(UsageError, match="no scheduler answers there"):
        sweep(plan, VARY[:1], scheduler="tcp://127.0.0.1:9")
