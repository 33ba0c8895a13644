"""What would overturn a plan, in words and cells for every medium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.formats import compute, percent, usd
from planner.schema.results import NOTHING_ORDERED
from planner.write.names import Names

HEAD = ("assumption", "overturns", "first orders", "of them as planned", "chips elsewhere", "served at the end", "cost")
TITLE = "What would overturn this"
LEAD = (
    "Each assumption changed alone and the plan solved again. First orders: capital to order in the first 3 months, and the "
    "share of the orders planned now that stays. Chips elsewhere: the share of capacity at the end that is in another place. A "
    "row overturns the plan where less than 80 % of the first orders stay, they are over a quarter larger, more than 10 % "
    "of capacity is elsewhere, another site is the largest, or orbit enters or leaves."
)

Row = Mapping[Any, Any]


def assumption(row: Row, names: Names) -> str:
    """What is assumed in a row."""
    what, value = str(row["assumption"]), row.get("value")
    if value is None or _unchanged(row):
        return what[:1].upper() + what[1:]
    if row["change"] == "to":
        return f"Firm power for {100.0 * float(value):.3g} % of nameplate"
    changed = {0.25: "at a quarter", 0.5: "halved", 2.0: "doubled"}.get(float(value))
    if changed is None:
        changed = f"{100.0 * abs(float(value) - 1.0):.3g} % {'lower' if value < 1 else 'higher'}"
    if row.get("place"):
        return f"Grid growth {changed}, {names(str(row['place']))}"
    return f"{what[:1].upper()}{what[1:]} {changed}"


def cells(row: Row, names: Names) -> tuple[str, ...]:
    """A row under HEAD."""
    first = assumption(row, names)
    if row["status"] != "optimal":
        return (first, "no plan meets all limits", *[""] * (len(HEAD) - 2))
    plan = _unchanged(row)
    said = str(row["overturns"] or "")
    said = said.replace("largest site", f"largest site: {names(str(row['largest_place']))}")
    return (
        first,
        "" if plan else said or "nothing",
        usd(1e6 * float(row["first_orders_musd"])),
        percent(float(row["first_orders_kept_frac"])),
        percent(round(float(row["elsewhere_frac"]), 4)),
        percent(float(row["served_end_frac"])),
        usd(1e6 * float(row["cost_musd"])),
    )


def sentence_of(rows: Sequence[Row], names: Names) -> str:
    """The rows in one sentence."""
    changed = [row for row in rows if not _unchanged(row)]
    turned = [row for row in changed if row["status"] != "optimal" or row["overturns"]]
    if not changed:
        return ""
    if not turned:
        return f"None of {len(changed)} changes of assumptions overturns the plan"
    words = [f"{_lower(assumption(row, names))} ({_turned(row, names)})" for row in turned]
    return f"{len(turned)} of {len(changed)} changes of assumptions overturn the plan: {'; '.join(words)}"


def _unchanged(row: Row) -> bool:
    """Whether no assumption is changed: the plan itself, or the plan if nothing is ordered."""
    value = row.get("value")
    return value is None or value != value


def if_nothing_is_ordered(rows: Sequence[Row], end: str) -> str:
    """What comes of the plan if nothing is ordered but what is signed or under way, in one sentence; ``end``: its last month.
    Nothing where it was not solved."""
    found = next((row for row in rows if row["assumption"] == NOTHING_ORDERED), None)
    if found is None:
        return ""
    if found["status"] != "optimal":
        return (
            "If nothing more is ordered, no plan meets all limits: what was agreed cannot be kept with what exists or is signed"
        )
    base = rows[0]
    share, planned = (percent(float(row["served_end_frac"])) for row in (found, base))
    dark, expected = (compute(1e3 * float(row["dark_end_mh100e"])) for row in (found, base))
    saved = 1e6 * (float(base["cost_musd"]) - float(found["cost_musd"]))
    lost = 1e6 * (float(found["unserved_musd"]) - float(base["unserved_musd"]))
    said = f"If nothing more is ordered, {share} of demand is served in {end} ({planned} as planned) and {dark} are dark "
    said += (
        f"({expected} as planned); the discounted cost is {usd(abs(saved))} {'lower' if saved >= 0 else 'higher'}, and compute "
    )
    return f"{said}worth {usd(abs(lost))} {'more' if lost >= 0 else 'less'} goes unserved"


def _turned(row: Row, names: Names) -> str:
    if row["status"] != "optimal":
        return "no plan meets all limits"
    said = str(row["overturns"]).replace("; ", ", ")
    kept = f"first orders: {percent(float(row['first_orders_kept_frac']))} stay"
    said = ", ".join(kept if each == "first orders" else each for each in said.split(", "))
    return said.replace("largest site", f"largest site: {names(str(row['largest_place']))}")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
