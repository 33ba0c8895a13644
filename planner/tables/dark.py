"""Why chips are dark: each reason by generation and month, in thousand units.

    late     delivered too late to be commissioned in any place before the plan ends
    idle     in some place open to the chip neither firm power nor hall space has a price in the month: it would not pay
    halls    the rest, in the places where a MW of IT pays more for hall space than for firm power
    power    and in those where it pays at least as much for firm power, its owner's right to power included

Places count by the IT that is installed in them. Without prices (mode `energy`, a time limit) the scarcer is what has less room
for IT. Halls are scarcer only by more than rounding: where both have the same room, it is power.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import pandas as pd

from models.data import PlanData
from models.fleet import house_chips
from models.halls import fit_shell
from models.owners import respect_right
from planner.tables.frames import table

Tables = dict[str, pd.DataFrame]
Place = tuple[str, str]  # region, month
ROUNDING = 1e-6
"""Share by which two prices, or two rooms, differ in nothing but the order of their arithmetic."""


def dark_table(d: PlanData, tables: Tables) -> pd.DataFrame:
    """Dark chips by reason, from the tables of chips, power, halls and limits."""
    housed = _by_place(tables["halls"], "housed_mw")
    scarce, number = _scarce(d, tables), {month: t for t, month in enumerate(d.months, start=1)}
    delivered = {(g, number[month]): kunit for g, month, kunit in _delivered(tables)}
    placeable = set(d.placeable)
    places_of = {g: [r for r in d.regions if (r, g) in placeable] for g in d.generations}
    rows = []
    for g, month, dark in zip(
        *(tables["chips"][name].tolist() for name in ("generation_id", "month", "dark_kunit")), strict=True
    ):
        places = places_of[g]
        late = min(dark, _too_late(d, delivered, g, places, number[month]))
        found = [scarce(r, g, month) for r in places]
        if not places or "" in found:
            rows.append((g, month, 0.0, 0.0, late, dark - late))
            continue
        weights = [housed.get((r, month), 0.0) for r in places]
        weights = weights if sum(weights) > 0 else [1.0] * len(places)
        halls = sum(w for w, reason in zip(weights, found, strict=True) if reason == "halls") / sum(weights)
        rows.append((g, month, (dark - late) * (1 - halls), (dark - late) * halls, late, 0.0))
    return table("dark", rows)


def _delivered(tables: Tables) -> Iterable[tuple[str, str, float]]:
    chips = tables["chips"]
    return zip(*(chips[name].tolist() for name in ("generation_id", "month", "delivered_kunit")), strict=True)


def _too_late(d: PlanData, delivered: Mapping[tuple[str, int], float], g: str, places: list[str], t: int) -> float:
    """Thousand units delivered by month t that no place could have commissioned before the plan ends."""
    lag = min((d.commission_months[r] for r in places), default=0)
    return sum(delivered.get((g, s), 0.0) for s in range(len(d.months) - lag + 1, t + 1))


def _scarce(d: PlanData, tables: Tables) -> Callable[[str, str, str], str]:
    """What is scarcer for a chip, by region, generation and month: power, halls, or nothing where neither has a price."""
    limits, without_prices = tables["limits"], tables["limits"].empty

    def worth(name: str) -> dict[Place, float]:
        return _by_place(limits[limits["constraint"] == name].rename(columns={"where": "region_id"}), "worth_usd")

    power, halls = worth(house_chips.name), worth(fit_shell.name)
    rights = worth(respect_right.name)
    firm, shell = _by_place(tables["power"], "firm_mw"), _by_place(tables["halls"], "shell_mw")

    number = {month: t for t, month in enumerate(d.months, start=1)}

    @cache
    def reason(r: str, owner: str, month: str) -> str:
        per_it = d.pue[r, number[month]] * d.nameplate_frac[r]
        of_power = per_it * (power.get((r, month), 0.0) + rights.get((f"{r} / {owner}", month), 0.0))
        of_halls = halls.get((r, month), 0.0)
        if without_prices:  # no prices: the less room, the scarcer
            of_power, of_halls = -firm.get((r, month), 0.0) / per_it, -shell.get((r, month), 0.0)
        if of_halls - of_power > ROUNDING * abs(of_power):
            return "halls"
        return "power" if of_power or without_prices else ""

    return lambda r, g, month: reason(r, d.owner.get(g, ""), month)


def _by_place(frame: pd.DataFrame, column: str) -> dict[Place, float]:
    found: dict[Place, float] = {}
    for r, month, value in zip(*(frame[name].tolist() for name in ("region_id", "month", column)), strict=True):
        found[r, month] = found.get((r, month), 0.0) + value
    return found
