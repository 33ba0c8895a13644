"""Charts of the workbook's summary: they count as the headlines do, and take any name as text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.formats import short_month
from planner.write.xlsx.run_workbook import write_xlsx
from planner.write.xlsx.summary_charts import month_labels
from tests.write.toy import MONTHS, FakeResult, make_result, make_tables


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("book") / "plan.xlsx"
    write_xlsx(path, make_result())  # type: ignore[arg-type]
    return openpyxl.load_workbook(path)


def block(book: Any, title: str) -> pd.DataFrame:
    """A block of the sheet behind the charts."""
    values = list(book["charts"].values)
    first = next(index for index, cell in enumerate(values[0]) if cell is not None and str(cell).startswith(title))
    last = next((index for index in range(first, len(values[1])) if values[1][index] is None), len(values[1]))
    kept = [row[first:last] for row in values[2:] if row[first] is not None]
    return pd.DataFrame(kept, columns=list(values[1][first:last]))


def test_charts_count_as_the_headlines_do(book: Any) -> None:
    tables = make_tables()
    costs = tables["costs"]
    paid = costs.loc[costs["component"] != "unserved", "discounted_musd"].sum()
    assert block(book, "Cost over the horizon, discounted, million USD")["cost"].sum() == pytest.approx(paid)
    chips = tables["chips"]
    h100e = chips["generation_id"].map({"h100": 1.0, "@vr": 2.5})
    dark = (chips["dark_kunit"] * h100e).groupby(chips["month"]).sum() / 1000
    drawn = block(book, "Accelerators, million H100e")
    reasons = [name for name in drawn.columns if name.startswith("dark, ")]
    assert drawn[reasons].sum(axis=1).tolist() == pytest.approx(dark.tolist())
    served = tables["demand"].groupby("month")["served_kh100e"].sum() / 1000
    assert block(book, "Demand, million H100e")["served"].tolist() == pytest.approx(served.tolist())


def test_small_costs_are_summed_so_that_the_chart_adds_up(result: FakeResult, tmp_path: Path) -> None:
    costs = pd.DataFrame({"place_id": "", "item_id": "", "month": MONTHS[0], "component": [f"c{n:02}" for n in range(15)]})
    costs["cost_musd"] = costs["discounted_musd"] = np.arange(15) - 2.0
    result.tables["costs"] = costs
    write_xlsx(tmp_path / "plan.xlsx", result)  # type: ignore[arg-type]
    shown = block(openpyxl.load_workbook(tmp_path / "plan.xlsx"), "Cost over the horizon")
    assert shown["component"].tolist() == ["5 others", *(f"c{n:02}" for n in range(6, 15))]
    assert shown["cost"].sum() == costs["discounted_musd"].sum()


@pytest.mark.parametrize("count", [1, 2, 8, 9, 12, 24, 36, 37, 48, 60, 120])
def test_the_first_and_the_last_month_are_named_and_never_too_many(count: int) -> None:
    months = [f"{2027 + n // 12}-{n % 12 + 1:02}" for n in range(count)]
    labels = month_labels(months)
    named = [label for label in labels if label]
    assert (labels[0], labels[-1]) == (short_month(months[0]), short_month(months[-1]))
    assert [label for label, month in zip(labels, months, strict=True) if label not in ("", short_month(month))] == []
    assert len(named) <= 10


@pytest.mark.filterwarnings("error")
def test_a_chart_takes_any_name_of_a_region_as_text(result: FakeResult, tmp_path: Path) -> None:
    """Neither as a reference, nor as the column of the months or of their labels."""
    regions = result.plan.tables["regions"].frame
    evil = ['=cmd|"/c calc"!A1', "month", "label", "Sheet1!A1"]
    regions["name"] = [evil[position % len(evil)] for position in range(len(regions))]
    write_xlsx(tmp_path / "plan.xlsx", result)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    told = block(book, "Firm power, GW")
    assert [day.strftime("%Y-%m") for day in told.iloc[:, 0]] == list(MONTHS)
    assert set(told.columns[2:]) == {'=cmd|"/c calc"!A1', "month", "label"}
    named = [series.tx for chart in book["summary"]._charts for series in chart.series]
    assert {name.v for name in named if name.strRef is None} == {"cost"}
    assert all(name.strRef.f.startswith("charts!$") for name in named if name.strRef is not None)
