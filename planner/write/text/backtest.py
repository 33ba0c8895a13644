"""A backtest as lines for a terminal: what not knowing costs, and how far each plan is from the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.formats import count, fine_percent, number, span
from planner.write.text.layout import table, wrapped

if TYPE_CHECKING:
    from planner.studies.backtest.backtest import Backtest

HEAD = ("", "cost, million USD", "more", "paid, million USD", "more", "churn, MW per plan")
EXACT = 5e-8
"""A share that is no more than what the tolerances of many solves add up to."""

HARDLY = 0.01
"""Churn that is no more than this share of what is built is hardly any."""

FINE = 1e-4
"""Smaller shares are stated by one digit."""


def backtest_lines(found: Backtest) -> list[str]:
    """What was done, a row a variant, and what the columns mean."""
    rows = found.rows.to_dict("records")
    steps = "each month" if found.step == 1 else f"every {count(found.step, 'month')}"
    where = "as forecast" if found.truth == found.plan else f"in {found.truth}"
    lived = sorted(set(map(str, found.months["month"])))
    lead = f"{found.plan}: {span(lived)}, planned anew {steps}, carried out {where}."
    solved = [_cells(row) for row in rows if row["status"] == "optimal"]
    others = [f"{row['variant']}: {row['status']}, {row['note']}" for row in rows if row["status"] != "optimal"]
    meaning = (
        "Cost counts unserved compute at its value, paid does not. Churn is the MW of power and halls by which a plan differs "
        "from the plan before it, over all months that both have."
    )
    moved, built = (float(found.months[name].sum()) for name in ("churn_mw", "built_mw"))
    if found.lived_months > found.step and moved <= HARDLY * built:
        meaning += " Power and halls hardly move in these months."
    return [*wrapped(lead), "", *table(HEAD, solved), "", *wrapped(meaning), *(line for one in others for line in wrapped(one))]


def _cells(row: dict[Any, Any]) -> list[str]:
    foresight = row["freeze_months"] != row["freeze_months"]
    return [
        str(row["variant"]),
        number(row["objective_musd"], 7),
        "" if foresight else more(row["more_frac"]),
        number(row["paid_musd"], 7),
        "" if foresight else more(row["more_paid_frac"]),
        "" if foresight else number(row["churn_mw_per_month"]),
    ]


def more(share: float) -> str:
    """A share more or less, with a sign."""
    if abs(share) <= EXACT:
        return "none"
    size = fine_percent(abs(share)) if abs(share) < FINE else f"{100 * abs(share):.2f} %"
    return f"{'+' if share > 0 else '-'}{size}"
