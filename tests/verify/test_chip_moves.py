"""The verifier on chips that move, a site that closes and halls that hibernate: rows, costs, tables, and the proof."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.verify.same_rows import differences

NEW = Path(__file__).parents[2] / "planner" / "new"
WAYS = """from_id,to_id,usd_per_kw,downtime_months,mw_per_month,from_month,to_month,source,quality
us_ohio,us_miso_iowa,50,1,,,,example,estimate
us_ohio,stock,20,1,,,2027-05,example,estimate
fr_paris,fi_hamina,40,0,1,2027-02,,example,estimate
"""
ORDERS = """region_id,option_id,month,build_mw,close_mw,until_month,upkeep_usd_per_kw_year,source,quality
us_ohio,site,2027-05,,,,,the lease ends,estimate
fr_paris,hibernation,2027-03,,3,2027-05,40,example,estimate
us_ohio,grid,2027-02,5,,2027-08,,ends after the site has closed,estimate
us_ercot_texas,grid,2027-04,6,,,,example,estimate
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chips live for two and a half years, so that some of those that move reach the end of their life within the plan."""
    plan = Path(shutil.copytree(NEW, tmp_path_factory.mktemp("plan") / "new"))
    (plan / "tables" / "commitments.csv").write_text(ORDERS, encoding="utf-8")
    (plan / "tables" / "chip_moves.csv").write_text(WAYS, encoding="utf-8")
    path = plan / "plan.yaml"
    path.write_text(path.read_text().replace("\ntables:\n", "\ntables:\n  chip_moves: tables/chip_moves.csv\n"))
    sets = ["months=8", "look_ahead_months=3", "accelerators.life_years=2.2", "accelerators.install_usd_per_unit=1"]
    return write_run(api.solve(api.load(path, sets)), tmp_path_factory.mktemp("moves") / "run", workbook=False)


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def failures(folder: Path) -> set[str]:
    return {check.name for check in verify(folder, hashes=False).failed}


def test_a_plan_with_moves_of_chips_is_proven_optimal(folder: Path) -> None:
    verdict = verify(folder)
    assert verdict.ok, verdict.lines()
    assert verdict.lines()[0].startswith("optimal: dual bound")
    moves = pd.read_csv(folder / "tables" / "chip_moves.csv")
    assert set(moves["to_id"]) == {"us_miso_iowa", "stock", "fi_hamina"}
    assert set(moves["delivered_in"]) > {"later"}
    assert moves.loc[moves["from_id"] == "fr_paris", "month"].min() >= "2027-02"
    halls = pd.read_csv(folder / "tables" / "halls.csv")
    ohio = halls[halls["region_id"] == "us_ohio"].set_index("month")["shell_mw"]
    assert (ohio["2027-04"] > 0, ohio["2027-05"]) == (True, 0)
    duals = pd.read_csv(folder / "tables" / "duals.csv")
    assert {"limit_chip_moves", "limit_departure"} <= set(duals["constraint"])
    limits = pd.read_csv(folder / "tables" / "limits.csv")
    assert "fr_paris / fi_hamina" in set(limits.loc[limits["constraint"] == "limit_chip_moves", "where"])
    costs = pd.read_csv(folder / "tables" / "costs.csv").groupby("component")["cost_musd"].sum()
    assert costs["hibernation"] == pytest.approx(3 * 1000 * 40 / 12 * 3 / 1e6)
    assert costs["chip_moves"] > 0


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("table", "column", "failed"),
    [
        ("chip_moves", "moved_mw", "chip_moves.moved_mw"),
        ("chip_moves", "moved_kunit", "conserve_fleet"),
        ("chips", "commissioning_kunit", "chips.commissioning_kunit"),
    ],
)
def test_a_wrong_move_is_seen(copy: Path, table: str, column: str, failed: str) -> None:
    path = copy / "tables" / f"{table}.csv"
    frame = pd.read_csv(path)
    frame.loc[frame[column].idxmax(), column] *= 1.01
    frame.to_csv(path, index=False)
    assert failed in failures(copy)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("table", "row", "column", "value", "failed"),
    [
        ("chip_moves", 0, "usd_per_kw", "60", "costs.chip_moves"),
        ("chip_moves", 0, "downtime_months", "2", "conserve_fleet"),
        ("chip_moves", 2, "mw_per_month", "0.9", "limit_chip_moves"),
        ("chip_moves", 2, "from_month", "2027-06", "limit_chip_moves"),
        ("chip_moves", 2, "to_id", "us_ohio", "chip_moves.ways"),
        ("commitments", 0, "month", "2027-04", "closed_regions"),
        ("commitments", 1, "close_mw", "4", "costs.hibernation"),
        ("commitments", 1, "upkeep_usd_per_kw_year", "50", "costs.hibernation"),
    ],
)
def test_another_input_is_seen(copy: Path, table: str, row: int, column: str, value: str, failed: str) -> None:
    path = copy / "inputs" / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[row, column] = value
    frame.to_csv(path, index=False)
    assert failed in failures(copy)


def test_a_batch_that_nobody_knows_is_seen(copy: Path) -> None:
    path = copy / "tables" / "chip_moves.csv"
    frame = pd.read_csv(path)
    frame.loc[0, "delivered_in"] = "1999-01"
    frame.to_csv(path, index=False)
    assert "chip_moves.ways" in failures(copy)


def test_rows_are_those_of_the_model(folder: Path) -> None:
    names, found = differences(folder)
    assert found == []
    assert {"limit_departure", "part_moved", "limit_chip_moves", "conserve_batch"} <= names
