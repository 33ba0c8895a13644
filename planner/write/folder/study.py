"""The folder of a study: tables as CSV and pictures as PNG, all of them or none."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from planner.write.charts.draw import png
from planner.write.folder.replace import real, staging_folder, swap
from planner.write.folder.serialise import write_csv
from planner.write.folder.targets import require_new

ORBIT = ("designs.csv", "break_even.csv")
"""A folder that holds these is an earlier report on orbit, whose files may be replaced."""


def write_study(
    out: Path, tables: Mapping[str, pd.DataFrame], pictures: Mapping[str, str] | None = None, earlier: Sequence[str] = ()
) -> list[str]:
    """Write tables and pictures (by name, as SVG); returns the names of the files.

    Files of an earlier report are replaced one by one, what else lies there stays. Raises UsageError for a folder
    that may not be written to, and OutputError when the system refuses."""
    require_new(out, earlier)
    out, names = real(out), []
    with staging_folder(out) as partial:
        for name, frame in tables.items():
            names.append(f"{name}.csv")
            write_csv(partial / names[-1], frame)
        for name, picture in (pictures or {}).items():
            names.append(f"{name}.png")
            (partial / names[-1]).write_bytes(png(picture))
        if out.is_dir() and any(out.iterdir()):
            for name in names:
                os.replace(partial / name, out / name)
        else:
            swap(partial, out)
    return names
