"""The inputs behind a value: rows of every table that a key leads to, and of no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner import api
from planner.schema.tables import tables
from planner.studies.explain.evidence import UNUSED
from tests.read.toy import Rows, edit, write_plan


def sourced(*rows: dict[str, object]) -> Rows:
    return [{**row, "source": "toy", "quality": "estimate"} for row in rows]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which every table that may be left out has a row."""
    base = tmp_path_factory.mktemp("evidence")
    path = write_plan(
        base / "plan",
        months=3,
        plan={"slices": 4},
        accelerators=edit({"generation_id": "alpha"}, owner_id="maker"),
        owners=sourced({"owner_id": "maker", "name": "Maker", "power_frac": 0.3}, {"owner_id": "other", "name": "Other"}),
        power_rights=sourced(
            {"owner_id": "maker", "region_id": "ohio", "power_frac": 0.4},
            {"owner_id": "maker", "region_id": "bavaria", "power_frac": 0.5},
        ),
        power=edit({"region_id": "ohio", "option_id": "grid"}, profile_id="nights"),
        classes=edit({"class_id": "chat"}, profile_id="awake"),
        profiles=sourced(
            *({"profile_id": "nights", "from_h": h, "kind": "price_shape", "value": 1 + h % 2} for h in range(24)),
            *({"profile_id": "awake", "from_h": h, "kind": "demand_shape", "value": 1 + h % 3} for h in range(24)),
        ),
        latency=sourced({"from_id": "new_york", "to_id": "ohio", "one_way_ms": 9}),
        latency_targets=sourced({"target_id": "near", "from": "new_york", "to": "ohio", "one_way_ms": 20}),
        routes=sourced(
            {"route_id": "wide", "from": "", "to": "us", "gbit_s": 900},
            {"route_id": "east", "from": "munich", "to": "bavaria", "gbit_s": 800},
        ),
        shares=sourced(
            {"share_id": "home", "class_id": "*", "from_bloc": "us", "to": "ohio", "min_frac": 0.1},
            {"share_id": "late", "class_id": "*", "from_bloc": "us", "to": "ohio", "max_frac": 0.9, "from_month": "2028-03"},
            {"share_id": "away", "class_id": "chat", "from_bloc": "us", "to": "bavaria", "max_frac": 0.9},
        ),
        links=sourced({"region_id": "ohio", "gbit_s": 900}, {"region_id": "bavaria", "gbit_s": 500}),
        training_runs=sourced(
            *(
                {"run_id": f"big_{zone}", "zone_id": zone, "class_id": "batch", "energy_gwh": 1, "kw_per_h100e": 1}
                | {"duration_months": 3, "runs_per_year": 2}
                for zone in ("munich", "new_york")
            )
        ),
    )
    return api.run(api.load(path), base / "run").folder


ANSWERS = {
    "region=ohio,option=grid,month=2028-02": "commitments[ohio, grid, 2028-02] power[ohio, grid] regions[ohio] options[grid]"
    " countries[US] links[ohio] profiles[nights]",
    "region=ohio,option=gas_engine,month=2028-02": "power[ohio, gas_engine] fuels[ohio, gas] regions[ohio]"
    " options[gas_engine] supply[gas_engine, 2028-02] countries[US] links[ohio]",
    "pool=new_york,class=chat,region=ohio,month=2028-02": "shares[home] demand[new_york, chat] latency[new_york, ohio]"
    " routes[wide] regions[ohio] countries[US] links[ohio] zones[new_york] classes[chat] profiles[awake]",
    "pool=europe,class=batch,region=bavaria,month=2028-01": "residency[batch, europe] demand[munich, batch]"
    " training_runs[big_munich] routes[east] regions[bavaria] links[bavaria] zones[munich] classes[batch]",
    "region=ohio,generation=beta,month=2028-02": "deliveries[beta, 2028-02] regions[ohio] countries[US] links[ohio]"
    " accelerators[beta]",
    "region=ohio,generation=alpha,month=2028-02": "fleet[ohio, alpha, 2023-01] deliveries[alpha, 2028-02] regions[ohio]"
    " countries[US] links[ohio] accelerators[alpha] dark[alpha] owners[maker] power_rights[maker, ohio]",
    "table=launch,month=2028-03": "designs[dawn] launch_price[dawn, 2028-03] launch[2028-03]",
}


@pytest.mark.parametrize("question", ANSWERS)
def test_keys_lead_to_the_rows_behind_a_value(folder: Path, question: str) -> None:
    found = [each.name for each in api.why(folder, question).evidence if each.quality != "setting"]
    assert sorted(found) == sorted(ANSWERS[question].replace("] ", "];").split(";"))


def test_hours_of_a_profile_are_one_thing(folder: Path) -> None:
    found = api.why(folder, "region=ohio,option=grid,month=2028-02").evidence
    (nights,) = [each for each in found if each.name == "profiles[nights]"]
    assert nights.values == {"rows": 24}
    assert nights.at == "tables/profiles.csv:2"


def test_every_table_that_a_plan_depends_on_is_named_somewhere(folder: Path) -> None:
    named = {name.partition("[")[0] for answer in ANSWERS.values() for name in answer.replace("] ", "];").split(";")}
    # of which this plan has none
    elsewhere = {"targets", "reservations", "payments", "projects", "chip_moves", "arrivals", "vintages", "charges"}
    assert named == {*tables()} - {*UNUSED} - elsewhere
