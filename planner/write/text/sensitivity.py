"""Which assumptions decide, as lines for a terminal: for each headline the assumptions that move it most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from planner.formats import count, number, sentence
from planner.write.text.layout import table, wrapped

if TYPE_CHECKING:
    from planner.studies.global_sensitivity import GlobalSensitivity
    from planner.studies.sensitivity import Sensitivity

SHOWN = 5
TITLES = {
    "cost_musd": ("Cost, million USD", 1.0),
    "served_frac": ("Compute served, % of demand", 100.0),
    "dark_end_mh100e": ("Dark chips at the end, million H100e", 1.0),
    "displaced_end_mh100e": ("Chips retired early, million H100e", 1.0),
    "orbit_gap_usd_per_kw": ("Orbit: cost above value at best, USD per kW", 1.0),
}
"""Of what is compared: its words with the unit, and the factor to it."""

HEAD = ("assumption", "low", "change", "high", "change")
PAIR_HEAD = ("first", "second", "together", "sum", "interaction")
PAIR_BY = "objective_musd"
PAIR_TITLE = "Two at once, million USD of cost and unserved compute at its value: their change, and the sum of each alone"


def sensitivity_lines(found: Sensitivity) -> list[str]:
    """A table a headline, the largest change first, then what has no plan or is refused."""
    rows = found.rows.to_dict("records")
    stated = {(str(row["assumption"]), str(row["end"])): str(row["stated"]) for row in rows}
    many = len({row["assumption"] for row in rows}) - 1
    lines = wrapped(f"{found.plan}: {count(many, 'assumption')}, each alone at its low and high end, the plan solved again.")
    for metric, (title, factor) in TITLES.items():
        ranked = found.ranked(metric, SHOWN)
        if not ranked:
            continue
        planned = f"{title}: {number(factor * float(rows[0][metric]), 5)} as planned"
        lines += table(HEAD, [_cells(name, ends, stated, factor) for name, ends in ranked], planned, left=(0, 1, 3))
    if len(found.pairs):
        lines += table(PAIR_HEAD, pair_cells(found), PAIR_TITLE, left=(0, 1))
    others = [row for row in rows if row["status"] != "optimal"]
    for row in others:
        reason = f": {row['note']}" if row["status"] == "refused" else ""
        lines += wrapped(sentence(f"{row['assumption']}, {row['end']} ({row['stated']}): {row['status']}{reason}"))
    return lines


def pair_cells(found: Sensitivity) -> list[list[str]]:
    """Rows under PAIR_HEAD, the largest interaction first, then those without a plan."""
    rows = found.pairs.assign(size=-found.pairs[f"{PAIR_BY}_interaction"].abs()).sort_values("size", kind="stable")
    return [
        [f"{row['first']}, {row['first_end']}", f"{row['second']}, {row['second_end']}"]
        + [signed(float(row[f"{PAIR_BY}_{what}"])) for what in ("together", "sum", "interaction")]
        for row in rows.to_dict("records")
    ]


GLOBAL_HEADS = {
    "mu_star": ("assumption", "mean size (mu*)", "95 % +-", "spread (sigma)"),
    "total_order": ("assumption", "in total, %", "95 % +-", "alone, %"),
}
"""By the column that ranks: the head of a table of indices."""


def global_lines(found: GlobalSensitivity) -> list[str]:
    """A table a headline: the assumptions that decide most when all change at once."""
    by, many = found.by_size, count(len(found.samples), "plan")
    morris = by == "mu_star"
    second, what = ("sigma", "change over its whole range") if morris else ("first_order", "share of the variance")
    lines = wrapped(f"{found.plan}: {many} in which all assumptions change at once, each solved to its optimum.")
    for metric, (title, factor) in TITLES.items():
        rows = found.rows[found.rows["headline"] == metric].to_dict("records")[:SHOWN]
        scale = factor if morris else 100.0
        cells = [[row["assumption"], *(number(scale * row[name], 3) for name in (by, f"{by}_conf95", second))] for row in rows]
        lines += table(GLOBAL_HEADS[by], cells, f"{title}: {what}") if rows else []
    without = int((found.samples["status"] != "optimal").sum())
    if without:
        lines += wrapped(f"{count(without, 'plan')} without an optimum: the groups of the sample that hold them do not count.")
    return lines


def signed(change: float) -> str:
    """A change with its sign; `no change` of zero, and `no plan` in place of no number."""
    if change == 0:
        return "no change"
    return f"{'+' if change > 0 else ''}{number(change, 4)}" if change == change else "no plan"


def _cells(name: str, ends: Mapping[str, float], stated: Mapping[tuple[str, str], str], factor: float) -> list[str]:
    cells = [name]
    for end in ("low", "high"):
        change = factor * ends[end] if end in ends else float("nan")
        cells += [stated.get((name, end), ""), signed(change)]
    return cells
