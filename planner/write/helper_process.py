"""A helper process for what a run writes: it loads libraries while the solver works, then writes the workbook and draws charts.

The files are the same without it: where it cannot be started, the first process does its work. Where it ends early, another
takes over; where that ends too, at the same work, so does the command.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cache
from typing import Any, TypeVar

from planner.child import Child, Outcome, call, result_of
from planner.errors import PlannerError
from planner.write.folder.replace import temporary_folder

T = TypeVar("T")
HELPER_ENDED = "the helper process, which writes the workbook and draws the charts, has ended"
KILLED = "It may have been killed for the memory that it took; run the plan where more is allowed"


class HelperError(PlannerError):
    """The helper process has ended at the same work twice."""


class Helper:
    """The helper process as the first process sees it. It ends with the context, whatever ends that.

    ``wanted``: where False there is no helper, and the first process does its work at once."""

    def __init__(self, wanted: bool = True) -> None:
        self._wanted = wanted
        self._child: Child | None = None
        self._finish_last: Callable[[], object] = lambda: None
        self._left = ExitStack()

    def __enter__(self) -> Helper:
        try:
            if self._wanted:
                with suppress(OSError, TypeError):  # TypeError: an embedded Python that knows no executable
                    self._child = self._started()
        except BaseException:  # Ctrl-C, or a signal
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()
        self._left.close()

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()

    def _started(self) -> Child:
        """A process; what it leaves half written goes with the context."""
        folder = str(self._left.enter_context(temporary_folder()))
        return Child(TMPDIR=folder, TEMP=folder, TMP=folder)

    @property
    def runs(self) -> bool:
        """Whether there is a helper process."""
        return self._child is not None

    def begin(self, function: Callable[..., T], *arguments: Any) -> Callable[[], T]:
        """Have an importable function called. Calling what is returned waits for its result, or raises its error.

        One call at a time: the one before is waited for."""
        self._finish_last()
        sent = self._child is not None and self._child.send(function, *arguments)

        @cache
        def outcome() -> Outcome:
            if self._child is None:
                return call(function, *arguments)
            return (self._child.receive() if sent else None) or self._again(function, *arguments)

        def result() -> T:
            return result_of(outcome())  # type: ignore[no-any-return]

        self._finish_last = outcome
        if self._child is None:
            outcome()
        return result

    def _again(self, function: Callable[..., Any], *arguments: Any) -> Outcome:
        """The outcome from another helper, since one has ended. Raises HelperError where the other ends too."""
        self._end()
        try:
            self._child = self._started()
        except OSError as error:
            raise HelperError(f"{HELPER_ENDED}, and cannot be started again: {error.strerror or error}") from error
        found = self._child.ask(function, *arguments)
        if found is None:
            raise HelperError(f"{HELPER_ENDED} twice ({self._child.ending}): no result is written. {KILLED}")
        return found

    def ask(self, function: Callable[..., T], *arguments: Any) -> T:
        """What an importable function returns, or raises."""
        return self.begin(function, *arguments)()
