"""What a run ends with: its headlines and, where a person is watching, chips by state and places as small bar charts."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence

import pandas as pd

from planner.result import Run
from planner.schema.glossary import GLOSSARY
from planner.write.names import Names
from planner.write.text.layout import GAP, fitted, wrapped
from planner.write.text.roll import since_words

NARROWEST, WIDEST = 60, 100
"""Columns of a terminal: below, nothing is drawn; beyond, bars grow no longer."""

MOST_MONTHS, MOST_PLACES = 8, 8
NAME = 26
STATES = (
    ("powered", "█", ("housed_kunit", "orbit_kunit", "commissioning_kunit")),
    ("retired early", "▒", ("displaced_kunit",)),
    ("dark", "░", ("dark_kunit",)),
)
"""Where a chip can be: name, mark, columns of `chips`."""

ORANGE, PLAIN = "\x1b[38;5;208m", "\x1b[0m"


def run_lines(done: Run) -> list[str]:
    """What was not verified, the sentences of the headlines, what H100e means, and the charts."""
    lines = done.verdict.lines()[: 2 if done.verdict.unproven else 1] if done.verdict.excepted else []
    lines += [line.text for line in done.summary if line.text]
    lines += [f"Since last month: {since_words(done.since)}"] if done.since is not None else []
    lines += ["", f"H100e: {GLOSSARY['H100e']}"] if any("H100e" in line for line in lines) else []
    return [*(part for line in lines for part in in_terminal(line)), *charts(done)]


def in_terminal(line: str) -> list[str]:
    """A line broken between words where a terminal would break it anywhere; in a file or a pipe it stays one line."""
    return wrapped(line, "", GAP) or [""] if sys.stdout is not None and sys.stdout.isatty() else [line]


def charts(done: Run) -> list[str]:
    """Nothing where nobody is watching, or where the terminal cannot show blocks."""
    if sys.stdout is None or not sys.stdout.isatty():
        return []
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    inputs = {name: pd.DataFrame(table.resolved) for name, table in done.result.plan.tables.items()}
    lines = chart_lines(done.tables, inputs, shutil.get_terminal_size((0, 0)).columns, colour)
    try:
        "".join(lines).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return []
    return lines


def chart_lines(
    tables: Mapping[str, pd.DataFrame], inputs: Mapping[str, pd.DataFrame], width: int, colour: bool = False
) -> list[str]:
    """Both charts, no line wider than ``width`` columns; nothing where that is too narrow or nothing stands anywhere."""
    if width < NARROWEST:
        return []
    width = min(width, WIDEST)
    return [*_pile(tables["chips"], inputs["accelerators"], width, colour), *_places(tables["fleet"], inputs, width)]


def _pile(chips: pd.DataFrame, accelerators: pd.DataFrame, width: int, colour: bool) -> list[str]:
    """A bar a month: what is powered, retired early and dark, in GW of IT."""
    per_unit = dict(zip(accelerators["generation_id"], accelerators["kw_per_unit"].astype(float), strict=True))
    gw = chips["generation_id"].map(per_unit).astype(float) / 1e3
    sums = {
        name: (chips[list(columns)].sum(axis=1) * gw).groupby(chips["month"]).sum().to_dict() for name, _, columns in STATES
    }
    months = sorted(str(month) for month in sums["dark"])
    totals = {month: sum(float(each[month]) for each in sums.values()) for month in months}
    most = max(totals.values(), default=0.0)
    if not most > 0:
        return []
    dark = {month: float(sums["dark"][month]) for month in months}
    told = {month: f"{totals[month]:,.1f}" + (f", dark {dark[month]:,.1f}" if dark[month] >= 0.05 else "") for month in months}
    room = width - 13 - max(map(len, told.values()))
    lines = ["", "Accelerators, GW of IT: " + "  ".join(f"{mark} {name}" for name, mark, _ in STATES)]
    for month in _some(months):
        bar, so_far, drawn = "", 0.0, 0
        for name, mark, _ in STATES:
            so_far += float(sums[name][month])
            piece = mark * (round(room * so_far / most) - drawn)
            drawn += len(piece)
            bar += f"{ORANGE}{piece}{PLAIN}" if colour and piece and name == "dark" else piece
        lines.append(f"  {month}  {bar}{' ' * (room - drawn)}  {told[month]}")
    return lines


def _places(fleet: pd.DataFrame, inputs: Mapping[str, pd.DataFrame], width: int) -> list[str]:
    """A bar a place, the largest in the end first, what stood there in the first month within it."""
    months = sorted(fleet["month"].unique())
    if not months:
        return []
    first, last = (
        fleet[fleet["month"] == month].groupby("place_id")["it_nameplate_mw"].sum() / 1e3 for month in (months[0], months[-1])
    )
    places = sorted({str(place) for place in (*first.index, *last.index)})
    ends = [(place, float(first.get(place, 0.0)), float(last.get(place, 0.0))) for place in places]
    ends = sorted((each for each in ends if max(each[1:]) > 0), key=lambda each: (-each[2], each[0]))
    if not ends:
        return []
    names = Names(inputs)
    shown, rest = ends[:MOST_PLACES], ends[MOST_PLACES:]
    if rest:
        shown.append((f"{len(rest)} other places", sum(each[1] for each in rest), sum(each[2] for each in rest)))
    one, most = len(months) == 1, max(max(now, then) for _, now, then in ends)
    told = [f"{then:,.2f}" if one else f"{now:,.2f} to {then:,.2f}" for _, now, then in shown]
    room = width - NAME - 5 - max(map(len, told))
    lines = ["", "IT by place, GW" + ("" if one else f": █ {months[0]}, ░ grown by {months[-1]}")]
    for number, (place, now, then) in enumerate(shown):
        bar = _grown(now / most, then / most, room) if number < MOST_PLACES else ""  # the others together are no place
        lines.append(f"  {fitted(names(place), NAME)} {bar.ljust(room)}  {told[number]}")
    return lines


def _grown(now: float, then: float, room: int) -> str:
    low, high = round(room * min(now, then)), round(room * then)
    return "█" * low + "░" * (high - low)


def _some(months: Sequence[str]) -> list[str]:
    """The last month, and others before it in equal steps."""
    step = -(-len(months) // MOST_MONTHS)
    return list(months[::-1][::step][::-1])
