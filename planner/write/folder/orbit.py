"""A folder with the report on orbital designs: one CSV a table, one picture a design, all of them or none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from planner.write.folder.replace import beside
from planner.write.folder.result_folder import check_report

if TYPE_CHECKING:
    from planner.studies.orbit_design import OrbitReport

EARLIER = ("designs.csv", "break_even.csv")
"""A folder that holds these is an earlier report, whose files may be replaced."""


def check_orbit_target(out: Path) -> None:
    """Refuse, before any work, a folder that is not ours to write to. Raises UsageError."""
    check_report(out, EARLIER)


def write_orbit(report: OrbitReport, out: Path) -> list[str]:
    """Write every table as CSV and a PNG a design; returns the names of the files.

    Everything is made in a hidden folder beside `out` and moved in only when it is complete. Raises UsageError for a folder
    that is not ours to write to and OutputError when the system refuses.
    """
    from planner.write.folder.csv import write_csv
    from planner.write.folder.orbit_picture import draw_designs

    check_orbit_target(out)
    out = Path(os.path.realpath(out))
    with beside(out) as partial:
        for name, table in report.tables().items():
            write_csv(partial / f"{name}.csv", table)
        pictures = draw_designs(partial, report)
        out.mkdir(exist_ok=True)
        names = [*(f"{name}.csv" for name in report.tables()), *pictures]
        for name in names:
            os.replace(partial / name, out / name)
    return names
