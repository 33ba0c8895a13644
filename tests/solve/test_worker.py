"""HiGHS at work: a signal is heard while it asks nobody, and its log is told in words."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from planner.progress import Progress
from planner.solve.highs import Solver, SolverOptions
from planner.solve.solution import standard_form
from planner.solve.worker import LATE_S, AbandonedError, Worker, log_words
from tests.models.toy import toy
from tests.solve.test_conflict import form as small_form


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt: a shell leaves it ignored for what runs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_a_signal_is_heard_while_nobody_asks() -> None:
    """The work is left behind, and waited for before the next one."""
    go_on, order = threading.Event(), list[str]()

    def deaf() -> None:
        go_on.wait(30)
        order.append("left behind")

    worker = Worker(None)
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    before = signal.getsignal(signal.SIGINT)
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        worker.run(deaf)
    assert time.monotonic() - started < 20
    assert signal.getsignal(signal.SIGINT) is before
    assert order == []
    go_on.set()
    worker.run(lambda: order.append("next"))
    assert order == ["left behind", "next"]


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        Worker(None).run(lambda: os.kill(os.getpid(), signal.SIGINT))
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_work_that_does_not_stop_in_time_is_left_behind(elsewhere: bool) -> None:
    go_on, found = threading.Event(), list[object]()

    def waits() -> None:
        started = time.monotonic()
        try:
            Worker(None).run(lambda: go_on.wait(30), seconds=0.2)  # type: ignore[arg-type, return-value]
        except AbandonedError as error:
            found.extend([error, time.monotonic() - started])

    if elsewhere:
        thread = threading.Thread(target=waits)
        thread.start()
        thread.join()
    else:
        waits()
    go_on.set()
    assert isinstance(found[0], AbandonedError)
    assert 0.2 + LATE_S <= found[1] < 20  # type: ignore[operator]


def test_work_that_asks_for_memory_in_vain_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    monkeypatch.setattr("planner.memory.Watch.starves", lambda self: True)
    with pytest.raises(MemoryError):
        Worker(None).run(lambda: go_on.wait(30))  # type: ignore[arg-type, return-value]
    go_on.set()


def test_an_error_comes_back() -> None:
    def fail() -> None:
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        Worker(None).run(fail)


def test_outside_the_main_thread_too() -> None:
    form, found = small_form(), list[str]()

    def solve() -> None:
        found.append(Solver(form, SolverOptions()).minimise(0.0 * form.cost, 0.0).status)

    thread = threading.Thread(target=solve)
    thread.start()
    thread.join(30)
    assert found == [Solver(form, SolverOptions()).minimise(0.0 * form.cost, 0.0).status]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Presolving model\n", "presolve"),
        (
            "   1*   3.77844668e+06   3.77000000e+06   4.75e-13   9.94e-16  2.24e-03      43.7\n",
            "interior point, iteration 1, relative gap 2.2e-03",
        ),
        (
            "          0    -2.7997882963e+00 Ph1: 18(72.1883); Du: 7(2.79979) 0.1s\n",
            "simplex, iteration 0, objective -2.79979",
        ),
        (
            "       5641     2.3605727716e+04 Pr: 12(3.5); Du: 0(5.79409e-12) 0.7s\n",
            "simplex, iteration 5,641, objective 23605.7, 12 infeasible rows",
        ),
        ("Running crossover as requested\n", "crossover"),
        ("Performed postsolve\n", "postsolve"),
        ("  Matrix  [7e-02, 2e+02]\n", None),
        ("", None),
        ("Presolving model\n  Matrix  [7e-02, 2e+02]\n", "presolve"),
    ],
)
def test_words_for_the_log(line: str, words: str | None) -> None:
    assert log_words(line) == words


def test_what_the_solver_says_while_it_works() -> None:
    """The real log of HiGHS, by both algorithms: a new version that writes otherwise is noticed here."""
    _, form = standard_form(toy(12), Progress())
    for algorithm, expected in (
        ("hipo", "interior point, iteration "),
        ("ipx", ", relative gap "),
        ("simplex", "simplex, iteration "),
    ):
        said = list[str]()
        Solver(form, SolverOptions(algorithm=algorithm), said.append).minimise(form.cost, form.offset)
        assert said[0] == "presolve"
        assert any(expected in words for words in said), said
