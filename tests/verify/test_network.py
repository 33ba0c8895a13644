"""The verifier on routes, stated delays and training runs: it derives the same demand, traffic, cost and bound by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.api import load, solve, verify
from planner.write.folder.result_folder import write_run
from tests.read.toy import write_plan

FROM = {"source": "t", "quality": "estimate"}
ROUTES = [
    {"route_id": "cable", "from": "europe", "to": "ohio", "gbit_s": 0.2, "usd_per_gbit_s_month": 9000, **FROM},
    {"route_id": "ring", "from": "", "to": "bavaria;us", "gbit_s": 9, "growth_frac_per_month": 0.02, **FROM},
]
RUN = {"run_id": "gpt4", "zone_id": "munich", "class_id": "batch", "energy_gwh": 9, "kw_per_h100e": 2, "duration_months": 1.5}
RUNS = [{**RUN, "runs_per_year": 5, "growth_frac_per_year": 0.5, "from_month": "2027-12", **FROM}]
DELAYS = [{"from_id": "new_york", "to_id": "bavaria", "one_way_ms": 30, **FROM}]


def test_the_verifier_knows_the_network(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path / "plan", routes=ROUTES, training_runs=RUNS, latency=DELAYS))
    result = solve(plan)
    limits = result.tables["limits"]
    assert len(limits[limits["constraint"] == "limit_route"]) > 0
    verdict = verify(write_run(result, tmp_path / "run", workbook=False))
    assert verdict.ok, verdict.lines()
    optimal = next(check for check in verdict.checks if check.name == "optimal")
    assert optimal.gap == pytest.approx(0, abs=1e-6)
