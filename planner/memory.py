"""Memory that limits of the process leave (`ulimit -v`, `ulimit -d`): asked before a library is called that needs much of it.

Some libraries do not report that they cannot get memory: BLAS asks again without end, and the engine that draws charts aborts
the process."""

from __future__ import annotations

import os
from contextlib import suppress
from time import monotonic

try:
    import resource
except ImportError:  # where limits of this kind do not exist
    resource = None  # type: ignore[assignment]

MB = 2**20
BLAS_BUFFER = 130 * MB
"""Bytes of one buffer of BLAS: each thread that factorises needs one."""

START_ADDRESSES, START_DATA, START_EACH = 800 * MB, 450 * MB, 25 * MB
"""Bytes to load the libraries of a command: addresses and data, and more of both for each processor."""

STARVED_S, IN_SYSTEM = 10.0, 0.8
"""Seconds without room for a buffer, and share of processor time that is the system's: then a library asks in vain."""

CHART_ADDRESSES = 72 * 2**30
"""Bytes of addresses that the engine of the charts reserves, of which it uses hardly any (docs/speed.md)."""

CHART_DATA = 500 * MB
"""Bytes that it writes to."""


class AddressesError(MemoryError):
    """There is memory, but too few addresses of it are allowed; says what to do."""


def addresses_left() -> float:
    """Bytes of addresses that the process may still reserve; infinite where it has no limit."""
    return _left("RLIMIT_AS", 0)


def data_left() -> float:
    """Bytes that the process may still write to; infinite where it has no limit."""
    return _left("RLIMIT_DATA", 5)


def _left(name: str, field: int) -> float:
    """``field`` of the sizes that the system states of the process counts against the limit."""
    if resource is None:
        return float("inf")
    limit = resource.getrlimit(getattr(resource, name))[0]
    if limit == resource.RLIM_INFINITY:
        return float("inf")
    used = 0
    with suppress(OSError), open("/proc/self/statm", "rb") as file:
        used = int(file.read().split()[field]) * resource.getpagesize()
    return float(limit - used)


def limited() -> bool:
    """Whether the process has a limit."""
    return min(addresses_left(), data_left()) < float("inf")


def require(needed: float) -> None:
    """Raise MemoryError where the limits of the process leave less than so many bytes."""
    if min(addresses_left(), data_left()) < needed:
        raise MemoryError


def require_start() -> None:
    """Raise MemoryError where the libraries of a command cannot be loaded."""
    more = START_EACH * (os.cpu_count() or 1)
    if addresses_left() < START_ADDRESSES + more or data_left() < START_DATA + more:
        raise MemoryError


def require_for_charts() -> None:
    """Raise AddressesError where a limit leaves too few addresses, MemoryError where it leaves too little memory."""
    if data_left() < CHART_DATA:
        raise MemoryError
    if addresses_left() < CHART_ADDRESSES:
        raise AddressesError(
            "charts cannot be drawn under this limit of addresses (ulimit -v): their engine reserves "
            f"{CHART_ADDRESSES / 2**30:.0f} GB of them and uses little. Limit data instead (ulimit -d), or the memory of a "
            "container or a control group"
        )


class Watch:
    """Whether a library that runs in another thread asks for memory in vain."""

    def __init__(self) -> None:
        self._limited = limited()
        self._since: tuple[float, float, float] | None = None

    def starves(self) -> bool:
        """Asked now and then: there has been no room for some time, and the process does nothing but ask for it."""
        if not self._limited or min(addresses_left(), data_left()) >= BLAS_BUFFER:
            self._since = None
            return False
        now, used = monotonic(), os.times()
        if self._since is None:
            self._since = now, used.user, used.system
        since, user, system = self._since
        asking = used.system - system
        return now - since > STARVED_S and asking > IN_SYSTEM * (asking + used.user - user)
