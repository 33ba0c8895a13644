"""The recipes of docs/data-in.md: each map reads a small file in the shape that the page shows into a plan that is sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from planner.api import STARTING_PLAN, check, load, propose_map
from planner.plan.plan import Plan

PAGE = (Path(__file__).parents[1] / "docs" / "data-in.md").read_text(encoding="utf-8")
RECIPE = re.compile(r"<!-- recipe( of rows)?: (\w+) \| ([^\n]*) -->\n```yaml\n(.*?)\n```", flags=re.DOTALL)
HOURS = [(month, hour) for month in range(1, 13) for hour in range(24)]

ROWS = {
    "Chip": ["GB300,Jan-27,6000,firm,", 'GB300,01/2027,"2,000",firm,x', "Rubin,2027-02,500.5,firm,", "Rubin,2027-02,9,option,"],
    '"MTU': [f'"15/{m:02d}/2026 {h:02d}:00:00 - 15/{m:02d}/2026 {h:02d}:15:00","BZN|FR","{h - 2.5}"' for m, h in HOURS]
    + ['"15/01/2026 05:15:00 - 15/01/2026 05:30:00","BZN|FR","n/e"'],
    "Datum": [f"15.{m:02d}.2026 {h:02d}:00;15.{m:02d}.2026 {h:02d}:59;{h - 3},5" for m, h in HOURS],
    "Delivery": [f"{m:02d}/15/2026,{h + 1:02d}:00,N,HB_HOUSTON,{h}.25" for m, h in HOURS] + ["01/15/2026,01:00,N,LZ_WEST,99"],
    "INTERVAL": [f"2026-{m:02d}-15T{h:02d}:00:00-00:00,TH_NP15,LMP,{h}.5" for m, h in HOURS]
    + ["2026-01-15T00:00:00-00:00,TH_NP15,MCC,-3"],
    "Average": ["us_east,12,31,168", "us_west,52,34,108", "atlantis,1,2,3"],
    "q_id": ["1,active,TX,Gas,2,2027-04-15", "2,active,TX,Solar,1.5,2027-04-02", "3,withdrawn,TX,Gas,900,2027-04-02"],
    "Serial": [
        "A;Abilene;HGX H100;15.03.2023;1.024,5",
        "C;Abilene;HGX H100;20.03.2023;500",
        "B;Columbus;GB200;01.06.2025;800",
    ],
    "Quarter": [f"{year}-Q{quarter},1{quarter}00" for year in (2027, 2028, 2029) for quarter in (1, 2, 3, 4)],
    "Google": ["us-east5,Columbus,0.5,410.2", "europe-north1,Finland,0.9,39", "asia-east1,Taiwan,0.2,440"],
    "technology": [
        "gas engine,investment,1400,EUR/kW,DEA,x",
        "fuel cell,investment,3000,EUR/kW,DEA,",
        "fuel cell,FOM,3,%,DEA,",
    ],
    "Hardware": ["NVIDIA H100 SXM5,NVIDIA,700,9.89e14", "NVIDIA GB300,NVIDIA,1400,2.5e15", "Other,Other,1,1"],
}
"""By the first word of the title row."""

VALUES = {
    "Chip": lambda plan: plan.tables["deliveries"].value("kunit", "gb300_nvl72", "2027-01") == 8,
    '"MTU': lambda plan: profile(plan)[1, 5] == pytest.approx(2.5 * 1.08),
    "Datum": lambda plan: profile(plan)[7, 0] == pytest.approx(-3.5 * 1.08),
    "Delivery": lambda plan: profile(plan)[1, 0] == 0.25,
    "INTERVAL": lambda plan: (profile(plan)[1, 0], profile(plan)[7, 0]) == (8.5, 7.5),
    "Average": lambda plan: plan.tables["latency"].value("one_way_ms", "us_east", "us_ohio") == 6,
    "q_id": lambda plan: plan.tables["commitments"].column("build_mw") == [3.5],
    "Serial": lambda plan: plan.tables["fleet"].column("kunit") == [1.5245, 0.8],
    "Quarter": lambda plan: plan.tables["launch_price"].column("usd_per_kg")[:4] == [1100, 1100, 1100, 1200],
    "Google": lambda plan: plan.tables["power"].value("carbon_kg_per_mwh", "us_ohio", "grid") == 410.2,
    "technology": lambda plan: plan.tables["options"].value("capex_usd_per_kw", "fuel_cell") == 3240,
    "Hardware": lambda plan: plan.tables["accelerators"].value("kw_per_unit", "h100_sxm") == 1.26,
}


def profile(plan: Plan) -> dict[tuple[int, int], float]:
    table = plan.tables["profiles"]
    return {(month, hour): value for month, hour, value in table.select("calendar_month", "from_h", "value")}


def first_word(titles: str) -> str:
    return next(word for word in ROWS if titles.startswith(word))


def written(folder: Path, recipe: tuple[str, str, str, str]) -> Path:
    """The starting plan with one table by a recipe, in a folder of its own."""
    of_rows, table, titles, text = recipe
    for name in ("theirs.csv", "maps.yaml"):
        lines = [titles, *ROWS[first_word(titles)]]
        (folder / name).write_text("\n".join(lines) + "\n" if name == "theirs.csv" else text, encoding="utf-8")
    file = {"file": "theirs.csv", "map": "maps.yaml"}
    stated = {"adjust": [{"table": table, "rows": file}]} if of_rows else {"tables": {table: file}}
    path = folder / "case.yaml"
    path.write_text(yaml.safe_dump({"extends": "plan.yaml", "why": "a file of another shape", **stated}), encoding="utf-8")
    return path


RECIPES = RECIPE.findall(PAGE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    for path in [STARTING_PLAN, *(STARTING_PLAN.parent / "tables").glob("*.csv")]:
        (tmp_path / path.relative_to(STARTING_PLAN.parent)).write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: f"{recipe[1]} {first_word(recipe[2])}")
def test_a_recipe_reads_its_file(recipe: tuple[str, str, str, str], folder: Path) -> None:
    plan = load(written(folder, recipe))
    assert VALUES[first_word(recipe[2])](plan)
    assert len(plan.mapped) == 1
    check(plan)


def test_there_is_a_recipe_for_ten_kinds() -> None:
    assert sorted(first_word(recipe[2]) for recipe in RECIPES) == sorted(ROWS)


@pytest.mark.parametrize("word", ["Chip", "Datum", "Average", "Serial"])
def test_a_map_is_proposed_that_says_what_it_guessed(word: str, folder: Path) -> None:
    recipe = next(one for one in RECIPES if first_word(one[2]) == word)
    written(folder, recipe)
    found = propose_map(folder / "theirs.csv", recipe[1])
    stated = yaml.safe_load(found.text)[recipe[1]]
    assert set(yaml.safe_load(recipe[3])[recipe[1]]["columns"]) <= set(stated["columns"])
    assert found.guesses == found.text.count("# guess: ")
