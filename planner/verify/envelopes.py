"""Envelopes above the regions: what grids may add for AI in each nation, and what may be emitted in a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.verify.collector import Bench
from planner.verify.power import Power
from planner.verify.run import NDArrayBool, Run, UnreadableError, dig
from planner.verify.verdict import Array, finding

HOURS_PER_YEAR = 8766.0


@dataclass(frozen=True)
class Nations:
    """Countries with a row, the capacity that counts in each, and how much it may grow in a plan year."""

    names: list[str]
    counted: Array  # [c,r,p] 1 where the capacity of the option counts
    ends: NDArrayBool  # [t] last month of a plan year
    room_mw: Array  # [c] growth in a plan year, infinite: no limit


def nations(run: Run) -> Nations:
    """Envelopes of the inputs."""
    chosen = dig(run.plan, "national.options")
    named = {str(name) for name in (chosen if isinstance(chosen, list) else ())}
    options = np.array([name in named for name in run.axes["option_id"]], dtype=float)
    of_region = run.texts("inputs.regions", "country_iso2")
    names = run.texts("inputs.countries", "country_iso2")
    here = np.array([[country == name for country in of_region] for name in names], dtype=float)
    here = here.reshape(len(names), len(of_region))  # no country: no row, and still a column a region
    load = run.vector("inputs.countries", "load_frac")
    room = run.vector("inputs.countries", "ai_share_frac") * 1e6
    room = room * np.maximum(0.0, run.vector("inputs.countries", "generation_growth_twh_per_year"))
    per_mw = HOURS_PER_YEAR * np.nan_to_num(load, nan=1.0)
    limit = np.where(np.isnan(room) | (per_mw <= 0), np.inf, room / np.where(per_mw > 0, per_mw, 1.0))
    month = np.arange(run.month_count)
    ends = (month % 12 == 11) | (month == run.month_count - 1)
    return Nations(names, here[:, :, None] * options, ends, limit)


def carbon_caps(run: Run) -> tuple[list[str], Array, NDArrayBool]:
    """Years of the plan that have a cap, the caps in tonnes of CO2, and the months of each year [y,t]."""
    caps = dig(run.plan, "carbon.cap_mtco2_per_year") or {}
    law = "carbon.cap_mtco2_per_year must map years to caps, zero or more"
    if not isinstance(caps, dict) or not all(
        isinstance(cap, (int, float)) and not isinstance(cap, bool) and cap >= 0 for cap in caps.values()
    ):
        raise UnreadableError([finding("limit_carbon", f"plan.yaml: {law}")])
    inside = np.array([[month[:4] == str(year) for month in run.months] for year in caps], dtype=bool)
    inside = inside.reshape(len(caps), run.month_count)
    return [str(year) for year in caps], 1e6 * np.array(list(caps.values()), dtype=float), inside


def check_envelopes(bench: Bench, power: Power) -> None:
    """Nations and years stay inside their envelopes."""
    run, found = bench.run, nations(bench.run)
    grid = np.einsum("crp,rpt->ct", found.counted, power.capacity)
    start = np.einsum("crp,rp->c", found.counted, power.start)
    at_end = np.concatenate([start[:, None], grid[:, found.ends]], axis=1)
    grown, limit = np.zeros(grid.shape), np.full(grid.shape, np.inf)
    grown[:, found.ends], limit[:, found.ends] = np.diff(at_end, axis=1), found.room_mw[:, None]
    law = "grid growth of a nation in a plan year <= AI share of its generation growth"
    bench.at_most("limit_national_growth", grown, limit, (found.names, "month"), "MW", law)

    years, caps, inside = carbon_caps(run)
    emitted = run.cube("power", "carbon_tco2").sum(axis=(0, 1))
    of_year, cap = np.zeros(inside.shape), np.full(inside.shape, np.inf)
    for row, months in enumerate(inside):
        if months.any():
            last = int(np.flatnonzero(months)[-1])
            of_year[row, last], cap[row, last] = emitted[months].sum(), caps[row]
    bench.at_most("limit_carbon", of_year, cap, (years, "month"), "tCO2", "emissions of a year <= cap")
