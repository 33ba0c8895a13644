"""What would overturn the plan: assumptions changed one at a time, each solved again; nothing where that was not asked."""

from __future__ import annotations

from planner.formats import sentence
from planner.write.overturned import HEAD, LEAD, TITLE, cells, sentence_of
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading


def section(run: Reading) -> Section | None:
    """The sentence, what the columns mean, the rows."""
    rows = run.finished.overturned
    if not rows:
        return None
    table = Table(HEAD, [cells(row, run.names) for row in rows], "One assumption changed at a time", numbers_from=2)
    said = sentence(sentence_of(rows, run.names))
    return Section("overturn", TITLE, lead=said, paragraphs=[LEAD], tables=[table], tables_first=True)


def point(run: Reading) -> list[str]:
    """The sentence for the head of the page."""
    said = sentence_of(run.finished.overturned, run.names)
    return [sentence(said)] if said else []
