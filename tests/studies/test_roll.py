"""Rolling a plan: the plan of a later month costs what the months from it on cost in the plan before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.errors import InputError, UsageError
from planner.result import Result
from planner.write.folder.result_folder import write_run

NEW = Path(__file__).parents[2] / "planner" / "new"
TABLES = {
    "commitments": """region_id,option_id,month,build_mw,close_mw,until_month,slip_usd_per_mw_month,status,source,quality
us_ohio,grid,2027-02,60,0,2027-06,,,ends within the plan,estimate
us_ohio,fuel_cell,2027-02,3,0,2027-05,,,before its lead time,estimate
us_ohio,grid,2026-02,10,0,2027-03,,,ends as the new plan begins,estimate
us_ercot_texas,grid,2027-05,0,4,,,,closes,estimate
in_mumbai,site,2027-06,0,0,,,,closes,estimate
fr_paris,hibernation,2027-02,0,5,2027-06,,,rests,estimate
us_miso_iowa,grid,2027-02,30,0,,50,approved,may slip,estimate
dawn_dusk,launches,2027-02,0.5,0,,,,flies,estimate
""",
    "chip_moves": """from_id,to_id,usd_per_kw,downtime_months,mw_per_month,source,quality
in_mumbai,us_ercot_texas,50,2,5,example,estimate
""",
    "projects": """project_id,region_id,option_id,mw,earliest_month,latest_month,capital_musd,fixed_musd_per_year,source,quality
engines,us_miso_iowa,gas_engine,5,2027-03,2027-05,1,0.1,example,estimate
hall,us_ohio,halls,20,2027-03,2027-05,1,0.1,example,estimate
""",
}
"""A launch, orders half delivered, orders that end, halls at rest, a site that closes, chips that move, projects."""
SETS = (
    *("months=8", "look_ahead_months=2", "regions.commission_months=2", "carbon.usd_per_tco2=20"),
    *("accelerators[h100_sxm].life_years=4.2", "accelerators[vr_nvl72].life_years=0.5"),
    *("launch.tonnes=200", "designs.commissioning_months=1", "designs.downlink_gbit_s_per_mw=40"),
    *("power[us_ohio,fuel_cell].lead_months=3", "deliveries[gb300_nvl72,*].optional_frac=0.5"),
    *("carbon.cap_mtco2_per_year={2027: 3.4}", "budget.capital_musd_per_year={2027: 900}"),
    *(f"tables.{name}=tables/{name}.csv" for name in ("chip_moves", "projects")),
)
K = 3
"""Months that are past in the new plan, which begins in April."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = Path(shutil.copytree(NEW, tmp_path_factory.mktemp("plan") / "new"))
    for name, text in TABLES.items():
        (plan / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    found = api.solve(api.load(plan / "plan.yaml", SETS))
    return write_run(found, tmp_path_factory.mktemp("run") / "january", workbook=False)


@pytest.fixture(scope="module")
def rolled(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rolled") / "april"
    api.roll(run, "2027-04", out)
    return out


@pytest.fixture(scope="module")
def result(rolled: Path) -> Result:
    plan = api.load(rolled / "plan.yaml")
    assert not [notice for notice in api.check(plan) if notice.impossible]
    return api.solve(plan)


def costs(tables: dict[str, pd.DataFrame], look_ahead: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([tables["costs"], look_ahead["costs"]])


def test_the_months_to_come_cost_what_they_cost_in_the_plan_before(run: Path, result: Result) -> None:
    before = costs(*({"costs": pd.read_csv(run / name / "costs.csv")} for name in ("tables", "look_ahead")))
    before = before[before["month"] >= "2027-04"]
    after = costs(result.tables, result.look_ahead)
    as_of_april = before["discounted_musd"].sum() * 1.08 ** (K / 12)
    assert after["discounted_musd"].sum() == pytest.approx(as_of_april, rel=1e-9)
    assert set(after["month"]) == set(before["month"])


def test_what_is_rolled_is_verified(result: Result, tmp_path: Path) -> None:
    verdict = api.verify(write_run(result, tmp_path / "run", workbook=False))
    assert verdict.ok, verdict.lines()


def test_no_chip_is_lost_and_none_gained(run: Path, rolled: Path) -> None:
    """What is installed, dark and on its way, by generation, is what the plan has at the end of March."""
    chips = pd.read_csv(run / "tables" / "chips.csv").set_index(["generation_id", "month"])
    assert not (rolled / "tables" / "dark.csv").exists()  # none is dark
    fleet, arrivals, vintages = (pd.read_csv(rolled / "tables" / f"{name}.csv") for name in ("fleet", "arrivals", "vintages"))
    for g in ("h100_sxm", "gb300_nvl72", "vr_nvl72"):
        at = chips.loc[(g, "2027-03")]
        held = [frame.loc[frame["generation_id"] == g, "kunit"].sum() for frame in (fleet, arrivals)]
        assert held == pytest.approx([at["housed_kunit"], at["commissioning_kunit"]], abs=1e-6)
        assert at["dark_kunit"] == pytest.approx(0.0, abs=1e-6)
        assert (at["orbit_kunit"] > 0) == (g in set(vintages["generation_id"]))
    assert (arrivals["service_month"] >= "2027-04").all()


def test_what_is_ordered_is_in_the_book_and_each_change_says_why(rolled: Path) -> None:
    book = pd.read_csv(rolled / "tables" / "commitments.csv").set_index(["region_id", "option_id", "month"])
    assert book["status"]["us_ohio", "grid", "2027-02"] == "done"
    assert book["source"]["us_ohio", "grid", "2027-02"] == "ends within the plan; status: planned 2027-03"
    changes = pd.read_csv(rolled / "changes.csv")
    opening = changes[(changes["table"] == "power") & (changes["column"] == "start_mw")]
    assert set(opening["source"]) == {"planned 2027-03"}
    ordered = book[book["source"] == "ordered, planned 2027-03"]
    assert (ordered["status"] == "confirmed").all()
    assert (ordered["build_mw"] > 0).all()


def test_a_month_that_the_run_does_not_have_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--to 2027-09: expected a later month of the run .*, 2027-02 to 2027-08"):
        api.roll(run, "2027-09", tmp_path / "out")


def test_what_cannot_be_carried_is_refused_by_name(tmp_path: Path) -> None:
    sets = ["months=3", "classes[training].move_usd_per_h100e=1", "classes[batch].max_fall_frac_per_month=0.2"]
    run = write_run(api.solve(api.load(NEW / "plan.yaml", sets)), tmp_path / "run", workbook=False)
    with pytest.raises(InputError) as refused:
        api.roll(run, "2027-02", tmp_path / "out")
    assert {str(each.code) for each in refused.value.findings} == {"E-ROLL"}
    assert "training: move_usd_per_h100e" in str(refused.value)
    assert "batch: max_fall_frac_per_month" in str(refused.value)
    assert not (tmp_path / "out").exists()
