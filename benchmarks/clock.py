"""Seconds by phase, twice: on the wall, and of processor time, which other work on the machine does not lengthen so much."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """``wall[phase]`` and ``cpu[phase]`` in seconds; a phase that comes again adds up."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time what is inside."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.wall[name] = self.wall.get(name, 0.0) + time.perf_counter() - wall
            self.cpu[name] = self.cpu.get(name, 0.0) + time.process_time() - cpu

    def move(self, source: str, target: str, wall_s: float) -> None:
        """``wall_s`` of one phase belong to another; processor time is split in the same proportion."""
        share = min(1.0, wall_s / self.wall[source]) if self.wall[source] else 0.0
        for seconds in (self.wall, self.cpu):
            part = share * seconds[source]
            seconds[source] -= part
            seconds[target] = seconds.get(target, 0.0) + part


def peak_mb() -> float:
    """Most memory that this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
