"""The tightest limits: what one more unit of each would save, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.formats import capital, month_name, usd
from planner.write.charts.series import COLOURS, NUMBER, Series, lines
from planner.write.names import price_of, title
from planner.write.report.page_model import Figure, Section, Table
from planner.write.report.reading import Reading, first_and_last, month_table

if TYPE_CHECKING:
    from planner.studies.report_input import ValuableLimit

DRAWN = 6


def section(run: Reading) -> Section:
    """The tightest limits by total scarcity value, and the price of the first of them over time."""
    found = run.finished.limits
    if not found:
        return Section("limits", "Tightest limits", lead=_nothing(run))
    rows = [
        [
            _title(run, each),
            _place(run, each),
            usd(each.worth_usd),
            _unit(each),
            month_name(each.month),
            usd(1e6 * each.rent_musd),
        ]
        for each in found
    ]
    head = ["limit", "where", "one more would save at most", "per", "in", "total scarcity value"]
    table = Table(head, rows, "Tightest limits, by total scarcity value", numbers_from=2)
    lead = "What one more unit of a limit, in one month, would save until the end of the plan; in money of that month."
    if run.written.setting("objective") == "energy":
        lead += (
            " Mode energy serves the most compute first: a price is what one more unit saves while the same compute is served."
        )
    if run.finished.verdict.choice:
        lead += " With the whole projects as the plan chooses them: another choice has other prices."
    return Section(
        "limits",
        "Tightest limits",
        lead=lead,
        paragraphs=run.said("firm_value"),
        tables=[table],
        figures=[_figure(run, i) for i in range(min(DRAWN, len(found)))],
        small=True,
        tables_first=True,
    )


def _nothing(run: Reading) -> str:
    if run.written.status == "time_limit":
        return "The run stopped at its time limit: without an optimum no limit has a price."
    if run.written.status == "alternative":
        return "This plan is an alternative to the optimum: what a limit is worth is in the report of the optimum."
    return "No limit binds: more of anything would save nothing."


def _figure(run: Reading, rank: int) -> Figure:
    limit = run.finished.limits[rank]
    table = run.table("limits")
    rows = table[(table["constraint"] == limit.constraint) & (table["where"] == limit.where)]
    worth = rows.groupby("month")["worth_usd"].sum().reindex(run.months).fillna(0.0)
    million = float(worth.abs().max()) >= 1e6
    unit = f"{'million ' if million else ''}USD per {_unit(limit)}"
    place = _place(run, limit)
    series = [
        Series(f"{_title(run, limit)}{', ' if place else ''}{place}", (worth / (1e6 if million else 1.0)).tolist(), COLOURS[0])
    ]
    return Figure(
        id=f"limit-{rank + 1}",
        title=f"{rank + 1}. {series[0].name}",
        unit=unit,
        alt=f"Line of the price of a limit. {first_and_last(run.months, series, unit)}",
        spec=lines(run.months, series, 150, digits=NUMBER),
        numbers=month_table(run.months, series, unit),
    )


def _title(run: Reading, limit: ValuableLimit) -> str:
    item = run.names.within(limit.where.split(" / ")[-1])
    return capital(title(limit.constraint, item))


def _place(run: Reading, limit: ValuableLimit) -> str:
    """Where it binds, without what its title has said; nothing for a limit on the whole world."""
    parts = limit.where.split(" / ")
    parts = parts[:-1] if price_of(limit.constraint).of_item else parts
    return run.names.where(" / ".join(parts)) if any(parts) else ""


def _unit(limit: ValuableLimit) -> str:
    return price_of(limit.constraint).one_more
