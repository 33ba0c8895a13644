"""Orbit: what was launched, what is alive, what gives service, and how much may fly."""

from __future__ import annotations

import numpy as np

from planner.analyse.verify.bench import Bench
from planner.analyse.verify.fleet import Fleet
from planner.analyse.verify.run import Run
from planner.analyse.verify.verdict import Array


def kg_per_kw(run: Run) -> Array:
    """Mass of a design by month of launch, [o,v]."""
    return np.asarray(run.cube("orbit_coefficients", "kg_per_kw").max(axis=2, initial=0.0))


def check_orbit(bench: Bench, fleet: Fleet) -> None:
    """The orbit and launch tables, the limits on launches, and what no physics can exceed."""
    run, earth = bench.run, fleet.regions
    spot, stock = ("design_id", "month"), ("design_id", "generation_id", "month")
    vintage = ("design_id", "launch_month", "month")
    service, alive = run.cube("orbit_coefficients", "service_frac"), run.cube("orbit_coefficients", "alive_frac")
    after = np.triu(np.ones((run.month_count, run.month_count), dtype=bool))
    bench.at_most("orbit.service", service, alive, vintage, "share", "what serves is alive")
    bench.at_most(
        "orbit.alive", alive, after.astype(float), vintage, "share", "nothing is alive before its launch, nor more than all"
    )
    both = after & np.roll(after, 1, axis=1)
    both[:, 0] = False
    older = np.roll(alive, 1, axis=2)
    bench.at_most(
        "orbit.survival", np.where(both, alive, 0.0), np.where(both, older, 0.0), vintage, "share", "the dead stay dead"
    )
    for column in ("charge_usd_per_kw", "upkeep_usd_per_kw"):
        early = np.where(service > 0, 0.0, run.cube("orbit_coefficients", column))
        bench.equal(f"orbit.{column}", early, 0.0, vintage, "USD/kW", "a vintage is charged only in months in which it serves")
    mass = run.cube("orbit_coefficients", "kg_per_kw")
    uneven = np.where(run.present("orbit_coefficients"), mass, mass.max(axis=(1, 2), keepdims=True, initial=0.0))
    bench.equal(
        "orbit.kg_per_kw", uneven, mass.max(axis=(1, 2), keepdims=True, initial=0.0), vintage, "kg/kW", "one mass a design"
    )

    served = fleet.vintages("service_frac")
    bench.at_most("run_in_orbit", fleet.running[earth:], served, stock, "kunit", "running chips in orbit are in service")
    launched_t = kg_per_kw(run) * fleet.launched_mw
    for column, value in {
        "launched_mw": fleet.launched_mw,
        "launched_t": launched_t,
        "alive_mw": np.einsum("ogt,g->ot", fleet.vintages("alive_frac"), fleet.kw),
        "service_mw": np.einsum("ogt,g->ot", served, fleet.kw),
    }.items():
        unit = "MW" if column.endswith("_mw") else "t"
        bench.equal(
            f"orbit.{column}", run.cube("orbit", column), value, spot, unit, f"orbit: {column} follows from what was deployed"
        )
    tonnes = run.cube("inputs.launch", "tonnes")
    written = run.present("launch")
    bench.equal(
        "launch.limit_t",
        run.cube("launch", "limit_t"),
        np.where(written, tonnes, 0.0),
        ("month",),
        "t",
        "launch limit as in the inputs",
    )
    bench.equal(
        "launch.launched_t", run.cube("launch", "launched_t"), launched_t.sum(axis=0), ("month",), "t", "tonnes launched"
    )
    bench.at_most("limit_launch_mass", launched_t.sum(axis=0), tonnes, ("month",), "t", "tonnes launched <= tonnes available")
    factory = run.cube("inputs.launch", "satellite_factory_mw", np.inf)
    bench.at_most(
        "limit_satellite_factory",
        fleet.launched_mw.sum(axis=0),
        factory,
        ("month",),
        "MW",
        "satellites launched <= satellites built",
    )
