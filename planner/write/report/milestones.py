"""What is reached by when: a row every few months, with what is served, dark, powered and paid by then."""

from __future__ import annotations

from planner.formats import count, month_name, percent, usd, watts
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading

HEAD = ("after", "of demand served", "cash so far", "dark chips", "chips installed", "firm power on Earth", "month")
NOTE = (
    "Served, installed, dark and powered: in that month, chips in MW of IT nameplate. "
    "Cash so far: capital as it falls due and running costs since the start, not discounted, without chips."
)


def section(run: Reading) -> Section | None:
    """The table; nothing of a run that lacks a table that it is made from."""
    rows = [
        [
            count(row["number"], "month"),
            percent(row["served_frac"]),
            usd(1e6 * row["cash_musd"]),
            watts(row["dark_mw"]),
            *(watts(row[name]) for name in ("installed_mw", "firm_mw")),
            month_name(row["month"]),
        ]
        for row in run.finished.facts.milestones
    ]
    table = Table(HEAD, rows, "Results over time", note=NOTE)
    return Section("reached", "What is reached by when", tables=[table], tables_first=True) if rows else None
