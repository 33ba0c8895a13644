"""Which totals of a plan are firm, in words and cells for every medium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.formats import count, month_name, number, usd
from planner.write.names import Names

TITLE = "How firm these numbers are"
HEAD = ("total", "plan, MW", "least, MW", "most, MW", "firm or open")
KINDS = {
    "region": "IT by place, {month}",
    "option": "Power capacity by option, {month}",
    "generation": "IT by chip, {month}",
    "year": "IT at the end of each year",
}
"""By kind of total: the title of its table."""

LEAD = (
    "The least and the most of each total among all plans that cost at most {within} more than this one ({slack}, "
    "discounted) and serve no less compute, by amount and by value. Each end is a plan of its own: they do not add up. A total "
    "is firm where both ends are within 10 % of the plan's; an open one may be decided otherwise at nearly the same cost."
)

Row = Mapping[Any, Any]


def kinds(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each kind of total."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["of"]), []).append(row)
    return found


def title(kind: str, rows: Sequence[Row]) -> str:
    """The title of a table of one kind."""
    return KINDS.get(kind, kind).format(month=month_name(str(rows[0]["month"])))


def lead(rows: Sequence[Row]) -> str:
    """What was asked."""
    return LEAD.format(within=_within(rows), slack=usd(1e6 * float(rows[0]["slack_musd"])))


def cells(row: Row, names: Names) -> tuple[str, ...]:
    """A row under HEAD."""
    ends = (number(float(row[name]), 4) for name in ("plan_mw", "least_mw", "most_mw"))
    return (names(str(row["id"])), *ends, str(row["firm"]))


def sentence_of(rows: Sequence[Row]) -> str:
    """The rows in one sentence."""
    if not rows:
        return ""
    firm = sum(row["firm"] == "firm" for row in rows)
    stay = f"{firm} of {count(len(rows), 'total')} stay within 10 % of the plan"
    return f"At {_within(rows)} more cost and no less compute served, {stay}"


def _within(rows: Sequence[Row]) -> str:
    return f"{100 * float(rows[0]['within_frac']):g} %"
