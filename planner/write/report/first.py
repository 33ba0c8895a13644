"""What to do first: orders of the first months, and remedies of the tight limits, what saves most above its cost first. What
would overturn that, and which totals are firm, where it was asked."""

from __future__ import annotations

from typing import Any

from planner.formats import month_name, number, percent, sentence, usd
from planner.schema.glossary import WHAT_FIRST
from planner.write import overturned as words, ranged
from planner.write.names import named
from planner.write.questions import TITLE as QUESTIONS, questions
from planner.write.report import orders
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading

SHOWN = 10
HEAD = (
    *("limit", "saves", "capital", "costs within the study", "powers, thousand H100-equivalents (H100e)"),
    *("of those dark or retired early", "speeding up may cost, in all", "more a month", "from", "to"),
)
LEAD = "Orders of the first months, then remedies: more of a limit in each month in which it has a price."
NOTE = (
    "Capital: the full price of what is built; a contract takes none, since its energy is paid for as it is used. Costs: "
    "charges for that capital until the end, plus speeding up where its price is stated. Saves: what the plan saves before "
    "those costs, net of energy. It includes compute that no longer goes unserved, at the value that the plan states, so that "
    "not all of it is cash. Both are discounted. What saves most above its cost comes first. The numbers hold to first order: "
    "for small amounts (about a tenth of the limit), and for one remedy at a time. The command "
    "`planner explain RUN --remedies` solves the first ten again, and says how much of the saving is cash."
)


def section(run: Reading) -> Section | None:
    """Orders of the first months, and remedies; nothing where a run has neither."""
    shown, folded = orders.tables(run)
    tables = [*shown, *_remedies(run)]
    if not tables:
        return None
    remedies = run.table("remedies")
    more = [_row(run, row) for row in remedies[SHOWN:].to_dict("records")]
    folded += [Table(HEAD, more, "All other remedies")] if more else []
    lead = "" if remedies.empty else LEAD
    return Section("first", WHAT_FIRST, lead=lead, tables=tables, folded=folded, tables_first=True)


def asked(run: Reading) -> Section | None:
    """Plain questions, each with its sentence, its scope and its caveat."""
    found = questions(run.written, run.finished.facts).answers
    return Section("questions", QUESTIONS, answers=found) if found else None


def overturning(run: Reading) -> Section | None:
    """The sentence, what the columns mean, the rows."""
    rows = run.finished.facts.overturned
    if not rows:
        return None
    table = Table(words.HEAD, [words.cells(row, run.names) for row in rows], "One assumption changed at a time", numbers_from=2)
    said = sentence(words.sentence_of(rows, run.names))
    return Section("overturn", words.TITLE, lead=said, paragraphs=[words.LEAD], tables=[table], tables_first=True)


def overturned(run: Reading) -> list[str]:
    """The sentence for the head of the page."""
    said = words.sentence_of(run.finished.facts.overturned, run.names)
    return [sentence(said)] if said else []


def firmness(run: Reading) -> Section | None:
    """A table of ranges for each kind of total."""
    rows = run.finished.facts.ranges
    if not rows:
        return None
    tables = [
        Table(ranged.HEAD, [ranged.cells(row, run.names) for row in group], ranged.title(kind, group))
        for kind, group in ranged.kinds(rows).items()
    ]
    return Section("firm", ranged.TITLE, lead=ranged.lead(rows), tables=tables, tables_first=True)


def firm(run: Reading) -> list[str]:
    """The sentence on ranges for the head of the page."""
    said = ranged.sentence_of(run.finished.facts.ranges)
    return [sentence(said)] if said else []


def _remedies(run: Reading) -> list[Table]:
    """The first remedies."""
    rows = [_row(run, row) for row in run.table("remedies")[:SHOWN].to_dict("records")]
    caption = "Remedies by what they save above their cost, to first order"
    return [Table(HEAD, rows, caption, note=NOTE)] if rows else []


def _row(run: Reading, row: dict[Any, Any]) -> list[str]:
    names = ("capital_musd", "cost_musd", "powered_kh100e", "powered_frac", "most_musd")
    capital, cost, powered, share, most = (row.get(name, float("nan")) for name in names)  # earlier versions lack some
    return [
        named(str(row["constraint"]), str(row["where"]), run.names),
        usd(1e6 * float(row["saves_musd"])),
        "not known" if _empty(capital) else usd(1e6 * float(capital)),
        "not known" if _empty(cost) else usd(1e6 * float(cost)),
        "" if _empty(powered) else number(float(powered)),
        "" if _empty(share) else percent(float(share)),
        "as stated" if _empty(most) else usd(1e6 * float(most)),
        f"{row['amount']:,g} {row['unit']}",
        month_name(str(row["from_month"])),
        month_name(str(row["to_month"])),
    ]


def _empty(value: Any) -> bool:
    """Whether a cell of a table holds no number."""
    return value is None or value != value
