"""The shipped tables are current, complete and consistent with the evidence and the judgements that they name."""

from __future__ import annotations

import csv
import itertools
import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from derivation.chips import accelerators, stock
from derivation.evidence import Evidence, parts
from derivation.places import places
from derive import derive, write
from planner.schema.tables import tables

INPUTS = Path(__file__).parents[2] / "inputs"
EVIDENCE = INPUTS / "evidence"
REFERENCE = INPUTS / "reference"
SCENARIOS = sorted((INPUTS / "scenarios").glob("*.yaml"))
QUALITIES = {"measured", "published_forecast", "estimate"}

MAY_BE_NEGATIVE = {"latitude_deg", "longitude_deg", "energy_growth_frac_per_year", "value"}  # exchange prices at noon

Rows = list[dict[str, str]]


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reference(name: str) -> Rows:
    return rows_of(REFERENCE / f"{name}.csv")


def plan() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((INPUTS / "reference.yaml").read_text(encoding="utf-8"))
    return found


def test_the_shipped_tables_are_current(tmp_path: Path) -> None:
    write(derive(Evidence(EVIDENCE)), tmp_path)
    shipped = {path.name: path.read_bytes() for path in REFERENCE.iterdir()}
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(shipped) == sorted(written)
    stale = [name for name in shipped if shipped[name] != written[name]]
    assert stale == [], "run `python inputs/derive.py`"


def test_every_judgement_has_its_range_and_its_sentence() -> None:
    rows = rows_of(EVIDENCE / "judgements.csv")
    for row in rows:
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row["key"]
        assert row["sentence"].endswith("."), row["key"]
        assert row["unit"], row["key"]
        assert row["year"], row["key"]
        assert row["source"], row["key"]
        assert row["quality"] == "estimate", row["key"]
    assert len({row["key"] for row in rows}) == len(rows)


def test_every_judgement_is_used() -> None:
    evidence = Evidence(EVIDENCE, {"longest_lead_months": "high"})  # with the plants beyond the horizon
    derive(evidence)  # a key that does not exist would raise here
    idle = {key for key in evidence.judgements if not key.startswith("plan.")} - evidence.judged
    assert idle == set()


def test_the_plan_states_the_judgements_that_it_carries_itself() -> None:
    for row in rows_of(EVIDENCE / "judgements.csv"):
        if row["key"].startswith("plan."):
            value: Any = plan()
            for part in row["key"].split(".")[1:]:
                value = value[part]
            assert value == float(row["value"]), row["key"]


@pytest.mark.parametrize("path", sorted(EVIDENCE.glob("*.csv")), ids=lambda path: path.stem)
def test_every_row_of_evidence_has_source_and_quality(path: Path) -> None:
    for line, row in enumerate(rows_of(path), start=2):
        assert row["source"], f"{path.name}:{line}"
        assert row["quality"] in QUALITIES, f"{path.name}:{line}"
        has_year = "year" in row or path.stem == "judgements"
        assert has_year, path.name


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.csv")), ids=lambda path: path.stem)
def test_every_row_of_the_plan_names_evidence_that_exists(path: Path) -> None:
    files = {evidence.name for evidence in EVIDENCE.glob("*.csv")} | {"fleet.csv"}  # demand follows from the fleet
    keys = {row["key"] for row in rows_of(EVIDENCE / "judgements.csv")}
    families = {f"{key.split('_')[0]}_*" for key in keys}
    for row in rows_of(path):
        named, judged = parts(row["source"])
        assert named or judged
        assert set(named) <= files
        assert set(judged) <= keys | families
        assert row["quality"] in QUALITIES


def test_the_plan_and_its_scenarios_name_every_table() -> None:
    plans = [plan(), *(yaml.safe_load(path.read_text(encoding="utf-8")) for path in SCENARIOS)]
    stated = [path for each in plans for path in each.get("tables", {}).values()]
    added = [change["rows"] for each in plans for change in each.get("adjust", []) if "rows" in change]
    named = {Path(path).name for path in [*stated, *added] if "reference" in Path(path).parts}
    assert named == {path.name for path in REFERENCE.iterdir()}


def test_forty_regions_and_twenty_zones() -> None:
    assert len(reference("regions")) == 40
    assert len(reference("zones")) == 20
    grid = {row["region_id"] for row in reference("power") if row["option_id"] == "grid"}
    assert grid == {row["region_id"] for row in reference("regions")}


def h100e_by_month(only_china: bool) -> dict[str, float]:
    chips = {row["generation_id"]: row for row in reference("accelerators")}
    total: dict[str, float] = defaultdict(float)
    for row in reference("deliveries"):
        chip = chips[row["generation_id"]]
        if (chip["only_countries"] == "CN") == only_china:
            total[row["month"]] += 1000 * float(row["kunit"]) * float(chip["h100e_per_unit"])
    return total


@pytest.mark.parametrize("only_china", [False, True])
def test_deliveries_add_up_to_the_years_and_do_not_jump(only_china: bool) -> None:
    judged = {row["key"]: float(row["value"]) for row in rows_of(EVIDENCE / "judgements.csv")}
    told = {
        row["period"]: float(row["value"])
        for row in rows_of(EVIDENCE / "chip_supply.csv")
        if row["metric"] == "model_new_compute"
    }
    months = h100e_by_month(only_china)
    for year in ("2027", "2028", "2029"):
        expected = judged[f"china_compute_{year}_h100e"] if only_china else told.get(year, judged["compute_2029_h100e"])
        assert sum(v for m, v in months.items() if m[:4] == year) == pytest.approx(expected, rel=1e-4)
    steps = list(months.values())
    assert len(steps) == 36
    assert all(1 <= later / earlier < 1.15 for earlier, later in itertools.pairwise(steps))


def test_no_chip_is_lost_between_fleet_and_pile() -> None:
    evidence = Evidence(EVIDENCE)
    chips = {row["generation_id"]: row for row in accelerators(evidence)}
    held = stock(evidence, chips)
    placed: dict[str, float] = defaultdict(float)
    for row in reference("fleet") + reference("dark"):
        placed[row["generation_id"]] += float(row["kunit"])
    assert placed == pytest.approx({gid: s["old"] + s["new"] for gid, s in held.items()}, rel=1e-4)


def overfull(table: Callable[[str], list[dict[str, Any]]]) -> list[str]:
    """Regions whose fleet does not fit their power or their halls at the start."""
    chips = {row["generation_id"]: row for row in table("accelerators")}
    load: dict[str, float] = defaultdict(float)
    for row in table("fleet"):
        load[row["region_id"]] += float(row["kunit"]) * float(chips[row["generation_id"]]["kw_per_unit"])
    firm = {row["option_id"]: float(row["firm_frac"]) for row in table("options")}
    firm_mw: dict[str, float] = defaultdict(float)
    for row in table("power"):
        firm_mw[row["region_id"]] += float(row["start_mw"]) * firm[row["option_id"]]
    found = []
    for region in table("regions"):
        rid = region["region_id"]
        facility_mw = load[rid] * float(region["pue"]) * float(region["nameplate_frac"])
        if facility_mw > firm_mw[rid] * (1 + 1e-9) or load[rid] > float(region["shell_start_mw"]) * (1 + 1e-9):
            found.append(rid)
    return found


def test_the_fleet_fits_the_power_and_the_halls_of_each_region() -> None:
    assert overfull(reference) == []


def test_chips_stand_only_where_they_may() -> None:
    chips = {row["generation_id"]: row for row in reference("accelerators")}
    country = {row["region_id"]: row["country_iso2"] for row in reference("regions")}
    for row in reference("fleet"):
        chip, here = chips[row["generation_id"]], country[row["region_id"]]
        assert here not in chip["not_countries"].split(";")
        assert not chip["only_countries"] or here in chip["only_countries"].split(";")


def test_every_zone_can_be_served_in_every_class() -> None:
    network = plan()["network"]
    allowed = {(row["class_id"], row["from_bloc"]): row["to_blocs"].split(";") for row in reference("residency")}
    for zone in reference("zones"):
        for kind in reference("classes"):
            places = [r for r in reference("regions") if r["bloc"] in allowed[kind["class_id"], zone["bloc"]]]
            nearest = min(great_circle_km(zone, place) for place in places)
            round_trip = network["rtt_intercept_ms"] + network["rtt_slope_ms_per_km"] * nearest
            assert not kind["latency_ms"] or round_trip <= float(kind["latency_ms"]), (zone["zone_id"], kind["class_id"])


def great_circle_km(one: dict[str, str], other: dict[str, str]) -> float:
    lat1, lon1, lat2, lon2 = (math.radians(float(p[k])) for p in (one, other) for k in ("latitude_deg", "longitude_deg"))
    part = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(part))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_says_why_and_what_it_changes(path: Path) -> None:
    scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert (path.parent / scenario["extends"]).is_file()
    assert scenario["why"].endswith(".")
    assert scenario["name"] == path.stem
    for change in scenario.get("adjust", []):
        columns = {field.name for field in tables()[change["table"]].columns}
        assert {*change.get("where", {}), *change.get("scale", {}), *change.get("set", {})} <= columns


def test_grid_as_usual_takes_the_low_end_of_the_evidence() -> None:
    steps = [row for row in rows_of(EVIDENCE / "judgements.csv") if row["key"].startswith("new_grid_power_mw_per_year_")]
    ratio = sum(float(row["low"]) for row in steps) / sum(float(row["value"]) for row in steps)
    scenario = yaml.safe_load((INPUTS / "scenarios" / "grid-as-usual.yaml").read_text(encoding="utf-8"))
    assert scenario["adjust"][0]["scale"]["step_mw_per_month"] == round(ratio, 2)


def test_another_end_of_a_judgement_and_of_evidence() -> None:
    def total(column: str, **overrides: str) -> float:
        evidence = Evidence(EVIDENCE, {key.replace("__", "."): value for key, value in overrides.items()})
        return float(sum(site[column] for site in places(evidence)))

    central = total("step_mw")
    assert total("step_mw", ai_share_of_new_power_elsewhere="low") < central
    assert total("step_mw", ai_share_of_new_power_elsewhere="0.8") > central
    assert total("step_mw", new_grid_power_mw_per_year_US="high") > central
    grid = total("grid_mw")
    assert total("grid_mw", onsite_start__on_site_start="high") < grid  # the total of a bloc is kept


def test_a_site_that_is_counted_higher_takes_from_its_bloc_and_adds_nothing() -> None:
    central, higher = (places(Evidence(EVIDENCE, end)) for end in ({}, {"power_growth.model_dc_power_mid_2026": "high"}))
    for bloc in ("US", "China", "Europe", "APAC", "RoW"):
        one, other = (sum(site["firm_mw"] for site in sites if site["bloc"] == bloc) for sites in (central, higher))
        assert one == pytest.approx(other)


def test_start_of_the_united_states_by_hand() -> None:
    """39.5 GW x 0.5 in mid-2026, and half a year of 11 GW x 0.65; plants on site are part of it, by what is firm of them."""
    here = [row["region_id"] for row in reference("regions") if row["bloc"] == "US"]
    start = {(r["region_id"], r["option_id"]): float(r["start_mw"]) for r in reference("power") if r["region_id"] in here}
    plants = {"gas_ocgt": (900 + 360 + 400, 0.85), "gas_reciprocating": (500, 0.9), "fuel_cell_sofc": (150 + 150 + 100, 0.95)}
    for option, (mw, _) in plants.items():
        assert sum(v for (_, p), v in start.items() if p == option) == mw
    firm = sum(mw * part for mw, part in plants.values())
    grid = sum(v for (_, p), v in start.items() if p == "grid")
    assert grid == pytest.approx(39_500 * 0.5 + 0.5 * 11_000 * 0.65 - firm, rel=1e-4)


@pytest.mark.slow
def test_every_end_of_every_judgement_derives() -> None:
    """No low or high value breaks the arithmetic or leaves the fleet without power."""
    for key in Evidence(EVIDENCE).judgements:
        for end in ("low", "high"):
            tables = derive(Evidence(EVIDENCE, {key: end}))
            values = [(k, v) for rows in tables.values() for row in rows for k, v in row.items() if isinstance(v, float)]
            wrong = {k for k, v in values if not math.isfinite(v) or (v < 0 and k not in MAY_BE_NEGATIVE)}
            assert wrong == set(), (key, end)
            assert overfull(tables.__getitem__) == [], (key, end)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(SystemExit, match="no such judgement or evidence: ai_shar"):
        Evidence(EVIDENCE, {"ai_shar": "low"})
