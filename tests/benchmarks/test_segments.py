"""Cuts of the day against 24 hours: what is measured, and that the page shows no more than that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.segments import CUTS, HEAD, PLANS, Measured, elsewhere, measure, table
from planner.api import load, solve
from tests.read.hourly import hourly_plan

PAGE = Path(__file__).parents[2] / "docs" / "hours.md"


def test_what_is_measured_is_what_the_plan_says(tmp_path: Path) -> None:
    path = hourly_plan(tmp_path)
    few, every = measure(path, "[2, 9, 17]"), measure(path, "24")
    result = solve(load(path, ["slices=24"]))
    costs = result.tables["costs"]
    paid = costs.loc[costs["component"] != "unserved", "discounted_musd"].sum()
    assert every.cost_musd == pytest.approx(paid, rel=1e-6)
    assert every.cost_musd + every.unserved_musd == pytest.approx(result.record["solver"]["objective_musd"], rel=1e-6)
    served = result.tables["demand"].groupby("month")["served_kh100e"].sum()
    hours = dict(zip(served.index.astype(str), (31, 29, 31, 30), strict=True))
    assert every.served_kh100e_years == pytest.approx(sum(served[m] * days for m, days in hours.items()) / 365.25, rel=1e-6)
    assert few.starts == (2, 9, 17)
    assert every.starts == tuple(range(24))
    lines = table([few, every]).splitlines()
    assert lines[0] == HEAD
    assert f"{100 * (few.cost_musd / every.cost_musd - 1):+.3f} %" in lines[2]
    assert "| +0.000 % |" in lines[3]


def test_chips_elsewhere() -> None:
    def one(**places: float) -> Measured:
        return Measured("1", (0,), 1, 1.0, 1.0, 1.0, 1.0, places)

    assert elsewhere(one(a=3.0, b=7.0), one(a=5.0, b=5.0)) == pytest.approx(0.2)
    assert elsewhere(one(a=10.0), one(b=10.0)) == 1.0


def test_the_page_shows_the_plans_and_cuts_that_are_measured() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- segments -->")[2].partition("<!-- /segments -->")[0]
    assert re.findall(r"^`([\w-]+)`:$", text, flags=re.MULTILINE) == [plan.stem for plan in PLANS]
    assert text.count(HEAD) == len(PLANS)
    shown = re.findall(r"^\| (\d+) \|", text, flags=re.MULTILINE)
    counts = [str(len(re.findall(r"\d+", cut)) if "[" in cut else int(cut)) for cut in CUTS]
    assert shown == counts * len(PLANS)
