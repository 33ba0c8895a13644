"""What was launched, by design and month, and what physics said of each vintage."""

from __future__ import annotations

import pandas as pd

from models.data import PlanData
from planner.tables.frames import Book, Frame


def orbit_table(book: Book) -> Frame:
    """Megawatts and tonnes launched, alive and in service, by design."""
    d, deployed = book.data, book.solution.values["deploy"]
    number = {name: t for t, name in book.months.items()}
    columns = ["design_id", "month", "launched_mw", "launched_t", "alive_mw", "service_mw"]
    if not d.designs:
        return pd.DataFrame(columns=columns)
    grid = pd.MultiIndex.from_product([d.designs, book.months.values()], names=columns[:2])
    launched = {(o, v): 0.0 for o in d.designs for v in book.months}
    for (x, g, v), kunit in deployed.items():
        if (x, v) in launched:
            launched[x, v] += d.kw_per_unit[g] * kunit
    out = pd.DataFrame(index=grid).reset_index()
    keys = [(o, number[m]) for o, m in grid]
    out["launched_mw"] = [launched[key] for key in keys]
    out["launched_t"] = out["launched_mw"] * out["design_id"].map(d.kg_per_kw)
    for column, share in (("alive_mw", d.orbit_alive_frac), ("service_mw", d.orbit_service_frac)):
        out[column] = [sum(share.get((o, v, t), 0.0) * launched[o, v] for v in range(1, t + 1)) for o, t in keys]
    return out[columns]


def launch_table(book: Book) -> Frame:
    """Tonnes to orbit against the tonnes that can be bought."""
    d, deployed = book.data, book.solution.values["deploy"]
    tonnes = dict.fromkeys(book.months, 0.0)
    for (x, g, v), kunit in deployed.items():
        if x in d.kg_per_kw and v in tonnes:
            tonnes[v] += d.kg_per_kw[x] * d.kw_per_unit[g] * kunit
    rows = [(name, tonnes[t], d.launch_t.get(t, 0.0)) for t, name in book.months.items()] if d.designs else []
    return pd.DataFrame(rows, columns=["month", "launched_t", "limit_t"])


def orbit_coefficients_table(d: PlanData) -> Frame:
    """What physics said of each vintage in each month, per kW launched."""
    names = dict(enumerate(d.months, start=1))
    rows = [
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
    columns = ["design_id", "launch_month", "month", "service_frac", "alive_frac", "charge_usd_per_kw", "upkeep_usd_per_kw"]
    return pd.DataFrame(rows, columns=[*columns, "kg_per_kw"])
