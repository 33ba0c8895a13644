"""A time limit as the moment at which it ends: one for a whole command, handed down to every stage of its work."""

from __future__ import annotations

from time import perf_counter


class Deadline:
    """Ends ``seconds`` after it was made; None: never."""

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self._started = perf_counter()

    @classmethod
    def of(cls, limit: Limit) -> Deadline:
        """A deadline as it is; seconds from now."""
        return limit if isinstance(limit, Deadline) else cls(limit)

    @property
    def limited(self) -> bool:
        """Whether there is a limit at all."""
        return self.seconds is not None

    @property
    def spent(self) -> float:
        """Seconds since it was made."""
        return perf_counter() - self._started

    @property
    def left(self) -> float:
        """Seconds until it ends, at least 0; infinite without a limit."""
        return float("inf") if self.seconds is None else max(0.0, self.seconds - self.spent)

    def within(self, seconds: float) -> Deadline:
        """A deadline for part of the work: in so many seconds, but no later than this one."""
        part = min(self.left, max(0.0, seconds))
        return Deadline(None if part == float("inf") else part)


NEVER = Deadline()
Limit = float | Deadline | None
"""Seconds from now, a deadline that may have begun earlier, or no limit."""
