"""Reserved capacity: what is refused, whose work may use it, and what check says before a plan is solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.check.checks import check
from planner.errors import InfeasibleError
from planner.findings import Notice
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.solution import solve
from planner.studies.infeasible import diagnose
from tests.read.refusals import refused
from tests.read.test_targets import ASKED, TWO_ZONES
from tests.read.toy import Row, write_plan

FROM = {"source": "toy", "quality": "estimate"}


def reservation(**cells: Any) -> Row:
    """Ten in Ohio from February on, unless stated otherwise."""
    stated = {"reservation_id": "acme", "customer": "Acme", "region_id": "ohio", "from": "", "class_id": "", "kh100e": 10}
    dates = {"from_month": "2028-02", "until_month": ""}
    paid = {"penalty_usd_per_h100e_h": "", "price_usd_per_h100e_h": "", "take_or_pay_frac": ""}
    return {**stated, **dates, **paid, **cells, **FROM}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"region_id": ""}, "region_id = (empty): expected"),
        ({"region_id": "dawn"}, "region_id = dawn"),
        ({"from": "vienna", "class_id": "batch"}, "batch has no latency limit, so that demand of europe is pooled"),
        ({"take_or_pay_frac": 0.5}, "price_usd_per_h100e_h = (empty): expected a price, as take_or_pay_frac is 0.5"),
        ({"take_or_pay_frac": 1.5}, "take_or_pay_frac = 1.5"),
        ({"kh100e": -1}, "kh100e"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, cells: dict[str, Any], words: str) -> None:
    findings = refused(tmp_path, zones=TWO_ZONES, demand=ASKED, residency=None, reservations=[reservation(**cells)])
    assert any("reservations.csv:2" in finding and words in finding for finding in findings), findings


def test_what_is_reserved_when_and_whose_work_may_use_it(tmp_path: Path) -> None:
    later = {**dict.fromkeys(reservation(), ""), "reservation_id": "acme", "from_month": "2028-04", "kh100e": 15}
    rows = [reservation(**{"from": "DE", "class_id": "chat"}), later]
    path = write_plan(tmp_path, zones=TWO_ZONES, demand=ASKED, residency=None, months=5, reservations=rows)
    (found,) = prepare(load(path)).reservations
    assert (found.region_id, found.pools) == ("ohio", (("munich", "chat"),))
    assert found.kh100e == {2: 10, 3: 10, 4: 15, 5: 15}
    (found,) = prepare(load(write_plan(tmp_path / "nobody", reservations=[reservation()]))).reservations
    assert found.pools == (), "an empty list names none of the demand, and not all of it"


def said(folder: Path, *rows: Row) -> list[Notice]:
    """What check says of reservations."""
    return [notice for notice in check(load(write_plan(folder, reservations=list(rows)))) if "reserv" in notice.text]


def test_check_says_what_cannot_stand_in_a_region(tmp_path: Path) -> None:
    rows = [reservation(kh100e=60), reservation(reservation_id="labs", kh100e=70, from_month="2028-03")]
    assert said(tmp_path / "alone", rows[0]) == []
    (notice,) = said(tmp_path / "both", *rows)
    assert notice.impossible
    assert notice.text.startswith("reserved for acme, labs: 130.0 kH100e in 2028-03, at most")
    assert "can stand in ohio (" in notice.text
    assert notice.place.shown.endswith("reservations.csv:2:6")
    (notice,) = said(tmp_path / "penalty", reservation(kh100e=300, penalty_usd_per_h100e_h=2))
    assert not notice.impossible
    assert "too much, which costs the penalty; short in 3 months, first in 2028-02" in notice.text


def test_what_changes_nothing_is_said(tmp_path: Path) -> None:
    assert any("holds in no month" in notice.text for notice in said(tmp_path / "late", reservation(from_month="2031-01")))
    row = reservation(region_id="ohio", **{"from": "europe", "class_id": "chat"})
    (notice,) = said(tmp_path / "far", row)
    assert "none of that demand may be served in the region" in notice.text


def test_one_that_cannot_stand_is_named_with_the_least_change(tmp_path: Path) -> None:
    path = write_plan(tmp_path, orbit=False, reservations=[reservation(region_id="bavaria", kh100e=90, until_month="2028-03")])
    found = diagnose(load(path))
    (broken,) = [one for one in found.broken if "acme" in one.words]
    assert (broken.words, broken.months) == ("reservation acme needs", ("2028-02", "2028-03"))
    assert broken.asked == (90, 90)
    assert broken.place.shown.endswith("reservations.csv:2:6")
    assert "reservations[acme].kh100e" in {one.target for one in found.conflict}
    (way,) = [way for way in found.ways if way.changes[0].override.startswith("reservations[")]
    assert solve(prepare(load(path, [way.changes[0].override]))).outcome.status == "optimal"
    with pytest.raises(InfeasibleError):
        solve(prepare(load(path, [f"reservations[acme].kh100e*={way.changes[0].then + 0.001}"])))
