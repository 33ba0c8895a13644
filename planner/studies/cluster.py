"""Solve tasks on several processes, or on the machines of a cluster, by Dask.

Each worker keeps one session, so that what it solves is warm-started from what it solved before; neighbours of the grid go to
the same worker. A worker that is lost (killed, out of memory) is started again, and another worker solves its tasks; a task
during which three workers were lost is reported as lost. Workers return each result as it is ready, and Dask keeps none: when
the scheduler or this process is lost, the points that have ended are where the sweep keeps them.
"""

from __future__ import annotations

import importlib
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any

from planner.errors import UsageError
from planner.progress import Progress
from planner.solve.session import Session
from planner.studies.cases import Case
from planner.studies.points import LOST, Record, Task, made_with, solve_case

try:
    distributed: Any = importlib.import_module("distributed")
except ImportError:
    distributed = None

INSTALL = "--workers and --scheduler need the package distributed: pip install 'compute-planner[cluster]'"
WAIT_S = 60
LOST_EXIT_CODE = 1
TRIES = 3
"""Workers that may be lost during one task."""

_sessions: dict[str, Session] = {}
"""The session of this process; a worker that was started again has none."""


def solve_on_worker(case: Case, expected: str) -> Record:
    """The record of a case, by the session of this process."""
    return solve_case(case, expected, _sessions.setdefault("one", Session()))


class Workers:
    """So many processes of this machine, or those of a scheduler: an address such as `tcp://host:8786`, or its file."""

    def __init__(self, count: int = 2, scheduler: str | None = None, dashboard: bool = False) -> None:
        if distributed is None:
            raise UsageError(INSTALL)
        self.count, self.scheduler, self.dashboard = count, scheduler, dashboard

    def __call__(self, tasks: Sequence[Task], progress: Progress) -> Iterator[tuple[int, Record]]:
        """Solve tasks; the number of each with its record, as it ends. Raises UsageError where no scheduler answers."""
        if not tasks:
            return
        with ExitStack() as stack:
            client = self._client(stack, len(tasks))
            addresses = sorted(client.scheduler_info(n_workers=-1)["workers"])
            if not addresses:
                raise UsageError(
                    f"the scheduler {self.scheduler} has no workers: start some with `dask worker {self.scheduler}`"
                )
            if self.dashboard:
                progress.say(f"dashboard: {client.dashboard_link}")
            futures: dict[Any, Task] = {}
            each = -(-len(tasks) // len(addresses))
            for place, (number, expected, case) in enumerate(tasks):
                future = client.submit(
                    solve_on_worker,
                    case,
                    expected,
                    key=f"point-{expected}",
                    workers=[addresses[place // each]],
                    allow_other_workers=True,
                    priority=-(place % each),
                    pure=False,
                )
                futures[future] = (number, expected, case)
            stack.callback(client.cancel, list(futures))
            for future in distributed.as_completed(list(futures), loop=client.loop):
                number, expected, case = futures.pop(future)
                yield number, _record_of(future, expected, case)
                future.release()

    def _client(self, stack: ExitStack, tasks: int) -> Any:
        if self.scheduler is not None:
            named = {"scheduler_file": self.scheduler} if self.scheduler.endswith(".json") else {"address": self.scheduler}
            try:
                client = distributed.Client(**named, timeout=WAIT_S, set_as_default=False)
                stack.enter_context(client)
                client.wait_for_workers(1, timeout=WAIT_S)
            except (OSError, TimeoutError, ValueError) as error:
                raise UsageError(f"--scheduler {self.scheduler}: no scheduler with workers answers there: {error}") from error
            return client
        cluster = distributed.LocalCluster(
            n_workers=min(self.count, tasks),
            threads_per_worker=1,
            processes=True,
            dashboard_address=":0" if self.dashboard else None,
            scheduler_kwargs={} if self.dashboard else {"dashboard_address": "127.0.0.1:0"},  # any port, of this machine alone
            memory_limit=0,  # the system's own limit: a plan needs what it needs
            silence_logs=logging.CRITICAL,
        )
        stack.enter_context(cluster)
        client = stack.enter_context(distributed.Client(cluster, set_as_default=False))
        client.register_worker_callbacks(_ignore_interrupts)
        return client


def _ignore_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes of a command, to the one that began the workers."""
    with suppress(ValueError):  # a worker that runs in a thread has no signals
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _record_of(future: Any, expected: str, case: Case) -> Record:
    try:
        record: Record = future.result()
    except distributed.KilledWorker as error:
        message = f"{case.path}: {TRIES} workers were lost while they solved this point, most likely out of memory ({error})"
        return {"hash": expected, **made_with(), "status": LOST, "message": message, "exit_code": LOST_EXIT_CODE}
    return record
