"""Files in the shapes that the public has: `planner map` and at most five edited lines lead into a plan that is sound."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
import yaml

from planner.api import STARTING_PLAN, check, load, propose_map
from planner.plan.plan import Plan

MOST_EDITS = 5
DAYS = [datetime(2025, month, 15) for month in range(1, 13)]  # noqa: DTZ001 (files state no zone)
TIMES = [day + timedelta(hours=hour) for day in DAYS for hour in range(24)]
HOUR = timedelta(hours=1)


class Shape(NamedTuple):
    """A file: its titles and rows, the table that it leads to (`rows`: under adjust), what a user edits in the map that is
    proposed, and values that the plan then has, by the key of their row."""

    table: str
    titles: str
    lines: Iterable[str]
    edits: tuple[tuple[str, str], ...]
    expected: dict[tuple[Any, ...], tuple[str, float]]
    rows: bool = False
    mark: str = ","
    sheet: tuple[str, list[str], list[str]] | None = None  # of a workbook: its name, remarks above and below


def price(time: datetime) -> float:
    """A price of each hour: minus 3 at midnight."""
    return time.hour - 3 + 0.25 * time.month


def prices(start: float, rate: float = 1.0) -> dict[tuple[Any, ...], tuple[str, float]]:
    """What a profile of those prices has in the first hours of January and July."""
    return {("p", 1, 0): ("value", rate * (start + 0.25)), ("p", 7, 0): ("value", rate * (start + 1.75))}


def clock(time: datetime) -> str:
    """`1/15/2025 12:00:00 AM`."""
    return f"{time.month}/{time.day}/{time.year} {time.hour % 12 or 12}:00:00 {'PM' if time.hour >= 12 else 'AM'}"


def comma(number: float) -> str:
    return f"{number}".replace(".", ",")


NAME = (r"profile_id: \{value: \w+\}", "profile_id: {value: p}")
EURO = (r"rate: \{(EUR|€): 0\}", r"rate: {\1: 1.08}")
GRID = (r'option_id: \{from: "\?"\}', "option_id: {value: grid}")
STATES = (r"region_id: .*", "region_id: {from: %s, values: {TX: us_ercot_texas, OH: us_ohio}}")

SHAPES = {
    "ENTSO-E, older": Shape(
        "profiles",
        '"MTU (CET/CEST)","Day-ahead Price [EUR/MWh]","Currency","BZN|DE-LU"',
        (f'"{t:%d.%m.%Y %H:%M} - {t + HOUR:%d.%m.%Y %H:%M}","{price(t)}","EUR",""' for t in TIMES),
        (NAME, EURO),
        prices(-3, 1.08),
    ),
    "ENTSO-E": Shape(
        "profiles",
        '"MTU (CET/CEST)","Area","Sequence","Day-ahead Price (EUR/MWh)","Intraday Period (CET/CEST)","Intraday Price (€/MWh)"',
        (
            f'"{t:%d/%m/%Y %H:%M:%S} - {t + HOUR:%d/%m/%Y %H:%M:%S}","BZN|DE-LU","Without Sequence","{price(t)}","",""'
            for t in TIMES
        ),
        (NAME, EURO),
        prices(-3, 1.08),
    ),
    "SMARD": Shape(
        "profiles",
        "Datum von;Datum bis;Deutschland/Luxemburg [€/MWh] Originalauflösungen;∅ Anrainer DE/LU [€/MWh] Originalauflösungen",
        [
            *(f"{t:%d.%m.%Y %H:%M};{t + HOUR:%d.%m.%Y %H:%M};{comma(price(t))};{comma(9.5)}" for t in TIMES),
            "16.01.2025 00:00;16.01.2025 01:00;-;-",
        ],
        (NAME, EURO),
        prices(-3, 1.08),
        mark=";",
    ),
    "SMARD, date and hour in two columns": Shape(
        "profiles",
        "Datum;Anfang;Ende;Deutschland/Luxemburg [€/MWh] Berechnete Auflösungen",
        (
            f"{t:%d.%m.%Y};{q:%H:%M};{q + HOUR / 4:%H:%M};{comma(price(t))}"
            for t in TIMES
            for q in (t + n * HOUR / 4 for n in range(4))
        ),
        (NAME, EURO),
        prices(-3, 1.08),
        mark=";",
    ),
    "Nord Pool": Shape(
        "profiles",
        "Delivery Start (CET);Delivery End (CET);SE1 Price (EUR);SE2 Price (EUR)",
        (f"{t:%d.%m.%Y %H:%M:%S};{t + HOUR:%d.%m.%Y %H:%M:%S};{price(t)};99.5" for t in TIMES),
        (NAME, EURO),
        prices(-3, 1.08),
        mark=";",
    ),
    "Ember, prices": Shape(
        "profiles",
        "Country,ISO3 Code,Datetime (UTC),Datetime (Local),Price (EUR/MWhe)",
        (f"France,FRA,{t - HOUR:%Y-%m-%d %H:%M:%S},{t:%Y-%m-%d %H:%M:%S},{price(t)}" for t in TIMES),
        (NAME, EURO),
        prices(-3, 1.08),
    ),
    "NYISO": Shape(
        "profiles",
        '"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"',
        (
            f'"{t:%m/%d/%Y %H:%M}","{zone}",61757,{price(t) + more},1.2,-3.4'
            for t in TIMES
            for zone, more in (("CAPITL", 50), ("N.Y.C.", 0))
        ),
        (NAME, ("  columns:\n", "  rows: {where: {Name: N.Y.C.}}\n  columns:\n")),
        prices(-3),
    ),
    "PJM": Shape(
        "profiles",
        "datetime_beginning_utc,datetime_beginning_ept,pnode_id,pnode_name,voltage,equipment,type,zone,system_energy_price_da,"
        "total_lmp_da,congestion_price_da,marginal_loss_price_da,row_is_current,version_nbr",
        (f"{clock(t + 5 * HOUR)},{clock(t)},51299,DOM,,,ZONE,DOM,77,{price(t)},1.0,0.2,True,1" for t in TIMES),
        (NAME,),
        prices(-3),
    ),
    "AEMO": Shape(
        "profiles",
        "REGION,SETTLEMENTDATE,TOTALDEMAND,RRP,PERIODTYPE",
        (f"NSW1,{t + HOUR:%Y/%m/%d %H:%M:%S},7000.1,{price(t)},TRADE" for t in TIMES),
        (NAME, ('from: "RRP"', 'from: "RRP", unit: AUD/MWh, rate: {AUD: 0.65}'), ("time: hour}", "time: hour_ending}")),
        prices(-3, 0.65),
    ),
    "Electricity Maps": Shape(
        "power",
        "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO₂eq/kWh (direct),"
        "Carbon intensity gCO₂eq/kWh (Life cycle),Carbon-free energy percentage (CFE%),Data source,Data estimated",
        [
            "2024-01-01 00:00:00,USA,ERCOT,US-TEX-ERCO,340.2,410.1,40.1,eia.gov,false",
            "2024-01-01 00:00:00,Japan,Tokyo,JP-TK,480.1,500,20,occto,true",
        ],
        (
            (
                r'region_id: \{from: "\?"\}',
                "region_id: {from: Zone id, values: {US-TEX-ERCO: us_ercot_texas}, others: leave_out}",
            ),
            GRID,
            ('"Zone id", ', ""),
        ),
        {("us_ercot_texas", "grid"): ("carbon_kg_per_mwh", 340.2)},
        rows=True,
    ),
    "Google Cloud, carbon": Shape(
        "power",
        "Google Cloud Region,Location,Google CFE,Grid carbon intensity (gCO2eq / kWh)",
        ["europe-north1,Finland,0.98,39.32", "us-east5,Columbus,0.62,323.05", "asia-east1,Taiwan,0.17,439.29"],
        (
            (r'"Google Cloud Region"}', '"Google Cloud Region", values: {us-east5: us_ohio}, others: leave_out}'),
            GRID,
        ),
        {("us_ohio", "grid"): ("carbon_kg_per_mwh", 323.05)},
        rows=True,
    ),
    "Google Cloud, latency": Shape(
        "latency",
        "sending_region,receiving_region,milliseconds",
        ["us-east5,us-central1,21.5", "us-east5,us-east5,0.5", "us-central1,asia-east1,160.1"],
        (
            ('"sending_region"}', '"sending_region", values: {us-east5: us_east}, others: leave_out}'),
            ('"receiving_region"}', '"receiving_region", values: {us-east5: us_ohio}, others: leave_out}'),
            ('"milliseconds"}', '"milliseconds", factor: 0.5}'),
        ),
        {("us_east", "us_ohio"): ("one_way_ms", 0.25)},
    ),
    "cloudping, AWS": Shape(
        "latency",
        ",us-east-2,us-east-1,eu-west-3",
        ["us-east-2,4.42,12.0,91.2", "us-east-1,12.1,6.0,80.9", "eu-west-3,91.0,81.0,5.1"],
        (
            ('from: "column 1"', 'from: "column 1", values: {us-east-1: us_east}, others: keep'),
            ('from: "to_id"', 'from: "to_id", values: {us-east-2: us_ohio}, others: keep'),
            ("from: one_way_ms", "from: one_way_ms, factor: 0.5"),
        ),
        {("us_east", "us_ohio"): ("one_way_ms", 6.05)},
    ),
    "Azure, latency": Shape(
        "latency",
        "Source,Australia Central,East US 2,France Central",
        ["Australia Central,,206,245", "East US 2,207,,84", "France Central,246,85,"],
        (
            ('from: "Source"', 'from: "Source", values: {East US 2: us_east}, others: keep'),
            ('from: "to_id"', 'from: "to_id", values: {France Central: fr_paris}, others: keep'),
            ("from: one_way_ms", "from: one_way_ms, factor: 0.5"),
        ),
        {("us_east", "fr_paris"): ("one_way_ms", 42)},
    ),
    "Green Software Foundation, cloud regions": Shape(
        "regions",
        "year,cloud-provider,cloud-region,cfe-region,em-zone-id,wt-region-id,location,geolocation,provider-cfe-hourly,"
        "provider-cfe-annual,power-usage-effectiveness,water-usage-effectiveness,grid-carbon-intensity,total-water-input",
        [
            '2025,Google Cloud,us-east5,Ohio,US-MIDA-PJM,,Columbus,"40.0,-82.9",0.6,0.7,1.07,0.1,468.0,5400.0',
            "2025,Google Cloud,asia-south1,India,IN-MH,IND,Mumbai,,0.4,,1.2,,560.0,5000.0",
            "2024,Google Cloud,us-east5,Ohio,US-MIDA-PJM,,Columbus,,0.6,0.7,1.15,0.1,468.0,5400.0",
        ],
        (
            ("  columns:\n", '  rows: {where: {year: "2025"}}\n  columns:\n'),
            ('"cloud-region"}', '"cloud-region", values: {us-east5: us_ohio}, others: leave_out}'),
        ),
        {("us_ohio",): ("pue", 1.07)},
        rows=True,
    ),
    "PyPSA technology-data": Shape(
        "options",
        "technology,parameter,value,unit,source,further description,currency_year",
        [
            'OCGT,FOM,1.7777,%/year,"DEA, for el and dh",x,2015',
            "OCGT,investment,435.24,EUR/kW,DEA,,2015",
            "SOFC,investment,2512.5,EUR/kW,DEA,,2015",
        ],
        (
            ("  columns:\n", "  rows: {where: {parameter: investment}}\n  columns:\n"),
            ('"technology"}', '"technology", values: {OCGT: gas_engine, SOFC: fuel_cell}}'),
            ("  ignore:", "    capex_usd_per_kw: {from: value, unit: EUR/kW, rate: {EUR: 1.08}}\n  ignore:"),
            ('"value", ', ""),
        ),
        {("gas_engine",): ("capex_usd_per_kw", 435.24 * 1.08)},
        rows=True,
    ),
    "Epoch, hardware": Shape(
        "accelerators",
        "Hardware name,Manufacturer,Type,Release date,Release price (USD),Tensor-FP16/BF16 performance (FLOP/s),TDP (W)",
        [
            "NVIDIA H100 SXM5 80GB,NVIDIA,GPU,2022-10-05,30000,9.89e+14,700",
            "NVIDIA GB300 (Blackwell Ultra),NVIDIA,GPU,2025-08-01,43000,2.5e15,1400",
            "Google TPU v7 Ironwood,Google,TPU,2025-11-01,,2.3e15,",
        ],
        (
            (
                "generation_id: .*",
                'generation_id: {from: "Hardware name", values: {NVIDIA H100 SXM5 80GB: h100_sxm}, others: leave_out}',
            ),
            (r'\(FLOP/s\)"}', '(FLOP/s)", factor: 1.0111e-15}'),
            (r'"TDP \(W\)"}', '"TDP (W)", factor: 0.0018}'),
        ),
        {("h100_sxm",): ("kw_per_unit", 1.26)},
        rows=True,
    ),
    "EIA, Henry Hub": Shape(
        "fuels",
        "Henry Hub Natural Gas Spot Price\nhttps://www.eia.gov/dnav/ng/hist/rngwhhdm.htm\n14:09:21 GMT-0500 (Eastern)\n"
        "Source: U.S. Energy Information Administration\nMonth,Henry Hub Natural Gas Spot Price Dollars per Million Btu",
        ["Mar 2027,2.95", "Feb 2027,3.10", "Jan 2027,3.25"],
        (
            (r'region_id: \{from: "\?"\}', "region_id: {value: us_ercot_texas}"),
            (r'fuel_id: \{from: "\?"\}', "fuel_id: {value: gas}"),
        ),
        {("us_ercot_texas", "gas"): ("usd_per_mmbtu 2027-03", 2.95)},
        rows=True,
    ),
    "EIA-860M": Shape(
        "commitments",
        "Entity ID|Plant Name|Plant State|County|Balancing Authority Code|Generator ID|Unit Code|Nameplate Capacity (MW)|"
        "Net Summer Capacity (MW)|Technology|Planned Operation Month|Planned Operation Year|Status|Latitude",
        [
            "1|P1|TX|Taylor|ERCO|G1||10|9|Natural Gas Fired Combustion Turbine|6|2027|(U) Under construction|32",
            "1|P2|TX|Taylor|ERCO|G2||5|4|Solar Photovoltaic|6|2027|(P) Planned for installation|32",
            "9|P3|OH|Licking|PJM|1||2.5|2|Natural Gas Fired Combined Cycle|12|2028|(T) Regulatory approvals received|40",
        ],
        (
            (STATES[0], STATES[1] % "Plant State"),
            ("option_id: .*", "option_id: {value: grid}"),
            (r"    status: .*\n", ""),
            ('"Plant Name", ', '"Plant Name", "Plant*", Status, Technology, '),
        ),
        {("us_ercot_texas", "grid", "2027-06"): ("build_mw", 15), ("us_ohio", "grid", "2028-12"): ("build_mw", 2.5)},
        mark="|",
        sheet=("Planned", ["Inventory of Planned Generators as of July 2026", ""], ["", "NOTES:", "Capacity from 1 MW on"]),
    ),
    "Berkeley Lab, Queued Up": Shape(
        "commitments",
        "q_id|q_status|q_date|prop_date|on_date|county|state|fips_code|region|type_1|type_2|type_3|mw_1|mw_2|mw_3",
        [
            "A|active|2022-03-01|2028-06-01||taylor|TX|48441|ERCOT|Gas|||2.5||",
            "B|active|2022-03-02|2028-06-17||taylor|TX|48441|ERCOT|Solar|||1||",
            "C|active|2022-03-03|||licking|OH|39089|PJM|Gas|||400||",
            "D|withdrawn|2022-03-04|2028-06-01||taylor|TX|48441|ERCOT|Gas|||900||",
        ],
        (
            (STATES[0], STATES[1] % "state"),
            ("option_id: .*", "option_id: {value: grid}"),
            ("rows: {missing", "rows: {where: {q_status: active}, missing"),
            (r"    status: .*\n", ""),
            ("ignore: .*", 'ignore: "*"'),
        ),
        {("us_ercot_texas", "grid", "2028-06"): ("build_mw", 3.5)},
        mark="|",
        sheet=("03. Complete Queue Data", ["All requests in the queues"], []),
    ),
}


def written(shape: Shape, folder: Path) -> Path:
    """The file: a text, or a workbook with numbers and dates in its cells."""
    if shape.sheet is None:
        path = folder / "theirs.csv"
        path.write_text("\n".join([shape.titles, *shape.lines]) + "\n", encoding="utf-8")
        return path
    name, above, below = shape.sheet
    book = openpyxl.Workbook()
    book.active.title = "01. Background"  # type: ignore[union-attr]
    sheet = book.create_sheet(name)
    for line in [*above, shape.titles, *shape.lines, *below]:
        sheet.append([cell_of(text) for text in line.split(shape.mark)])
    book.save(folder / "theirs.xlsx")
    return folder / "theirs.xlsx"


def cell_of(text: str) -> Any:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.fromisoformat(text)
    return float(text) if re.fullmatch(r"[\d.]+", text) else text or None


def edited(text: str, edits: Iterable[tuple[str, str]]) -> str:
    for old, new in edits:
        changed = re.sub(old, new, text)
        assert changed != text, f"{old} is not in:\n{text}"
        text = changed
    return text


def edits_of(before: str, after: str) -> int:
    """Lines that a user changed, added or deleted."""
    steps = difflib.SequenceMatcher(None, before.splitlines(), after.splitlines(), autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for step, i1, i2, j1, j2 in steps if step != "equal")


@pytest.mark.parametrize("name", SHAPES)
def test_a_public_file_leads_into_a_plan_by_few_edits(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    file = written(shape, tmp_path)
    proposed = propose_map(file, shape.table, rows=shape.rows).text
    text = edited(proposed, shape.edits)
    assert edits_of(proposed, text) <= MOST_EDITS
    (tmp_path / "maps.yaml").write_text(text, encoding="utf-8")
    stated = {"file": file.name, "map": "maps.yaml"}
    change: dict[str, Any] = {"tables": {shape.table: stated}}
    if shape.rows:
        change = {"adjust": [{"table": shape.table, "rows": stated}]}
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump({"extends": "plan.yaml", "why": "a public file", **change}), encoding="utf-8")
    for each in copied(STARTING_PLAN.parent, tmp_path):
        assert each.is_file()
    plan = load(path)
    assert not [one for one in check(plan) if one.impossible]
    for key, (column, value) in shape.expected.items():
        assert value_of(plan, shape.table, key, column) == pytest.approx(value)


def copied(folder: Path, into: Path) -> Iterator[Path]:
    """The files of a plan, linked into another folder."""
    (into / "tables").mkdir()
    for one in (folder / "plan.yaml", *(folder / "tables").glob("*.csv")):
        path = into / one.relative_to(folder)
        path.write_bytes(one.read_bytes())
        yield path


def value_of(plan: Plan, table: str, key: tuple[Any, ...], column: str) -> float:
    if table != "profiles":
        return float(plan.tables[table].value(column, *key))
    rows = plan.tables[table].select("profile_id", "calendar_month", "from_h", "value")
    return next(float(row[3]) for row in rows if row[:3] == key)
