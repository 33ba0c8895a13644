"""East data, west compute: the page says what runs say, and a longer latency limit of interactive work never costs more."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from planner.api import load, solve as solve_plan
from planner.prepare.plan_data import prepare
from planner.solve.solution import Solution, solve
from planner.write.folder.result_folder import write_run

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "inputs" / "scenarios"
PAGE = (ROOT / "docs" / "east-west.md").read_text(encoding="utf-8")
NUMBER = re.compile(r"-?\d[\d,]*\.?\d*")
CHINA = SCENARIOS / "east-data-west-compute.yaml"
NEAR = {"cn_beijing": "cn_zhangjiakou", "cn_shanghai": "cn_yrd_wuhu", "cn_shenzhen": "cn_gba_shaoguan"}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("east_west", ROOT / "docs" / "east_west.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["east_west"] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_says_what_runs_say(docs: ModuleType, tmp_path: Path) -> None:
    """Written anew from runs by the commands that it shows, the page has the same words, and numbers within 2 % or a digit."""
    overrides = {"realtime-50": "classes[realtime].latency_ms=50", "interactive-10": "classes[interactive].latency_ms=10"}
    for name in docs.RUNS:
        assert f"results/{name}" in PAGE or f" {name}" in PAGE
        plan = load(CHINA, [overrides[name]]) if name in overrides else load(SCENARIOS / f"{name}.yaml")
        assert name not in overrides or overrides[name] in PAGE
        write_run(solve_plan(plan), tmp_path / name, workbook=False)
    fresh = docs.page(tmp_path)
    assert NUMBER.sub("#", " ".join(fresh.split())) == NUMBER.sub("#", " ".join(PAGE.split()))
    for new, shown in zip(NUMBER.findall(fresh), NUMBER.findall(PAGE), strict=True):
        digit = 10.0 ** -len(shown.partition(".")[2])
        assert float(new.replace(",", "")) == pytest.approx(float(shown.replace(",", "")), rel=0.02, abs=1.01 * digit)


def places_of(solution: Solution, zone: str) -> set[str]:
    """Where interactive work of a zone is done in any month."""
    return {x for (z, w, x, _), kh100e in solution.values["serve"].items() if (z, w) == (zone, "interactive") and kh100e > 1e-6}


def test_a_longer_limit_for_interactive_work_never_costs_more() -> None:
    """At 10 ms a city reaches its own hub, and Beijing Horinger, which is said to be 5 ms away; from 30 ms on everything."""
    found = {ms: solve(prepare(load(CHINA, [f"classes[interactive].latency_ms={ms}"]))) for ms in (10, 20, 30, 300)}
    cost = {ms: solution.proof.objective_musd for ms, solution in found.items()}
    assert cost[10] > cost[20] * 1.001
    assert cost[20] >= cost[30] * (1 - 1e-9)
    assert cost[300] == pytest.approx(cost[30], rel=1e-9)
    for zone, hub in NEAR.items():
        assert hub in places_of(found[10], zone)
        assert places_of(found[10], zone) <= {hub, "cn_inner_mongolia_horinger"} if zone == "cn_beijing" else {hub}
    far = {ms: sum(len(places_of(solution, zone) - {hub}) for zone, hub in NEAR.items()) for ms, solution in found.items()}
    assert far[300] > far[10]
