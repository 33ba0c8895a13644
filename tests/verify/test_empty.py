"""The verifier and everything before it, on plans that leave out what may be left out: the verdict holds on each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner import api
from planner.read.load import load
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.read.toy import Rows, csv_text, edit, toy_tables, write_plan

GAS = {"region_id": "ohio", "option_id": "gas_engine", "source": "toy", "quality": "estimate"}


def header(table: str) -> str:
    """A table without rows."""
    return csv_text([], list(toy_tables()[table][0]))


def nothing(column: str) -> Callable[[Rows], Rows]:
    """Every row there, each with zero."""
    return edit({}, **{column: 0})


def grid_only(rows: Rows) -> Rows:
    return [row for row in rows if row["option_id"] == "grid"]


OPTIONAL = ("countries", "supply", "residency", "dark", "commitments", "links")
CASES: dict[str, dict[str, Any]] = {
    "the toy": {},
    **{f"no {table}": {table: None} for table in OPTIONAL},
    **{f"empty {table}": {table: header(table)} for table in OPTIONAL},
    "no orbit": {"orbit": False},
    "empty orbit": {table: header(table) for table in ("designs", "launch", "launch_price")},
    "nothing but grid": {"options": grid_only, "power": grid_only, "fuels": None, "supply": None},
    "no nation named": {"countries": None, "plan": {"national": {"options": []}}},
    "empty shares": {"shares": "share_id,class_id,from_bloc,to,from_month,to_month,min_frac,max_frac,source,quality\n"},
    "a region without power": {"power": lambda rows: rows[:2], "fleet": lambda rows: rows[:1]},
    "one month": {"months": 1},
    "one month, no commitment": {"months": 1, "commitments": None},
    "more than a plan year": {"months": 13},
    "no fleet": {"fleet": header("fleet")},
    "no demand": {"demand": nothing("start_kh100e")},
    "no demand in mode energy": {"demand": nothing("start_kh100e"), "plan": {"objective": "energy"}},
    "no deliveries": {"deliveries": nothing("kunit")},
    "deliveries before the plan": {"deliveries": lambda rows: [{**rows[0], "month": "2027-01"}]},
    "no class with a latency limit": {"classes": edit({}, latency_ms="")},
    "no class without a latency limit": {"classes": edit({}, latency_ms=100)},
}


@pytest.mark.sampled(5)
@pytest.mark.parametrize("case", CASES)
def test_what_may_be_left_out(case: str, tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path / "plan", **CASES[case]))
    done = api.run(plan, tmp_path / "out")
    assert done.verdict.ok, done.verdict.lines()


LARGE = (
    "classes.value_usd_per_h100e_h=1e5",
    "power.energy_usd_per_mwh=1e6",
    "launch_price.usd_per_kg=1e7",
    "designs.build_usd_per_kg=1e9",
    "power.start_mw=1e7",
    "deliveries.kunit=1e7",
    "demand.start_kh100e=1e7",
    "power.energy_growth_frac_per_year=10",
)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("override", LARGE)
def test_the_largest_numbers_that_are_read_can_be_solved(override: str, tmp_path: Path) -> None:
    result = api.solve(load(write_plan(tmp_path / "plan"), [override]))
    verdict = verify(write_run(result, tmp_path / "out", workbook=False))
    assert verdict.ok, verdict.lines()


def verified(folder: Path, **changes: Any) -> pd.DataFrame:
    """Solves the toy with changes, has the verifier confirm it, and returns the power of the grid in Ohio."""
    result = api.solve(load(write_plan(folder / "plan", **changes)))
    verdict = verify(write_run(result, folder / "out", workbook=False))
    assert verdict.ok, verdict.lines()
    power = pd.DataFrame(result.tables["power"])
    return power[power["region_id"] == "ohio"].set_index(["option_id", "month"])


def test_no_chip_anywhere(tmp_path: Path) -> None:
    nowhere: dict[str, Any] = dict.fromkeys(OPTIONAL)
    none = {"fleet": header("fleet"), "deliveries": nothing("kunit"), "demand": nothing("start_kh100e")}
    power = verified(tmp_path, orbit=False, **nowhere, **none)
    assert power["build_mw"].max() == 0


def test_what_is_signed_comes_before_the_lead_time(tmp_path: Path) -> None:
    """4 MW signed for February, lead time 3 months: 4 and 0 MW, then at most a step of 6 MW and 10 % of what stands."""
    power = verified(
        tmp_path,
        options=edit({}, capex_usd_per_kw=0, fixed_usd_per_kw_year=0),
        power=edit({"option_id": "gas_engine"}, lead_months=3, growth_frac_per_month=0.1),
        commitments=[{**GAS, "month": "2028-02", "build_mw": 4, "close_mw": 0}],
    ).loc["gas_engine"]
    assert power["growth_limit_mw"].tolist() == pytest.approx([4, 0, 6 + 0.1 * 4])
    assert power["build_mw"].tolist()[:2] == pytest.approx([4, 0])
    assert power["capacity_mw"].tolist()[:2] == pytest.approx([4, 4])


def test_more_than_is_signed_before_the_lead_time_is_seen(tmp_path: Path) -> None:
    signed = [{**GAS, "month": "2028-02", "build_mw": 4, "close_mw": 0}]
    late = edit({"option_id": "gas_engine"}, lead_months=3)
    result = api.solve(load(write_plan(tmp_path / "plan", power=late, commitments=signed)))
    folder = write_run(result, tmp_path / "out", workbook=False)
    path = folder / "tables" / "power.csv"
    power = pd.read_csv(path)
    row = (power["option_id"] == "gas_engine") & (power["month"] == "2028-02")
    power.loc[row, ["build_mw", "capacity_mw"]] += 1
    power.to_csv(path, index=False)
    failed = {check.name for check in verify(folder, hashes=False).failed}
    assert "limit_power_growth" in failed
