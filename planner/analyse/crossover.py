"""Where orbit becomes the cheapest place for the next chip, or how far it is from it: each threshold confirmed on both sides.

Duals give a first guess; the plan is then solved again a little below and a little above it. Where the guess does not
hold (the plan bends before the threshold is reached), the threshold is searched by halving. Every re-solve starts from the last
basis.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from models.data import PlanData
from planner.analyse.entry import Launch, entry_table
from planner.progress import Progress
from planner.solve.session import Session
from planner.solve.solution import Solution

if TYPE_CHECKING:
    from planner.read.plan import Plan

BOUNDARIES = ("facility", "energy")
WIDTH = 0.01  # a threshold is told between two solved plans that differ by this share
FEWEST_MW = 1e-3  # launched over the whole plan; less is dust
COLUMNS = ["boundary", "knob", "factor_out", "factor_in", "value_out", "value_in", "unit", "launched_mw_in", "text"]


@dataclass(frozen=True)
class Knob:
    """One number that could bring orbit in, as a factor on what the plan says, up to the farthest that is tried."""

    name: str
    unit: str
    now: float  # what the factor 1 stands for, in the unit
    farthest: float
    turn: Callable[[PlanData, float], PlanData]


@dataclass(frozen=True)
class Threshold:
    """Between ``factor_out`` (solved: nothing flies) and ``factor_in`` (solved: something does); None: not even at the end."""

    knob: Knob
    factor_out: float
    factor_in: float | None
    launched_mw: float


@dataclass(frozen=True)
class Crossover:
    """``thresholds``: one row a boundary and number (COLUMNS). ``entries``: by boundary, the distance by month of launch."""

    thresholds: pd.DataFrame
    entries: dict[str, pd.DataFrame]

    def lines(self) -> list[str]:
        """Words for the terminal."""
        out = []
        for boundary, entry in self.entries.items():
            out.append(f"boundary {boundary}: {_month_words(entry)}")
            rows = self.thresholds[self.thresholds["boundary"] == boundary]
            out += [f"  {text}" for text in rows["text"]]
        return out


def crossover(plan: Plan, progress: Progress | None = None) -> Crossover:
    """Thresholds under each boundary, and for each boundary the distance by month of launch.

    The plan is solved in mode `value`, whatever it says: a value of compute is what orbit is measured against."""
    from planner.analyse.launches import launches
    from planner.read.plan_data import prepare

    progress = progress or Progress()
    launched, session = launches(plan), Session(progress)
    rows: list[tuple[object, ...]] = []
    entries = {}
    for boundary in BOUNDARIES:
        settings = plan.settings.model_copy(update={"boundary": boundary, "objective": "value"})
        data = prepare(dataclasses.replace(plan, settings=settings))
        base = session.solve(data)
        entries[boundary] = entry_table(base, launched)
        if flown(base) > FEWEST_MW:
            rows.append((boundary, "none", None, 1.0, None, None, "", flown(base), _already_words(base)))
            continue
        for knob in knobs(plan, data, launched):
            guess = _guess(knob, data, entries[boundary], launched)
            found = search(session, data, knob, guess)
            inside = found.factor_in
            ends = (knob.now * found.factor_out, None if inside is None else knob.now * inside)
            rows.append((boundary, knob.name, found.factor_out, inside, *ends, knob.unit, found.launched_mw, _words(found)))
    return Crossover(pd.DataFrame(rows, columns=COLUMNS), entries)


def knobs(plan: Plan, data: PlanData, launched: Mapping[str, Launch]) -> list[Knob]:
    """Launch price, mass of the platform, and value of compute."""
    last = len(data.months) - 1
    cheapest = min((launch.usd_per_kg[last] for launch in launched.values()), default=0.0)
    lightest = min(data.kg_per_kw.values(), default=0.0)
    value = sum(data.value_usd_per_h100e_h.values()) / max(len(data.value_usd_per_h100e_h), 1)
    platforms = _platforms(plan)
    return [
        Knob("launch price", "USD per kg, last month", cheapest, 0.0, lambda d, f: with_launch_price(d, launched, f)),
        Knob("mass", "kg per kW", lightest, 0.05, lambda d, f: with_mass(d, launched, platforms, f)),
        Knob("value of compute", "USD per H100e-hour, mean of classes", value, 8.0, with_value),
    ]


def search(session: Session, data: PlanData, knob: Knob, guess: float) -> Threshold:
    """Bracket the factor at which something first flies to within WIDTH, or say that nothing does at the farthest."""
    inward = -1.0 if knob.farthest < 1.0 else 1.0

    def launched_at(factor: float) -> float:
        return flown(session.solve(knob.turn(data, factor)))

    outside, inside, mw = 1.0, None, 0.0
    for factor in (guess * (1.0 - inward * WIDTH / 2), guess * (1.0 + inward * WIDTH / 2), knob.farthest):
        if inside is None and (factor - outside) * inward > 0 and (knob.farthest - factor) * inward >= 0:
            mw = launched_at(factor)
            if mw > FEWEST_MW:
                inside = factor
            else:
                outside = factor
    if inside is None:
        return Threshold(knob, knob.farthest, None, 0.0)
    while abs(inside - outside) > WIDTH * max(abs(inside), abs(outside)) * 1.001:
        middle = (inside + outside) / 2
        here = launched_at(middle)
        if here > FEWEST_MW:
            inside, mw = middle, here
        else:
            outside = middle
    return Threshold(knob, outside, inside, mw)


def flown(solution: Solution) -> float:
    """MW launched over the whole plan."""
    d = solution.data
    orbit = set(d.designs)
    return sum(d.kw_per_unit[g] * kunit for (x, g, _), kunit in solution.values["deploy"].items() if x in orbit)


# ---- turning one number


def with_launch_price(d: PlanData, launched: Mapping[str, Launch], factor: float) -> PlanData:
    """Every launch price times a factor: capital, and the charge in proportion to it, move with it."""
    share = {
        (o, v): 1.0
        + launch.usd_per_kw_per_usd_per_kg * (factor - 1.0) * launch.usd_per_kg[v - 1] / launch.capital_usd_per_kw[v - 1]
        for o, launch in launched.items()
        for v in range(1, len(d.months) + 1)
    }
    charge = {(o, v, t): usd * share[o, v] for (o, v, t), usd in d.orbit_charge_usd_per_kw.items()}
    return dataclasses.replace(d, orbit_charge_usd_per_kw=charge)


def with_mass(
    d: PlanData, launched: Mapping[str, Launch], platforms: Mapping[str, tuple[float, float]], factor: float
) -> PlanData:
    """Every platform's mass times a factor; building costs by the kg without IT, launching by every kg.

    A lighter platform is the same as more tonnes, so the tonnage moves and the matrix of the plan stays. Maintenance, a share
    of the price of the hardware, is left as it is: the threshold is told a little too hard, never too easy."""
    share = {}
    for o, launch in launched.items():
        build_usd_per_kg, kg_per_kw = platforms[o]
        insured = launch.usd_per_kw_per_usd_per_kg / kg_per_kw  # 1 + insurance
        for v in range(1, len(d.months) + 1):
            saved = (factor - 1.0) * kg_per_kw * (build_usd_per_kg + launch.usd_per_kg[v - 1]) * insured
            share[o, v] = max(0.0, 1.0 + saved / launch.capital_usd_per_kw[v - 1])
    charge = {(o, v, t): usd * share[o, v] for (o, v, t), usd in d.orbit_charge_usd_per_kw.items()}
    return dataclasses.replace(
        d, orbit_charge_usd_per_kw=charge, launch_t={t: tonnes / factor for t, tonnes in d.launch_t.items()}
    )


def with_value(d: PlanData, factor: float) -> PlanData:
    """Every value of compute times a factor, of the core and of the rest."""
    return dataclasses.replace(
        d,
        value_usd_per_h100e_h={w: usd * factor for w, usd in d.value_usd_per_h100e_h.items()},
        core_value_usd_per_h100e_h={w: usd * factor for w, usd in d.core_value_usd_per_h100e_h.items()},
    )


def _platforms(plan: Plan) -> dict[str, tuple[float, float]]:
    """(build USD per kg, kg per kW) of each design."""
    from planner.physics.sizing import platform
    from planner.read.prepare_orbit import orbital_designs

    designs = orbital_designs(plan.tables["designs"])
    return {design.design_id: (design.build_usd_per_kg, platform(design).mass.total_kg_per_kw) for design in designs}


def _guess(knob: Knob, data: PlanData, entry: pd.DataFrame, launched: Mapping[str, Launch]) -> float:
    """The factor at which duals say that the first launch pays, among the months that have tonnes."""
    number = {name: t for t, name in enumerate(data.months, start=1)}
    factors = []
    for row in entry.to_dict("records"):
        if data.launch_t.get(number[str(row["month"])], 0.0) <= 0:
            continue
        even = row["break_even_launch_usd_per_kg"]
        if knob.name == "value of compute" and pd.notna(row["flip_value_factor"]):
            factors.append(float(row["flip_value_factor"]))
        elif knob.name == "launch price" and pd.notna(even):
            factors.append(float(even) / float(row["launch_usd_per_kg"]))
        elif knob.name == "mass" and pd.notna(row["flip_value_factor"]):
            factors.append(1.0 / float(row["flip_value_factor"]))
    if not factors:
        return knob.farthest
    best = min(factors) if knob.farthest > 1.0 else max(factors)
    low, high = sorted((1.0, knob.farthest))
    return min(max(best, low), high)


def _words(found: Threshold) -> str:
    knob = found.knob
    if found.factor_in is None:
        end = knob.now * knob.farthest
        free = "not even a free launch brings orbit in" if knob.farthest == 0.0 else f"not even at {end:,.4g} {knob.unit}"
        return f"{knob.name}: {free}"
    middle = (found.factor_out + found.factor_in) / 2
    return (
        f"{knob.name}: orbit enters at {middle:.3f} times the plan's, about {knob.now * middle:,.4g} {knob.unit} "
        f"instead of {knob.now:,.4g} (solved on both sides: nothing at {found.factor_out:.3f}, "
        f"{found.launched_mw:,.1f} MW at {found.factor_in:.3f})"
    )


def _month_words(entry: pd.DataFrame) -> str:
    """The month in which orbit becomes the cheapest place for the next chip, or where it is closest."""
    serving = entry[entry["cost_usd_per_h100e_h"].notna() & entry["flip_value_factor"].notna()]
    if serving.empty:
        return "no launch in this plan would serve within it"
    cheapest = serving[serving["gap_usd_per_kw"] <= 0.0]
    if len(cheapest):
        first = cheapest.to_dict("records")[0]
        return f"orbit is the cheapest place for the next chip from {first['month']} on ({first['design_id']})"
    best = serving.to_dict("records")[int(serving["flip_value_factor"].to_numpy(dtype=float).argmin())]
    gap, cost = float(best["gap_usd_per_kw"]), float(best["cost_usd_per_kw"])
    return (
        f"in no month is orbit the cheapest place for the next chip; closest in {best['month']} ({best['design_id']}): "
        f"{gap:,.0f} of {cost:,.0f} USD per kW too dear ({gap / cost:.0%})"
    )


def _already_words(base: Solution) -> str:
    d = base.data
    first = min(v for (x, _, v), kunit in base.values["deploy"].items() if x in d.designs and kunit * 1e3 > FEWEST_MW)
    return f"orbit is already in this plan: {flown(base):,.0f} MW, first launched in {d.months[first - 1]}"
