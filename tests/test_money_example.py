"""The example of docs/money.md is solved, and does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.api import check, load, solve
from planner.formats import number
from planner.schema.results import IN_OWN_CURRENCY
from tests.test_hours_example import with_example

PAGE = Path(__file__).parents[1] / "docs" / "money.md"


def test_the_example_does_what_the_page_says(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", "money.yaml", "payments.csv", "offers.csv")
    plan = load(folder / "money.yaml")
    assert not [one for one in check(plan) if one.impossible]
    result = solve(plan)
    capital = result.tables["capital"]
    by_year = capital.groupby(capital["month"].str[:4])["capital_musd"].sum()
    assert by_year.to_dict() == pytest.approx({"2027": 1500, "2028": 2500})
    halls = capital[capital["component"] == "hall_capital"].groupby("month")["capital_musd"].sum()
    table, price = result.tables["halls"], plan.tables["regions"].mapping("region_id", "shell_usd_per_kw")
    bought = (table["build_shell_mw"] * table["region_id"].map(price) / 1e3).groupby(table["month"]).sum()
    assert bought["2027-01":"2027-07"].sum() > 0
    # of July's halls 30 % are due in January, with those of the months before, and 10 % of January's in April
    due = 0.3 * bought["2027-01":"2027-07"].sum() + 0.6 * bought["2027-01"]
    assert halls["2027-01"] == pytest.approx(due)
    assert halls["2027-04"] == pytest.approx(0.3 * bought["2027-10"] + 0.6 * bought["2027-04"] + 0.1 * bought["2027-01"])
    limits = result.tables["limits"].query("constraint == 'limit_budget'").set_index("where")
    assert set(limits.index) == {"2027", "2028"}
    assert set(limits["unit"]) == {"USD per million USD"}
    offers = result.tables["offers"].set_index("month")
    assert offers["offered_kunit"].to_dict() == pytest.approx({"2027-06": 5, "2028-06": 3})
    assert (offers["bought_kunit"] + offers["declined_kunit"]).to_dict() == pytest.approx(offers["offered_kunit"].to_dict())
    assert offers["bought_kunit"].to_dict() == pytest.approx({"2027-06": 0, "2028-06": 3})
    costs = result.tables["costs"].groupby("component")["cost_musd"].sum()
    assert costs["chips_declined"] == pytest.approx(2.5)
    assert costs["chips_bought"] > 0
    told = {line.key: line for line in result.summary}
    assert told["budget_spent"].value == pytest.approx(1)
    quoted = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("> Tightest limit"))
    assert told["limit_1"].text.startswith(quoted.removeprefix("> "))
    nominal = result.tables["nominal"].set_index(["component", "year"])
    cash = result.tables["cash"].groupby(["component", "year"])["cash_musd"].sum()
    for component, year in (("hall_capital", 2027), ("energy", 2028), ("chips_declined", 2027)):
        expected = cash[component, year] * 1.025 ** (year - 2026)
        assert nominal.loc[(component, year), "nominal_musd"] == pytest.approx(expected)
    assert told["cash_nominal"].value == pytest.approx(nominal["nominal_musd"].drop("chips", level=0).sum())
    assert "All prices are in money of 2026" in told["cash_nominal"].text
    for key in IN_OWN_CURRENCY:
        own = told[f"own_{key}"]
        assert own.value == pytest.approx(told[key].value / 1.08)
        assert own.unit == told[key].unit.replace("USD", "EUR")
        assert own.text == ""
    assert (
        f"over 24 months, discounted: 1.75 billion USD ({number(told['own_cost'].value / 1e3)} billion EUR)"
        in told["cost"].text
    )
    assert f" ({number(told['own_energy_cost'].value)} EUR) per MWh" in told["energy_cost"].text
    assert all(" EUR)" in told[key].text for key in ("orders_first", "cash_capital", "unserved_value"))
    assert f"> {told['own_currency'].text}" in PAGE.read_text(encoding="utf-8").splitlines()
