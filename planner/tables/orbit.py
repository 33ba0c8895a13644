"""What is launched, by design and month, and the coefficients of each vintage from physics."""

from __future__ import annotations

import pandas as pd

from models.data import PlanData
from planner.tables.frames import Frame, Frames, per, table


def orbit_table(frames: Frames) -> Frame:
    """Megawatts and tonnes launched, alive and in service, by design."""
    d, deployed = frames.data, frames.solution.values["deploy"]
    number = {name: t for t, name in frames.months.items()}
    if not d.designs:
        return table("orbit", [])
    grid = pd.MultiIndex.from_product([d.designs, frames.months.values()], names=["design_id", "month"])
    launched = {(o, v): 0.0 for o in d.designs for v in frames.months}
    for (x, g, v), kunit in deployed.items():
        if (x, v) in launched:
            launched[x, v] += d.kw_per_unit[g] * kunit
    out = pd.DataFrame(index=grid).reset_index()
    keys = [(o, number[m]) for o, m in grid]
    out["launched_mw"] = [launched[key] for key in keys]
    out["launched_t"] = out["launched_mw"] * per(out["design_id"], d.kg_per_kw)
    for column, share in (("alive_mw", d.orbit_alive_frac), ("service_mw", d.orbit_service_frac)):
        before: dict[tuple[str, int], float] = {}
        for (o, g, t), kunit in (d.start_alive_kunit if column == "alive_mw" else d.start_service_kunit).items():
            before[o, t] = before.get((o, t), 0.0) + d.kw_per_unit[g] * kunit
        parts = ((sum(share.get((o, v, t), 0.0) * launched[o, v] for v in range(1, t + 1)), (o, t)) for o, t in keys)
        out[column] = [mw + before.get(key, 0.0) for mw, key in parts]
    return table("orbit", out)


def launch_table(frames: Frames) -> Frame:
    """Tonnes launched, and the tonnes that can be launched."""
    d, deployed = frames.data, frames.solution.values["deploy"]
    tonnes = dict.fromkeys(frames.months, 0.0)
    for (x, g, v), kunit in deployed.items():
        if x in d.kg_per_kw and v in tonnes:
            tonnes[v] += d.kg_per_kw[x] * d.kw_per_unit[g] * kunit
    rows = [(name, tonnes[t], d.launch_t.get(t, 0.0)) for t, name in frames.months.items()] if d.designs else []
    return table("launch", rows)


def orbit_coefficients_table(d: PlanData) -> Frame:
    """What one kW of each vintage delivers and costs in each month, from physics."""
    names = dict(enumerate(d.months, start=1))
    rows = [
        (o, launch, names[t], service, alive, 0.0, 0.0, d.kg_per_kw[o])
        for (o, launch, t), (service, alive) in d.start_vintage_fracs.items()
    ]
    rows += [
        (
            o,
            names[v],
            names[t],
            d.orbit_service_frac.get((o, v, t), 0.0),
            alive,
            d.orbit_charge_usd_per_kw.get((o, v, t), 0.0),
            d.orbit_upkeep_usd_per_kw.get((o, v, t), 0.0),
            d.kg_per_kw[o],
        )
        for (o, v, t), alive in d.orbit_alive_frac.items()
    ]
    return table("orbit_coefficients", rows)
