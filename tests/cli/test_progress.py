"""Progress: the seconds of each phase, and a line that moves and is wiped."""

from __future__ import annotations

import io
import time

import pytest

from planner.progress import WIDTH, Lines, Progress, Terminal, time_words


def test_seconds_of_a_phase_add_up() -> None:
    progress = Progress()
    for _ in range(2):
        with progress.phase("solve"):
            time.sleep(0.01)
            progress.update("iteration 1")
    progress.say("nothing is printed")
    assert list(progress.seconds) == ["solve"]
    assert progress.seconds["solve"] >= 0.02


def test_a_phase_that_fails_has_its_time_too() -> None:
    progress = Progress()
    with pytest.raises(ValueError, match="x"), progress.phase("solve"):
        raise ValueError("x")
    assert "solve" in progress.seconds


def test_lines_for_a_log() -> None:
    stream = io.StringIO()
    progress = Lines(stream)
    with progress.phase("solve"):
        progress.say("warning: thin")
    assert stream.getvalue().splitlines() == ["warning: thin", "solve           0.0 s"]


def test_a_terminal_line_moves_and_is_wiped() -> None:
    stream = io.StringIO()
    progress = Terminal(stream)
    with progress.phase("solve"):
        progress.update("iteration 1,200 " + "x" * 200)
        deadline = time.monotonic() + 10
        while "iteration 1,200" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        progress.say("warning: thin")
    text = stream.getvalue()
    assert "solve" in text
    assert max(len(part) for part in text.replace("\r\x1b[K", "\n").splitlines()) <= WIDTH
    assert "\r\x1b[Kwarning: thin\n" in text
    assert not text.split("\r\x1b[K")[-1].strip().startswith("solve")


def test_a_terminal_may_keep_its_phases() -> None:
    stream = io.StringIO()
    progress = Terminal(stream, keep=True)
    with progress.phase("solve"):
        progress.update("iteration 7")
    assert stream.getvalue().endswith("solve           0.0 s  iteration 7\n")


def test_nothing_is_drawn_after_a_phase_within_a_phase_has_ended() -> None:
    stream = io.StringIO()
    progress = Terminal(stream)
    with progress.phase("write"):
        time.sleep(0.15)
        with progress.phase("report"):
            time.sleep(0.15)
        time.sleep(0.15)
    done = stream.getvalue()
    assert "report" in done
    assert done.endswith("\r\x1b[K")
    time.sleep(0.25)
    assert stream.getvalue() == done


def test_what_is_counted_has_a_time_left_where_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("planner.progress.perf_counter", lambda: now[0])
    progress = Terminal(io.StringIO())
    with progress.phase("points"):
        progress.count(1, 4, "points")
        assert "left" not in progress._line()
        now[0] = 60.0
        progress.count(1, 4, "points")
        now[0] = 70.0
        with progress.phase("solve"):
            progress.update("iteration 7")
            assert progress._line() == "solve           0.0 s  1 of 4 points, about 3 min left, iteration 7"
        progress.count(4, 4, "points")
        assert "left" not in progress._line()


@pytest.mark.parametrize(
    ("seconds", "words"), [(2, "about 5 s"), (42, "about 40 s"), (170, "about 3 min"), (9000, "about 2 h")]
)
def test_a_rough_time_in_words(seconds: float, words: str) -> None:
    assert time_words(seconds) == words
