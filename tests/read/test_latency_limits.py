"""A longer latency limit never costs more, and changes a plan only where a place comes within reach."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from planner.plan.latency import Latency
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.read.load import load
from planner.solve.solution import solve
from tests.read.toy import write_plan


def test_cost_falls_in_steps_where_a_place_comes_within_reach(tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    plan = load(path)
    latency = Latency(plan.settings, plan.tables)
    places = ("ohio", "bavaria", "dawn")
    reach = {ms: {(z, x) for z in ("new_york", "munich") for x in places if latency.fast_enough(z, x, ms)} for ms in LIMITS}
    cost, flows = {}, {}
    for ms in LIMITS:
        data = prepare(load(path, [f"classes[chat].latency_ms={ms}"]))
        flows[ms] = {(z, x) for z, w, x in data.servable if w == "chat"}
        cost[ms] = solve(data, progress=Progress()).proof.objective_musd
    assert flows == reach
    for near, far in pairwise(LIMITS):
        assert cost[far] <= cost[near] * (1 + 1e-9)
        if flows[far] == flows[near]:
            assert cost[far] == pytest.approx(cost[near], rel=1e-9)
    assert cost[300] < cost[10] * 0.999


LIMITS = (10, 20, 30, 40, 80, 120, 300)
