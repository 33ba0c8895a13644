"""From the words of a command line to an exit code: streams, signals, errors."""

from __future__ import annotations

import argparse
import codecs
import errno
import gc
import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from time import monotonic
from typing import NoReturn

from planner import memory
from planner.cli.answers import BROKEN_PIPE, INTERRUPTED, TERMINATED, print_answer, print_error, print_failure, tell
from planner.cli.commands import COMMANDS
from planner.cli.parser import make_parser
from planner.errors import PlannerError
from planner.progress import Lines, Progress, Terminal

OUT_OF_MEMORY = "out of memory; fewer regions, months or slices need less, or run it where more memory is allowed"


class _Notices(Lines):
    """Prints notices and no phases: nobody is watching."""

    def _end(self, name: str, spent_s: float) -> None:
        """Print nothing."""


def _progress(args: argparse.Namespace) -> Progress:
    if args.quiet or sys.stderr is None:
        return Progress()
    if sys.stderr.isatty():
        return Terminal(sys.stderr, keep=args.verbose)
    return Lines(sys.stderr) if args.verbose else _Notices(sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code; raises SystemExit only for --help and --version."""
    try:
        return _main(list(sys.argv[1:] if argv is None else argv))
    except BrokenPipeError:  # the reader has left: nobody is there to be told
        return BROKEN_PIPE


def _main(words: list[str]) -> int:
    as_json, verbose = _asked(words, "--json"), _asked(words, "--verbose")
    command = next((word for word in words if word in COMMANDS), None)
    try:
        args = make_parser().parse_args(words)
        memory.require_start()
        answer = COMMANDS[args.command].answer(args, _progress(args))
        print_answer(answer, args, args.command)
        return answer.exit_code
    except PlannerError as error:
        print_error(error, as_json, command)
        return error.exit_code
    except KeyboardInterrupt as stopped:
        return _stopped(as_json, command, INTERRUPTED, str(stopped))
    except _Terminated as stopped:
        return _stopped(as_json, command, TERMINATED, str(stopped))
    except BrokenPipeError:
        raise
    except MemoryError as error:
        said = str(error) if isinstance(error, memory.AddressesError) else OUT_OF_MEMORY
        print_error(PlannerError(said), as_json, command)
        return PlannerError.exit_code
    except Exception as error:
        if _terminated or _interrupted_s:  # some packages turn a signal into another error
            return _stopped(as_json, command, TERMINATED if _terminated else INTERRUPTED)
        if _for_want_of_memory(error):
            print_error(PlannerError(OUT_OF_MEMORY), as_json, command)
            return PlannerError.exit_code
        if verbose:
            tell(traceback.format_exc().rstrip())
        hint = "" if verbose else "; --verbose shows where"
        print_error(PlannerError(f"internal error: {type(error).__name__}: {error}{hint}"), as_json, command)
        return 1


def _asked(words: list[str], option: str) -> bool:
    """Whether an option of every command was typed, by its name or its letter (`-j`, `-qj`), before anything is parsed."""
    return any(word == option or re.fullmatch(rf"-[jqv]*{option[2]}[jqv]*", word) for word in words)


def _for_want_of_memory(error: Exception) -> bool:
    """Whether an error says that the system has no memory for a file, a library or a thread."""
    words = ("failed to map segment", "cannot allocate memory", "can't start new thread")
    return getattr(error, "errno", None) == errno.ENOMEM or any(each in str(error).lower() for each in words)


def _stopped(as_json: bool, command: str | None, code: int, done: str = "") -> int:
    """``done``: what was achieved before, if anything."""
    if as_json:
        print_failure(command, code, "interrupted" + (f"; {done}" if done else ""))
    tell(f"planner: interrupted; {done or 'results are as they were before'}")
    return code


class _Terminated(BaseException):
    """SIGTERM as an exception, so that the program cleans up as after Ctrl-C."""


_terminated: list[int] = []


def _terminate(number: int, *_: object) -> None:
    _terminated.append(number)
    raise _Terminated


_interrupted_s: list[float] = []
AGAIN_S = 2.0
"""Seconds after a Ctrl-C in which another one does not interrupt the cleaning up."""


def _interrupt(*_: object) -> None:
    now = monotonic()
    if not _interrupted_s or now - _interrupted_s[-1] > AGAIN_S:
        _interrupted_s.append(now)
        raise KeyboardInterrupt


def _legible(error: UnicodeError) -> tuple[str | bytes, int]:
    """For a letter that a stream's encoding lacks: the bytes that were typed, where they are known, else its number."""
    assert isinstance(error, UnicodeEncodeError)
    try:
        return error.object[error.start : error.end].encode("ascii", "surrogateescape"), error.end
    except UnicodeEncodeError:
        return codecs.lookup_error("backslashreplace")(error)


def _open_streams() -> None:
    """Point closed streams at nothing, or the next file opened would be stdout; let the others print every name."""
    codecs.register_error("planner.legible", _legible)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if number == 0 else "w", encoding="utf-8"))  # noqa: SIM115
        if number and hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="planner.legible")


COLLECT_RARELY = 50_000, 10, 5
"""Hardly anything of a plan is garbage before the end; Python's own thresholds cost a twentieth of a run."""


def run_and_exit() -> NoReturn:
    """The entry point of the `planner` script."""
    code = 1
    try:
        signal.signal(signal.SIGTERM, _terminate)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as a shell leaves it for what runs in the background
            signal.signal(signal.SIGINT, _interrupt)
        _open_streams()
        gc.set_threshold(*COLLECT_RARELY)
        code = main()
    except SystemExit as done:  # --help, --version
        code = int(done.code or 0)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except _Terminated:
        code = TERMINATED
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # the work is done and its exit code is known
    code = _flushed(code)
    gc.freeze()  # before it ends Python would look through all that is left, half a second of a run
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        os._exit(code)  # a solver that was abandoned may take seconds to notice
    sys.exit(code)


def _flushed(code: int) -> int:
    """The exit code once everything is printed. What a stream does not take is dropped, or Python would complain at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if isinstance(error, BrokenPipeError):
                code = BROKEN_PIPE
            elif stream is sys.stdout and code == 0:
                tell(f"planner: cannot print to stdout: {error.strerror or error}")
                code = 1
    return code
