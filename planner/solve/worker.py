"""Run HiGHS in a thread of its own, so that Ctrl-C and SIGTERM act at once, and report its log in words.

Presolve, the ordering before the first factorisation, and parts of crossover run for seconds without asking whether to stop. A
job that was abandoned sees the flag that stops it, and ends when HiGHS asks next.
"""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from planner.memory import Watch

Report = Callable[[str], None]

STOPPING = (signal.SIGINT, signal.SIGTERM)
POLL_S = 0.05
GRACE_S = 0.3  # to stop by itself, before it is abandoned
LATE, LATE_S = 0.05, 0.5  # share of its time, and seconds, that a job may take beyond it before it is stopped

NUMBER = r"([-+]?\d\.\d+e[-+]\d+)"
INTERIOR_POINT = re.compile(rf"\s*(\d+)\*?\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}\s+{NUMBER}\s")
"""of IPX: iteration, both objectives, both infeasibilities. HiPO writes the same to a console only, never to a callback"""
SIMPLEX = re.compile(rf"\s*(\d+)\s+{NUMBER} (?:Ph1: \d+\([^)]*\); )?(?:Pr: (\d+)\(|)")
"""iteration, objective, and the number of infeasible rows"""
PHASES = (
    ("Presolving", "presolve"),
    ("Running crossover", "crossover"),
    ("Constructing starting basis", "crossover, starting basis"),
    ("Using dual simplex", "simplex"),
    ("Using primal simplex", "simplex"),
    ("Performed postsolve", "postsolve"),
)


class AbandonedError(Exception):
    """A job did not stop in time. It goes on in a thread of its own: what it works on must not be touched again."""


class Worker:
    """Runs one job of HiGHS after the other. ``stop`` ends a job that runs in a thread other than the main one."""

    def __init__(self, report: Report | None, stop: threading.Event | None = None) -> None:
        self._report = report
        self._stop = stop or threading.Event()
        self._thread: threading.Thread | None = None
        self._late = threading.Event()  # no job follows one that was abandoned for being late

    def attend(self, highs: Any) -> None:
        """Have a HiGHS object ask whether to stop, and report its progress."""
        stop, late, report = self._stop, self._late, self._report

        def on_question(event: Any) -> None:
            if stop.is_set() or late.is_set():
                event.data_in.user_interrupt = True

        highs.cbIpmInterrupt.subscribe(on_question)
        highs.cbSimplexInterrupt.subscribe(on_question)
        highs.cbMipInterrupt.subscribe(on_question)
        if report is None:
            return

        logged = set[str]()  # kinds of lines: IPX writes its iterations to the log with their gap, HiPO does not

        def on_log(event: Any) -> None:
            words = log_words(event.message)
            if words:
                logged.add(words.split(",")[0])
                report(words)

        def on_iteration(event: Any) -> None:
            if event.data_out.ipm_iteration_count >= 0 and "interior point" not in logged:  # crossover does not count
                report(f"interior point, iteration {event.data_out.ipm_iteration_count:,}")

        def on_node(event: Any) -> None:
            gap = event.data_out.mip_gap
            words = f", relative gap {gap:.1e}" if gap < float("inf") else ""
            report(f"branch and bound, node {max(event.data_out.mip_node_count, 0):,}{words}")

        highs.cbLogging.subscribe(on_log)
        highs.cbIpmInterrupt.subscribe(on_iteration)
        highs.cbMipInterrupt.subscribe(on_node)

    def leave(self, highs: Any) -> None:
        """Undo `attend`."""
        for callback in (highs.cbLogging, highs.cbIpmInterrupt, highs.cbSimplexInterrupt, highs.cbMipInterrupt):
            callback.clear()

    def run(self, work: Callable[[], None], seconds: float = float("inf")) -> None:
        """Do ``work``. A signal that would end the program does so within GRACE_S: its own handler is called as if it came now,
        and KeyboardInterrupt is raised if that handler returns.

        ``seconds``: after these, and a little more, the job is asked to stop. Raises AbandonedError where it does not, and
        MemoryError where it asks for memory in vain."""
        if self._thread is not None:
            self._thread.join()  # an abandoned job
        first = threading.current_thread() is threading.main_thread()
        if not first and seconds == float("inf"):  # Python delivers signals to the main thread alone
            work()
            return
        if first:
            self._stop.clear()
        done, heard, failed = threading.Event(), list[int](), list[BaseException]()

        def body() -> None:
            try:
                work()
            except BaseException as error:
                failed.append(error)
            finally:
                done.set()

        def on_signal(number: int, _frame: object) -> None:
            heard.append(number)
            self._stop.set()

        handlers = {each: signal.getsignal(each) for each in STOPPING} if first else {}
        before = {each: handler for each, handler in handlers.items() if callable(handler)}  # what is ignored stays so
        for each in before:
            signal.signal(each, on_signal)
        ends, watch, starves = time.monotonic() + seconds * (1.0 + LATE) + LATE_S, Watch(), False
        try:
            self._thread = threading.Thread(target=body, name="HiGHS")
            self._thread.start()
            while not (heard or starves or done.wait(POLL_S)) and time.monotonic() < ends:
                starves = watch.starves()
            late = not heard and not done.is_set()
            if late:
                self._late.set()
            if not (heard or late) or done.wait(GRACE_S):
                self._thread.join()
                self._thread = None
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
        if heard:
            before[signal.Signals(heard[0])](heard[0], None)
            raise KeyboardInterrupt
        if failed:
            raise failed[0]
        if starves:
            raise MemoryError
        if self._thread is not None:
            raise AbandonedError


def log_words(message: str) -> str | None:
    """The last line of a message of HiGHS that tells something, in words: the algorithm, its iteration, how far it is from the
    end. None: no line does."""
    return next((words for words in map(_line, reversed(message.splitlines())) if words), None)


def _line(line: str) -> str | None:
    iterate = INTERIOR_POINT.match(line)
    if iterate:
        primal, dual = float(iterate[2]), float(iterate[3])
        gap = abs(primal - dual) / max(1.0, abs(primal))
        return f"interior point, iteration {int(iterate[1]):,}, relative gap {gap:.1e}"
    pivot = SIMPLEX.match(line)
    if pivot:
        infeasible = f", {int(pivot[3]):,} infeasible rows" if pivot[3] and int(pivot[3]) else ""
        return f"simplex, iteration {int(pivot[1]):,}, objective {float(pivot[2]):.6g}{infeasible}"
    return next((words for start, words in PHASES if line.lstrip().startswith(start)), None)
