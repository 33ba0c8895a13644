"""Owners: whose each generation is, and the share of each region's firm power that each owner has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from planner.plan.table import Table
from planner.prepare.fleet import sums_of
from planner.schema.compute import MARKET
from planner.schema.settings import Settings

Tables = dict[str, Table]


def owners_of(
    settings: Settings,
    tables: Tables,
    placeable: Iterable[tuple[str, str]],
    delivered_kunit: Mapping[tuple[str, int], float],
) -> dict[str, Any]:
    """Every field of PlanData about owners; nothing where no generation has one.

    A share that is not stated follows the nameplate power of chips: of the firm power at the start, what an owner has installed
    in the region then; of what is added, what is dark or delivered to it within the horizon and may stand there."""
    owner = {g: h or MARKET for g, h in tables["accelerators"].select("generation_id", "owner_id")}
    if set(owner.values()) <= {MARKET}:
        return {}
    owners = [h for h in (*tables["owners"].column("owner_id"), MARKET) if h == MARKET or h in owner.values()]
    kw = tables["accelerators"].mapping("generation_id", "kw_per_unit")
    installed: dict[tuple[str, str], float] = {}
    for r, g, kunit in tables["fleet"].select("region_id", "generation_id", "kunit"):
        installed[r, owner[g]] = installed.get((r, owner[g]), 0.0) + kw[g] * kunit
    coming_kunit = sums_of(tables["dark"], "generation_id")
    for (g, _), kunit in (each for each in delivered_kunit.items() if each[0][1] <= settings.months):
        coming_kunit[g] = coming_kunit.get(g, 0.0) + kunit
    coming: dict[tuple[str, str], float] = {}
    for x, g in placeable:
        coming[x, owner[g]] = coming.get((x, owner[g]), 0.0) + kw[g] * coming_kunit.get(g, 0.0)
    start: dict[tuple[str, str], float] = {}
    added: dict[tuple[str, str], float] = {}
    for r in tables["regions"].column("region_id"):
        stated = {h: frac for h, frac in _stated(tables, r, {*coming, *installed}).items() if h in owners}
        there, follows = ({h: mw.get((r, h), 0.0) for h in owners if h not in stated} for mw in (installed, coming))
        for shares, weights in ((start, (there, follows)), (added, (follows, there))):
            shares |= {(r, h): frac for h, frac in (stated | _divided(1.0 - sum(stated.values()), *weights)).items()}
    return {
        "owner": owner,
        "owners_power": settings.owners.power,
        "right_start_frac": start,
        "right_added_frac": added,
        "trade_usd_per_mw_month": settings.owners.trade_usd_per_mw_month,
    }


def _stated(tables: Tables, region: str, present: Collection[tuple[str, str]]) -> dict[str, float]:
    """What the plan says of shares in a region: that of the region itself, else the general one of owners with chips for it."""
    general = tables["owners"].select("owner_id", "power_frac")
    stated = {h: frac for h, frac in general if frac is not None and (region, h) in present}
    rights = tables["power_rights"].select("owner_id", "region_id", "power_frac")
    return stated | {h: frac for h, r, frac in rights if r == region}


def _divided(rest: float, *weights: Mapping[str, float]) -> dict[str, float]:
    """The rest by the first weights of which there are any; all of it to the market if there is nothing to go by."""
    for each in weights:
        whole = sum(each.values())
        if whole > 0:
            return {h: rest * mw / whole for h, mw in each.items()}
    return dict.fromkeys(weights[0], 0.0) | {MARKET: rest}
