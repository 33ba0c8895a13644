"""The examples of docs/series.md are rows that the starting plan takes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.api import load
from planner.cli import main
from planner.prepare.plan_data import prepare

PAGE = Path(__file__).parents[1] / "docs" / "series.md"
BLOCK = re.compile(r"<!-- table: (\w+) -->\n```csv\n(.*?)\n```", flags=re.DOTALL)

ACROSS = re.compile(r"<!-- months across: (\w+) -->\n```csv\n(.*?)\n```", flags=re.DOTALL)


def test_months_across_are_rows(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    assert main(["new", str(folder), "--quiet"]) == 0
    ((table, text),) = ACROSS.findall(PAGE.read_text(encoding="utf-8"))
    (folder / "tables" / f"{table}.csv").write_text(text + "\n", encoding="utf-8")
    assert load(folder / "plan.yaml", ["months=3"]).tables[table].column("kunit") == [6, 5.7, 5.4]


def test_the_examples_hold(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    assert main(["new", str(folder), "--quiet"]) == 0
    found = dict(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    assert set(found) == {"demand", "power", "fuels", "regions", "classes", "routes"}
    changes = "".join(f"  - {{table: {name}, rows: {name}_later.csv}}\n" for name in found if name != "routes")
    for name, text in found.items():
        (folder / f"{name}_later.csv").write_text(text + "\n", encoding="utf-8")
    path = folder / "series.yaml"
    path.write_text(
        f"extends: plan.yaml\nname: series\nwhy: a forecast by month\nmonths: 13\nadjust:\n{changes}"
        "tables: {routes: routes_later.csv}\n",
        encoding="utf-8",
    )
    plan = load(path, ["demand[us_east,interactive].start_kh100e*=2", "power[us_ohio,grid,2027-09].energy_usd_per_mwh=60"])
    data = prepare(plan)
    asked = [data.demand_kh100e["us_east", "interactive", t] for t in (1, 4, 5, 6)]
    assert asked == pytest.approx([218.4, 0, 0, 160])
    price = [data.energy_usd_per_mwh["us_ohio", "grid", t, 1] for t in (7, 8, 9)]
    assert price == [52, 52, 60]
    assert [data.pue["us_ohio", t] for t in (1, 6, 7)] == pytest.approx([1.13, 1.13, 1.08])
    assert [data.availability_frac["us_ohio", t] for t in (6, 7)] == [0.95, 0.96]
    assert [data.value_usd_per_h100e_h["interactive", t] for t in (1, 9, 10)] == [1.7, 1.7, 2.2]
    flow = next(zwx for zwx in data.servable if zwx[1] == "batch" and zwx[2] == "us_ohio")
    traffic = data.gbit_s_per_kh100e["batch"]
    assert [data.network_usd(*flow, t) / traffic for t in (1, 6, 7, 12, 13)] == pytest.approx([6480, 6480, 5800, 5800, 5200])
    option = next(p for r, p in data.options if r == "us_ohio" and data.fuel_usd_per_mwh[r, p, 1] > 0)
    fuel = [data.fuel_usd_per_mwh["us_ohio", option, t] / data.fuel_usd_per_mwh["us_ohio", option, 1] for t in (2, 3, 6, 12)]
    assert fuel == pytest.approx([3.6 / 3.9, 3.4 / 3.9, 3.4 / 3.9, 4.1 / 3.9])
