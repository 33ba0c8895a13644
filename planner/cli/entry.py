"""From the words of a command line to an exit code: streams, signals, errors."""

from __future__ import annotations

import argparse
import codecs
import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence
from time import monotonic
from typing import Any, NoReturn

from planner.cli.commands import COMMANDS
from planner.cli.exit_codes import BROKEN_PIPE, INTERRUPTED, STATUS, TERMINATED
from planner.cli.output import print_answer, print_error, print_failure, tell
from planner.cli.parser import make_parser
from planner.errors import PlannerError
from planner.progress import Lines, Progress, Terminal


def _progress(args: argparse.Namespace) -> Progress:
    if args.quiet:
        return Progress()
    if sys.stderr is None:
        return Progress()
    if sys.stderr.isatty():
        return Terminal(sys.stderr, keep=args.verbose)
    return Lines(sys.stderr) if args.verbose else Notices(sys.stderr)


class Notices(Lines):
    """Keeps to the notices: nobody watches the phases."""

    def _end(self, name: str, spent_s: float) -> None:
        """Say nothing."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code; raises SystemExit only for --help and --version."""
    try:
        return _main(argv)
    except BrokenPipeError:  # who reads has left: nothing to say, and nobody to say it to
        return BROKEN_PIPE


def _main(argv: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    as_json, verbose = "--json" in words, "--verbose" in words
    command = next((word for word in words if word in COMMANDS), None)
    try:
        args = make_parser().parse_args(words)
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
    except Exception as error:
        if _interrupted_s:  # some packages make another error of it
            return _stopped(as_json, command, INTERRUPTED)
        if verbose:
            import traceback

            tell(traceback.format_exc().rstrip())
        hint = "" if verbose else "; --verbose shows where"
        print_error(PlannerError(f"internal error: {type(error).__name__}: {error}{hint}"), as_json, command)
        return 1


def _stopped(as_json: bool, command: str | None, code: int, stands: str = "") -> int:
    """``stands``: what was done before, where that is anything."""
    if as_json:
        record: dict[str, Any] = {
            "command": command,
            "status": STATUS[code],
            "exit_code": code,
            "message": "interrupted" + (f"; {stands}" if stands else ""),
            "findings": [],
        }
        print_failure(record)
    tell(f"planner: interrupted; {stands or 'results are as they were before'}")
    return code


class _Terminated(BaseException):
    """SIGTERM, raised where the program stands, so that it cleans up as after Ctrl-C."""


def _terminate(*_: object) -> None:
    raise _Terminated


_interrupted_s: list[float] = []
AGAIN_S = 2.0
"""Ctrl-C pressed twice means it once: for these seconds after the first, cleaning up goes on."""


def _interrupt(*_: object) -> None:
    """Ctrl-C."""
    now = monotonic()
    if not _interrupted_s or now - _interrupted_s[-1] > AGAIN_S:
        _interrupted_s.append(now)
        raise KeyboardInterrupt


LEGIBLE = "planner.legible"
"""How streams treat letters that their encoding lacks."""


def _legible(error: UnicodeError) -> tuple[str | bytes, int]:
    """The bytes of a name as they came, which a locale of ASCII alone reads as surrogates; any other letter by its number."""
    assert isinstance(error, UnicodeEncodeError)
    try:
        return error.object[error.start : error.end].encode("ascii", "surrogateescape"), error.end
    except UnicodeEncodeError:
        return codecs.lookup_error("backslashreplace")(error)


def _open_streams() -> None:
    """Streams that were closed lead nowhere; the others print every name, in another way where their encoding lacks a letter.

    Without this the next file opened would be stdout to whatever writes there."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if number == 0 else "w", encoding="utf-8"))  # noqa: SIM115
    codecs.register_error(LEGIBLE, _legible)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=LEGIBLE)


RARELY = 50_000, 10, 5
"""Hardly anything of a plan is garbage before the end: to look for it as often as Python does takes a twentieth of a run."""


def run_and_exit() -> NoReturn:
    """The entry point of the `planner` script."""
    code = 1
    try:
        signal.signal(signal.SIGTERM, _terminate)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as a shell leaves it for what runs in the background
            signal.signal(signal.SIGINT, _interrupt)
        _open_streams()
        gc.set_threshold(*RARELY)
        code = main()
    except SystemExit as done:  # --help, --version
        code = int(done.code or 0)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except _Terminated:
        code = TERMINATED
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # the work is done, and its exit code stands
    exec("")  # Python remembers a Ctrl-C that came inside generated code, and would end by that signal instead of this code
    code = _flushed(code)
    gc.freeze()  # Python looks through all that is left before it ends, half a second of a run
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        os._exit(code)  # a solver that was left behind may take seconds to notice
    sys.exit(code)


def _flushed(code: int) -> int:
    """The exit code once everything is printed. What a stream does not take is dropped, or Python would complain of it."""
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
