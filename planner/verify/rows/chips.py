"""Rows of chips: where every one of them is, on Earth and in orbit, and what they need to run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.verify.case import Case
from planner.verify.linear import Balance, Limit, Row, Side, term
from planner.verify.orbit import kg_per_kw


def chip_rows(case: Case) -> Iterator[Row]:
    """Chips on Earth: none is lost but by failure, age and retirement."""
    fleet = case.fleet
    start = np.outer(case.run.cube("inputs.dark", "kunit"), case.first)
    dark: Side = [term("dark", "gv", vt=case.before), start + fleet.delivered, -term("deploy", "xgt")]
    law = "dark = dark a month ago + delivered - deployed"
    yield Balance("conserve_chips", "gt", [term("dark", "gt")], dark, "kunit", law)

    keep = fleet.survive[:, None] * (1.0 - fleet.end_of_life)
    left: Side = [term("installed", "rgv", vt=case.before, gt=keep), fleet.start[:, :, None] * keep * case.first]
    installed = [*left, term("deploy", "rgv", rvt=fleet.arrives), -term("retire", "rgt")]
    law = "installed = what is left of last month + commissioned - retired"
    yield Balance("conserve_fleet", "rgt", [term("installed", "rgt")], installed, "kunit", law)
    law = "no more is retired than stood there"
    yield Limit("limit_retirement", "rgt", [term("retire", "rgt")], left, "kunit", law)
    displaced = [term("displaced", "gv", vt=case.before), term("retire", "rgt")]
    law = "displaced = displaced a month ago + retired"
    yield Balance("conserve_displaced", "gt", [term("displaced", "gt")], displaced, "kunit", law)
    law = "running chips are installed"
    yield Limit("run_installed", "rgtk", [term("run", "rgtk")], [term("installed", "rgt")], "kunit", law)


def orbit_rows(case: Case) -> Iterator[Row]:
    """Chips in orbit run while their vintage is in service; launches and satellites are scarce."""
    run, kw = case.run, case.fleet.kw
    service = term("deploy", "ogv", ovt=run.cube("orbit_coefficients", "service_frac"))
    law = "running chips in orbit are in service"
    yield Limit("run_in_orbit", "ogtk", [term("run", "ogtk")], [service], "kunit", law)
    tonnes = [run.cube("inputs.launch", "tonnes")]
    law = "tonnes launched <= tonnes available"
    launched = [term("deploy", "ogt", ot=kg_per_kw(run), g=kw)]
    yield Limit("limit_launch_mass", "t", launched, tonnes, "t", law, price="USD per tonne")
    factory = [run.cube("inputs.launch", "satellite_factory_mw", np.inf)]
    law = "satellites launched <= satellites built"
    yield Limit("limit_satellite_factory", "t", [term("deploy", "ogt", g=kw)], factory, "MW", law, price="USD per MW")
