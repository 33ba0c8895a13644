"""Plans of any size, made from the shipped one: fewer of its regions, or copies of them with prices and paces of their own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from models.data import PlanData

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "inputs" / "reference.yaml"
SEED = 20270101
SPREAD = 0.05  # a copy's prices and paces differ from its original's by up to this


@dataclasses.dataclass(frozen=True)
class Size:
    """How many regions over how many months. The shipped plan has 40 regions and 36 months."""

    name: str
    regions: int
    months: int


SIZES = {
    size.name: size
    for size in (Size("tiny", 3, 6), Size("20k", 6, 36), Size("120k", 40, 36), Size("300k", 99, 36), Size("1M", 330, 36))
}

# Fields of PlanData whose first index is a place, by what a copy does with them.
BY_PLACE = (
    "start_installed_kunit survive_frac commission_months nameplate_frac availability_frac start_mw step_mw "
    "growth_frac_per_month committed_mw closed_mw firm_frac power_availability_frac energy_usd_per_mwh fuel_usd_per_mwh "
    "variable_usd_per_mwh capital_usd_per_mw_month fixed_usd_per_mw_month carbon_t_per_mwh carbon_priced_frac pue "
    "start_shell_mw shell_step_mw shell_usd_per_mw_month country link_gbit_s"
).split()
VARIED = ("step_mw", "energy_usd_per_mwh", "start_installed_kunit", "shell_step_mw")
# What all places share: it grows and shrinks with their number, so that each size is as short of power as the shipped plan.
SHARED = "delivered_kunit start_dark_kunit demand_kh100e supply_mw launch_t satellite_factory_mw".split()


def plan_of(size: Size) -> PlanData:
    """The shipped plan with as many regions and months as ``size`` says: a copy of a region is named `region#2`, `region#3`.

    No chip reaches the end of its life in it: not every competitor can say that some do."""
    from planner.api import load
    from planner.prepare.plan_data import prepare

    shipped = prepare(load(REFERENCE, [f"months={size.months}", "look_ahead_months=0"]))
    ageless = dataclasses.replace(shipped, start_ending_kunit={}, batch_end={}, batch_supply_kunit={})
    return resize(ageless, size.regions)


def resize(data: PlanData, regions: int) -> PlanData:
    """``data`` over ``regions`` regions: evenly chosen among its own, and whole copies of all of them beyond that."""
    if regions == len(data.regions):
        return data
    whole, rest = divmod(regions, len(data.regions))
    chosen = [data.regions[i * len(data.regions) // rest] for i in range(rest)]
    names_of: dict[str, list[str]] = {r: [] for r in data.regions}
    for copy, originals in enumerate([*[data.regions] * whole, chosen], start=1):
        for r in originals:
            names_of[r].append(r if copy == 1 else f"{r}#{copy}")
    places_of = names_of | {o: [o] for o in data.designs}
    factor = regions / len(data.regions)
    varied = Varied()
    changes: dict[str, Any] = {
        "name": f"{data.name} x {factor:g}",
        "regions": tuple(name for copies in names_of.values() for name in copies),
        "placeable": tuple((name, g) for x, g in data.placeable for name in places_of[x]),
        "options": tuple((name, p) for r, p in data.options for name in names_of[r]),
        "servable": tuple((z, w, name) for z, w, x in data.servable for name in places_of[x]),
        "network_usd_per_kh100e_month": {
            (z, w, name): usd for (z, w, x), usd in data.network_usd_per_kh100e_month.items() for name in places_of[x]
        },
        "national_growth_mwh": _nations(data, names_of),
    }
    for name in BY_PLACE:
        changes[name] = varied.copied(name, getattr(data, name), places_of)
    for name in SHARED:
        changes[name] = {key: value * factor for key, value in getattr(data, name).items()}
    if data.shares or data.carbon_cap_t:
        raise ValueError("a plan with shares or carbon caps has no natural copy")
    return dataclasses.replace(data, **changes)


class Varied:
    """Factors near one, one for each field and copy, the same in every run."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(SEED)
        self.factors: dict[tuple[str, str], float] = {}

    def copied(self, field: str, values: Mapping[Any, Any], places_of: Mapping[str, list[str]]) -> dict[Any, Any]:
        """``values`` for every copy of their place; those of VARIED differ from copy to copy."""
        found: dict[Any, Any] = {}
        for key, value in values.items():
            place, tail = (key[0], key[1:]) if isinstance(key, tuple) else (key, None)
            for name in places_of[place]:
                new = name if tail is None else (name, *tail)
                found[new] = value * self._factor(field, name) if field in VARIED and name != place else value
        return found

    def _factor(self, field: str, name: str) -> float:
        if (field, name) not in self.factors:
            self.factors[field, name] = float(1 + SPREAD * self.random.uniform(-1, 1))
        return self.factors[field, name]


def _nations(data: PlanData, names_of: Mapping[str, list[str]]) -> dict[tuple[str, int], float]:
    """A nation's envelope grows with the number of its regions."""
    before = _count(data.country[r] for r in data.regions)
    after = _count(data.country[r] for r, copies in names_of.items() for _ in copies)
    return {(c, y): mwh * after[c] / before[c] for (c, y), mwh in data.national_growth_mwh.items() if c in after}


def _count(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts


def expressible(data: PlanData) -> PlanData:
    """The part of a plan that PyPSA can say too: chips draw power where they compute, and power grows month by month.

    Left out: orbit; the rule that installed chips need firm power and halls for their nameplate; the draw of idle chips;
    the cost of chips that are dark or displaced. Displacing a chip then gains nothing, so that nothing is displaced."""
    earth = set(data.regions)
    nameplate = sum(data.kw_per_unit[g] * kunit for (_, g), kunit in data.start_installed_kunit.items())
    nameplate += sum(data.kw_per_unit[g] * kunit for g, kunit in data.start_dark_kunit.items())
    nameplate += sum(data.kw_per_unit[g] * kunit for (g, _), kunit in data.delivered_kunit.items())
    return dataclasses.replace(
        data,
        designs=(),
        placeable=tuple((x, g) for x, g in data.placeable if x in earth),
        servable=tuple((z, w, x) for z, w, x in data.servable if x in earth),
        nameplate_frac=dict.fromkeys(data.regions, 0.0),
        start_shell_mw=dict.fromkeys(data.regions, nameplate),
        shell_step_mw={},
        idle_frac=dict.fromkeys(data.generations, 0.0),
        carry_usd_per_unit_month=dict.fromkeys(data.generations, 0.0),
        launch_t={},
        satellite_factory_mw={},
    )


PLANS: dict[str, Callable[[PlanData], PlanData]] = {"whole": lambda data: data, "subset": expressible}
