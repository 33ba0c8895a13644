"""What the files say, as the numbers of PlanData: each checked by hand on the toy."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from models.data import PlanData
from models.records import Share
from planner.physics import coefficients
from planner.prepare.plan_data import prepare, prepared
from planner.read.load import load
from planner.solve.solution import solve
from tests.read.toy import Rows, edit, write_plan


def toy(folder: Path, overrides: tuple[str, ...] = (), **changes: Any) -> PlanData:
    return prepare(load(write_plan(folder, **changes), overrides))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> PlanData:
    return toy(tmp_path_factory.mktemp("toy"), months=14)


def charge(rate: float, life_years: int) -> float:
    """The level payment at the start of each month that repays one dollar."""
    return 1 / sum((1 + rate) ** (-month / 12) for month in range(12 * life_years))


def test_time(data: PlanData) -> None:
    assert data.months[:2] == ("2028-01", "2028-02")
    assert data.months[-1] == "2029-02"
    assert data.hours_h[2, 1] == 29 * 24  # a leap year
    assert data.hours_h[14, 1] == 28 * 24
    assert data.discount[1] == 1
    assert data.discount[13] == pytest.approx(1 / 1.08)
    assert data.plan_year[12] == 1
    assert data.plan_year[13] == 2


def test_names_keep_the_order_of_the_files(data: PlanData) -> None:
    assert data.regions == ("ohio", "bavaria")
    assert data.designs == ("dawn",)
    assert data.generations == ("alpha", "beta")
    assert data.classes == ("chat", "batch")
    assert (data.name, data.boundary, data.mode, data.unserved_allowed) == ("toy", "facility", "value", True)


def test_numbers_are_plain(data: PlanData) -> None:
    for name in ("discount", "orbit_service_frac", "orbit_charge_usd_per_kw", "demand_kh100e", "kg_per_kw", "step_mw"):
        assert all(type(value) is float for value in getattr(data, name).values()), name


def test_export_rules(tmp_path: Path) -> None:
    rows = [("alpha", "DE", ""), ("beta", "", "US;CN")]

    def rules(chips: Rows) -> Rows:
        return [
            {**chip, "only_countries": only, "not_countries": never} for chip, (_, only, never) in zip(chips, rows, strict=True)
        ]

    assert toy(tmp_path, accelerators=rules).placeable == (("bavaria", "alpha"), ("bavaria", "beta"))


def test_fleet(data: PlanData) -> None:
    assert data.start_installed_kunit == {("ohio", "alpha"): 40, ("bavaria", "alpha"): 20}
    assert data.start_dark_kunit == {"alpha": 2}
    assert data.delivered_kunit["beta", 14] == 10
    assert data.survive_frac["ohio", "alpha"] == pytest.approx(0.95 ** (1 / 12))
    assert data.commission_months == {"ohio": 1, "bavaria": 0}


def test_end_of_life_is_of_each_site(data: PlanData) -> None:
    """Ohio: 40 thousand over 2023-01..2026-04 are 1 a month; five years later they end one month after the other.

    Bavaria: 20 over 2025-01..2026-08 are 1 a month too, from 2030 on, after the plan. What comes into stock lives longer."""
    assert data.start_ending_kunit == {("ohio", "alpha", t): pytest.approx(1.0) for t in range(1, 15)}
    assert data.batch_end == data.batch_supply_kunit == {}


def test_chips_past_their_life_end_in_the_first_month_at_their_own_site(tmp_path: Path) -> None:
    fleet = edit({"region_id": "ohio"}, delivered_from="2019-01", delivered_to="2020-08")
    data = toy(tmp_path, fleet=fleet)
    assert data.start_ending_kunit == {("ohio", "alpha", 1): pytest.approx(40)}


def test_deliveries_of_the_plan_end_by_batch(tmp_path: Path) -> None:
    short = edit({"generation_id": "beta"}, life_years=0.25)
    data = toy(tmp_path, months=6, accelerators=short)
    assert data.batch_end == {("beta", f"2028-0{month}"): month + 3 for month in (1, 2, 3)}
    assert data.batch_supply_kunit == {("beta", f"2028-0{month}", month): 10 for month in (1, 2, 3)}


def test_dark_chips_age_from_their_delivery(tmp_path: Path) -> None:
    """Alpha lives 60 months: of 2022-12 and 2023-01 the former is past its life, the latter ends when the plan begins."""
    rows = [
        {"generation_id": "alpha", "kunit": 2, "delivered_from": "2022-12", "delivered_to": "2023-01"},
        {"generation_id": "beta", "kunit": 4, "delivered_from": "", "delivered_to": ""},
    ]
    data = toy(tmp_path, dark=lambda _: [{**row, "source": "x", "quality": "estimate"} for row in rows])
    assert data.start_dark_kunit == {"alpha": 2, "beta": 4}
    assert data.batch_end == {("alpha", "2022-12"): 1, ("alpha", "2023-01"): 1}
    assert data.batch_supply_kunit == {("alpha", "2022-12", 0): 1, ("alpha", "2023-01", 0): 1}


def test_several_batches_of_a_generation_in_a_place(tmp_path: Path) -> None:
    def twice(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return [*rows, {**rows[0], "kunit": 7, "delivered_from": "2022-12", "delivered_to": "2022-12"}]

    data = toy(tmp_path, fleet=twice)
    assert data.start_installed_kunit["ohio", "alpha"] == 47
    assert data.start_ending_kunit["ohio", "alpha", 1] == pytest.approx(8.0)


def test_demand(data: PlanData) -> None:
    """Chat has a latency limit and stays in its zones; batch is asked by the pool of a bloc and doubles in 12 months."""
    assert {(z, w) for z, w, _ in data.demand_kh100e} == {
        ("new_york", "chat"),
        ("munich", "chat"),
        ("us", "batch"),
        ("europe", "batch"),
    }
    assert data.demand_kh100e["new_york", "chat", 1] == 25
    assert data.demand_kh100e["new_york", "chat", 7] == pytest.approx(50)
    assert data.demand_kh100e["us", "batch", 13] == pytest.approx(30)
    assert data.shape_frac["us", "batch", 1, 1] == 1


def test_the_core_of_a_demand(data: PlanData, tmp_path: Path) -> None:
    assert data.core_frac == {"chat": 0, "batch": 0}
    assert data.core_value_usd_per_h100e_h == data.value_usd_per_h100e_h
    cored = toy(tmp_path, classes=lambda rows: [{**row, "core_frac": 0.3, "core_value_usd_per_h100e_h": 5} for row in rows])
    assert cored.core_frac == {"chat": 0.3, "batch": 0.3}
    assert set(cored.core_value_usd_per_h100e_h.values()) == {5}


def test_pools_gather_zones(tmp_path: Path) -> None:
    data = toy(tmp_path, zones=edit({"zone_id": "munich"}, bloc="us"), residency=None)
    assert data.demand_kh100e["us", "batch", 1] == 15 + 8


def test_latency_and_residency(data: PlanData) -> None:
    """New York to Munich is 6,500 km: 12.9 + 0.01479 * 6,500 = 109 ms, above the limit of 100."""
    assert set(data.servable) == {
        ("new_york", "chat", "ohio"),
        ("new_york", "chat", "dawn"),
        ("munich", "chat", "bavaria"),
        ("munich", "chat", "dawn"),
        ("us", "batch", "ohio"),
        ("us", "batch", "bavaria"),
        ("us", "batch", "dawn"),
        ("europe", "batch", "bavaria"),
    }


def test_latency_at_its_edge(tmp_path: Path) -> None:
    km = (
        2
        * 6371
        * math.asin(
            math.sqrt(
                math.sin(math.radians(48.1 - 40.7) / 2) ** 2
                + math.cos(math.radians(40.7)) * math.cos(math.radians(48.1)) * math.sin(math.radians(11.6 + 74) / 2) ** 2
            )
        )
    )
    limit = 12.9 + 0.01479 * km
    just = toy(tmp_path, classes=edit({"class_id": "chat"}, latency_ms=limit + 1e-6))
    assert ("new_york", "chat", "bavaria") in just.servable
    over = toy(tmp_path, classes=edit({"class_id": "chat"}, latency_ms=limit - 1e-6))
    assert ("new_york", "chat", "bavaria") not in over.servable


def test_orbit_serves_only_what_may_fly(tmp_path: Path) -> None:
    slow = toy(tmp_path, classes=edit({"class_id": "chat"}, latency_ms=34))
    assert not any(w == "chat" and place == "dawn" for _, w, place in slow.servable)
    ground = toy(tmp_path, classes=edit({"class_id": "batch"}, orbit="no"))
    assert not any(w == "batch" and place == "dawn" for _, w, place in ground.servable)


def test_network(data: PlanData) -> None:
    """Munich and the region are 5 km apart: one metro. Everything else pays, orbit and pools too."""
    price = data.network_usd_per_kh100e_month
    assert set(price) == set(data.servable)
    assert price["munich", "chat", "bavaria"] == 0
    assert price["new_york", "chat", "ohio"] == 6480 * 0.5
    assert price["munich", "chat", "dawn"] == 6480 * 0.5
    assert price["europe", "batch", "bavaria"] == pytest.approx(6480 * 0.1)
    assert data.link_gbit_s["bavaria", 13] == pytest.approx(600)
    assert not any(r == "ohio" for r, _ in data.link_gbit_s)


def test_power(data: PlanData) -> None:
    assert data.options == (("ohio", "grid"), ("ohio", "gas_engine"), ("bavaria", "grid"))
    assert data.step_mw["ohio", "grid", 1] == 10
    assert data.step_mw["ohio", "grid", 13] == pytest.approx(11)
    assert ("ohio", "gas_engine", 2) not in data.step_mw
    assert data.step_mw["ohio", "gas_engine", 3] == 6
    assert data.energy_usd_per_mwh["ohio", "grid", 13, 1] == pytest.approx(65 * 1.02)
    assert data.fuel_usd_per_mwh["ohio", "gas_engine", 5] == 8 * 4
    assert data.fuel_usd_per_mwh["ohio", "grid", 5] == 0
    assert data.capital_usd_per_mw_month["ohio", "gas_engine"] == pytest.approx(1500e3 * charge(0.08, 20))
    assert data.fixed_usd_per_mw_month["ohio", "gas_engine"] == pytest.approx(20e3 / 12)
    assert data.carbon_t_per_mwh == {("ohio", "grid"): 0.38, ("ohio", "gas_engine"): 0.45, ("bavaria", "grid"): 0.33}
    assert data.carbon_priced_frac == {("ohio", "grid"): 1, ("ohio", "gas_engine"): 1, ("bavaria", "grid"): 0}
    assert data.committed_mw == {("ohio", "grid", 2): 3}
    assert data.closed_mw == {}
    assert data.supply_mw["gas_engine", 14] == 5
    assert data.power_availability_frac["bavaria", "grid", 3, 1] == 1
    assert data.firm_frac["ohio", "gas_engine"] == 0.9


def test_own_capex_and_carbon_of_a_row(tmp_path: Path) -> None:
    own = edit({"option_id": "gas_engine"}, capex_usd_per_kw=0, carbon_kg_per_mwh=100)
    data = toy(tmp_path, power=own)
    assert data.capital_usd_per_mw_month["ohio", "gas_engine"] == 0
    assert data.carbon_t_per_mwh["ohio", "gas_engine"] == 0.1


def test_no_interest(tmp_path: Path) -> None:
    data = toy(tmp_path, regions=edit({"region_id": "ohio"}, wacc_frac_per_year=0))
    assert data.capital_usd_per_mw_month["ohio", "grid"] == pytest.approx(250e3 / 30 / 12)


def test_halls(data: PlanData, tmp_path: Path) -> None:
    assert data.start_shell_mw == {"ohio": 70, "bavaria": 40}
    assert ("bavaria", 1) not in data.shell_step_mw
    assert data.shell_step_mw["ohio", 13] == pytest.approx(11)
    assert data.shell_usd_per_mw_month["ohio"] == pytest.approx(11000e3 * charge(0.08, 20))
    energy = toy(tmp_path, plan={"boundary": "energy"})
    assert energy.shell_usd_per_mw_month == {"ohio": 0, "bavaria": 0}


def test_nations(data: PlanData, tmp_path: Path) -> None:
    assert data.country == {"ohio": "US", "bavaria": "DE"}
    assert data.national_growth_mwh == {("US", 1): pytest.approx(12e6), ("US", 2): pytest.approx(12e6 * 2 / 12)}
    assert data.national_load_frac == {"US": 0.8}
    assert data.national_options == ("grid",)
    shrinking = toy(tmp_path, countries=edit({}, generation_growth_twh_per_year=-5))
    assert shrinking.national_growth_mwh == {("US", 1): 0}


@pytest.mark.parametrize(("months", "years"), [(6, [6]), (12, [12]), (14, [12, 2]), (18, [12, 6])])
def test_a_plan_year_of_fewer_months_has_that_many_twelfths_of_the_growth(
    tmp_path: Path, months: int, years: list[int]
) -> None:
    """The United States add 0.1 TWh a year for AI, 0.1e6 / (8766 x 0.8) = 14.26 MW, and nothing else holds back the grid."""
    rows = {
        "countries": edit({}, generation_growth_twh_per_year=0.5, ai_share_frac=0.2, load_frac=0.8),
        "power": edit({"region_id": "ohio", "option_id": "grid"}, step_mw_per_month=100),
        "regions": edit({"region_id": "ohio"}, shell_start_mw=1000),
        "deliveries": edit({}, kunit=30),
        "demand": edit({}, start_kh100e=1000),
        "supply": None,
        "commitments": None,
    }
    data = toy(tmp_path, months=months, orbit=False, **rows)
    a_year = 0.1e6 / (8766 * 0.8)
    capacity, end = solve(data).values["capacity"], 0
    for of_year in years:
        start, end = end, end + of_year
        grown = capacity["ohio", "grid", end] - (capacity["ohio", "grid", start] if start else data.start_mw["ohio", "grid"])
        assert grown == pytest.approx(a_year * of_year / 12, rel=1e-9)


def test_a_plan_that_starts_in_july_may_emit_half_of_the_cap_of_the_year(tmp_path: Path) -> None:
    carbon = {"usd_per_tco2": 0, "cap_mtco2_per_year": {"2028": 0.5, "2029": 0.5}}
    data = toy(tmp_path, ("start=2028-07", "months=9"), months=18, plan={"carbon": carbon})
    assert data.carbon_cap_t == {"2028": pytest.approx(0.25e6), "2029": pytest.approx(0.125e6)}
    assert data.carbon_periods == {"2028": (1, 2, 3, 4, 5, 6), "2029": (7, 8, 9)}


def test_carbon(tmp_path: Path) -> None:
    carbon = {"carbon": {"usd_per_tco2": 50, "cap_mtco2_per_year": {2028: 0.5, "2029": 1, 2031: 2}}}
    data = toy(tmp_path, months=14, plan=carbon)
    assert data.carbon_usd_per_t[14] == 50
    assert data.carbon_cap_t == {"2028": 500000, "2029": pytest.approx(1e6 * 2 / 12)}
    assert data.carbon_periods == {"2028": tuple(range(1, 13)), "2029": (13, 14)}
    assert toy(tmp_path).carbon_usd_per_t == {}


def test_shares(tmp_path: Path) -> None:
    shares = [
        {"share_id": "germany_at_home", "class_id": "chat", "from_bloc": "europe", "to": "bavaria", "min_frac": 0.5},
        {"share_id": "space", "to": "orbit", "from_month": "2028-03", "max_frac": 0.2},
        {
            "share_id": "america",
            "class_id": "batch",
            "from_bloc": "us",
            "to": "us",
            "to_month": "2028-02",
            "max_frac": 1,
            "of": "asked",
        },
        {"share_id": "nobody", "class_id": "batch", "from_bloc": "munich", "to": "us", "max_frac": 1},
    ]
    plan = load(write_plan(tmp_path, shares=[{**row, "source": "toy", "quality": "estimate"} for row in shares]))
    every = (("new_york", "chat"), ("us", "batch"), ("munich", "chat"), ("europe", "batch"))
    assert prepare(plan).shares == (
        Share("germany_at_home", (("munich", "chat"),), ("bavaria",), (1, 2, 3, 4), 0.5, None),
        Share("space", every, ("dawn",), (3, 4), None, 0.2),
        Share("america", (("us", "batch"),), ("ohio", "dawn"), (1, 2), None, 1, "asked"),
    )


def test_orbit(tmp_path: Path) -> None:
    from planner.plan.places import orbital_designs

    plan = load(write_plan(tmp_path, months=6))
    data = prepare(plan)
    (design,) = orbital_designs(plan.tables["designs"])
    known = coefficients(design, [(2028, month) for month in range(1, 7)], [900.0] * 6)
    assert data.kg_per_kw == {"dawn": pytest.approx(known.kg_per_kw)}
    assert data.launch_t == dict.fromkeys(range(1, 7), 40)
    assert data.satellite_factory_mw == dict.fromkeys(range(1, 7), 2)
    assert data.downlink_gbit_s_per_mw == {"dawn": 6.5}
    assert ("dawn", 2, 2) not in data.orbit_service_frac  # in commissioning
    assert data.orbit_service_frac["dawn", 2, 5] == pytest.approx(known.service_frac[1, 4])
    assert data.orbit_alive_frac["dawn", 2, 2] == 1
    assert data.orbit_alive_frac["dawn", 2, 5] == pytest.approx((1 - 0.078) ** (3 / 12))
    assert data.orbit_charge_usd_per_kw["dawn", 2, 5] == pytest.approx(known.charge_usd_per_kw[1, 4])
    assert data.orbit_upkeep_usd_per_kw["dawn", 2, 5] == pytest.approx(known.upkeep_usd_per_kw_month[1, 4])
    age = 5 / 12  # launched at the start of month 2, the plan ends with month 6
    worth = 45000 * (1 - age / 5) * (0.95**age - 0.922**age)
    assert data.orbit_chip_loss_usd_per_unit["dawn", "beta", 2] == pytest.approx(worth)


def test_no_orbit(tmp_path: Path) -> None:
    data = toy(tmp_path, orbit=False)
    assert (data.designs, data.launch_t, data.kg_per_kw, data.orbit_service_frac) == ((), {}, {}, {})


def test_optional_tables_may_be_absent(tmp_path: Path) -> None:
    optional = (
        "supply",
        "commitments",
        "dark",
        "residency",
        "countries",
        "links",
        "shares",
        "designs",
        "launch",
        "launch_price",
    )
    data = toy(tmp_path, **dict.fromkeys(optional))
    assert (data.supply_mw, data.start_dark_kunit, data.national_growth_mwh, data.link_gbit_s) == ({}, {}, {}, {})
    assert ("europe", "batch", "ohio") in data.servable


def test_rows_outside_the_plan_are_ignored_and_said_so(tmp_path: Path) -> None:
    path = write_plan(tmp_path, months=6, plan={"months": 4})
    plan = load(path)
    (told,) = plan.notices
    assert told.text == (
        "10 rows are outside the plan and ignored (4 of deliveries, 2 of supply, 2 of launch, 2 of launch_price; "
        "2028-05 to 2028-06)"
    )
    assert [notice.text for notice in told.each()] == [
        "4 rows of deliveries are outside the plan and ignored (2028-05 to 2028-06)",
        "2 rows of supply are outside the plan and ignored (2028-05 to 2028-06)",
        "2 rows of launch are outside the plan and ignored (2028-05 to 2028-06)",
        "2 rows of launch_price are outside the plan and ignored (2028-05 to 2028-06)",
    ]
    assert max(t for _, t in prepare(plan).delivered_kunit) == 4


def test_a_plan_is_prepared_once(tmp_path: Path) -> None:
    """Checks, model and tables of one plan share what is made of it; the same files loaded again are another plan."""
    path = write_plan(tmp_path)
    plan, again = load(path), load(path)
    assert prepare(plan) is prepared(plan).data
    assert prepared(plan) is prepared(plan)
    assert prepared(again) is not prepared(plan)
    assert prepared(again) == prepared(plan)


def test_launches_come_with_the_data(tmp_path: Path) -> None:
    """900 USD per kg on every kg, and 5 % insurance: capital moves with the price by mass and insurance."""
    made = prepared(load(write_plan(tmp_path)))
    launch = made.launches["dawn"]
    assert launch.usd_per_kg == (900.0,) * 4
    assert launch.usd_per_kw_per_usd_per_kg == pytest.approx(made.data.kg_per_kw["dawn"] * 1.05)
    built = 1000 * (made.data.kg_per_kw["dawn"] - 5) * 1.05
    assert launch.capital_usd_per_kw == pytest.approx([built + 900 * launch.usd_per_kw_per_usd_per_kg] * 4)


def test_an_order_of_halls_is_no_power_where_no_option_has_a_pace(tmp_path: Path) -> None:
    """All lead times are beyond the plan; an order that may slip comes as ordered."""
    order = {"region_id": "ohio", "option_id": "halls", "month": "2028-02", "build_mw": 5, "close_mw": 0, "status": "approved"}
    order |= {"slip_usd_per_mw_month": 1, "source": "toy", "quality": "estimate"}
    data = prepare(load(write_plan(tmp_path, commitments=[order]), ["power.lead_months=9", "regions.shell_lead_months=9"]))
    assert data.step_mw == {}
    assert {key for key in data.shell_step_mw if key[0] == "ohio"} == {("ohio", t) for t in (2, 3, 4)}
