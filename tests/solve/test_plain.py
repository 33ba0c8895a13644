"""`--plain`: by HiGHS alone, to the same cost as by way of the reduced program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner import cli
from planner.api import load, solve as solve_and_tabulate
from planner.prepare.plan_data import prepare
from planner.solve.highs import SolverOptions
from planner.solve.reduce import from_scratch
from planner.solve.solution import solve
from tests.models.toy import toy
from tests.read.toy import write_plan

ROOT = Path(__file__).parents[2]
MOVES = "classes.move_usd_per_h100e=1"
ALONE = "look_ahead_months=0"
PLANS = {
    "the starting plan": lambda: prepare(load(ROOT / "planner" / "new" / "plan.yaml")),
    "a quarter of the shipped plan": lambda: prepare(load(ROOT / "inputs" / "reference.yaml", ["months=3", ALONE])),
    "slices of a day": lambda: prepare(load(ROOT / "inputs" / "scenarios" / "hourly.yaml", ["months=3", "slices=4"])),
    "moves at a price": lambda: prepare(load(ROOT / "inputs" / "reference.yaml", ["months=4", ALONE, MOVES])),
    "moves at a price and slices": lambda: prepare(
        load(ROOT / "inputs" / "scenarios" / "hourly.yaml", ["months=2", "slices=4", MOVES])
    ),
    "a plan by hand": lambda: toy(12),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", PLANS)
def test_the_same_cost_without_reductions(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(from_scratch, "WORTH_IT", 0)
    data = PLANS[name]()
    reduced, plain = solve(data), solve(data, SolverOptions(plain=True))
    assert (reduced.outcome.plain, plain.outcome.plain) == (False, True)
    assert (reduced.outcome.reduced_to is None, plain.outcome.reduced_to) == (name == "a plan by hand", None)
    assert plain.proof.objective_musd == pytest.approx(reduced.proof.objective_musd, rel=1e-9)
    assert plain.proof.gap < 1e-9


@pytest.mark.slow
def test_the_manifest_states_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = write_plan(tmp_path / "plan", months=3), tmp_path / "out"
    assert cli.main(["run", str(path), "--out", str(out), "--quiet", "--plain"]) == 0
    assert json.loads((out / "manifest.json").read_text())["solver"]["plain"] is True
    assert solve_and_tabulate(load(path)).record["solver"]["plain"] is False
