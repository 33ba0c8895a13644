"""Targets for what is served: what is refused, how names and months are read, and what check says before a plan is solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.check.checks import check
from planner.findings import Notice
from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.refusals import refused
from tests.read.toy import Row, edit, write_plan

FROM = {"source": "toy", "quality": "estimate"}
TWO_ZONES = [
    {"zone_id": name, "name": name, "country_iso2": country, "bloc": bloc, "latitude_deg": 48, "longitude_deg": 11, **FROM}
    for name, country, bloc in (("munich", "DE", "europe"), ("vienna", "AT", "europe"), ("new_york", "US", "us"))
]
ASKED = [
    {"zone_id": z, "class_id": w, "start_kh100e": 5, **FROM}
    for z in ("munich", "vienna", "new_york")
    for w in ("chat", "batch")
]


def target(**cells: Any) -> Row:
    """Nine tenths of all chat, unless stated otherwise."""
    stated = {"target_id": "chat", "from": "", "class_id": "chat", "from_month": "", "until_month": ""}
    return {**stated, "min_served_frac": 0.9, "penalty_usd_per_h100e_h": "", **cells, **FROM}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"from": "vienna", "class_id": "batch"}, "batch has no latency limit, so that demand of europe is pooled: expected"),
        ({"from": "AT", "class_id": "*"}, "batch has no latency limit, so that demand of europe is pooled"),
        ({"from": "atlantis"}, "from = atlantis"),
        ({"class_id": "games"}, "class_id = games"),
        ({"min_served_frac": 1.2}, "min_served_frac = 1.2"),
        ({"min_served_frac": ""}, "min_served_frac = (empty): expected"),
        ({"penalty_usd_per_h100e_h": 0}, "penalty_usd_per_h100e_h = 0"),
        ({"from_month": "2028-03", "until_month": "2028-02"}, "until_month = 2028-02: expected a month from 2028-03 on"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, cells: dict[str, Any], words: str) -> None:
    findings = refused(tmp_path, zones=TWO_ZONES, demand=ASKED, residency=None, targets=[target(**cells)])
    assert any("targets.csv:2" in finding and words in finding for finding in findings), findings


def test_a_name_that_is_a_bloc_and_a_country_of_other_zones_is_refused(tmp_path: Path) -> None:
    zones = [{**row, "bloc": "AT" if row["zone_id"] == "munich" else row["bloc"]} for row in TWO_ZONES]
    (finding,) = refused(tmp_path, zones=zones, demand=ASKED, residency=None, targets=[target(**{"from": "AT"})])
    assert "expected a name that means one thing: this is a bloc (munich) and a country (vienna)" in finding


@pytest.mark.parametrize(
    ("names", "of_class", "pools"),
    [
        ("", "chat", {("munich", "chat"), ("vienna", "chat"), ("new_york", "chat")}),
        ("AT;new_york", "chat", {("vienna", "chat"), ("new_york", "chat")}),
        ("europe", "*", {("munich", "chat"), ("vienna", "chat"), ("europe", "batch")}),
        ("DE;AT", "batch", {("europe", "batch")}),  # the countries that are the bloc
    ],
)
def test_whom_a_target_speaks_of(tmp_path: Path, names: str, of_class: str, pools: set[tuple[str, str]]) -> None:
    rows = [target(**{"from": names, "class_id": of_class})]
    (found,) = prepare(load(write_plan(tmp_path, zones=TWO_ZONES, demand=ASKED, residency=None, targets=rows))).targets
    assert set(found.pools) == pools


def test_when_a_target_holds_and_what_it_is_then(tmp_path: Path) -> None:
    later = {**target(), "from_month": "2028-04", "min_served_frac": 0.95, "class_id": "", "source": "", "quality": ""}
    rows = [target(from_month="2028-02", until_month="2028-02"), later]
    (found,) = prepare(load(write_plan(tmp_path, months=6, targets=rows))).targets
    assert found.min_served_frac == {2: 0.9, 4: 0.95, 5: 0.95, 6: 0.95}
    assert found.penalty_usd_per_h100e_h is None
    across = {name: cell for name, cell in target().items() if name not in ("from_month", "until_month")}
    across |= {"2028-03": 0.5, "2028-04": 0}
    path = write_plan(tmp_path / "across", targets=[across])
    (found,) = prepare(load(path, ["targets[chat].penalty_usd_per_h100e_h=2 ct/H100e-h"])).targets
    assert (found.min_served_frac, found.penalty_usd_per_h100e_h) == ({1: 0.9, 2: 0.9, 3: 0.5}, 0.02)


def said(folder: Path, overrides: list[str], *rows: Row) -> list[Notice]:
    """What check says of targets."""
    return [notice for notice in check(load(write_plan(folder, targets=list(rows)), overrides)) if "target" in notice.text]


MUCH = ["demand.start_kh100e*=4"]


def test_check_says_what_no_plan_can_meet_and_what_would_fit(tmp_path: Path) -> None:
    (notice,) = said(tmp_path, MUCH, target(**{"from": "new_york"}))
    assert notice.impossible
    assert "target chat requires 90.0 kH100e in 2028-01, at most" in notice.text
    assert "impossible in 4 months, first in 2028-01" in notice.text
    assert notice.place.shown.endswith("targets.csv:2:6")
    fits = notice.text.partition("min_served_frac ")[2].partition(" would fit")[0]
    assert not said(tmp_path / "fits", [*MUCH, f"targets[chat].min_served_frac={fits}"], target(**{"from": "new_york"}))


def test_what_has_a_penalty_is_missed_and_not_impossible(tmp_path: Path) -> None:
    (notice,) = said(tmp_path, MUCH, target(penalty_usd_per_h100e_h=3))
    assert not notice.impossible
    assert "would fit, the rest costs its penalty; missed in 4 months" in notice.text


def test_targets_that_no_plan_meets_together_are_named_together(tmp_path: Path) -> None:
    """Each by itself could be met."""
    rows = [target(target_id="us", **{"from": "us"}, class_id="*", min_served_frac=0.45)]
    rows += [target(target_id="eu", **{"from": "europe"}, class_id="*", min_served_frac=0.45)]
    alone = [said(tmp_path / row["target_id"], MUCH, row) for row in rows]
    assert alone == [[], []]
    (notice,) = said(tmp_path / "both", MUCH, *rows)
    assert notice.impossible
    assert notice.text.startswith("targets us, eu together require")


def test_what_applies_to_nothing_is_said(tmp_path: Path) -> None:
    codes = {str(notice.code) for notice in said(tmp_path / "late", [], target(from_month="2030-01"))}
    assert codes == {"W-TARGET-VOID", "N-WITHOUT-EFFECT"}
    (notice,) = said(tmp_path / "forbidden", ["unserved=forbidden"], target(min_served_frac=0.1))
    assert "changes nothing, as all demand must be served" in notice.text


def test_a_later_month_is_where_it_stands(tmp_path: Path) -> None:
    """The place is that of the row that holds in the month."""
    rows = [target(min_served_frac=0.1, **{"from": "new_york"}), {**target(), "class_id": "", "from_month": "2028-03"}]
    path = write_plan(tmp_path, targets=rows, demand=edit({"class_id": "chat"}, start_kh100e=140))
    (notice,) = [notice for notice in check(load(path)) if notice.impossible]
    assert notice.place.shown.endswith("targets.csv:3:6")
