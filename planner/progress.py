"""Progress of a long command: its phases, the seconds each took, and on a terminal a line that is updated.

with progress.phase("solve"):
    progress.update("iteration 1,200")     # at any rate: drawn at most ten times a second
with progress.phase("points"):
    progress.count(3, 20, "points")        # after the third: with the time left, where that is worth saying
progress.seconds                           # {"solve": 12.3}, the timings of the run record
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TextIO

DRAW_EVERY_S = 0.1
WIDTH = 100
LONG_S = 10.0
"""Work that takes longer in all says how much time is left."""


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


@dataclass
class _Phase:
    """A phase that has begun. ``counted``: how much of it was done when, in words, and what was left then, in seconds."""

    name: str
    start: float = field(default_factory=lambda: perf_counter())
    detail: str = ""
    counted: str = ""
    ends: float | None = None

    @property
    def words(self) -> str:
        """What is happening, and how long it will still take."""
        left = 0.0 if self.ends is None else self.ends - perf_counter()
        told = f"{time_words(left)} left" if left > 0.0 else ""
        return ", ".join(each for each in (self.counted, told, self.detail) if each)


def time_words(seconds: float) -> str:
    """A rough time: `about 40 s`, `about 3 min`, `about 2 h`."""
    if seconds < 100:
        return f"about {max(5, 5 * round(seconds / 5))} s"
    return f"about {round(seconds / 60)} min" if seconds < 6000 else f"about {round(seconds / 3600)} h"


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

    def count(self, done: int, of: int, what: str) -> None:
        """How many steps of about the same length are done, of how many in the outermost phase."""

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

    A phase may have others inside it: the line is that of the innermost, after the count of the outermost.
    ``keep``: each finished phase leaves a line."""

    def __init__(self, stream: TextIO, keep: bool = False) -> None:
        super().__init__()
        self.stream = stream
        self.keep = keep
        self._lock = threading.Lock()
        self._phases: list[_Phase] = []
        self._drawn = False
        self._stop = threading.Event()

    def update(self, detail: str) -> None:
        with self._lock:
            if self._phases:
                self._phases[-1].detail = detail

    def count(self, done: int, of: int, what: str) -> None:
        with self._lock:
            if not self._phases:
                return
            phase, now = self._phases[0], perf_counter()
            spent = now - phase.start
            phase.counted = f"{done} of {of} {what}"
            phase.ends = now + spent * (of - done) / done if done and spent * of / done > LONG_S else None

    def say(self, line: str) -> None:
        with self._lock:
            self._wipe()
            self._write(line + "\n")

    def _begin(self, name: str) -> None:
        with self._lock:
            self._phases.append(_Phase(name))
            if len(self._phases) > 1:
                return
            self._stop = threading.Event()
        threading.Thread(target=self._tick, args=(self._stop,), daemon=True).start()

    def _end(self, name: str, spent_s: float) -> None:
        with self._lock:
            self._wipe()
            phase = self._phases.pop()
            if self.keep:
                self._write(f"{name:<12} {spent_s:6.1f} s  {phase.detail}".rstrip()[: self._width] + "\n")
            if not self._phases:
                self._stop.set()

    def _tick(self, stop: threading.Event) -> None:
        while not stop.wait(DRAW_EVERY_S):
            with self._lock:
                if stop.is_set():
                    return
                self._wipe()
                self._write(self._line()[: self._width])
                self._drawn = True

    def _line(self) -> str:
        outer, inner = self._phases[0], self._phases[-1]
        words = inner.words if inner is outer else ", ".join(each for each in (outer.words, inner.words) if each)
        return f"{inner.name:<12} {perf_counter() - inner.start:6.1f} s  {words}".rstrip()

    @property
    def _width(self) -> int:
        """One column less than the terminal has: a full line would break, and only its last part could be erased."""
        return min(WIDTH, shutil.get_terminal_size((WIDTH + 1, 24)).columns - 1)

    def _wipe(self) -> None:
        if self._drawn:
            self._write("\r\x1b[K")
            self._drawn = False

    def _write(self, text: str) -> None:
        put(self.stream, text)
