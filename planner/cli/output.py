"""Answers and errors on the streams: results to stdout, talk to stderr."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from planner.cli.answer import Answer
from planner.cli.exit_codes import STATUS
from planner.errors import InfeasibleError, InputError, PlannerError, UsageError
from planner.progress import put

if TYPE_CHECKING:
    from planner.errors import Finding


def print_answer(answer: Answer, args: argparse.Namespace, command: str) -> None:
    """Raises UnprintableError where stdout takes nothing, on a full disk for one; the work is done all the same."""
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
        words = f"; {answer.stands}" if answer.stands else ""
        raise UnprintableError(f"cannot print to stdout: {error.strerror or error}{words}") from error


class UnprintableError(PlannerError):
    """Everything is done but the printing."""


def print_error(error: PlannerError, as_json: bool, command: str | None) -> None:
    code, findings = error.exit_code, error.findings if isinstance(error, InputError) else ()
    if as_json and not isinstance(error, UnprintableError):
        head = {"command": command, "status": STATUS.get(code, "error"), "exit_code": code}
        why = {"diagnosis": error.diagnosis} if isinstance(error, InfeasibleError) and error.diagnosis else {}
        print_failure({**head, "message": str(error), "findings": [_finding(each) for each in findings], **why})
    for number, line in enumerate(str(error).splitlines() or [type(error).__name__]):
        below = number and isinstance(error, UsageError)  # how to use it, as argparse lays it out
        tell(line if findings or below else f"planner: {line}")
    if findings:
        tell(f"planner: {len(findings)} finding{'' if len(findings) == 1 else 's'}, nothing was solved")


def _finding(finding: Finding) -> dict[str, Any]:
    names = ("file", "sheet", "line", "column", "value", "expected", "message")
    return {name: getattr(finding, name) for name in names}


def _print_json(record: dict[str, Any]) -> None:
    from planner.write.folder.serialise import json_text

    text = json_text(record)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # what JSON can say in ASCII is the same JSON
        import json

        text = json.dumps(json.loads(text), indent=2)
    print(text)


def print_failure(record: dict[str, Any]) -> None:
    """Say on stdout what went wrong. Where that cannot be said, the exit code still does, and stderr."""
    try:
        _print_json(record)
    except BrokenPipeError:
        raise
    except OSError:
        pass


def tell(line: str) -> None:
    put(sys.stderr, line + "\n")
