"""The example of docs/targets.md is solved, and does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.api import load, solve
from tests.test_hours_example import with_example

PAGE = Path(__file__).parents[1] / "docs" / "targets.md"


def test_the_example_does_what_the_page_says(tmp_path: Path) -> None:
    folder = with_example(PAGE, tmp_path / "plan", "targets.yaml", "targets.csv", "shares.csv", "reservations.csv")
    result = solve(load(folder / "targets.yaml"))
    table, page = result.tables["targets"], " ".join(PAGE.read_text(encoding="utf-8").split())
    rows = table.set_index(["target_id", "month"])
    europe = rows.loc["europe_batch"]
    assert europe.index[europe["worth_usd"] > 0][0] == "2027-08"
    assert europe.loc["2028-03", "worth_usd"] == pytest.approx(0.3 * 744 * 1000 + (0.5 - 0.1) * 6480)
    assert f"{europe.loc['2028-03', 'worth_usd']:,.0f} USD" in page
    missed = rows.loc["us_batch"][rows.loc["us_batch"]["missed_kh100e"] > 1e-6]
    assert missed["worth_usd"].loc["2028-01"] == pytest.approx(0.2 * 744 * 1000)
    assert f"missed in {len(missed)} months" in page
    assert f"{missed['penalty_musd'].sum():.1f} million USD are paid" in page
    assert f"up to {rows.loc['less_texas']['worth_usd'].max():,.0f} USD" in page
    words = {line.key: line.text for line in result.summary}
    assert words["targets_met"].startswith("Targets missed: us_batch in 11 months, at worst by 50.0 % of")
    assert "target europe_batch in 11 months" in words["targets_binding"]
    assert "greatest share less_texas in 11 months" in words["targets_binding"]
    reserved = result.tables["reservations"].set_index(["reservation_id", "month"])
    assert reserved.loc["assistant", "used_kh100e"].to_list() == pytest.approx([30] * 9)
    assert not reserved.loc["assistant", "worth_usd"].any()
    dearest = reserved.loc["bank", "worth_usd"].max()
    assert f"up to {dearest:,.0f} USD in a month, {dearest / 744e3:.2f} USD an hour" in page
    paid = reserved.loc["bank"].loc["2027-12"]
    assert paid["paid_musd"] == paid["unused_musd"] == pytest.approx(2.08 * 8 * 744 / 1e3)
