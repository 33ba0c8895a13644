"""Refuse, before any work, folders that must not be written to or cannot be read, saying what to do instead."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from planner.errors import UsageError
from planner.write.folder.replace import OutputError, has_result, is_refusal, real, settle

LONGEST_NAME, LONGEST_PATH = 255, 4096
ROOM_FOR_FILES = 96
"""Bytes that a system takes for one name and for a whole path, and what the names below a result folder need of them."""

ORBIT_REPORT = ("designs.csv", "break_even.csv")
"""A folder that holds these is an earlier report on orbit, whose files may be replaced."""

STUDIES = ("sweep", "frontier", "sensitivity", "deciding", "interactions", "global_sensitivity", "samples")
SWEEP = tuple(f"{name}.{ending}" for name in STUDIES for ending in ("csv", "xlsx", "html", "json", "png"))
ALTERNATIVES = ("alternatives.html", *(f"alternatives.{each}" for each in ("csv", "xlsx", "json", "png")), "totals.csv")
ALTERNATIVE = re.compile(r"alternative-\d+")
"""A folder that holds nothing but some of these files, and runs so named, holds earlier alternatives; they may be replaced."""
POINTS = "points"
"""A folder that holds nothing but some of these, and the points that a sweep keeps, is an earlier sweep; it may be replaced."""


def require_target(out: Path) -> None:
    """Refuse a target that could not be written or must not be replaced. Raises UsageError.

    What a killed run left half swapped there is repaired first."""
    settle(out)
    _require(out, lambda folder: has_result(folder) or is_refusal(folder), "holds files that are not a result of this planner")


def require_new(out: Path, earlier: Sequence[str] = ()) -> None:
    """Refuse a folder that could not be written, or that holds anything but the files of an ``earlier`` report.

    Raises UsageError and OutputError."""
    if earlier == SWEEP:
        _require(out, _holds_sweep, "holds files that are not a sweep")
    elif earlier == ALTERNATIVES:
        _require(out, _holds_alternatives, "holds files that are not alternatives to a run")
    elif earlier:
        ours = "holds files that are not a report on orbit"
        _require(out, lambda folder: all((folder / name).is_file() for name in earlier), ours)
    else:
        _require(out, lambda _: False, "exists and is not empty")


def require_result(folder: Path) -> None:
    """Refuse a folder that does not hold a result of this planner. Raises UsageError.

    A result that a killed run left under another name gets its own back first."""
    settle(folder)
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder: give the result folder of a run")
    if is_refusal(folder):
        raise UsageError(f"{folder} holds no plan, only why it is infeasible (infeasible.txt): give the result folder of a run")
    if not (folder / "manifest.json").exists() and not (folder / "tables").exists():
        raise UsageError(f"{folder} is not a result of this planner: give the result folder of a run")


def _holds_sweep(folder: Path) -> bool:
    return {path.name for path in folder.iterdir()} <= {*SWEEP, POINTS}


def _holds_alternatives(folder: Path) -> bool:
    """Half-written folders included, which a killed call left; the next one removes them."""
    names = {path.name for path in folder.iterdir()}
    runs = {name for name in names if ALTERNATIVE.fullmatch(name) and has_result(folder / name)}
    left = {name for name in names if name.startswith((".partial-", ".previous-"))}
    return names - runs - left <= {*ALTERNATIVES}


def _require(out: Path, ours: Callable[[Path], bool], otherwise: str) -> None:
    other = "give another folder with --out"
    out = real(out)
    longest = max(len(os.fsencode(part)) for part in out.parts)
    if longest > LONGEST_NAME:
        raise UsageError(f"a folder's name has at most {LONGEST_NAME} bytes, this one has {longest}: {other}")
    if len(os.fsencode(out)) > LONGEST_PATH - ROOM_FOR_FILES:
        raise UsageError(f"a path has at most {LONGEST_PATH} bytes, with the names of the files in the folder: {other}")
    try:
        if out.is_dir():
            if any(out.iterdir()) and not ours(out):
                raise UsageError(f"{out} {otherwise}: {other}")
        elif out.exists():
            raise UsageError(f"{out} is a file: give a folder with --out")
        parent = next(folder for folder in out.parents if folder.exists())
        if not parent.is_dir():
            raise UsageError(f"{parent} is not a folder: {other}")
    except OSError as error:
        raise UsageError(f"{error.filename or out}: {error.strerror or error}: {other}") from error
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"{parent} cannot be written to: {other}")
