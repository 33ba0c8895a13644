"""Purchases: what to order, by date and in whole units, on plans solved by hand and in a run that is verified."""

from __future__ import annotations

import csv
import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from models.data import PlanData
from planner import api
from planner.plan.calendar import month_number
from planner.plan.first_orders import first_orders
from planner.prepare.purchasing import Purchasing
from planner.solve.rounding import cost_of
from planner.solve.solution import solve
from planner.tables.headline_remedies import why_first
from planner.tables.purchases import Purchase, purchases_of, purchases_table, rounding_of
from planner.verify.verify import verify
from tests.models.test_by_hand import single
from tests.read.test_projects import project
from tests.read.toy import edit, write_plan
from tests.verify.cells import rewrite

GRID = ("near", "grid")
HOURS = (744.0, 672.0, 744.0, 720.0)
EARNS_USD = 2.0 - 1.25 * 80.0 / 1e3
"""What a chip of 1 kW earns in an hour, of work worth 2 USD, with energy at 80 USD/MWh and a PUE of 1.25."""


def short(**changes: Any) -> PlanData:
    """Eight thousand chips, power for 4 thousand, and 1.25 MW more, for a thousand, in February and in March."""
    return dataclasses.replace(
        single(),
        **{
            "start_mw": {GRID: 5.0},
            "step_mw": {(*GRID, 2): 1.25, (*GRID, 3): 1.25},
            "capital_usd_per_mw_month": {GRID: 1_000.0},
            "fixed_usd_per_mw_month": {GRID: 0.0},
            "delivered_kunit": {("old", 1): 8.0},
            "power_usd_per_kw": {GRID: 400.0},
            **changes,
        },
    )


def terms(unit_mw: float | None = None) -> Purchasing:
    units = {} if unit_mw is None else {GRID: unit_mw}
    lead = {GRID: 1, ("near", "halls"): 0}
    return Purchasing({}, units, lead)


def bought(data: PlanData, known: Purchasing) -> list[Purchase]:
    return [each for each in purchases_of(solve(data), known) if each.item == "grid"]


def test_units_are_rounded_so_far() -> None:
    """1.25 MW in February are nearest to one unit of 2 MW, 2.5 MW in March still to one, ordered for February."""
    february, march = bought(short(), terms(2.0))[1:3]
    assert (february.plan_mw, february.order_mw, february.ahead_mw) == pytest.approx((1.25, 2.0, 0.75))
    assert (march.plan_mw, march.order_mw, march.ahead_mw) == pytest.approx((1.25, 0.0, -0.5))


def test_what_whole_units_cost_is_solved_again() -> None:
    """0.6 thousand chips more in February, 0.4 fewer in March and April; charges for 2 MW in three months, in place of 1.25 MW
    in three and 1.25 MW in two."""
    solution, known = solve(short()), terms(2.0)
    rounding = rounding_of(solution, purchases_of(solution, known))
    assert rounding is not None
    assert rounding.solved
    chip_hours = -0.6e3 * HOURS[1] + 0.4e3 * (HOURS[2] + HOURS[3])
    charges = 1_000.0 * (2.0 * 3 - 1.25 * 3 - 1.25 * 2)
    assert rounding.musd == pytest.approx((EARNS_USD * chip_hours + charges) / 1e6, rel=1e-9)


def test_where_no_plan_keeps_the_orders_the_cost_is_of_first_order() -> None:
    """All of 4, 5, 6 and 6 thousand H100e must be served: without the second 1.25 MW there is no plan. With it
    0.75 MW more in February cost what they cost: three charges each."""
    asked = {("here", "urgent", t): kh100e for t, kh100e in ((1, 4.0), (2, 5.0), (3, 6.0), (4, 6.0))}
    solution = solve(short(unserved_allowed=False, demand_kh100e=asked))
    builds = {("build_mw", (*GRID, 2)): 2.0, ("build_mw", (*GRID, 3)): 0.0}
    rounding = cost_of(solution, builds)
    assert rounding is not None
    assert not rounding.solved
    more = cost_of(solution, {("build_mw", (*GRID, 2)): 2.0, ("build_mw", (*GRID, 3)): 1.25})
    assert more is not None
    assert more.solved
    assert more.musd == pytest.approx(0.75 * 3 * 1_000.0 / 1e6)  # three charges for 0.75 MW that nothing needs


def test_what_is_signed_is_not_bought_again() -> None:
    """Of 1.25 MW in February 1 MW is signed: 0.25 MW are left to order, and 1.5 with those of March: one unit of 1.5 MW."""
    february, march = bought(short(committed_mw={(*GRID, 2): 1.0}), terms(1.5))[1:3]
    assert (february.signed_mw, february.plan_mw, february.order_mw) == pytest.approx((1.0, 0.25, 0.0))
    assert (march.plan_mw, march.order_mw, march.ahead_mw) == pytest.approx((1.25, 1.5, 0.0))


def test_any_amount_where_no_unit_is_stated() -> None:
    solution, known = solve(short()), terms()
    purchases = purchases_of(solution, known)
    assert rounding_of(solution, purchases) is None
    frame = purchases_table(solution.data, purchases, known)
    assert frame["order_month"].tolist() == ["2027-01", "2027-02"]
    assert frame["order_mw"].tolist() == pytest.approx([1.25, 1.25])
    assert frame["capital_musd"].tolist() == pytest.approx([0.5, 0.5])
    assert frame["units"].tolist() == [None, None]


@pytest.mark.parametrize(
    ("payments", "ordered"),
    [
        (((3, 0.4), (0, 0.6)), ["2026-11", "2026-12"]),  # the deposit comes before the lead time of one month
        (((1, 0.4), (-2, 0.6)), ["2027-01", "2027-02"]),
        (
            ((5, 0.0), (-2, 1.0)),
            ["2027-01", "2027-02"],
        ),  # nothing is paid before service
    ],
)
def test_an_order_is_due_with_its_lead_time_or_its_first_payment(
    payments: tuple[tuple[int, float], ...], ordered: list[str]
) -> None:
    solution, known = solve(short(payment_fracs={"grid": payments})), terms()
    frame = purchases_table(solution.data, purchases_of(solution, known), known)
    assert frame["month"].tolist() == ["2027-02", "2027-03"]
    assert frame["order_month"].tolist() == ordered


def test_what_must_be_under_way_is_apart_from_what_is_to_decide() -> None:
    """Due before the start, in service with its order, to decide, rounded to no unit, in service later with its order."""
    rows = [("2026-11", "2027-02", 1), ("2027-02", "2027-02", 2), ("2027-01", "2027-04", 3), ("2027-01", "2027-04", 0)]
    rows += [("2027-04", "2027-04", 4)]
    frame = pd.DataFrame(rows, columns=["order_month", "month", "order_mw"])
    months, to_decide, under_way = first_orders(frame, ("2027-01", "2027-02", "2027-03", "2027-04"))
    assert months == ("2027-01", "2027-02", "2027-03")
    assert (to_decide["order_mw"].tolist(), under_way["order_mw"].tolist()) == ([3], [1, 2])


def test_a_plan_without_prices_tells_no_cost() -> None:
    solution = solve(short(mode="energy"))
    assert rounding_of(solution, purchases_of(solution, terms(2.0))) is None


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which grids come in units of 4 MW, engines of 2.5 MW, and halls in Ohio of 6 MW with a deposit."""
    base = tmp_path_factory.mktemp("purchases")
    path = write_plan(
        base / "plan",
        months=6,
        demand=edit({}, start_kh100e=200),
        power=edit({"region_id": "ohio", "option_id": "grid"}, start_mw=80, step_mw_per_month=2),
        options=lambda rows: [{**row, "unit_mw": 4 if row["option_id"] == "grid" else 2.5} for row in rows],
        regions=edit({"region_id": "ohio"}, shell_unit_mw=6),
        payments=[
            {"asset_id": "halls", "months_before": months, "capital_frac": 0.5, "source": "builder", "quality": "estimate"}
            for months in (2, 0)
        ],
    )
    return api.run(api.load(path), base / "run").folder


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "tables" / "purchases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_says_what_to_order_when(done: Path) -> None:
    rows = rows_of(done)
    assert [row["order_month"] for row in rows] == sorted(row["order_month"] for row in rows)
    engines = [row for row in rows if row["option_id"] == "gas_engine"]
    assert {int(row["month"][5:]) - int(row["order_month"][5:]) for row in engines} == {2}
    halls = [row for row in rows if row["option_id"] == "halls"]
    assert {month_number(row["month"]) - month_number(row["order_month"]) for row in halls} == {2}
    assert all(float(row["order_mw"]) == 2.5 * float(row["units"]) for row in engines)
    assert all(abs(float(row["ahead_mw"])) <= float(row["unit_mw"]) / 2 + 1e-6 for row in rows if row["unit_mw"])
    summary = (done / "tables" / "summary.csv").read_text(encoding="utf-8")
    assert "What to do first: order by March 2028, for " in summary
    assert "Buying in whole units costs " in summary or "Buying in whole units saves " in summary
    report = (done / "report.html").read_text(encoding="utf-8")
    assert "Orders to decide by March 2028" in report


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("order_mw", "50", "purchases.order_mw"),
        ("units", "0.5", "purchases.units"),
        ("plan_mw", "0.1", "purchases.plan_mw"),
        ("unit_mw", "3", "purchases.unit_mw"),
        ("ahead_mw", "1.9", "purchases.ahead_mw"),
        ("capital_musd", "9", "purchases.capital_musd"),
        ("order_month", "2028-05", "purchases.order_month"),
        ("option_id", "wind", "purchases.option_id"),
    ],
)
def test_the_verifier_sees_a_wrong_order(done: Path, tmp_path: Path, column: str, value: str, check: str) -> None:
    folder = Path(shutil.copytree(done, tmp_path / "run"))
    rewrite(folder / "tables" / "purchases.csv", 0, column, value)
    failed = {each.name for each in verify(folder, hashes=False).failed}
    assert check in failed


def test_halls_of_a_project_that_is_taken_are_no_purchase(tmp_path: Path) -> None:
    """They are decided as such, and listed with the projects; the verifier agrees."""
    hall = project("halls", mw=1, capital_musd=0.1, whole="yes")
    sets = ["demand.start_kh100e*=10", "regions.shell_start_mw*=0.5", "launch.tonnes=0"]
    done = api.run(api.load(write_plan(tmp_path / "plan", months=3, projects=[hall]), sets), tmp_path / "run")
    (month,) = done.tables["projects"]["start_month"]
    halls = done.tables["halls"].set_index(["region_id", "month"])["build_shell_mw"]
    bought = done.tables["purchases"].query("option_id == 'halls'").set_index(["region_id", "month"])["plan_mw"]
    assert halls["ohio", month] == pytest.approx(1 + bought.get(("ohio", month), 0.0))


def test_why_orders_come_first_is_their_lead_time_and_whether_chips_may_count_on_them() -> None:
    """Wind takes 30 or 31 months and counts for a tenth of its MW; gas takes one, and counts for nine tenths."""
    columns = ["region_id", "option_id", "order_month", "month", "order_mw", "capital_musd"]
    orders = pd.DataFrame(
        [
            ("near", "gas", "2027-01", "2027-02", 10.0, 5.0),
            ("near", "wind", "2027-01", "2029-07", 10.0, 9.0),
            ("far", "wind", "2027-02", "2029-09", 10.0, 9.0),
            ("near", "halls", "2027-01", "2027-02", 10.0, 99.0),
        ],
        columns=columns,
    )
    power = pd.DataFrame(
        [("wind", 10.0, 1.0), ("wind", 30.0, 3.0), ("gas", 10.0, 9.0)], columns=["option_id", "capacity_mw", "firm_mw"]
    )
    said = why_first(orders, power, {"wind": "wind on land"})
    halls, told = said.split(", 30 to 31 months for wind on land")
    wind, gas = told.split(", 1 month for gas")
    assert halls.endswith("it takes 1 month for halls")
    assert ("10.0 %" in wind, gas) == (True, "")
    assert why_first(orders[:0], power, {}) == ""
