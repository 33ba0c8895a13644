"""Targets, shares and reserved capacity: what each states and reaches, what is missed or short, and what it costs."""

from __future__ import annotations

import pandas as pd

from planner.formats import compute, month_name, percent, span, usd
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading

KINDS = {"target": "target, at least", "least_share": "share, at least", "greatest_share": "share, at most"}
HEAD = ["target or share", "kind", "months", "stated", "reached at worst", "missed in", "penalties", "price at most", "in"]
RESERVED = ["customer", "where", "months", "reserved", "used", "short in", "paid", "not used", "price at most", "in"]
PRICE = "The price is what one thousand H100e less required or reserved, or more allowed, would save in that month."


def section(run: Reading) -> Section | None:
    """One row a target or share; nothing for a plan without any."""
    targets, reservations = run.table("targets"), run.table("reservations")
    tables = []
    if len(targets):
        rows = [_row(str(rule), str(name), rows) for (rule, name), rows in targets.groupby(["rule", "target_id"], sort=False)]
        tables.append(Table(HEAD, rows, "Targets and shares, over the months in which each holds", numbers_from=3))
    if len(reservations):
        rows = [_reserved(run, str(name), rows) for name, rows in reservations.groupby("reservation_id", sort=False)]
        tables.append(Table(RESERVED, rows, "Reserved capacity, over the months in which it holds", numbers_from=3))
    if not tables:
        return None
    lead = f"How much of a demand is to be served, and where; capacity that stands for customers. {PRICE}"
    return Section("targets", "What was agreed with customers", lead=lead, tables=tables)


def _row(rule: str, name: str, rows: pd.DataFrame) -> list[str]:
    stated, reached = rows["stated_frac"].astype(float), rows["reached_frac"].astype(float)
    least, most = float(stated.min()), float(stated.max())
    worst = float(reached.max() if rule == "greatest_share" else reached.min())
    missed = rows["missed_kh100e"] > 1e-6 * rows["stated_kh100e"]
    return [
        name,
        KINDS.get(rule, rule),
        span([str(month) for month in rows["month"]]),
        percent(least) if least == most else f"{percent(least)} to {percent(most)}",
        percent(worst) if worst == worst else "",
        f"{int(missed.sum())} of {len(rows)}" if rule == "target" else "",
        usd(1e6 * float(rows["penalty_musd"].sum())) if missed.any() else "",
        *_price(rows),
    ]


def _reserved(run: Reading, name: str, rows: pd.DataFrame) -> list[str]:
    stated = run.inputs["reservations"].set_index("reservation_id").loc[name]
    mean = {column: float(rows[f"{column}_kh100e"].mean()) for column in ("reserved", "used")}
    short = rows["short_kh100e"] > 1e-6 * rows["reserved_kh100e"]
    penalty, paid, unused = (1e6 * float(rows[f"{column}_musd"].sum()) for column in ("penalty", "paid", "unused"))
    return [
        str(stated.get("customer") or name),
        run.names(str(stated["region_id"])),
        span([str(month) for month in rows["month"]]),
        compute(mean["reserved"]),
        compute(mean["used"]),
        f"{int(short.sum())} of {len(rows)}" + (f", {usd(penalty)}" if penalty else ""),
        usd(paid) if paid else "",
        usd(unused) if paid else "",
        *_price(rows),
    ]


def _price(rows: pd.DataFrame) -> tuple[str, str]:
    """The highest price and its month."""
    worth, months = rows["worth_usd"].astype(float).fillna(0.0).tolist(), rows["month"].tolist()
    dearest = max(range(len(worth)), key=worth.__getitem__)
    return (usd(worth[dearest]), month_name(str(months[dearest]))) if worth[dearest] > 0 else ("0", "")
