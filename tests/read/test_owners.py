"""Owners: what is refused, the share of firm power that follows from stated shares and from chips, and what check says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.build import build
from planner.check.checks import check
from planner.prepare.plan_data import prepare
from planner.read.load import load
from planner.solve.checkpoint import fingerprint
from planner.solve.compile.form import compile_form
from tests.read.refusals import refused
from tests.read.toy import Rows, edit, write_plan

FROM = {"source": "toy", "quality": "estimate"}
MAKER = "öko_株式"


def owner(name: str = MAKER, power_frac: Any = "") -> Rows:
    return [{"owner_id": name, "name": "Öko 株式", "power_frac": power_frac, **FROM}]


def right(region: str, frac: float) -> Rows:
    return [{"owner_id": MAKER, "region_id": region, "power_frac": frac, **FROM}]


def owned(power: str = "own", **changes: Any) -> dict[str, Any]:
    """The toy in which a maker keeps beta for itself."""
    stated = {"power": power} | ({"trade_usd_per_mw_month": 1000} if power == "trade" else {})
    changes = {"accelerators": edit({"generation_id": "beta"}, owner_id=MAKER), "owners": owner(), **changes}
    return {"plan": {"owners": stated}, **changes}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an owner that is not listed": (
        {"owners": owner("other")},
        f"tables/accelerators.csv:3:16: owner_id = {MAKER}: expected an owner_id of tables/owners.csv",
    ),
    "the market as an owner": (
        {"owners": owner() + owner("market")},
        "tables/owners.csv:3:1: owner_id = market: expected another name than market",
    ),
    "more than all power": (
        {"owners": owner(power_frac=0.7) + owner("other", 0.4)},
        f"tables/owners.csv:2:3: owners: power_frac of {MAKER}, other adds up to 1.1: expected at most 1",
    ),
    "more than all power of a region": (
        {"owners": owner() + owner("other", 0.4), "power_rights": right("bavaria", 0.5) + right("ohio", 0.8)},
        f"tables/power_rights.csv:3:3: ohio: power_frac of other, {MAKER} adds up to 1.2: expected at most 1",
    ),
    "trade without its cost": (
        {"plan": {"owners": {"power": "trade"}}},
        "owners.trade_usd_per_mw_month is missing: expected what a MW bought for a month costs",
    ),
    "a policy that does not exist": ({"plan": {"owners": {"power": "each"}}}, "owners.power = each: expected"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(tmp_path: Path, case: str) -> None:
    changes, words = REFUSED[case]
    found = refused(tmp_path, **{**owned(), **changes})
    assert len(found) == 1
    assert words in found[0]


def shares(tmp_path: Path, **changes: Any) -> dict[str, tuple[float, float]]:
    """By region: the maker's share of the start, and of what is added; the market has the rest."""
    data = prepare(load(write_plan(tmp_path, **owned(**changes))))
    for frac in (data.right_start_frac, data.right_added_frac):
        for r in data.regions:
            assert frac[r, MAKER] + frac[r, "market"] == pytest.approx(1.0, abs=1e-12)
    return {r: (data.right_start_frac[r, MAKER], data.right_added_frac[r, MAKER]) for r in data.regions}


def test_a_share_that_is_not_stated_follows_the_nameplate_of_chips(tmp_path: Path) -> None:
    """Alpha alone is installed at the start; of what comes, 4 x 10 x 1.9 MW are beta, 2 x 1.3 and 4 x 3 x 1.3 MW alpha."""
    beta, alpha = 4 * 10 * 1.9, 2 * 1.3 + 4 * 3 * 1.3
    assert shares(tmp_path) == {r: (0.0, pytest.approx(beta / (beta + alpha))) for r in ("ohio", "bavaria")}


def test_chips_that_may_not_stand_there_give_no_share(tmp_path: Path) -> None:
    chips = edit({"generation_id": "beta"}, owner_id=MAKER, not_countries="DE")
    assert shares(tmp_path, accelerators=chips, owners=owner(power_frac=0.5)) == {"ohio": (0.5, 0.5), "bavaria": (0.0, 0.0)}


def test_a_region_may_state_its_own_share(tmp_path: Path) -> None:
    found = shares(tmp_path, owners=owner(power_frac=0.5), power_rights=right("bavaria", 0.1))
    assert found == {"ohio": (0.5, 0.5), "bavaria": (0.1, 0.1)}


def test_no_chips_at_all_leave_power_to_the_market(tmp_path: Path) -> None:
    none = {name: edit({}, kunit=0) for name in ("deliveries", "fleet", "dark")}
    assert shares(tmp_path, **none) == {"ohio": (0.0, 0.0), "bavaria": (0.0, 0.0)}


def notices(tmp_path: Path, **changes: Any) -> list[str]:
    found = [notice.text for notice in check(load(write_plan(tmp_path, **changes)))]
    return [text for text in found if "owner" in text or "firm power:" in text]


def test_check_states_the_shares_and_what_changes_nothing(tmp_path: Path) -> None:
    shared = f"shares of firm power: {MAKER} 0.0 % at the start and 80.7 %"
    assert [text.startswith("shares of firm power") for text in notices(tmp_path / "own", **owned())] == [True]
    assert notices(tmp_path / "shared", **owned("shared"))[0].startswith(shared)
    assert "they change nothing" in notices(tmp_path / "again", **owned("shared"))[0]
    idle = notices(tmp_path / "idle", **owned(accelerators=edit({}, name="x")))
    assert idle == [
        "owners.power = own changes nothing, as no generation has an owner_id",
        f"owners: 1 row changes nothing, as no generation has the owner: {MAKER}",
    ]


def test_a_column_of_owners_without_a_policy_gives_the_same_data_for_the_model(tmp_path: Path) -> None:
    plain, shared = (load(write_plan(tmp_path / name, **changes)) for name, changes in (("a", {}), ("b", owned("shared"))))
    assert fingerprint(compile_form(build(prepare(plain)))) == fingerprint(compile_form(build(prepare(shared))))
