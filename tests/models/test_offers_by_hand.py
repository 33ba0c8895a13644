"""Offers of chips, solved by hand: the price at which one is bought, what a fee moves, and what is declined leaves stock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.data import PlanData
from planner import api
from planner.prepare.plan_data import prepare
from planner.prepare.power import capital_charge_frac_per_month
from planner.solve.solution import solve
from tests.models.test_by_hand import HOURS, single, total
from tests.read.toy import Rows, write_plan

WORTH = 1.9 * sum(HOURS[t] for t in (2, 3, 4))
"""Of a chip from February to April: 2 USD an hour less 1.25 kW at 80 USD per MWh."""


def on_offer(usd_per_month: float, fee: float = 0.0, **changes: Any) -> PlanData:
    """The single region; half of the thousand chips of February are on offer."""
    return single(
        optional_kunit={("old", 2): 0.5},
        decline_usd_per_unit={("old", 2): fee},
        chip_usd_per_unit_month={"old": usd_per_month},
        chip_life_months=changes.pop("life", {"old": 60}),
        **changes,
    )


@pytest.mark.parametrize(("part", "fee", "bought"), [(0.99, 0.0, 0.5), (1.01, 0.0, 0.0), (1.01, 0.02 * WORTH, 0.5)])
def test_an_offer_is_bought_below_its_break_even(part: float, fee: float, bought: float) -> None:
    """Three monthly charges against what the chip brings in three months, and the fee that buying it saves."""
    found = solve(on_offer(part * WORTH / 3, fee))
    assert found.values["buy"]["old", 2] == pytest.approx(bought, abs=1e-9)
    assert found.values["decline"]["old", 2] == pytest.approx(0.5 - bought, abs=1e-9)
    served = found.values["serve"]["here", "urgent", "near", 3]
    assert served == pytest.approx(2.5 + bought, rel=1e-9)
    assert total(found, "chips_bought") == pytest.approx(1e-3 * bought * part * WORTH, abs=1e-12)
    assert total(found, "chips_declined") == pytest.approx(1e-3 * (0.5 - bought) * fee, abs=1e-12)
    firm = solve(single(delivered_kunit={("old", t): 0.5 if t == 2 else 1.0 for t in range(1, 5)}))
    loss = 1e-3 * min((part - 1) * WORTH, fee) * 0.5
    assert found.proof.objective_musd - firm.proof.objective_musd == pytest.approx(loss, abs=1e-9)
    # one more unit on offer: what is lost by the better of the two
    assert found.prices["decide_offer"]["old", 2] == pytest.approx(1e-3 * min(part * WORTH, WORTH + fee), rel=1e-6)


@pytest.mark.parametrize(("fee", "deferred"), [(53.0, 0.5), (53.4, 0.0)])
def test_an_offer_is_deferred_where_waiting_saves_more_than_its_fee(fee: float, deferred: float) -> None:
    """1,330 USD a month is more than February's 672 hours bring at 1.90, and less than March's 744: waiting saves 53.20."""
    later = {("old", 2, s): (s - 2) * fee for s in (3, 4)}
    found = solve(on_offer(1_330.0, defer_usd_per_unit=later))
    assert [found.values["defer"]["old", 2, s] for s in (3, 4)] == pytest.approx([deferred, 0.0], abs=1e-9)
    assert found.values["buy"]["old", 2] == pytest.approx(0.5 - deferred, abs=1e-9)
    served = [found.values["serve"]["here", "urgent", "near", t] for t in (2, 3)]
    assert served == pytest.approx([2.0 - deferred, 3.0], rel=1e-9)
    charges = 2 * deferred + 3 * (0.5 - deferred)
    assert total(found, "chips_bought") == pytest.approx(1.33 * charges, rel=1e-12)
    assert total(found, "chips_declined") == pytest.approx(1e-3 * fee * deferred, abs=1e-12)
    # one more chip on offer brings what its best use earns, beyond its charges
    best = 1.9 * (744 + 720) - 2 * 1_330.0 - fee if deferred else 1.9 * (672 + 744 + 720) - 3 * 1_330.0
    assert found.prices["decide_offer"]["old", 2] == pytest.approx(1e-3 * (WORTH - best), rel=1e-6)


def test_a_chip_is_charged_as_long_as_it_lives() -> None:
    """Two charges where it lives two months: it leaves in April and brings nothing then."""
    ends = {"batch_end": {("old", "2027-02"): 4}, "batch_supply_kunit": {("old", "2027-02", 2): 1.0}}
    worth = 1.9 * (HOURS[2] + HOURS[3])
    for part, bought in ((0.99, 0.5), (1.01, 0.0)):
        found = solve(on_offer(part * worth / 2, life={"old": 2}, **ends))
        assert found.values["buy"]["old", 2] == pytest.approx(bought, abs=1e-9)
        assert total(found, "chips_bought") == pytest.approx(1e-3 * bought * part * worth, abs=1e-12)
        assert found.values["serve"]["here", "urgent", "near", 3] == pytest.approx(2.5 + bought, rel=1e-9)
        assert found.values["serve"]["here", "urgent", "near", 4] == pytest.approx(3.0, rel=1e-9)


def offered(rows: Rows) -> Rows:
    """Every delivery of beta may be declined by half, for 200 USD."""
    return [
        {**row, "optional_frac": 0.5, "decline_usd_per_unit": 200} if row["generation_id"] == "beta" else row for row in rows
    ]


@pytest.mark.slow
def test_offers_from_files_to_results(tmp_path: Path) -> None:
    """Power is short: dear chips are declined, cheap ones bought, and both plans pass the verifier."""
    path = write_plan(tmp_path / "plan", months=6, deliveries=offered)
    data = prepare(api.load(path))
    assert data.optional_kunit["beta", 1] == data.delivered_kunit["beta", 1] / 2
    price, life = (data.chip_usd_per_unit_month["beta"], data.chip_life_months["beta"])
    assert price == pytest.approx(_price(path) * capital_charge_frac_per_month(0.08, life / 12))
    for factor, share in ((1e-3, 1.0), (3.0, 0.0)):
        plan = api.load(path, [f"accelerators[beta].price_usd_per_unit*={factor}"])
        out = tmp_path / f"x{factor}"
        done = api.run(plan, out)
        assert done.verdict is not None
        assert done.verdict.ok, done.verdict.lines()
        offers, chips = done.tables["offers"], done.tables["chips"]
        assert offers["bought_kunit"].sum() == pytest.approx(share * offers["offered_kunit"].sum(), abs=1e-6)
        taken = chips[chips["generation_id"] == "beta"]["delivered_kunit"].sum()
        stated = sum(data.delivered_kunit["beta", t] for t in range(1, 7))
        assert taken == pytest.approx(stated * (0.5 + 0.5 * share))
        cash = done.tables["cash"].query("component == 'chips' and item_id == 'beta'")["cash_musd"].sum()
        assert cash == pytest.approx(1e-3 * taken * factor * _price(path))


@pytest.mark.slow
def test_a_deferred_offer_from_files_to_results(tmp_path: Path) -> None:
    """Where power is short and still grows chips wait, into the look-ahead too, and the verifier confirms what that costs."""
    path = write_plan(tmp_path / "plan", months=6, deliveries=deferrable)
    plan = api.load(path, ["accelerators[beta].price_usd_per_unit*=0.1", "look_ahead_months=3"])
    done = api.run(plan, tmp_path / "out")
    assert done.verdict is not None
    assert done.verdict.ok, done.verdict.lines()
    offers, deferrals = done.tables["offers"], done.tables["deferrals"]
    assert deferrals["deferred_kunit"].sum() > 0
    assert (deferrals["delivered_month"] > deferrals["month"]).all()
    assert deferrals["delivered_month"].max() > "2028-06"
    parts = offers[["bought_kunit", "declined_kunit", "deferred_kunit"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(offers["offered_kunit"].to_numpy())
    assert "to come later than offered" in next(line.text for line in done.summary if line.key == "offers_bought")


def deferrable(rows: Rows) -> Rows:
    """What of beta may be declined may come up to three months later, for 1 USD a month."""
    return [
        {**row, "defer_months": 3, "defer_usd_per_unit_month": 1} if "optional_frac" in row else row for row in offered(rows)
    ]


def _price(path: Path) -> float:
    return float(api.load(path).tables["accelerators"].value("price_usd_per_unit", "beta"))


def test_interest_too_small_to_tell_from_none_is_none() -> None:
    assert capital_charge_frac_per_month(1e-300, 5) == capital_charge_frac_per_month(0, 5) == 1 / 60
    assert capital_charge_frac_per_month(1e-8, 5) == pytest.approx(1 / 60, rel=1e-6)
