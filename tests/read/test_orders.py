"""What the order book refuses: each message names the row, and a way out that works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.errors import InputError
from planner.read.load import load
from tests.read.toy import write_plan

OWN = {"source": "toy", "quality": "estimate"}


def order(option: str, month: str = "2028-02", region: str = "ohio", **cells: Any) -> dict[str, Any]:
    return {"region_id": region, "option_id": option, "month": month, "build_mw": 3, **cells, **OWN}


def refused(folder: Path, *orders: dict[str, Any], sets: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(write_plan(folder, commitments=list(orders)), sets)
    return [finding.message for finding in caught.value.findings]


def test_an_order_is_dropped_and_added_anew_where_its_month_changes(tmp_path: Path) -> None:
    """The line of the message, pasted into a plan beside a file with the new row, moves the order."""
    path = write_plan(tmp_path, commitments=[order("grid")])
    with pytest.raises(InputError) as caught:
        load(path, ["commitments[ohio,grid,2028-02].month=2028-03"])
    message = caught.value.findings[0].message
    line = message.partition("(")[2].removesuffix(")")
    assert line == (
        "adjust: [{table: commitments, where: {region_id: ohio, option_id: grid, month: 2028-02}, drop: true}, "
        "{table: commitments, rows: new_commitments.csv}]"
    )
    Path(tmp_path, "moved.yaml").write_text(f"extends: plan.yaml\nwhy: it comes a month later\n{line}\n")
    Path(tmp_path, "new_commitments.csv").write_text(
        "region_id,option_id,month,build_mw,source,quality\nohio,grid,2028-03,3,toy,estimate\n"
    )
    assert load(tmp_path / "moved.yaml").tables["commitments"].keys == [("ohio", "grid", "2028-03")]


def test_less_than_nothing_points_to_the_other_column(tmp_path: Path) -> None:
    assert refused(tmp_path / "a", order("grid", build_mw=-200)) == [
        "build_mw = -200: expected a number >= 0 (write close_mw = 200)"
    ]
    (text,) = refused(tmp_path / "b", order("grid"), sets=("commitments[ohio,grid,2028-02].close_mw=-20",))
    assert text == "close_mw = -20: expected a number >= 0 (write build_mw = 20)"


def test_a_hint_names_no_contract_of_another_region(tmp_path: Path) -> None:
    """`ppa_west` is a contract of Ohio; Bavaria has none of that name to mean."""
    contract = order("ppa_west", contract_of="grid")
    (text,) = refused(tmp_path / "a", contract, order("ppa_wst", region="bavaria"))
    assert text.startswith("option_id = ppa_wst: expected an option_id of tables/options.csv, or halls")
    assert "ppa_west" not in text
    (text,) = refused(tmp_path / "b", contract, order("ppa_wst"))
    assert text.endswith("(did you mean ppa_west?)")
    (text,) = refused(tmp_path / "c", contract, order("ppa_west", region="bavaria"))
    assert text == "bavaria, ppa_west: no such row in tables/power.csv (one of halls, grid)"


def test_a_message_names_the_row(tmp_path: Path) -> None:
    (text,) = refused(tmp_path / "a", order("grid", until_month="2028-01"))
    assert text == "ohio, grid, 2028-02: until_month = 2028-01: expected a month from 2028-02 on"
    texts = refused(tmp_path / "b", order("ppa", contract_of="grid"), order("ppa", "2028-03", contract_of="gas_engine"))
    assert "ohio, ppa: contract_of = gas_engine: expected the same in each row of the contract ppa" in texts
