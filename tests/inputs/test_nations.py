"""Nations: envelopes by hand, who lives under which law, and what the scenarios about nations name."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from claims import judged, verdict
from derivation.evidence import Evidence
from planner import api

INPUTS = Path(__file__).parents[2] / "inputs"


def rows_of(name: str) -> list[dict[str, str]]:
    with (INPUTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scenario(name: str) -> Any:
    return yaml.safe_load((INPUTS / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("country", "first", "last", "mw"),
    [
        # half of the mean growth of five years, drawn for 8766 h at 0.7: (last - first) / 5 * 0.5 / 8766 h / 0.7
        ("US", 4043.18, 4519.79, 7767.2),
        ("CN", 7779.07, 10583.36, 45700.8),
        ("AE", 138.45, 177.26, 632.5),  # 2019 to 2024: no figure for 2025
        # generation fell: half a per cent of the last year instead
        ("DE", None, 500.47, 203.9),
    ],
)
def test_envelopes_by_hand(country: str, first: float | None, last: float, mw: float) -> None:
    growth = 0.005 * last if first is None else (last - first) / 5
    by_hand = growth * 1e6 * 0.5 / (8766 * 0.7)
    assert by_hand == pytest.approx(mw, abs=0.05)
    (row,) = [row for row in rows_of("reference/countries") if row["country_iso2"] == country]
    twh, share, load = (float(row[key]) for key in ("generation_growth_twh_per_year", "ai_share_frac", "load_frac"))
    assert twh * 1e6 * share / (8766 * load) == pytest.approx(by_hand, rel=1e-5)
    years = {
        int(row["year"]): float(row["generation_twh"])
        for row in rows_of("evidence/electricity_generation")
        if row["country_iso2"] == country
    }
    assert years[max(years)] == last
    assert first is None or years[max(years) - 5] == first


def test_generation_of_every_nation_since_2010() -> None:
    years: dict[str, set[int]] = {}
    for row in rows_of("evidence/electricity_generation"):
        years.setdefault(row["country_iso2"], set()).add(int(row["year"]))
    asked = {row["country_iso2"] for name in ("regions", "zones") for row in rows_of(f"reference/{name}")}
    assert asked <= set(years)
    assert all(each in (set(range(2010, 2026)), set(range(2010, 2025))) for each in years.values())


def test_where_a_bloc_is_no_law_each_nation_is_one() -> None:
    one_law = {row["bloc"]: row["one_law"] == "yes" for row in rows_of("evidence/blocs")}
    plan = api.load(INPUTS / "scenarios" / "nations.yaml")
    for name in ("regions", "zones"):
        stated = {row["region_id" if name == "regions" else "zone_id"]: row for row in rows_of(f"reference/{name}")}
        for place, bloc in plan.tables[name].select("region_id" if name == "regions" else "zone_id", "bloc"):
            row = stated[place]
            assert bloc == (row["bloc"] if one_law[row["bloc"]] else row["country_iso2"]), place


def test_what_people_say_stays_under_their_law_and_chinas_work_in_china() -> None:
    people = {row["class_id"] for row in rows_of("evidence/classes") if row["people"] == "yes"}
    plan = api.load(INPUTS / "scenarios" / "nations.yaml")
    laws = set(plan.tables["zones"].column("bloc"))
    rules = {(w, law): blocs for w, law, blocs in plan.tables["residency"].select("class_id", "from_bloc", "to_blocs")}
    assert set(rules) == {(w, law) for w in plan.tables["classes"].column("class_id") for law in laws}
    places = set(plan.tables["regions"].column("bloc"))
    for (w, law), blocs in rules.items():
        expected = {law} if w in people or law == "China" else places - {"China"}
        assert set(blocs) == expected, (w, law)


def test_open_borders_have_no_residency_and_differ_in_nothing_else() -> None:
    closed, opened = (api.load(INPUTS / "scenarios" / f"{name}.yaml") for name in ("nations", "nations-open"))
    assert len(closed.tables["residency"])
    assert not len(opened.tables["residency"])
    for name, table in closed.tables.items():
        if name != "residency":
            assert table.columns == opened.tables[name].columns, name


def test_clean_only_names_every_grid_above_the_threshold_and_every_plant_that_burns() -> None:
    plan, before = api.load(INPUTS / "scenarios" / "clean-only.yaml"), api.load(INPUTS / "reference.yaml")
    fuel = {option for option, fuel_id in plan.tables["options"].select("option_id", "fuel_id") if fuel_id}
    columns = ("region_id", "option_id", "carbon_kg_per_mwh", "step_mw_per_month")
    for new, old in zip(plan.tables["power"].select(*columns), before.tables["power"].select(*columns), strict=True):
        region, option, carbon, step = new
        grows = option not in fuel and (carbon is None or carbon < 100)
        assert step == (old[3] if grows else 0), (region, option)


def test_verdicts_by_hand() -> None:
    told = {row["claim"]: (row["data"], row["verdict"]) for row in judged(Evidence(INPUTS / "evidence"))}
    names = {row["claim_id"]: row["claim"] for row in rows_of("evidence/claims")}
    by_hand = {
        "china_generation": ("9,456 TWh", "right"),  # 9400 / 9456.45 = 0.994
        "china_share": ("31.9 %", "right as a round figure, 6% low"),  # 9456.45 / 29665.34; 30 / 31.877 = 0.941
        "china_to_india": ("4.93 times", "right"),  # 9456.45 / 1918.26
        "china_to_us": ("2.22 times", "right as a round figure, 10% low"),  # 9456.45 / 4253.91; 2 / 2.223 = 0.900
        "china_generation_2026": ("11,144 TWh", "no number to compare"),  # 10583.36 + (10583.36 - 7779.07) / 5
        "gpt4_training": ("44 to 62 GWh", "too high, 1.9 to 2.7 times the data"),  # 120 / 62, 120 / 44
        "doubling_since_2010": ("5.17 to 6 months", "too low, 0.5 to 0.77 times the data"),  # 12 / log2(5), 12 / log2(4)
        "doubling_2012_2018": ("3.4 months", "right"),
        "data_centres_2026": ("678 TWh", "right"),  # 415 * 1.17 ** 2 + 110
    }
    assert {names[claim]: words for claim, words in by_hand.items()} == told


@pytest.mark.parametrize(
    ("claim", "data", "words"),
    [
        ((10, 10), (10.4, 10.4), "right"),
        ((10, 10), (11, 11), "right as a round figure, 9% low"),
        ((10, 10), (9, 9), "right as a round figure, 11% high"),
        ((10, 12), (11, 30), "right"),
        ((10, 10), (5, 5), "too high, 2 times the data"),
        ((10, 20), (40, 80), "too low, 0.12 to 0.5 times the data"),
        (None, (1, 1), "no number to compare"),
    ],
)
def test_a_verdict_is_computed(claim: Any, data: Any, words: str) -> None:
    assert verdict(claim, data) == words


def test_claims_print_as_the_document_has_them() -> None:
    printed = subprocess.run([sys.executable, str(INPUTS / "claims.py")], capture_output=True, text=True, check=True).stdout
    assert printed in (INPUTS.parent / "docs" / "nations.md").read_text(encoding="utf-8")
