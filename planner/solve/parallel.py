"""Two works at once, each with a HiGHS of its own: it leaves Python to others while it solves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def beside(mine: Callable[[], A], theirs: Callable[[], B], stop: threading.Event) -> tuple[A, B]:
    """What both return. ``theirs`` runs in a thread of its own, where no signal is heard: when this one raises, ``stop`` is set
    and nobody waits for it."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="beside")
    try:
        other = pool.submit(theirs)
        return mine(), other.result()
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(wait=False)
