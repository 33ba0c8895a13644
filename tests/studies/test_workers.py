"""Jobs on several workers: each done once, none lost with a worker, and an end whatever happens to them."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import planner.studies.workers as workers
from planner.api import load, sweep
from planner.child import Outcome, call
from planner.errors import LostWorkersError, UsageError
from planner.progress import Progress
from planner.studies.cases import Case, cases_of, hash_of, read_axis
from planner.studies.jobs import Files, Job, Kept
from planner.studies.points import LOST, Point
from planner.studies.workers import Processes, do_on_worker, hand_out, on_processes
from tests.read.toy import write_plan

pytestmark = pytest.mark.usefixtures("bounded")


@dataclass(frozen=True)
class Number(Job):
    """Returns itself, or raises it as an error."""

    number: int
    wrong: bool = False

    def run(self, kept: Kept, progress: Progress) -> int:
        if self.wrong:
            raise ValueError(self.number)
        return self.number


@dataclass(frozen=True)
class Fatal(Job):
    """Kills the process that does it until so many have marked a folder."""

    folder: Path
    losses: int

    def run(self, kept: Kept, progress: Progress) -> str:
        done = len(list(self.folder.iterdir()))
        if done < self.losses:
            (self.folder / str(done)).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return f"after {done} losses"


@dataclass
class Fake:
    """Workers that end in the order in which they were handed a job. ``lost``: how often each number takes its worker along."""

    size: int
    lost: dict[int, int] = field(default_factory=dict)
    tries: int = workers.TRIES
    handed: list[tuple[int, int]] = field(default_factory=list)
    busy: deque[tuple[int, Number]] = field(default_factory=deque)

    def count(self) -> int:
        return self.size

    def hand(self, worker: int, job: Job) -> None:
        assert isinstance(job, Number)
        assert worker not in [each for each, _ in self.busy]
        self.busy.append((worker, job))
        self.handed.append((worker, job.number))

    def ended(self) -> Sequence[tuple[int, Outcome | None]]:
        worker, job = self.busy.popleft()
        self.lost[job.number] = left = self.lost.get(job.number, 0) - 1
        return [(worker, None if left >= 0 else call(do_on_worker, job))]


def numbers(most: int) -> list[Number]:
    return [Number(each) for each in range(most)]


def test_each_worker_walks_along_neighbours_and_helps_another_from_its_far_end() -> None:
    fake = Fake(2)
    found = hand_out(fake, numbers(6))
    assert next(found) == (0, 0)
    fake.size = 1  # one of two goes, and the other does what is left
    assert sorted(found) == [(each, each) for each in range(1, 6)]
    assert fake.handed == [(0, 0), (1, 3), (0, 1), (0, 2), (0, 5), (0, 4)]


def test_workers_that_come_later_are_given_jobs() -> None:
    fake = Fake(1)
    found = hand_out(fake, numbers(5))
    next(found)
    fake.size = 3
    assert len(list(found)) == 4
    assert {worker for worker, _ in fake.handed} == {0, 1, 2}


def test_a_lost_job_waits_behind_the_others_and_is_given_up_at_last() -> None:
    fake = Fake(1, {0: 1, 2: 99})
    found = hand_out(fake, numbers(4))
    assert [next(found) for _ in range(3)] == [(1, 1), (3, 3), (0, 0)]
    with pytest.raises(LostWorkersError, match="most likely out of memory"):
        next(found)
    assert [number for _, number in fake.handed] == [0, 1, 2, 3, 0, 2, 2]


def test_any_number_of_losses_comes_to_an_end() -> None:
    chance = random.Random(1)
    for _ in range(200):
        jobs = chance.randrange(12)
        lost = {each: chance.randrange(workers.TRIES) for each in range(jobs)}
        fake = Fake(chance.randrange(1, 5), dict(lost))
        assert sorted(hand_out(fake, numbers(jobs))) == [(each, each) for each in range(jobs)]
        assert len(fake.handed) == jobs + sum(lost.values())


def test_an_error_of_a_job_is_raised_as_it_is() -> None:
    found = hand_out(Fake(1), [Number(1), Number(2, wrong=True)])
    assert next(found) == (0, 1)
    with pytest.raises(ValueError, match="2"):
        next(found)


@pytest.mark.slow
def test_processes_do_jobs_though_jobs_kill_them(tmp_path: Path) -> None:
    with on_processes(2, Progress(), Kept()) as run:
        assert sorted(run([Number(1), Fatal(tmp_path, workers.TRIES - 1), Number(2)])) == [
            (0, 1),
            (1, f"after {workers.TRIES - 1} losses"),
            (2, 2),
        ]
        with pytest.raises(LostWorkersError):
            list(run([Fatal(tmp_path, 99)]))
        with pytest.raises(ValueError, match="7") as raised:
            list(run([Number(7, wrong=True)]))
        assert "test_workers.py" in raised.value.__notes__[0]  # where it was raised
        with pytest.raises((AttributeError, TypeError), match="pickle"):
            list(run([Unfit()]))


class Unfit(Job):
    """Cannot travel."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


@dataclass(frozen=True)
class Endless(Job):
    """Says that it has begun, and does not end."""

    folder: Path

    def run(self, kept: Kept, progress: Progress) -> None:
        (self.folder / str(os.getpid())).touch()
        time.sleep(600)


@pytest.mark.slow
def test_whatever_ends_a_study_ends_its_processes(tmp_path: Path) -> None:
    crew = Processes(2)
    for worker in (0, 1):
        crew.hand(worker, Endless(tmp_path))
    while len(list(tmp_path.iterdir())) < 2:
        time.sleep(0.01)
    children = [child.process for child in crew._children.values()]
    assert crew.ended() == []  # asks again after a second
    crew.end()
    assert [child.poll() for child in children] == [-signal.SIGKILL] * 2
    assert dict([*crew.ended(), *crew.ended()]) == {0: None, 1: None}


def test_a_point_of_a_lost_worker_is_a_row_with_that_status() -> None:
    record = Point(Files(Case("plan.yaml", (), ()), "a")).lost(workers.LOST)
    assert (record["status"], record["hash"], record["exit_code"]) == (LOST, "a", 1)
    assert "plan.yaml: workers were lost again and again while they solved this" in record["message"]


def test_a_worker_that_reads_other_files_says_so(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path, months=2))
    _, cases = cases_of([plan], [read_axis("carbon.usd_per_tco2=10,20")])
    assert do_on_worker(Point(Files(cases[0], hash_of(cases[0].read()))))["status"] == "optimal"
    with pytest.raises(UsageError, match="reads differently"):
        do_on_worker(Point(Files(cases[0], "another")))


def test_no_workers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="workers=0: expected one at least"):
        sweep(write_plan(tmp_path, months=2), ["carbon.usd_per_tco2=1,2"], workers=0)


class Killing(Progress):
    """Kills a worker at three results, early: a job that was lost waits behind others, and is lost twice at most."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.killed = 0

    def say(self, line: str) -> None:
        self.said.append(line)
        if len(self.said) in (1, 4, 7):
            os.kill(random.choice(children()), signal.SIGKILL)
            self.killed += 1


def children() -> list[int]:
    """The processes that this one has started for jobs."""
    found = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(each) for each in found if b"planner.child" in Path(f"/proc/{each}/cmdline").read_bytes()]


@pytest.mark.slow
def test_workers_find_what_one_process_finds_and_lose_nothing(tmp_path: Path) -> None:
    plan, vary = load(write_plan(tmp_path / "in", months=2)), ["carbon.usd_per_tco2=1..100:15"]
    alone, killing = sweep(plan, vary), Killing()
    found = sweep(plan, vary, killing, out=tmp_path / "out", workers=2)
    assert killing.killed == 3
    for name in ("objective_musd", "cost_musd"):
        assert found.points[name].tolist() == pytest.approx(alone.points[name].tolist(), rel=1e-9)
    assert [line.split(":")[0] for line in killing.said] == [f"{each} of 15" for each in range(1, 16)]  # none lost, none twice
    assert len(list((tmp_path / "out" / "points").iterdir())) == 15
    assert sweep(plan, vary, out=tmp_path / "out", workers=2).kept == 15
    assert children() == []


@pytest.mark.slow
def test_an_interrupt_keeps_what_is_done(tmp_path: Path) -> None:
    class Stopped(Progress):
        def say(self, line: str) -> None:
            if line.startswith("2 of 8"):
                raise KeyboardInterrupt

    plan, vary = load(write_plan(tmp_path / "in", months=2)), ["carbon.usd_per_tco2=1..100:8"]
    part = sweep(plan, vary, Stopped(), out=tmp_path / "out", workers=2, keep=True)
    assert (part.solved, part.interrupted, children()) == (2, True, [])
    found = sweep(plan, vary, out=tmp_path / "out", workers=2)
    assert (found.kept, found.solved) == (2, 8)
