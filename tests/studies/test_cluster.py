"""Sweeps on workers: the same results as in one process, and none lost with a worker."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

import planner.studies.cluster as cluster
from planner.api import load, sweep
from planner.errors import UsageError
from planner.progress import Progress
from planner.studies.cases import Case, cases_of, hash_of, read_axis
from planner.studies.jobs import Files
from planner.studies.points import LOST, Point, Record
from tests.read.toy import write_plan

VARY = ["carbon.usd_per_tco2=10..100:4", "deliveries.kunit*=1,1.5"]


def test_without_dask_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'compute-planner\[cluster\]'"):
        sweep(load(write_plan(tmp_path, months=2)), VARY, workers=2)


class Dying(cluster.Workers):
    """Two workers, of which one is killed as the first result arrives."""

    processes: tuple[int, ...] = ()

    def _client(self, stack: Any, jobs: int) -> Any:
        client = super()._client(stack, jobs)
        Dying.processes = tuple(sorted(client.run(os.getpid).values()))
        return client


@pytest.mark.slow
@pytest.mark.skipif(cluster.distributed is None, reason="the extra cluster is not installed")
def test_workers_find_what_one_process_finds_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = load(write_plan(tmp_path / "in", months=4))
    alone = sweep(plan, VARY)
    monkeypatch.setattr(cluster, "Workers", Dying)
    done: list[str] = []

    class Told(Progress):
        def say(self, line: str) -> None:
            done.append(line)
            if len(done) == 1:
                os.kill(Dying.processes[0], signal.SIGKILL)

    found = sweep(plan, VARY, Told(), out=tmp_path / "out", workers=2)
    assert found.points["objective_musd"].tolist() == pytest.approx(alone.points["objective_musd"].tolist(), rel=1e-9)
    assert found.points["cost_musd"].tolist() == pytest.approx(alone.points["cost_musd"].tolist(), rel=1e-6)
    assert [line.split(":")[0] for line in done] == [f"{number} of 8" for number in range(1, 9)]  # none lost, none twice
    assert len(list((tmp_path / "out" / "points").iterdir())) == 8
    assert sweep(plan, VARY, out=tmp_path / "out", workers=2).kept == 8


@pytest.mark.slow
@pytest.mark.skipif(cluster.distributed is None, reason="the extra cluster is not installed")
def test_a_scheduler_by_its_address_and_one_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = load(write_plan(tmp_path, months=2))
    with cluster.distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as scheduler:
        found = sweep(plan, VARY[:1], scheduler=scheduler.scheduler_address)
        assert (found.solved, found.warm) == (4, 3)

        class Stopped(Progress):
            def say(self, line: str) -> None:
                if line.startswith("2 of 4"):
                    raise KeyboardInterrupt

        part = sweep(plan, VARY[:1], Stopped(), out=tmp_path / "out", scheduler=scheduler.scheduler_address, keep=True)
        assert (part.solved, part.interrupted) == (2, True)
        assert sweep(plan, VARY[:1], out=tmp_path / "out", scheduler=scheduler.scheduler_address).kept == 2
    monkeypatch.setattr(cluster, "WAIT_S", 1)
    with pytest.raises(UsageError, match="no scheduler with workers answers"):
        sweep(plan, VARY[:1], scheduler="tcp://127.0.0.1:9")


def test_a_worker_that_reads_other_files_says_so(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path, months=2))
    _, cases = cases_of([plan], [read_axis(VARY[0])])
    record = cluster.do_on_worker(Point(Files(cases[0], hash_of(cases[0].read()))))
    assert record["status"] == "optimal"
    with pytest.raises(UsageError, match="reads differently"):
        cluster.do_on_worker(Point(Files(cases[0], "another")))


def test_a_point_that_takes_workers_with_it_is_said_to_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledWorkerError(Exception):
        pass

    class Future:
        def result(self) -> Record:
            raise KilledWorkerError("point-a")

    fake = type(sys)("distributed")
    fake.KilledWorker = KilledWorkerError  # type: ignore[attr-defined]
    monkeypatch.setattr(cluster, "distributed", fake)
    record = cluster._result_of(Future(), Point(Files(Case("plan.yaml", (), ()), "a")))
    assert (record["status"], record["hash"], record["exit_code"]) == (LOST, "a", 1)
    assert "3 workers were lost while they solved this" in record["message"]
