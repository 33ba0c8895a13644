"""Two works at once: both answers, and neither outlives the other's failure."""

from __future__ import annotations

import threading

import pytest

from planner.solve.parallel import beside


def test_both_run_at_once() -> None:
    met = threading.Barrier(2, timeout=10)
    stop = threading.Event()
    assert beside(lambda: (met.wait(), 1)[1], lambda: (met.wait(), "two")[1], stop) == (1, "two")
    assert not stop.is_set()


def test_the_other_is_stopped_and_not_waited_for() -> None:
    stop, ended = threading.Event(), threading.Event()

    def theirs() -> None:
        assert stop.wait(10)
        ended.set()

    def mine() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        beside(mine, theirs, stop)
    assert ended.wait(10)


def test_what_the_other_raises_is_heard() -> None:
    def theirs() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        beside(lambda: 1, theirs, threading.Event())
