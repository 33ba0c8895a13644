"""What `planner check` says of sites that close, halls that hibernate and ways on which no chip can leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner.check.checks import check
from planner.read.load import load
from tests.read.toy import write_plan

OWN = {"source": "toy", "quality": "estimate"}
CLOSES = {"region_id": "ohio", "option_id": "site", "month": "2028-03", **OWN}
WAY = {"from_id": "ohio", "to_id": "bavaria", "usd_per_kw": 50, **OWN}


def said(folder: Path, **tables: Any) -> list[str]:
    plan = load(write_plan(folder, **tables))
    return [f"{one.place} {one.level}: {one.text}" for one in check(plan) if one.place is not None]


def about(lines: list[str], words: str) -> list[str]:
    return [line for line in lines if words in line]


def test_what_a_site_loses_that_closes(tmp_path: Path) -> None:
    """Grid and halls as in the table, and two months of their pace; engines come from March on."""
    (line,) = about(said(tmp_path / "a", commitments=[CLOSES]), "closes in")
    assert line.startswith("tables/commitments.csv:2:3 note: ohio closes in 2028-03: from then on it has no halls, no power")
    assert "it loses at most" in line
    assert "MW of halls and 120.1 MW of firm power" in line  # 100 + 10 + 10 x 1.1^(1/12)
    assert line.endswith("no row of chip_moves leads away: what is there then is retired early")
    (line,) = about(said(tmp_path / "b", commitments=[CLOSES], chip_moves=[WAY, {**WAY, "to_id": "stock"}]), "closes in")
    assert line.endswith("they may be moved to bavaria and back into stock")


def test_more_halls_out_of_service_than_there_can_be(tmp_path: Path) -> None:
    rest = {"region_id": "bavaria", "option_id": "hibernation", "month": "2028-02", "close_mw": 50, **OWN}
    (line,) = about(said(tmp_path / "a", commitments=[rest]), "out of service")
    assert line == (
        "tables/commitments.csv:2:4 warning: bavaria: 50.0 MW of halls are out of service in 2028-02, and at most 45.0 MW can"
        " exist by then: 5.0 too much, no plan can meet this"
    )
    assert not about(said(tmp_path / "b", commitments=[{**rest, "close_mw": 40}]), "out of service")


def test_a_way_on_which_no_chip_can_leave(tmp_path: Path) -> None:
    late = {**WAY, "downtime_months": 9}
    assert not about(said(tmp_path / "a", chip_moves=[late]), "chip_moves: ")  # it may be on the way at the end
    closed = {**CLOSES, "region_id": "bavaria"}
    (line,) = about(said(tmp_path / "b", chip_moves=[late], commitments=[closed]), "chip_moves: ")
    assert line == (
        "tables/chip_moves.csv:2:2 note: chip_moves: 1 row changes nothing, as no chip that may go there can leave in time:"
        " ohio bavaria"
    )
    (line,) = about(said(tmp_path / "c", chip_moves=[{**WAY, "from_month": "2029-01"}]), "chip_moves: ")
    assert "nothing may leave in any month of the plan" in line
