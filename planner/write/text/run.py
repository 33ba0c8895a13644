"""What a run ends with: its headlines, and small charts where a person is watching."""

from __future__ import annotations

import os
import shutil
import sys

import pandas as pd

from planner.result import Run
from planner.write.text.charts import chart_lines


def run_lines(done: Run) -> list[str]:
    """What was not verified, the sentences of the headlines, then the charts."""
    first = done.verdict.lines()[:1] if done.verdict.unverified else []
    return [*first, *(line.text for line in done.summary if line.text), *charts(done)]


def charts(done: Run) -> list[str]:
    """Nothing where nobody is watching, or where the terminal cannot show blocks."""
    if sys.stdout is None or not sys.stdout.isatty():
        return []
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    inputs = {name: pd.DataFrame(table.resolved) for name, table in done.result.plan.tables.items()}
    lines = chart_lines(done.tables, inputs, shutil.get_terminal_size((0, 0)).columns, colour)
    try:
        "".join(lines).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return []
    return lines
