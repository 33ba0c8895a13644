"""Frontiers of a plan: the ends are optima of one total, and each point is what the plan costs under a cap of its own."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import pytest

import planner
from models.data import PlanData
from planner.errors import UsageError
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.solution import Solution, solve
from planner.studies.pareto import pareto
from tests.models.toy import halved, toy


def emitted_t(solution: Solution) -> float:
    d = solution.data
    return sum(d.hours_h[t, k] * d.carbon_t_per_mwh[r, p] * mw for (r, p, t, k), mw in solution.values["output"].items())


def capped(data: PlanData, tonnes: float) -> Solution:
    """The same limit, said by the model's own row."""
    months = tuple(range(1, len(data.months) + 1))
    return solve(dataclasses.replace(data, carbon_cap_t={"all": tonnes}, carbon_periods={"all": months}))


@pytest.mark.parametrize("data", [toy(), halved(toy(), 1.5)], ids=["one slice", "two slices"])
def test_carbon_equals_the_plan_under_each_cap(data: PlanData) -> None:
    found = pareto(data, "cost,carbon", 6)
    rows = found.points.to_dict("records")
    assert len(rows) == 6
    free = solve(data)
    assert rows[0]["objective_musd"] == pytest.approx(free.proof.objective_musd, rel=1e-9)
    assert rows[0]["carbon_tco2"] <= emitted_t(free) * (1 + 1e-9)
    for row in rows:
        plan = capped(data, row["carbon_tco2"])
        assert row["objective_musd"] == pytest.approx(plan.proof.objective_musd, rel=1e-7)
    for row in rows[1:-1]:  # the price: between what a tonne less costs and what a tonne more saves
        more, less = (capped(data, row["carbon_tco2"] + step).proof.objective_musd for step in (1.0, -1.0))
        room = 1e-5 * row["price_usd_per_tco2"]
        assert (
            1e6 * (row["objective_musd"] - more) - room
            <= row["price_usd_per_tco2"]
            <= 1e6 * (less - row["objective_musd"]) + room
        )


def test_the_most_served_is_mode_energy_and_the_least_cost_serves_nothing() -> None:
    data = toy()
    rows = pareto(data, "cost,served", 6).points.to_dict("records")
    best = solve(dataclasses.replace(data, mode="energy"))
    asked = sum(data.demand_kh100e.values())
    assert rows[-1]["served_kh100e_months"] == pytest.approx(asked - sum(best.values["unserved"].values()), rel=1e-9)
    assert rows[-1]["cost_musd"] == pytest.approx(best.proof.objective_musd, rel=1e-8)  # mode energy holds compute to 1e-10
    assert rows[0]["served_frac"] == pytest.approx(0.0, abs=1e-9)
    assert rows[0]["served_frac"] >= 0
    assert all(a["price_usd_per_h100e_h"] <= b["price_usd_per_h100e_h"] * (1 + 1e-9) for a, b in pairwise(rows))


def test_served_counts_as_the_headline_does() -> None:
    """Months alike, though February is shorter."""
    data = toy()
    long = dataclasses.replace(data, hours_h={(t, k): 100.0 * t * hours for (t, k), hours in data.hours_h.items()})
    asked = sum(data.demand_kh100e.values())
    for row in pareto(long, "cost,served", 4).points.to_dict("records"):
        assert row["served_frac"] == pytest.approx(row["served_kh100e_months"] / asked, abs=1e-9)


def test_refusals() -> None:
    with pytest.raises(UsageError, match="expected cost,carbon or cost,served"):
        pareto(toy(), "cost,water", 5)
    with pytest.raises(UsageError, match="expected 2 to 1000"):
        pareto(toy(), "cost,carbon", 1)
    with pytest.raises(UsageError, match="unserved=allowed"):
        pareto(toy(unserved_allowed=False), "cost,served", 5)


@pytest.mark.slow
def test_frontiers_of_the_starting_plan() -> None:
    """Twenty points each: proven, convex, and what independent solves of the plan find at both ends and between."""
    data = prepare(load(Path(planner.__file__).parent / "new" / "plan.yaml"))
    rows = pareto(data, "cost,carbon", 20).points.to_dict("records")
    assert len(rows) == 20
    assert rows[0]["objective_musd"] == pytest.approx(solve(data).proof.objective_musd, rel=1e-9)
    for row in rows[4::5]:
        assert row["objective_musd"] == pytest.approx(capped(data, row["carbon_tco2"]).proof.objective_musd, rel=1e-7)
    for a, b, c in zip(rows, rows[1:], rows[2:], strict=False):
        part = (a["carbon_tco2"] - b["carbon_tco2"]) / (a["carbon_tco2"] - c["carbon_tco2"])
        assert b["objective_musd"] <= ((1 - part) * a["objective_musd"] + part * c["objective_musd"]) * (1 + 1e-9)
    served = pareto(data, "cost,served", 20).points.to_dict("records")
    best = solve(dataclasses.replace(data, mode="energy"))
    asked = sum(data.weight[w] * amount for (_, w, _), amount in data.demand_kh100e.items())
    short = sum(data.weight[w] * amount for (_, w, _), amount in best.values["unserved"].items())
    assert served[-1]["served_kh100e_months"] == pytest.approx(asked - short, rel=1e-6)
    assert served[-1]["cost_musd"] == pytest.approx(
        best.proof.objective_musd, rel=1e-3
    )  # held to 1e-7 of compute at 212 USD an hour
