"""Which assumptions decide: what is changed, each end as it would be alone, and the order of what moves a headline most."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner import api, cli
from planner.errors import UsageError
from planner.prepare.plan_data import prepare
from planner.schema.results import AS_PLANNED
from planner.solve.solution import solve
from planner.studies.assumptions import FILES, GROUPS, assumptions
from planner.studies.sensitivity import COLUMNS, METRICS, Sensitivity, without_noise
from planner.write.charts.tornado import tornado_picture
from planner.write.report.sensitivity_page import sensitivity_html
from planner.write.text.sensitivity import sensitivity_lines
from tests.read.toy import Row, write_plan


def estimate(name: str, of: str, low: float, high: float, kind: str = "judgement") -> Row:
    row = {"source_id": name, "kind": kind, "cited_as": "", "url": "", "input": of, "low": low, "high": high, "unit": "frac"}
    return {**row, "source": "our judgement", "quality": "estimate", "note": f"why {name}"}


SOURCES = [
    estimate("nameplate", "regions.nameplate_frac", 0.8, 0.9),
    estimate("pue", "regions.pue", 0.5, 1.3),  # below one no PUE is
    estimate("doubling", "demand.doubling_months", 6, 18),
    estimate("nothing", "", 0, 1),
]


def named(rows: list[Row]) -> list[Row]:
    """One of the two regions names the judgement."""
    return [{**row, "source": "a; judgements: nameplate"} if row["region_id"] == "ohio" else row for row in rows]


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plan(tmp_path_factory.mktemp("sensitivity"), months=2, sources=SOURCES, regions=named)


@pytest.fixture(scope="module")
def found(plan: Path) -> Sensitivity:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("planner.studies.assumptions.GROUPS", {"demand": GROUPS["demand"]})
        return api.sensitivity(plan, 0.1, interactions=True)


def test_what_is_changed(plan: Path) -> None:
    asked = assumptions(api.load(plan), 0.25, ("estimates", "groups"))
    told = {(each.name, end): each.words(each.at(end)) for each in asked for end in ("low", "high")}
    assert told["nameplate", "low"] == ("regions[ohio].nameplate_frac=0.8",)
    assert told["pue", "high"] == ("regions.pue=1.3",)
    assert told["doubling", "high"] == ("demand.doubling_months=18",)
    assert told["demand", "low"] == ("demand.start_kh100e*=0.75",)
    assert told["prices of energy", "high"][0] == "power.energy_usd_per_mwh*=1.25"
    names = {name for name, _ in told}
    assert names > {"nameplate", "pue", "doubling", "demand"}
    assert "capital of power" not in names  # no capital is stated there
    assert "nothing" not in names
    assert [each.name for each in assumptions(api.load(api.STARTING_PLAN), 0.2, ("groups",))] == list(GROUPS)


def test_each_end_is_as_it_would_be_alone(found: Sensitivity, plan: Path) -> None:
    rows = found.rows.to_dict("records")
    assert rows[0]["assumption"] == AS_PLANNED
    assert [(row["assumption"], row["end"], row["status"]) for row in rows[1:]] == [
        *(
            ("nameplate", "low", "optimal"),
            ("nameplate", "high", "optimal"),
            ("pue", "low", "refused"),
            ("pue", "high", "optimal"),
        ),
        *(("doubling", "low", "optimal"), ("doubling", "high", "optimal")),
        *(("demand", "low", "optimal"), ("demand", "high", "optimal")),
    ]
    for row in rows:
        if row["status"] == "optimal":
            alone = solve(prepare(api.load(plan, row["set"].split()))).proof.objective_musd
            assert row["objective_musd"] == pytest.approx(alone, rel=1e-7)
            assert row["objective_musd_change"] == pytest.approx(alone - rows[0]["objective_musd"], abs=1e-6)
    assert "pue" in rows[3]["note"]
    assert rows[1]["note"] == "why nameplate"
    assert np.isnan(rows[3]["cost_musd"])


def test_two_together_are_solved_and_compared_with_their_sum(found: Sensitivity, plan: Path) -> None:
    rows = {(row["assumption"], row["end"]): row for row in found.rows.to_dict("records")}
    pairs = found.pairs.to_dict("records")
    assert len(pairs) == len(found.ranked("objective_musd", 5)) * (len(found.ranked("objective_musd", 5)) - 1) / 2 > 0
    for pair in pairs:
        one, other = rows[pair["first"], pair["first_end"]], rows[pair["second"], pair["second_end"]]
        both = solve(prepare(api.load(plan, [*one["set"].split(), *other["set"].split()]))).proof.objective_musd
        together = both - rows[AS_PLANNED, ""]["objective_musd"]
        assert pair["objective_musd_together"] == pytest.approx(together, abs=1e-6)
        alone = one["objective_musd_change"] + other["objective_musd_change"]
        assert pair["objective_musd_interaction"] == pytest.approx(together - alone, abs=1e-6)
    assert "Two at once" in "\n".join(sensitivity_lines(found))
    assert list(found.tables()) == ["sensitivity", "deciding", "interactions"]


def test_the_first_of_each_headline_are_a_table_and_a_page(found: Sensitivity) -> None:
    table = found.deciding()
    for metric, part in table.groupby("headline", sort=False):
        ranked = found.ranked(str(metric), 5)
        assert part["assumption"].tolist() == [name for name, _ in ranked]
        assert part["low_change"].tolist()[0] == pytest.approx(ranked[0][1].get("low", np.nan), nan_ok=True)
    page = sensitivity_html(found)
    assert "Which assumptions decide: toy" in page
    assert all(name in page for name in set(table[table["headline"] == "cost_musd"]["assumption"]))


def test_plans_for_either_end(plan: Path) -> None:
    """What no number of the plan states; a name of the table of sources is told as there, and is changed once."""
    folder = plan.parent / "ends"
    folder.mkdir()
    for end, value in (("low", 0.8), ("high", 0.9)):
        adjust = f"adjust: [{{table: regions, set: {{nameplate_frac: {value}}}}}]\n"
        words = f"extends: ../plan.yaml\nname: {end}\nwhy: tried\n{adjust}"
        (folder / f"nameplate.{end}.yaml").write_text(words, encoding="utf-8")
    base = api.load(plan)
    first, *others = assumptions(base, 0.1, ("estimates", "files"), folder)
    assert (first.name, first.kind, first.note, first.stated("low")) == ("nameplate", FILES, "why nameplate", "0.800 frac")
    assert "nameplate" not in {each.name for each in others}
    found = api.sensitivity(plan, of=["files"], ends=folder, interactions=True)
    low = solve(prepare(api.load(folder / "nameplate.low.yaml"))).proof.objective_musd
    assert found.rows["objective_musd"][1] == pytest.approx(low, rel=1e-7)
    assert found.rows["set"].tolist() == ["", *(str(folder / f"nameplate.{end}.yaml") for end in ("low", "high"))]
    assert not len(found.pairs)
    (folder / "nameplate.low.yaml").unlink()
    with pytest.raises(UsageError, match=r"nameplate\.low\.yaml is missing"):
        api.sensitivity(plan, ends=folder)
    (folder / "other.yaml").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"other\.yaml does not say which end it is"):
        api.sensitivity(plan, ends=folder)
    with pytest.raises(UsageError, match="no plans found"):
        api.sensitivity(plan, ends=folder / "nowhere")
    with pytest.raises(UsageError, match="--of files needs --ends"):
        api.sensitivity(plan, of=["files"])


def test_the_largest_change_comes_first() -> None:
    changes = {"a": (-1.0, 2.0), "b": (-5.0, 0.0), "c": (0.0, 1e-12), "d": (np.nan, 3.0)}
    rows = [{**dict.fromkeys(COLUMNS, ""), **dict.fromkeys(METRICS, 10.0), "assumption": AS_PLANNED, "status": "optimal"}]
    for name, ends in changes.items():
        for end, change in zip(("low", "high"), ends, strict=True):
            status = "optimal" if change == change else "infeasible"
            row = {**rows[0], "assumption": name, "end": end, "stated": end, "status": status}
            rows.append({**row, "cost_musd": 10 + change, "cost_musd_change": change})
    table = pd.DataFrame(rows)
    for name in METRICS:
        table[f"{name}_change"] = pd.to_numeric(table[f"{name}_change"], errors="coerce")
    made = Sensitivity("toy", table, 0)
    assert [name for name, _ in made.ranked("cost_musd", 9)] == ["b", "d", "a"]
    assert made.ranked("cost_musd", 1) == [("b", {"low": -5.0, "high": 0.0})]
    assert made.ranked("served_frac", 5) == []
    text = "\n".join(sensitivity_lines(made))
    assert "Cost, million USD: 10.000 as planned" in text
    assert "no plan" in text
    assert "no change" in text
    assert "D, low (low): infeasible." in text
    assert tornado_picture(made).startswith("<svg")


@pytest.mark.parametrize(
    ("base", "change", "kept"), [(0.0, -1e-13, 0.0), (0.0, -1e-8, -1e-8), (1e6, 1e-4, 0.0), (1e6, 0.1, 0.1)]
)
def test_what_two_solves_of_one_plan_differ_by_is_no_change(base: float, change: float, kept: float) -> None:
    assert without_noise(change, base) == kept


def test_the_command_keeps_its_points(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sensitivity", str(plan), "--of", "estimates", "-o", str(tmp_path / "out")]
    assert cli.main(words) == 0
    assert "Pue, low (0.500 frac): refused" in capsys.readouterr().out
    names = ["deciding.csv", "points", *(f"sensitivity.{ending}" for ending in ("csv", "html", "json", "png", "xlsx"))]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert cli.main([*words, "--json"]) == 0
    assert '"kept": 5' in capsys.readouterr().out


def test_usage(plan: Path) -> None:
    with pytest.raises(UsageError, match="'judgements' is unknown"):
        api.sensitivity(plan, of=["judgements"])
    with pytest.raises(UsageError, match="more than 0%"):
        api.sensitivity(plan, 0.0)
    with pytest.raises(UsageError, match="no table of sources"):
        api.sensitivity(api.STARTING_PLAN, of=["estimates"])
