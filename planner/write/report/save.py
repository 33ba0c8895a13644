"""Putting a report on disk: whole or not at all, and never over a file that is none of ours."""

from __future__ import annotations

from pathlib import Path

from planner.errors import UsageError
from planner.write.folder.replace import new_file
from planner.write.report.page import GENERATOR

HEAD_BYTES = 4096
"""A report names itself within these."""


def check_target(path: Path) -> None:
    """Refuse, before any work, a file that is there and no report of this planner, or a folder. Raises UsageError."""
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder: give the name of a file")
        if path.exists():
            with path.open("rb") as file:
                if GENERATOR.encode() not in file.read(HEAD_BYTES):
                    raise UsageError(f"{path} exists and is no report of this planner: give another name with --out")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from error


def save(path: Path, text: str) -> Path:
    """Write a report in one step. Raises OutputError when the system refuses."""
    with new_file(path) as partial:
        partial.write_bytes(text.encode())
    return path
