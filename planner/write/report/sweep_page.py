"""The page of a sweep: how many plans were solved, the headlines over what was varied, and every point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.formats import count, number, sentence
from planner.read.run_table import NAME
from planner.write.charts.series import spec
from planner.write.charts.sweep import LEGEND, drawn_keys, spoken, sweep_data, sweep_panels
from planner.write.names import Names
from planner.write.report.page import render
from planner.write.report.page_model import Figure, Page, Section, Table
from planner.write.text.sweep import SHOWN, key_text, shown_columns

if TYPE_CHECKING:
    from planner.studies.sweep import Sweep

HEIGHT = 240
MOST_FAILURES = 20
MOST_KEYS = 3
"""Keys that the title names."""


def sweep_html(found: Sweep) -> str:
    """The page as one file that needs nothing else. The same sweep gives the same text."""
    names = Names(found.inputs)
    total, unsolved = len(found.points), len(found.points) - found.solved
    status = f"{found.solved} of {count(total, 'plan')} optimal" + (f", {unsolved} without a plan" if unsolved else "")
    failures = [
        f"Point {point}: {sentence(str(error).splitlines()[0])}"
        for point, error in list(found.failures.items())[:MOST_FAILURES]
    ]
    page = Page(
        title=_title(found, names),
        lead="Each plan is solved to its own optimum. Where several cost the same, the numbers are those of one of them.",
        status=status,
        good=not unsolved,
        facts={},
        cards=[],
        verdict=(),
        points=failures,
        sections=[
            Section("charts", "Headlines", figures=_figures(found), small=True),
            Section("points", "Every point", tables=[_table(found, names)]),
        ],
        kind="sweep",
        beside=("sweep.csv", "sweep.xlsx"),
    )
    return render(page, live=False)


def _title(found: Sweep, names: Names) -> str:
    """How many plans, and by what they differ; runs with names say that themselves."""
    if drawn_keys(found) == (NAME, []):
        return count(len(found.points), "run")
    varied = [spoken(key, names) for key in found.keys]
    more = f" and {len(varied) - MOST_KEYS} more" if len(varied) > MOST_KEYS else ""
    return f"{count(len(found.points), 'plan')} by {', '.join(varied[:MOST_KEYS])}{more}"


def _figures(found: Sweep) -> list[Figure]:
    data, (first, _) = {"values": sweep_data(found)}, drawn_keys(found)
    across = "by run" if first == NAME else f"over {spoken(first)}"
    return [
        Figure(
            f"panel-{place}",
            title.rpartition(", ")[0],
            title.rpartition(", ")[2],
            f"{title}, {across}",
            spec(HEIGHT, data=data, layer=layers) | {"config": LEGEND},
        )
        for place, (title, layers) in enumerate(sweep_panels(found), start=1)
    ]


def _table(found: Sweep, names: Names) -> Table:
    columns = shown_columns(found)
    head = ["point", *(spoken(key, names) for key in found.keys), "status", *(SHOWN[name][0] for name in columns)]
    rows = [
        [
            str(row["point"]),
            *(key_text(row[key]) for key in found.keys),
            str(row["status"]).replace("_", " "),
            *(number(SHOWN[name][1] * row[name], 5) for name in columns),
        ]
        for row in found.points.to_dict("records")
    ]
    return Table(head, rows, "The main headlines; all others are in sweep.csv", numbers_from=2 + len(found.keys))
