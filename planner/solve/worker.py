"""HiGHS works in a thread of its own: Ctrl-C and SIGTERM are heard at once, even where HiGHS asks nobody for seconds on end.

Presolve, the ordering before the first factorisation, and parts of crossover do not ask whether to stop. A work that was left
behind holds the flag that stops it, and ends by itself when HiGHS asks next.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

from planner.solve.log_words import log_words

Report = Callable[[str], None]

STOPPING = (signal.SIGINT, signal.SIGTERM)
POLL_S = 0.05
GRACE_S = 0.3  # to stop by itself, before it is left behind


class Worker:
    """Runs one work of HiGHS after the other. ``stop`` ends the one that runs in a thread of somebody else."""

    def __init__(self, report: Report | None, stop: threading.Event | None = None) -> None:
        self._report = report
        self._stop = stop or threading.Event()
        self._thread: threading.Thread | None = None

    def attend(self, highs: Any) -> None:
        """Have a HiGHS object ask whether to stop, and say how far it is."""
        stop, report = self._stop, self._report

        def on_question(event: Any) -> None:
            if stop.is_set():
                event.data_in.user_interrupt = True

        highs.cbIpmInterrupt.subscribe(on_question)
        highs.cbSimplexInterrupt.subscribe(on_question)
        if report is None:
            return

        told = set[str]()  # kinds of lines in the log: IPX writes its iterations there with their gap, HiPO does not

        def on_log(event: Any) -> None:
            said = log_words(event.message)
            if said:
                told.add(said.split(",")[0])
                report(said)

        def on_iteration(event: Any) -> None:
            if event.data_out.ipm_iteration_count >= 0 and "interior point" not in told:  # crossover does not count
                report(f"interior point, iteration {event.data_out.ipm_iteration_count:,}")

        highs.cbLogging.subscribe(on_log)
        highs.cbIpmInterrupt.subscribe(on_iteration)

    def leave(self, highs: Any) -> None:
        """The opposite of `attend`."""
        for callback in (highs.cbLogging, highs.cbIpmInterrupt, highs.cbSimplexInterrupt):
            callback.clear()

    def run(self, work: Callable[[], None]) -> None:
        """Do ``work``. A signal that would end the program does so within GRACE_S: its own handler is called as if it came now,
        and KeyboardInterrupt is raised where that handler returns."""
        if self._thread is not None:
            self._thread.join()  # what was left behind
        if threading.current_thread() is not threading.main_thread():  # who hears no signal can only wait, or be stopped
            work()
            return
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

        handlers = {each: signal.getsignal(each) for each in STOPPING}
        before = {each: handler for each, handler in handlers.items() if callable(handler)}  # what is ignored stays so
        for each in before:
            signal.signal(each, on_signal)
        try:
            self._thread = threading.Thread(target=body, name="HiGHS")
            self._thread.start()
            while not heard and not done.wait(POLL_S):
                pass
            if not heard or done.wait(GRACE_S):
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
