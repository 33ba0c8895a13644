"""The commands, in the order of the help: one module each.

A command is WORDS (its line of help), QUIET (what --quiet does), `declare` (its arguments) and `answer` (its work)."""

from __future__ import annotations

import argparse
from typing import Protocol

from planner.cli.answer import Answer
from planner.cli.commands import (
    check,
    compare,
    crossover,
    explain,
    groups,
    new,
    orbit,
    refresh,
    report,
    run,
    schema,
    sweep,
    verify,
)
from planner.progress import Progress


class Command(Protocol):
    """What each module of this package offers."""

    WORDS: str
    QUIET: str

    def declare(self, parser: argparse.ArgumentParser) -> None: ...
    def answer(self, args: argparse.Namespace, progress: Progress) -> Answer: ...


COMMANDS: dict[str, Command] = {
    "new": new,
    "check": check,
    "run": run,
    "report": report,
    "refresh": refresh,
    "verify": verify,
    "explain": explain,
    "compare": compare,
    "groups": groups,
    "crossover": crossover,
    "sweep": sweep,
    "orbit": orbit,
    "schema": schema,
}
