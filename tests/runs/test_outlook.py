"""What a board asks of a run: milestones, what is still to be ordered, what may be cancelled; by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.plan.calendar import month_names
from planner.runs.outlook import cancellations, milestones, payments, to_order
from planner.runs.read import Written
from planner.studies.questions import Facts
from planner.write.questions import questions

MONTHS = month_names("2027-01", 12)
PURCHASES = ["region_id", "option_id", "month", "order_month", "plan_mw", "order_mw", "capital_musd"]


def by_month(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"month": MONTHS, **columns})


def run(**inputs: pd.DataFrame) -> Written:
    """Twelve months: demand 10, served one less each month; 2 million USD of capital and 1 of energy a month, and a charge for
    capital that nobody pays. Halls of 4 MW ordered in February for June, and 1 MW that must be under way."""
    costs = [by_month(component=name, cost_musd=1.0) for name in ("energy", "capital")]
    rows = [
        ("a", "halls", "2027-06", "2027-02", 4.0, 4.0, 40.0),
        ("a", "halls", "2027-02", "2026-11", 1.0, 1.0, 10.0),
        ("a", "grid", "2027-12", "2027-08", 5.0, 5.0, 0.0),
    ]
    tables = {
        "demand": by_month(demand_kh100e=10.0, served_kh100e=[10.0 - t for t in range(12)]),
        "fleet": by_month(it_nameplate_mw=[float(t) for t in range(12)]),
        "chips": by_month(dark_mw=0.5),
        "power": by_month(firm_mw=7.0, capacity_mw=8.0),
        "halls": by_month(shell_mw=9.0),
        "capital": by_month(component="power_capital", capital_musd=2.0),
        "costs": pd.concat(costs),
        "purchases": pd.DataFrame(rows, columns=PURCHASES),
        "projects": pd.DataFrame({"hall_mw": [2.0, 0.0], "power_mw": [0.0, 0.0]}),
    }
    return Written(Path("x"), {}, {"solver": {"status": "optimal"}}, MONTHS, inputs, tables)


def test_milestones_every_fourth_month() -> None:
    """After eight months three of ten are served, 7 MW installed, and eight times 3 million are paid."""
    found = milestones(run())
    assert [row["number"] for row in found] == [4, 8, 12]
    assert found[1] == {
        **{"month": "2027-08", "number": 8, "served_frac": 0.3, "installed_mw": 7.0, "dark_mw": 0.5},
        **{"firm_mw": 7.0, "cash_musd": 24.0},
    }


def test_what_is_under_way_is_not_still_to_be_ordered() -> None:
    """4 MW of halls and a project of 2; 5 MW of the grid. The MW that must be under way comes in any case."""
    found = to_order(run())
    assert (found["hall_to_order_mw"], found["power_to_order_mw"]) == (6.0, 5.0)
    assert (found["hall_mw"], found["power_mw"]) == (9.0, 8.0)


def test_what_falls_due_of_first_orders_and_what_of_the_book_may_be_cancelled() -> None:
    """Halls of June, a fifth paid three months before: in March, and so within the first months. Cancelled and firm
    orders are not named."""
    terms = pd.DataFrame({"asset_id": ["halls", "halls"], "months_before": ["3", "0"], "capital_frac": ["0.2", "0.8"]})
    columns = ["region_id", "option_id", "month", "build_mw", "status", "cancel_until_month", "deposit_musd"]
    rows = [
        ("a", "grid", "2027-05", "20", "confirmed", "2027-02", "0.5"),
        ("a", "grid", "2027-06", "20", "confirmed", "", ""),
        ("a", "grid", "2027-07", "20", "cancelled", "2027-02", ""),
    ]
    of = run(payments=terms, commitments=pd.DataFrame(rows, columns=columns))
    found = cancellations(of)
    assert (found["orders"], found["capital_musd"], found["until_month"]) == (1, 40.0, "2027-03")
    assert found["due_musd"] == pytest.approx(8.0)
    assert [(row["mw"], row["until_month"], row["deposit_musd"]) for row in found["cancellable"]] == [(20.0, "2027-02", 0.5)]
    assert payments(of, "grid") == [(0, 1.0)]
    told = Facts({"from_month": ""}, {}, {}, {}, {}, milestones(of), to_order(of), found)
    answers = {answer.key: answer.sentence for answer in questions(of, told).answers}
    assert "grid at a, 20.0 MW for May 2027, until February 2027 at the loss of 500,000 USD" in answers["cancel"]
    assert (
        "Of 40.0 million USD of capital for 1 order to decide first, 8.00 million USD falls due by March 2027"
        in answers["cancel"]
    )
    assert "after 12 months" in answers["reached"].lower()
    assert answers["nothing"].startswith("Of 8.00 MW of power and 9.00 MW of halls in December 2027, 5.00 MW of power and 6.00")
    assert answers["near"].startswith("Not asked of this run: `planner ranges RUN`")


def test_a_run_without_these_tables_says_nothing_of_them() -> None:
    empty = Written(Path("x"), {}, {}, MONTHS, {}, {})
    assert (milestones(empty), to_order(empty), cancellations(empty)) == ([], {}, {})
