"""Progress of a long command: its phases, the seconds each took, and on a terminal a line that is updated.

with progress.phase("solve"):
    progress.update("iteration 1,200")     # at any rate: drawn at most ten times a second
progress.seconds                           # {"solve": 12.3}, the timings of the run record
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TextIO

DRAW_EVERY_S = 0.1
WIDTH = 100


def put(stream: TextIO | None, text: str) -> None:
    """Write a message. If the stream is closed or the disk full it is lost, and the work goes on; a broken pipe is an error."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError):  # ValueError: closed
        pass


class Progress:
    """Keeps the time of each phase and writes nothing."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """One phase of the work. The seconds of a phase that is entered again add up."""
        start = perf_counter()
        self._begin(name)
        try:
            yield
        finally:
            spent = perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + spent
            self._end(name, spent)

    def update(self, detail: str) -> None:
        """What is happening inside the phase, such as the solver's iterations."""

    def say(self, line: str) -> None:
        """A line that stays: a notice, a warning."""

    def _begin(self, name: str) -> None: ...

    def _end(self, name: str, spent_s: float) -> None: ...


class Lines(Progress):
    """One line per finished phase: for a log file, or for `--verbose` without a terminal."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.stream = stream

    def say(self, line: str) -> None:
        self._write(line + "\n")

    def _end(self, name: str, spent_s: float) -> None:
        self._write(f"{name:<12} {spent_s:6.1f} s\n")

    def _write(self, text: str) -> None:
        put(self.stream, text)


class Terminal(Progress):
    """One line that is updated: phase, seconds so far, what the solver reports. It is erased when the work is done.

    ``keep``: each finished phase leaves a line."""

    def __init__(self, stream: TextIO, keep: bool = False) -> None:
        super().__init__()
        self.stream = stream
        self.keep = keep
        self._lock = threading.Lock()
        self._name = ""
        self._detail = ""
        self._start = 0.0
        self._drawn = False
        self._stop = threading.Event()

    def update(self, detail: str) -> None:
        self._detail = detail

    def say(self, line: str) -> None:
        with self._lock:
            self._wipe()
            self._write(line + "\n")

    def _begin(self, name: str) -> None:
        self._name, self._detail, self._start = name, "", perf_counter()
        self._stop = threading.Event()
        threading.Thread(target=self._tick, args=(self._stop,), daemon=True).start()

    def _end(self, name: str, spent_s: float) -> None:
        self._stop.set()
        with self._lock:
            self._wipe()
            if self.keep:
                self._write(f"{name:<12} {spent_s:6.1f} s  {self._detail}".rstrip()[:WIDTH] + "\n")

    def _tick(self, stop: threading.Event) -> None:
        while not stop.wait(DRAW_EVERY_S):
            with self._lock:
                if stop.is_set():
                    return
                self._wipe()
                line = f"{self._name:<12} {perf_counter() - self._start:6.1f} s  {self._detail}"
                self._write(line.rstrip()[:WIDTH])
                self._drawn = True

    def _wipe(self) -> None:
        if self._drawn:
            self._write("\r\x1b[K")
            self._drawn = False

    def _write(self, text: str) -> None:
        put(self.stream, text)
