"""Files in shapes that are nearly right: one message that says the way in, and a unit of a title that is never passed over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.read.load import load
from planner.read.maps.propose import propose
from tests.read.refusals import refused, refused_plan
from tests.read.test_maps import CARRIED, planned, rows_of
from tests.read.toy import toy_tables, write_plan


def demand_by_month(*titles: str) -> str:
    rows = [(row["zone_id"], row["class_id"]) for row in toy_tables()["demand"]]
    cells = [f"{zone},{work},2028-0{month},{month},toy,estimate" for zone, work in rows for month in (1, 2, 3)]
    return "\n".join([f"zone_id,class_id,{','.join(titles)},source,quality", *cells]) + "\n"


@pytest.mark.parametrize("titles", [("month", "kh100e"), ("Date", "kh100e"), ("Month", "demand"), ("period", "peak_kh100e")])
def test_a_demand_by_month_is_refused_once_with_the_titles_to_write(titles: tuple[str, str], tmp_path: Path) -> None:
    assert refused(tmp_path, demand=demand_by_month(*titles)) == [
        (
            f"tables/demand.csv:1:3: {titles[0]} and {titles[1]}: table demand by month has the columns from_month and"
            f" start_kh100e: rename {titles[0]} to from_month and {titles[1]} to start_kh100e"
        )
    ]


def test_many_duplicate_rows_are_refused_once(tmp_path: Path) -> None:
    rows = "alpha,2028-01,1,toy,estimate\n" * 12
    found = refused(tmp_path, deliveries=f"generation_id,month,kunit,source,quality\n{rows}")
    assert found == [
        (
            "tables/deliveries.csv:3:1: generation_id = alpha, month = 2028-01: duplicate row, first in line 2 (11 such rows,"
            " the last in tables/deliveries.csv:13) (several orders of a month? write their sum, or combine: sum in a map)"
        )
    ]


def test_a_table_of_other_places_is_refused_once_in_each_table_that_names_them(tmp_path: Path) -> None:
    rows = "".join(f"nowhere,alpha,1,2020-{month:02d},2020-{month:02d},toy,estimate\n" for month in range(1, 13))
    found = refused(tmp_path, fleet=f"region_id,generation_id,kunit,delivered_from,delivered_to,source,quality\n{rows}")
    assert [line for line in found if "nowhere" in line] == [
        (
            "tables/fleet.csv:2:1: region_id = nowhere: expected a region_id of tables/regions.csv, in this and 11 more cells,"
            " to tables/fleet.csv:13:1 (one of bavaria, ohio)"
        )
    ]


@pytest.mark.parametrize("mark", [":", "#", "!"])
def test_a_sheet_behind_its_file_says_how_a_sheet_is_stated(mark: str, tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("tables/dark.csv", f"'book.xlsx{mark}Stock 2026'"), encoding="utf-8"
    )
    assert refused_plan(path)[0].endswith("expected {file: book.xlsx, sheet: Stock 2026}")


def test_a_sheet_of_another_name_may_have_its_header_below_remarks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Stock (final)"
    for row in (["Stock of the desk"], [], ["generation_id", "kunit", "source", "quality"], ["alpha", 3, "toy", "estimate"]):
        sheet.append(row)
    book.save(tmp_path / "stock.xlsx")
    data = (tmp_path / "stock.xlsx").read_bytes()
    plan = load(planned(tmp_path, "dark", data, {"sheet": "Stock (final)"}, "stock.xlsx"))
    assert rows_of(plan, "dark", "generation_id", "kunit") == [("alpha", 3.0)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            b"PK\x03\x04 and more",
            "the content of a workbook or an archive: a workbook's name ends in .xlsx: expected a CSV text",
        ),
        (b"<!DOCTYPE html><html>", "a web page: expected a CSV text"),
        (b"PAR1 and more", "the content of a Parquet file, whose name ends in .parquet: expected a CSV text"),
    ],
)
def test_other_content_under_the_name_of_a_csv_file_is_named(data: bytes, message: str, tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    (tmp_path / "tables" / "dark.csv").write_bytes(data)
    assert refused_plan(path) == [f"tables/dark.csv: {message}"]


def test_columns_without_a_name_in_the_header_alone_are_ignored(tmp_path: Path) -> None:
    path = write_plan(tmp_path, dark="generation_id,kunit,source,quality,,\nalpha,3,toy,estimate\n")
    assert rows_of(load(path), "dark", "generation_id", "kunit") == [("alpha", 3.0)]


def test_a_remark_below_the_header_is_named_as_what_it_is(tmp_path: Path) -> None:
    assert refused(tmp_path, dark="generation_id,kunit,source,quality\n# units: thousands\nalpha,3,toy,estimate\n") == [
        "tables/dark.csv:2:2: 1 cell: expected 4 cells between commas, as in the header, and nothing but rows below it"
    ]


PLAN_OF_DELIVERIES = "Gerät;Werk;Jan 27;Feb 27;Mrz 27\nGB300;A;1,5;2,25;1,5\nRubin;B;0,5;3,25;4,5\n"
HEADED = {
    "a remark": ("Lieferplan 2027\n", PLAN_OF_DELIVERIES),
    "a remark with a comma": ("Lieferplan 2027, Stand November\n\n", PLAN_OF_DELIVERIES),
    "a remark as a spreadsheet pads it": ("Lieferplan 2027;;;;\n", PLAN_OF_DELIVERIES),
    "a remark with words that are titles": ("Model;;;;\nUnits\n", PLAN_OF_DELIVERIES),
    "a remark in a file with commas": ("Plan, as of May\n", PLAN_OF_DELIVERIES.replace(",", ".").replace(";", ",")),
    "none": ("", PLAN_OF_DELIVERIES),
}


@pytest.mark.parametrize("name", HEADED)
def test_a_header_of_unknown_titles_is_found_by_the_width_of_the_table(name: str, tmp_path: Path) -> None:
    text = "".join(HEADED[name])
    (tmp_path / "plan.csv").write_text(text, encoding="utf-8")
    proposed = propose(tmp_path / "plan.csv", "deliveries").text
    assert 'unpivot: {columns: ["Jan 27", "Feb 27", "Mrz 27"], name: month, value: kunit}' in proposed
    assert 'ignore: ["Gerät", "Werk"]' in proposed
    how = {
        "columns": {"generation_id": {"from": "Gerät", "values": {"GB300": "alpha", "Rubin": "beta"}}, **CARRIED},
        "unpivot": {"columns": ["Jan 27", "Feb 27", "Mrz 27"], "name": "month", "value": "kunit"},
        "ignore": "Werk",
    }
    found = rows_of(load(planned(tmp_path, "deliveries", text, how)), "deliveries", "generation_id", "month", "kunit")
    assert found[:3] == [("alpha", "2027-01", 1.5), ("alpha", "2027-02", 2.25), ("alpha", "2027-03", 1.5)]


def test_a_sheet_of_unknown_titles_has_its_header_below_remarks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Lieferplan 2027"], [], ["Gerät", "Monat", "Werk"], ["GB300", "2027-01", "A"]):
        book.active.append(row)
    book.save(tmp_path / "plan.xlsx")
    assert 'ignore: ["Gerät", "Werk"]' in propose(tmp_path / "plan.xlsx", "deliveries").text


def test_a_number_that_the_file_does_not_have_is_not_made_up(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("Chip,Month\nalpha,2027-01\n", encoding="utf-8")
    proposed = propose(tmp_path / "plan.csv", "deliveries").text
    assert 'kunit: {from: "?"}  # guess: no title reads like a kunit' in proposed


def test_a_row_of_numbers_is_no_header(tmp_path: Path) -> None:
    text = "Gerät,Werk\nx,y,1.5\nx,z,2.5\n"
    (found,) = refused_plan(planned(tmp_path, "deliveries", text, {"columns": {"generation_id": "Gerät", **CARRIED}}))
    assert found == (
        "theirs.csv:2:3: 3 cells: expected 2 cells between commas, as in the header in line 1 (in 2 rows);"
        " where the header is another line, a map names it: rows: {header: N}"
    )


def latency(how: dict[str, Any]) -> dict[str, Any]:
    return {"columns": {"from_id": "from", "to_id": "to", "one_way_ms": how, **CARRIED}}


TITLES = {
    "another currency": (
        "fuels",
        "region_id,fuel_id,price (EUR/MMBtu)\nohio,gas,4\n",
        {"columns": {"usd_per_mmbtu": "price (EUR/MMBtu)", **CARRIED}},
        "usd_per_mmbtu: expected unit and rate: {EUR: ...}, as the title is of EUR, or factor",
    ),
    "a currency without brackets": (
        "fuels",
        "region_id,fuel_id,price_eur\nohio,gas,4\n",
        {"columns": {"usd_per_mmbtu": "price_eur", **CARRIED}},
        "usd_per_mmbtu: expected unit and rate: {EUR: ...}, as the title is of EUR, or factor",
    ),
    "another unit": (
        "dark",
        "generation_id,chips (units)\nalpha,4000\n",
        {"columns": {"kunit": "chips (units)", **CARRIED}},
        "kunit: expected unit: units, as the title states, or factor: the column is in thousand units",
    ),
    "a count in words of its own": (
        "dark",
        "generation_id,Menge [GPUs]\nalpha,4000\n",
        {"columns": {"kunit": "Menge [GPUs]", **CARRIED}},
        "expected factor: 0.001 where GPUs counts single ones, 1 where it counts thousands: the column is in thousand units",
    ),
    "a unit of another kind": (
        "dark",
        "generation_id,Menge (MW)\nalpha,4\n",
        {"columns": {"kunit": "Menge (MW)", **CARRIED}},
        "kunit: expected unit: MW, as the title states, or factor: the column is in thousand units",
    ),
    "apparent power": (
        "dark",
        "generation_id,stock (kVA)\nalpha,4\n",
        {"columns": {"kunit": "stock (kVA)", **CARRIED}},
        "kunit: expected unit: kVA, as the title states, or factor: the column is in thousand units",
    ),
    "a unit behind the title": (
        "fuels",
        "region_id,fuel_id,price ct/MMBtu\nohio,gas,400\n",
        {"columns": {"usd_per_mmbtu": "price ct/MMBtu", **CARRIED}},
        "usd_per_mmbtu: expected unit: ct/MMBtu, as the title states, or factor: the column is in USD per MMBtu",
    ),
    "a unit that nobody knows": (
        "fuels",
        "region_id,fuel_id,price (öre/kWh)\nohio,gas,4\n",
        {"columns": {"usd_per_mmbtu": "price (öre/kWh)", **CARRIED}},
        "usd_per_mmbtu: expected unit: öre/kWh, as the title states, or factor: the column is in USD per MMBtu",
    ),
    "a round trip": (
        "latency",
        "from,to,RTT (ms)\nnew_york,ohio,12\n",
        latency({"from": "RTT (ms)"}),
        "one_way_ms: expected factor: 0.5, as the title speaks of round trips (factor: 1 where it does not)",
    ),
}


@pytest.mark.parametrize("name", TITLES)
def test_a_title_of_another_unit_is_not_passed_over(name: str, tmp_path: Path) -> None:
    table, text, how, message = TITLES[name]
    (found,) = refused_plan(planned(tmp_path, table, text, how))
    assert found.endswith(message)


def test_a_stated_factor_settles_the_unit_of_a_title(tmp_path: Path) -> None:
    path = planned(tmp_path, "latency", "from,to,RTT (ms)\nnew_york,ohio,12\n", latency({"from": "RTT (ms)", "factor": 0.5}))
    assert rows_of(load(path), "latency", "from_id", "to_id", "one_way_ms") == [("new_york", "ohio", 6.0)]


def test_a_matrix_with_an_empty_corner_is_proposed_and_read(tmp_path: Path) -> None:
    text = ";ohio;bavaria\nnew_york;12,5;31\n"
    (tmp_path / "rtt.csv").write_text(text, encoding="utf-8")
    proposed = propose(tmp_path / "rtt.csv", "latency").text
    assert 'from_id: {from: "column 1", unknown: leave_out}' in proposed
    how = {
        "columns": {"from_id": "column 1", "to_id": "to_id", "one_way_ms": {"from": "ms"}, **CARRIED},
        "unpivot": {"columns": "*", "name": "to_id", "value": "ms"},
    }
    plan = load(planned(tmp_path, "latency", text, how))
    assert rows_of(plan, "latency", "from_id", "to_id", "one_way_ms") == [
        ("new_york", "ohio", 12.5),
        ("new_york", "bavaria", 31.0),
    ]


def test_a_matrix_the_other_way_round_is_refused(tmp_path: Path) -> None:
    how = {
        "columns": {
            "from_id": {"from": "ms", "unknown": "leave_out"},
            "to_id": {"from": "to_id", "unknown": "leave_out"},
            "one_way_ms": {"from": "one_way_ms"},
            **CARRIED,
        },
        "unpivot": {"columns": "*", "name": "to_id", "value": "one_way_ms"},
    }
    found = refused_plan(planned(tmp_path, "latency", "ms,new_york,munich\nohio,12,31\n", how))
    assert "(these are of from_id: are the two the other way round?)" in found[0]


PROPOSED = {
    "rtt.csv": ("latency", "From,To,RTT (ms)\na,b,12\n", 'one_way_ms: {from: "RTT (ms)", unit: "ms", factor: 0.5}'),
    "spot.csv": ("profiles", "time,price_eur_mwh\n2026-01-01 00:00,60\n", 'unit: "EUR/MWh", rate: {EUR: 0}'),
    "hours.csv": (
        "profiles",
        "Date,Hour,Price\n2026-01-01,1,60\n2026-01-01,24,70\n",
        'from_h: {from: "Hour", time: hour_ending}',
    ),
    "uhrzeit.csv": (
        "profiles",
        "Datum,Uhrzeit,Preis ct/kWh\n2026-01-01,00:00,6\n",
        'value: {from: "Preis ct/kWh", unit: "ct/kWh"}',
    ),
    "time.csv": ("profiles", "time,Price\n2026-01-01 00:00,60\n", 'from_h: {from: "time", time: hour}'),
    "price.csv": ("launch_price", "design_id,month,usd_per_kg\na,2028-01,900\n", "combine: mean"),
}


@pytest.mark.parametrize("name", PROPOSED)
def test_a_proposal_reads_the_title(name: str, tmp_path: Path) -> None:
    table, text, line = PROPOSED[name]
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert line in propose(tmp_path / name, table).text


def test_a_column_in_another_currency_is_no_slip_of_the_pen(tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    text = (tmp_path / "tables" / "regions.csv").read_text(encoding="utf-8").replace("shell_usd_per_kw", "shell_eur_per_kw")
    (tmp_path / "tables" / "regions.csv").write_text(text, encoding="utf-8")
    assert any("(EUR: no exchange rates, state it in USD, or a rate in a map)" in line for line in refused_plan(path))


@pytest.mark.parametrize(
    ("text", "hint"), [("32.45\u00b0 N", "write 32.45"), ("99\u00b044'W", "write -99.7333"), ("S33.9", "write -33.9")]
)
def test_coordinates_of_a_map_say_the_number(text: str, hint: str, tmp_path: Path) -> None:
    rows = toy_tables()["zones"]
    rows[0]["latitude_deg"] = text
    found = refused(tmp_path, zones=rows)
    assert found[0].endswith(f"expected a number in degrees ({hint})")


def test_a_stated_header_that_is_an_empty_line_is_refused(tmp_path: Path) -> None:
    how = {"columns": {"generation_id": "chip", **CARRIED}, "rows": {"header": 1}}
    (found,) = refused_plan(planned(tmp_path, "deliveries", "\nchip\nalpha\n", how))
    assert found == "theirs.csv:1: line 1 is empty, or after the first rows: expected the header, as the map states"
