"""What limits growth: by hand, and the claim that prices of electricity decide little where firm power is dear."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from tests.read.toy import write_plan


def test_where_firm_power_is_worth_more_than_electricity_doubling_its_price_moves_little(tmp_path: Path) -> None:
    sets = ["demand.start_kh100e*=10", "launch.tonnes=0", "power.step_mw_per_month*=0.3", "commitments.build_mw=0"]
    path = write_plan(tmp_path / "plan", months=12)
    once, twice = (api.solve(api.load(path, [*sets, *more])) for more in ([], ["power.energy_usd_per_mwh*=2"]))
    told = {line.key: line for line in once.summary}
    assert float(told["firm_value"].value) > 10 * float(told["energy_cost"].value)
    assert "its price decides little" in told["firm_value"].text
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
