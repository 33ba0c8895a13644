"""The table of cash: what is paid when, by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.physics import coefficients
from planner.plan.places import orbital_designs
from planner.result import Result
from planner.schema.glossary import SPENT
from tests.read.toy import write_plan
from tests.verify.rich import rich_plan


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return api.solve(api.load(write_plan(tmp_path_factory.mktemp("cash") / "plan", months=14)))


def paid(result: Result, component: str) -> pd.Series[float]:
    cash = result.tables["cash"]
    return cash[cash["component"] == component].groupby("year")["cash_musd"].sum()


def bought(result: Result, table: str, key: str, column: str, price: dict[str, float]) -> pd.Series[float]:
    """Million USD by year of what a decision table buys, per kW or unit of the price."""
    frame = result.tables[table]
    musd = frame[column] * frame[key].map(price) / 1e3
    return musd[musd != 0].groupby(frame["month"].str[:4].astype(int)).sum()


def test_capital_is_paid_in_full_in_the_year_in_which_it_starts(result: Result) -> None:
    power = result.tables["power"]
    rows = result.plan.tables["power"].select("region_id", "option_id", "capex_usd_per_kw")
    option = result.plan.tables["options"].mapping("option_id", "capex_usd_per_kw")
    price = {f"{r} {p}": option[p] if own is None else own for r, p, own in rows}
    result.tables["by_pair"] = power.assign(pair=power["region_id"] + " " + power["option_id"])
    expected = bought(result, "by_pair", "pair", "build_mw", price)
    assert paid(result, "power_capital").to_dict() == pytest.approx(expected.to_dict())
    halls = bought(
        result, "halls", "region_id", "build_shell_mw", result.plan.tables["regions"].mapping("region_id", "shell_usd_per_kw")
    )
    assert paid(result, "hall_capital").to_dict() == pytest.approx(halls.to_dict())
    assert expected.sum() > 0
    charges = result.tables["costs"].query("component == 'capital'")["cost_musd"].sum()
    assert charges < expected.sum() / 5  # of fourteen months, the charges of a life of decades


def test_chips_are_paid_at_list_price_when_delivered_and_running_costs_when_due(result: Result) -> None:
    chips = bought(
        result,
        "chips",
        "generation_id",
        "delivered_kunit",
        result.plan.tables["accelerators"].mapping("generation_id", "price_usd_per_unit"),
    )
    assert paid(result, "chips").to_dict() == pytest.approx(chips.to_dict())
    costs = result.tables["costs"]
    due = costs[~costs["component"].isin(["capital", "halls", "orbit_capital", "orbit_chip_loss", "unserved"])]
    cash = result.tables["cash"]
    running = cash[~cash["component"].isin([*SPENT, "chips"])]
    assert running["cash_musd"].sum() == pytest.approx(due["cost_musd"].sum())
    told = {line.key: line.value for line in result.summary}
    assert told["cash_running"] == pytest.approx(due["cost_musd"].sum())
    assert told["cash_chips"] == pytest.approx(chips.sum())
    assert told["cash_capital"] + told["cash_running"] + told["cash_chips"] == pytest.approx(cash["cash_musd"].sum())


def test_a_satellite_and_its_launch_cost_what_physics_says(tmp_path: Path) -> None:
    plan = rich_plan(tmp_path / "plan")
    result = api.solve(plan)
    (design,) = orbital_designs(plan.tables["designs"])
    orbit = result.tables["orbit"]
    months = [(int(month[:4]), int(month[5:])) for month in orbit["month"]]
    capital = coefficients(design, months, [1.0] * len(months)).capital_usd_per_kw  # the plan launches for one dollar per kg
    launched = orbit["launched_mw"].to_numpy(dtype=float)
    assert launched.sum() > 1
    total = paid(result, "satellites").sum() + paid(result, "launches").sum()
    assert total == pytest.approx(float(capital @ launched) / 1e3)
    tonnes = float(orbit["launched_t"].sum())
    assert paid(result, "launches").sum() == pytest.approx(1e3 * tonnes * (1 + design.insurance_frac) / 1e6)


def test_where_the_cost_scope_leaves_halls_out_cash_does_too(tmp_path: Path) -> None:
    result = api.solve(api.load(write_plan(tmp_path / "plan", months=14), ["boundary=energy"]))
    assert result.tables["halls"]["build_shell_mw"].sum() > 0
    assert paid(result, "hall_capital").empty
