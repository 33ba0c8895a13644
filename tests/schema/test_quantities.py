"""Numbers that state their unit: converted once, exactly, wherever a number may stand; what cannot be converted is refused."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from jsonschema import Draft202012Validator

from planner.api import schema
from planner.read.load import load
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.tables import tables
from tests.read.refusals import refused
from tests.read.toy import edit, toy_plan, write_plan
from tests.read.workbooks import load_here, refused_book, write_book

OHIO_GRID = {"region_id": "ohio", "option_id": "grid"}

RIGHT = [
    ("energy_usd_per_mwh", "6.5 ct/kWh", 65),
    ("energy_usd_per_mwh", "6.5ct per kWh", 65),
    ("energy_usd_per_mwh", "0.065 USD/kWh", 65),
    ("usd_per_gbit_s_month", "5 ct/Mbit/s/month", 50),
    ("usd_per_gbit_s_month", "12 USD per Gbit/s and year", 1),
    ("value_usd_per_h100e_h", "2000 USD/kH100e-h", 2),
    ("value_usd_per_h100e_h", "2 USD/(H100e·h)", 2),
    ("gbit_s_per_kh100e", "1 Mbit/s per H100e", 1),
    ("start_kh100e", "2500 H100e", 2.5),
    ("start_mw", "1.2 GW", 1200),
    ("start_mw", "1e3kW", 1),
    ("start_mw", "1e-999999999 kW", 0),
    ("step_mw_per_month", "1.2 GW/year", 100),
    ("generation_growth_twh_per_year", "-300 GWh/year", -0.3),
    ("capex_usd_per_kw", "1.5 MUSD/MW", 1500),
    ("fixed_usd_per_kw_year", "1 ct/W/month", 120),
    ("carbon_kg_per_mwh", "400 gCO2/kWh", 400),
    ("usd_per_tco2", "4 ct/kg CO2", 40),
    ("cap_mtco2_per_year", "300 kt CO2/year", 0.3),
    ("capital_musd_per_year", "3 bn USD/year", 3000),
    ("capital_musd_per_year", "250 million USD per year", 250),
    ("usd_per_kg", "0.2 MUSD/t", 200),
    ("usd_per_mmbtu", "1.05505585262 USD/GJ", 1.05505585262**2),
    ("tonnes", "0.5 Mt", 500_000),
    ("kunit", "100000 units", 100),
    ("kw_per_unit", "700 W/unit", 0.7),
    ("radiator_kg_per_m2", "500 g/m²", 0.5),
    ("cooling_loop_kg_per_kw_heat", "0.5 t/MW", 0.5),
    ("altitude_km", "550000 m", 550),
    ("latency_ms", "0.1 s", 100),
    ("lead_months", "1.5 years", 18),
    ("life_years", "66 months", 5.5),
    ("latitude_deg", "-35.5°", -35.5),
    ("radiator_temperature_c", "60 °C", 60),
    ("draw_frac", "5 %", 0.05),
    ("draw_frac", "80%", 0.8),
    ("wacc_frac_per_year", "8.1 %", 0.081),
    ("wacc_frac_per_year", "8.1 % per year", 0.081),
]


@pytest.mark.parametrize(("name", "text", "number"), RIGHT, ids=[f"{name}-{text}" for name, text, _ in RIGHT])
def test_converted(name: str, text: str, number: float) -> None:
    assert in_unit_of(name, text) == number


WRONG = [
    ("start_mw", "5 MWh", "MWh cannot be converted to MW"),
    ("start_mw", "4 TWh/year", "TWh/year cannot be converted to MW"),
    ("start_mw", "0 MWh", "MWh cannot be converted to MW"),
    ("start_mw", "5 %", "% cannot be converted to MW"),
    ("start_mw", "5 mW", "unknown unit mW, did you mean MW?"),
    ("start_mw", "5 hp", "unknown unit hp"),
    ("start_mw", "5 MW MW", "MW MW is no unit"),
    ("start_mw", "5 MW/", "MW/ is no unit"),
    ("start_mw", "5 MW**999999999", "MW**999999999 is no unit"),
    ("start_mw", "5 MW^9", "^9 is no unit"),
    ("start_mw", "5 " + "MW" * 1000, ""),
    ("start_mw", "1,200 kW", ""),
    ("start_mw", "MW", ""),
    ("start_mw", "many", ""),
    ("step_mw_per_month", "5 MW", "MW cannot be converted to MW per month"),
    ("usd_per_tco2", "40 EUR/t", "EUR: no exchange rates, state it in USD"),
    ("usd_per_tco2", "40 €/t", "€: no exchange rates, state it in USD"),
    ("usd_per_tco2", "300 CNY/t", "CNY: no exchange rates, state it in USD"),
    ("heat_rate_mmbtu_per_mwh", "2 MWh/MWh", " cannot be converted to MMBtu per MWh"),
    ("radiator_temperature_c", "333 K", "unknown unit K"),
    ("radiator_temperature_c", "140 °F", "°F is no unit"),
    ("wacc_frac_per_year", "1 %/month", "a rate per year, or in %"),
    ("growth_frac_per_month", "12 %/year", "a rate per month, or in %"),
    ("draw_frac", "5 MW", "MW is no fraction"),
    ("pue", "1.2 MW", "this number has no unit"),
]


@pytest.mark.parametrize(("name", "text", "hint"), WRONG, ids=[f"{name}-{text[:20]}" for name, text, _ in WRONG])
def test_not_converted(name: str, text: str, hint: str) -> None:
    with pytest.raises(UnitError) as caught:
        in_unit_of(name, text)
    assert hint in str(caught.value)
    assert bool(hint) == bool(str(caught.value))


def test_every_unit_of_a_column_is_known() -> None:
    """A column in a unit that nobody can write would refuse its own unit."""
    from planner.schema.quantities import _meant

    numbers = [one for table in tables().values() for one in table.columns if one.kind in ("number", "integer") and one.unit]
    assert len(numbers) > 80
    for one in numbers:
        assert _meant(one.unit) or one.unit == "fraction", one.name
        if not one.unit.startswith("fraction"):
            assert in_unit_of(one.name, f"2 {one.unit.removesuffix(' of heat')}") == 2, one.name


def test_wherever_a_number_may_stand(tmp_path: Path) -> None:
    path = write_plan(
        tmp_path,
        plan={"discount_frac_per_year": "8 %", "carbon": {"usd_per_tco2": 0, "cap_mtco2_per_year": {"2028": "9000 kt/year"}}},
        power=edit(OHIO_GRID, energy_usd_per_mwh="6.5 ct/kWh"),
    )
    adjust = tmp_path / "adjust.yaml"
    adjust.write_text(
        "extends: plan.yaml\nwhy: units\nnetwork: {orbit_rtt_ms: 0.04 s}\nadjust:\n"
        "  - {table: power, where: {energy_usd_per_mwh: 0.065 USD/kWh}, set: {start_mw: 0.2 GW, lead_months: 2 years}}\n"
    )
    plan = load(
        adjust, ["demand.doubling_months=1 year", "demand.doubling_months*=0.5", "power[ohio,*].step_mw_per_month=1.2 GW/year"]
    )
    assert (plan.settings.discount_frac_per_year, plan.settings.carbon.cap_mtco2_per_year) == (0.08, {"2028": 9})
    assert (plan.settings.demand.doubling_months, plan.settings.network.orbit_rtt_ms) == (6, 40)
    power = plan.tables["power"]
    assert power.value("energy_usd_per_mwh", "ohio", "grid") == 65
    assert power.value("start_mw", "ohio", "grid") == 200
    assert power.value("lead_months", "ohio", "grid") == 24
    assert power.value("step_mw_per_month", "ohio", "grid") == 100
    assert "set to 0.2 GW (adjust.yaml:5" in power.resolved["changed"][0]
    assert load(path).to_mapping()["discount_frac_per_year"] == 0.08


def test_in_a_workbook(tmp_path: Path) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        book["plan"]["B8"], book["demand"]["C2"] = "8 %", "2500 H100e"
        assert book["plan"]["A8"].value == "discount_frac_per_year"

    plan = load_here(write_book(tmp_path / "book.xlsx", spoil))
    assert plan.settings.discount_frac_per_year == 0.08
    assert plan.tables["demand"].column("start_kh100e")[0] == 2.5


def test_in_a_workbook_refused(tmp_path: Path) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        book["plan"]["B8"], book["demand"]["C2"] = "8 EUR", "2500 MW"

    assert refused_book(write_book(tmp_path / "book.xlsx", spoil)) == [
        "book.xlsx:plan!B8: discount_frac_per_year = 8 EUR: expected a number (EUR: no exchange rates, state it in USD)",
        (
            "book.xlsx:demand!C2: start_kh100e = 2500 MW: expected a number in thousand H100e"
            " (MW cannot be converted to thousand H100e)"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1,2 MW", "a decimal point, no comma: 1.2 MW"),
        ("1,2E+01", "a decimal point, no comma: 1.2E+01"),
        ("1.200,5 kW", "digits without separators, and a decimal point: 1200.5 kW"),
        ("12 00 kW", "digits without separators"),
        ("71 (2024)", "write 71"),
        ("71 MW (2024)", "write 71 MW"),
        ("71 [a]", "write 71"),
        ("ca. 71", "write 71"),
        ("(71)", "write -71"),
        ("60\u201370", "a range: write one number, and the others in note"),
        ("\uff17\uff11", "write 71"),
        ("n.a.", "no value: a number is needed"),
        ("=71", "a formula: write its value"),
        ("71 %", "% cannot be converted to MW"),
        ("57,10 €", "€: no exchange rates, state it in USD, or a rate in a map"),
        ("€ 57.10", "€: no exchange rates, state it in USD, or a rate in a map"),
    ],
)
def test_numbers_written_for_people(text: str, hint: str, tmp_path: Path) -> None:
    assert refused(tmp_path, power=edit(OHIO_GRID, start_mw=text)) == [
        f"tables/power.csv:2:3: start_mw = {text}: expected a number in MW ({hint})"
    ]


def test_the_schema_for_editors_takes_a_unit_where_there_is_one() -> None:
    valid = Draft202012Validator(schema()).is_valid
    plan = {**toy_plan(), "tables": {"zones": "zones.csv"}}
    assert valid(plan)
    assert valid({**plan, "demand": {"doubling_months": "1 year"}, "discount_frac_per_year": "8 %"})
    assert valid({**plan, "carbon": {"cap_mtco2_per_year": {"2028": "300 kt/year"}}})
    assert not valid({**plan, "demand": {"doubling_months": "1"}})
    assert not valid({**plan, "demand": {"doubling_months": "a year"}})
    assert not valid({**plan, "slices": "1 h"})
