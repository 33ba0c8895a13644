"""Alternatives to a run: whole verified folders within the cost, apart from each other, and edits that the verifier sees."""

from __future__ import annotations

import dataclasses
import itertools
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner import api, cli
from planner.errors import UsageError
from planner.result import Result
from planner.studies.alternatives import Alternatives, Search
from planner.studies.explain.reopened import open_run
from planner.verify.alternative import STATED, check_alternative
from planner.verify.collector import Collector
from planner.verify.files import read_run
from tests.read.toy import edit, write_plan
from tests.verify.test_projects import ROWS as PROJECTS

WITHIN = 0.05


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Alternatives]:
    folder = tmp_path_factory.mktemp("alternatives")
    api.run(api.load(write_plan(folder / "in", months=2), ["demand.doubling_months=9"]), folder / "run")
    return folder / "run", api.alternatives(folder / "run", WITHIN, 2)


def test_each_is_a_verified_run_within_the_cost_that_serves_no_less(asked: tuple[Path, Alternatives]) -> None:
    folder, found = asked
    out = folder.with_name("run-alternatives")
    files = {
        "alternatives.csv",
        "alternatives.html",
        "alternatives.json",
        "alternatives.png",
        "alternatives.xlsx",
        "totals.csv",
    }
    assert {path.name for path in out.iterdir()} == {*files, "alternative-1", "alternative-2"}
    best = {name: pd.read_csv(folder / "tables" / f"{name}.csv") for name in ("costs", "demand")}
    for row in found.rows.to_dict("records"):
        there = out / row["folder"]
        verdict = api.verify(there)
        assert verdict.ok
        assert not verdict.optimal
        assert verdict.exit_code == 0
        assert any(line.startswith("costs ") and line.endswith("at most 5 %") for line in verdict.lines())
        costs, demand = (pd.read_csv(there / "tables" / f"{name}.csv") for name in ("costs", "demand"))
        paid, least = (each.loc[each["component"] != "unserved", "discounted_musd"].sum() for each in (costs, best["costs"]))
        assert paid == pytest.approx(row["paid_musd"], rel=1e-6)
        assert least < paid <= least * (1 + WITHIN) * (1 + 1e-6)
        assert row["more_frac"] == pytest.approx(paid / least - 1, abs=1e-6)
        assert demand["served_kh100e"].sum() >= best["demand"]["served_kh100e"].sum() - 1e-5
        report = (there / "report.html").read_text(encoding="utf-8")
        assert "An alternative to the optimum, within 5 % of the least cost" in report
        assert "doubling" in report  # what --set changed
        assert "the report of the optimum" in report


def test_the_totals_are_those_of_the_tables_and_apart(asked: tuple[Path, Alternatives]) -> None:
    folder, found = asked
    totals = found.totals.set_index(["of", "id"])
    for name, there in (("plan", folder), ("alternative-1", folder.with_name("run-alternatives") / "alternative-1")):
        fleet, power = (pd.read_csv(there / "tables" / f"{table}.csv") for table in ("fleet", "power"))
        end = fleet[fleet["month"] == "2028-02"].groupby("place_id")["it_nameplate_mw"].sum()
        for place, mw in totals.loc["region"][f"{name}_mw"].items():
            assert mw == pytest.approx(end.get(place, 0.0), abs=1e-4)
        end = power[power["month"] == "2028-02"].groupby("option_id")["capacity_mw"].sum()
        for option, mw in totals.loc["option"][f"{name}_mw"].items():
            assert mw == pytest.approx(end.get(option, 0.0), abs=1e-4)
    plans = totals[["plan_mw", "alternative-1_mw", "alternative-2_mw"]]
    far = [(plans[a] - plans[b]).abs().sum() for a, b in itertools.combinations(plans, 2)]
    first, second = found.rows["nearest_mw"]
    assert far[0] == pytest.approx(first, abs=1e-3)
    assert min(far[1:]) == pytest.approx(second, abs=1e-3)
    assert second > 1


def test_the_page_shows_all_side_by_side(asked: tuple[Path, Alternatives]) -> None:
    page = asked[1].page.read_text(encoding="utf-8")
    assert "Comparison of 3 plans" in page
    assert "All plans: MW of IT by place" in page
    assert "alternative-2" in page
    assert "All plans are verified" in page


def test_the_verifier_sees_what_is_not_as_stated(asked: tuple[Path, Alternatives]) -> None:
    run = read_run(asked[0].with_name("run-alternatives") / "alternative-1")
    solver = run.manifest["solver"]
    told = solver["alternative"]

    def failed(**changed: object) -> set[str]:
        manifest = {**run.manifest, "solver": {**solver, "alternative": {**told, **changed}}}
        checks = Collector(dataclasses.replace(run, manifest=manifest))
        check_alternative(checks)
        return {check.name for check in checks.found if not check.ok}

    assert not failed()
    assert failed(within_frac=told["within_frac"] / 2) == {"alternative.cost"}
    assert failed(least_paid_musd=told["least_paid_musd"] * 1.1) == {"alternative.least"}
    less = told["least_unserved_musd"] - 1.0
    assert "alternative.unserved_value" in failed(least_unserved_musd=less)
    assert failed(least_unserved_kh100e=told["least_unserved_kh100e"] - 1.0) == {"alternative.unserved"}
    for key in STATED:
        assert failed(**{key: None}) == {"alternative"}


def test_an_alternative_has_no_prices_and_is_no_start(asked: tuple[Path, Alternatives]) -> None:
    there = asked[0].with_name("run-alternatives") / "alternative-1"
    assert pd.read_csv(there / "tables" / "limits.csv").empty
    assert api.open(there).status == "alternative"
    with pytest.raises(UsageError, match="not an optimum: give the run"):
        open_run(there)
    notes = api.compare(asked[0], there).notes
    assert "B is an alternative to an optimum: it costs more than the least, by choice" in notes


def test_an_alternative_can_be_rolled(asked: tuple[Path, Alternatives], tmp_path: Path) -> None:
    there = asked[0].with_name("run-alternatives") / "alternative-1"
    rolled = api.roll(there, "2028-02", tmp_path / "next")
    assert rolled.to == "2028-02"
    plan = api.load(tmp_path / "next" / "plan.yaml")
    power = api.open(there).tables["power"]["capacity_mw"].xs("2028-01", level="month")
    then = {(r, p): mw for r, p, mw in plan.tables["power"].select("region_id", "option_id", "start_mw")}
    for key, mw in power.items():
        assert then[key] == pytest.approx(mw, abs=1e-6)
    shutil.copytree(there, copy := tmp_path / "copy")
    (copy / "optimum.npz").unlink()
    with pytest.raises(UsageError, match="make the alternatives anew"):
        api.roll(copy, "2028-02", tmp_path / "other")


@pytest.mark.slow
def test_whole_projects_stay_as_they_were_chosen(tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "plan", projects=PROJECTS, demand=edit({}, start_kh100e=200))
    api.run(plan, tmp_path / "run")
    found = api.alternatives(tmp_path / "run", 0.1, 1)
    assert len(found.rows) == 1
    there = found.page.parent / "alternative-1"
    assert api.verify(there).ok
    taken = [pd.read_csv(each / "tables" / "projects.csv").set_index("project_id") for each in (tmp_path / "run", there)]
    assert (
        taken[0].loc[["hall_c", "plant"], "start_month"].tolist() == taken[1].loc[["hall_c", "plant"], "start_month"].tolist()
    )


def test_the_command_prints_and_replaces_them(
    asked: tuple[Path, Alternatives], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = asked[0], tmp_path / "out"
    shutil.copytree(folder.with_name("run-alternatives") / "alternative-2", out / "alternative-1")
    (out / ".partial-0123456789ab-01234567").mkdir()  # of a call that was killed
    assert cli.main(["alternatives", str(folder), "--within", "5%", "--number", "1", "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "toy: 1 alternative" in said
    assert "costs at most 5 % more" in said
    assert "IT by place, February 2028" in said
    assert (out / "alternative-1" / "tables" / "fleet.csv").read_bytes() == (
        folder.with_name("run-alternatives") / "alternative-1" / "tables" / "fleet.csv"
    ).read_bytes()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    assert cli.main(["alternatives", str(folder), "-o", str(out)]) == 2
    assert "not alternatives to a run" in capsys.readouterr().err


def test_where_no_plan_differs_nothing_is_written(
    asked: tuple[Path, Alternatives], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.studies.alternatives.SAME_MW", 1e9)
    assert cli.main(["alternatives", str(asked[0]), "--json", "-o", str(tmp_path / "none")]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["asked"], record["alternatives"], record["out"]) == (3, [], None)
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_ctrl_c_keeps_those_that_are_written(
    asked: tuple[Path, Alternatives], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Search._result

    def stop(self: Search, found: object, number: int) -> Result:
        if number > 1:
            raise KeyboardInterrupt
        return real(self, found, number)  # type: ignore[arg-type]

    monkeypatch.setattr(Search, "_result", stop)
    out = tmp_path / "out"
    assert cli.main(["alternatives", str(asked[0]), "--within", "5%", "--json", "-o", str(out)]) == 130
    record = json.loads(capsys.readouterr().out)
    assert (record["status"], len(record["alternatives"])) == ("interrupted", 1)
    assert api.verify(out / "alternative-1").ok
    assert not (out / "alternative-2").exists()


def test_what_cannot_be_asked_is_refused(asked: tuple[Path, Alternatives], tmp_path: Path) -> None:
    folder, _ = asked
    with pytest.raises(UsageError, match="expected more than 0%"):
        api.alternatives(folder, 0.0, out=tmp_path / "a")
    with pytest.raises(UsageError, match="expected 1 to 20"):
        api.alternatives(folder, number=0)
    with pytest.raises(UsageError, match="more than 1 alternatives of an earlier call"):
        api.alternatives(folder, number=1)
    with pytest.raises(UsageError):
        api.alternatives(tmp_path)
    copy = shutil.copytree(folder, tmp_path / "energy")
    plan = copy / "inputs" / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("objective: value", "objective: energy"), encoding="utf-8")
    with pytest.raises(UsageError, match="objective: energy"):
        api.alternatives(copy)
