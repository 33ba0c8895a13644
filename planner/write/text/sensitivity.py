"""Which assumptions decide, as lines for a terminal: for each headline the assumptions that move it most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from planner.formats import count, number, sentence
from planner.write.text.layout import table, wrapped

if TYPE_CHECKING:
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
    others = [row for row in rows if row["status"] != "optimal"]
    for row in others:
        reason = f": {row['note']}" if row["status"] == "refused" else ""
        lines += wrapped(sentence(f"{row['assumption']}, {row['end']} ({row['stated']}): {row['status']}{reason}"))
    return lines


def _cells(name: str, ends: Mapping[str, float], stated: Mapping[tuple[str, str], str], factor: float) -> list[str]:
    cells = [name]
    for end in ("low", "high"):
        change = factor * ends[end] if end in ends else float("nan")
        cells += [
            stated.get((name, end), ""),
            f"{'+' if change > 0 else ''}{number(change, 4)}" if change == change else "no plan",
        ]
    return cells
