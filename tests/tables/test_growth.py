"""What limits growth: by hand, and the claim that prices of electricity decide little where firm power is dear."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.formats import number, percent
from planner.solve.solution import solve
from planner.tables.decisions import headline_tables
from planner.tables.frames import Frames
from planner.tables.headline_growth import growth_lines
from planner.tables.limits import limits_table
from tests.models.test_owners_by_hand import hall
from tests.read.toy import write_plan


def test_where_firm_power_is_worth_more_than_electricity_doubling_its_price_moves_little(tmp_path: Path) -> None:
    sets = ["demand.start_kh100e*=10", "launch.tonnes=0", "power.step_mw_per_month*=0.3", "commitments.build_mw=0"]
    path = write_plan(tmp_path / "plan", months=12)
    once, twice = (api.solve(api.load(path, [*sets, *more])) for more in ([], ["power.energy_usd_per_mwh*=2"]))
    told = {line.key: line for line in once.summary}
    assert float(told["firm_value"].value) > 10 * float(told["energy_cost"].value)
    share = percent(float(told["grid_at_limit"].value))
    value, paid = (number(float(told[key].value)) for key in ("firm_value", "energy_cost"))
    assert told["firm_value"].text == (
        f"What limits growth: in {share} of the months in which a grid could connect more, "
        f"it connects all that its limit allows; one more MW of firm power is worth {value} USD per MWh that it can deliver, "
        f"while electricity costs {paid} USD per MWh used by servers: power is short, and its price decides little"
    )
    installed = [each.tables["fleet"].groupby("place_id")["it_nameplate_mw"].sum() for each in (once, twice)]
    moved = (installed[0] - installed[1]).abs().sum() / installed[0].sum()
    assert moved < 0.01
    power = once.tables["power"].query("option_id == 'grid' and growth_limit_mw > 0")
    at_limit = (power["build_mw"] > 0.999 * power["growth_limit_mw"]).mean()
    assert told["grid_at_limit"].value == pytest.approx(at_limit)
    firm = once.tables["power"].groupby(["region_id", "month"])["firm_mw"].sum()
    worth = once.tables["limits"].query("constraint == 'house_chips'").set_index(["where", "month"])["worth_usd"]
    hours = [744, 696, 744, 720, 744, 720, 744, 744, 720, 744, 720, 744]  # of 2028
    months = sorted({month for _, month in firm.index})
    mwh = sum(mw * hours[months.index(month)] for (_, month), mw in firm.items())
    usd = sum(mw * float(worth.get(place, 0.0)) for place, mw in firm.items())
    assert told["firm_value"].value == pytest.approx(usd / mwh)


def test_the_assumption_on_nameplate_is_said_with_what_it_costs(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "plan", months=2, orbit=False)
    sets = ["regions.nameplate_frac=0.9", "accelerators.draw_frac=0.6", "accelerators.idle_frac=1"]
    solved = api.solve(api.load(path, [*sets, "deliveries.kunit=100", "demand.start_kh100e*=10", "regions.shell_start_mw=1e5"]))
    told = {line.key: line for line in solved.summary}["nameplate_cover"]
    assert told.value == pytest.approx(0.9)
    assert told.text == (
        "Assumption: 90.0 % of the nameplate power of chips needs firm power, though they draw 60.0 %; "
        "if what they draw were enough, the same power could run up to 50.0 % more chips"
    )
    for other in (
        [*sets, "power.start_mw=1e5"],  # no chip waits for power
        ["regions.nameplate_frac=1", "accelerators.draw_frac=1", "accelerators.idle_frac=1", "deliveries.kunit=100"],
    ):
        found = {line.key: line for line in api.solve(api.load(path, other)).summary}
        assert "more chips" not in found["nameplate_cover"].text


def test_firm_power_is_worth_what_its_owners_make_of_it() -> None:
    """0.4 of one more MW houses the maker's chips, of 2 H100e per kW, and 0.6 the market's, of 1: 1,400 H100e at 2 USD an hour,
    less 1,000 USD once to install them."""
    solution = solve(hall())
    league = pd.DataFrame({"it_mwh": [1.0], "energy_cost_musd": [0.0]})
    tables = headline_tables(Frames(solution)) | {"limits": limits_table(solution), "league": league}
    told = {line.key: line.value for line in growth_lines(solution.data, tables)}
    assert told["firm_value"] == pytest.approx(2_800.0 - 1_000.0 / 2_880.0, rel=1e-6)


@pytest.mark.parametrize(("halls", "power"), [(0.01, 10.0), (10.0, 0.01)])
def test_what_limits_growth_is_halls_where_they_are_worth_most(tmp_path: Path, halls: float, power: float) -> None:
    sets = ["demand.start_kh100e*=10", "launch.tonnes=0", "commitments.build_mw=0"]
    sets += [f"regions.shell_step_mw_per_month*={halls}", f"power.step_mw_per_month*={power}"]
    solved = api.solve(api.load(write_plan(tmp_path / "plan", months=6), sets))
    told = {line.key: line.text for line in solved.summary}["firm_value"]
    rent = solved.tables["limits"].groupby("constraint")["rent_musd"].sum()
    share = rent.get("limit_shell_growth", 0.0) / rent.sum()
    words = f"What limits growth: halls, with {percent(share)} of the scarcity value of all limits; in "
    assert told.startswith(words) == (share > 0.5) == (halls < power)
