"""The numbers that could bring orbit into a plan or keep it out, and the factor on each at which that happens."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.data import PlanData
from planner.prepare.orbit import Launch
from planner.solve.session import Session
from planner.solve.solution import Solution

WIDTH = 0.01  # a threshold lies between two solved plans that differ by this share
FEWEST_MW = 1e-3  # launched over the whole plan; less is a rounding error

KNOBS = LAUNCH_PRICE, MASS, VALUE = "launch price", "mass", "value of compute"
"""The names of the numbers."""


@dataclass(frozen=True)
class Knob:
    """One number that could bring orbit in or keep it out, as a factor on what the plan says."""

    name: str
    unit: str
    now: float  # what the factor 1 stands for, in the unit
    toward_orbit: float  # the farthest factor tried that helps orbit
    away: float  # and the farthest that hinders it
    turn: Callable[[PlanData, float], PlanData]
    of: str = "the plan's"


@dataclass(frozen=True)
class Threshold:
    """Between ``same`` (solved: as in the plan) and ``flipped`` (solved: the other way); None: not even at the farthest."""

    knob: Knob
    flies: bool
    same: float
    flipped: float | None


def knobs(data: PlanData, launches: Mapping[str, Launch]) -> list[Knob]:
    """Launch price, mass of the platform, and value of compute."""
    cheapest = min((launch.usd_per_kg[len(data.horizon) - 1] for launch in launches.values()), default=0.0)
    per_kg = f"USD per kg in {data.horizon[-1]}"
    lightest = min(data.kg_per_kw.values(), default=0.0)
    value = data.mean_value_usd_per_h100e_h
    return [
        Knob(LAUNCH_PRICE, per_kg, cheapest, 0.0, 20.0, lambda d, f: with_launch_price(d, launches, f), "every month's"),
        Knob(MASS, "kg per kW", lightest, 0.05, 5.0, lambda d, f: with_mass(d, launches, f)),
        Knob(VALUE, "USD per H100e-hour, mean of classes", value, 8.0, 0.02, with_value),
    ]


def with_launch_price(d: PlanData, launches: Mapping[str, Launch], factor: float) -> PlanData:
    """Every launch price times a factor: capital, and the charge in proportion to it, move with it."""
    more = {
        o: [(factor - 1.0) * usd * launch.usd_per_kw_per_usd_per_kg for usd in launch.usd_per_kg]
        for o, launch in launches.items()
    }
    return dataclasses.replace(d, orbit_charge_usd_per_kw=_charges(d, launches, more))


def with_mass(d: PlanData, launches: Mapping[str, Launch], factor: float) -> PlanData:
    """Every platform's mass times a factor; building costs by the kg without IT, launching by every kg.

    A lighter platform is the same as more tonnes, so the tonnage moves and the matrix of the plan stays. Maintenance, a share
    of the price of the hardware, is left as it is: the threshold is a little too strict, never too lenient."""
    more = {
        o: [(factor - 1.0) * (launch.build_usd_per_kg + usd) * launch.usd_per_kw_per_usd_per_kg for usd in launch.usd_per_kg]
        for o, launch in launches.items()
    }
    return dataclasses.replace(
        d,
        orbit_charge_usd_per_kw=_charges(d, launches, more),
        launch_t={t: tonnes / factor for t, tonnes in d.launch_t.items()},
    )


def with_value(d: PlanData, factor: float) -> PlanData:
    """Every value of compute times a factor, of the core and of the rest."""
    return dataclasses.replace(
        d,
        value_usd_per_h100e_h={wt: usd * factor for wt, usd in d.value_usd_per_h100e_h.items()},
        core_value_usd_per_h100e_h={wt: usd * factor for wt, usd in d.core_value_usd_per_h100e_h.items()},
    )


def _charges(
    d: PlanData, launches: Mapping[str, Launch], more_usd_per_kw: Mapping[str, list[float]]
) -> dict[tuple[str, int, int], float]:
    """The charge of each vintage in proportion to its capital, when that changes by so much; it never falls below zero."""
    share = {
        (o, v): max(0.0, 1.0 + more / capital)
        for o, launch in launches.items()
        for v, (more, capital) in enumerate(zip(more_usd_per_kw[o], launch.capital_usd_per_kw, strict=True), start=1)
    }
    return {(o, v, t): usd * share[o, v] for (o, v, t), usd in d.orbit_charge_usd_per_kw.items()}


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
    """MW launched within the horizon."""
    d = solution.data
    orbit, last = set(d.designs), len(d.horizon)
    deployed = solution.values["deploy"].items()
    return sum(d.kw_per_unit[g] * kunit for (x, g, t), kunit in deployed if x in orbit and t <= last)
