"""What would overturn a plan, as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.formats import sentence
from planner.write.names import Names
from planner.write.overturned import LEAD, TITLE, cells, sentence_of
from planner.write.text.layout import table, wrapped

if TYPE_CHECKING:
    from planner.studies.overturn import Overturn

SHORT = ("assumption", "first orders", "kept", "elsewhere", "served", "cost, USD", "overturns")


def overturn_lines(found: Overturn) -> list[str]:
    """The sentence, what the columns mean, the rows."""
    names, rows = Names(found.inputs), found.rows.to_dict("records")
    records = [{str(key): value for key, value in row.items()} for row in rows]
    lines = [*wrapped(f"{found.plan}: {sentence(sentence_of(records, names))}"), "", TITLE, *wrapped(LEAD, "  ", "  ")]
    shown = [
        [cell.replace(" million USD", " M").replace(" billion USD", " bn") for cell in cells(row, names)] for row in records
    ]
    return [*lines, *table(SHORT, [(row[0], *row[2:], row[1]) for row in shown], left=(0, 6))]
