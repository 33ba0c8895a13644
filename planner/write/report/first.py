"""What to do first: orders of the first months, and remedies of the tight limits, the most chips per dollar first. What would
overturn that, and which totals are firm, where it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planner.formats import count, month_name, number, sentence, usd
from planner.schema.glossary import WHAT_FIRST
from planner.schema.table_schema import HALLS
from planner.write import overturned as words, ranged
from planner.write.names import named
from planner.write.questions import TITLE as QUESTIONS, questions
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading

SHOWN = 10
FIRST_MONTHS, MOST_ORDERS = 3, 12
ORDERS = ("order in", "site", "what", "in service", "units", "MW", "capital")
UNITS = ORDERS.index("units")
"""A column for plans that buy something in whole units."""
HEAD = (
    *("limit", "more a month", "from", "to", "costs", "saves", "powers, thousand H100-equivalents (H100e)"),
    *("H100e-years per million USD", "speeding up may cost, in all"),
)
LEAD = "Orders by date, then remedies: more of a limit in each month in which it has a price."
NOTE = (
    "Costs: charges until the end for what is built with it, plus speeding up where its price is stated. Saves: what the plan "
    "saves before those costs. Both are discounted. The most chips powered per dollar come first, remedies that power little "
    "come last. The numbers hold to first order: for small amounts, and for one remedy at a time. The command "
    "`planner explain RUN --remedies` solves the first ten again."
)


def section(run: Reading) -> Section | None:
    """Orders of the first months, and remedies; nothing where a run has neither."""
    tables = [each for each in (_orders(run, 0, MOST_ORDERS), _remedies(run)) if each is not None]
    if not tables:
        return None
    remedies = run.table("remedies")
    more = [_row(run, row) for row in remedies[SHOWN:].to_dict("records")]
    folded = [each for each in (_orders(run, MOST_ORDERS, None),) if each is not None]
    folded += [Table(HEAD, more, "All other remedies", numbers_from=4)] if more else []
    lead = "" if remedies.empty else LEAD
    return Section("first", WHAT_FIRST, lead=lead, tables=tables, folded=folded, tables_first=True)


def asked(run: Reading) -> Section | None:
    """Plain questions, each with its sentence, its scope and its caveat."""
    found = questions(run.written, run.finished.facts).answers
    return Section("questions", QUESTIONS, answers=found) if found else None


def overturning(run: Reading) -> Section | None:
    """The sentence, what the columns mean, the rows."""
    rows = run.finished.overturned
    if not rows:
        return None
    table = Table(words.HEAD, [words.cells(row, run.names) for row in rows], "One assumption changed at a time", numbers_from=2)
    said = sentence(words.sentence_of(rows, run.names))
    return Section("overturn", words.TITLE, lead=said, paragraphs=[words.LEAD], tables=[table], tables_first=True)


def overturned(run: Reading) -> list[str]:
    """The sentence for the head of the page."""
    said = words.sentence_of(run.finished.overturned, run.names)
    return [sentence(said)] if said else []


def firmness(run: Reading) -> Section | None:
    """A table of ranges for each kind of total."""
    rows = run.finished.ranges
    if not rows:
        return None
    tables = [
        Table(ranged.HEAD, [ranged.cells(row, run.names) for row in group], ranged.title(kind, group))
        for kind, group in ranged.kinds(rows).items()
    ]
    return Section("firm", ranged.TITLE, lead=ranged.lead(rows), tables=tables, tables_first=True)


def firm(run: Reading) -> list[str]:
    """The sentence on ranges for the head of the page."""
    said = ranged.sentence_of(run.finished.ranges)
    return [sentence(said)] if said else []


def _orders(run: Reading, first: int, last: int | None) -> Table | None:
    """What to order in the first months, by the month of order and, within it, by capital: from one row to another."""
    purchases = run.table("purchases")
    purchases = purchases[purchases["order_mw"] > 0]
    due = purchases[purchases["order_month"].isin(run.months[:FIRST_MONTHS])]
    due = due.sort_values(["order_month", "capital_musd"], ascending=[True, False], kind="stable")[first:last]
    if due.empty:
        return None
    rows = [
        [
            month_name(str(row["order_month"])),
            run.names(str(row["region_id"])),
            "Halls" if row["option_id"] == HALLS else run.names(str(row["option_id"])),
            month_name(str(row["month"])),
            "" if _empty(row["units"]) else f"{row['units']:,g} of {row['unit_mw']:,g} MW",
            number(float(row["order_mw"])),
            usd(1e6 * float(row["capital_musd"])),
        ]
        for row in due.to_dict("records")
    ]
    whole = any(row[UNITS] for row in rows)
    head, rows = (ORDERS, rows) if whole else (_without(UNITS, ORDERS), [_without(UNITS, row) for row in rows])
    others = "Other orders" if first else "Orders"
    caption = f"{others} of the first {FIRST_MONTHS} months (of {count(len(purchases), 'order')} in tables/purchases.csv)"
    return Table(head, rows, caption, numbers_from=len(head) - 2)


def _without(at: int, cells: Sequence[str]) -> list[str]:
    return [*cells[:at], *cells[at + 1 :]]


def _remedies(run: Reading) -> Table | None:
    """The first remedies."""
    rows = [_row(run, row) for row in run.table("remedies")[:SHOWN].to_dict("records")]
    caption = "Remedies by chips powered per dollar, to first order"
    return Table(HEAD, rows, caption, numbers_from=4, note=NOTE) if rows else None


def _row(run: Reading, row: dict[Any, Any]) -> list[str]:
    cost, powered, rate, most = (row[name] for name in ("cost_musd", "powered_kh100e", "h100e_years_per_musd", "most_musd"))
    return [
        named(str(row["constraint"]), str(row["where"]), run.names),
        f"{row['amount']:,g} {row['unit']}",
        month_name(str(row["from_month"])),
        month_name(str(row["to_month"])),
        "not known" if _empty(cost) else usd(1e6 * float(cost)),
        usd(1e6 * float(row["saves_musd"])),
        "" if _empty(powered) else number(float(powered)),
        "" if _empty(rate) else number(float(rate)),
        "as stated" if _empty(most) else usd(1e6 * float(most)),
    ]


def _empty(value: Any) -> bool:
    """Whether a cell of a table holds no number."""
    return value is None or value != value
