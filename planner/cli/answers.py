"""What a command answers, and how it is printed: results to stdout, everything else to stderr, and an exit code."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from typing import Any

import planner
from planner.errors import Finding, InfeasibleError, InputError, PlannerError, UsageError, harmless
from planner.progress import put

INTERRUPTED, BROKEN_PIPE, TERMINATED = 130, 141, 143
STATUS = {
    0: "ok",
    1: "error",
    2: "usage",
    3: "input_refused",
    4: "infeasible",
    5: "numerical_trouble",
    6: "time_limit",
    7: "verification_failed",
    8: "different",
    INTERRUPTED: "interrupted",
    TERMINATED: "interrupted",
}
EXIT_CODES = """\
exit codes:
  0  success; for `run`: optimal and verified
  1  internal error, out of memory, or the result cannot be written
  2  usage
  3  input refused
  4  infeasible
  5  unbounded, or numerical trouble
  6  time limit; the best plan found is kept and its gap stated
  7  verification failed
  8  `compare` found differences
130  interrupted; a result folder is never left half-written
143  terminated (SIGTERM), likewise
"""


@dataclass
class Answer:
    """What a command found: one record for `--json`, lines for people, and what `--quiet` prints.

    ``done``: what was achieved, for the message where none of this can be printed."""

    record: dict[str, Any]
    lines: list[str]
    quiet: list[str]
    exit_code: int = 0
    status: str = ""
    done: str = ""

    def __post_init__(self) -> None:
        self.status = self.status or STATUS[self.exit_code]


class UnprintableError(PlannerError):
    """The work is done, but its answer cannot be printed."""


def print_answer(answer: Answer, args: argparse.Namespace, command: str) -> None:
    """Raises UnprintableError where stdout takes nothing, on a full disk for one."""
    try:
        if args.json:
            _print_json({"command": command, "status": answer.status, "exit_code": answer.exit_code, **answer.record})
        else:
            for line in answer.quiet if args.quiet else answer.lines:
                print(line)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        done = f"; {answer.done}" if answer.done else ""
        raise UnprintableError(f"cannot print to stdout: {error.strerror or error}{done}") from error


def print_error(error: PlannerError, as_json: bool, command: str | None) -> None:
    """An error in words on stderr; with `--json` also as a record on stdout."""
    code, findings = error.exit_code, error.findings if isinstance(error, InputError) else ()
    more = isinstance(error, InputError) and error.more
    if as_json and not isinstance(error, UnprintableError):
        beside: dict[str, Any] = {"more_may_follow": more} if isinstance(error, InputError) else {}
        if isinstance(error, InfeasibleError) and error.diagnosis:
            beside["diagnosis"] = error.diagnosis
        print_failure(command, code, str(error), findings, **beside)
    for number, line in enumerate(str(error).splitlines() or [type(error).__name__]):
        below = number and isinstance(error, UsageError)  # how to use it, as argparse lays it out
        tell(line if findings or below else f"planner: {line}")
    if findings:
        tail = "; what tables say together is checked once these are mended" if more else ""
        tell(f"planner: {len(findings)} finding{'' if len(findings) == 1 else 's'}, nothing was solved{tail}")


def print_failure(command: str | None, code: int, message: str, findings: tuple[Finding, ...] = (), **more: Any) -> None:
    """What went wrong as a record on stdout. Where that cannot be printed, the exit code still tells, and stderr."""
    names = ("file", "sheet", "line", "column", "value", "expected", "message")
    found = [{"code": str(one.code)} | {name: getattr(one, name) for name in names} for one in findings]
    head = {"command": command, "status": STATUS.get(code, "error"), "exit_code": code}
    try:
        _print_json({**head, "message": message, "findings": found, **more})
    except BrokenPipeError:
        raise
    except OSError:
        pass


def tell(line: str) -> None:
    """A line on stderr, or several; names in it, those of folders too, may come from anyone."""
    put(sys.stderr, "\n".join(map(harmless, line.split("\n"))) + "\n")


def _print_json(record: dict[str, Any]) -> None:
    text = planner.json_text(record)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # what JSON can say in ASCII is the same JSON
        text = json.dumps(json.loads(text), indent=2)
    print(text)
