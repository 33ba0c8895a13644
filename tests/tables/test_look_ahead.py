"""A plan that looks ahead: decided for more months than it reports."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.result import Result
from planner.solve.solution import solve
from planner.tables.costs import cost_table
from planner.tables.result import split
from tests.models.test_by_hand import HOURS, single
from tests.models.toy import toy
from tests.read.toy import write_plan

ROOM = ["regions.shell_start_mw=1000", "power.start_mw=1000", "demand.start_kh100e=100"]


def solved(folder: Path, *sets: str, months: int = 3) -> Result:
    return api.solve(api.load(write_plan(folder / "plan", months=months), sets))


def value(result: Result, key: str) -> float:
    return next((float(line.value) for line in result.summary if line.key == key), 0.0)


def text(result: Result, key: str) -> str:
    return next(line.text for line in result.summary if line.key == key)


def test_costs_of_horizon_and_look_ahead_by_hand() -> None:
    """A thousand chips a month, running a month later: t - 1 thousand run in month t. Month 4 is the look-ahead."""
    data = single(commission_months={"near": 1}, install_usd_per_unit={"old": 100.0}, look_ahead_months=1)
    solution = solve(data)
    horizon, beyond = split({"costs": cost_table(solution)}, data)

    def musd(tables: dict[str, pd.DataFrame], component: str) -> float:
        costs = tables["costs"]
        return float(costs.loc[costs["component"] == component, "cost_musd"].sum())

    energy = {t: (t - 1) * hours * 1.25 * 80 / 1e6 for t, hours in HOURS.items()}
    unserved = {t: (10 - (t - 1)) * hours * 2.0 / 1e3 for t, hours in HOURS.items()}
    assert musd(horizon, "energy") == pytest.approx(energy[1] + energy[2] + energy[3])
    assert musd(horizon, "unserved") == pytest.approx(unserved[1] + unserved[2] + unserved[3])
    assert musd(horizon, "install") == pytest.approx(0.3)  # the chips of month 3 as well: they pay in month 4
    assert musd(beyond, "energy") == pytest.approx(energy[4])
    assert musd(beyond, "unserved") == pytest.approx(unserved[4])
    assert musd(beyond, "install") == 0
    whole = sum(float(tables["costs"]["discounted_musd"].sum()) for tables in (horizon, beyond))
    assert solution.proof.objective_musd == pytest.approx(whole)


def test_a_plan_without_look_ahead_is_not_split() -> None:
    data = toy()
    tables = {"costs": cost_table(solve(data))}
    assert split(tables, data) == (tables, {})


def test_the_last_chips_are_placed_where_the_plan_goes_on(tmp_path: Path) -> None:
    """Chips take a month to be commissioned: those of the last month are dark unless the month after is decided too."""
    ends = solved(tmp_path / "ends", *ROOM, "regions.commission_months=1", "launch.tonnes=0")
    goes_on = solved(tmp_path / "on", *ROOM, "regions.commission_months=1", "launch.tonnes=0", "look_ahead_months=1")
    last = 3 * 1.0 + 10 * 2.5  # thousand H100e of the last month's deliveries
    assert value(ends, "dark_end") == pytest.approx(last / 1e3)
    assert "28.0 thousand H100e of it (100 %) delivered in " in text(ends, "dark_end")
    assert value(goes_on, "dark_end") == pytest.approx(0.0, abs=1e-9)
    chips = goes_on.tables["chips"]
    commissioning = chips[chips["month"] == "2028-03"].set_index("generation_id")["commissioning_kunit"]
    assert commissioning.to_dict() == pytest.approx({"alpha": 3.0, "beta": 10.0})


@pytest.mark.slow
def test_the_verdict_on_orbit_does_not_depend_on_where_the_plan_ends(tmp_path: Path) -> None:
    """Tonnes come in the last month alone, and satellites serve a month later."""
    sets = ["launch.tonnes=0", "launch[2028-03].tonnes=50", "launch_price.usd_per_kg=1", "designs.build_usd_per_kg=1"]
    sets += ["accelerators.install_usd_per_unit=100", "designs.commissioning_months=1", "regions.shell_step_mw_per_month=0"]
    launched = {}
    for ahead in (0, 12, 24):
        result = solved(tmp_path / str(ahead), *sets, f"look_ahead_months={ahead}")
        launched[ahead] = float(result.tables["orbit"]["launched_mw"].sum())
        verdict = text(result, "orbit_share")
        assert ("Orbit is part of the least-cost plan" if ahead else "Orbit is not part of the least-cost plan") in verdict
        assert verdict.startswith("Within ")
    assert launched[0] == 0
    assert launched[12] == pytest.approx(launched[24])
    assert launched[12] > 1


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("months", "ahead"), [(1, 1), (1, 5), (3, 12)])
def test_only_months_of_the_horizon_are_reported(tmp_path: Path, months: int, ahead: int) -> None:
    plan = api.load(write_plan(tmp_path / "plan", months=months), [f"look_ahead_months={ahead}"])
    done = api.run(plan, tmp_path / "run")
    names = [f"2028-{month:02d}" for month in range(1, months + 1)]
    for name, table in done.tables.items():
        if "month" in table:
            assert set(table["month"]) <= set(names), name
    assert set(done.result.look_ahead["costs"]["month"]).isdisjoint(names)
    assert len(set(done.result.look_ahead["demand"]["month"])) == ahead
    costs, beyond = (float(part["costs"]["discounted_musd"].sum()) for part in (done.tables, done.result.look_ahead))
    record = done.result.record
    assert record["look_ahead"]["cost_musd"] == pytest.approx(beyond)
    assert record["solver"]["objective_musd"] == pytest.approx(costs + beyond)
    assert value(done.result, "cost") + value(done.result, "unserved_value") == pytest.approx(costs)
    assert f"over {months} month" in text(done.result, "cost")


@pytest.mark.slow
def test_ten_years_and_two_more(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "plan", months=120, orbit=False)
    sets = ["look_ahead_months=24", "demand.doubling_months=120", "classes.doubling_months=120"]
    result = api.solve(api.load(path, sets))
    assert len(set(result.tables["demand"]["month"])) == 120
    assert sorted(set(result.look_ahead["demand"]["month"]))[-1] == "2039-12"
    assert result.record["solver"]["relative_gap"] < 1e-9


def test_demand_and_prices_hold_in_the_look_ahead(tmp_path: Path) -> None:
    result = solved(tmp_path, "look_ahead_months=2")
    asked = pd.concat([result.tables["demand"], result.look_ahead["demand"]]).groupby("month")["demand_kh100e"].sum()
    assert asked["2028-02"] < asked["2028-03"]
    assert asked["2028-04"] == asked["2028-05"] == pytest.approx(asked["2028-03"])
    limit = result.look_ahead["launch"].set_index("month")["limit_t"]
    assert limit.to_dict() == {"2028-04": 40.0, "2028-05": 40.0}
    assert "; counted until May 2028)" in text(result, "remedy_1")


def test_a_stated_cap_of_a_later_year_counts(tmp_path: Path) -> None:
    """A plan that ends in December: its cap holds in the next year, unless that states its own."""
    from planner.prepare.plan_data import prepare

    path = write_plan(tmp_path / "plan", months=12)
    held = prepare(api.load(path, ["look_ahead_months=12", "carbon.cap_mtco2_per_year={2028: 0.5}"]))
    own = prepare(api.load(path, ["look_ahead_months=12", "carbon.cap_mtco2_per_year={2028: 0.5, 2029: 0.1}"]))
    free = prepare(api.load(path, ["look_ahead_months=12", "carbon.cap_mtco2_per_year={2027: 0.5}"]))
    assert held.carbon_cap_t == {"2028": 5e5, "2029": 5e5}
    assert own.carbon_cap_t == {"2028": 5e5, "2029": 1e5}
    assert free.carbon_cap_t == {}
