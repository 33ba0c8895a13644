"""Finished runs, read from their written files alone, as calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.runs.compare import Comparison
    from planner.runs.groups import Groups
    from planner.runs.opened import Opened
    from planner.verify.verdict import Verdict


def result_folder(folder: str | Path) -> Path:
    """The folder of a run. Raises UsageError for one that holds none."""
    from planner.write.folder.targets import require_result

    require_result(Path(folder))
    return Path(folder)


def open(folder: str | Path) -> Opened:
    """A finished run, from its written files alone: headlines, tables and inputs as DataFrames, months as periods.

    Raises UsageError for a folder that is no whole result of this contract, VerificationError for one that was edited."""
    from planner.runs.opened import Opened

    return Opened(result_folder(folder))


def verify(folder: str | Path) -> Verdict:
    """Verify a finished run from its written tables alone. Raises UsageError for a folder that holds no run."""
    from planner.verify.verify import verify as verify_folder

    return verify_folder(result_folder(folder))


def compare(a: str | Path, b: str | Path) -> Comparison:
    """What differs between two runs, from their written files alone. Raises UsageError for a folder that is no whole result."""
    from planner.runs.compare import compare as compare_folders

    return compare_folders(result_folder(a), result_folder(b))


def groups(folder: str | Path, base: str | Path | None = None) -> Groups:
    """What each group of regions does in a finished run, and what it saves against another, from written files alone. Raises
    UsageError for a folder that is no whole result, or a plan whose regions have no group."""
    from planner.runs.groups import groups as grouped

    return grouped(result_folder(folder), None if base is None else result_folder(base))
