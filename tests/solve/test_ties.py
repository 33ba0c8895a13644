"""Ties are broken by a stated rule: the same cost and prices, and a map of the work that small changes leave where it is."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from pathlib import Path

import pytest

from models.data import PlanData
from planner import api
from planner.prepare.plan_data import prepare
from planner.solve.solution import Solution, solve
from tests.models.test_moves_by_hand import two_places

NEW = Path(__file__).parents[2] / "planner" / "new" / "plan.yaml"
ties = importlib.import_module("planner.solve.ties")
PRICED = "classes.move_usd_per_h100e=1"
Map = dict[tuple[str, str, int], float]


def work(solution: Solution) -> Map:
    """By class, place and month, whoever asks."""
    found: Map = {}
    for (_, w, x, t), kh100e in solution.values["serve"].items():
        found[w, x, t] = found.get((w, x, t), 0.0) + kh100e
    return found


def moved_share(one: Map, other: Map, months: int) -> float:
    """Of the work of both, the part that is elsewhere in the other."""
    keys = [key for key in one.keys() | other.keys() if key[2] <= months]
    apart = sum(abs(one.get(key, 0.0) - other.get(key, 0.0)) for key in keys) / 2
    return apart / sum(one.get(key, 0.0) for key in keys)


@pytest.mark.parametrize("classes", [("urgent", "patient"), ("patient", "urgent")])
def test_the_first_class_is_at_the_first_place(classes: tuple[str, str]) -> None:
    """Two places of 10 kH100e at one price, two classes of 10: either map costs the same."""
    solution = solve(two_alike(classes))
    for t in range(1, 5):
        assert solution.values["serve"]["here", classes[0], "near", t] == pytest.approx(10.0)
        assert solution.values["serve"]["here", classes[1], "far", t] == pytest.approx(10.0)
    assert solution.proof.gap < 1e-12


def two_alike(classes: tuple[str, ...]) -> PlanData:
    ts, places = range(1, 5), ("near", "far")
    return two_places(
        classes=classes,
        demand_kh100e={("here", w, t): 10.0 for w in classes for t in ts},
        servable=tuple(("here", w, r) for w in classes for r in places),
        shape_frac={("here", w, t, 1): 1.0 for w in classes for t in ts},
        flexible_frac=dict.fromkeys(classes, 0.0),
        energy_usd_per_mwh={(r, "grid", t, 1): 80.0 for r in places for t in ts},
        network_usd_per_kh100e_month={},
        move_usd_per_h100e=dict.fromkeys(classes, 1.0),
    )


@pytest.mark.parametrize(("most", "stand"), [(ties.MOST, "near"), (0, "far")])
def test_chips_go_with_their_work(most: int, stand: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chips for 10 kH100e wait for one of two places at one price: wherever a solver puts them, they end at the first. In a
    plan that is too large they stay."""
    data = dataclasses.replace(two_alike(("urgent",)), start_installed_kunit={}, start_dark_kunit={"old": 10.0})
    found = solve(data)
    form, other = found.form, {"near": "far", "far": "near"}
    columns = {key: position for position, key in enumerate(form.columns)}
    assert found.outcome.values[columns["installed", ("near", "old", 4)]] == pytest.approx(10.0)
    swapped = [columns[name, tuple(other.get(part, part) for part in index)] for name, index in form.columns]
    monkeypatch.setattr(ties, "MOST", most)
    values = ties.settled(data, form, dataclasses.replace(found.outcome, values=found.outcome.values[swapped])).values
    assert float(form.cost @ values) == pytest.approx(float(form.cost @ found.outcome.values), rel=1e-12)
    for t in range(1, 5):
        assert values[columns["installed", (stand, "old", t)]] == pytest.approx(10.0)
        assert values[columns["serve", ("here", "urgent", stand, t)]] == pytest.approx(10.0)


@pytest.fixture(scope="module")
def solution() -> Solution:
    return solve(prepare(api.load(NEW, [PRICED])))


def test_cost_and_prices_are_those_of_before(solution: Solution, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[solve.__module__], "settled", lambda data, form, outcome: outcome)
    before = solve(solution.data)
    assert solution.prices == before.prices
    assert solution.proof.objective_musd == pytest.approx(before.proof.objective_musd, rel=1e-12)
    assert solution.proof.worst < 1e-10
    assert moved_share(work(before), work(solution), 36) > 0.02
    assert solution.values["unserved"] == before.values["unserved"]


@pytest.mark.parametrize(
    ("change", "share"), [("months=24", 0.02), ("power[us_ercot_texas,grid].energy_usd_per_mwh*=1.001", 0.001)]
)
def test_a_small_change_leaves_the_map(solution: Solution, change: str, share: float) -> None:
    """Of the work in the months of both, a price moves nothing; an earlier end moves what no longer pays before it."""
    assert moved_share(work(solution), work(solve(prepare(api.load(NEW, [PRICED, change])))), 24) < share


def test_without_a_price_of_moves_nothing_is_chosen() -> None:
    data = prepare(api.load(NEW, ["months=3"]))
    plain = solve(data)
    assert plain.values.keys() >= {"serve", "left"}
    assert not plain.values["left"]
