"""Bad tables and plans, each kind with the exact sentence and the place that it points to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.read.refusals import refused, refused_plan
from tests.read.toy import Rows, csv_text, edit, toy_design, toy_plan, toy_tables, write_plan

EVERY_MONTH = "expected every month of the plan, since tables/designs.csv has rows"
BLOCS = "a bloc of tables/zones.csv, tables/regions.csv or tables/designs.csv"
PLACES = (
    "a region_id, bloc or group of tables/regions.csv or a design_id or bloc of tables/designs.csv, or orbit"
    " (one of bavaria, dawn, europe, ohio, orbit, us)"
)
DOUBLING = "months in which demand doubles, unless its class says otherwise; 0: it does not grow"
GRID_CARBON = "expected a number in kg per MWh (grid has none in options.csv)"
OHIO_GRID = {"region_id": "ohio", "option_id": "grid"}
SHARE = {"share_id": "s", "to": "bavaria", "min_frac": 0.1, "max_frac": "", "source": "toy", "quality": "estimate"}


def share(**cells: Any) -> Rows:
    return [{**SHARE, **cells}]


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    # ---- names that point nowhere
    "unknown region": (
        {"power": edit({"region_id": "bavaria"}, region_id="bavria")},
        ["tables/power.csv:4:1: region_id = bavria: expected a region_id of tables/regions.csv (did you mean bavaria?)"],
    ),
    "demand for an unknown class": (
        {"demand": edit({"zone_id": "munich", "class_id": "chat"}, class_id="video")},
        ["tables/demand.csv:4:2: class_id = video: expected a class_id of tables/classes.csv (one of batch, chat)"],
    ),
    "a zone that asks for nothing": (
        {"demand": lambda rows: rows[:2]},
        ["tables/zones.csv:3:1: zone_id = munich: no row in tables/demand.csv"],
    ),
    "a plant without the price of its fuel": (
        {"fuels": None},
        ["tables/power.csv:3:2: no price of gas in the table fuels for ohio"],
    ),
    "a plant that burns nothing": (
        {"options": edit({"option_id": "gas_engine"}, fuel_id=""), "fuels": None},
        ["tables/options.csv:3:7: gas_engine: fuel_id = (empty): expected the fuel it burns"],
    ),
    "a grid without carbon": (
        {"power": edit(OHIO_GRID, carbon_kg_per_mwh="")},
        [
            f"tables/power.csv:2:11: carbon_kg_per_mwh = (empty): {GRID_CARBON}",
        ],
    ),
    "a commitment to nothing": (
        {"commitments": edit({}, region_id="bavaria", option_id="gas_engine")},
        ["tables/commitments.csv:2:2: bavaria, gas_engine: no such row in tables/power.csv (one of halls, grid)"],
    ),
    "supply with a gap": (
        {"supply": lambda rows: [rows[0], rows[3]]},
        [
            (
                "tables/supply.csv:3:2: gas_engine: supply lacks 2028-02 to 2028-03: add a row for each of these 2 months of"
                " the plan"
            )
        ],
    ),
    "residency in an unknown bloc": (
        {"residency": edit({}, to_blocs="europe;usa")},
        [f"tables/residency.csv:2:3: to_blocs = usa: expected {BLOCS} (did you mean us?)"],
    ),
    "a core worth less than the rest": (
        {"classes": lambda rows: [{**row, "core_frac": 0.2, "core_value_usd_per_h100e_h": 1.5} for row in rows]},
        ["tables/classes.csv:2:12: core_value_usd_per_h100e_h = 1.5: expected at least value_usd_per_h100e_h = 2"],
    ),
    "a fleet younger than the plan": (
        {"fleet": edit({"region_id": "ohio"}, delivered_to="2028-01")},
        ["tables/fleet.csv:2:5: delivered_to = 2028-01: expected a month before the start of the plan, 2028-01"],
    ),
    "a fleet delivered backwards": (
        {"fleet": edit({"region_id": "ohio"}, delivered_from="2026-05")},
        ["tables/fleet.csv:2:5: delivered_to = 2026-04: expected a month from delivered_from = 2026-05 on"],
    ),
    "two rows of the same chips": (
        {"fleet": lambda rows: [*rows, {**rows[0], "delivered_from": "2026-04", "delivered_to": "2026-09"}]},
        [
            (
                "tables/fleet.csv:4:4: ohio alpha: delivered_from = 2026-04: expected months of delivery that line 2 does not"
                " speak of"
            )
        ],
    ),
    "the same batch twice": (
        {"fleet": lambda rows: [*rows, {**rows[0], "kunit": 7}]},
        [
            (
                "tables/fleet.csv:4:1: region_id = ohio, generation_id = alpha, delivered_from = 2023-01: duplicate row,"
                " first in line 2 (several rows that add up? write their sum, or combine: sum in a map)"
            )
        ],
    ),
    "dark chips twice without dates": (
        {"dark": lambda rows: [*rows, *rows]},
        ["tables/dark.csv:3: alpha: delivered_from = 2027-12: expected months of delivery that line 2 does not speak of"],
    ),
    "dark chips of tomorrow": (
        {"dark": lambda rows: [{**row, "delivered_from": "2027-11", "delivered_to": "2028-02"} for row in rows]},
        ["tables/dark.csv:2:6: delivered_to = 2028-02: expected a month before the start of the plan, 2028-01"],
    ),
    # ---- shares
    "a share without a bound": (
        {"shares": share(min_frac="")},
        ["tables/shares.csv:2:3: min_frac and max_frac are both empty: expected one of them"],
    ),
    "a share whose least is above its greatest": (
        {"shares": share(min_frac=0.5, max_frac=0.4)},
        ["tables/shares.csv:2:3: min_frac = 0.5: expected at most max_frac = 0.4"],
    ),
    "a share of nowhere": (
        {"shares": share(to="bavaria;moon")},
        [
            f"tables/shares.csv:2:2: to = moon: expected {PLACES}",
        ],
    ),
    "a share that ends before it begins": (
        {"shares": share(from_month="2028-03", to_month="2028-02")},
        ["tables/shares.csv:2:8: to_month = 2028-02: expected a month from 2028-03 on"],
    ),
    # ---- orbit
    "designs without launches": (
        {"launch": None, "launch_price": None},
        [
            f"plan.yaml:22:1: table launch has no rows: {EVERY_MONTH}",
            f"plan.yaml:22:1: table launch_price has no rows: {EVERY_MONTH}",
        ],
    ),
    "a design without a launch price": (
        {"designs": lambda rows: [*rows, {**rows[0], "design_id": "dusk"}]},
        ["tables/designs.csv:3:1: design_id = dusk: no row in tables/launch_price.csv"],
    ),
    "launches that begin late, with a gap": (
        {"launch": lambda rows: [rows[1], rows[3]]},
        [
            (
                "tables/launch.csv:3:1: launch lacks 2028-01, 2028-03: add a row for each of these 2 months of the plan;"
                " tables/launch.csv has 2028-02 to 2028-04"
            )
        ],
    ),
    "launches that end early": (
        {"launch": lambda rows: rows[:3]},
        [
            (
                "tables/launch.csv:4:1: launch lacks 2028-04: add a row for this month of the plan, or end the plan where the"
                " table ends (--set months=3); tables/launch.csv has 2028-01 to 2028-03"
            )
        ],
    ),
    "a design named like a region": (
        {"designs": edit({}, design_id="ohio"), "launch_price": lambda rows: [{**row, "design_id": "ohio"} for row in rows]},
        ["tables/designs.csv:2:1: design_id = ohio: also a region (tables/regions.csv:2)"],
    ),
    "a bloc named orbit": (
        {"designs": edit({}, bloc="orbit")},
        ["tables/designs.csv:2:3: bloc = orbit: expected another name (in a list of places, orbit means every design)"],
    ),
    "a zone named as the bloc of others": (
        {
            "zones": edit({"zone_id": "munich"}, zone_id="us"),
            "demand": lambda rows: [{**row, "zone_id": row["zone_id"].replace("munich", "us")} for row in rows],
        },
        ["tables/zones.csv:3:1: zone_id = us: expected another name: us is a bloc, and this zone is in europe"],
    ),
    "a group named orbit": (
        {"regions": lambda rows: [{**row, "group": "orbit"} for row in rows[:1]] + rows[1:]},
        ["tables/regions.csv:2:20: group = orbit: expected another name (in a list of places, orbit means every design)"],
    ),
    "a design that makes power from nothing": (
        {"designs": edit({}, bus_overhead=0.9)},
        [
            "tables/designs.csv:2:5: bus_overhead = 0.9: the bus feeds the IT: below 1 it would make power from nothing",
        ],
    ),
    # ---- the plan file
    "unknown key": (
        {"plan": {"discount_frac_per_yaer": 0.1}},
        ["plan.yaml:42:1: unknown key discount_frac_per_yaer (did you mean discount_frac_per_year?)"],
    ),
    "a name that leaves the folder of results": (
        {"plan": {"name": "../elsewhere"}},
        ["plan.yaml:1:7: name = ../elsewhere: expected a name that can be a folder"],
    ),
    "a start before anyone computed": (
        {"plan": {"start": "1999-12"}},
        ["plan.yaml:2:8: start = 1999-12: expected a month from 2000-01 to 2199-12"],
    ),
    "a change beside adjust": (
        {"plan": {"set": {"power.start_mw": 1}, "extend": "other.yaml"}},
        [
            "plan.yaml:42:1: unknown key set (did you mean adjust?)",
            "plan.yaml:44:1: unknown key extend (did you mean extends?)",
        ],
    ),
    "unknown key below": (
        {"plan": {"demand": {"doubling_months": 6, "growth": 2}}},
        ["plan.yaml:10:3: unknown key demand.growth (one of doubling_months)"],
    ),
    "missing key": (
        {"plan": {"demand": {}}},
        [f"plan.yaml:8:1: demand.doubling_months is missing: expected {DOUBLING}"],
    ),
    "months as text": (
        {"plan": {"months": "36"}},
        ["plan.yaml:3:9: months = 36: expected a whole number (without quotes)"],
    ),
    "too many months": (
        {"plan": {"months": 121}},
        ["plan.yaml:3:9: months = 121: expected a number <= 120"],
    ),
    "traffic dearer than could be meant": (
        {"plan": {"network": {**toy_plan()["network"], "usd_per_gbit_s_month": 1e9}}},
        ["plan.yaml:16:25: network.usd_per_gbit_s_month = 1000000000.0: expected a number <= 10000000"],
    ),
    "a negative discount": (
        {"plan": {"discount_frac_per_year": -0.1}},
        ["plan.yaml:7:25: discount_frac_per_year = -0.1: expected a number >= 0"],
    ),
    "an unknown boundary": (
        {"plan": {"boundary": "facilty"}},
        ["plan.yaml:4:11: boundary = facilty: expected one of energy, facility (did you mean facility?)"],
    ),
    "more slices than there are": (
        {"plan": {"slices": 48}},
        ["plan.yaml:42:9: slices = 48: expected 1, 4, 8 or 24, or UTC hours at which segments start, in order, as [0, 6, 18]"],
    ),
    "a price with a unit": (
        {"plan": {"carbon": {"usd_per_tco2": "40 EUR"}}},
        [
            (
                "plan.yaml:18:17: carbon.usd_per_tco2 = 40 EUR: expected a number in USD per t CO2"
                " (EUR: no exchange rates, state it in USD)"
            )
        ],
    ),
    "a date for the start": (
        {"plan": {"start": "2028-01-01"}},
        ["plan.yaml:2:8: start = 2028-01-01: expected a month as YYYY-MM (write 2028-01)"],
    ),
    "an unknown national option": (
        {"plan": {"national": {"options": ["grid", "gird_request"]}}},
        ["plan.yaml:22:5: national.options = gird_request: expected options of the table options (one of grid, gas_engine)"],
    ),
    "a nation's envelope that nothing draws on": (
        {"plan": {"national": {"options": []}}},
        ["plan.yaml:20:12: national.options is empty: expected the options that draw on a nation's growth"],
    ),
    "a carbon cap for no year": (
        {"plan": {"carbon": {"cap_mtco2_per_year": {"soon": 3}}}},
        ["plan.yaml:19:11: carbon.cap_mtco2_per_year.soon = 3: expected a year as YYYY"],
    ),
    # ---- tables of the plan
    "unknown table": (
        {"plan": {"tables": {**{name: f"tables/{name}.csv" for name in toy_tables()}, "powr": "tables/power.csv"}}},
        ["plan.yaml:42:3: unknown table powr"],
    ),
    "missing table": (
        {"zones": None},
        ["plan.yaml:22:1: table zones is missing: expected the path of a CSV (Where demand for compute arises)"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(case: str, tmp_path: Path) -> None:
    changes, expected = CASES[case]
    assert refused(tmp_path, **changes) == expected


def test_missing_plan(tmp_path: Path) -> None:
    assert refused_plan(tmp_path / "plan.yaml") == ["plan.yaml: no such file"]


def test_a_folder_for_a_plan(tmp_path: Path) -> None:
    assert refused_plan(tmp_path / "tables") == ["tables: no such file"]
    write_plan(tmp_path / "mine")
    assert refused_plan(tmp_path / "mine") == ["mine: expected a file, found a folder (did you mean mine/plan.yaml?)"]
    assert refused_plan(tmp_path / "mine" / "tables") == ["tables: expected a file, found a folder"]


def test_missing_table_file(tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    (tmp_path / "tables" / "zones.csv").rename(tmp_path / "tables" / "zone.csv")
    assert refused_plan(path) == ["plan.yaml:33:10: tables/zones.csv: no such file (did you mean zone.csv?)"]


def test_a_folder_for_a_table(tmp_path: Path) -> None:
    path = write_plan(tmp_path, plan={"tables": {name: f"tables/{name}.csv" for name in toy_tables()} | {"zones": "tables"}})
    assert refused_plan(path) == ["plan.yaml:33:10: tables: expected a file, found a folder"]


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    files = {name: f"tables/{name}.csv" for name in toy_tables()}
    path = write_plan(tmp_path, plan={"tables": files | {"zones": "ring.csv", "dark": "d" * 300, "links": "/dev/null"}})
    (tmp_path / "ring.csv").symlink_to("ring.csv")
    found = refused_plan(path)
    assert found[0].endswith("cannot be read (file name too long)")
    assert found[1:] == [
        f"plan.yaml:33:10: ring.csv: expected a path inside {tmp_path.name}/, the folder of the plan",
        "plan.yaml:38:10: /dev/null: expected a path relative to this file, with /",
    ]


def test_not_text(tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    (tmp_path / "tables" / "zones.csv").write_bytes("zone_id,name\nmoscow,Москва\n".encode("cp1251"))
    assert refused_plan(path) == [
        "tables/zones.csv:2: byte 0xcc: expected text in UTF-8: save it as UTF-8, or state its encoding in a map"
    ]


def test_all_findings_at_once(tmp_path: Path) -> None:
    found = refused(
        tmp_path,
        overrides=["power[ohio,gird].start_mw=1"],
        plan={"months": 0, "objetive": "value"},
        regions=edit({"region_id": "ohio"}, pue=0.5, wacc_frac_per_year="8,5%"),
        power=edit(OHIO_GRID, region_id="ohoi"),
        designs=[{**toy_design(), "altitude_km": "high", "source": "toy", "quality": "estimate"}],
    )
    assert found == [
        "plan.yaml:3:9: months = 0: expected a number >= 1",
        "plan.yaml:42:1: unknown key objetive (did you mean objective?)",
        "tables/regions.csv:2:7: pue = 0.5: expected a number >= 1 and <= 3",
        "tables/regions.csv:2:8: wacc_frac_per_year = 8,5%: expected a number (a decimal point, no comma: 8.5%)",
        "tables/designs.csv:2:31: altitude_km = high: expected a number in km",
        "--set power[ohio,gird].start_mw=1: no row power[ohio,gird] (did you mean ohoi,grid?)",
        "tables/power.csv:2:1: region_id = ohoi: expected a region_id of tables/regions.csv (did you mean ohio?)",
    ]


def test_findings_carry_their_parts(tmp_path: Path) -> None:
    from planner.codes import Code
    from planner.errors import Finding, InputError
    from planner.read.load import load

    path = write_plan(tmp_path, power=edit(OHIO_GRID, start_mw=-1))
    with pytest.raises(InputError) as caught:
        load(path)
    file = (tmp_path / "tables" / "power.csv").as_posix()
    text = "start_mw = -1: expected a number >= 0"
    assert caught.value.findings == (Finding(Code.E_CELL_VALUE, file, 2, 3, "-1", "a number >= 0", text),)


def test_rows_over_several_lines_keep_their_line(tmp_path: Path) -> None:
    rows = toy_tables()["zones"]
    rows[0]["name"] = "New\nYork"
    rows[1]["latitude_deg"] = 480
    text = csv_text(rows).replace("munich", "\nmunich")
    assert refused(tmp_path, zones=text) == ["tables/zones.csv:5:5: latitude_deg = 480: expected a number >= -90 and <= 90"]
