"""Whether a time limit leaves room for a plan at all: how large its program will be, and what making it takes."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import PlanData
from planner.codes import Remark
from planner.deadline import Deadline
from planner.findings import Notice, argument_place

SECONDS_A_COLUMN = 25e-6
"""To build a program and make a plan that adds nothing, by nothing else on the machine (docs/speed.md)."""

COLUMNS = 0.78
"""Of what the tables could make a column, so many are one; the others are known to be zero."""

OVER_S, OVER = 3.0, 0.1
"""What a command may take beyond its limit: seconds, and a share of the limit."""


def check_time_limit(data: PlanData, deadline: Deadline) -> Iterator[Notice]:
    """A limit that ends before the smallest plan is made."""
    if deadline.seconds is None:
        return
    columns = columns_about(data)
    needed = deadline.spent + SECONDS_A_COLUMN * columns
    if needed > deadline.seconds * (1.0 + OVER) + OVER_S:
        text = (
            f"a plan of about {columns:,.0f} columns needs about {needed:.0f} s before there is a plan at all, more than the "
        )
        text += f"limit of {deadline.seconds:g} s: the command takes that long, and its plan adds nothing to what is installed "
        yield Notice(Remark.W_TIME_LIMIT, text + "and signed", argument_place(f"{deadline.seconds:g}", "--time-limit"))


def columns_about(data: PlanData) -> int:
    """Columns of the program of a plan, to a fifth or so."""
    months, slices = len(data.months), len(data.slices)
    since = {g: t for (g, t), kunit in sorted(data.delivered_kunit.items(), key=lambda each: -each[0][1]) if kunit > 0}
    since |= {g: 1 for g, kunit in data.start_dark_kunit.items() if kunit > 0}
    started = {key for key, kunit in data.start_installed_kunit.items() if kunit > 0}
    kept = sum(
        months + 1 - (1 if (x, g) in started else since[g]) for x, g in data.placeable if g in since or (x, g) in started
    )
    ages = 3 * sum(kunit > 0 for kunit in data.start_installed_kunit.values())
    options = sum(
        any(data.step_mw.get((r, p, t), 0.0) > 0 for t in (1, months)) or data.start_mw[r, p] > 0 for r, p in data.options
    )
    a_month = ages + options * (2 + slices) + len(data.servable) + 2 * len(data.regions)
    return round(COLUMNS * (months * a_month + kept * (3 + slices)))
