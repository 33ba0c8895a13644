"""`planner schema`."""

from __future__ import annotations

import argparse

from planner.cli.answer import Answer
from planner.progress import Progress

WORDS = "print the JSON Schema of a plan file, with which an editor completes and checks while typing"
QUIET = "no effect: the schema is all that is printed"


def declare(parser: argparse.ArgumentParser) -> None:
    """No argument."""


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """The schema as it is: with --json inside the record that every command prints."""
    import json

    from planner import api

    schema = api.schema()
    lines = json.dumps(schema, indent=2).splitlines()
    return Answer({"schema": schema}, lines, quiet=lines)
