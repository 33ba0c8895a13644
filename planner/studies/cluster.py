"""Do the jobs of a study on several processes, or on the machines of a cluster, by Dask.

Each worker keeps what the study keeps, so that a plan which it solves is warm-started from what it solved before; neighbours go
to the same worker. A worker that is lost (killed, out of memory) is started again, and another worker does its jobs; a job is
given up when three workers were lost during it. Workers return each result as it is ready, and Dask keeps none: when the
scheduler or this process is lost, the points that have ended are where the study keeps them.
"""

from __future__ import annotations

import importlib
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from planner.errors import UsageError
from planner.progress import Progress
from planner.studies.jobs import Job, Kept, Run

try:
    distributed: Any = importlib.import_module("distributed")
except ImportError:
    distributed = None

INSTALL = "--workers and --scheduler need the package distributed: pip install 'compute-planner[cluster]'"
WAIT_S = 60
TRIES = 3
"""Workers that may be lost during one job."""

_kept = Kept()
"""Of this process; a worker that was started again has nothing."""


def do_on_worker(job: Job) -> Any:
    """The result of a job, with what this process keeps."""
    return job.run(_kept, Progress())


class Workers:
    """So many processes of this machine, or those of a scheduler: an address such as `tcp://host:8786`, or its file."""

    def __init__(self, count: int = 2, scheduler: str | None = None, dashboard: bool = False) -> None:
        if distributed is None:
            raise UsageError(INSTALL)
        self.count, self.scheduler, self.dashboard = count, scheduler, dashboard

    @contextmanager
    def __call__(self, most: int, progress: Progress, kept: Kept) -> Iterator[Run]:
        """Start workers for at most so many jobs at once. Raises UsageError where no scheduler answers."""
        if not most:
            yield lambda _: iter(())
            return
        with ExitStack() as stack:
            client = self._client(stack, most)
            if self.dashboard:
                progress.say(f"dashboard: {client.dashboard_link}")
            waiting: dict[Any, int] = {}
            stack.callback(lambda: client.cancel(list(waiting)))

            def run(jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
                waiting.update(_submitted(client, jobs))
                for future in distributed.as_completed(list(waiting), loop=client.loop):
                    place = waiting.pop(future)
                    yield place, _result_of(future, jobs[place])
                    future.release()

            yield run

    def _client(self, stack: ExitStack, jobs: int) -> Any:
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
            n_workers=min(self.count, jobs),
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


def _submitted(client: Any, jobs: Sequence[Job]) -> dict[Any, int]:
    """Futures of jobs with their positions: each worker gets a run of neighbours, and takes those of others when it is idle."""
    addresses = sorted(client.scheduler_info(n_workers=-1)["workers"])
    if not addresses:
        raise UsageError("the scheduler has no workers any more: start some with `dask worker`")
    each = -(-len(jobs) // len(addresses))
    return {
        client.submit(
            do_on_worker,
            job,
            workers=[addresses[place // each]],
            allow_other_workers=True,
            priority=-(place % each),
            pure=False,
        ): place
        for place, job in enumerate(jobs)
    }


def _ignore_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes of a command, to the one that began the workers."""
    with suppress(ValueError):  # a worker that runs in a thread has no signals
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _result_of(future: Any, job: Job) -> Any:
    try:
        return future.result()
    except distributed.KilledWorker as error:
        return job.lost(f"{TRIES} workers were lost while they solved this, most likely out of memory ({error})")
