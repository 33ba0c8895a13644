"""Plain questions: the facts by hand, their sentences, and the answer in terminal, JSON and report."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from planner import api, cli
from planner.errors import UsageError, VerificationError
from planner.runs.read import Written, read_written
from planner.studies.questions import Facts, facts, saving
from planner.write.folder.result_folder import sha256
from planner.write.questions import questions
from tests.read.toy import write_plan
from tests.verify.toy import write_manifest

MONTHS = ("2027-01", "2027-02", "2027-03", "2027-04")
NATIONS = ["country_iso2", "plan_year", "it_mwh", "usd_per_mwh", "energy_usd_per_kh100e_h", "carbon_kg_per_mwh"]
NATIONS += ["carbon_kg_per_kh100e_h", "headroom_mw"]
NO_DESIGN: Any = SimpleNamespace(tables={"designs": ()})


def written(**tables: pd.DataFrame) -> Written:
    """A run of four months with 100 MW installed, of which no more is known than some tables."""
    fleet = pd.DataFrame({"month": MONTHS, "it_nameplate_mw": 100.0, "place_id": "a", "compute_kh100e": 1.0})
    league = pd.DataFrame({"place_id": ["a"], "it_mwh": [8.0], "usd_per_mwh": [44.0]})
    frames = {"league": league, "fleet": fleet, "chips": chips(0, 0, 0, 0), "dark": reasons(), **tables}
    inputs = {"regions": pd.DataFrame({"region_id": ["a"], "name": ["Alpha"], "country_iso2": ["CN"]})}
    inputs["zones"] = pd.DataFrame({"zone_id": ["z"], "country_iso2": ["US"]})
    return Written(Path("x"), {"boundary": "energy"}, {}, MONTHS, inputs, frames, "")


def chips(*dark_mw: float) -> pd.DataFrame:
    columns = {"month": MONTHS, "generation_id": "g", "dark_mw": dark_mw, "dark_kunit": [mw / 2 for mw in dark_mw]}
    return pd.DataFrame(columns)


def reasons(*rows: tuple[str, float, float]) -> pd.DataFrame:
    columns = ["month", "power_kunit", "late_kunit"]
    return pd.DataFrame(rows, columns=columns).assign(generation_id="g", halls_kunit=0.0, idle_kunit=0.0)


def test_chips_are_dark_from_the_first_month_of_the_span_that_holds_the_peak() -> None:
    """A pile of January that is gone in February is another; 2 MW a thousand units make 6 of the 10 MW late."""
    run = written(chips=chips(4, 0, 5, 10), dark=reasons(("2027-04", 2.0, 3.0), ("2027-03", 2.5, 0.0)))
    found = facts(run, NO_DESIGN).dark
    assert (found["from_month"], found["peak_month"], found["peak_mw"], found["end_mw"]) == ("2027-03", "2027-04", 10, 10)
    assert (found["power_mw"], found["late_mw"], found["halls_mw"]) == (4.0, 6.0, 0.0)
    (answer,) = questions(run, facts(run, NO_DESIGN)).answers
    assert answer.sentence.startswith(
        "Chips are dark from March 2027, most in April 2027: 10.0 MW (4.00 MW waiting for power, 6.00"
    )
    assert "no way out is named" in answer.caveat


def test_what_powers_most_does_so_by_chips_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """300 thousand for a year are fewer than 200 thousand for three, 60 for one are a tenth of those, 50 are less; a million
    USD of capital powers 10, 6, 15 and 50 thousand years."""
    monkeypatch.setattr("planner.studies.questions.names_in_sentences", lambda plan: {})
    columns = ["where", "powered_kh100e", "h100e_years_per_musd", "cost_musd", "capital_musd"]
    rows = [
        ("b", 300.0, 60e3, 5.0, 30.0),
        ("c / grid", 200.0, 60e3, 10.0, 100.0),
        ("d / grid", 60.0, 60e3, 1.0, 4.0),
        ("e / grid", 50.0, 50e3, 1.0, 1.0),
    ]
    common = {"constraint": "limit_power_growth", "from_month": "2027-01", "to_month": "2027-04", "amount": 1.0}
    table = pd.DataFrame(rows, columns=columns).assign(net_musd=1.0, most_musd=float("nan"), **common)
    run = written(chips=chips(0, 10, 0, 0), dark=reasons(("2027-02", 5.0, 0.0)), remedies=table)
    cheapest, largest = facts(run, NO_DESIGN).dark["remedies"]
    assert (cheapest["powered_h100e_years"], cheapest["usd_per_h100e_year"]) == pytest.approx((60e3, 1e6 / 15e3))
    assert (largest["powered_h100e_years"], largest["usd_per_h100e_year"]) == pytest.approx((600e3, 1e6 / 6e3))
    (answer,) = questions(run, facts(run, NO_DESIGN)).answers
    assert "for 600 thousand H100e-years, 200 thousand H100e on average: 167 USD per H100e-year" in answer.sentence


def test_a_peak_of_one_reason_before_the_end() -> None:
    run = written(chips=chips(0, 10, 0, 0), dark=reasons(("2027-02", 5.0, 0.0)))
    (answer,) = questions(run, facts(run, NO_DESIGN)).answers
    assert answer.sentence == "Chips are dark in February 2027: 10.0 MW (in that month all waiting for power); 0 MW at the end."


def test_no_pile() -> None:
    run = written(chips=chips(0, 0.05, 0, 0))
    (answer,) = questions(run, facts(run, NO_DESIGN)).answers
    assert answer.sentence.startswith("Chips never pile up")


@pytest.mark.parametrize(("gram", "agrees"), [(900.0, False), (100.0, True)])
def test_cheap_and_clean_by_the_mwh_and_by_compute(gram: float, agrees: bool) -> None:
    """China is cheaper by the MWh and dearer by compute; it is always dirtier by the MWh, and by compute where 900 g are more
    than 500. Iceland uses too little to count, orbit is no nation, and the year before is not asked."""
    rows = [
        ("CN", 2, 50.0, 78.0, 99.8, 700.0, gram, 30.0),
        ("US", 2, 90.0, 92.6, 45.5, 400.0, 500.0, 0.0),
        ("IS", 2, 0.1, 1.0, 1.0, 1.0, 1.0, 99.0),
        ("orbit", 2, 50.0, 1.0, 1.0, 1.0, 1.0, 99.0),
        ("US", 1, 90.0, 1.0, 1.0, 1.0, 1.0, 99.0),
    ]
    run = written(nations=pd.DataFrame(rows, columns=NATIONS))
    answer = questions(run, facts(run, NO_DESIGN)).answers[-1]
    said = answer.sentence
    assert "Cheapest: China by the MWh (78.0 USD per MWh) but in United States of America by compute (45.5 USD" in said
    assert "most plentiful: China, whose envelope has room for 30.0 MW" in said
    assert "China is cheaper per MWh (78.0 against 92.6 USD) but not per thousand H100e-hours (99.8 against 45.5)" in said
    assert f"is cleaner per MWh (400 against 700 kg CO2) {'but not' if agrees else 'and'} per thousand H100e-hours" in said
    assert [row["country_iso2"] for row in answer.figures["nations"]] == ["US", "CN"]


def test_a_saving_that_is_served_and_not_paid() -> None:
    saved = {"base": "east", "cost_musd": -1000.0, "unserved_musd": 5000.0, "total_musd": 4000.0, "carbon_tco2": -2e6}
    saved |= {"served_frac": 0.8, "base_served_frac": 0.5, "notes": ["boundary: energy in A"]}
    run = written()
    answer = questions(run, replace(facts(run, NO_DESIGN), saving=saved)).answers[1]
    assert (
        "saves 4.00 billion USD in all: 1.00 billion USD more is paid, and compute worth 5.00 billion USD more"
        in answer.sentence
    )
    assert "(50.0 % -> 80.0 % of demand); it emits 2.00 million t CO2 more." in answer.sentence
    assert "in money that is paid nothing is saved" in answer.caveat
    assert "Boundary: energy in A." in answer.caveat


def test_groups_without_another_run_say_what_to_ask() -> None:
    run = written()
    told = Facts({"from_month": ""}, {}, {}, {"east": 0.25, "west": 0.75}, {})
    answer = questions(run, told).answers[1]
    assert "east 25.0 %, west 75.0 %. One run does not say what that saves: `planner answer RUN BASE`" in answer.sentence


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run of two months, and one that costs twice as much."""
    folder = tmp_path_factory.mktemp("questions")
    run = api.run(api.load(write_plan(folder / "in", months=2)), folder / "run").folder
    costs = pd.read_csv(shutil.copytree(run, folder / "dear") / "tables" / "costs.csv")
    costs["discounted_musd"] *= 2
    costs.to_csv(folder / "dear" / "tables" / "costs.csv", index=False)
    manifest = json.loads((folder / "dear" / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["tables/costs.csv"] = sha256(folder / "dear" / "tables" / "costs.csv")
    write_manifest(folder / "dear", manifest)
    return run, folder / "dear"


@pytest.mark.slow
def test_terminal_json_and_report_say_the_same(runs: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    run, dear = runs
    assert cli.main(["answer", str(run), str(dear), "--json"]) == 0
    answers = json.loads(capsys.readouterr().out)["answers"]
    saved = next(each for each in answers if each["key"] == "saving")
    costs = pd.read_csv(run / "tables" / "costs.csv")["discounted_musd"].sum()
    assert saved["figures"]["total_musd"] == pytest.approx(costs)
    assert cli.main(["answer", str(run), "--quiet"]) == 0
    assert capsys.readouterr().out.splitlines() == [each["sentence"] for each in answers]
    page = (run / "report.html").read_text(encoding="utf-8")
    assert all(each["question"] in page for each in answers)
    assert saved["sentence"].replace("->", "-&gt;") in page
    assert api.verify(run).ok


def test_nothing_is_answered_of_a_run_that_was_edited(runs: tuple[Path, Path], tmp_path: Path) -> None:
    table = shutil.copytree(runs[0], tmp_path / "run") / "tables" / "league.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("1", "2"), encoding="utf-8")
    for asked in ((tmp_path / "run",), (runs[0], tmp_path / "run")):
        with pytest.raises(VerificationError, match=r"tables/league.csv was changed"):
            api.answer(*asked)


def test_runs_over_other_months_are_refused(runs: tuple[Path, Path]) -> None:
    one, other = (read_written(run) for run in runs)
    with pytest.raises(UsageError, match="expected two runs over the same months"):
        saving(one, replace(other, months=other.months[:1]))
