"""Dual of the fleet, on Earth and in orbit: what a chip must at least be worth, wherever it goes, month by month.

Primal rows (g generation, r region, o design, v month of launch, t month, k slice):

    conserve_chips     dark[t] - dark[t-1] + sum_x deploy[x,t] = delivered[t]
    conserve_fleet     installed[t] - keep[t] installed[t-1] - deploy[t-lag] + retire[t] = 0
    conserve_displaced displaced[t] - displaced[t-1] - sum_r retire[r,t] = 0
    limit_retirement   retire[t] - keep[t] installed[t-1] <= 0
    house_chips        pue nameplate sum_g kw installed - sum_p firm capacity <= 0
    fit_shell          sum_g kw installed - shell <= 0
    run_installed      run[k] - installed <= 0
    run_in_orbit       run[k] - sum_v service[v,t] deploy[v] <= 0
    limit_launch_mass  sum_og kg kw deploy <= tonnes,     limit_satellite_factory  sum_og kw deploy <= factory
"""

from __future__ import annotations

import numpy as np

from planner.verify.costs import chip_loss_usd
from planner.verify.dual_bound import Bound, after
from planner.verify.dual_reach import Reach
from planner.verify.dual_rows import Duals
from planner.verify.orbit import kg_per_kw
from planner.verify.verdict import Array

STOCK, SITE = ("generation_id", "month"), ("region_id", "generation_id", "month")
SPACE = ("design_id", "generation_id", "month")


def bound_fleet(bound: Bound, y: Duals, reach: Reach) -> None:
    """Right sides and reduced costs of everything that counts chips."""
    run, fleet = reach.run, reach.fleet
    install = run.discount * run.vector("inputs.accelerators", "install_usd_per_unit")[:, None] / 1e3
    _stock(bound, y, reach)
    _housed(bound, y, reach)
    on_earth = fleet.regions
    arrival = np.zeros_like(y["conserve_fleet"])  # the dual of the row that a chip deployed now arrives in
    for region, lag in enumerate(fleet.lag):
        if lag < run.month_count:
            arrival[region, :, : run.month_count - lag] = y["conserve_fleet"][region, :, lag:]
    bound.variable("deploy", SITE, install - y["conserve_chips"] + arrival, reach.deploy[:on_earth])
    _orbit(bound, y, reach, install)


def _stock(bound: Bound, y: Duals, reach: Reach) -> None:
    run, fleet = reach.run, reach.fleet
    waiting = y["conserve_chips"]
    bound.side(waiting, fleet.delivered)
    bound.side(waiting[:, 0], run.cube("inputs.dark", "kunit"))
    carry = run.vector("inputs.accelerators", "carry_usd_per_unit_month")[:, None] / 1e3
    bound.variable("dark", STOCK, carry * run.discount - waiting + after(waiting, 1), reach.stock)
    counted = y["conserve_displaced"]
    all_chips = reach.stock + fleet.start.sum(axis=0)[:, None]
    bound.variable("displaced", STOCK, after(counted, 1) - counted, all_chips)
    to_end = np.cumsum(run.discount[::-1])[::-1]
    retire = carry * to_end - y["conserve_fleet"] + y["limit_retirement"] + counted
    bound.variable("retire", SITE, retire, reach.installed_before)


def _housed(bound: Bound, y: Duals, reach: Reach) -> None:
    run, fleet = reach.run, reach.fleet
    keep = fleet.survive[:, None] * (1.0 - fleet.end_of_life)
    left = keep * (y["conserve_fleet"] - y["limit_retirement"])  # what a chip that is still there next month is worth
    bound.side(left[:, :, 0], fleet.start)
    pue, kw = run.vector("inputs.regions", "pue"), fleet.kw[None, :, None]
    firm = (pue * run.vector("inputs.regions", "nameplate_frac"))[:, None] * y["house_chips"] + y["fit_shell"]
    draw = fleet.kw * run.vector("inputs.accelerators", "draw_frac")
    idle = run.vector("inputs.accelerators", "idle_frac")
    power = pue[:, None, None] * y["balance_power"]
    installed = after(left, 2) - y["conserve_fleet"] + kw * firm[:, None, :] - y["run_installed"].sum(axis=-1)
    installed += (draw * idle)[None, :, None] * power.sum(axis=-1)[:, None, :]
    bound.variable("installed", SITE, installed, reach.installed)
    compute = run.vector("inputs.regions", "availability_frac")[:, None, None] * y["place_compute"]
    running = y["run_installed"] + (draw * (1.0 - idle))[None, :, None, None] * power[:, None]
    running -= fleet.h100e[None, :, None, None] * compute[:, None]
    bound.variable("run", (*SITE[:2], run.months, _numbers(running)), running, reach.installed[..., None])


def _orbit(bound: Bound, y: Duals, reach: Reach, install: Array) -> None:
    run, fleet = reach.run, reach.fleet
    service, alive, charge, upkeep = (
        run.cube("orbit_coefficients", name)
        for name in ("service_frac", "alive_frac", "charge_usd_per_kw", "upkeep_usd_per_kw")
    )
    kw = fleet.kw[None, :, None]
    paid = kw * ((charge + upkeep) @ run.discount)[:, None, :] + run.discount[-1] * chip_loss_usd(run, fleet)
    launched = kg_per_kw(run)[:, None, :] * kw * y["limit_launch_mass"] + kw * y["limit_satellite_factory"]
    per_mw = run.vector("inputs.designs", "downlink_gbit_s_per_mw")
    down = np.where(np.isfinite(per_mw), per_mw, 0.0)[:, None] * y["limit_downlink"]
    serves = np.einsum("ovt,ogt->ogv", service, y["run_in_orbit"].sum(axis=-1))
    sends = kw * np.einsum("ovt,ot->ov", alive, down)[:, None, :]
    deploy = install + paid / 1e3 - y["conserve_chips"] + launched - serves - sends
    bound.variable("deploy in orbit", SPACE, deploy, reach.deploy[fleet.regions :])
    running = y["run_in_orbit"] - fleet.h100e[None, :, None, None] * y["place_compute_in_orbit"][:, None]
    bound.variable("orbit_run", (*SPACE[:2], run.months, _numbers(running)), running, reach.in_service[..., None])
    bound.side(-y["limit_launch_mass"], run.cube("inputs.launch", "tonnes"))
    bound.side(-y["limit_satellite_factory"], run.cube("inputs.launch", "satellite_factory_mw", np.inf))


def _numbers(values: Array) -> list[str]:
    """Names of the slices, the last axis."""
    return [f"slice {number}" for number in range(1, values.shape[-1] + 1)]
