"""What one unit of each thing costs, from the inputs alone. Money of the month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.verify.power import Power
from planner.verify.run import Run
from planner.verify.verdict import Array


def recovery_per_month(rate: Array, years: Array) -> Array:
    """The level charge at the start of each month of the life that repays one dollar with interest."""
    month = (1.0 + rate) ** (-1.0 / 12.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(rate > 0, (1.0 - month) / (1.0 - month ** (12.0 * years)), 1.0 / (12.0 * years)))


def fuel_usd_per_mwh(run: Run) -> Array:
    """Fuel burned for a megawatt-hour, [r,p]."""
    frame = run.table("inputs.fuels")
    price = {
        (str(r), str(f)): float(usd)
        for r, f, usd in zip(frame["region_id"], frame["fuel_id"], frame["usd_per_mmbtu"], strict=True)
    }
    heat = run.vector("inputs.options", "heat_rate_mmbtu_per_mwh")
    fuels = run.texts("inputs.options", "fuel_id")
    fuel = [[price.get((r, f), 0.0) for f in fuels] for r in run.axes["region_id"]]
    return np.asarray(np.array(fuel, dtype=float).reshape(len(fuel), len(heat)) * heat)


def carbon_usd_per_mwh(run: Run, power: Power) -> Array:
    """The carbon price on a megawatt-hour, nothing where the energy price holds it already, [r,p]."""
    includes = np.zeros(power.offered.shape, dtype=bool)
    rows = run.table("inputs.power")
    place = pd.Index(run.axes["region_id"], dtype=str).get_indexer(pd.Index(rows["region_id"], dtype=str))
    option = pd.Index(run.axes["option_id"], dtype=str).get_indexer(pd.Index(rows["option_id"], dtype=str))
    includes[place, option] = (rows["carbon_priced"] == "yes").to_numpy(dtype=bool)
    return np.where(includes, 0.0, power.carbon_t_per_mwh) * run.number("carbon.usd_per_tco2", 0.0)


def capital_usd_per_mw_month(run: Run) -> Array:
    """Capital charge of what the plan builds, [r,p]."""
    own = run.cube("inputs.power", "capex_usd_per_kw", np.nan)
    capex = np.where(np.isnan(own), run.vector("inputs.options", "capex_usd_per_kw")[None, :], own)
    wacc = run.vector("inputs.regions", "wacc_frac_per_year")
    return np.asarray(1000.0 * capex * recovery_per_month(wacc[:, None], run.vector("inputs.options", "life_years")[None, :]))


def fixed_usd_per_mw_month(run: Run) -> Array:
    """Fixed operation of what the plan builds, [p]."""
    return np.asarray(1000.0 * run.vector("inputs.options", "fixed_usd_per_kw_year") / 12.0)


def shell_usd_per_mw_month(run: Run) -> Array:
    """Capital charge of halls that the plan builds; halls cost nothing under the boundary `energy`, [r]."""
    wacc = run.vector("inputs.regions", "wacc_frac_per_year")
    shell = 1000.0 * run.vector("inputs.regions", "shell_usd_per_kw")
    shell = shell * recovery_per_month(wacc, run.vector("inputs.regions", "shell_life_years"))
    facility = run.word("boundary", "facility", ("energy", "facility")) == "facility"
    return np.asarray(shell * facility)


def unserved_usd_per_h100e_h(run: Run) -> tuple[Array, Array]:
    """What unserved compute is worth, and what its core is worth above that, both [w]."""
    value = run.vector("inputs.classes", "value_usd_per_h100e_h")
    of_core = run.vector("inputs.classes", "core_value_usd_per_h100e_h")
    return value, np.maximum(0.0, np.where(np.isnan(of_core), value, of_core) - value)
