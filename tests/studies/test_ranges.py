"""Which totals of a run are firm: a whole plan attains each end, the folder keeps the answer, and the verifier looks at it."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner import api, cli
from planner.errors import UsageError
from planner.runs.read import read_answer, read_manifest
from planner.schema.results import RANGES
from planner.solve.near_optimal import UNSERVED, NearOptimal
from planner.solve.proof import prove
from planner.solve.solution import read_solution, standard_form
from planner.studies.explain.reopened import OpenRun, open_run
from planner.studies.ranges import FIRM, Folder, Ranges, ranges, totals
from planner.tables.decisions import fleet_table, power_table
from planner.tables.frames import Frames
from planner.verify.collector import Collector
from planner.verify.files import read_run
from planner.verify.ranges import check_ranges
from planner.write.names import Names
from planner.write.ranged import cells, sentence_of
from tests.read.toy import write_plan
from tests.studies.test_jobs import elsewhere

WITHIN = 0.02


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ranges]:
    folder = tmp_path_factory.mktemp("ranges")
    api.run(api.load(write_plan(folder / "in", months=2)), folder / "run")
    return folder / "run", api.ranges(folder / "run", WITHIN)


@pytest.fixture(scope="module")
def opened(asked: tuple[Path, Ranges]) -> OpenRun:
    return open_run(asked[0])


def test_every_total_of_the_tables_has_a_row(asked: tuple[Path, Ranges]) -> None:
    folder, found = asked
    fleet, power = (pd.read_csv(folder / "tables" / f"{name}.csv") for name in ("fleet", "power"))
    rows = found.rows.set_index(["of", "id"])
    assert rows.loc[("region", "ohio"), "plan_mw"] == pytest.approx(
        fleet[(fleet["month"] == "2028-02") & (fleet["place_id"] == "ohio")]["it_nameplate_mw"].sum()
    )
    by_option = power[power["month"] == "2028-02"].groupby("option_id")["capacity_mw"].sum()
    assert rows.loc["option"]["plan_mw"].to_dict() == pytest.approx(
        {p: by_option.get(p, 0.0) for p in rows.loc["option"].index}
    )
    assert rows.loc[("year", "2028"), "month"] == "2028-02"
    assert (rows["least_mw"] <= rows["plan_mw"] + 1e-9).all()
    assert (rows["most_mw"] >= rows["plan_mw"] - 1e-9).all()
    assert (rows["proven_to"] < 1e-6).all()
    assert set(rows["firm"]) == {"firm", "open"}
    assert found.rows["slack_musd"].nunique() == 1


def test_ranges_are_equal_whoever_bounds_them(asked: tuple[Path, Ranges], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = asked
    monkeypatch.setattr("planner.studies.ranges.GROUP", 3)
    here, there = ranges(folder, WITHIN), ranges(folder, WITHIN, start=elsewhere)
    assert len(here.rows) > 3
    pd.testing.assert_frame_equal(there.rows, here.rows, check_exact=True)
    with pytest.raises(UsageError, match="holds another run on"):
        Folder(folder, WITHIN, False, "another").near()


def test_a_whole_plan_attains_each_end(opened: OpenRun, asked: tuple[Path, Ranges]) -> None:
    """The arrays of an end, read as a plan: it meets every limit, pays the slack and no more, serves no less, and its tables
    hold the total."""
    assert opened.solver is not None
    near = NearOptimal(opened.solver, WITHIN)
    model, form = standard_form(opened.data, api.Progress())
    at = {key: number for number, key in enumerate(form.columns)}
    plan = opened.solution.outcome.values
    served = np.array([name == UNSERVED[0] for name, _ in form.columns])
    told = asked[1].rows.set_index(["of", "id"])
    checked = 0
    for total in totals(opened.data, ("region", "option")):
        weights = np.zeros(form.shape[1])
        for key, mw in total.weights.items():
            if key in at:
                weights[at[key]] = mw
        if not weights.any():
            continue
        bound = near.most(weights, total.constant_mw)
        outcome = dataclasses.replace(opened.solution.outcome, values=bound.values)
        assert prove(form, outcome).primal_residual < 1e-7
        assert near.paid @ bound.values <= near.paid @ plan + near.slack * (1 + 1e-6)
        assert served @ bound.values <= served @ plan + 1e-6
        frames = Frames(read_solution(opened.data, model, form, outcome, None, 0.0))
        table, key, column = (
            (fleet_table(frames), "place_id", "it_nameplate_mw")
            if total.of == "region"
            else (power_table(frames), "option_id", "capacity_mw")
        )
        rows = table[(table["month"] == total.month) & (table[key] == total.id)]
        assert rows[column].sum() == pytest.approx(bound.total, abs=1e-6)
        assert told.loc[(total.of, total.id), "most_mw"] == pytest.approx(bound.total, abs=1e-5)
        checked += 1
    assert checked >= 3


def test_the_answer_is_kept_and_its_report_and_verifier_read_it(asked: tuple[Path, Ranges]) -> None:
    folder, found = asked
    rows = read_answer(folder, RANGES, read_manifest(folder))
    assert len(rows) == len(found.rows)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "How firm these numbers are" in page
    assert sentence_of(rows) in page
    verdict = api.verify(folder)
    assert verdict.ok
    assert {check.name for check in verdict.checks if check.name.startswith("ranges.")} == {
        *("ranges.plan_mw", "ranges.least_mw", "ranges.most_mw", "ranges.firm"),
        *("ranges.proven_to", "ranges.within_frac", "ranges.slack_musd"),
    }


def test_the_verifier_sees_edits_of_the_answer(asked: tuple[Path, Ranges], tmp_path: Path) -> None:
    folder, _ = asked
    run = dataclasses.replace(read_run(folder), folder=tmp_path)

    def failed() -> set[str]:
        checks = Collector(run)
        check_ranges(checks)
        return {check.name for check in checks.found if not check.ok}

    kept = json.loads((folder / RANGES).read_text(encoding="utf-8"))
    first = kept["rows"][0]
    for change, named in (
        ({"plan_mw": first["plan_mw"] + 1}, "ranges.plan_mw"),
        ({"least_mw": first["plan_mw"] + 1}, "ranges.least_mw"),
        ({"most_mw": first["plan_mw"] - 1}, "ranges.most_mw"),
        ({"firm": "open" if first["firm"] == "firm" else "firm"}, "ranges.firm"),
        ({"plan_mw": "many"}, "ranges.rows"),
        ({"firm": "quite"}, "ranges.rows"),
        ({"slack_musd": None}, "ranges.rows"),
        ({"proven_to": 1e-3}, "ranges.proven_to"),
        ({"within_frac": 2 * first["within_frac"]}, "ranges.within_frac"),
        ({"slack_musd": 2 * first["slack_musd"]}, "ranges.slack_musd"),
        ({"of": "nobody knows"}, "ranges.rows"),
    ):
        (tmp_path / RANGES).write_text(json.dumps({**kept, "rows": [{**first, **change}, *kept["rows"][1:]]}))
        assert named in failed()
    for text in ("{", json.dumps({**kept, "fingerprint": "another"}), json.dumps({**kept, "rows": "none"})):
        (tmp_path / RANGES).write_text(text)
        assert not failed()
        assert read_answer(tmp_path, RANGES, read_manifest(folder)) == []


def test_the_command_prints_and_writes_them(
    asked: tuple[Path, Ranges], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(asked[0], folder := tmp_path / "run", ignore=shutil.ignore_patterns("report.html"))
    assert cli.main(["ranges", str(folder), "--within", "2%", "--of", "region,year", "-o", str(tmp_path / "out")]) == 0
    text = capsys.readouterr().out
    assert "At 2 % more cost and no less compute served" in text
    assert "IT by place, February 2028" in text
    assert "Power capacity" not in text
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "ranges.csv",
        "ranges.json",
        "ranges.png",
        "ranges.xlsx",
    ]
    written = pd.read_csv(tmp_path / "out" / "ranges.csv")
    book = pd.read_excel(tmp_path / "out" / "ranges.xlsx")
    assert written["most_mw"].tolist() == pytest.approx(book["most_mw"].tolist())
    assert not (folder / "report.html").exists()


@pytest.mark.parametrize("share", ["1", "x%", "-1%", "101%", "nan%"])
def test_a_share_that_is_none_is_refused(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ranges", "run", f"--within={share}"]) == 2
    assert "such as 1%" in capsys.readouterr().err


def test_what_has_no_ranges_is_refused(asked: tuple[Path, Ranges], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="'place' is unknown"):
        api.ranges(asked[0], of=["place"])
    with pytest.raises(UsageError, match="expected 0%"):
        api.ranges(asked[0], 1.5)
    with pytest.raises(UsageError):
        api.ranges(tmp_path)
    opened = open_run(asked[0])
    opened.data = dataclasses.replace(opened.data, mode="energy")
    monkeypatch.setattr("planner.studies.ranges.open_run", lambda *_: opened)
    with pytest.raises(UsageError, match="objective: energy"):
        api.ranges(asked[0])


def test_a_run_that_ended_at_an_interior_point_has_the_same_ranges(
    asked: tuple[Path, Ranges], opened: OpenRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.studies.ranges.open_run", lambda *_: dataclasses.replace(opened, solver=None))
    again, found = ranges(asked[0], WITHIN).rows, asked[1].rows
    for end in ("least_mw", "most_mw"):
        assert again[end].tolist() == pytest.approx(found[end].tolist(), abs=1e-4)


def test_words() -> None:
    row = {
        "of": "region",
        "id": "tx",
        "month": "2029-12",
        "plan_mw": 100.0,
        "least_mw": 90.0,
        "most_mw": 2155.0,
        "firm": "open",
    }
    row |= {"within_frac": 0.005, "slack_musd": 12.0}
    assert cells(row, Names({"regions": {"region_id": ["tx"], "name": ["Abilene, Texas"]}})) == (
        *("Abilene, Texas", "100.0", "90.00", "2,155", "open"),
    )
    assert sentence_of([row, {**row, "firm": "firm"}]).startswith(
        "At 0.5 % more cost and no less compute served, 1 of 2 totals"
    )
    assert sentence_of([]) == ""
    assert FIRM == 0.1
