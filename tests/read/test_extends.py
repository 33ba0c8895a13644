"""Plans that extend plans, and files that stay inside the folder of the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.read.load import load
from tests.read.refusals import refused_plan
from tests.read.toy import write_plan

WHY = "why: because\n"


def extend(folder: Path, text: str, name: str = "scenario.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_only_what_differs(tmp_path: Path) -> None:
    write_plan(tmp_path)
    path = extend(
        tmp_path,
        "extends: ../plan.yaml\nwhy: Demand\n  runs away.\ndemand: {doubling_months: 3}\ncarbon: {usd_per_tco2: 5}\n",
        "scenarios/fast.yaml",
    )
    plan = load(path)
    assert plan.name == "fast"
    assert plan.why == "Demand runs away."
    assert plan.settings.demand.doubling_months == 3
    assert plan.settings.network.same_metro_km == 50
    assert plan.settings.carbon.usd_per_tco2 == 5
    assert [source.name for source in plan.sources[:2]] == ["scenarios/fast.yaml", "plan.yaml"]
    assert plan.setting_place("demand.doubling_months").source.name == "scenarios/fast.yaml"
    assert plan.setting_place("months").source.name == "plan.yaml"
    mapping = plan.to_mapping()
    assert mapping["chain"] == [
        {"file": "scenarios/fast.yaml", "name": "fast", "why": "Demand runs away."},
        {"file": "plan.yaml", "name": "toy", "why": ""},
    ]
    assert mapping["tables"]["regions"] == "tables/regions.csv"


def test_a_chain_of_three(tmp_path: Path) -> None:
    write_plan(tmp_path)
    extend(tmp_path, "extends: plan.yaml\n" + WHY + "months: 3\nobjective: energy\n", "middle.yaml")
    plan = load(extend(tmp_path, "extends: middle.yaml\n" + WHY + "months: 2\n", "top.yaml"))
    assert (plan.settings.months, plan.settings.objective, plan.settings.boundary) == (2, "energy", "facility")


def test_a_table_of_its_own_and_one_removed(tmp_path: Path) -> None:
    write_plan(tmp_path)
    own = tmp_path / "scenarios" / "dark.csv"
    own.parent.mkdir()
    own.write_text("generation_id,kunit,source,quality\nbeta,7,toy,estimate\n")
    text = "extends: ../plan.yaml\n" + WHY + "tables: {dark: dark.csv, links: null}\n"
    plan = load(extend(tmp_path, text, "scenarios/x.yaml"))
    assert list(plan.tables["dark"].select("generation_id", "kunit")) == [("beta", 7)]
    assert plan.tables["dark"].resolved["file"] == ["scenarios/dark.csv"]
    assert len(plan.tables["links"]) == 0
    assert "links" not in plan.to_mapping()["tables"]


def test_files_are_hashed_as_read(tmp_path: Path) -> None:
    import hashlib

    plan = load(write_plan(tmp_path))
    files = {one["file"]: one["sha256"] for one in plan.files()}
    assert len(files) == 1 + len([name for name, table in plan.tables.items() if len(table)])
    for name, digest in files.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest


EXTENDS_REFUSED = [
    (
        "extends: plan.yaml\nmonths: 3\n",
        "scenario.yaml:1:1: why is missing: expected a sentence that says why this plan extends another",
    ),
    ("extends: plan.yaml\nwhy: ''\n", "scenario.yaml:2:6: why = (empty): expected a text"),
    ("extends: plna.yaml\n" + WHY, "scenario.yaml:1:10: plna.yaml: no such file (did you mean plan.yaml?)"),
    ("extends: scenario.yaml\n" + WHY, "scenario.yaml:1:10: circular extends: scenario.yaml -> scenario.yaml"),
    ("extends: [a, b]\n" + WHY, "scenario.yaml:1:10: extends = (empty): expected the path of a plan"),
    ("extends: /plan.yaml\n" + WHY, "scenario.yaml:1:10: /plan.yaml: expected a path relative to this file, with /"),
    (
        "extends: plan.yaml\n" + WHY + "tables: {dark: ../dark.csv}\n",
        "scenario.yaml:3:16: ../dark.csv: expected a path inside here/, the folder of the plan",
    ),
    (
        "extends: plan.yaml\n" + WHY + "tables: {dark: /etc/passwd}\n",
        "scenario.yaml:3:16: /etc/passwd: expected a path relative to this file, with /",
    ),
    (
        "extends: plan.yaml\n" + WHY + "tables: {dark: link.csv}\n",
        "scenario.yaml:3:16: link.csv: expected a path inside here/, the folder of the plan",
    ),
    ("extends: plan.yaml\n" + WHY + "tables: {drak: dark.csv}\n", "scenario.yaml:3:10: unknown table drak"),
]


@pytest.mark.parametrize(("text", "finding"), EXTENDS_REFUSED)
def test_refused(text: str, finding: str, tmp_path: Path) -> None:
    here = tmp_path / "here"
    write_plan(here)
    (tmp_path / "outside.csv").write_text("generation_id,kunit,source,quality\n")
    (here / "link.csv").symlink_to(tmp_path / "outside.csv")
    assert refused_plan(extend(here, text)) == [finding]


def test_a_circle_of_two(tmp_path: Path) -> None:
    extend(tmp_path, "extends: b.yaml\n" + WHY, "a.yaml")
    extend(tmp_path, "extends: a.yaml\n" + WHY, "b.yaml")
    assert refused_plan(tmp_path / "a.yaml") == ["b.yaml:1:10: circular extends: a.yaml -> b.yaml -> a.yaml"]


def test_a_chain_too_long(tmp_path: Path) -> None:
    for number in range(12):
        extend(tmp_path, f"extends: p{number + 1}.yaml\n" + WHY, f"p{number}.yaml")
    assert refused_plan(tmp_path / "p0.yaml") == ["p9.yaml:1:10: more than 10 plans extend each other"]
