"""Since last month: a plan that is rolled says what the months before brought, and what it decides otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner import api
from planner.formats import usd
from planner.result import Since
from planner.runs.compare import compare
from planner.runs.read import read_written
from planner.runs.since import since
from planner.studies.report_input import finished
from planner.write.folder.result_folder import write_run
from planner.write.report.reading import Reading
from planner.write.report.since import section
from planner.write.text.roll import since_words
from tests.read.toy import edit, write_plan

TARGET = "target_id,from,class_id,min_served_frac,penalty_usd_per_h100e_h,source,quality\nchats,,chat,0.9,1,agreed,estimate\n"
ACTUALS = """month,kind,place_id,item_id,value
2028-01,demand,new_york,batch,{asked}
2028-01,served,new_york,chat,10
2028-01,started,ohio,grid,{started}
2028-01,capacity,ohio,grid,{counted}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of February: more was asked in January, less connected, and a megawatt counted that nobody connected."""
    base = tmp_path_factory.mktemp("cycle")
    order = edit({"region_id": "ohio", "option_id": "grid"}, month="2028-01")
    plan = api.load(write_plan(base / "plan", months=3, orbit=False, targets=TARGET, commitments=order))
    january = write_run(api.solve(plan), base / "january", workbook=False)
    built = pd.read_csv(january / "tables" / "power.csv").set_index(["region_id", "option_id", "month"])["build_mw"]
    started = built["ohio", "grid", "2028-01"] - 2
    (base / "a.csv").write_text(ACTUALS.format(asked=18, started=started, counted=100 + started + 1), encoding="utf-8")
    api.roll(january, "2028-02", base / "next", actuals=base / "a.csv")
    return write_run(api.solve(api.load(base / "next" / "plan.yaml")), base / "february", workbook=False)


@pytest.fixture(scope="module")
def found(folder: Path) -> Since:
    run = read_written(folder)
    changed = since(run.inputs, run.tables)
    assert changed is not None
    return changed


def test_forecast_and_actual(found: Since) -> None:
    (asked,) = found.forecast.to_dict("records")
    assert (asked["planned"], asked["value"], asked["error_frac"]) == pytest.approx((15, 18, 0.2))
    kinds = found.executed.set_index("kind")
    assert kinds["planned"]["started"] - kinds["value"]["started"] == pytest.approx(2)
    assert set(kinds.index) == {"served", "started"}


def test_what_was_counted_beyond_all_flows_is_unexplained(found: Since) -> None:
    (row,) = found.unexplained.to_dict("records")
    assert (row["stock"], row["place_id"], row["unexplained"]) == ("power", "ohio", pytest.approx(1))
    (target,) = found.missed.to_dict("records")
    assert (target["requirement_id"], target["month"]) == ("chats", "2028-01")
    assert target["stated_kh100e"] == pytest.approx(0.9 * (25 + 12))


def test_the_steps_of_cost_add_up_to_what_was_published_and_what_is_decided(folder: Path, found: Since) -> None:
    january = pd.read_csv(folder.parent / "january" / "tables" / "costs.csv")
    rate = 1 + read_written(folder).settings["discount_frac_per_year"]
    later = january[january["month"] >= "2028-02"]["discounted_musd"].sum() * rate ** (1 / 12)
    now = pd.read_csv(folder / "tables" / "costs.csv")["discounted_musd"].sum()
    steps = found.cost.set_index("component")
    assert steps.loc["objective"].tolist() == pytest.approx([later, now, now - later])
    parts = steps.drop(["cost", "unserved", "objective"])
    assert parts["difference_musd"].sum() == pytest.approx(steps["difference_musd"]["cost"])


def test_a_comparison_with_the_month_before_says_the_same_in_money_of_that_month(folder: Path, found: Since) -> None:
    rate = 1 + read_written(folder).settings["discount_frac_per_year"]
    whole = compare(folder.parent / "january", folder)
    one, two = (costs.set_index("component")["difference_musd"] for costs in (whole.cost, found.cost))
    for component in ("cost", "unserved", "objective"):
        assert one[component] * rate ** (1 / 12) == pytest.approx(two[component])
    assert any(note.startswith("discounted money of both is that of 2028-01") for note in whole.notes)


def test_the_sentence_says_what_goes_unserved_beside_the_cost(found: Since) -> None:
    unserved = found.cost.set_index("component").at["unserved", "difference_musd"]
    assert f"compute left unserved would be worth {usd(1e6 * unserved)} more." in since_words(found)


def test_what_moved_is_what_differs_month_by_month(folder: Path, found: Since) -> None:
    months = ["2028-02", "2028-03"]
    plans = [pd.read_csv(folder.parent / name / "tables" / "power.csv") for name in ("january", "february")]
    built = [plan[plan["month"].isin(months)].set_index(["region_id", "option_id", "month"])["build_mw"] for plan in plans]
    apart = built[1].sub(built[0], fill_value=0.0).abs().groupby(["region_id", "option_id"]).sum()
    moved = found.moved[(found.moved["kind"] == "started") & (found.moved["item_id"] != "halls")]
    told = moved.set_index(["place_id", "item_id"])["moved"]
    assert told.to_dict() == pytest.approx({key: mw for key, mw in apart.items() if mw > 1e-5})
    assert found.churn_mw == pytest.approx(found.moved.loc[found.moved["kind"] == "started", "moved"].sum())


def test_report_and_terminal_say_it(folder: Path, found: Since) -> None:
    shown = section(Reading(finished(folder)))
    assert shown is not None
    titles = [table.caption for table in shown.tables]
    assert titles[0] == "Demand: forecast and actual, thousand H100e"
    assert titles[-1] == "Discounted cost of the months that both plans cover, in steps that add up"
    assert shown.lead == since_words(found)
    told = "Where actuals are stated, demand was 20.0 % above forecast in 2028-01. 1 stock is late. 1 stock is unexplained."
    assert shown.lead.startswith(told)


def test_a_plan_that_is_not_rolled_has_no_months_before(folder: Path) -> None:
    run = read_written(folder.parent / "january")
    assert since(run.inputs, run.tables) is None
    assert "revisions" not in run.tables


def test_the_verifier_sees_a_revision_that_is_edited(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    frame = pd.read_csv(copy / "tables" / "revisions.csv")
    frame.loc[0, "before"] += 1.0
    frame.loc[1, "now"] += 1.0
    frame.loc[3, "unit"] = "kW"
    frame.drop(index=2).to_csv(copy / "tables" / "revisions.csv", index=False)
    failed = {check.name for check in api.verify(copy).checks if not check.ok}
    assert {"revisions.before", "revisions.now", "revisions.rows", "revisions.unit"} <= failed
