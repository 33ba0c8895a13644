"""A process that calls importable functions, one after another, for the process that started it; it ends with that one.

`subprocess` and not `multiprocessing` starts it, which would run the user's script again and import what lies in the user's
working folder.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any

LOOK_EVERY_S = 0.2
CODE = Path(__file__).resolve().parents[1]
"""The folder of the planner's own code: `python -c` in it names it by an empty path, which is the working folder's."""
Outcome = tuple[Any, Exception | None]
"""What a function returned, or what it raised."""


class Child:
    """A process that imports what this one would import. ``environment``: what differs from that of this process.

    Raises OSError where it cannot be started, and TypeError in an embedded Python that knows no executable."""

    def __init__(self, **environment: str) -> None:
        imported = [*filter(None, sys.path), str(CODE)]
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(os.getpid())],  # -P: nothing is imported from the working folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join(imported)},
        )

    def send(self, function: Callable[..., Any], *arguments: Any) -> bool:
        """Have a function called; whether the process takes the call. The outcome of the call before was received."""
        assert self.process.stdin is not None
        try:
            pickle.dump((function, *arguments), self.process.stdin)
            self.process.stdin.flush()
        except OSError:
            return False
        return True

    def receive(self) -> Outcome | None:
        """The outcome of the last call; None where the process has ended."""
        assert self.process.stdout is not None
        try:
            outcome: Outcome = pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        return outcome

    def ask(self, function: Callable[..., Any], *arguments: Any) -> Outcome | None:
        """The outcome of a call; None where the process has ended."""
        return self.receive() if self.send(function, *arguments) else None

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            with suppress(OSError):
                stream.close()
        self.process.wait()

    @property
    def ending(self) -> str:
        """How the process has ended, in words."""
        code = self.process.wait()
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def call(function: Callable[..., Any], *arguments: Any) -> Outcome:
    """The outcome of a call in this process."""
    try:
        return function(*arguments), None
    except Exception as error:
        return None, error


def result_of(outcome: Outcome) -> Any:
    """What was returned. Raises what was raised."""
    value, error = outcome
    if error is not None:
        raise error
    return value


def _call(function: Callable[..., Any], *arguments: Any) -> Outcome:
    value, error = call(function, *arguments)
    if error is not None:
        error.add_note("in another process:\n" + "".join(traceback.format_exception(error)))  # frames do not travel
    return value, error


def main() -> None:
    """Call one function after another until the first process closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process, which ends this one
    if os.name == "posix":  # elsewhere a process keeps the parent that it had
        threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    with os.fdopen(os.dup(1), "wb") as answers, suppress(EOFError, BrokenPipeError):
        os.dup2(2, 1)  # what a library prints is no answer
        while True:
            pickle.dump(_call(*pickle.load(sys.stdin.buffer)), answers)  # calls come from the first process alone
            answers.flush()


def _end_with(first: int) -> None:
    """End within a moment of the first process, also when it is killed while this one works."""
    while os.getppid() == first:
        sleep(LOOK_EVERY_S)
    os._exit(1)


if __name__ == "__main__":
    main()
