"""Remedies on a plan solved on the back of an envelope: what relief costs, saves and powers, and the same solved again."""

from __future__ import annotations

import csv
import dataclasses
import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from models.data import PlanData
from planner import api
from planner.cli.entry import main
from planner.formats import several
from planner.prepare.purchasing import Purchasing
from planner.progress import Progress
from planner.solve.checkpoint import solve_again
from planner.studies.explain.remedies import Confirmed, solve_again as confirm
from planner.studies.explain.reopened import OpenRun
from planner.tables.assets import Assets
from planner.tables.remedies import Relief, Remedy, find_remedies, one_digit, ranked, remedies_table
from planner.verify.verify import verify
from tests.models.test_by_hand import single
from tests.read.toy import edit, write_plan
from tests.verify.cells import rewrite

GRID = ("near", "grid")
HOURS = (744.0, 672.0, 744.0, 720.0)
CHARGE_USD = 1_000.0
"""Capital of a MW for a month."""


def short(**changes: Any) -> PlanData:
    """Eight thousand chips of 1 kW wait from the first month on; PUE is 1.25, and 5 MW of grid power 4 thousand of them. In
    February and March 1.25 MW more may be connected: one thousand chips each. Energy costs 80 USD/MWh, work is worth 2 USD."""
    return dataclasses.replace(
        single(),
        start_mw={GRID: 5.0},
        step_mw={(*GRID, 2): 1.25, (*GRID, 3): 1.25},
        capital_usd_per_mw_month={GRID: CHARGE_USD},
        fixed_usd_per_mw_month={GRID: 0.0},
        delivered_kunit={("old", 1): 8.0},
        power_usd_per_kw={GRID: 400.0},
        **changes,
    )


def terms(speed_up_usd_per_mw: float | None = None) -> Purchasing:
    stated = {} if speed_up_usd_per_mw is None else {GRID: speed_up_usd_per_mw}
    return Purchasing({"power.speed_up_usd_per_mw": stated})


def remedies(data: PlanData, known: Purchasing) -> tuple[list[Remedy], list[Confirmed]]:
    """To first order, and solved again."""
    solution, solver = solve_again(data, Progress())
    assert solver is not None
    assets = Assets(solution, known)
    found = find_remedies(assets)
    run = cast(OpenRun, SimpleNamespace(solution=solution, data=data))
    return found, [confirm(run, solver, assets, each) for each in found]


def worth_usd(month: int) -> float:
    """Of 1 MW from a month on, before its own cost: 0.8 thousand chips, of 2 USD an hour less 1.25 x 80 USD/MWh for 1 kW."""
    return sum(0.8e3 * hours * (2.0 - 1.25 * 80.0 / 1e3) for hours in HOURS[month - 1 :])


def test_what_a_remedy_costs_saves_and_powers() -> None:
    """A tenth of 1.25 MW, in one digit, is 0.1 MW, in February and in March: it costs 3 + 2 months of charges, and powers 80
    chips in February, 160 in March and April, 133 in the mean. Solving again finds the same: chips are left over."""
    (found,), (again,) = remedies(short(), terms())
    assert (found.where, found.first, found.last, found.amount) == ("near / grid", "2027-02", "2027-03", 0.1)
    for relief in (found.relief, again.solved):
        assert relief is not None
        assert relief.own_musd == pytest.approx(0.1 * (3 + 2) * CHARGE_USD / 1e6)
        assert relief.cost_musd == relief.own_musd
        assert relief.saves_musd == pytest.approx(0.1 * (worth_usd(2) + worth_usd(3)) / 1e6)
        assert relief.net_musd == pytest.approx(relief.saves_musd - 0.0005)
        assert relief.capital_musd == pytest.approx(2 * 0.1 * 0.4)
        assert relief.powered_kh100e == pytest.approx((0.08 + 0.16 + 0.16) / 3)
        assert relief.powered_frac == pytest.approx(0.4 / (3.0 + 2.0 + 2.0))  # 3 thousand are dark in February, then 2
        assert relief.h100e_years_per_musd == pytest.approx(400 / 12 / 0.0005)
        assert relief.speed_up_musd is None
    assert found.most_musd == pytest.approx(found.relief.net_musd)
    powered_h = sum(kh100e * 1e3 * hours for kh100e, hours in zip((0.08, 0.16, 0.16), HOURS[1:], strict=True))
    assert again.unserved_musd == pytest.approx(2.0 * powered_h / 1e6)  # the rest is energy and charges


def test_a_stated_price_of_speeding_up_counts() -> None:
    """At 10,000 USD for a MW beyond the pace 0.2 MW cost 2,000 USD more; at a price above its worth the remedy does not pay."""
    (found,), (again,) = remedies(short(), terms(10_000.0))
    for relief in (found.relief, again.solved):
        assert relief is not None
        assert relief.speed_up_musd == pytest.approx(0.002)
        assert relief.cost_musd == pytest.approx(0.0025)
        assert relief.h100e_years_per_musd == pytest.approx(400 / 12 / 0.0025)
    assert found.most_musd is None
    break_even = (worth_usd(2) + worth_usd(3) - 5 * CHARGE_USD) / 2
    for usd, pays in ((0.999 * break_even, True), (1.001 * break_even, False)):
        (found,), _ = remedies(short(), terms(usd))
        assert (found.relief.net_musd > 0) is pays


def test_solving_again_sees_where_first_order_ends() -> None:
    """Six thousand and forty chips, of which the plan powers 6 thousand from March on: 40 of the 160 more are there."""
    (found,), (again,) = remedies(dataclasses.replace(short(), delivered_kunit={("old", 1): 6.04}), terms())
    assert again.solved is not None
    assert found.relief.powered_kh100e == pytest.approx((0.08 + 0.04 + 0.04) / 3)  # no more than are dark
    assert again.solved.powered_kh100e == pytest.approx((0.08 + 0.04 + 0.04) / 3)
    assert again.solved.saves_musd < found.relief.saves_musd


def test_halls_and_power_share_what_their_chips_are_worth() -> None:
    """Power for 4 thousand chips, halls for 5: one more MW of hall frees nothing, and has no price and no remedy."""
    halls = {"start_shell_mw": {"near": 5.0}, "shell_step_mw": {("near", t): 1.0 for t in (1, 2, 3, 4)}}
    found, _ = remedies(dataclasses.replace(short(), **halls), terms())
    assert [each.constraint for each in found] == ["limit_power_growth"]
    scarce = {"start_shell_mw": {"near": 4.0}, "shell_step_mw": {("near", 2): 0.5}}
    found, again = remedies(dataclasses.replace(short(), **scarce), terms())
    assert [each.constraint for each in found] == ["limit_shell_growth"]
    assert found[0].relief.powered_kh100e == pytest.approx(0.05, rel=1e-2)  # 0.05 MW of 1 kW chips, from February on
    assert again[0].solved is not None
    assert again[0].solved.powered_kh100e == pytest.approx(0.05)


def test_what_another_remedy_costs_bounds_what_speeding_up_may_cost() -> None:
    """Two places alike; in one the price of speeding up is stated. The other is worth no more per chip than that one costs."""
    both = ("near", "far")
    base = short()
    twice: dict[str, Any] = {
        "regions": both,
        "placeable": tuple((r, "old") for r in both),
        "servable": tuple(("here", "urgent", r) for r in both),
        "network_usd_per_kh100e_month": {("here", "urgent", r): 0.0 for r in both},
        "delivered_kunit": {("old", 1): 16.0},
        "demand_kh100e": {("here", "urgent", t): 20.0 for t in (1, 2, 3, 4)},
        "commission_months": dict.fromkeys(both, 0),
        "options": tuple((r, "grid") for r in both),
        "step_mw": {(r, "grid", t): 1.25 for r in both for t in (2, 3)},
        "power_availability_frac": {(r, "grid", t, 1): 1.0 for r in both for t in (1, 2, 3, 4)},
        "energy_usd_per_mwh": {(r, "grid", t, 1): 80.0 for r in both for t in (1, 2, 3, 4)},
        "fuel_usd_per_mwh": {(r, "grid", t): 0.0 for r in both for t in (1, 2, 3, 4)},
    }
    one = {"start_mw": 5.0, "power_usd_per_kw": 400.0, "capital_usd_per_mw_month": CHARGE_USD, "fixed_usd_per_mw_month": 0.0}
    twice |= {name: {(r, "grid"): value for r in both} for name, value in one.items()}
    twice |= {name: dict.fromkeys(both, value) for name, value in {"pue": 1.25, "start_shell_mw": 100.0}.items()}
    known = terms(10_000.0)
    found, _ = remedies(dataclasses.replace(base, **twice), known)
    near = next(each for each in found if each.where == "near / grid")
    far = next(each for each in found if each.where == "far / grid")
    assert (near.most_musd, far.relief.speed_up_musd) == (None, None)
    assert far.most_musd == pytest.approx(0.002)  # as much as speeding up near costs
    assert [each.where for each in found] == ["far / grid", "near / grid"]  # the stated price counts, the other is open


def test_what_saves_most_above_its_cost_comes_first() -> None:
    """However many chips per dollar the others power; what has no price of relief comes last."""
    reliefs = [
        Relief(saves, cost, None, None, powered, 12)
        for saves, cost, powered in ((5.0, 0.001, 4.0), (9.0, None, None), (8.0, 2.0, 1.0), (1.0, 3.0, 9.0))
    ]
    assert [each.saves_musd for each in ranked(reliefs, lambda each: each)] == [8.0, 5.0, 1.0, 9.0]


@pytest.mark.parametrize(("size", "digit"), [(0.0, 1.0), (0.125, 0.1), (0.2, 0.2), (0.99, 0.5), (7.0, 5.0), (1234.0, 1000.0)])
def test_amounts_are_round(size: float, digit: float) -> None:
    assert one_digit(size) == pytest.approx(digit)


def test_words() -> None:
    hall = "one more MW of halls in {where} finished in {month}"
    assert several(hall, "5", "Ohio", "June 2027", "May 2028") == (
        "5 more MW of halls in Ohio finished each month from June 2027 to May 2028"
    )
    assert several(hall, "5", "Ohio", "June 2027", "June 2027") == "5 more MW of halls in Ohio finished in June 2027"
    nation = "one more MW of grid for AI in {where} in the plan year that ends in {month}"
    assert several(nation, "5", "US", "December 2027", "December 2028") == (
        "5 more MW of grid for AI in US in each plan year from that which ends in December 2027 to December 2028"
    )
    assert several("one more tonne of CO2 in {where}", "5", "2027", "", "") == "5 more tonnes of CO2 in 2027"
    assert several("one more tonne to orbit in {month}", "1", "", "May 2027", "May 2027") == "1 more tonne to orbit in May 2027"
    kept = "one kH100e less of service to keep up ({where}) in {month}"
    assert several(kept, "2", "US", "May 2027", "May 2027") == "2 kH100e less of service to keep up (US) in May 2027"


def test_nothing_is_short() -> None:
    """No limit has a price: no remedy, an empty table."""
    solution, _ = solve_again(single(), Progress())
    assert find_remedies(Assets(solution, terms())) == []
    assert remedies_table([]).empty


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run short of power, whose grids and halls have prices of speeding up."""
    base = tmp_path_factory.mktemp("remedies")
    ohio = edit({"region_id": "ohio", "option_id": "grid"}, start_mw=80, step_mw_per_month=2, speed_up_usd_per_mw=50_000)
    bavaria = edit({"region_id": "bavaria"}, speed_up_usd_per_mw=20_000)
    path = write_plan(
        base / "plan",
        months=6,
        demand=edit({}, start_kh100e=200),
        power=lambda rows: bavaria(ohio(rows)),
        supply=edit({}, speed_up_usd_per_mw=1_000),
        regions=edit({"region_id": "bavaria"}, shell_speed_up_usd_per_mw=20_000),
    )
    return api.run(api.load(path), base / "run").folder


def test_a_run_ends_with_what_to_do_first(done: Path) -> None:
    with (done / "tables" / "remedies.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ohio = next(row for row in rows if row["where"] == "ohio / grid")
    months = 1 + int(ohio["to_month"][5:]) - int(ohio["from_month"][5:])
    undiscounted = float(ohio["amount"]) * 50_000 * months / 1e6
    assert 0.95 * undiscounted < float(ohio["speed_up_musd"]) <= undiscounted
    assert ohio["most_musd"] == ""
    summary = json.loads((done / "manifest.json").read_text(encoding="utf-8"))["summary"]
    first = ["orders_first", "orders_under_way", "capital_first", "remedy_1", "remedy_2"]
    assert [line["key"] for line in summary[:5]] == first
    assert summary[0]["text"].startswith("What to do first: order by March 2028, for ")
    assert summary[3]["text"].startswith("Best remedy, by what it saves above its cost: ")
    assert summary[3]["value"] == pytest.approx(float(rows[0]["net_musd"]))
    report = (done / "report.html").read_text(encoding="utf-8")
    assert report.index("What to do first") < report.index("Chips by state")


def test_explain_solves_the_remedies_again(done: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(done), "--remedies", "--limits", "0", "--out", str(tmp_path / "why"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    first = record["remedies"][0]
    assert first["solved"]["net_musd"] == pytest.approx(first["net_musd"], rel=0.2)
    assert set(first["solved"]) == {
        *("saves_musd", "cost_musd", "own_musd", "speed_up_musd", "net_musd", "capital_musd"),
        *("powered_kh100e", "powered_frac", "h100e_years_per_musd", "unserved_musd"),
    }
    with (tmp_path / "why" / "remedies.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["solved_saves_musd"]) for row in rows] == pytest.approx(
        [each["solved"]["saves_musd"] for each in record["remedies"]]
    )
    assert main(["explain", str(done), "--remedies", "--limits", "0"]) == 0
    lines = capsys.readouterr().out
    assert lines.index("What to do first: remedies by what they save above their cost, solved again") < lines.index(
        "What limits"
    )


def test_without_being_asked_explain_tells_the_first_order(done: Path) -> None:
    found = api.explain(done, limits=0)
    assert found.remedies
    assert not any(each.solved for each in found.remedies)
    assert any("to first order" in line for line in api.lines(found))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("column", "check"),
    [
        ("saves_musd", "remedies.saves_musd"),
        ("own_musd", "remedies.own_musd"),
        ("speed_up_musd", "remedies.speed_up_musd"),
        ("capital_musd", "remedies.capital_musd"),
        ("h100e_years_per_musd", "remedies.h100e_years_per_musd"),
        ("powered_frac", "remedies.powered_frac"),
        ("powered_kh100e", "remedies.powered_kh100e"),
    ],
)
def test_the_verifier_sees_a_wrong_remedy(done: Path, tmp_path: Path, column: str, check: str) -> None:
    folder = Path(shutil.copytree(done, tmp_path / "run"))
    path = folder / "tables" / "remedies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    at = next(number for number, each in enumerate(rows) if each["where"] == "ohio / grid")
    rewrite(path, at, column, str(1e3 * (1.0 + float(rows[at][column]))))
    assert check in {each.name for each in verify(folder, hashes=False).failed}


def test_a_plan_without_prices_has_no_remedies(tmp_path: Path) -> None:
    result = api.solve(api.load(write_plan(tmp_path, months=3, plan={"objective": "energy"})))
    assert result.tables["remedies"].empty
    assert not any(line.key.startswith("remedy_") for line in result.summary)
    assert np.isfinite([line.value for line in result.summary if line.key == "cost"]).all()
