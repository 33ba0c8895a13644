"""Orbit: what was launched, what is alive, what gives service, and how much may fly."""

from __future__ import annotations

import numpy as np

from planner.verify.ages import survival
from planner.verify.collector import Collector
from planner.verify.fleet import Fleet
from planner.verify.run import Run
from planner.verify.verdict import Array


def kg_per_kw(run: Run) -> Array:
    """Mass of a design by month of launch, [o,v]."""
    return np.asarray(run.of_vintages("kg_per_kw").max(axis=2, initial=0.0))


def _check_coefficients(checks: Collector, fleet: Fleet) -> None:
    """What physics says of a vintage is its own affair; that nothing rises from the dead is not."""
    run = checks.run
    vintage = ("design_id", "launch_month", "month")
    service, alive = run.cube("orbit_coefficients", "service_frac"), run.cube("orbit_coefficients", "alive_frac")
    launched = np.array([run.month_index(month) for month in run.axes["launch_month"]], dtype=float)
    age = run.elapsed[None, :] - launched[:, None]
    flown = np.ones((*service.shape[:2], 1))  # of months before the start those in which a design was launched
    flown[:, : len(run.launched_before), 0] = fleet.launched_before.any(axis=1)
    checks.at_most("orbit.service", service, alive, vintage, "share", "what serves is alive")
    checks.same(
        "orbit.alive", alive, survival(run, age) * flown, vintage, "share", "alive = (1 - loss)^age, in years from launch"
    )
    for column in ("charge_usd_per_kw", "upkeep_usd_per_kw"):
        charge = run.cube("orbit_coefficients", column)
        given = service.sum(axis=2, keepdims=True)
        share = np.divide(service, given, out=np.zeros_like(service), where=given > 0)
        law = "a vintage is charged in proportion to its service"
        checks.same(f"orbit.{column}", charge, share * charge.sum(axis=2, keepdims=True), vintage, "USD/kW", law)
    mass = run.cube("orbit_coefficients", "kg_per_kw")
    one = mass.max(axis=(1, 2), keepdims=True, initial=0.0)
    uneven = np.where(run.present("orbit_coefficients"), mass, one)
    checks.same("orbit.kg_per_kw", uneven, np.broadcast_to(one, mass.shape), vintage, "kg/kW", "one mass a design")


def check_orbit(checks: Collector, fleet: Fleet) -> None:
    """The tables of orbits and launches."""
    _check_coefficients(checks, fleet)
    launched_t = kg_per_kw(checks.run) * fleet.launched_mw
    for column, value in {
        "launched_mw": fleet.launched_mw,
        "launched_t": launched_t,
        "alive_mw": np.einsum("ogt,g->ot", fleet.vintages("alive_frac"), fleet.kw),
        "service_mw": np.einsum("ogt,g->ot", fleet.vintages("service_frac"), fleet.kw),
    }.items():
        unit = "MW" if column.endswith("_mw") else "t"
        checks.column(f"orbit.{column}", value, unit, f"orbit: {column} follows from what was deployed")
    tonnes = checks.run.held("inputs.launch", "tonnes")
    limit = tonnes if len(checks.run.axes["design_id"]) else np.zeros_like(tonnes)
    checks.column("launch.limit_t", limit, "t", "launch limit as in the inputs")
    checks.column("launch.launched_t", launched_t.sum(axis=0), "t", "tonnes launched")
