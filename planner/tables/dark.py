"""Why chips are dark: each reason by generation and month, in thousand units.

    late     delivered too late to be commissioned in any place before the plan ends
    idle     in some place open to the chip neither firm power nor hall space has a price in the month: it would not pay
    halls    the rest, in the places where a MW of IT pays more for hall space than for firm power
    power    and in those where it pays at least as much for firm power, its owner's right to power included

Places count by the IT that is installed in them. Without prices (a time limit) the scarcer is what has less room
for IT. Halls are scarcer only by more than rounding: where both have the same room, it is power.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import NamedTuple

import pandas as pd

from models.data import PlanData
from models.fleet import house_chips
from models.halls import fit_shell, limit_shell_growth
from models.owners import respect_right
from planner.schema.glossary import DARK_REASONS
from planner.tables.frames import per, table

Tables = dict[str, pd.DataFrame]
Place = tuple[str, str]  # region, month
ROUNDING = 1e-6
"""Share by which two prices, or two rooms, differ in nothing but the order of their arithmetic."""


def dark_table(d: PlanData, tables: Tables) -> pd.DataFrame:
    """Dark chips by reason, from the tables of chips, power, halls and limits."""
    housed = _by_place(tables["halls"], "housed_mw")
    scarce, number = _scarce(d, tables), {month: t for t, month in enumerate(d.months, start=1)}
    delivered = {(g, number[month]): kunit for g, month, kunit in _delivered(tables)}
    places_of = _places_of(d)
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


class DarkShares(NamedTuple):
    """Why chips are dark over all months, as shares of their power and time; in which month most wait for halls, and what share
    of its dark chips. ``both``: the share that waits where halls grow at their limit and firm power is used up too, so that a
    chip there needs both; None without prices."""

    reasons: dict[str, float]
    halls_most_month: str
    halls_most: float
    both: float | None


def dark_shares(d: PlanData, tables: Tables) -> DarkShares | None:
    """None where no chip is ever dark."""
    dark = tables["dark"]
    kw = per(dark["generation_id"], d.kw_per_unit)
    mw = pd.DataFrame({reason: dark[f"{reason}_kunit"] * kw for reason in DARK_REASONS}).groupby(dark["month"]).sum()
    by_month = mw.sum(axis=1)
    total = float(by_month.sum())
    if total <= 0:
        return None
    halls = mw["halls"] / by_month.where(by_month > 0)
    most = str(mw["halls"].idxmax())
    both = None if tables["limits"].empty else _lacking_both(d, tables, kw) / total
    reasons = {str(reason): float(share) for reason, share in (mw.sum() / total).items()}
    return DarkShares(reasons, most, float(halls[most]), both)


def _lacking_both(d: PlanData, tables: Tables, kw: pd.Series[float]) -> float:
    """MW-months that wait for power or halls where both have a price and halls cannot grow faster, by the IT that is installed
    in each place. A price of halls alone may be what one more costs to build."""
    dark, worth, limits = tables["dark"], _worth(d, tables), tables["limits"]
    growth = limits[limits["constraint"] == limit_shell_growth.name]
    at_limit = set(zip(growth["where"], growth["month"], strict=True))
    housed = _by_place(tables["halls"], "housed_mw")
    waiting = (dark["power_kunit"] + dark["halls_kunit"]) * kw
    found, places_of = 0.0, _places_of(d)
    for g, month, mw in zip(dark["generation_id"].tolist(), dark["month"].tolist(), waiting.tolist(), strict=True):
        places = places_of[g] if mw > 0 else []
        weights = {r: housed.get((r, month), 0.0) for r in places}
        short = [r for r in places if (r, month) in at_limit and min(worth(r, g, month)) > 0]
        whole = sum(weights.values())
        found += mw * (sum(weights[r] for r in short) / whole if whole else len(short) / max(1, len(places)))
    return found


def _places_of(d: PlanData) -> dict[str, list[str]]:
    """Regions in which each generation may stand."""
    placeable = set(d.placeable)
    return {g: [r for r in d.regions if (r, g) in placeable] for g in d.generations}


def _delivered(tables: Tables) -> Iterable[tuple[str, str, float]]:
    chips = tables["chips"]
    return zip(*(chips[name].tolist() for name in ("generation_id", "month", "delivered_kunit")), strict=True)


def _too_late(d: PlanData, delivered: Mapping[tuple[str, int], float], g: str, places: list[str], t: int) -> float:
    """Thousand units delivered by month t that no place could have commissioned before the plan ends."""
    lag = min((d.commission_months[r] for r in places), default=0)
    return sum(delivered.get((g, s), 0.0) for s in range(len(d.months) - lag + 1, t + 1))


def _worth(d: PlanData, tables: Tables) -> Callable[[str, str, str], tuple[float, float]]:
    """What a MW of IT pays for firm power and for hall space, by region, generation and month."""
    limits = tables["limits"]

    def worth(name: str) -> dict[Place, float]:
        return _by_place(limits[limits["constraint"] == name].rename(columns={"where": "region_id"}), "worth_usd")

    power, halls = worth(house_chips.name), worth(fit_shell.name)
    rights = worth(respect_right.name)
    number = {month: t for t, month in enumerate(d.months, start=1)}

    @cache
    def paid(r: str, owner: str, month: str) -> tuple[float, float]:
        of_power = power.get((r, month), 0.0) + rights.get((f"{r} / {owner}", month), 0.0)
        return d.pue[r, number[month]] * d.nameplate_frac[r] * of_power, halls.get((r, month), 0.0)

    return lambda r, g, month: paid(r, d.owner.get(g, ""), month)


def _scarce(d: PlanData, tables: Tables) -> Callable[[str, str, str], str]:
    """What is scarcer for a chip, by region, generation and month: power, halls, or nothing where neither has a price."""
    unpriced, worth = tables["limits"].empty, _worth(d, tables)
    firm, shell = _by_place(tables["power"], "firm_mw"), _by_place(tables["halls"], "shell_mw")
    number = {month: t for t, month in enumerate(d.months, start=1)}

    def reason(r: str, g: str, month: str) -> str:
        of_power, of_halls = worth(r, g, month)
        if unpriced:  # the less room, the scarcer
            per_it = d.pue[r, number[month]] * d.nameplate_frac[r]
            of_power, of_halls = -firm.get((r, month), 0.0) / per_it, -shell.get((r, month), 0.0)
        if of_halls - of_power > ROUNDING * abs(of_power):
            return "halls"
        return "power" if of_power or unpriced else ""

    return reason


def _by_place(frame: pd.DataFrame, column: str) -> dict[Place, float]:
    found: dict[Place, float] = {}
    for r, month, value in zip(*(frame[name].tolist() for name in ("region_id", "month", column)), strict=True):
        found[r, month] = found.get((r, month), 0.0) + value
    return found
