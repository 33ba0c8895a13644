"""Calls of the monthly cycle: the plan of a later month, and what happened in the months before it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.api.output import check_out
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.studies.roll.rolled import Rolled


def roll(
    folder: str | Path, to: str, out: str | Path, progress: Progress | None = None, actuals: str | Path | None = None
) -> Rolled:
    """Write the plan of a later month from a finished run into a new folder, as if all had come as planned, or with what a
    file of ``actuals`` says of the months before.

    Raises UsageError for what is no run, no month of it or no new folder, InputError for what cannot be carried, and for
    actuals that are refused."""
    from planner.studies.roll.rolled import roll as rolled
    from planner.write.folder.study import write_rolled
    from planner.write.folder.targets import require_result

    check_out(out, "roll")
    require_result(Path(folder))
    done = rolled(Path(folder), to, None if actuals is None else Path(actuals), progress)
    write_rolled(Path(out), done)
    return done


def blank_actuals(folder: str | Path, to: str, path: str | Path, progress: Progress | None = None) -> Path:
    """Write a workbook to fill in: what the run plans for its months before ``to``, with an empty cell beside each number.

    Raises UsageError as `roll` does, and for a file that exists or is not named .xlsx."""
    from planner.studies.roll.rolled import blank
    from planner.write.folder.targets import require_result
    from planner.write.xlsx.plan_workbook import write_table_workbook

    require_result(Path(folder))
    return write_table_workbook(Path(path), blank(Path(folder), to, progress))
