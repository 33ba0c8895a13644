"""Chips that move, halls that hibernate and sites that close, on plans small enough to solve on the back of an envelope."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from models.data import STOCK, ChipMove, PlanData
from planner.solve.solution import Solution, solve
from tests.models.toy import toy

WAY = ChipMove("near / far", "near", "far", usd_per_kw=2.0, downtime_months=1)
BACK = ChipMove("near / stock", "near", STOCK, usd_per_kw=2.0, downtime_months=0)
HOURS = {1: 744.0, 2: 672.0, 3: 744.0, 4: 720.0}


def two_sites(**changes: Any) -> PlanData:
    """Five old chips of 1 MW (thousand units of 1 kW) in `near`, where a MWh costs 100 USD; `far` has 5 MW at 50 USD, and no
    chip. 5 kH100e of batch work that either place can do, worth 1 USD per H100e-hour; nothing is delivered or grows."""
    base = toy(
        designs=(),
        generations=("old",),
        placeable=(("near", "old"), ("far", "old")),
        delivered_kunit={},
        demand_kh100e={("here", "patient", t): 5.0 for t in range(1, 5)},
        servable=tuple(("here", "patient", x) for x in ("near", "far")),
        flexible_frac={"urgent": 0.0, "patient": 0.0},
        core_frac={"urgent": 0.0, "patient": 0.0},
        options=(("near", "grid"), ("far", "grid")),
        start_mw={("near", "grid"): 6.0, ("far", "grid"): 6.0},
        step_mw={},
        growth_frac_per_month={("near", "grid"): 0.0, ("far", "grid"): 0.0},
        committed_mw={},
        pue={"near": 1.0, "far": 1.0},
        start_shell_mw={"near": 10.0, "far": 10.0},
        shell_step_mw={},
        national_growth_mwh={},
        network_usd_per_kh100e_month={},
        link_gbit_s={},
        launch_t={},
    )
    return dataclasses.replace(base, **changes)


def by_month(found: Solution, name: str, *index: str) -> list[float]:
    return [found.values[name].get((*index, t), 0.0) for t in (1, 2, 3, 4)]


def saves(found: Solution, data: PlanData) -> float:
    """What a way is worth to the plan, thousand USD."""
    without = solve(dataclasses.replace(data, chip_moves=(), chip_move_mw={}))
    return 1e3 * (without.proof.objective_musd - found.proof.objective_musd)


@pytest.mark.parametrize(("usd", "moved"), [(143.0, 5.0), (145.0, 0.0)])
def test_a_move_pays_up_to_its_break_even(usd: float, moved: float) -> None:
    """A MW saves 50 USD in each of 2880 hours where it takes no time to move: 144 USD per kW."""
    data = two_sites(chip_moves=(dataclasses.replace(WAY, usd_per_kw=usd, downtime_months=0),))
    found = solve(data)
    assert by_month(found, "move", "near / far", "old") == pytest.approx([moved, 0, 0, 0], abs=1e-9)
    assert by_month(found, "installed", "far", "old") == pytest.approx([moved] * 4, abs=1e-9)
    assert saves(found, data) == pytest.approx(5 * (144 - usd) if moved else 0.0, abs=1e-6)


@pytest.mark.parametrize(("usd", "moved"), [(68.0, 5.0), (69.0, 0.0)])
def test_downtime_costs_the_work_that_is_not_done(usd: float, moved: float) -> None:
    """At 0.15 USD per H100e-hour a MW earns 50 USD an hour in `near` and 100 in `far`: a month on the way loses 37.2 thousand
    USD and 1 to carry the chips, the three that follow gain 106.8."""
    dear = dataclasses.replace(WAY, usd_per_kw=usd)
    data = two_sites(value_usd_per_h100e_h={"urgent": 2.0, "patient": 0.15}, chip_moves=(dear,))
    data = dataclasses.replace(data, core_value_usd_per_h100e_h={"urgent": 2.0, "patient": 0.15})
    found = solve(data)
    assert by_month(found, "move", "near / far", "old") == pytest.approx([moved, 0, 0, 0], abs=1e-9)
    assert by_month(found, "installed", "far", "old") == pytest.approx([0, moved, moved, moved], abs=1e-9)
    assert saves(found, data) == pytest.approx(5 * (106.8 - 37.2 - 1 - usd) if moved else 0.0, abs=1e-6)


def test_what_one_more_megawatt_on_the_way_is_worth() -> None:
    """One MW a month may leave: the fifth never does, so that another in January is worth 144 less the 10 of its move."""
    way = dataclasses.replace(WAY, usd_per_kw=10.0, downtime_months=0)
    data = two_sites(chip_moves=(way,), chip_move_mw={(way.name, t): 1.0 for t in HOURS})
    found = solve(data)
    assert by_month(found, "installed", "far", "old") == pytest.approx([1, 2, 3, 4])
    left = {t: sum(hours for u, hours in HOURS.items() if u >= t) for t in HOURS}
    worth = [1e3 * found.prices["limit_chip_moves"][way.name, t] for t in HOURS]
    assert worth == pytest.approx([0.05 * left[t] - 10 for t in HOURS])
    assert saves(found, data) == pytest.approx(sum(worth))


def test_chips_keep_their_age_where_they_go() -> None:
    """Two of the five reach the end of their life in March, wherever they are."""
    way = dataclasses.replace(WAY, downtime_months=0)
    parts = {("near", "old", "2022-03"): 2.0}
    found = solve(two_sites(chip_moves=(way,), batch_end={("old", "2022-03"): 3}, start_batch_kunit=parts))
    assert by_month(found, "installed", "far", "old") == pytest.approx([5, 5, 3, 3])
    assert by_month(found, "installed_of", "far", "old", "2022-03")[:2] == pytest.approx([2, 2])
    late = dataclasses.replace(WAY, usd_per_kw=0.0, downtime_months=2)  # what would arrive in March stays to the end
    free = {"patient": 0.1, "urgent": 0.1}  # compute is worth its energy in `near`: the time on the way costs nothing
    data = two_sites(chip_moves=(late,), batch_end={("old", "2022-03"): 3}, start_batch_kunit=parts)
    found = solve(dataclasses.replace(data, value_usd_per_h100e_h=free, core_value_usd_per_h100e_h=free))
    assert by_month(found, "move", "near / far", "old")[0] == pytest.approx(3)
    assert by_month(found, "installed", "far", "old")[2:] == pytest.approx([3, 3])


def test_a_site_that_closes_loses_its_chips() -> None:
    """From March on `near` has no hall, no power and no chip: what nobody may move is retired early."""
    found = solve(two_sites(closing_month={"near": 3}))
    assert by_month(found, "installed", "near", "old") == pytest.approx([5, 5, 0, 0])
    assert by_month(found, "retire", "near", "old") == pytest.approx([0, 0, 5, 0])
    assert by_month(found, "capacity", "near", "grid") == pytest.approx([6, 6, 0, 0])
    assert by_month(found, "shell", "near") == pytest.approx([10, 10, 0, 0])
    assert by_month(found, "unserved", "here", "patient") == pytest.approx([0, 0, 5, 5])
    lost = 5 * sum(HOURS[t] * (1000 - 100) for t in (3, 4)) + 5 * 1000 * 2  # compute less its energy, carried for two months
    assert 1e6 * (found.proof.objective_musd - solve(two_sites()).proof.objective_musd) == pytest.approx(lost)


def test_chips_leave_a_site_before_it_closes() -> None:
    """A month on the way, in which nothing is done: in February they lose no more than in March, and run on cheaper power."""
    found = solve(two_sites(closing_month={"near": 3}, chip_moves=(WAY,)))
    assert by_month(found, "move", "near / far", "old") == pytest.approx([0, 5, 0, 0])
    assert by_month(found, "installed", "far", "old") == pytest.approx([0, 0, 5, 5])
    assert by_month(found, "retire", "near", "old") == pytest.approx([0, 0, 0, 0])


def test_what_comes_back_into_stock_is_deployed_anew() -> None:
    """`near` closes in February. Its chips are dark that month while `far` commissions them, and two of them end in April."""
    parts = {("near", "old", "2022-04"): 2.0}
    ends = {("old", "2022-04"): 4}
    found = solve(two_sites(closing_month={"near": 2}, chip_moves=(BACK,), batch_end=ends, start_batch_kunit=parts))
    assert by_month(found, "move", "near / stock", "old") == pytest.approx([0, 5, 0, 0])
    assert by_month(found, "deploy", "far", "old") == pytest.approx([0, 5, 0, 0])
    assert by_month(found, "installed", "far", "old") == pytest.approx([0, 0, 5, 3])


def test_a_hall_that_hibernates() -> None:
    """Eight of ten MW are out of service in February and March, at an upkeep of 100 USD a month. Chips that may go back into
    stock wait there for 1 USD a month and come back in April; others are retired early, and do not."""
    out = {("near", 2): 8.0, ("near", 3): 8.0}
    hibernating = {"hibernated_shell_mw": out, "hibernation_usd": dict.fromkeys(out, 100.0)}
    alone = {"placeable": (("near", "old"),), "servable": (("here", "patient", "near"),)}
    data = two_sites(**hibernating, **alone, chip_moves=(BACK,))
    found = solve(data)
    assert by_month(found, "installed", "near", "old") == pytest.approx([5, 2, 2, 5])
    assert by_month(found, "dark", "old") == pytest.approx([0, 3, 3, 0])
    missed = 3 * (1000 - 100) * (HOURS[2] + HOURS[3])
    paid = 2 * 100 + 3000 * (2 + 2 * 1)  # upkeep; each chip is moved once and carried twice
    plain = solve(two_sites(**alone)).proof.objective_musd
    assert 1e6 * (found.proof.objective_musd - plain) == pytest.approx(missed + paid)
    found = solve(dataclasses.replace(data, chip_moves=()))
    assert by_month(found, "installed", "near", "old") == pytest.approx([5, 2, 2, 2])
    assert found.prices["fit_shell"]["near", 2] > 0


def test_no_chip_passes_through_a_place() -> None:
    """What arrives in a month cannot leave in it: with no time on the way it takes a month to go on."""
    ways = (
        dataclasses.replace(WAY, usd_per_kw=0.0, downtime_months=0),
        ChipMove("far / mid", "far", "mid", usd_per_kw=0.0, downtime_months=0),
    )
    base = two_sites(chip_moves=ways)
    third = {"mid": 1.0}
    data = dataclasses.replace(
        base,
        regions=("near", "far", "mid"),
        placeable=(*base.placeable, ("mid", "old")),
        servable=(("here", "patient", "mid"),),
        survive_frac={**base.survive_frac, ("mid", "old"): 1.0},
        commission_months={**base.commission_months, "mid": 0},
        nameplate_frac={**base.nameplate_frac, **third},
        availability_frac={**base.availability_frac, **third},
        pue={**base.pue, **third},
        start_shell_mw={**base.start_shell_mw, "mid": 10.0},
        shell_usd_per_mw_month={**base.shell_usd_per_mw_month, "mid": 0.0},
        country={**base.country, "mid": "CC"},
        options=(*base.options, ("mid", "grid")),
        **{
            name: {**getattr(base, name), ("mid", "grid"): value}
            for name, value in {
                "start_mw": 6.0,
                "growth_frac_per_month": 0.0,
                "firm_frac": 1.0,
                "variable_usd_per_mwh": 0.0,
                "capital_usd_per_mw_month": 0.0,
                "fixed_usd_per_mw_month": 0.0,
                "carbon_t_per_mwh": 0.0,
                "carbon_priced_frac": 1.0,
            }.items()
        },
        power_availability_frac={**base.power_availability_frac, **{("mid", "grid", t, 1): 1.0 for t in HOURS}},
        energy_usd_per_mwh={**base.energy_usd_per_mwh, **{("mid", "grid", t, 1): 10.0 for t in HOURS}},
        fuel_usd_per_mwh={**base.fuel_usd_per_mwh, **{("mid", "grid", t): 0.0 for t in HOURS}},
    )
    found = solve(data)
    assert by_month(found, "installed", "mid", "old") == pytest.approx([0, 5, 5, 5])
