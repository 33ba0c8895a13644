"""What would overturn a plan: the variants, what differs by hand, and the answer in the folder and in its report."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from planner import api, cli
from planner.prepare.plan_data import prepare
from planner.runs.read import read_answer, read_manifest
from planner.schema.results import OVERTURNED
from planner.solve.solution import solve
from planner.studies.overturn import Outcome, largest_grid, nothing_ordered, outcome, variants
from planner.write.names import Names
from planner.write.overturned import assumption, cells, if_nothing_is_ordered, sentence_of
from tests.read.toy import write_plan

BASE = Outcome(
    {"cost": 10.0, "served_share_end": 0.5}, {("a", "grid"): (4.0, 8.0), ("b", "halls"): (1.0, 2.0)}, {"a": 6, "b": 4}, 0.0
)


def test_what_differs_by_hand() -> None:
    """Half of the order of 8 stays and all of that of 2: 6 of 10. Shares of 0.6 and 0.4 are 0.4 and 0.6: 0.2 are elsewhere."""
    other = Outcome({}, {("a", "grid"): (2.0, 4.0), ("b", "halls"): (3.0, 6.0)}, {"a": 8, "b": 12}, 1.0)
    found = other.numbers(BASE)
    assert (found["first_orders_musd"], found["it_end_mw"]) == (10.0, 20)
    assert (found["first_orders_kept_frac"], found["elsewhere_frac"]) == pytest.approx((0.6, 0.2))
    assert found["overturns"] == "first orders; largest site; where chips are installed; orbit"
    assert BASE.numbers(BASE)["overturns"] == ""
    larger = Outcome({}, {key: (mw, 1.3 * musd) for key, (mw, musd) in BASE.first.items()}, BASE.ends, 0.0)
    assert larger.numbers(BASE)["overturns"] == "more first orders"


def test_orders_that_cost_nothing_count_by_mw() -> None:
    free = Outcome({}, {("a", "grid"): (4.0, 0.0)}, {}, 0.0)
    assert Outcome({}, {("a", "grid"): (1.0, 0.0)}, {}, 0.0).kept(free) == 0.25
    assert free.kept(Outcome({}, {}, {}, 0.0)) == 1.0


def test_the_outcome_of_tables_counts_the_first_three_months_and_the_last() -> None:
    columns = ["region_id", "option_id", "order_month", "order_mw", "capital_musd", "month"]
    orders = (("2027-01", 1.0, 2.0), ("2027-03", 3.0, 4.0), ("2027-04", 9.0, 9.0))
    purchases = pd.DataFrame([["a", "grid", *order, "2027-04"] for order in orders])
    fleet = pd.DataFrame([["a", "2027-01", 5.0], ["a", "2027-04", 7.0], ["a", "2027-04", 1.0]])
    tables = {
        "purchases": purchases.set_axis(columns, axis=1),
        "fleet": fleet.set_axis(["place_id", "month", "it_nameplate_mw"], axis=1),
        "orbit": pd.DataFrame({"launched_mw": []}),
        "summary": pd.DataFrame({"key": ["cost", "plan"], "value": [3.0, "a name"]}),
    }
    found = outcome(tables, ("2027-01", "2027-02", "2027-03", "2027-04"))
    assert found == Outcome({"cost": 3.0}, {("a", "grid"): (4.0, 6.0)}, {"a": 8.0}, 0.0)


def test_the_variants_of_the_starting_plan() -> None:
    plan = api.load(api.STARTING_PLAN)
    found = list(variants(plan, prepare(plan)))
    assert [(each.assumption, each.value) for each in found] == [
        *(("demand", 0.75), ("demand", 1.25), ("value of compute", 0.5), ("value of compute", 2.0)),
        *(("growth of the largest grid", 0.5), ("growth of the largest grid", 2.0)),
        *(("launch price", 0.5), ("launch price", 0.25), ("nameplate that needs firm power", 0.75)),
    ]
    grid = next(each for each in found if each.place)
    assert grid.place == "us_ercot_texas"
    assert grid.sets[0] == "power[us_ercot_texas,grid].step_mw_per_month*=0.5"
    for each in found:
        changed = prepare(api.load(api.STARTING_PLAN, each.sets))
        assert changed != prepare(plan), each
    assert largest_grid(prepare(plan), set()) == ""


def test_nothing_comes_but_what_is_signed_or_under_way(tmp_path: Path) -> None:
    """5 MW of grid are signed for the second month and 3 MW of halls must be under way; the toy would build more of both, and
    launch. The order of halls may slip, and comes all the same."""
    signed = {"region_id": "ohio", "build_mw": 5, "status": "approved", "source": "example", "quality": "estimate"}
    rows = [
        {**signed, "option_id": "grid", "month": "2028-02"},
        {**signed, "option_id": "halls", "month": "2028-02", "slip_usd_per_mw_month": 1e6},
    ]
    d = prepare(api.load(write_plan(tmp_path, months=2, commitments=rows)))
    moving = pd.DataFrame([("ohio", "halls", "2028-01", 3.0)], columns=["region_id", "option_id", "month", "plan_mw"])
    values = solve(nothing_ordered(d, moving)).values
    built = {key: mw for key, mw in values["build_mw"].items() if mw > 1e-9}
    assert built == pytest.approx({("ohio", "grid", 2): 5.0})
    halls = {key: mw for key, mw in values["build_shell"].items() if mw > 1e-9}
    assert halls.pop(("ohio", 2)) == pytest.approx(5.0)
    assert sum(halls.values()) <= 3.0 + 1e-9
    assert halls.keys() <= {("ohio", 1)}
    assert not [mw for (place, _, _), mw in values["deploy"].items() if place in d.designs and mw > 1e-9]


def test_what_comes_of_it_if_nothing_is_ordered_in_words() -> None:
    """Cost 10 against 4, unserved 7 against 1: 6 million saved, 6 million more unserved."""
    base = {"assumption": "as planned", "status": "optimal", "cost_musd": 10.0, "unserved_musd": 1.0, "served_end_frac": 0.5}
    alone = {**base, "assumption": "nothing ordered", "cost_musd": 4.0, "unserved_musd": 7.0, "served_end_frac": 0.25}
    rows = [{**base, "dark_end_mh100e": 0.0}, {**alone, "dark_end_mh100e": 0.002}]
    assert if_nothing_is_ordered(rows, "May 2028") == (
        "If nothing more is ordered, 25.0 % of demand is served in May 2028 (50.0 % as planned) and 2.00 thousand H100e are "
        "dark (0 thousand H100e as planned); the discounted cost is 6.00 million USD lower, and compute worth 6.00 million "
        "USD more goes unserved"
    )
    assert if_nothing_is_ordered(rows[:1], "May 2028") == ""
    assert "no plan meets all limits" in if_nothing_is_ordered([rows[0], {**rows[1], "status": "infeasible"}], "May 2028")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A run of two months, asked once for two of the variants: its folder, and what was printed of it."""
    folder = tmp_path_factory.mktemp("overturn")
    api.run(api.load(write_plan(folder / "in", months=2)), folder / "run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("planner.studies.overturn.variants", lambda plan, d: list(variants(plan, d))[:2])
        found = api.overturn(folder / "run")
    return folder / "run", "\n".join(api.lines(found))


def test_the_answer_is_kept_and_its_report_has_it(asked: tuple[Path, str]) -> None:
    folder, text = asked
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What would overturn this" in page
    assert "Demand 25 % higher" in page
    assert "As planned" in text
    assert api.verify(folder).ok
    rows = read_answer(folder, OVERTURNED, read_manifest(folder))
    planned, less, more, alone = rows
    assert alone["assumption"] == "nothing ordered"
    assert alone["first_orders_musd"] == 0.0
    assert alone["served_end_frac"] <= planned["served_end_frac"]
    assert "If nothing more is ordered, " in page
    assert planned["first_orders_kept_frac"] == 1.0
    assert less["cost_musd"] < planned["cost_musd"] < more["cost_musd"]
    assert more["set"] == "demand.start_kh100e*=1.25"


def test_an_answer_of_another_plan_is_not_shown(asked: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = asked
    manifest = read_manifest(folder)
    kept = json.loads((folder / OVERTURNED).read_text(encoding="utf-8"))
    for record in ({**kept, "fingerprint": "another"}, {"rows": []}, [], {**kept, "rows": [1]}):
        (tmp_path / OVERTURNED).write_text(json.dumps(record), encoding="utf-8")
        assert read_answer(tmp_path, OVERTURNED, manifest) == []
    (tmp_path / OVERTURNED).unlink()
    assert read_answer(tmp_path, OVERTURNED, manifest) == []


def test_of_no_run_it_is_refused(tmp_path: Path) -> None:
    assert cli.main(["overturn", str(tmp_path / "nothing")]) == 2


def test_rows_in_words() -> None:
    names = Names({"regions": {"region_id": ["tx"], "name": ["Abilene, Texas"]}})
    plan = {"assumption": "as planned", "status": "optimal", "value": None, **BASE.numbers(BASE)}
    plan |= {"largest_place": "tx", "cost_musd": 10.0}
    grid = {**plan, "assumption": "growth of the largest grid", "place": "tx", "change": "times", "value": 2.0}
    none = {"assumption": "demand", "place": "", "change": "times", "value": 1.25, "status": "infeasible", "overturns": ""}
    cover = {**plan, "assumption": "nameplate that needs firm power", "place": "", "change": "to", "value": 0.75}
    cover["overturns"] = "largest site"
    assert [assumption(row, names) for row in (plan, grid, none, cover)] == [
        *("As planned", "Grid growth doubled, Abilene, Texas", "Demand 25 % higher", "Firm power for 75 % of nameplate"),
    ]
    assert cells(plan, names)[1] == ""
    assert cells(grid, names) == (
        *("Grid growth doubled, Abilene, Texas", "nothing", "10.0 million USD", "100 %", "0 %", "50.0 %", "10.0 million USD"),
    )
    assert cells(none, names)[:2] == ("Demand 25 % higher", "no plan meets all limits")
    assert sentence_of([plan, grid], names) == "None of 1 changes of assumptions overturns the plan"
    assert sentence_of([plan, none, cover], names) == (
        "2 of 2 changes of assumptions overturn the plan: demand 25 % higher (no plan meets all limits); "
        "firm power for 75 % of nameplate (largest site: Abilene, Texas)"
    )
    assert sentence_of([], names) == ""
