"""Where orbit becomes the cheapest place for the next chip, or how far it is from it: each threshold confirmed on both sides.

Duals give a first guess; the plan is then solved again a little below and a little above it. Where the guess does not
hold (the plan bends before the threshold is reached), the threshold is searched by halving. Every re-solve starts from the last
basis.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pandas as pd

from models.data import PlanData
from planner.plan.plan import Plan
from planner.prepare.launches import launches
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.solve.session import Session
from planner.solve.solution import Solution
from planner.studies.agreement import agreement
from planner.studies.knobs import Knob, knobs
from planner.tables.orbit_entry import entry_table

BOUNDARIES = ("facility", "energy")
WIDTH = 0.01  # a threshold is told between two solved plans that differ by this share
FEWEST_MW = 1e-3  # launched over the whole plan; less is dust
COLUMNS = [
    "boundary",
    "knob",
    "flies",
    "factor_same",
    "factor_flipped",
    "value_now",
    "value_same",
    "value_flipped",
    "unit",
    "text",
]


@dataclass(frozen=True)
class Threshold:
    """Between ``same`` (solved: as in the plan) and ``flipped`` (solved: the other way); None: not even at the farthest."""

    knob: Knob
    flies: bool
    same: float
    flipped: float | None


@dataclass(frozen=True)
class Crossover:
    """``thresholds``: one row a boundary and number (COLUMNS). ``entries``: by boundary, the distance by month of
    launch. ``tonnes``: by boundary, in words. ``agreement``: why the boundaries agree, in words; empty where they do not."""

    thresholds: pd.DataFrame
    entries: dict[str, pd.DataFrame]
    tonnes: dict[str, str]
    agreement: str

    def lines(self) -> list[str]:
        """Words for the terminal."""
        out = []
        for boundary, entry in self.entries.items():
            out.append(f"boundary {boundary}: {_month_words(entry)}")
            rows = self.thresholds[self.thresholds["boundary"] == boundary]
            out += [f"  {text}" for text in (*rows["text"], self.tonnes[boundary])]
        return [*out, self.agreement] if self.agreement else out


def crossover(plan: Plan, progress: Progress | None = None) -> Crossover:
    """Thresholds under each boundary, and for each boundary the distance by month of launch.

    The plan is solved in mode `value`, whatever it says: a value of compute is what orbit is measured against."""
    progress = progress or Progress()
    launched, session = launches(plan), Session(progress)
    rows: list[tuple[object, ...]] = []
    entries, tonnes, closest_of = {}, {}, []
    for boundary in BOUNDARIES:
        settings = plan.settings.model_copy(update={"boundary": boundary, "objective": "value"})
        data = prepare(dataclasses.replace(plan, settings=settings))
        base = session.solve(data)
        entries[boundary], tonnes[boundary] = entry_table(base, launched), _tonnes_words(base)
        closest_of.append((base, closest(entries[boundary])))
        for knob in knobs(plan, data, launched):
            found = search(session, data, knob, _guess(knob, data, entries[boundary]), flown(base) > FEWEST_MW)
            same, flipped = found.same, found.flipped
            values = (knob.now, knob.now * same, None if flipped is None else knob.now * flipped)
            rows.append((boundary, knob.name, "yes" if found.flies else "no", same, flipped, *values, knob.unit, _words(found)))
    return Crossover(pd.DataFrame(rows, columns=COLUMNS), entries, tonnes, agreement(closest_of))


def search(session: Session, data: PlanData, knob: Knob, guess: float, flies: bool) -> Threshold:
    """Bracket, to within WIDTH, the factor at which the plan first does the other thing: launches something, or nothing."""
    farthest = knob.away if flies else knob.toward_orbit
    onward = 1.0 if farthest > 1.0 else -1.0

    def flips(factor: float) -> bool:
        return (flown(session.solve(knob.turn(data, factor))) > FEWEST_MW) != flies

    same, flipped = 1.0, None
    for factor in (guess * (1.0 - onward * WIDTH / 2), guess * (1.0 + onward * WIDTH / 2), farthest):
        if flipped is None and (factor - same) * onward > 0 and (farthest - factor) * onward >= 0:
            if flips(factor):
                flipped = factor
            else:
                same = factor
    if flipped is None:
        return Threshold(knob, flies, farthest, None)
    while abs(flipped - same) > WIDTH * max(abs(flipped), abs(same)) * 1.001:
        middle = (flipped + same) / 2
        if flips(middle):
            flipped = middle
        else:
            same = middle
    return Threshold(knob, flies, same, flipped)


def flown(solution: Solution) -> float:
    """MW launched over the whole plan."""
    d = solution.data
    orbit = set(d.designs)
    return sum(d.kw_per_unit[g] * kunit for (x, g, _), kunit in solution.values["deploy"].items() if x in orbit)


def _guess(knob: Knob, data: PlanData, entry: pd.DataFrame) -> float:
    """The factor at which duals say that the best launch just pays, among the months that have tonnes."""
    number = {name: t for t, name in enumerate(data.months, start=1)}
    factors = []
    for row in entry.to_dict("records"):
        if data.launch_t.get(number[str(row["month"])], 0.0) <= 0:
            continue
        even, flip = row["break_even_launch_usd_per_kg"], row["flip_value_factor"]
        if knob.name == "launch price" and pd.notna(even) and row["launch_usd_per_kg"]:
            factors.append(float(even) / float(row["launch_usd_per_kg"]))
        elif knob.name != "launch price" and pd.notna(flip):
            factors.append(float(flip) if knob.toward_orbit > 1.0 else 1.0 / float(flip))
    if not factors:
        return 1.0
    best = min(factors) if knob.toward_orbit > 1.0 else max(factors)
    low, high = sorted((knob.away, knob.toward_orbit))
    return min(max(best, low), high)


def _words(found: Threshold) -> str:
    knob, verb = found.knob, "leaves" if found.flies else "enters"
    if found.flipped is None:
        if found.flies:
            return f"{knob.name}: orbit stays in even at {found.same:g} times, {knob.now * found.same:,.4g} {knob.unit}"
        if found.same == 0.0:
            return f"{knob.name}: not even for nothing does orbit enter"
        return f"{knob.name}: orbit stays out even at {found.same:g} times, {knob.now * found.same:,.4g} {knob.unit}"
    middle = (found.same + found.flipped) / 2
    return (
        f"{knob.name}: orbit {verb} at {middle:.3f} times {knob.of}, about {knob.now * middle:,.4g} {knob.unit} "
        f"instead of {knob.now:,.4g} (solved at {found.same:.3f}: as it is; at {found.flipped:.3f}: {verb})"
    )


def _tonnes_words(base: Solution) -> str:
    """What more tonnes to orbit would do: nothing while launching does not pay, else what the dearest of them is worth."""
    d = base.data
    worth = {t: 1e6 * usd / d.discount[t] for t, usd in base.prices.get("limit_launch_mass", {}).items()}
    if flown(base) <= FEWEST_MW:
        return "tonnes: more of them would not bring orbit in; one of the above must come first"
    best = max(worth, key=lambda t: worth[t])
    if worth[best] < 1.0:
        return "tonnes: there are enough of them"
    short = sum(1 for usd in worth.values() if usd >= 1.0)
    return f"tonnes: short in {short} months; one more is worth up to {worth[best]:,.0f} USD ({d.months[best - 1]})"


def _serving(entry: pd.DataFrame) -> pd.DataFrame:
    """The launches that would serve within the plan."""
    return entry[entry["cost_usd_per_h100e_h"].notna() & entry["flip_value_factor"].notna()]


def closest(entry: pd.DataFrame) -> dict[str, Any] | None:
    """The launch that is closest to paying, relative to what it costs; None where none would serve."""
    serving = _serving(entry)
    if serving.empty:
        return None
    row = serving.to_dict("records")[int(serving["flip_value_factor"].to_numpy(dtype=float).argmin())]
    return {str(name): value for name, value in row.items()}


def _month_words(entry: pd.DataFrame) -> str:
    """The month in which orbit becomes the cheapest place for the next chip, or where it is closest."""
    serving, best = _serving(entry), closest(entry)
    if best is None:
        return "no launch in this plan would serve within it"
    cheapest = serving[serving["gap_usd_per_kw"] <= 0.0]
    if len(cheapest):
        first = cheapest.to_dict("records")[0]
        return f"orbit is the cheapest place for the next chip from {first['month']} on ({first['design_id']})"
    gap, cost = float(best["gap_usd_per_kw"]), float(best["cost_usd_per_kw"])
    return (
        f"in no month is orbit the cheapest place for the next chip; closest in {best['month']} ({best['design_id']}): "
        f"{gap:,.0f} of {cost:,.0f} USD per kW too dear ({gap / cost:.0%})"
    )
