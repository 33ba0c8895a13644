"""Costs: every component once more from inputs and tables, discounted, and summed to the objective."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.verify.collector import Axis, Bench
from planner.verify.demand import Demand
from planner.verify.fleet import Fleet
from planner.verify.orbit import survival
from planner.verify.power import Power
from planner.verify.prices import (
    capital_usd_per_mw_month,
    carbon_usd_per_mwh,
    fixed_usd_per_mw_month,
    fuel_usd_per_mwh,
    shell_usd_per_mw_month,
    unserved_usd_per_h100e_h,
)
from planner.verify.run import Run, dig
from planner.verify.verdict import TOLERANCE, Array, Check

WORLD: tuple[str, ...] = ("",)
WHOLE = ("", "halls", "satellites")
"""What an item may be called where a cost is for the place as a whole."""
COST_KEYS = ("component", "place_id", "item_id", "month")


@dataclass(frozen=True)
class Component:
    """What a component of the costs must be: million USD of the month over place, item, month."""

    name: str
    places: Axis
    items: Axis
    musd: Array


def components(run: Run, fleet: Fleet, power: Power, demand: Demand) -> Iterator[Component]:
    """Every component, in the order of the model."""
    yield from _power(run, power)
    yield from _fleet(run, fleet)
    yield from _orbit(run, fleet)
    paid = np.einsum("zwxt,w,zx->xwt", demand.serve, demand.gbit_s, demand.usd_per_gbit_s_month)
    yield Component("network", "place_id", "class_id", paid / 1e6)
    if run.word("objective", "value", ("value", "energy")) == "energy":
        return
    yield Component("unserved", WORLD, "class_id", _unserved(run, demand)[None])


def _unserved(run: Run, demand: Demand) -> Array:
    """What is not served at its value; what of it is core, beyond the part that can wait, at its higher value, [w,t]."""
    value, premium = unserved_usd_per_h100e_h(run)
    can_wait = (1.0 - run.vector("inputs.classes", "core_frac"))[None, :, None] * demand.asked
    core = np.maximum(0.0, demand.unserved - can_wait)
    usd = value[:, None] * demand.unserved.sum(axis=0) + premium[:, None] * core.sum(axis=0)
    return np.asarray(usd * run.hours / 1e3)


def _power(run: Run, power: Power) -> Iterator[Component]:
    axes = ("region_id", "option_id")
    due = run.cube("inputs.power", "minimum_take_frac")[:, :, None] * power.capacity
    untaken = np.maximum(0.0, due - power.hours.mean(power.by_slice))
    bought = power.hours.energy_price * (power.by_slice + untaken[..., None]) * power.hours.hours
    yield Component("energy", *axes, bought.sum(axis=-1) / 1e6)
    yield Component("fuel", *axes, fuel_usd_per_mwh(run)[:, :, None] * power.energy / 1e6)
    variable = run.vector("inputs.options", "variable_usd_per_mwh")
    yield Component("variable", *axes, variable[None, :, None] * power.energy / 1e6)
    yield Component("carbon", *axes, carbon_usd_per_mwh(run, power)[:, :, None] * power.energy / 1e6)
    yield Component("capital", *axes, capital_usd_per_mw_month(run)[:, :, None] * power.new / 1e6)
    yield Component("fixed", *axes, fixed_usd_per_mw_month(run)[None, :, None] * power.new / 1e6)
    built = np.cumsum(run.cube("halls", "build_shell_mw"), axis=1)
    yield Component("halls", "region_id", WORLD, (shell_usd_per_mw_month(run)[:, None] * built / 1e6)[:, None, :])


def _fleet(run: Run, fleet: Fleet) -> Iterator[Component]:
    install = run.vector("inputs.accelerators", "install_usd_per_unit")
    yield Component("install", "place_id", "generation_id", fleet.deploy * install[None, :, None] / 1e3)
    carry = run.vector("inputs.accelerators", "carry_usd_per_unit_month")[:, None] / 1e3
    for kind in ("dark", "displaced"):
        yield Component(f"carry_{kind}", WORLD, "generation_id", (carry * run.cube("chips", f"{kind}_kunit"))[None])


def _orbit(run: Run, fleet: Fleet) -> Iterator[Component]:
    for name, column in (("orbit_capital", "charge_usd_per_kw"), ("orbit_upkeep", "upkeep_usd_per_kw")):
        charge = run.cube("orbit_coefficients", column)
        musd = np.einsum("ov,ovt->ot", fleet.launched_mw, charge) / 1e3
        yield Component(name, "design_id", WORLD, musd[:, None, :])
    lost = np.zeros((len(run.axes["design_id"]), len(run.axes["generation_id"]), run.month_count))
    lost[:, :, -1] = np.einsum("ogv,ogv->og", fleet.deploy[fleet.regions :], chip_loss_usd(run, fleet)) / 1e3
    yield Component("orbit_chip_loss", "design_id", "generation_id", lost)


def chip_loss_usd(run: Run, fleet: Fleet) -> Array:
    """What a chip in orbit has lost at the end of the horizon beyond its sister on Earth, USD per unit, [o,g,v]."""
    age = (run.month_count - run.elapsed) / 12.0
    life = run.vector("inputs.accelerators", "life_years")[:, None]
    left = np.maximum(0.0, 1.0 - age[None, :] / life)
    on_earth = fleet.survive[:, None] ** (12.0 * age[None, :])
    in_orbit = survival(run, 12.0 * age)
    price = run.vector("inputs.accelerators", "price_usd_per_unit")[:, None]
    return np.asarray((price * left)[None] * np.maximum(0.0, on_earth[None] - in_orbit[:, None, :]))


def check_costs(bench: Bench, fleet: Fleet, power: Power, demand: Demand) -> None:
    """Each row of `costs`, its discounting, and the objective with its bound."""
    run = bench.run
    frame = run.table("costs")
    component = frame["component"].astype(str)
    known = []
    for part in components(run, fleet, power, demand):
        known.append(part.name)
        rows = frame[(component == part.name).to_numpy(dtype=bool)]
        _compare(bench, part, rows)
    strange = frame[~component.isin(known).to_numpy(dtype=bool)]
    if len(strange):
        bench.fail("costs.component", f"costs holds a component that no one knows: {strange['component'].iloc[0]!r}")
    month = pd.Index(run.months, dtype=str).get_indexer(pd.Index(frame["month"], dtype=str))
    cost, discounted = frame["cost_musd"].to_numpy(dtype=float), frame["discounted_musd"].to_numpy(dtype=float)
    names = [" / ".join(filter(None, row)) for row in frame[list(COST_KEYS)].astype(str).itertuples(index=False, name=None)]
    law = "discounted = cost x discount factor"
    bench.same("costs.discounted_musd", discounted, cost * run.discount[month], (names,), "million USD", law)
    _check_objective(bench, discounted, (component == "unserved").to_numpy(dtype=bool))


def _compare(bench: Bench, part: Component, rows: pd.DataFrame) -> None:
    run = bench.run
    if part.items is WORLD:
        rows = rows.assign(item_id=rows["item_id"].mask(rows["item_id"].isin(WHOLE), ""))
    axes = [run.axes[axis] if isinstance(axis, str) else axis for axis in (part.places, part.items)]
    codes = [
        pd.Index(axis, dtype=str).get_indexer(pd.Index(rows[column], dtype=str))
        for axis, column in zip((*axes, run.months), ("place_id", "item_id", "month"), strict=True)
    ]
    inside = np.logical_and.reduce([code >= 0 for code in codes])
    written = np.zeros(part.musd.shape)
    written[tuple(code[inside] for code in codes)] = rows["cost_musd"].to_numpy(dtype=float)[inside]
    if not inside.all():
        row = rows[~inside].iloc[0]
        bench.fail(
            f"costs.{part.name}",
            f"a cost of {part.name} has no such place or item",
            f"{row['place_id']} / {row['item_id']}",
            str(row["month"]),
        )
    bench.same(
        f"costs.{part.name}",
        written,
        part.musd,
        (part.places, part.items, "month"),
        "million USD",
        f"{part.name} follows from inputs and tables",
    )


def _check_objective(bench: Bench, discounted: Array, is_unserved: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> None:
    """Objective, sum of the costs and dual bound, compared on the scale of all costs but the unserved ones."""
    run = bench.run
    mode = run.word("objective", "value", ("value", "energy"))
    if dig(run.manifest, "solver.mode") != mode:
        bench.fail("manifest.mode", f"manifest: solver.mode {dig(run.manifest, 'solver.mode')!r} is not the plan's {mode!r}")
    told = {}
    for key in ("objective_musd", "dual_objective_musd", "primal_residual", "dual_residual"):
        value = dig(run.manifest, f"solver.{key}")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
            bench.fail(f"manifest.{key}", f"manifest: solver.{key} must be a number, not {value!r}")
            return
        told[key] = float(value)
    unserved = float(discounted[is_unserved].sum())
    others = float(discounted[~is_unserved].sum())
    scale = max(1.0, float(np.abs(discounted[~is_unserved]).sum()))
    tolerance = TOLERANCE * scale + 1e-11 * abs(told["objective_musd"])
    unfinished = _is_unfinished(bench, told)
    for name, left, right, law in (
        ("objective", told["objective_musd"] - unserved, others, "objective = sum of discounted costs"),
        ("dual_bound", told["objective_musd"], told["dual_objective_musd"], LAW[unfinished]),
    ):
        gap = max(0.0, right - left) if unfinished and name == "dual_bound" else abs(left - right)
        ok = gap <= tolerance
        words = (
            law
            if ok
            else f"{law}, but {left:.12g} differs from {right:.12g} million USD by {gap:.6g} (tolerance {tolerance:.2g})"
        )
        bench.checks.append(Check(name, ok, gap, tolerance, "", "", words))
    for key in ("primal_residual", "dual_residual"):
        gap = abs(told[key])
        words = f"{key.replace('_', ' ')} {gap:.2g}" + ("" if gap <= TOLERANCE else f" exceeds {TOLERANCE:g}")
        bench.checks.append(Check(key, gap <= TOLERANCE, gap, TOLERANCE, "", "", words))


LAW = {False: "objective = dual objective", True: "objective is not below the bound that no plan can undercut"}


def _is_unfinished(bench: Bench, told: dict[str, float]) -> bool:
    """Whether the plan says of itself that a time limit left it unfinished: then its gap must be stated, and as it is."""
    status, stated = dig(bench.run.manifest, "solver.status"), dig(bench.run.manifest, "solver.relative_gap")
    if status not in ("optimal", "time_limit"):
        bench.fail("manifest.status", f"manifest: solver.status {status!r} is neither 'optimal' nor 'time_limit'")
    if status == "time_limit":
        gap = abs(told["objective_musd"] - told["dual_objective_musd"]) / max(1.0, abs(told["objective_musd"]))
        if isinstance(stated, bool) or not isinstance(stated, (int, float)) or not abs(stated - gap) <= TOLERANCE:
            bench.fail("manifest.relative_gap", f"manifest: solver.relative_gap {stated!r}, but it is {gap:.6g}")
    return bool(status == "time_limit")
