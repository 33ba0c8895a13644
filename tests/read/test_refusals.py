"""Bad input, each kind with the exact sentence and the place that it points to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.read.refusals import refused, refused_plan
from tests.read.toy import Rows, csv_text, edit, toy_design, toy_plan, toy_tables, write_plan


def without(column: str) -> Any:
    return lambda rows: [{key: value for key, value in row.items() if key != column} for row in rows]


def twice(position: int) -> Any:
    return lambda rows: [*rows, rows[position]]


def renamed(old: str, new: str) -> Any:
    return lambda rows: [{(new if key == old else key): value for key, value in row.items()} for row in rows]


QUALITIES = "one of measured, published_forecast, estimate"
EVERY_MONTH = "expected every month of the plan, since tables/designs.csv has rows"
BLOCS = "a bloc of tables/zones.csv, tables/regions.csv or tables/designs.csv"
PLACES = (
    "a region_id, bloc or group of tables/regions.csv or a design_id or bloc of tables/designs.csv, or orbit"
    " (one of bavaria, dawn, europe, ohio, orbit, us)"
)
DOUBLING = "months in which demand doubles, unless its class says otherwise"
GRID_CARBON = "expected a number in kg per MWh (grid has none in options.csv)"
LEAST_GROWTH = "expected a number of at least -1000000 TWh per year"
OHIO_GRID = {"region_id": "ohio", "option_id": "grid"}
SHARE = {"share_id": "s", "to": "bavaria", "min_frac": 0.1, "max_frac": "", "source": "toy", "quality": "estimate"}


def share(**cells: Any) -> Rows:
    return [{**SHARE, **cells}]


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    # ---- cells
    "negative capacity": (
        {"power": edit(OHIO_GRID, step_mw_per_month=-3)},
        ["tables/power.csv:2:4: step_mw_per_month = -3: expected a number >= 0"],
    ),
    "NaN": (
        {"power": edit(OHIO_GRID, start_mw="nan")},
        ["tables/power.csv:2:3: start_mw = nan: expected a finite number"],
    ),
    "infinity": (
        {"power": edit(OHIO_GRID, start_mw="inf")},
        ["tables/power.csv:2:3: start_mw = inf: expected a finite number"],
    ),
    "a number too large": (
        {"power": edit(OHIO_GRID, start_mw="1e999")},
        ["tables/power.csv:2:3: start_mw = 1e999: expected a finite number"],
    ),
    "a number beyond what could be meant": (
        {"power": edit(OHIO_GRID, energy_usd_per_mwh="1e15", start_mw=1e8)},
        [
            "tables/power.csv:2:3: start_mw = 100000000.0: expected a number of at most 10000000 MW",
            "tables/power.csv:2:9: energy_usd_per_mwh = 1e15: expected a number of at most 1000000 USD per MWh",
        ],
    ),
    "a value beyond what could be meant": (
        {"classes": edit({"class_id": "chat"}, value_usd_per_h100e_h="1e12")},
        [
            "tables/classes.csv:2:4: value_usd_per_h100e_h = 1e12: expected a number of at most 100000 USD per H100e and h",
        ],
    ),
    "a loss beyond what could be meant": (
        {"countries": edit({}, generation_growth_twh_per_year="-1e7")},
        [f"tables/countries.csv:2:3: generation_growth_twh_per_year = -1e7: {LEAST_GROWTH}"],
    ),
    "demand beyond what could be meant": (
        {"months": 31, "plan": {"demand": {"doubling_months": 1}}},
        [
            (
                "plan.yaml:9:20: chat asked in new_york doubles every 1 months from 25 kH100e to more than 1e+09 kH100e in"
                " 2030-07: expected a longer doubling_months or fewer months"
            )
        ],
    ),
    "an error of a spreadsheet": (
        {"power": edit(OHIO_GRID, start_mw="#DIV/0!")},
        ["tables/power.csv:2:3: start_mw = #DIV/0!: expected a finite number"],
    ),
    "wrong unit": (
        {"power": edit(OHIO_GRID, energy_usd_per_mwh="6.5 ct/kW")},
        [
            (
                "tables/power.csv:2:9: energy_usd_per_mwh = 6.5 ct/kW: expected a number in USD per MWh"
                " (ct/kW cannot be converted to USD per MWh)"
            )
        ],
    ),
    "a text for a power": (
        {"regions": edit({"region_id": "ohio"}, shell_start_mw="seventy")},
        ["tables/regions.csv:2:12: shell_start_mw = seventy: expected a number in MW"],
    ),
    "percent": (
        {"accelerators": edit({"generation_id": "alpha"}, draw_frac="120 %")},
        ["tables/accelerators.csv:2:5: draw_frac = 120 %: expected a number > 0 and <= 1"],
    ),
    "percent without its sign": (
        {"accelerators": edit({"generation_id": "alpha"}, draw_frac=80)},
        ["tables/accelerators.csv:2:5: draw_frac = 80: expected a number > 0 and <= 1 (a fraction of 1; 80 % needs its sign)"],
    ),
    "decimal comma": (
        {"regions": edit({"region_id": "ohio"}, pue="1,2")},
        ["tables/regions.csv:2:7: pue = 1,2: expected a number (a decimal point, no comma: 1.2)"],
    ),
    "thousands separator": (
        {"regions": edit({"region_id": "ohio"}, shell_usd_per_kw="11 000")},
        ["tables/regions.csv:2:16: shell_usd_per_kw = 11 000: expected a number in USD per kW (digits without separators)"],
    ),
    "digits of another script": (
        {"regions": edit({"region_id": "ohio"}, shell_usd_per_kw="١٢")},
        ["tables/regions.csv:2:16: shell_usd_per_kw = ١٢: expected a number in USD per kW"],
    ),
    "an empty cell": (
        {"regions": edit({"region_id": "ohio"}, pue="")},
        ["tables/regions.csv:2:7: pue = (empty): expected a number, >= 1 and <= 3"],
    ),
    "out of range above": (
        {"regions": edit({"region_id": "ohio"}, pue=12)},
        ["tables/regions.csv:2:7: pue = 12: expected a number >= 1 and <= 3"],
    ),
    "latitude beyond the pole": (
        {"regions": edit({"region_id": "ohio"}, latitude_deg=140)},
        ["tables/regions.csv:2:5: latitude_deg = 140: expected a number >= -90 and <= 90"],
    ),
    "a fraction of a month": (
        {"power": edit(OHIO_GRID, lead_months=1.5)},
        ["tables/power.csv:2:7: lead_months = 1.5: expected a whole number >= 0 and <= 1200"],
    ),
    "free carrying of dark chips": (
        {"accelerators": edit({"generation_id": "beta"}, carry_usd_per_unit_month=0)},
        ["tables/accelerators.csv:3:11: carry_usd_per_unit_month = 0: expected a number > 0"],
    ),
    "yes or no": (
        {"power": edit(OHIO_GRID, carbon_priced="true")},
        ["tables/power.csv:2:12: carbon_priced = true: expected one of yes, no"],
    ),
    "a quality that does not exist": (
        {"dark": edit({}, quality="estimated")},
        [f"tables/dark.csv:2:4: quality = estimated: expected {QUALITIES} (did you mean estimate?)"],
    ),
    "a row without a source": (
        {"dark": edit({}, source="")},
        ["tables/dark.csv:2:3: source = (empty): expected a text"],
    ),
    "a date for a month": (
        {"launch": edit({"month": "2028-02"}, month="2028-02-01")},
        [
            "tables/launch.csv:3:1: month = 2028-02-01: expected a month as YYYY-MM (write 2028-02)",
        ],
    ),
    "month 13": (
        {"fleet": edit({"region_id": "ohio"}, delivered_to="2026-13")},
        ["tables/fleet.csv:2:5: delivered_to = 2026-13: expected a month as YYYY-MM"],
    ),
    "a name that is a formula": (
        {"zones": edit({"zone_id": "munich"}, country_iso2="=1+1")},
        ["tables/zones.csv:3:3: country_iso2 = =1+1: expected a name of letters, digits and _ - ."],
    ),
    "a list with a comma": (
        {"residency": edit({}, to_blocs="europe,us")},
        ["tables/residency.csv:2:3: to_blocs = europe,us: expected names with ; between them"],
    ),
    "a control character": (
        {"zones": edit({"zone_id": "munich"}, name="M\x1b[31m")},
        ["tables/zones.csv:3:2: name = M\\x1b[31m: expected a text without control characters"],
    ),
    # ---- rows and headers
    "duplicate row": (
        {"power": twice(0)},
        ["tables/power.csv:5:1: region_id = ohio, option_id = grid: duplicate row, first in line 2"],
    ),
    "region named twice": (
        {"regions": twice(1)},
        ["tables/regions.csv:4:1: region_id = bavaria: duplicate row, first in line 3"],
    ),
    "empty table": (
        {"demand": "zone_id,class_id,start_kh100e,source,quality\n"},
        ["tables/demand.csv:2: table demand has no rows: expected at least one"],
    ),
    "empty file": (
        {"demand": ""},
        ["tables/demand.csv: the file is empty: expected a header and rows"],
    ),
    "unknown column": (
        {"fuels": renamed("usd_per_mmbtu", "usd_per_mmbut")},
        [
            "tables/fuels.csv:1: column usd_per_mmbtu is missing: expected a number in USD per MMBtu, >= 0 (delivered price)",
            "tables/fuels.csv:1:3: unknown column usd_per_mmbut in table fuels (did you mean usd_per_mmbtu?)",
        ],
    ),
    "missing column": (
        {"dark": without("quality")},
        [
            f"tables/dark.csv:1: column quality is missing: expected {QUALITIES} (how far to trust it)",
        ],
    ),
    "a column twice": (
        {"dark": "generation_id,kunit,kunit,source,quality\nalpha,1,2,toy,estimate\n"},
        ["tables/dark.csv:1:3: column kunit stands twice: first as column 2"],
    ),
    "a ragged row": (
        {"dark": "generation_id,kunit,source,quality\nalpha,1,toy\nbeta,1,toy,estimate,and more\n"},
        [
            "tables/dark.csv:2:4: 3 cells: expected 4 cells as in the header",
            "tables/dark.csv:3:5: 5 cells: expected 4 cells as in the header",
        ],
    ),
    "semicolons between columns": (
        {"dark": "generation_id;kunit;source;quality\nalpha;1;toy;estimate\n"},
        ["tables/dark.csv:1:1: columns are separated by semicolons: expected commas"],
    ),
    "a quote that does not end": (
        {"dark": 'generation_id,kunit,source,quality\nalpha,1,"toy,estimate\n'},
        ["tables/dark.csv:2: not valid CSV: unexpected end of data"],
    ),
    "a NUL": (
        {"dark": "generation_id,kunit,source,quality\nalpha,1,t\0y,estimate\n"},
        ["tables/dark.csv:2: a NUL character: expected a CSV text"],
    ),
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
        ["tables/commitments.csv:2:2: bavaria, gas_engine: no such row in tables/power.csv"],
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
        ["tables/designs.csv:2:3: bloc = orbit: expected another name (in shares, orbit means every design)"],
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
        ["tables/regions.csv:2:20: group = orbit: expected another name (in shares, orbit means every design)"],
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
        ["plan.yaml:22:1: table zones is missing: expected the path of a CSV (Where compute is asked for)"],
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
    (tmp_path / "tables" / "zones.csv").write_bytes("zone_id,name\nmunich,München\n".encode("latin-1"))
    assert refused_plan(path) == ["tables/zones.csv:2: byte 0xfc: expected text in UTF-8"]


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
        "tables/regions.csv:2:8: wacc_frac_per_year = 8,5%: expected a number (a decimal point, no comma: 8.5)",
        "tables/designs.csv:2:31: altitude_km = high: expected a number in km",
        "--set power[ohio,gird].start_mw=1: no row power[ohio,gird] (did you mean ohoi,grid?)",
    ]


def test_findings_carry_their_parts(tmp_path: Path) -> None:
    from planner.errors import Finding, InputError
    from planner.read.load import load

    path = write_plan(tmp_path, power=edit(OHIO_GRID, start_mw=-1))
    with pytest.raises(InputError) as caught:
        load(path)
    file = (tmp_path / "tables" / "power.csv").as_posix()
    assert caught.value.findings == (Finding(file, 2, 3, "-1", "a number >= 0", "start_mw = -1: expected a number >= 0"),)


def test_rows_over_several_lines_keep_their_line(tmp_path: Path) -> None:
    rows = toy_tables()["zones"]
    rows[0]["name"] = "New\nYork"
    rows[1]["latitude_deg"] = 480
    text = csv_text(rows).replace("munich", "\nmunich")
    assert refused(tmp_path, zones=text) == ["tables/zones.csv:5:5: latitude_deg = 480: expected a number >= -90 and <= 90"]
