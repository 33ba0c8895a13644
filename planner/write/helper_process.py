"""A second process for what a run writes: it gets ready while the solver works, writes the workbook while this one writes the
tables and judges them, and draws.

A run is slower without it and otherwise the same: where it cannot be started, or ends early, this process does its work.
"""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, TypeVar

T = TypeVar("T")

CODE = """
import sys
if sys.argv[1] not in sys.path:
    sys.path.insert(0, sys.argv[1])
from planner.write.helper_process import serve
serve()
"""


def get_ready() -> None:
    """All that writing needs whatever the plan: modules, the script of the charts, the engine that draws them."""
    import planner.read.load
    import planner.write.xlsx.workbook  # noqa: F401
    from planner.write.report.draw import library, warm_up

    library()
    warm_up()


def serve() -> None:
    """The second process: is told a function of a module and its arguments, does it, and says what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process, which ends this one
    while True:
        try:
            function, *arguments = pickle.load(sys.stdin.buffer)  # from the first process alone
        except EOFError:
            return
        _say(sys.stdout.buffer, _done(function, tuple(arguments)))


def _say(stream: IO[bytes], what: object) -> None:
    pickle.dump(what, stream, protocol=pickle.HIGHEST_PROTOCOL)
    stream.flush()


class Second:
    """The second process as the first sees it. It ends with the context, whatever ends that.

    ``pays``: else there is none, and this process does its work."""

    def __init__(self, pays: bool = True) -> None:
        self._pays = pays

    def __enter__(self) -> Second:
        self._own: str | None = None  # the folder of what it may leave half written
        if self._pays:
            with suppress(OSError):
                self._own = tempfile.mkdtemp(prefix="planner-")
        self._process = self._started(self._own) if self._own else None
        self._last: Callable[[], object] = lambda: None
        return self

    def _started(self, folder: str) -> subprocess.Popen[bytes] | None:
        import planner

        home = str(Path(planner.__file__).resolve().parents[1])
        try:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", CODE, home],  # -P: what lies in the folder of the user is not imported
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder},
            )
        except (OSError, TypeError, ValueError):  # TypeError: an embedded Python that knows no executable
            return None
        return process

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process is not None:
            self._process.kill()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            self._process.wait()
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)

    def get_ready(self) -> None:
        """Have the second process, if there is one, make ready what writing needs."""
        if self._process is not None:
            self.begin(get_ready)

    def begin(self, function: Callable[..., T], *arguments: Any) -> Callable[[], T]:
        """Have a function of a module called. Who calls what is returned waits for its result, or has its error raised.

        One at a time: the one before is waited for."""
        self._last()
        told, heard = self._tell((function, *arguments)), list[tuple[Any, Exception | None]]()

        def hear() -> None:
            if not heard:
                heard.append((self._hear() if told else None) or _done(function, arguments))

        def wait() -> T:
            hear()
            result, error = heard[0]
            if error is not None:
                raise error
            return result  # type: ignore[no-any-return]

        self._last = hear
        if not told:
            hear()
        return wait

    def ask(self, function: Callable[..., T], *arguments: Any) -> T:
        """What a function of a module returns, or raises."""
        return self.begin(function, *arguments)()

    def _tell(self, what: tuple[Any, ...]) -> bool:
        if self._process is None or self._process.stdin is None:
            return False
        try:
            _say(self._process.stdin, what)
        except OSError:
            return False
        return True

    def _hear(self) -> tuple[Any, Exception | None] | None:
        """What came of what it was told last; None: it has ended."""
        if self._process is None or self._process.stdout is None:
            return None
        try:
            heard: tuple[Any, Exception | None] = pickle.load(self._process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        return heard


def _done(function: Callable[..., T], arguments: tuple[Any, ...]) -> tuple[T | None, Exception | None]:
    """What came of a function: its result, or its error."""
    try:
        return function(*arguments), None
    except Exception as error:
        return None, error
