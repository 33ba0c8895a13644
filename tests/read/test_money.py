"""Payments and budgets: what is refused, what check says beside the plan, and numbers with other units of money."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.check.checks import check
from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.refusals import refused
from tests.read.toy import Rows, write_plan

FROM = {"source": "toy", "quality": "estimate"}


def payments(*rows: tuple[str, Any, float]) -> Rows:
    """Asset, months before service, share."""
    return [{"asset_id": asset, "months_before": months, "capital_frac": share, **FROM} for asset, months, share in rows]


def budget(**years: Any) -> dict[str, Any]:
    return {"budget": {"capital_musd_per_year": {year.removeprefix("in_"): musd for year, musd in years.items()}}}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "payments that are not all": (
        {"payments": payments(("halls", 6, 0.3), ("halls", 0, 0.6), ("grid", 0, 1.0))},
        "tables/payments.csv:3:3: halls: capital_frac of its 2 payments adds up to 0.9: expected 1, all of its capital",
    ),
    "an asset that does not exist": (
        {"payments": payments(("hall", 0, 1.0))},
        "tables/payments.csv:2:1: asset_id = hall: expected an option_id of tables/options.csv, or halls, or satellites",
    ),
    "the same payment twice": (
        {"payments": payments(("halls", 0, 0.5), ("halls", 0, 0.5))},
        "tables/payments.csv:3:1: asset_id = halls, months_before = 0: duplicate row, first in line 2",
    ),
    "half a month": (
        {"payments": payments(("halls", 0.5, 1.0))},
        "tables/payments.csv:2:2: months_before = 0.5: expected a whole number",
    ),
    "a year that is none": ({"plan": budget(soon=3)}, "budget.capital_musd_per_year.soon = 3: expected a year as YYYY"),
    "inflation from no year": (
        {"plan": {"money": {"inflation_frac_per_year": 0.02}}},
        "money.year is missing: expected the year of the money in which the plan states its prices",
    ),
    "a currency without a rate": (
        {"plan": {"money": {"currency": "EUR"}}},
        "money.usd_per_currency is missing: expected what one EUR is worth in USD",
    ),
    "a rate without a currency": (
        {"plan": {"money": {"usd_per_currency": 1.08}}},
        "money.currency is missing: expected the code of a currency, such as EUR",
    ),
    "a currency that is none": (
        {"plan": {"money": {"currency": "euro", "usd_per_currency": 1.08}}},
        "money.currency = euro: expected the code of a currency other than USD, such as EUR",
    ),
    "another currency": (
        {"plan": budget(in_2028="3 bn EUR/year")},
        "budget.capital_musd_per_year.2028 = 3 bn EUR/year: expected a number in million USD per year",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(tmp_path: Path, name: str) -> None:
    changes, expected = REFUSED[name]
    found = refused(tmp_path, **changes)
    assert len(found) == 1
    assert expected in found[0]


def test_a_budget_takes_other_units_of_money(tmp_path: Path) -> None:
    path = write_plan(tmp_path, months=12, plan=budget(in_2028="3 bn USD/year"))
    assert prepare(load(path)).budget_musd == {"2028": 3000}
    for text in ("3e9 USD/year", "3000 MUSD/year", "3000 million USD/year", "3 GUSD/year"):
        assert prepare(load(path, [f"budget.capital_musd_per_year.2028={text}"])).budget_musd == {"2028": 3000}


def test_budgets_beside_the_plan(tmp_path: Path) -> None:
    """Ohio has ordered 20 MW of halls for March at 11,000 USD per kW: 66 of 220 million are due before, in January."""
    ordered = [{"region_id": "ohio", "option_id": "halls", "month": "2028-03", "build_mw": 20, **FROM}]
    path = write_plan(
        tmp_path,
        plan=budget(in_2027=9, in_2028=600),
        commitments=ordered,
        payments=payments(("halls", 6, 0.3), ("halls", 0, 0.7)),
    )
    found = [str(one) for one in check(load(path)) if "budget" in one.text]
    outside, impossible, part = (one.partition("warning: ")[2] or one.partition("note: ")[2] for one in found)
    assert outside == "the budget of 2027 is outside the plan and ignored [W-BUDGET-OUTSIDE]"
    text = (
        "what is ordered makes 220.0 million USD of capital fall due in 2028, the budget is 200.0: 20.0 too much, no plan can"
    )
    assert impossible == f"{text} meet this [W-BUDGET-IMPOSSIBLE]"
    text = "the budget of 2028 is for a whole year: in the 4 months of it in the plan, 200 million USD of capital may fall due"
    assert part == f"{text} [N-BUDGET-PART]"
    assert [one.impossible for one in check(load(path)) if "budget" in one.text] == [False, True, False]
    later = payments(("halls", -2, 0.3), ("halls", 0, 0.7))  # 30 % in May, after the plan
    path = write_plan(tmp_path, plan=budget(in_2028=600), commitments=ordered, payments=later)
    assert not [one for one in check(load(path)) if one.impossible]
