"""The report on orbital designs: what it says adds up, breaks even where it says, and holds for the shipped designs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner import load
from planner.errors import UsageError
from planner.physics import light
from planner.prepare.orbit_targets import AGAINST, dark_chip, electricity, electricity_and_hall
from planner.studies.orbit_design import PITCH_M2, OrbitReport, orbit_report
from tests.read.toy import edit, toy_design, write_plan

INPUTS = Path(__file__).parents[2] / "inputs"
START = (2028, 1)


def report_of(folder: Path, **changes: Any) -> OrbitReport:
    return orbit_report(load(write_plan(folder, **changes)))


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> OrbitReport:
    return report_of(tmp_path_factory.mktemp("toy"), months=14)


@pytest.fixture(scope="module")
def shipped() -> OrbitReport:
    return orbit_report(load(INPUTS / "scenarios" / "many-designs.yaml"))


def even_of(report: OrbitReport, against: str) -> pd.Series[Any]:
    return report.break_even.set_index("against").loc[against]


def test_the_mass_budget_adds_up_and_areas_are_areas(toy: OrbitReport) -> None:
    (design,) = toy.designs.to_dict("records")
    assert toy.budget["kg_per_kw"].sum() == pytest.approx(design["kg_per_kw"], rel=1e-12)
    assert design["kg_per_kw"] == pytest.approx(39.86, abs=0.01)
    for part in ("array", "radiator"):
        assert design[f"{part}_m2_at_1_mw"] == pytest.approx(1e3 * design[f"{part}_m2_per_kw"])
        assert design[f"{part}_pitches_at_1_gw"] == pytest.approx(1e6 * design[f"{part}_m2_per_kw"] / 7140)
    assert PITCH_M2 == 105 * 68


def test_cost_is_the_mean_over_the_months_of_launch(tmp_path: Path) -> None:
    def dearer(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "usd_per_kg": 900 if row["month"] < "2029" else 100} for row in rows]

    cost = report_of(tmp_path, months=14, launch_price=dearer).cost
    assert cost["year"].tolist() == [2028, 2029]
    assert cost["launch_usd_per_kg"].tolist() == [900, 100]
    per_kg = (cost["capital_usd_per_kw"][0] - cost["capital_usd_per_kw"][1]) / 800
    assert per_kg == pytest.approx(39.8597 * 1.05, rel=1e-4)  # mass and insurance


def test_light_is_that_of_twelve_months_however_short_the_plan(tmp_path: Path) -> None:
    table = report_of(tmp_path, months=4).light
    months = [(2028, month) for month in range(1, 13)]
    assert table["month"].tolist() == [f"{year}-{month:02d}" for year, month in months]
    assert table["sunlit_frac"].to_numpy() == pytest.approx(light.sunlit_frac_by_month(600, months, 6))


def test_the_cheapest_electricity_and_the_cheapest_sum_are_found_by_hand(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path, regions=edit({"region_id": "ohio"}, shell_usd_per_kw=90000)))
    bare, built = electricity(plan), electricity_and_hall(plan)
    assert bare is not None
    assert (bare.place_id, bare.usd_per_mwh) == ("ohio", pytest.approx(65 * 1.2 / 0.95))
    monthly = 12000 * (1 - 1.07 ** (-1 / 12)) / (1 - 1.07**-20)
    assert built is not None
    assert built.place_id == "bavaria"  # dearer electricity, cheaper hall
    assert built.usd_per_mwh == pytest.approx((110 * 1.25 + 12 * monthly / 8.76) / 0.95, rel=1e-9)


def test_a_dark_chip_is_the_newest_that_may_fly_at_the_mean_value_of_what_orbit_serves(tmp_path: Path) -> None:
    late = {"deliveries": lambda rows: [row for row in rows if row["generation_id"] == "beta" or row["month"] > "2028-02"]}
    plan = load(write_plan(tmp_path / "a", **late))
    newest = dark_chip(plan, "US")
    assert newest is not None
    assert newest.place_id == "alpha"
    assert newest.usd_per_mwh == pytest.approx(1000 * (2 * 37 + 1 * 23) / 60 * 1 / 1.3)
    together = dark_chip(load(write_plan(tmp_path / "b")), "US")
    assert together is not None
    assert together.place_id == "beta"  # delivered as early, but more compute per kW
    abroad = dark_chip(load(write_plan(tmp_path / "b")), "CN")
    assert abroad is not None
    assert abroad.place_id == "alpha"  # beta may not go there


def test_where_chips_in_orbit_compute_as_much_of_the_time_as_on_earth_availability_cancels(tmp_path: Path) -> None:
    """Both sides then hold 1 / 0.95 of what a MWh costs: orbit breaks even where it would if both always computed."""
    always = report_of(tmp_path / "1", regions=edit({}, availability_frac=1))
    alike = report_of(tmp_path / "2", designs=edit({}, availability_frac=0.95))
    for against in AGAINST[:4]:
        one, other = (even_of(report, against)["break_even_launch_usd_per_kg"] for report in (always, alike))
        assert one == pytest.approx(other, rel=1e-9)
    ratio = alike.cost["usd_per_mwh"] / always.cost["usd_per_mwh"]
    assert ratio.to_numpy() == pytest.approx(1 / 0.95)


def test_at_the_break_even_launch_price_the_curve_meets_the_target(toy: OrbitReport) -> None:
    even = even_of(toy, "dark_chip")
    assert (
        even["break_even_launch_usd_per_kg"] < 0 or even["break_even_launch_usd_per_kg"] <= toy.curve["launch_usd_per_kg"].max()
    )
    slope = np.polyfit(toy.curve["launch_usd_per_kg"], toy.curve["usd_per_mwh"], 1)
    assert np.polyval(slope, even["break_even_launch_usd_per_kg"]) == pytest.approx(even["target_usd_per_mwh"], rel=1e-9)


def test_a_negative_break_even_is_said_in_words(toy: OrbitReport) -> None:
    even = even_of(toy, "electricity")
    assert even["break_even_launch_usd_per_kg"] < 0
    assert "not even a free launch is enough; the launch would have to pay" in even["words"]
    assert "-" not in even["words"]
    assert "USD/MWh (electricity with PUE in Ohio)" in even["words"]


@pytest.mark.parametrize(("usd_per_kg", "said"), [(9000, "and the plan pays 9,000 in"), (0, "the plan pays only 0 in")])
def test_a_break_even_is_held_against_what_the_plan_pays(tmp_path: Path, usd_per_kg: float, said: str) -> None:
    def price(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "usd_per_kg": usd_per_kg} for row in rows]

    words = even_of(report_of(tmp_path, launch_price=price, designs=edit({}, build_usd_per_kg=10)), "dark_chip")["words"]
    assert "breaks even over its whole life at a launch of" in words
    assert said in words


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"power": edit({}, energy_usd_per_mwh=0)}, list(AGAINST[:4])),
        ({"classes": edit({}, orbit="no")}, ["dark_chip"]),
        ({"accelerators": edit({}, not_countries="US")}, ["dark_chip"]),
    ],
)
def test_where_there_is_nothing_to_compare_the_report_says_so(tmp_path: Path, changes: Any, missing: list[str]) -> None:
    report = report_of(tmp_path, **changes)
    assert report.break_even["against"].tolist() == list(AGAINST)
    unknown = report.break_even["target_usd_per_mwh"].isna()
    assert report.break_even.loc[unknown, "against"].tolist() == missing
    assert report.break_even.loc[unknown, "words"].str.startswith("No ").all()


def test_a_drifting_orbit_and_a_spreader_are_named_as_they_are(tmp_path: Path) -> None:
    drifting = {**toy_design(), "inclination_deg": 53, "cooling": "conduction", "spreader_material": "graphite"}
    (design,) = report_of(tmp_path, designs=[{**drifting, "source": "toy", "quality": "estimate"}]).designs.to_dict("records")
    assert (design["inclination_deg"], design["cooling"]) == (53, "conduction in graphite")


def test_a_plan_without_designs_is_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no orbital design"):
        report_of(tmp_path, orbit=False)


def test_every_table_names_its_design_and_its_boundary(shipped: OrbitReport) -> None:
    ids = shipped.designs["design_id"].tolist()
    for name, table in shipped.tables().items():
        assert table.columns[0] == "design_id", name
        assert list(dict.fromkeys(table["design_id"])) == ids, name
    assert shipped.cost["boundary"].eq("platform, launch, insurance and upkeep; no chips").all()


def test_the_shipped_designs_differ_as_their_names_say(shipped: OrbitReport) -> None:
    kg = shipped.designs.set_index("design_id")["kg_per_kw"]
    assert (
        kg["integrated"] < kg["shed"] < kg["central"] < kg["ride_through"] < kg["conduction_graphite"] < kg["first_generation"]
    )
    assert kg["central_node_18"] == pytest.approx(kg["central"], rel=1e-3)
    sunlit = shipped.light.pivot(index="month", columns="design_id", values="sunlit_frac")
    assert sunlit["central"].idxmin() == "2027-12"
    assert sunlit["central_node_18"].idxmin() == "2027-06"  # the other node has the opposite season
    worth = shipped.break_even.set_index(["design_id", "against"])["break_even_launch_usd_per_kg"]
    assert worth["integrated", "dark_chip"] > worth["shed", "dark_chip"] > worth["central", "dark_chip"] > 0


def test_graphite_is_several_times_lighter_than_aluminium() -> None:
    budget = orbit_report(load(INPUTS / "scenarios" / "radiators.yaml")).budget
    kg = budget[budget["component"] == "radiator"].set_index("design_id")["kg_per_kw"]
    assert kg["first_generation_aluminium"] / kg["first_generation_graphite"] == pytest.approx(7.36, abs=0.1)  # as rho / k
