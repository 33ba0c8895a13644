"""What the plan before has published, kept or changed at a price: on the back of an envelope, rolled, and verified."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.data import Project, ProjectPart
from models.records import Published
from planner import api
from planner.solve.solution import Solution, solve
from planner.write.folder.result_folder import write_run
from tests.models.test_by_hand import HOURS, near_and_far, single, total
from tests.read.toy import write_plan

BOTH, TS = ("near", "far"), range(1, 5)
SAVED_USD = 8 * sum(HOURS.values())
"""By 8 MW at the other place, where energy costs a dollar less per MWh: 23,040."""


def published_near(usd: float) -> Solution:
    """8 MW of chips; their power was to be built near, and could come far. To have both costs 4,000 USD per MW more."""
    return solve(
        near_and_far(
            start_mw={(r, "grid"): 0.0 for r in BOTH},
            step_mw={(r, "grid", 1): 8.0 for r in BOTH},
            capital_usd_per_mw_month={(r, "grid"): 1_000.0 for r in BOTH},
            energy_usd_per_mwh={(r, "grid", t, 1): 41.0 if r == "near" else 40.0 for r in BOTH for t in TS},
            published=Published(usd, 4, {("near", "grid", 1): 8.0}, {}) if usd else None,
        )
    )


def test_a_change_that_pays_is_made() -> None:
    """8 MW less near and 8 MW more far, at 1,400 USD each, cost 22,400 USD."""
    found = published_near(1_400.0)
    assert found.values["build_mw"]["far", "grid", 1] == pytest.approx(8.0)
    assert found.values["less_mw"]["near", "grid", 1] == pytest.approx(8.0)
    assert found.values["more_mw"]["far", "grid", 1] == pytest.approx(8.0)
    assert total(found, "power_changes") == pytest.approx(16 * 1_400 / 1e6)
    assert abs(found.prices["count_changes"]["near", "grid", 1]) == pytest.approx(1_400 / 1e6)


def test_a_change_that_does_not_pay_is_not_made() -> None:
    """At 1,480 USD for each MW a change costs 23,680 USD and saves 23,040."""
    kept, free = published_near(1_480.0), published_near(0.0)
    assert kept.values["build_mw"]["near", "grid", 1] == pytest.approx(8.0)
    assert total(kept, "power_changes") == 0.0
    assert kept.proof.objective_musd - free.proof.objective_musd == pytest.approx(SAVED_USD / 1e6)
    assert "count_changes" not in free.prices  # without a price there is no such row


@pytest.mark.parametrize(("usd", "built_mw", "paid_usd"), [(2_000.0, 0.0, 6_000.0), (4_000.0, 3.0, 0.0)])
def test_halls_that_nothing_needs_are_built_where_changing_costs_more(usd: float, built_mw: float, paid_usd: float) -> None:
    """3 MW of halls, published for February, cost 3,000 USD per MW in the three months from then on."""
    found = solve(
        single(
            boundary="facility",
            shell_usd_per_mw_month={"near": 1_000.0},
            shell_step_mw={("near", t): 3.0 for t in TS},
            published=Published(usd, 2, {}, {("near", 2): 3.0}),
        )
    )
    assert found.values["build_shell"]["near", 2] == pytest.approx(built_mw, abs=1e-9)
    assert total(found, "hall_changes") == pytest.approx(paid_usd / 1e6)


def test_halls_of_a_project_count_as_built() -> None:
    """The plan before takes the project of 3 MW in February; taken then again, it changes nothing."""
    project = Project("hall", (ProjectPart("near", "halls", "halls", 3.0, 1e-6, 0.0, 0.0),), (2, 3), False)
    found = solve(
        single(
            projects=(project,),
            shell_step_mw={("near", t): 1.0 for t in TS},
            shell_usd_per_mw_month={"near": 9_000.0},
            boundary="facility",
            published=Published(1_000.0, 4, {}, {("near", 2): 3.0}),
        )
    )
    assert found.values["take"]["hall", 2] == pytest.approx(1.0)
    assert total(found, "hall_changes") == pytest.approx(0.0, abs=1e-12)


@pytest.fixture(scope="module")
def february(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy, short of power and halls, rolled by a month as planned, with a price of changes."""
    folder = tmp_path_factory.mktemp("changes")
    plan = write_plan(folder / "plan", months=3, plan={"change_usd_per_mw": 20_000})
    short = ["power[ohio,grid].start_mw=40", "power[bavaria,grid].start_mw=20", "regions.shell_start_mw*=0.5"]
    run = write_run(api.solve(api.load(plan, short)), folder / "january", workbook=False)
    api.roll(run, "2028-02", folder / "february")
    return folder / "february" / "plan.yaml"


def costs_of(plan: Path, *sets: str, out: Path) -> dict[str, Any]:
    run = write_run(api.solve(api.load(plan, sets)), out, workbook=False)
    verdict = api.verify(run)
    assert verdict.ok, verdict.lines()
    costs = api.open(run).tables["costs"].reset_index()
    return dict(costs.groupby("component")["cost_musd"].sum())


def test_what_is_rolled_as_planned_changes_nothing(february: Path, tmp_path: Path) -> None:
    assert api.load(february).settings.change_usd_per_mw == 20_000
    assert costs_of(february, out=tmp_path / "run").get("power_changes", 0.0) == pytest.approx(0.0, abs=1e-9)


def test_what_is_changed_is_paid_for_and_verified(february: Path, tmp_path: Path) -> None:
    """Where the grid grows half as fast less is built than was published, and the verifier finds the same cost."""
    costs = costs_of(february, "power[ohio,grid].step_mw_per_month*=0.5", out=tmp_path / "run")
    assert costs["power_changes"] > 0.01
    assert costs["hall_changes"] > 0.01
