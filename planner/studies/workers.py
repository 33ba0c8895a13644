"""Do the jobs of a study on several workers: processes of this machine, or those of `cluster`.

A worker has one job in hand at a time and keeps what the study keeps, so that a plan is warm-started from the one before, its
neighbour. All else waits here: a worker that is lost (killed, out of memory) takes one job with it, which waits again, behind
the others. A job is given up once TRIES workers were lost during it, so that any number of losses comes to an end.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Protocol

from planner.child import Child, Outcome, result_of
from planner.progress import Progress
from planner.studies.jobs import Job, Kept, Run

TRIES = 3
LOST = "workers were lost again and again while they solved this, most likely out of memory: use fewer workers"
POLL_S = 1.0

_kept, _lock = Kept(), Lock()
"""What this process keeps as a worker, and who may use it: a worker of Dask can have several threads."""


def do_on_worker(job: Job) -> Any:
    """The result of a job, with what this process keeps."""
    with _lock:
        return job.run(_kept, Progress())


class Workers(Protocol):
    """Workers by number. ``tries``: how often a job is handed to them before it is given up."""

    tries: int

    def count(self) -> int:
        """How many jobs they can have in hand now, one at least. Raises LostWorkersError where no more workers will come."""

    def hand(self, worker: int, job: Job) -> None:
        """Give a worker a job; it has none."""

    def ended(self) -> Sequence[tuple[int, Outcome | None]]:
        """What has ended, waited for during POLL_S at most: workers, with their outcomes; None where one was lost."""


def hand_out(workers: Workers, jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
    """Have jobs done. Each worker walks along neighbours; who has none left takes the farther half of another's."""
    each = -(-len(jobs) // workers.count())
    waiting = defaultdict[int, deque[int]](deque)
    for place in range(len(jobs)):
        waiting[place // each].append(place)
    in_hand: dict[int, int] = {}
    losses = Counter[int]()
    results: list[tuple[int, Callable[[], Any]]] = []
    while True:
        for worker in range(workers.count()):
            if worker not in in_hand and any(waiting.values()):
                mine, most = waiting[worker], max(waiting.values(), key=len)
                if not mine:
                    mine.extendleft(most.pop() for _ in range(len(most) - len(most) // 2))
                in_hand[worker] = mine.popleft()
                workers.hand(worker, jobs[in_hand[worker]])
        yield from ((place, result()) for place, result in results)  # the workers have the next already
        if not in_hand:
            return
        results = []
        for worker, outcome in workers.ended():
            place = in_hand.pop(worker)
            if outcome is not None:
                results.append((place, partial(result_of, outcome)))
                continue
            losses[place] += 1
            if losses[place] < workers.tries:
                waiting[worker].append(place)
            else:
                results.append((place, partial(jobs[place].lost, LOST)))


class Processes:
    """Processes of this machine: each starts with its first job, and again after a loss.

    A thread waits for each job, until the process answers or ends: there is no third way."""

    tries = TRIES

    def __init__(self, count: int) -> None:
        self._count = count
        self._children: dict[int, Child] = {}
        self._threads: dict[int, Thread] = {}
        self._outcomes = SimpleQueue[tuple[int, Outcome | None]]()

    def count(self) -> int:
        return self._count

    def hand(self, worker: int, job: Job) -> None:
        if worker not in self._children:
            self._children[worker] = Child()
        self._threads[worker] = Thread(target=self._wait_for, args=(worker, self._children[worker], job), daemon=True)
        self._threads[worker].start()

    def _wait_for(self, worker: int, child: Child, job: Job) -> None:
        try:
            outcome = child.ask(do_on_worker, job)
        except Exception as error:  # a job or a result that cannot travel
            outcome = None, error
        self._outcomes.put((worker, outcome))

    def ended(self) -> Sequence[tuple[int, Outcome | None]]:
        try:
            worker, outcome = self._outcomes.get(timeout=POLL_S)
        except Empty:
            return []
        if outcome is None:
            self._children.pop(worker).end()
        return [(worker, outcome)]

    def end(self) -> None:
        """End all, whatever they do."""
        for child in self._children.values():
            child.process.kill()
        for thread in self._threads.values():
            thread.join()
        for child in self._children.values():
            child.end()


@contextmanager
def on_processes(count: int, progress: Progress, kept: Kept) -> Iterator[Run]:
    """Do jobs on so many processes of this machine."""
    workers = Processes(count)
    try:
        yield partial(hand_out, workers)
    finally:
        workers.end()
