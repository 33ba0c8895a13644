"""The report of a run: one HTML file that a board reads in a browser, on a phone or on paper, without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.write.report import (
    assumptions,
    chip_moves,
    costs,
    day,
    first,
    headline,
    limits,
    milestones,
    nations,
    orbit,
    parent,
    since,
    sites,
    targets,
)
from planner.write.report.capacity import capacity, chips, projects
from planner.write.report.page import render
from planner.write.report.page_model import Page
from planner.write.report.proof import verification
from planner.write.report.reading import Reading
from planner.write.report.scenarios import page

if TYPE_CHECKING:
    from planner.runs.compare import Comparison
    from planner.studies.report_input import Finished

PARTS = {"board": "For the board", "planner": "For the planner", "auditor": "For the auditor"}
SECTIONS = {
    "board": (
        *(first.section, milestones.section, first.asked, since.section, first.overturning, first.firmness, chips),
        *(costs.section, projects, targets.section),
    ),
    "planner": (*(sites.section, capacity, limits.section, day.section, nations.section, orbit.section, chip_moves.section),),
    "auditor": (parent.section, assumptions.section, verification),
}
"""By reader, in the order of the page; one that has nothing to say of a run gives nothing."""


def report_html(run: Finished, ask: Callable[..., Any] | None = None) -> str:
    """The report of one finished run. The same run gives the same text. ``ask``: who calls functions that take their time."""
    reading = Reading(run)
    status, good = headline.badge(reading)
    sections = [
        replace(section, part=part)
        for part, writers in SECTIONS.items()
        for write in writers
        if (section := write(reading)) is not None
    ]
    whole = Page(
        title=f"Plan {run.written.name}",
        lead=headline.why(reading),
        status=status,
        good=good,
        facts=headline.facts(reading),
        cards=headline.cards(reading),
        verdict=headline.verdict(reading),
        points=[*headline.points(reading), *first.overturned(reading), *first.firm(reading)],
        sections=sections,
        parts=PARTS,
    )
    return render(whole, ask)


def scenarios_html(runs: Sequence[Finished], comparisons: Sequence[Comparison]) -> str:
    """A comparison of several finished runs; ``comparisons``: of the first with each other run."""
    return render(page(runs, comparisons))
