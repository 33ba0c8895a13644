"""Groups of regions: ranges that ties leave, by hand; a run with groups, its text and tables; what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.api import load, solve
from planner.cli import main
from planner.errors import UsageError
from planner.runs.groups import ALL, Groups, groups, shares
from planner.runs.read import Written
from planner.write.folder.result_folder import write_run
from planner.write.text.groups import groups_lines
from tests.read.toy import write_plan

GROUP = {"near": "east", "far": "west", "city": "west"}
MAY = {("a", "fast", "near"), ("b", "fast", "city"), *((z, w, x) for z in ("a", "b") for w in ("bulk", "chat") for x in GROUP)}


def by_hand() -> Written:
    """70 served in the west, 50 in the east: fast work of a is bound to the east, that of b to the west."""
    rows = [("a", "fast", "near", 10.0), ("b", "fast", "city", 20.0), ("a", "bulk", "far", 50.0)]
    rows += [("a", "bulk", "near", 10.0), ("b", "chat", "near", 30.0)]
    serve = pd.DataFrame(rows, columns=["pool_id", "class_id", "place_id", "serve_kh100e"]).assign(month="2027-01")
    classes = pd.DataFrame({"class_id": ["fast", "bulk", "chat"], "gbit_s_per_kh100e": ["5", "1", "3"]})
    return Written(Path(), {}, {}, ("2027-01",), {"classes": classes}, {"serve": serve})


def test_the_range_that_ties_leave() -> None:
    """Of 70 in the west 20 are bound there. 50 more are bulk (60 asked) or chat (30): bulk 20 to 50, chat 0 to 30."""
    served, network = shares(by_hand(), GROUP, MAY)
    west = served[served["group"] == "west"].set_index("class_id")
    assert west.loc["fast", ["least_frac", "most_frac"]].tolist() == pytest.approx([20 / 30, 20 / 30])
    assert west.loc["bulk", ["least_frac", "most_frac"]].tolist() == pytest.approx([20 / 60, 50 / 60])
    assert west.loc["chat", ["least_frac", "most_frac"]].tolist() == pytest.approx([0, 1])
    assert west.loc[ALL, ["share_frac", "least_frac", "most_frac"]].tolist() == pytest.approx([70 / 120] * 3)
    assert served.groupby(["class_id", "month"])["share_frac"].sum().tolist() == pytest.approx([1] * 4)
    # 20 x 5 of fast work, then 50 of bulk, or 30 of chat and 20 of bulk
    needed = network.set_index("group").loc["west", ["least_gbit_s", "most_gbit_s"]].tolist()
    assert needed == pytest.approx([100 + 50, 100 + 90 + 20])


def grouped(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "group": {"ohio": "new", "bavaria": "old"}[row["region_id"]]} for row in rows]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The toy with groups; the same with nothing served in the old world; a copy without groups, and one of fewer months."""
    folder = tmp_path_factory.mktemp("groups")
    none = [{"share_id": "none", "to": "old", "max_frac": 0, "source": "t", "quality": "estimate"}]
    given: dict[str, dict[str, Any]] = {
        "free": {"regions": grouped},
        "held": {"regions": grouped, "shares": none},
    }
    for name, changes in given.items():
        write_run(solve(load(write_plan(folder / f"{name}-plan", **changes))), folder / name, workbook=False)
    for name, file, before, after in (
        ("plain", "regions.csv", ",new,", ",,"),
        ("short", "plan.yaml", "months: 4", "months: 3"),
    ):
        shutil.copytree(folder / "free", folder / name)
        text = (folder / name / "inputs" / file).read_text(encoding="utf-8")
        assert before in text
        (folder / name / "inputs" / file).write_text(text.replace(before, after).replace(",old,", ",,"), encoding="utf-8")
    return {name: folder / name for name in (*given, "plain", "short")}


@pytest.fixture(scope="module")
def found(runs: dict[str, Path]) -> Groups:
    return groups(runs["free"], runs["held"])


def test_totals_are_those_of_the_run(runs: dict[str, Path], found: Groups) -> None:
    demand = pd.read_csv(runs["free"] / "tables" / "demand.csv").groupby("month")["served_kh100e"].sum()
    everything = found.served[found.served["class_id"] == ALL].groupby("month")["serve_kh100e"].sum()
    assert everything.to_dict() == pytest.approx(demand.to_dict())
    limits = pd.read_csv(runs["free"] / "tables" / "limits.csv")
    of_regions = limits["where"].str.match("ohio|bavaria|dawn")
    assert found.limits["rent_musd"].sum() == pytest.approx(limits.loc[of_regions, "rent_musd"].sum())


def test_what_is_saved_is_the_difference_of_the_costs(runs: dict[str, Path], found: Groups) -> None:
    free, held = (pd.read_csv(runs[name] / "tables" / "costs.csv")["cost_musd"].sum() for name in ("free", "held"))
    assert found.saved["total_musd"].sum() == pytest.approx(held - free)
    assert held > free
    carbon = [pd.read_csv(runs[name] / "tables" / "power.csv")["carbon_tco2"].sum() for name in ("held", "free")]
    assert found.saved["carbon_tco2"].sum() == pytest.approx(carbon[0] - carbon[1])
    nothing = groups(runs["held"]).served
    assert nothing.loc[nothing["group"] == "old", "serve_kh100e"].max() == pytest.approx(0, abs=1e-9)


def test_the_text_says_it(found: Groups) -> None:
    text = "\n".join(groups_lines(found))
    assert "old, all" in text
    assert "limit_" not in text
    total = found.saved["total_musd"].sum()
    (line,) = [line for line in text.splitlines() if line.strip().startswith("saved, 2028")]
    assert f"{total:,.0f}" in line


def test_a_run_edited_by_hand_is_said_to_be(runs: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(runs["free"], tmp_path / "edited")
    assert not any(line.startswith("note: ") for line in groups_lines(groups(runs["free"])))
    table = tmp_path / "edited" / "tables" / "costs.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    told = groups_lines(groups(tmp_path / "edited"))
    assert told[1].endswith("edited is not as its run wrote it: tables/costs.csv was changed after it was written")


def test_the_command(runs: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["groups", str(runs["free"]), str(runs["held"]), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").rglob("*.csv")} >= {"served", "network", "limits", "years", "saved"}
    assert main(["groups", str(runs["plain"])]) == 2
    assert "no region has a group: state one in the column group of regions" in capsys.readouterr().err


def test_other_months_are_refused(runs: dict[str, Path]) -> None:
    with pytest.raises(UsageError, match="expected two runs over the same months"):
        groups(runs["free"], runs["short"])
