"""Do the jobs of a study on the workers of a Dask scheduler, which may be those of other machines.

Dask keeps no more of them than its workers have in hand. It hands the job of a lost worker to another, as often as its own
`allowed-failures` says. Workers may come and go; no wait for them or for the scheduler is without a limit.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from time import monotonic
from typing import Any

from planner.child import Outcome
from planner.errors import LostWorkersError, UsageError
from planner.progress import Progress
from planner.studies.jobs import Job, Kept, Run, Start
from planner.studies.workers import POLL_S, do_on_worker, hand_out

try:
    distributed: Any = importlib.import_module("distributed")
except ImportError:
    distributed = None

INSTALL = "--scheduler needs the package distributed: pip install 'compute-planner[cluster]'"
ANSWER_S = 60
NO_WORKERS_S = 300


class Scheduler:
    """The workers of a Dask scheduler."""

    tries = 1  # it tries again itself

    def __init__(self, address: str, client: Any, progress: Progress) -> None:
        self._address, self._client, self._progress = address, client, progress
        self._futures: dict[int, Any] = {}
        self._none_since: float | None = None

    def count(self) -> int:
        try:
            found = len(self._client.sync(self._client.scheduler.ncores, callback_timeout=ANSWER_S))
        except (OSError, TimeoutError, CancelledError) as error:
            raise self._lost() from error
        if found:
            self._none_since = None
        elif self._none_since is None:
            self._none_since = monotonic()
            self._progress.say(f"{self._address} has no workers: waiting up to {NO_WORKERS_S} s for some")
        elif monotonic() - self._none_since > NO_WORKERS_S:
            raise LostWorkersError(f"{self._address} had no workers for {NO_WORKERS_S} s: start some with `dask worker`")
        return max(1, found)

    def hand(self, worker: int, job: Job) -> None:
        self._futures[worker] = self._client.submit(do_on_worker, job, pure=False)

    def ended(self) -> Sequence[tuple[int, Outcome | None]]:
        with suppress(TimeoutError, CancelledError), self._client.as_current():
            distributed.wait(list(self._futures.values()), timeout=POLL_S, return_when="FIRST_COMPLETED")
        found = []
        for worker, future in list(self._futures.items()):
            with suppress(TimeoutError):  # the worker that holds the result was lost: the job is done again
                if future.done():
                    found.append((worker, self._outcome_of(future)))
                    del self._futures[worker]
        return found

    def _outcome_of(self, future: Any) -> Outcome | None:
        if future.status == "finished":
            return future.result(timeout=ANSWER_S), None
        if future.status == "error":
            error = future.exception(timeout=ANSWER_S)
            return None if isinstance(error, distributed.KilledWorker) else (None, error)
        raise self._lost()

    def _lost(self) -> LostWorkersError:
        return LostWorkersError(f"the scheduler {self._address} no longer answers")


def on_cluster(address: str) -> Start:
    """Have jobs done by the workers of a scheduler: an address such as `tcp://host:8786`, or its file. Raises UsageError
    without Dask, and at the first job where no scheduler answers."""
    if distributed is None:
        raise UsageError(INSTALL)
    return partial(_connected, address)


@contextmanager
def _connected(address: str, progress: Progress, kept: Kept) -> Iterator[Run]:
    with ExitStack() as stack:
        workers = cache(lambda: Scheduler(address, _client(address, stack), progress))
        yield lambda jobs: hand_out(workers(), jobs) if jobs else iter(())


def _client(address: str, stack: ExitStack) -> Any:
    named = {"scheduler_file": address} if address.endswith(".json") else {"address": address}
    try:
        client = distributed.Client(**named, timeout=ANSWER_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"--scheduler {address}: no scheduler answers there: {error}") from error
    stack.callback(_closed, client)
    return client


def _closed(client: Any) -> None:
    with suppress(TimeoutError, OSError):
        client.close(timeout=ANSWER_S)
