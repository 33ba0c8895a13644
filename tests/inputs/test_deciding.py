"""The page of the deciding numbers states each as the evidence does, and orders them by what they do."""

from __future__ import annotations

from pathlib import Path

import pytest

from deciding import page, stated
from derivation.evidence import Evidence
from resolve import Change, Headlines, differences, figures
from waterfall import changes

EVIDENCE = Path(__file__).parents[2] / "inputs" / "evidence"
BASE = Headlines(served=0.5, dark_mh100e=40, cost_busd=200, orbit_lacks=0.3, last_year_twh=600)


def test_twenty_numbers_with_a_range_around_them() -> None:
    evidence = Evidence(EVIDENCE)
    keys = [row["key"] for row in evidence.tables["deciding"]]
    assert len(set(keys)) == 20
    for key in keys:
        value, span, unit, source = stated(evidence, key)
        low, high = map(float, span.split(" to "))
        assert low <= float(value) <= high, key
        assert low < high, key
        assert unit, key
        assert source, key


def test_the_page_puts_first_what_moves_most_and_writes_each_effect() -> None:
    evidence = Evidence(EVIDENCE)
    ends = [(BASE, BASE) for _ in evidence.tables["deciding"]]
    ends[3] = (Headlines(0.6, 30, 210, 0.25, 600), Headlines(0.4, 45, 190, None, 600))
    text = page(evidence, BASE, ends)
    first = next(line for line in text.splitlines()[6:] if line.startswith("| ") and "number" not in line and "---" not in line)
    effects = "+10.0 / -10.0 | -10.0 / +5.0 | +10 / -10 | -5.0 / launched"
    assert first == f"| Stock of data centres, China | 23,200 | 20,000 to 32,400 | MW | {effects} |"
    assert "serves 50.0 % of the compute" in text.replace("\n", " ")
    assert "the run draws 600 TWh" in text.replace("\n", " ")
    assert figures(BASE) == ["50.0 %", "40.0", "200", "30.0 %"]
    assert differences(BASE, BASE) == ["+0.0", "+0.0", "+0", "+0.0"]


@pytest.mark.parametrize(("end", "usd"), [("low", "200"), ("high", "7000")])
def test_ends_of_designs_judgements_and_settings(end: str, usd: str) -> None:
    changed = Change("launch", {"orbit_parameters.launch_price": end}).evidence()
    (price,) = [row for row in changed.tables["orbit_parameters"] if row["parameter"] == "launch_price_2028"]
    assert price["central"] == usd
    slow = Change("demand", {"plan.demand.doubling_months": "high"})
    assert "demand.doubling_months=20" in slow.settings(slow.evidence())


def test_inputs_as_they_were_had_the_demand_of_then() -> None:
    before = changes()[0]
    assert "demand.doubling_months=9.1" in before.settings(before.evidence())
