"""Amounts in the currency that a plan shows beside USD: recomputed from the tables, at the rate of the plan."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planner.verify.verify import verify
from tests.verify.cells import append, failures


@pytest.mark.parametrize(("key", "usd_per_currency", "ok"), [("own_cost", 1.25, True), ("own_cost", 1.0, False)])
def test_an_amount_in_the_currency_of_the_plan_is_at_its_rate(run: Path, key: str, usd_per_currency: float, ok: bool) -> None:
    plan, summary = run / "inputs" / "plan.yaml", run / "tables" / "summary.csv"
    text = plan.read_text(encoding="utf-8")
    assert "money: {" in text
    plan.write_text(text.replace("money: {", "money: {currency: EUR, usd_per_currency: 1.25, "), encoding="utf-8")
    cost = float(pd.read_csv(summary).set_index("key").loc["cost", "value"])
    append(summary, key=key, value=f"{cost / usd_per_currency:.12g}", unit="million EUR", text="")
    assert failures(verify(run, hashes=False)) == (set() if ok else {"summary.value"})
