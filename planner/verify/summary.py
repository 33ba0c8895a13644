"""The tables that sum up, each number once more from the others: the league of places and the headlines of the plan."""

from __future__ import annotations

from collections.abc import Collection
from itertools import zip_longest

import numpy as np
import pandas as pd

from planner.verify.collector import Collector
from planner.verify.fleet import Fleet
from planner.verify.power import Power
from planner.verify.run import dig, ratio
from planner.verify.verdict import Array, Check

ENERGY = ("energy", "fuel", "variable", "carbon", "capital", "fixed", "orbit_capital", "orbit_upkeep")
FACILITY = (*ENERGY, "halls")


def check_league(checks: Collector, fleet: Fleet) -> None:
    """What a megawatt-hour and an hour of compute cost in each place: sums and ratios of other tables."""
    run, place = checks.run, ("place_id",)
    it_mwh = (run.cube("fleet", "it_draw_mw").sum(axis=1) * run.hours).sum(axis=1)
    compute = (run.cube("fleet", "compute_kh100e").sum(axis=1) * run.hours).sum(axis=1)
    costs = run.table("costs")

    def spent(components: tuple[str, ...]) -> Array:
        rows = costs[costs["component"].isin(components).to_numpy(dtype=bool)]
        by_place: pd.Series[float] = rows.groupby("place_id")["cost_musd"].sum()
        return np.asarray(by_place.reindex(list(run.axes["place_id"]), fill_value=0.0), dtype=np.float64)

    energy, facility = spent(ENERGY), spent(FACILITY)
    for column, value, unit in (
        ("it_mwh", it_mwh, "MWh"),
        ("compute_kh100e_h", compute, "kH100e h"),
        ("energy_cost_musd", energy, "million USD"),
        ("facility_cost_musd", facility, "million USD"),
    ):
        checks.same(f"league.{column}", run.cube("league", column), value, place, unit, f"{column} sums the other tables")
    inside = facility if run.word("boundary", "facility", ("energy", "facility")) == "facility" else energy
    carbon = np.zeros(len(it_mwh))
    carbon[: fleet.regions] = run.cube("power", "carbon_tco2").sum(axis=(1, 2))
    for column, above, below, unit in (
        ("usd_per_mwh", energy * 1e6, it_mwh, "USD/MWh"),
        ("usd_per_mwh_facility", facility * 1e6, it_mwh, "USD/MWh"),
        ("usd_per_kh100e_h", inside * 1e6, compute, "USD/kH100e h"),
        ("carbon_kg_per_kh100e_h", carbon * 1e3, compute, "kg/kH100e h"),
    ):
        written = run.cube("league", column, np.nan)
        law = f"{column} is the ratio of its sums"
        checks.same(f"league.{column}", written, ratio(above, below), place, unit, law)


def check_summary(checks: Collector, fleet: Fleet, power: Power, repeated: Collection[str]) -> None:
    """Every headline whose key is known has the value that the tables give, wherever it is written.

    ``repeated`` names the limits that are not ranked, since their prices repeat what others say."""
    known = _costs(checks) | _served(checks) | _piles(checks, fleet) | _limits(checks, repeated) | _entry(checks) | _gap(checks)
    known["power_end"] = float(power.capacity[:, :, -1].sum()) / 1e3
    compute = checks.run.cube("fleet", "compute_kh100e")[:, :, -1].sum(axis=1)
    known["orbit_share"] = _share(float(compute[fleet.regions :].sum()), float(compute.sum()), 0.0)
    stated = _stated(checks)
    if not stated:
        checks.fail("summary", "neither tables/summary.csv nor the manifest holds headlines")
    _check_copies(checks)
    examined = [(key, value) for key, value in stated if key in known]
    names = [key for key, _ in examined]
    values = np.array([value for _, value in examined], dtype=float)
    derived = np.array([known[key] for key in names], dtype=float)
    law = "headlines follow from the tables"
    checks.same("summary.value", values, derived, (names,), "", law)
    others = list(dict.fromkeys(key for key, _ in stated if key not in known))
    if others:
        checks.found.append(
            Check("summary.other", True, 0.0, 0.0, "", "", f"not examined, no table tells: {', '.join(others)}")
        )


def _stated(checks: Collector) -> list[tuple[str, float]]:
    """Headlines of the table, where there is one, and of the manifest."""
    frame = checks.run.table("summary")
    found = [(str(key), float(value)) for key, value in zip(frame["key"], frame["value"], strict=True)]
    lines = dig(checks.run.manifest, "summary")
    for line in lines if isinstance(lines, list) else []:
        key, value = (line.get("key"), line.get("value")) if isinstance(line, dict) else ("", None)
        found.append((str(key), float(value) if isinstance(value, (int, float)) else np.nan))
    return found


def _check_copies(checks: Collector) -> None:
    """Table and manifest hold the same headlines, word for word: what no other table tells is not told twice in two ways."""
    lines = dig(checks.run.manifest, "summary")
    frame = checks.run.table("summary")
    if not isinstance(lines, list) or not len(frame):
        return
    table = [
        (str(key), str(unit), str(text)) for key, unit, text in zip(frame["key"], frame["unit"], frame["text"], strict=True)
    ]
    told = [tuple(str(line.get(part)) for part in ("key", "unit", "text")) for line in lines if isinstance(line, dict)]
    for number, (one, other) in enumerate(zip_longest(table, told, fillvalue=())):
        if one != other:
            checks.fail("summary.copies", f"row {number + 2} of tables/summary.csv is {one}, the manifest has {other}")
            return
    numbers = [line.get("value") for line in lines]
    values = np.array([value if isinstance(value, (int, float)) else np.nan for value in numbers], dtype=float)
    law = "table and manifest hold the same headlines"
    written, keys = frame["value"].to_numpy(dtype=float), [key for key, _, _ in table]
    checks.same("summary.copies", written, values, (keys,), "", law)


def _share(part: float, whole: float, empty: float) -> float:
    return part / whole if whole > 0 else empty


def _costs(checks: Collector) -> dict[str, float]:
    costs, league = checks.run.table("costs"), checks.run.table("league")
    unserved = (costs["component"] == "unserved").to_numpy(dtype=bool)
    discounted = costs["discounted_musd"].to_numpy(dtype=float)
    mwh = float(league["it_mwh"].sum())
    return {
        "cost": float(discounted[~unserved].sum()),
        "unserved_value": float(discounted[unserved].sum()),
        "energy_cost": _share(1e6 * float(league["energy_cost_musd"].sum()), mwh, 0.0),
    }


def _served(checks: Collector) -> dict[str, float]:
    asked = checks.run.cube("demand", "demand_kh100e").sum(axis=(0, 1))
    served = checks.run.cube("demand", "served_kh100e").sum(axis=(0, 1))
    total = _share(float(served.sum()), float(asked.sum()), 1.0)
    return {"served_share": total, "served_share_end": _share(float(served[-1]), float(asked[-1]), 1.0)}


def _piles(checks: Collector, fleet: Fleet) -> dict[str, float]:
    out: dict[str, float] = {}
    for name in ("dark", "displaced"):
        by_month: Array = fleet.h100e @ checks.run.cube("chips", f"{name}_kunit") / 1e3
        out |= {f"{name}_end": float(by_month[-1]), f"{name}_worst": float(by_month.max())}
    return out


def _limits(checks: Collector, repeated: Collection[str]) -> dict[str, float]:
    frame = checks.run.table("limits")
    rows = frame[~frame["constraint"].isin(list(repeated)).to_numpy(dtype=bool)]
    groups = [part for _, part in rows.groupby(["constraint", "where"], sort=False)]
    ranked = sorted(groups, key=lambda part: -abs(float(part["rent_musd"].sum())))[:5]
    return {f"limit_{rank}": float(part["worth_usd"].max()) for rank, part in enumerate(ranked, start=1)}


def _entry(checks: Collector) -> dict[str, float]:
    frame = checks.run.table("entry")
    factor = frame["flip_value_factor"].where(frame["cost_usd_per_h100e_h"].notna()).to_numpy(dtype=float)
    if not np.isfinite(factor).any():
        return {}
    closest = frame.iloc[int(np.nanargmin(factor))]
    mean = float(checks.run.vector("inputs.classes", "value_usd_per_h100e_h").mean())
    return {"orbit_gap": float(closest["gap_usd_per_kw"]), "orbit_flip_value": float(closest["flip_value_factor"]) * mean}


def _gap(checks: Collector) -> dict[str, float]:
    told = [dig(checks.run.manifest, f"solver.{key}") for key in ("objective_musd", "dual_objective_musd")]
    if not all(isinstance(value, (int, float)) for value in told):
        return {}
    return {"optimality_gap": abs(told[0] - told[1]) / max(1.0, abs(told[0]))}
