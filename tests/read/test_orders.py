"""What the order book refuses: each message names the row, and a way out that works."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.data import STOCK
from planner.errors import InputError
from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.toy import edit, write_plan

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


@pytest.mark.parametrize(("column", "cell"), [("month", "soon"), ("build_mw", "few")])
def test_a_contract_with_a_cell_that_cannot_be_read_is_refused_for_that_alone(column: str, cell: str, tmp_path: Path) -> None:
    (text,) = refused(tmp_path, order("ppa", "2026-02", contract_of="grid", status="done") | {column: cell})
    assert text.startswith(f"{column} = {cell}: expected")


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


def site(month: str = "2028-03", **cells: Any) -> dict[str, Any]:
    return {**order("site", month), "build_mw": "", **cells}


def hibernation(month: str = "2028-02", **cells: Any) -> dict[str, Any]:
    return {**order("hibernation", month), "build_mw": "", "close_mw": 5, **cells}


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ([site(close_mw=5)], "ohio, site, 2028-03: close_mw = 5: expected empty: all of the region closes"),
        ([site(until_month="2028-04")], "ohio, site, 2028-03: until_month = 2028-04: expected empty: all of the region closes"),
        (
            [site(), site("2028-04")],
            "ohio, site, 2028-04: month = 2028-04: expected one month in which ohio closes: it does in 2028-03",
        ),
        (
            [site(), order("grid", "2028-03")],
            "ohio, grid, 2028-03: month = 2028-03: expected a month before 2028-03, in which ohio closes",
        ),
        ([hibernation(build_mw=1)], "ohio, hibernation, 2028-02: build_mw = 1: expected empty: nothing is built"),
        (
            [hibernation(close_mw="")],
            "ohio, hibernation, 2028-02: close_mw = 0: expected a number > 0: the hall space that is out of service",
        ),
        (
            [order("halls", upkeep_usd_per_kw_year=40)],
            "ohio, halls, 2028-02: upkeep_usd_per_kw_year = 40: expected empty: only hibernation has an upkeep",
        ),
    ],
)
def test_a_closing_that_makes_no_sense_is_refused(tmp_path: Path, orders: list[dict[str, Any]], said: str) -> None:
    assert refused(tmp_path, *orders) == [said]


def test_what_is_cancelled_closes_nothing(tmp_path: Path) -> None:
    rows = [site(status="cancelled"), site("2028-04"), order("grid", "2028-03")]
    data = prepare(load(write_plan(tmp_path, commitments=rows)))
    assert data.closing_month == {"ohio": 4}
    assert {t for r, _, t in data.step_mw if r == "ohio"} == {1, 2, 3}
    assert {t for r, _, t in data.step_mw if r == "bavaria"} == {1, 2, 3, 4}


WAY = {"from_id": "ohio", "to_id": "bavaria", "usd_per_kw": 50, **OWN}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"to_id": "ohio"}, "ohio: to_id = ohio: expected another region than from_id, or stock"),
        ({"to_id": "berlin"}, "to_id = berlin: expected a region_id of tables/regions.csv, or stock"),
        (
            {"from_month": "2028-03", "to_month": "2028-02"},
            "ohio, bavaria: to_month = 2028-02: expected a month from 2028-03 on",
        ),
        ({"downtime_months": 1.5}, "downtime_months = 1.5: expected a whole number >= 0"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused(tmp_path: Path, cells: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        load(write_plan(tmp_path, chip_moves=[{**WAY, **cells}]))
    (finding,) = caught.value.findings
    assert finding.message.startswith(said)


def test_ways_are_read_with_their_months(tmp_path: Path) -> None:
    """From February to March two MW a month; chips that live for five years from 2026 on have no end within the plan."""
    rows = [{**WAY, "mw_per_month": 2, "from_month": "2028-02", "to_month": "2028-03"}, {**WAY, "to_id": "stock"}]
    data = prepare(load(write_plan(tmp_path, chip_moves=rows)))
    assert [(way.name, way.to_id, way.downtime_months) for way in data.chip_moves] == [
        ("ohio / bavaria", "bavaria", 1),
        ("ohio / stock", STOCK, 1),
    ]
    assert data.chip_move_mw == {("ohio / bavaria", t): 2.0 if t in (2, 3) else 0.0 for t in (1, 2, 3, 4)}


def test_what_stands_where_chips_may_leave_is_of_its_batches(tmp_path: Path) -> None:
    """12 thousand chips of Ohio, of which those delivered in three months end within the plan; Bavaria's have no batches."""
    old = edit({}, delivered_from="2022-12", delivered_to="2023-05")  # they live for five years
    plain = prepare(load(write_plan(tmp_path / "a", fleet=old)))
    assert not plain.start_batch_kunit
    data = prepare(load(write_plan(tmp_path / "b", fleet=old, chip_moves=[WAY])))
    of_ohio = {(g, plain_end): kunit for (r, g, plain_end), kunit in plain.start_ending_kunit.items() if r == "ohio"}
    moved: dict[tuple[str, int], float] = {}
    for (r, g, b), kunit in data.start_batch_kunit.items():
        assert r == "ohio"
        moved[g, data.batch_end[g, b]] = moved.get((g, data.batch_end[g, b]), 0.0) + kunit
    assert moved == pytest.approx(of_ohio)
    assert set(data.start_ending_kunit) == {key for key in plain.start_ending_kunit if key[0] != "ohio"}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {"cancel_until_month": "2028-03"},
            "ohio, grid, 2028-02: cancel_until_month = 2028-03: expected a month until 2028-02, for which it is ordered",
        ),
        (
            {"slip_usd_per_mw_month": 10, "status": "confirmed"},
            "ohio, grid, 2028-02: slip_usd_per_mw_month = 10: expected empty: only an approved order may slip",
        ),
        ({"deposit_musd": -1}, "deposit_musd = -1: expected a number >= 0"),
    ],
)
def test_an_order_that_cannot_wait_so_is_refused(tmp_path: Path, cells: dict[str, Any], said: str) -> None:
    (text,) = refused(tmp_path, order("grid", **cells))
    assert text == said
