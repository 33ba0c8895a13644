"""Days of two halves, solved on the back of an envelope."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from models.build import build
from models.data import PlanData
from planner.solve.compile.form import compile_form
from planner.solve.solution import solve
from planner.tables.costs import cost_table
from tests.models.test_by_hand import HOURS, single, total
from tests.models.toy import halved

GRID, BATTERY = ("near", "grid"), ("near", "battery")
TS = range(1, 5)


def with_battery(price: float, capital: float = 0.0, **changes: Any) -> PlanData:
    """One MW of chips at PUE 1, the grid at 80 USD/MWh by night and `price` times that by day, a battery of 6 h and 0.8."""
    data = single(
        delivered_kunit={},
        start_installed_kunit={("near", "old"): 1.0},
        demand_kh100e={("here", "urgent", t): 1.0 for t in TS},
        pue={"near": 1.0},
        carry_usd_per_unit_month={"old": 1e6},
        options=(GRID, BATTERY),
        start_mw={GRID: 100.0, BATTERY: 1.0},
        growth_frac_per_month={GRID: 0.0, BATTERY: 0.0},
        firm_frac={GRID: 1.0, BATTERY: 0.0},
        power_availability_frac={(*rp, t, 1): 1.0 for rp in (GRID, BATTERY) for t in TS},
        energy_usd_per_mwh={(*rp, t, 1): 80.0 if rp == GRID else 0.0 for rp in (GRID, BATTERY) for t in TS},
        fuel_usd_per_mwh={(*rp, t): 0.0 for rp in (GRID, BATTERY) for t in TS},
        variable_usd_per_mwh={GRID: 0.0, BATTERY: 0.0},
        capital_usd_per_mw_month={GRID: 0.0, BATTERY: capital},
        fixed_usd_per_mw_month={GRID: 0.0, BATTERY: 0.0},
        carbon_t_per_mwh={GRID: 0.0, BATTERY: 0.0},
        carbon_priced_frac={GRID: 1.0, BATTERY: 1.0},
        storage_h={"battery": 6.0},
        round_trip_frac={"battery": 0.8},
    )
    return halved(data, price=price, **changes)


def test_a_battery_carries_cheap_energy_into_the_dear_half() -> None:
    """6 MWh a day come out by day and 7.5 go in by night: saved are 6 x 240 - 7.5 x 80 = 840 USD a day."""
    solution = solve(with_battery(3.0))
    assert solution.values["output"]["near", "battery", 1, 2] == pytest.approx(0.5)
    assert solution.values["charge"]["near", "battery", 1, 1] == pytest.approx(0.625)
    assert solution.values["stored"]["near", "battery", 1, 1] == pytest.approx(6.0)
    days = sum(HOURS.values()) / 24
    bought = days * (12 * 80 + 12 * 240 - 840) / 1e6
    assert total(solution, "energy") == pytest.approx(bought, rel=1e-9)
    assert cost_table(solution)["discounted_musd"].sum() == pytest.approx(solution.proof.objective_musd, rel=1e-9)
    # room for one more MWh in January: 240 - 80 / 0.8 USD on each of 31 days
    assert solution.prices["limit_stored"]["near", "battery", 1, 1] == pytest.approx(31 * 140 / 1e6, rel=1e-7)


@pytest.mark.parametrize(("price", "used"), [(1.26, True), (1.24, False)])
def test_a_battery_is_used_where_the_prices_are_farther_apart_than_its_loss(price: float, used: bool) -> None:
    """1 / 0.8 = 1.25."""
    solution = solve(with_battery(price))
    assert (solution.values["output"]["near", "battery", 1, 2] > 0) == used


def test_the_worst_slice_of_the_grid_binds() -> None:
    """The grid of 1 MW gives 0.4 MW by day: a chip of 1 MW runs at 0.4 by day, and a battery of 6 h carries it on to 0.9."""
    curtailed = {(*rp, t, k): 0.4 if rp == GRID and k == 2 else 1.0 for rp in (GRID, BATTERY) for t in TS for k in (1, 2)}
    started = {GRID: 1.0, BATTERY: 0.0}
    alone = solve(with_battery(1.0, power_availability_frac=curtailed, start_mw=started))
    assert alone.values["output"]["near", "grid", 1, 2] == pytest.approx(0.4)
    assert alone.values["serve"]["here", "urgent", "near", 1] == pytest.approx(0.4)
    assert alone.prices["respect_capacity"]["near", "grid", 1, 2] > 0
    # by night 1 MW less what is charged runs, by day 0.4 MW and what comes out: equal at 1 - c = 0.4 + 0.8 c, c = 1 / 3
    helped = solve(with_battery(1.0, power_availability_frac=curtailed, start_mw={GRID: 1.0, BATTERY: 1.0}))
    assert helped.values["serve"]["here", "urgent", "near", 1] == pytest.approx(2 / 3)


def test_demand_that_follows_the_day_needs_chips_for_its_peak() -> None:
    """One thousand chips serve a demand whose peak is 1.25 times its mean: 0.8 kH100e in the mean of the month."""
    shape = {("here", "urgent", t, k): 0.5 * k + 0.25 for t in TS for k in (1, 2)}
    solution = solve(with_battery(1.0, shape_frac=shape, start_mw={GRID: 100.0, BATTERY: 0.0}))
    assert solution.values["serve"]["here", "urgent", "near", 1] == pytest.approx(0.8)
    assert solution.values["run"]["near", "old", 1, 1] == pytest.approx(0.6)


def test_a_plant_past_the_month_of_need_is_not_there() -> None:
    """Free light from month 4 on: before its lead time the dear grid feeds everything."""
    first = {(*BATTERY, 4): 1.0}
    data = with_battery(1.0, storage_h={}, round_trip_frac={}, start_mw={GRID: 100.0, BATTERY: 0.0}, step_mw=first)
    solution = solve(data)
    assert [solution.values["output"]["near", "battery", t, 1] for t in TS] == pytest.approx([0.0, 0.0, 0.0, 1.0])
    assert total(solution, "energy") == pytest.approx(sum(HOURS[t] for t in (1, 2, 3)) * 80 / 1e6)


def test_flexible_work_moves_to_the_cheap_half() -> None:
    """Two thousand chips for 1 kH100e: what is flexible of it runs by night at 80 USD, the rest in its hour at 80 and 240."""
    chips = {("near", "old"): 2.0}
    data = with_battery(3.0, start_mw={GRID: 100.0, BATTERY: 0.0}, start_installed_kunit=chips, flexible_frac={"urgent": 0.25})
    solution = solve(data)
    assert solution.values["shift"]["urgent", "near", 1, 1] == pytest.approx(0.5)
    assert solution.values["shift"]["urgent", "near", 1, 2] == pytest.approx(0.0)
    assert solution.values["run"]["near", "old", 1, 1] == pytest.approx(1.25)
    days = sum(HOURS.values()) / 24
    assert total(solution, "energy") == pytest.approx(days * (15 * 80 + 9 * 240) / 1e6, rel=1e-9)
    # an hour of flexible work costs the cheap half: 80 USD for a MW of a thousand chips, on 31 days
    assert solution.prices["keep_flexible_work"]["urgent", "near", 1, "typical"] == pytest.approx(31 * 80 / 1e6, rel=1e-7)


def test_flexible_work_fills_the_hours_that_a_peak_leaves() -> None:
    """Chips for 1 kH100e all day, a demand of 0.75 and 1.25 times its mean: a fifth of it moved, all chips run all day."""
    shape = {("here", "urgent", t, k): 0.5 * k + 0.25 for t in TS for k in (1, 2)}
    data = with_battery(1.0, shape_frac=shape, start_mw={GRID: 100.0, BATTERY: 0.0}, flexible_frac={"urgent": 0.2})
    assert solve(data).values["serve"]["here", "urgent", "near", 1] == pytest.approx(1.0)


def test_flexible_work_of_one_day_type_does_not_move_to_another() -> None:
    """Half of the hours are scarce days without power: what is asked on them is lost, flexible or not."""
    data = with_battery(1.0, start_mw={GRID: 100.0, BATTERY: 0.0}, flexible_frac={"urgent": 1.0})
    dark = {(*rp, t, k): 1.0 if k == 1 else 0.0 for rp in (GRID, BATTERY) for t in TS for k in (1, 2)}
    by_day = {"day_of": {1: "typical", 2: "scarce"}, "start_h": {1: 0, 2: 0}, "length_h": {1: 24.0, 2: 24.0}}
    assert solve(dataclasses.replace(data, power_availability_frac=dark)).values["serve"]["here", "urgent", "near", 1] == 0.5
    apart = solve(dataclasses.replace(data, power_availability_frac=dark, **by_day))  # type: ignore[arg-type]
    assert apart.values["serve"]["here", "urgent", "near", 1] == pytest.approx(0.0)


def test_a_minimum_that_is_not_taken_is_paid_for() -> None:
    """A grid of 2 MW with a minimum of 0.75 feeds 1 MW: half a megawatt more is paid for at 80 and 240 USD, and never drawn."""
    solution = solve(with_battery(3.0, start_mw={GRID: 2.0, BATTERY: 0.0}, minimum_take_frac={GRID: 0.75}))
    assert solution.values["untaken_mw"]["near", "grid", 1] == pytest.approx(0.5)
    assert total(solution, "energy") == pytest.approx(1.5 * 160 * sum(HOURS.values()) / 1e6, rel=1e-9)
    assert cost_table(solution)["discounted_musd"].sum() == pytest.approx(solution.proof.objective_musd, rel=1e-9)
    assert solution.prices["take_minimum"]["near", "grid", 1] == pytest.approx(160 * HOURS[1] / 1e6, rel=1e-7)


def with_window(hours: float | None, **changes: Any) -> PlanData:
    """Two thousand chips for 1 kH100e, half of it flexible, the grid at 80 USD by night and 240 by day."""
    windows = {} if hours is None else {"urgent": hours}
    chips = {("near", "old"): 2.0}
    stated: dict[str, Any] = {"start_mw": {GRID: 100.0, BATTERY: 0.0}, "start_installed_kunit": chips, **changes}
    return with_battery(3.0, flexible_frac={"urgent": 0.5}, flexible_window_h=windows, **stated)


@pytest.mark.parametrize(("window", "moved_h"), [(0.0, 0.0), (3.0, 1.5), (6.0, 3.0), (12.0, 6.0), (18.0, 6.0), (None, 6.0)])
def test_work_waits_for_the_night_as_long_as_its_window(window: float | None, moved_h: float) -> None:
    """Half a kH100e asked each hour of the day: what is asked in its last hours is done by night at 80 USD."""
    solution = solve(with_window(window))
    days = sum(HOURS.values()) / 24
    assert total(solution, "energy") == pytest.approx(days * ((12 + moved_h) * 80 + (12 - moved_h) * 240) / 1e6, rel=1e-9)
    waits = solution.values["waiting"].get(("urgent", "near", 1, 2))
    assert waits == (pytest.approx(moved_h) if window in (3.0, 6.0, 12.0) else waits)
    if window == 3.0:  # an hour more of waiting in January: 240 - 80 USD on each of 31 days
        assert solution.prices["limit_waiting"]["urgent", "near", 1, 2] == pytest.approx(31 * 160 / 1e6, rel=1e-7)


def test_no_window_and_no_hour_leave_no_row() -> None:
    """A window of no hours is rigid work: the very same program."""
    rigid = form_of(with_battery(3.0, flexible_frac={"urgent": 0.0}))
    assert form_of(with_battery(3.0, flexible_frac={"urgent": 0.5}, flexible_window_h={"urgent": 0.0})) == rigid
    names = {name for name, _ in compile_form(build(with_window(None))).rows}
    assert not names & {"conserve_waiting", "limit_waiting"}


def test_a_window_too_short_to_reach_the_cheap_hours() -> None:
    """Four quarters, only the third is cheap: with a window of six hours the work of the second may wait for it, that of the
    first may not."""
    quarters = (1, 2, 3, 4)
    data = with_window(6.0)
    price = {1: 240.0, 2: 240.0, 3: 80.0, 4: 240.0}
    cut = dataclasses.replace(
        data,
        slices=quarters,
        hours_h={(t, k): HOURS[t] / 4 for t in TS for k in quarters},
        day_of=dict.fromkeys(quarters, "typical"),
        start_h={k: 6 * (k - 1) for k in quarters},
        length_h=dict.fromkeys(quarters, 6.0),
        shape_frac={(*zwt, k): 1.0 for *zwt, _ in data.shape_frac for k in quarters},
        power_availability_frac={(r, p, t, k): 1.0 for r, p, t, _ in data.power_availability_frac for k in quarters},
        energy_usd_per_mwh={
            (r, p, t, k): price[k] if p == "grid" else 0.0 for r, p, t, _ in data.energy_usd_per_mwh for k in quarters
        },
    )
    solution = solve(cut)
    # half of it is rigid; flexible work of the second quarter and its own is done in the third: 3 + 3 + 3 of 24 hours
    assert solution.values["shift"]["urgent", "near", 1, 3] * 6 == pytest.approx(6.0)
    days = sum(HOURS.values()) / 24
    assert total(solution, "energy") == pytest.approx(days * (9 * 80 + 15 * 240) / 1e6, rel=1e-9)


def form_of(data: PlanData) -> tuple[Any, ...]:
    form = compile_form(build(data))
    numbers = form.cost, form.matrix.data, form.row_lower, form.row_upper
    return form.rows, form.columns, *(each.tolist() for each in numbers)
