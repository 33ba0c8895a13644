"""A helper process for what a run writes: it loads libraries while the solver works, then writes the workbook and draws charts.

The files are the same without it: where it cannot be started, the first process does its work. Where it ends early, another
takes over; where that ends too, at the same work, so does the command. `subprocess` and
not `multiprocessing` starts it, which would run the user's script again and import what lies in the user's working folder.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from time import sleep
from typing import Any, TypeVar

from planner.errors import PlannerError
from planner.write.folder.replace import temporary_folder

T = TypeVar("T")
LOOK_EVERY_S = 0.2
HELPER_ENDED = "the helper process, which writes the workbook and draws the charts, has ended"
KILLED = "It may have been killed for the memory that it took; run the plan where more is allowed"
CODE = Path(__file__).resolve().parents[2]
"""The folder of the planner's own code: `python -c` in it names it by an empty path, which is the working folder's."""
Outcome = tuple[Any, Exception | None]
"""What a function returned, or what it raised."""


class HelperError(PlannerError):
    """The helper process has ended at the same work twice."""


class Helper:
    """The helper process as the first process sees it. It ends with the context, whatever ends that.

    ``wanted``: where False there is no helper, and the first process does its work at once."""

    def __init__(self, wanted: bool = True) -> None:
        self._wanted = wanted
        self._process: subprocess.Popen[bytes] | None = None
        self._finish_last: Callable[[], object] = lambda: None
        self._left = ExitStack()

    def __enter__(self) -> Helper:
        try:
            if self._wanted:
                with suppress(OSError, TypeError):  # TypeError: an embedded Python that knows no executable
                    self._process = _start(self._left.enter_context(temporary_folder()))
        except BaseException:  # Ctrl-C, or a signal
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._left.close()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            for stream in (self._process.stdin, self._process.stdout):
                assert stream is not None
                with suppress(OSError):
                    stream.close()
            self._process.wait()

    @property
    def runs(self) -> bool:
        """Whether there is a helper process."""
        return self._process is not None

    def begin(self, function: Callable[..., T], *arguments: Any) -> Callable[[], T]:
        """Have an importable function called. Calling what is returned waits for its result, or raises its error.

        One call at a time: the one before is waited for."""
        self._finish_last()
        sent = self._send((function, *arguments))

        @cache
        def outcome() -> Outcome:
            if self._process is None:
                return _call(function, *arguments)
            return (self._receive() if sent else None) or self._again(function, *arguments)

        def result() -> T:
            value, error = outcome()
            if error is not None:
                raise error
            return value  # type: ignore[no-any-return]

        self._finish_last = outcome
        if self._process is None:
            outcome()
        return result

    def _again(self, function: Callable[..., Any], *arguments: Any) -> Outcome:
        """The outcome from another helper, since one has ended. Raises HelperError where the other ends too."""
        self._end()
        try:
            self._process = _start(self._left.enter_context(temporary_folder()))
        except OSError as error:
            raise HelperError(f"{HELPER_ENDED}, and cannot be started again: {error.strerror or error}") from error
        found = self._receive() if self._send((function, *arguments)) else None
        if found is None:
            raise HelperError(f"{HELPER_ENDED} twice ({_ending(self._process)}): no result is written. {KILLED}")
        return found

    def ask(self, function: Callable[..., T], *arguments: Any) -> T:
        """What an importable function returns, or raises."""
        return self.begin(function, *arguments)()

    def _send(self, call: tuple[Any, ...]) -> bool:
        if self._process is None:
            return False
        assert self._process.stdin is not None
        try:
            pickle.dump(call, self._process.stdin)
            self._process.stdin.flush()
        except OSError:
            return False
        return True

    def _receive(self) -> Outcome | None:
        """The outcome of the last call; None where the helper has ended."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            outcome: Outcome = pickle.load(self._process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        return outcome


def _ending(process: subprocess.Popen[bytes]) -> str:
    """How a process has ended, in words."""
    code = process.wait()
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _start(temporary: Path) -> subprocess.Popen[bytes]:
    """Start a helper that imports what this process would import; what it leaves half written lies in ``temporary``."""
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    imported = [*filter(None, sys.path), str(CODE)]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, str(os.getpid())],  # -P: nothing is imported from the working folder
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **folders, "PYTHONPATH": os.pathsep.join(imported)},
    )


def _call(function: Callable[..., Any], *arguments: Any) -> Outcome:
    try:
        return function(*arguments), None
    except Exception as error:
        return None, error


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
