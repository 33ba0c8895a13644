"""A backtest: a plan that lives as forecast loses nothing, and one that does not pays for what it could not know."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner import api, cli
from planner.errors import UsageError
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepare
from planner.studies.backtest.backtest import COLUMNS, FORESIGHT, MONTH_COLUMNS, Backtest, _require_continuous
from planner.studies.backtest.truth import with_noise
from planner.write.charts.backtest import backtest_picture, labelled
from planner.write.text.backtest import backtest_lines
from tests.read.toy import edit, write_plan
from tests.verify.test_empty import header

NOISE = {"demand": 0.1, "deliveries": 0.5}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plan(tmp_path_factory.mktemp("backtest"), months=4)


@pytest.fixture(scope="module")
def plan(path: Path) -> Plan:
    return api.load(path)


@pytest.fixture(scope="module")
def found(plan: Plan) -> Backtest:
    return api.backtest(plan, noise=NOISE, seed=1, freeze=(0, 2))


def test_what_comes_as_forecast_costs_what_foresight_does(plan: Plan) -> None:
    calm = api.backtest(plan)
    assert list(calm.rows["variant"]) == [FORESIGHT, "free to change"]
    assert list(calm.months["month"]) == ["2028-01", "2028-02", "2028-03", "2028-04"]
    best = api.solve(plan).record["solver"]["objective_musd"]
    assert calm.rows["objective_musd"].to_numpy() == pytest.approx(best, rel=1e-9)
    assert calm.rows["churn_mw"].max() == 0.0
    assert "Power and halls hardly move in these months." in " ".join(backtest_lines(calm))
    assert "none" in backtest_lines(calm)[4]


def test_what_a_killed_backtest_left_is_removed(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / f"compute-planner-{0:016x}"
    left.mkdir()
    (left / "month").write_text("half")
    api.backtest(plan, months=1)
    assert not list(tmp_path.iterdir())


def test_a_plan_that_costs_nothing_costs_no_more(tmp_path: Path) -> None:
    nothing = {
        "fleet": header("fleet"),
        "dark": header("dark"),
        "demand": edit({}, start_kh100e=0),
        "deliveries": edit({}, kunit=0),
    }
    calm = api.backtest(api.load(write_plan(tmp_path, months=2, orbit=False, commitments=None, **nothing)))
    assert calm.rows["objective_musd"].tolist() == calm.rows["more_frac"].tolist() == [0.0, 0.0]
    assert "none" in backtest_lines(calm)[4]


def test_two_months_at_a_time_live_the_same_months(plan: Plan) -> None:
    calm = api.backtest(plan, step=2, months=3)
    assert list(calm.months["month"]) == ["2028-01", "2028-02", "2028-03"]
    assert calm.rows["more_frac"].abs().max() < 1e-9
    assert "every 2 months" in backtest_lines(calm)[0]


def test_not_knowing_costs(found: Backtest, plan: Plan) -> None:
    rows = found.rows
    assert list(rows) == COLUMNS
    assert list(found.months) == MONTH_COLUMNS
    assert list(rows["status"].unique()) == ["optimal"]
    best = api.solve(with_noise(plan, NOISE, 1)).record["solver"]["objective_musd"]
    assert rows["objective_musd"].iloc[0] == pytest.approx(best, rel=1e-9)
    assert (rows["more_musd"].iloc[1:] > 1e-6).all()
    assert (rows["objective_musd"] - rows["paid_musd"]).to_numpy() == pytest.approx(rows["unserved_musd"].to_numpy())
    lived = found.months[found.months["variant"] == "freeze 2"]
    assert rows["churn_mw"].iloc[2] == pytest.approx(lived["churn_mw"].sum())
    truth = prepare(with_noise(plan, NOISE, 1))
    assert lived["demand_kh100e"].iloc[-1] == pytest.approx(
        sum(asked for (_, _, t), asked in truth.demand_kh100e.items() if t == 4)
    )
    assert (lived["undelivered_kunit"] > 0).any()


def test_noise_is_the_same_for_a_seed_and_loses_no_chip(plan: Plan) -> None:
    one, same, other = (with_noise(plan, NOISE, seed).tables for seed in (1, 1, 2))
    assert one["demand"].columns == same["demand"].columns != other["demand"].columns
    for g in plan.tables["accelerators"].column("generation_id"):
        before, after = (
            {month: n for h, month, n in of["deliveries"].select("generation_id", "month", "kunit") if h == g}
            for of in (plan.tables, one)
        )
        assert sum(after.values()) == pytest.approx(sum(before.values()))
        assert np.cumsum([*after.values()])[0] <= before["2028-01"]
    assert with_noise(plan, {"demand": 0.0}, 1).tables["demand"] is plan.tables["demand"]


def test_fewer_chips_are_shared_among_the_places(path: Path, plan: Plan) -> None:
    """Half of the first deliveries never come: the second plan begins with half of what was to be deployed."""
    short = api.load(path, ["deliveries[beta,2028-01].kunit*=0.5"])
    found = api.backtest(plan, short, months=2)
    delivered = plan.tables["deliveries"].value("kunit", "beta", "2028-01")
    assert found.months["undelivered_kunit"].iloc[0] == pytest.approx(delivered / 2)
    assert found.rows["status"].iloc[1] == "optimal"


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        (["months=3"], "months"),
        (["power[ohio,grid].step_mw_per_month*=2"], "step_mw"),
        (["regions[ohio].commission_months=0"], "commission_months"),
    ],
)
def test_a_truth_that_could_not_be_lived_is_refused(path: Path, plan: Plan, sets: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=f"differs from .* in .*{words}"):
        api.backtest(plan, api.load(path, sets))


def test_what_cannot_be_backtested_is_refused(path: Path, plan: Plan) -> None:
    with pytest.raises(UsageError, match="expected 1 to 4"):
        api.backtest(plan, months=5)
    with pytest.raises(UsageError, match="expected some of demand,deliveries"):
        api.backtest(plan, noise={"prices": 0.1})
    with pytest.raises(UsageError, match="compares costs"):
        api.backtest(api.load(path, ["objective=energy"]))


def test_a_plan_that_becomes_infeasible_is_a_row(path: Path) -> None:
    """All of a small demand is to be served, and much more is asked than was forecast."""
    small = ["unserved=forbidden", "demand.start_kh100e*=0.05"]
    found = api.backtest(api.load(path, small), api.load(path, [*small, "unserved=allowed", "demand.start_kh100e*=60"]))
    assert list(found.rows["status"]) == ["optimal", "infeasible"]
    assert found.rows["note"].iloc[1].startswith("2028-02: ")
    assert backtest_lines(found)[-1].startswith("free to change: infeasible, 2028-02")


def test_the_command(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    words = [
        "backtest",
        str(path),
        "--months",
        "2",
        "--noise",
        "demand=10%",
        "--seed",
        "1",
        "--freeze",
        "0,1",
        "--out",
        str(out),
    ]
    assert cli.main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["variant"] for row in told["tables"]["backtest"]] == [FORESIGHT, "free to change", "freeze 1"]
    assert {each.name for each in out.iterdir()} == {
        *(f"backtest.{ending}" for ending in ("csv", "json", "png", "xlsx")),
        "backtest_months.csv",
    }
    assert list(pd.read_csv(out / "backtest.csv")["variant"]) == [FORESIGHT, "free to change", "freeze 1"]
    assert cli.main(words) == 2  # the folder is there
    assert cli.main(["backtest", str(path), "--noise", "demand=x"]) == 2
    assert cli.main(["backtest", str(path), "--change", "0,x"]) == 2


def test_a_price_of_changes_keeps_plans_calm(path: Path) -> None:
    """Short of power and halls, and with demand that swings, plans move less where each MW costs something."""
    short = ["power[ohio,grid].start_mw=40", "power[bavaria,grid].start_mw=20", "regions.shell_start_mw*=0.5"]
    found = api.backtest(api.load(path, short), noise={"deliveries": 0.9}, seed=2, months=3, change=(0, 30_000))
    free, calm = found.rows["churn_mw"].iloc[1:]
    assert list(found.rows["variant"]) == [FORESIGHT, "free to change", "30,000 USD per MW"]
    assert calm < free / 2
    assert (found.rows["more_musd"].iloc[1:] > 0).all()


def test_the_chart(found: Backtest) -> None:
    drawn = backtest_picture(found)
    assert "freeze 2" in drawn
    assert "Churn, MW per plan" in drawn


def test_labels_of_near_points_stand_together() -> None:
    points = [
        {"n": "free to change", "churn": 9.0, "more": 1.0},
        {"n": "freeze 1", "churn": 9.1, "more": 1.0},
        {"n": "x", "churn": 0.0, "more": 1.0},
    ]
    assert [point["label"] for point in labelled(points)] == ["free to change; freeze 1", "", "x"]
    assert labelled([{**point, "churn": 0.0} for point in points])[0]["label"].count(";") == 2


def test_whole_projects_are_left_out_as_the_refusal_says() -> None:
    with pytest.raises(UsageError, match=r"has whole projects \(hall_5\).* leave them out with --set tables.projects=$"):
        _require_continuous(api.load("operator"))
    _require_continuous(api.load("operator", ["tables.projects="]))
