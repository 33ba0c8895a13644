"""Owners in one hall, solved on the back of an envelope.

Ten megawatts of firm power. The maker's chips give 2 H100e per kW, those of the market 1; there are 10 MW of each, all there in
the first month. Energy is free and an H100e-hour is worth 2 USD, so that a MW of the maker's chips rather than the market's is
worth 1 H100e per kW: 2,000 USD an hour.
"""

from __future__ import annotations

from typing import Any

import pytest

from models.data import PlanData
from planner.solve.highs import SolverOptions
from planner.solve.reduce import from_scratch
from planner.solve.solution import Solution, solve
from tests.models.test_by_hand import HOURS, single, total

MAKER, MARKET = "名工", "market"
MONTHS = range(1, 5)


def hall(maker_frac: float = 0.4, added_frac: float | None = None, **changes: Any) -> PlanData:
    """``maker_frac`` of the power of the start is the maker's; ``added_frac`` of what is added, the same unless stated."""
    chips = ("best", "old")
    shares = {
        "right_start_frac": {("near", MAKER): maker_frac, ("near", MARKET): 1.0 - maker_frac},
        "right_added_frac": {("near", MAKER): maker_frac, ("near", MARKET): 1.0 - maker_frac},
    }
    if added_frac is not None:
        shares["right_added_frac"] = {("near", MAKER): added_frac, ("near", MARKET): 1.0 - added_frac}
    stated: dict[str, Any] = {
        "generations": chips,
        "placeable": (("near", "best"), ("near", "old")),
        "delivered_kunit": {("best", 1): 10.0, ("old", 1): 10.0},
        "survive_frac": {("near", g): 1.0 for g in chips},
        "kw_per_unit": dict.fromkeys(chips, 1.0),
        "h100e_per_unit": {"best": 2.0, "old": 1.0},
        "draw_frac": dict.fromkeys(chips, 1.0),
        "idle_frac": dict.fromkeys(chips, 0.0),
        "install_usd_per_unit": dict.fromkeys(chips, 1.0),
        "carry_usd_per_unit_month": dict.fromkeys(chips, 0.0),
        "demand_kh100e": {("here", "urgent", t): 100.0 for t in MONTHS},
        "energy_usd_per_mwh": {("near", "grid", t, 1): 0.0 for t in MONTHS},
        "capital_usd_per_mw_month": {("near", "grid"): 0.0},
        "start_mw": {("near", "grid"): 10.0},
        "pue": {"near": 1.0},
        "owner": {"best": MAKER, "old": MARKET},
        "owners_power": "own",
    }
    return single(**stated | shares | changes)


def served(solution: Solution, t: int = 1) -> float:
    return sum(kh100e for (*_, month), kh100e in solution.values["serve"].items() if month == t)


def price(solution: Solution, owner: str, t: int) -> float:
    return solution.prices["respect_right"]["near", owner, t]


def test_shared_power_houses_the_best_chip_alone() -> None:
    solution = solve(hall(owners_power="shared"))
    assert served(solution) == pytest.approx(20.0)
    assert solution.values["dark"]["old", 1] == pytest.approx(10.0)
    assert "respect_right" not in solution.prices


def test_each_owner_on_its_own_power() -> None:
    """4 MW of the maker's chips and 6 MW of the market's: 8 + 6 kH100e, the rest of both stays dark."""
    solution = solve(hall())
    assert served(solution) == pytest.approx(14.0)
    assert solution.values["dark"]["best", 1] == pytest.approx(6.0)
    assert solution.values["dark"]["old", 1] == pytest.approx(4.0)
    # a MW from the market's right to the maker's is worth one more H100e per kW; chips stay where they are, so that it is worth
    # that to the end: the sum over the months, as the rights of later months follow from the first
    moved = sum(price(solution, MAKER, t) - price(solution, MARKET, t) for t in MONTHS)
    assert moved == pytest.approx(2_000.0 * sum(HOURS.values()) / 1e6, rel=1e-7)


@pytest.mark.parametrize(("usd", "buys"), [(1_300_000.0, True), (1_600_000.0, False)])
def test_trade_pays_where_it_is_worth_more_than_it_costs(usd: float, buys: bool) -> None:
    """A MW traded gains 2,000 USD an hour: 1.34 to 1.49 million USD a month, 5.76 in four months, or 1.44 in the mean."""
    solution = solve(hall(owners_power="trade", trade_usd_per_mw_month=usd))
    bought = [solution.values["bought_mw"]["near", MAKER, t] for t in MONTHS]
    assert bought == pytest.approx([6.0 if buys else 0.0] * 4)
    assert served(solution) == pytest.approx(20.0 if buys else 14.0)
    if buys:  # the dual of a right is what it saves to buy: the friction
        assert [price(solution, MAKER, t) for t in MONTHS] == pytest.approx([usd / 1e6] * 4, rel=1e-9)
        assert total(solution, "power_trade") == pytest.approx(4 * 6.0 * usd / 1e6, rel=1e-9)
    else:
        assert sum(price(solution, MAKER, t) for t in MONTHS) <= 4 * usd / 1e6


def test_trade_without_friction_is_shared_power() -> None:
    free, shared = (solve(hall(owners_power=power)) for power in ("trade", "shared"))
    assert free.proof.objective_musd == pytest.approx(shared.proof.objective_musd, rel=1e-12)


def test_power_that_is_added_has_its_own_shares() -> None:
    """The start is the market's, what is added the maker's: 1 MW a month."""
    grows = {"step_mw": {("near", "grid", t): 1.0 for t in MONTHS}}
    solution = solve(hall(0.0, 1.0, **grows))
    assert [solution.values["installed"]["near", "best", t] for t in MONTHS] == pytest.approx([1.0, 2.0, 3.0, 4.0])
    assert [solution.values["installed"]["near", "old", t] for t in MONTHS] == pytest.approx([10.0] * 4)


def test_power_that_closes_is_taken_from_those_who_had_it() -> None:
    """The market has the start; 4 MW of it close in the third month, while 1 MW a month is added for the maker."""
    changes = {"step_mw": {("near", "grid", t): 1.0 for t in MONTHS}, "closed_mw": {("near", "grid", 3): 4.0}}
    solution = solve(hall(0.0, 1.0, **changes))
    assert [solution.values["installed"]["near", "best", t] for t in MONTHS] == pytest.approx([1.0, 2.0, 3.0, 4.0])
    assert [solution.values["installed"]["near", "old", t] for t in MONTHS] == pytest.approx([10.0, 10.0, 6.0, 6.0])


@pytest.mark.parametrize("power", ["own", "trade"])
def test_one_owner_of_all_power_has_the_program_without_owners(power: str) -> None:
    one = hall(1.0, owner={"best": MAKER, "old": MAKER}, owners_power=power)
    without = solve(hall(owner={}, right_start_frac={}, right_added_frac={}, owners_power="shared"))
    solution = solve(one)
    assert solution.form.rows == without.form.rows
    assert solution.proof.objective_musd == without.proof.objective_musd


def test_reductions_keep_the_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the program, the reduced one leads to the optimum of the one solved as it stands."""
    monkeypatch.setattr(from_scratch, "WORTH_IT", 0)
    monkeypatch.setattr(from_scratch, "SAVED", 0.0)
    for power in ("own", "trade"):
        data = hall(step_mw={("near", "grid", t): 1.0 for t in MONTHS}, owners_power=power, trade_usd_per_mw_month=9_000.0)
        reduced, plain = (solve(data, SolverOptions(plain=each)) for each in (False, True))
        assert reduced.outcome.reduced_to is not None
        assert plain.outcome.reduced_to is None
        assert reduced.proof.objective_musd == pytest.approx(plain.proof.objective_musd, rel=1e-9)
        assert reduced.proof.gap < 1e-9
