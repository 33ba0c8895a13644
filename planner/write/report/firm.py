"""Which totals of the plan are firm, where it was asked."""

from __future__ import annotations

from planner.formats import sentence
from planner.write import ranged as words
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading


def section(run: Reading) -> Section | None:
    """A table for each kind of total; nothing where nobody asked."""
    rows = run.finished.ranges
    if not rows:
        return None
    tables = [
        Table(words.HEAD, [words.cells(row, run.names) for row in group], words.title(kind, group))
        for kind, group in words.kinds(rows).items()
    ]
    return Section("firm", words.TITLE, lead=words.lead(rows), tables=tables, tables_first=True)


def points(run: Reading) -> list[str]:
    """The sentence for the head of the page."""
    said = words.sentence_of(run.finished.ranges)
    return [sentence(said)] if said else []
