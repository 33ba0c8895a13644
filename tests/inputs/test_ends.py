"""Plans with a judgement at either end are the reference with the tables that are derived from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivation.evidence import INPUTS, Evidence
from derive import derive
from ends import heaviest, texts, write_ends
from planner import api

KEYS = ["connection_life_years", "plan.demand.doubling_months"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("in") / "ends"
    assert [path.name for path in write_ends(KEYS, found)] == [f"{key}.{end}.yaml" for key in KEYS for end in ("low", "high")]
    return found


def test_a_plan_holds_the_tables_of_its_end(folder: Path) -> None:
    plan = api.load(folder / "connection_life_years.high.yaml")
    derived = derive(Evidence(INPUTS / "evidence", {"connection_life_years": "high"}))["options"]
    lives = {row["option_id"]: float(row["life_years"]) for row in derived}
    assert (
        dict(zip(plan.tables["options"].column("option_id"), plan.tables["options"].column("life_years"), strict=True)) == lives
    )
    assert lives["grid"] == float(Evidence(INPUTS / "evidence").judgements["connection_life_years"]["high"])
    assert sorted(path.name for path in (folder / "connection_life_years.high").iterdir()) == ["options.csv"]


def test_what_the_plan_file_states_is_set(folder: Path) -> None:
    plans = [api.load(folder / f"plan.demand.doubling_months.{end}.yaml") for end in ("low", "high")]
    row = Evidence(INPUTS / "evidence").judgements["plan.demand.doubling_months"]
    assert [plan.settings.demand.doubling_months for plan in plans] == [float(row["low"]), float(row["high"])]


def test_the_heaviest_come_first() -> None:
    ev = Evidence(INPUTS / "evidence")
    weights = {row["cited_as"]: float(row["effect_musd"]) for row in ev.tables["effects"] if row["kind"] == "judgement"}
    found = heaviest(ev, 20)
    assert len(found) == 20
    assert [weights[key] for key in found] == sorted((weights[key] for key in found), reverse=True)
    assert all(key in ev.judgements for key in found)


def test_a_table_is_compared_without_its_sources() -> None:
    assert texts({"a": [{"x": 1.0, "source": "one", "quality": "estimate"}]}) == {"a": [["1"]]}
