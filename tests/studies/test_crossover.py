"""The crossover: thresholds confirmed on both sides, and equal to what can be worked out by hand."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path

import pytest

from models.data import PlanData
from planner.physics.coefficients import coefficients
from planner.prepare.orbit import Launch
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.session import Session
from planner.solve.solution import solve
from planner.studies.crossover import agreement, closest, rivals
from planner.studies.thresholds import WIDTH, Knob, flown, search, with_launch_price, with_value
from planner.tables.orbit_entry import entry_table
from tests.models.test_by_hand import BREAK_EVEN, orbit_only
from tests.models.toy import toy
from tests.physics.conftest import DESIGNS
from tests.read.toy import write_plan

# launched at 100 USD/kg x 20 kg/kW = 2,000 of 4,000 USD/kW; all of it is charged over two months of service
LIFE = coefficients(DESIGNS["central"], [(2027, month) for month in range(1, 5)], [100.0] * 4)
LAUNCH = Launch((100.0,) * 4, (4_000.0,) * 4, 1_000.0, 20.0, LIFE)


def too_dear(factor: float) -> PlanData:
    return orbit_only(charge_usd_per_kw=BREAK_EVEN * factor)


def test_distance_is_cost_less_worth() -> None:
    """A kW launched in month 2 costs two charges and earns 1.8 USD an hour in months 3 and 4; the chip is dark otherwise."""
    entry = entry_table(solve(too_dear(1.25)), {"sat": LAUNCH}).set_index("month")
    row = entry.loc["2027-02"]
    assert row["cost_usd_per_kw"] == pytest.approx(2 * 1.25 * BREAK_EVEN)
    assert row["worth_usd_per_kw"] == pytest.approx(2 * BREAK_EVEN)
    assert row["flip_value_factor"] == pytest.approx(1.25)
    # two charges hold 2 x 1.25 x 1317.6 / 4000 of each dollar of capital; 20 USD/kW per USD/kg
    slope = 20.0 * 2 * 1.25 * BREAK_EVEN / 4_000.0
    assert row["break_even_launch_usd_per_kg"] == pytest.approx(100.0 - row["gap_usd_per_kw"] / slope)
    # generation `new` gives 4 H100e for 2 kW; 0.9 of the time
    assert row["cost_usd_per_h100e_h"] == pytest.approx(2 * 1.25 * BREAK_EVEN / (2 * 0.9 * (744 + 720)))


def test_distance_is_the_reduced_cost() -> None:
    """Where tonnes are free, the reduced cost of launching is the gap: thousand USD a unit of 2 kW."""
    solution = solve(dataclasses.replace(too_dear(1.25), satellite_factory_mw={}))
    gap = entry_table(solution, {"sat": LAUNCH}).set_index("month").loc["2027-02", "gap_usd_per_kw"]
    reduced = solution.reduced_costs["deploy"]["sat", "new", 2]
    assert reduced * 1e3 / 2.0 <= gap * (1 + 1e-9)  # a dual of an empty orbit may be anything up to the price of compute


@pytest.mark.parametrize("dear", [1.1, 1.25, 2.0])
def test_value_at_which_orbit_enters(dear: float) -> None:
    knob = Knob("value of compute", "USD", 1.0, 8.0, 0.02, with_value)
    found = search(Session(), too_dear(dear), knob, guess=1.0, flies=False)
    assert found.flipped is not None
    assert found.same <= dear <= found.flipped
    assert found.flipped - found.same <= WIDTH * found.flipped * 1.01


def test_launch_price_at_which_orbit_enters() -> None:
    """Charges 1.25 times too high: capital must fall to 3,200 USD/kW, so launch from 2,000 to 1,200: 0.6 of the price."""
    data = too_dear(1.25)
    knob = Knob("launch price", "USD per kg", 100.0, 0.0, 20.0, lambda d, f: with_launch_price(d, {"sat": LAUNCH}, f))
    found = search(Session(), data, knob, guess=0.6, flies=False)
    assert found.flipped is not None
    assert found.flipped <= 0.6 <= found.same


def test_cost_scopes_agree_where_neither_rival_of_orbit_holds_a_hall() -> None:
    """Chips that no grid can feed stay dark, and the work that waits for them is worth 1 USD."""
    solution = solve(too_dear(1.25))
    launch = closest(entry_table(solution, {"sat": LAUNCH}))
    assert launch is not None
    held = rivals(solution, launch)
    assert held.value_usd_per_h100e_h == (pytest.approx(1.0), pytest.approx(1.0))
    assert held.without_halls
    words = agreement([(launch, held), (launch, held)])
    assert "work left unserved, worth 1.00 USD per H100e-hour, and with leaving the chip dark" in words
    dearer = {**launch, "gap_usd_per_kw": launch["gap_usd_per_kw"] + 1.0}
    assert agreement([(launch, held), (dearer, held)]) == ""
    assert agreement([(launch, held), (None, None)]) == ""


def test_a_chip_with_a_place_on_earth_or_work_that_is_served_there_is_no_such_rival() -> None:
    solution = solve(toy())
    months = entry_table(solution, {"sat": LAUNCH}).to_dict("records")
    told = [rivals(solution, {str(name): value for name, value in row.items()}) for row in months]
    assert not any(one.without_halls for one in told)
    worth = [-solution.prices["conserve_chips"][row["generation_id"], number] for number, row in enumerate(months, start=1)]
    assert [one.chip_stays_dark for one in told] == [usd <= 1e-6 for usd in worth]
    assert max(worth) > 0


def test_not_even_a_free_launch() -> None:
    data = too_dear(2.5)  # capital must fall to 1,600 USD/kW; half of 4,000 is not launch
    knob = Knob("launch price", "USD per kg", 100.0, 0.0, 20.0, lambda d, f: with_launch_price(d, {"sat": LAUNCH}, f))
    found = search(Session(), data, knob, guess=0.0, flies=False)
    assert found.flipped is None


def test_value_at_which_orbit_leaves() -> None:
    """At 0.8 of the break-even charge, compute may lose a fifth of its value before nothing flies."""
    knob = Knob("value of compute", "USD", 1.0, 8.0, 0.02, with_value)
    found = search(Session(), too_dear(0.8), knob, guess=0.5, flies=True)
    assert found.flipped is not None
    assert found.flipped <= 0.8 <= found.same


def test_a_session_finds_what_a_cold_solve_finds() -> None:
    """Fifty prices and limits from the last basis, and each from nothing: the same cost to 1e-7."""
    session = Session()
    for step in range(25):
        factor = 0.6 + 0.04 * step
        for changed in (
            with_value(too_dear(1.25), factor),
            dataclasses.replace(too_dear(0.9), launch_t=dict.fromkeys((2, 3, 4), 30.0 * factor)),
        ):
            warm, cold = session.solve(changed), solve(changed)
            assert warm.proof.objective_musd == pytest.approx(cold.proof.objective_musd, rel=1e-7)
            assert flown(warm) == pytest.approx(flown(cold), abs=1e-6)


def test_dearer_launch_never_flies_more() -> None:
    session, before = Session(), float("inf")
    for factor in (0.0, 0.1, 0.5, 0.6, 0.7, 1.0, 2.0, 1e3):
        data = with_launch_price(too_dear(1.25), {"sat": LAUNCH}, factor)
        now = flown(session.solve(data))
        assert now <= before + 1e-6
        before = now


def shares(tmp_path: Path, key: str, values: list[float]) -> list[float]:
    """MW launched as one input walks over its whole range, in a plan of files where power is short and compute dear."""
    path = write_plan(tmp_path, months=8)
    base = ["classes.value_usd_per_h100e_h=6", "launch.tonnes=40", "designs.commissioning_months=1"]
    base += ["demand.start_kh100e*=20", "deliveries.kunit*=5"]
    return [flown(solve(prepare(load(path, [*base, f"{key}={value:g}"])))) for value in values]


def test_a_dearer_launch_never_raises_the_share_of_orbit(tmp_path: Path) -> None:
    found = shares(tmp_path, "launch_price.usd_per_kg", [0, 10, 300, 1e3, 3e3, 1e4, 1e6])
    assert found[0] > 0
    assert found[-1] == 0
    assert all(after <= before + 1e-6 for before, after in pairwise(found))


def test_a_better_array_never_lowers_the_share_of_orbit(tmp_path: Path) -> None:
    found = shares(tmp_path, "designs.array_specific_power_w_per_kg", [0.5, 5, 20, 50, 100, 300, 1e5])
    assert found[-1] > found[0]
    assert all(after >= before - 1e-6 for before, after in pairwise(found))
    better = shares(tmp_path, "designs.array_loss_frac_per_year", [0.5, 0.2, 0.05, 0.01, 0])
    assert all(after >= before - 1e-6 for before, after in pairwise(better))
