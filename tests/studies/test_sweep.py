"""Many plans: each as it would be alone, in the order of the grid, and what has no plan is said."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.api import load, sweep
from planner.errors import InputError, UsageError
from planner.prepare.plan_data import prepare
from planner.solve.session import Session
from planner.solve.solution import solve
from planner.studies.cases import Axis, cases_of, hash_of, read_axis
from planner.studies.points import NOT_SOLVED, is_settled, made_with
from planner.studies.sweep import Sweep
from planner.tables.result import make_result, summary_of
from planner.write.charts.sweep import PANELS, sweep_data, sweep_panels, sweep_picture
from planner.write.folder.points import PointFolder
from planner.write.folder.replace import OutputError
from planner.write.report.sweep_page import sweep_html
from planner.write.text.sweep import sweep_lines
from tests.read.toy import write_plan


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path, months=4)


def test_an_axis_is_read_as_it_is_written() -> None:
    assert read_axis("demand.doubling_months=4..12:5") == Axis("demand.doubling_months", ("4", "6", "8", "10", "12"))
    assert read_axis("power[ohio,grid].start_mw *= 1.1 .. .9 : 3") == Axis("power[ohio,grid].start_mw*", ("1.1", "1", "0.9"))
    assert read_axis("a=-1e3..1E3:2").values == ("-1000", "1000")
    assert read_axis("a=0..0.3:4").values == ("0", "0.1", "0.2", "0.3")
    assert read_axis("a=6, 9,24").values == ("6", "9", "24")
    assert read_axis("boundary=energy,facility") == Axis("boundary", ("energy", "facility"))
    assert read_axis("a*=1,2").name == "a (factor)"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a=1",
        "a=1..2",
        "a=1..2:1",
        "a=1..2:x",
        "=1..2:3",
        "a=1..1:3",
        "a=nan..2:3",
        "a=1..1e999:3",
        "a=1..2:99999",
        "*=1..2:3",
        "a=1,",
        "a=1,1",
        "a=1..2,3",
    ],
)
def test_what_is_no_axis_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--vary"):
        read_axis(text)


@pytest.mark.slow
def test_every_point_is_what_it_would_be_alone(plan: Path) -> None:
    """Prices and limits, from the last vertex, and months, from nothing: the same cost as a plan of its own."""
    found = sweep(
        load(plan), ["power[ohio,grid].energy_usd_per_mwh*=0.5..2:3", "deliveries.kunit*=0.5..1.5:2", "months=3..4:2"]
    )
    assert found.points["point"].tolist() == list(range(1, 13))
    assert found.points["power[ohio,grid].energy_usd_per_mwh (factor)"].tolist() == [0.5] * 4 + [1.25] * 4 + [2.0] * 4
    assert found.points["months"].tolist() == [3, 4] * 6
    assert (found.solved, found.interrupted, found.failures) == (12, False, {})
    for row in found.points.to_dict("records"):
        price, kunit = row["power[ohio,grid].energy_usd_per_mwh (factor)"], row["deliveries.kunit (factor)"]
        words = [f"power[ohio,grid].energy_usd_per_mwh*={price}", f"deliveries.kunit*={kunit}", f"months={row['months']:g}"]
        alone = solve(prepare(load(plan, words)))
        assert row["objective_musd"] == pytest.approx(alone.proof.objective_musd, rel=1e-7)
        assert row["cost_musd"] + row["unserved_value_musd"] == pytest.approx(row["objective_musd"], rel=1e-7)


def test_numbers_alone_are_solved_again_from_the_last_vertex(plan: Path) -> None:
    assert sweep(load(plan), ["carbon.usd_per_tco2=10..100:4"]).warm == 3


def test_a_plan_of_mode_energy_is_swept_too(plan: Path) -> None:
    found = sweep(load(plan, ["objective=energy"]), ["deliveries.kunit*=0.5..1:2"])
    assert (found.solved, found.warm) == (2, 0)


def test_what_no_plan_meets_is_a_row_and_said(plan: Path) -> None:
    found = sweep(load(plan, ["unserved=forbidden"]), ["demand.start_kh100e*=0.001..100:3"])
    assert found.points["status"].tolist() == ["optimal", "infeasible", "infeasible"]
    assert found.points["objective_musd"].isna().tolist() == [False, True, True]
    assert list(found.failures) == [2, 3]
    assert found.failures[3].exit_code == 4
    assert "1 optimal, 2 infeasible" in sweep_lines(found)[-3]
    assert sweep_lines(found)[-1].startswith("point 3: no plan meets all limits")
    back = sweep(load(plan, ["unserved=forbidden"]), ["demand.start_kh100e*=100..0.001:2"])
    assert back.points["status"].tolist() == ["infeasible", "optimal"]


def test_all_that_is_refused_is_said_before_anything_is_solved(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "solve", None)
    with pytest.raises(InputError, match=r"months=3\.5"):
        sweep(load(plan), ["months=3..4:3"])
    with pytest.raises(InputError, match="mnths"):
        sweep(load(plan), ["mnths=3..4:2"])
    with pytest.raises(UsageError, match="each once"):
        sweep(load(plan), ["months=3..4:2", "months*=1..2:2"])
    with pytest.raises(UsageError, match="at most 10,000"):
        sweep(load(plan), ["months=3..4:2", "demand.doubling_months=4..5:9999"])


def test_ctrl_c_keeps_what_is_done(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = Session.solve, []

    def interrupted(self: Session, data: object) -> object:
        calls.append(data)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(self, data)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "solve", interrupted)
    found: Sweep = sweep(load(plan), ["carbon.usd_per_tco2=10..100:4"], keep=True)
    assert found.points["status"].tolist() == ["optimal", "optimal", NOT_SOLVED, NOT_SOLVED]
    assert found.interrupted
    assert np.isnan(found.points["cost_musd"].iloc[2])
    calls.clear()
    with pytest.raises(KeyboardInterrupt):
        sweep(load(plan), ["carbon.usd_per_tco2=10..100:4"])


def test_lists_words_and_rows(plan: Path) -> None:
    found = sweep(load(plan), ["boundary=energy,facility", "carbon.usd_per_tco2=10,90"], in_rows=True)
    assert found.points[["boundary", "carbon.usd_per_tco2"]].values.tolist() == [["energy", 10], ["facility", 90]]
    for row, words in zip(found.points.to_dict("records"), (["energy", "10"], ["facility", "90"]), strict=True):
        alone = solve(prepare(load(plan, [f"boundary={words[0]}", f"carbon.usd_per_tco2={words[1]}"])))
        assert row["objective_musd"] == pytest.approx(alone.proof.objective_musd, rel=1e-7)
    assert "energy" in "\n".join(sweep_lines(found))
    with pytest.raises(UsageError, match="boundary 2, months 3"):
        sweep(load(plan), ["boundary=energy,facility", "months=2,3,4"], in_rows=True)
    with pytest.raises(UsageError, match="several plans, --vary or --runs"):
        sweep(load(plan))


def drawn(keys: dict[str, list[Any]]) -> Sweep:
    """A sweep of three plans, as far as its charts and its page look."""
    points = pd.DataFrame({"point": [1, 2, 3], **keys, "status": "optimal"})
    for name in PANELS:
        points[name] = [1.0, 2.0, 3.0]
    return Sweep(tuple(keys), points, {}, 0, 0, {})


def test_runs_with_names_are_drawn_by_name_and_an_empty_cell_says_nothing() -> None:
    keys = {
        "name": ["as planned", "dear gas", ""],
        "months": [np.nan, 6.0, np.nan],
        "fuels.usd_per_mmbtu (factor)": [1, np.nan, 2],
    }
    named = drawn(keys)
    assert [row["x"] for row in sweep_data(named)] == ["as planned", "dear gas", "run 3"]
    assert not any("color" in layer["encoding"] for _, layers in sweep_panels(named) for layer in layers)
    page = sweep_html(named)
    assert "<title>3 runs" in page
    assert "as planned" in page
    assert "over Name" not in page
    twice = drawn({**keys, "name": ["a", "a", "b"]})
    series = ["fuels, USD per mmbtu x 1", "months 6", "fuels, USD per mmbtu x 2"]
    assert [row["series"] for row in sweep_data(twice)] == series
    without = drawn({name: cells for name, cells in keys.items() if name != "name"})
    assert [row["x"] for row in sweep_data(without)] == ["as in the plan", "6", "as in the plan"]
    many = drawn({f"key{number}": [1.0, 2.0, 3.0] for number in range(9)})
    assert "3 plans by key0, key1, key2 and 6 more" in sweep_html(many)
    for text in (page, sweep_html(without), sweep_picture(named), sweep_picture(without), str(sweep_data(without))):
        assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_a_table_of_runs_names_keys_and_plans(plan: Path, tmp_path: Path) -> None:
    other = write_plan(tmp_path / "other", months=3)
    table = tmp_path / "runs.csv"
    lines = (
        "name,plan,carbon.usd_per_tco2,deliveries.kunit*",
        "as it is,,,",
        "dear,,90,2",
        f"short,{other.relative_to(tmp_path)},,",
        "",
    )
    table.write_text("\n".join(lines), encoding="utf-8")
    keys, cases = cases_of([load(plan)], [], runs=table)
    assert keys == ["name", "plan", "carbon.usd_per_tco2", "deliveries.kunit (factor)"]
    assert [case.words for case in cases] == [(), ("carbon.usd_per_tco2=90", "deliveries.kunit*=2"), ()]
    assert [case.said() for case in cases] == ["plan", "carbon.usd_per_tco2=90, deliveries.kunit*=2", "plan"]
    found = sweep(load(plan), runs=table)
    assert found.points["name"].tolist() == ["as it is", "dear", "short"]
    alone = ((plan, ["carbon.usd_per_tco2=90", "deliveries.kunit*=2"]), (other, []))
    for row, words in zip(found.points.to_dict("records")[1:], alone, strict=True):
        assert row["objective_musd"] == pytest.approx(solve(prepare(load(*words))).proof.objective_musd, rel=1e-7)
    both = sweep([load(plan), load(other, ["name=other"])], ["carbon.usd_per_tco2=10,90"])
    assert both.points["plan"].tolist() == ["toy", "toy", "other", "other"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        ("months,name\n", "expected a header"),
        ("months,\n1,2\n", "runs.csv:1:2: a column without a name"),
        ("months,months\n1,2\n", "duplicate column months"),
        ('"power[ohio,grid].start_mw","power[ohio, grid].start_mw"\n1,2\n', "runs.csv:1:2: .*is the same key"),
        ("months,months*\n2,\n,2\n2,2\n", "runs.csv:4:2: .*a value or a factor"),
        ("months,name\n1,2,3\n", "runs.csv:2:3: 3 cells: expected 2 cells"),
        ("name;deliveries.kunit*\na;1,5\nb;many\n", "deliveries.kunit.=many: .*for the run of .*runs.csv:3:2"),
        ("name;deliveries.kunit*\na;1,5\nb;2.5\n", "(?s)factor = 1,5: .*for the run of .*runs.csv:2:2"),
        ("name;deliveries.kunit*\na;1,500\n", "1,500: 1500, or 1.500 with a decimal point"),
        ("months;name\n2;a\nx;b\ny;c\n", "(?s)for the run of .*runs.csv:3.*for the run of .*runs.csv:4"),
        ("plan,months\nnone.yaml,2\n", "none.yaml: no such file .*for the run of .*runs.csv:2"),
    ],
)
def test_what_is_no_table_of_runs_is_refused(plan: Path, tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "runs.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=expected):
        sweep(load(plan), runs=tmp_path / "runs.csv")
    with pytest.raises(InputError, match="no such file"):
        cases_of([load(plan)], [], runs=tmp_path / "none.csv")


def test_a_table_of_runs_may_have_decimal_commas(plan: Path, tmp_path: Path) -> None:
    table = tmp_path / "runs.csv"
    lines = ("name;carbon.usd_per_tco2;deliveries.kunit*;boundary", "a, 1,5;6;1,5;", "b;1.200,5;;energy", "")
    table.write_text("\n".join(lines), encoding="utf-8")
    _, cases = cases_of([load(plan)], [], runs=table)
    assert [case.words for case in cases] == [
        ("carbon.usd_per_tco2=6", "deliveries.kunit*=1.5"),
        ("carbon.usd_per_tco2=1200.5", "boundary=energy"),
    ]
    assert [case.values[0] for case in cases] == ["a, 1,5", "b"]
    cases[0].read()


def test_a_key_is_stated_once(plan: Path, tmp_path: Path) -> None:
    """What all runs set is no column besides, unless it scales; plans are named by the table or before it."""
    table = tmp_path / "runs.csv"
    table.write_text('"power[ohio, grid].start_mw"\n90\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"--set power.* gives power"):
        cases_of([load(plan, ["power[ohio,grid].start_mw=80"])], [], runs=table)
    table.write_text("plan\nplan.yaml\n", encoding="utf-8")
    with pytest.raises(UsageError, match="with one plan"):
        cases_of([load(plan), load(plan)], [], runs=table)


def test_a_table_of_runs_is_a_sheet_too(plan: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name", "carbon.usd_per_tco2", "deliveries.kunit*"])
    sheet.append(["dear", 90, None])
    sheet.append([])
    sheet.append(["more", None, 1.5])
    book.save(tmp_path / "runs.xlsx")
    _, cases = cases_of([load(plan)], [], runs=tmp_path / "runs.xlsx")
    assert [case.words for case in cases] == [("carbon.usd_per_tco2=90",), ("deliveries.kunit*=1.5",)]
    assert [case.row.rpartition("/")[2] for case in cases] == ["runs.xlsx:Sheet!2", "runs.xlsx:Sheet!4"]
    sheet["B2"] = True
    book.save(tmp_path / "runs.xlsx")
    with pytest.raises(InputError, match=r"runs.xlsx:Sheet!B2: expected a value \(a boolean\)"):
        cases_of([load(plan)], [], runs=tmp_path / "runs.xlsx")
    book.create_sheet("notes")
    book.save(tmp_path / "runs.xlsx")
    with pytest.raises(InputError, match="no sheet runs: it has Sheet, notes; name the one that is meant runs"):
        cases_of([load(plan)], [], runs=tmp_path / "runs.xlsx")


def test_a_point_that_was_edited_is_solved_again(tmp_path: Path) -> None:
    """Nothing but what was written is taken for a point; a folder that cannot hold points is said."""
    shelf, record = PointFolder(tmp_path), {"hash": "a", **made_with(), "status": "optimal", "numbers": {"cost_musd": 1.5}}
    shelf.put("a", record)
    assert is_settled(shelf.find("a"), "a")
    written = tmp_path / "points" / "a.json"
    whole = written.read_text(encoding="utf-8")
    for text in (whole.replace("1.5", "1.6"), whole.replace('"sha256"', '"x"'), "[" * 100_000, "[]", "\0"):
        written.write_text(text, encoding="utf-8")
        assert not shelf.find("a")
    shutil.rmtree(tmp_path / "points")
    (tmp_path / "points").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        shelf.put("a", record)


def test_the_hash_is_of_what_a_plan_says_alone(plan: Path, tmp_path: Path) -> None:
    same = write_plan(tmp_path / "same", months=4)
    first = hash_of(load(plan))
    assert hash_of(load(same, ["name=other"])) == first == hash_of(load(plan, ["deliveries.kunit*=1"]))
    for change in ("months=3", "deliveries.kunit*=1.01", "power[ohio,grid].start_mw*=1.1"):
        assert hash_of(load(plan, [change])) != first


def test_what_is_done_is_not_solved_again(plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupted sweep goes on where it stopped; one record was damaged, one is of another version."""
    real, calls = Session.solve, []

    def counted(self: Session, data: object) -> object:
        calls.append(data)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(self, data)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "solve", counted)
    vary, out = ["carbon.usd_per_tco2=10..100:4"], tmp_path / "out"
    first = sweep(load(plan), vary, out=out, keep=True)
    assert (first.solved, first.kept, first.interrupted) == (3, 0, True)
    points = sorted((out / "points").iterdir())
    assert len(points) == 3
    points[0].write_text("{", encoding="utf-8")
    points[1].write_text(
        points[1].read_text(encoding="utf-8").replace('"tolerance": 1e-07', '"tolerance": 1e-3'), encoding="utf-8"
    )
    again = sweep(load(plan), vary, out=out)
    assert (again.solved, again.kept, again.interrupted) == (4, 1, False)
    assert len(calls) == 4 + 3
    whole = sweep(load(plan), vary)
    assert again.points["objective_musd"].tolist() == pytest.approx(whole.points["objective_musd"].tolist(), rel=1e-9)
    calls.clear()
    assert sweep(load(plan), vary, out=out).kept == 4
    assert not calls


def test_equal_plans_are_solved_once(plan: Path) -> None:
    found = sweep(load(plan), ["carbon.usd_per_tco2*=1,1.0,1.00"])
    assert found.points["objective_musd"].nunique() == 1
    assert found.warm == 0


def test_what_a_record_must_say_to_be_taken_again() -> None:
    whole = {"hash": "a", **made_with(), "status": "optimal", "numbers": {}}
    assert is_settled(whole, "a")
    assert is_settled({**whole, "status": "infeasible", "message": "no"}, "a")
    for record, wanted in (
        (whole, "b"),
        ({}, "a"),
        ({**whole, "planner": "0"}, "a"),
        ({**whole, "numbers": 1}, "a"),
        ({**whole, "status": "numerical_trouble", "message": ""}, "a"),
        ({**whole, "status": "infeasible"}, "a"),
    ):
        assert not is_settled(record, wanted)


def test_the_headlines_of_a_point_are_those_of_its_run(plan: Path) -> None:
    """But for those of remedies, which no sweep shows."""
    one = load(plan)
    solution = solve(prepare(one))
    whole = [line for line in make_result(one, solution).summary if not line.key.startswith("remedy_")]
    assert summary_of(one, solution) == whole
