"""The headlines of a plan, each once more from the tables; what no table tells is named, not judged."""

from __future__ import annotations

from itertools import zip_longest

import numpy as np

from planner.verify.collector import Bench
from planner.verify.fleet import Fleet
from planner.verify.power import Power
from planner.verify.run import dig
from planner.verify.verdict import Array, Check

REPEATED = ("house_chips", "fit_shell", "respect_capacity", "keep_commitment")
"""Limits whose rents repeat what the growth limits say; they are not ranked."""


def check_summary(bench: Bench, fleet: Fleet, power: Power) -> None:
    """Every headline whose key is known has the value that the tables give, wherever it is written."""
    known = _costs(bench) | _served(bench) | _piles(bench, fleet) | _limits(bench) | _entry(bench) | _gap(bench)
    known["power_end"] = float(power.capacity[:, :, -1].sum()) / 1e3
    compute = bench.run.cube("fleet", "compute_kh100e")[:, :, -1].sum(axis=1)
    known["orbit_share"] = _share(float(compute[fleet.regions :].sum()), float(compute.sum()), 0.0)
    stated = _stated(bench)
    if not stated:
        bench.fail("summary", "neither tables/summary.csv nor the manifest holds headlines")
    _check_copies(bench)
    judged = [(key, value) for key, value in stated if key in known]
    names = [key for key, _ in judged]
    values = np.array([value for _, value in judged], dtype=float)
    derived = np.array([known[key] for key in names], dtype=float)
    law = "headlines follow from the tables"
    bench.same("summary.value", _shown(values), _shown(derived), (names,), "", law)
    others = list(dict.fromkeys(key for key, _ in stated if key not in known))
    if others:
        bench.checks.append(Check("summary.other", True, 0.0, 0.0, "", "", f"not judged, no table tells: {', '.join(others)}"))


def _stated(bench: Bench) -> list[tuple[str, float]]:
    """Headlines of the table, where there is one, and of the manifest."""
    frame = bench.run.table("summary")
    found = [(str(key), float(value)) for key, value in zip(frame["key"], frame["value"], strict=True)]
    lines = dig(bench.run.manifest, "summary")
    for line in lines if isinstance(lines, list) else []:
        key, value = (line.get("key"), line.get("value")) if isinstance(line, dict) else ("", None)
        found.append((str(key), float(value) if isinstance(value, (int, float)) else np.nan))
    return found


def _check_copies(bench: Bench) -> None:
    """Table and manifest hold the same headlines, word for word: what no other table tells is not told twice in two ways."""
    lines = dig(bench.run.manifest, "summary")
    frame = bench.run.table("summary")
    if not isinstance(lines, list) or not len(frame):
        return
    table = [
        (str(key), str(unit), str(text)) for key, unit, text in zip(frame["key"], frame["unit"], frame["text"], strict=True)
    ]
    told = [tuple(str(line.get(part)) for part in ("key", "unit", "text")) for line in lines if isinstance(line, dict)]
    for number, (one, other) in enumerate(zip_longest(table, told, fillvalue=())):
        if one != other:
            bench.fail("summary.copies", f"row {number + 2} of tables/summary.csv is {one}, the manifest has {other}")
            return
    numbers = [line.get("value") for line in lines]
    values = np.array([value if isinstance(value, (int, float)) else np.nan for value in numbers], dtype=float)
    law = "table and manifest hold the same headlines"
    written, keys = frame["value"].to_numpy(dtype=float), [key for key, _, _ in table]
    bench.same("summary.copies", _shown(written), _shown(values), (keys,), "", law)


def _shown(values: Array) -> Array:
    """A value that does not exist equals itself alone."""
    return np.where(np.isnan(values), -1e300, values)


def _share(part: float, whole: float, empty: float) -> float:
    return part / whole if whole > 0 else empty


def _costs(bench: Bench) -> dict[str, float]:
    costs, league = bench.run.table("costs"), bench.run.table("league")
    unserved = (costs["component"] == "unserved").to_numpy(dtype=bool)
    discounted = costs["discounted_musd"].to_numpy(dtype=float)
    mwh = float(league["it_mwh"].sum())
    return {
        "cost": float(discounted[~unserved].sum()),
        "unserved_value": float(discounted[unserved].sum()),
        "energy_cost": _share(1e6 * float(league["energy_cost_musd"].sum()), mwh, 0.0),
    }


def _served(bench: Bench) -> dict[str, float]:
    asked = bench.run.cube("demand", "demand_kh100e").sum(axis=(0, 1))
    served = bench.run.cube("demand", "served_kh100e").sum(axis=(0, 1))
    total = _share(float(served.sum()), float(asked.sum()), 1.0)
    return {"served_share": total, "served_share_end": _share(float(served[-1]), float(asked[-1]), 1.0)}


def _piles(bench: Bench, fleet: Fleet) -> dict[str, float]:
    out: dict[str, float] = {}
    for name in ("dark", "displaced"):
        by_month: Array = fleet.h100e @ bench.run.cube("chips", f"{name}_kunit") / 1e3
        out |= {f"{name}_end": float(by_month[-1]), f"{name}_worst": float(by_month.max())}
    return out


def _limits(bench: Bench) -> dict[str, float]:
    frame = bench.run.table("limits")
    rows = frame[~frame["constraint"].isin(REPEATED).to_numpy(dtype=bool)]
    groups = [part for _, part in rows.groupby(["constraint", "where"], sort=False)]
    ranked = sorted(groups, key=lambda part: -abs(float(part["rent_musd"].sum())))[:5]
    return {f"limit_{rank}": float(part["worth_usd"].max()) for rank, part in enumerate(ranked, start=1)}


def _entry(bench: Bench) -> dict[str, float]:
    frame = bench.run.table("entry")
    factor = frame["flip_value_factor"].where(frame["cost_usd_per_h100e_h"].notna()).to_numpy(dtype=float)
    if not np.isfinite(factor).any():
        return {}
    closest = frame.iloc[int(np.nanargmin(factor))]
    mean = float(bench.run.vector("inputs.classes", "value_usd_per_h100e_h").mean())
    return {"orbit_gap": float(closest["gap_usd_per_kw"]), "orbit_flip_value": float(closest["flip_value_factor"]) * mean}


def _gap(bench: Bench) -> dict[str, float]:
    told = [dig(bench.run.manifest, f"solver.{key}") for key in ("objective_musd", "dual_objective_musd")]
    if not all(isinstance(value, (int, float)) for value in told):
        return {}
    return {"optimality_gap": abs(told[0] - told[1]) / max(1.0, abs(told[0]))}
