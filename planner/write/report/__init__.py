"""The report of a run: one HTML file that a board reads in a browser, on a phone or on paper, without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from planner.write.report import (
    assumptions,
    chip_moves,
    costs,
    day,
    first,
    headline,
    limits,
    nations,
    orbit,
    parent,
    sites,
    targets,
)
from planner.write.report.capacity import capacity, chips, projects
from planner.write.report.page import render
from planner.write.report.page_model import Page
from planner.write.report.proof import glossary, verification
from planner.write.report.reading import Reading
from planner.write.report.scenarios import page

if TYPE_CHECKING:
    from planner.runs.compare import Comparison
    from planner.studies.report_input import Finished

SECTIONS = (
    first.section,
    first.overturning,
    first.firmness,
    sites.section,
    chips,
    capacity,
    projects,
    day.section,
    costs.section,
    nations.section,
    orbit.section,
    targets.section,
    chip_moves.section,
    limits.section,
    parent.section,
    assumptions.section,
    verification,
)
"""In the order of the page; one that has nothing to say of a run gives nothing."""


def report_html(run: Finished, ask: Callable[..., Any] | None = None) -> str:
    """The report of one finished run. The same run gives the same text. ``ask``: who calls functions that take their time."""
    reading = Reading(run)
    status, good = headline.status(reading)
    sections = [section for part in SECTIONS if (section := part(reading)) is not None]
    whole = Page(
        title=f"Plan {run.written.name}",
        lead=headline.why(reading),
        status=status,
        good=good,
        facts=headline.facts(reading),
        cards=headline.cards(reading),
        verdict=headline.verdict(reading),
        points=[*headline.points(reading), *first.overturned(reading), *first.firm(reading)],
        sections=[*sections, glossary()],
    )
    return render(whole, ask)


def scenarios_html(runs: Sequence[Finished], comparisons: Sequence[Comparison]) -> str:
    """A comparison of several finished runs; ``comparisons``: of the first with each other run."""
    return render(page(runs, comparisons))
