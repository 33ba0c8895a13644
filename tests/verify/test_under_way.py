"""The verifier on what is under way at the start: chips on their way, and charges that run on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from planner import api
from planner.prepare.plan_data import prepare
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.same_rows import differences

NEW = Path(__file__).parents[2] / "planner" / "new"
TABLES = {
    "arrivals": """region_id,generation_id,service_month,delivered_month,kunit,source,quality
us_ohio,gb300_nvl72,2027-01,2026-12,2,commissioned since December (example),estimate
us_ohio,gb300_nvl72,2027-03,2026-12,1,commissioned since December (example),estimate
fr_paris,h100_sxm,2027-02,2021-03,0.5,moved; its life ends in March (example),estimate
""",
    "charges": """component,place_id,item_id,month,charge_musd,source,quality
capital,us_ohio,grid,2027-01,0.5,connected in 2026 (example),estimate
capital,us_ohio,grid,2027-02,0.5,connected in 2026 (example),estimate
halls,fr_paris,halls,2027-04,0.25,built in 2026 (example),estimate
hall_operation,fr_paris,halls,2027-04,0.125,built in 2026 (example),estimate
carry_displaced,*,h100_sxm,2027-01,0.01,retired in 2026 (example),estimate
orbit_upkeep,dawn_dusk,satellites,2027-01,0.02,launched in 2026 (example),estimate
""",
}

YEARS = (
    *("months=5", "national.years_from=2026-11", "countries[FI].added_mw=10", "countries[FI].ai_share_frac=0.05"),
    *("carbon.cap_mtco2_per_year={2027: 4}", "carbon.carried_over_mtco2={2027: -0.1}"),
    *("budget.capital_musd_per_year={2027: 4.8}", "budget.carried_over_musd={2027: 0.5}"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = Path(shutil.copytree(NEW, tmp_path_factory.mktemp("plan") / "new"))
    for name, text in TABLES.items():
        (plan / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    sets = [*YEARS, *(f"tables.{name}=tables/{name}.csv" for name in TABLES)]
    return write_run(api.solve(api.load(plan / "plan.yaml", sets)), tmp_path_factory.mktemp("run") / "run", workbook=False)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def test_chips_on_their_way_arrive_age_and_are_counted(folder: Path) -> None:
    verdict = verify(folder)
    assert verdict.ok, verdict.lines()
    fleet = pd.read_csv(folder / "tables" / "fleet.csv").set_index(["place_id", "generation_id", "month"])
    batches = pd.read_csv(folder / "tables" / "batches.csv").set_index(["place_id", "generation_id", "batch", "month"])
    of_march = batches.loc[("fr_paris", "h100_sxm", "2021-03")]
    assert of_march["installed_kunit"].tolist() == pytest.approx([0.5, 0.0])
    assert of_march["end_of_life_kunit"].tolist() == pytest.approx([0.0, 0.5 * 0.96 ** (1 / 12)])
    before = 16 * 0.96 ** (1 / 12)
    deployed = fleet["deploy_kunit"].get(("us_ohio", "gb300_nvl72", "2026-12"), 0.0)
    assert fleet["installed_kunit"]["us_ohio", "gb300_nvl72", "2027-01"] == pytest.approx(before + 2 + deployed)


def test_charges_run_on(folder: Path) -> None:
    costs = pd.read_csv(folder / "tables" / "costs.csv").set_index(["component", "place_id", "item_id", "month"])["cost_musd"]
    assert costs["hall_operation", "fr_paris", "halls", "2027-04"] == 0.125
    assert costs["orbit_upkeep", "dawn_dusk", "satellites", "2027-01"] == 0.02


def test_a_year_that_began_before_the_start_has_what_is_left_of_it(folder: Path) -> None:
    """Finland: seven months of a plan year have 0.05 x 2.61 TWh x 7/12, of which 10 MW at a load of 0.7 are taken.
    The budget of five months is 2 million USD, 0.5 million are left over, and what is ordered takes 2.4 million."""
    nations = pd.read_csv(folder / "tables" / "nations.csv").set_index(["country_iso2", "plan_year"])
    assert nations["envelope_mw"]["FI", 1] == pytest.approx(0.05 * 2.61e6 * 7 / 12 / 8766 / 0.7 - 10)
    data = prepare(api.load(folder / "inputs" / "plan.yaml"))
    assert data.carbon_cap_t["2027"] == pytest.approx(4e6 * 5 / 12 - 1e5)
    assert data.budget_musd["2027"] == pytest.approx(4.8 * 5 / 12 + 0.5)


@pytest.mark.parametrize(("key", "failed"), [("carried_over_musd", "limit_budget"), ("years_from", "nations.envelope_mw")])
def test_another_part_of_a_year_is_seen(copy: Path, key: str, failed: str) -> None:
    path = copy / "inputs" / "plan.yaml"
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan["budget"]["carried_over_musd"], plan["national"]["years_from"] = (
        ({"2027": 0.25}, "2026-11") if key == "carried_over_musd" else ({"2027": 0.5}, "2026-12")
    )
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    assert failed in {check.name for check in verify(copy, hashes=False).failed}


@pytest.mark.parametrize(
    ("table", "column", "failed"),
    [
        ("arrivals", "kunit", {"conserve_fleet", "conserve_batch", "identity_chips", "chips.commissioning_kunit"}),
        ("charges", "charge_musd", {"costs.capital", "costs.halls", "costs.hall_operation", "optimal"}),
    ],
)
def test_other_amounts_are_seen(copy: Path, table: str, column: str, failed: set[str]) -> None:
    path = copy / "inputs" / f"{table}.csv"
    frame = pd.read_csv(path)
    frame[column] *= 1.01
    frame.to_csv(path, index=False)
    assert failed <= {check.name for check in verify(copy, hashes=False).failed}


def test_rows_are_those_of_the_model(folder: Path) -> None:
    names, found = differences(folder)
    assert found == []
    assert {"conserve_fleet"} <= names
