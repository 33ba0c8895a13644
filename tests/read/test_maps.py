"""Maps: files of another shape become tables, each value in the place of the user's own cell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from planner.cli import main
from planner.plan.plan import Plan
from planner.read.load import load
from tests.read.refusals import refused_plan
from tests.read.toy import write_plan

CARRIED = {"source": {"value": "toy"}, "quality": {"value": "estimate"}}


def planned(folder: Path, table: str, text: str | bytes, how: dict[str, Any], file: str = "theirs.csv") -> Path:
    """The toy, with one table from a file of another shape."""
    path = write_plan(folder)
    (folder / file).write_bytes(text.encode() if isinstance(text, str) else text)
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan["tables"][table] = {"file": file} | how
    path.write_text(yaml.safe_dump(plan, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def rows_of(plan: Plan, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return list(plan.tables[table].select(*columns))


def said(plan: Plan, code: str) -> list[str]:
    return [notice.text for notice in plan.notices if str(notice.code) == code]


LEDGER = (
    "Order book, printed 30 November\n\n"
    "Chip,Delivery,Units,Status,Remark\n"
    'Alpha 1,Jan-28,"1,200",firm,a\nAlpha 1,01/2028,800,firm,b\nAlpha 1,2028-02,500,option,c\nBeta,2028-03-01,250.5,firm,\n'
    "\nTotal,,3000,,\n"
)
LEDGER_MAP = {
    "rows": {"where": {"Status": "firm"}, "until": "blank"},
    "columns": {
        "generation_id": {"from": "Chip", "values": {"Alpha 1": "alpha", "Beta": "beta"}},
        "month": "Delivery",
        "kunit": {"from": "Units", "unit": "units"},
        **CARRIED,
    },
    "combine": "sum",
    "ignore": "Remark",
}


SUMMED = [("alpha", "2028-01", 2.0), ("beta", "2028-03", 0.2505)]


def test_a_ledger_is_summed(tmp_path: Path) -> None:
    plan = load(planned(tmp_path, "deliveries", LEDGER, LEDGER_MAP))
    assert rows_of(plan, "deliveries", "generation_id", "month", "kunit") == SUMMED
    (note,) = said(plan, "N-TABLE-MAPPED")
    assert note == ("table deliveries by its map: 4 rows, 1 left out (by the filter), combined by sum: 2 rows of the table")
    assert [str(plan.tables["deliveries"].place(row, "kunit")) for row in (0, 1)] == ["theirs.csv:4:3", "theirs.csv:7:3"]
    (mapped,) = plan.mapped
    assert mapped.before[0] == {"Chip": "Alpha 1", "Delivery": "Jan-28", "Units": "1200"}
    assert mapped.after[0]["kunit"] == "1.2"


def test_hashes_of_file_and_map_are_remembered(tmp_path: Path) -> None:
    path = planned(tmp_path, "deliveries", LEDGER, {"map": "ours.yaml"})
    columns = LEDGER_MAP["columns"] | {"generation_id": {"from": "Chip", "values": "chips.csv"}}  # type: ignore[operator]
    (tmp_path / "ours.yaml").write_text(yaml.safe_dump({"deliveries": LEDGER_MAP | {"columns": columns}}), encoding="utf-8")
    (tmp_path / "chips.csv").write_text("theirs,ours\nAlpha 1,alpha\nBeta,beta\n", encoding="utf-8")
    plan = load(path)
    assert len(plan.tables["deliveries"]) == 2
    assert {"theirs.csv", "ours.yaml", "chips.csv"} <= {source["file"] for source in plan.files()}


def test_the_same_map_reads_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Orders 2026"
    for line in LEDGER.splitlines():
        sheet.append([cell.strip('"') or None for cell in line.replace('"1,200"', "1200").split(",")])
    path = planned(tmp_path, "deliveries", b"", {**LEDGER_MAP, "sheet": "Orders 2026"}, "theirs.xlsx")
    book.save(tmp_path / "theirs.xlsx")
    plan = load(path)
    assert rows_of(plan, "deliveries", "generation_id", "month", "kunit") == SUMMED
    assert str(plan.tables["deliveries"].place(1, "kunit")) == "theirs.xlsx:'Orders 2026'!C7"
    plan_file = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan_file["tables"]["deliveries"]["sheet"] = "Orders 2027"
    path.write_text(yaml.safe_dump(plan_file, sort_keys=False), encoding="utf-8")
    (finding,) = refused_plan(path)
    assert finding.endswith("theirs.xlsx: no sheet Orders 2027 (did you mean Orders 2026?)")


MATRIX = "round trip (ms),ohio,bavaria,elsewhere\nnew_york,12,70,168\natlantis,1,2,3\n"
MATRIX_MAP = {
    "columns": {
        "from_id": {"from": "round trip (ms)", "unknown": "leave_out"},
        "to_id": {"from": "to_id", "unknown": "leave_out"},
        "one_way_ms": {"from": "one_way_ms", "factor": 0.5},
        **CARRIED,
    },
    "unpivot": {"columns": "*", "name": "to_id", "value": "one_way_ms"},
}


def test_a_matrix_is_unpivoted_and_places_elsewhere_are_counted(tmp_path: Path) -> None:
    plan = load(planned(tmp_path, "latency", MATRIX, MATRIX_MAP))
    assert rows_of(plan, "latency", "from_id", "to_id", "one_way_ms") == [("new_york", "ohio", 6), ("new_york", "bavaria", 35)]
    assert len(said(plan, "N-ROWS-LEFT-OUT")) == 2
    assert str(plan.tables["latency"].place(0, "one_way_ms")) == "theirs.csv:2:2"


PRICES = "Datum von;Datum bis;Preis [€/MWh]\n"
PRICES_MAP = {
    "rows": {"missing": ["-"]},
    "columns": {
        "profile_id": {"value": "spot"},
        "kind": {"value": "price_usd_per_mwh"},
        "calendar_month": {"from": "Datum von", "time": "calendar_month"},
        "from_h": {"from": "Datum von", "time": "hour"},
        "value": {"from": "Preis [€/MWh]", "unit": "EUR/MWh", "rate": {"EUR": 1.08}},
        **CARRIED,
    },
    "combine": "mean",
    "ignore": "Datum bis",
}


def prices(days: int = 365, quarters: int = 4) -> str:
    start, step = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.timedelta(hours=1) / quarters
    lines = []
    for number in range(days * 24 * quarters):
        at = start + number * step
        price = "-" if number == 5 else f"{at.hour * 10 + at.month + 0.25 * (number % quarters) - 40:.2f}".replace(".", ",")
        lines.append(f"{at:%d.%m.%Y %H:%M};{at + step:%d.%m.%Y %H:%M};{price}")
    return PRICES + "\n".join(lines) + "\n"


def test_35_000_quarter_hours_become_a_profile(tmp_path: Path) -> None:
    path = planned(tmp_path, "profiles", prices().encode("utf-8-sig"), PRICES_MAP)
    plan = load(path)
    table = plan.tables["profiles"]
    assert len(table) == 288
    values = {(month, hour): value for month, hour, value in table.select("calendar_month", "from_h", "value")}
    assert values[3, 2] == pytest.approx((2 * 10 + 3 + 0.375 - 40) * 1.08)
    assert values[1, 1] == pytest.approx((11 - 40 + (0.25 * (0 + 2 + 3) + 30 * 1.5) / 123) * 1.08)
    (note,) = said(plan, "N-TABLE-MAPPED")
    assert note.startswith("table profiles by its map: 35,040 rows, 1 left out (without a value), combined by mean: 288 rows")


def test_several_files_of_one_shape(tmp_path: Path) -> None:
    whole = prices(quarters=1).splitlines()
    path = planned(tmp_path, "profiles", "", PRICES_MAP)
    (tmp_path / "prices").mkdir()
    for month in range(12):
        rows = [line for line in whole[1:] if f".{month + 1:02d}.2026 " in line.split(";")[0]]
        (tmp_path / "prices" / f"2026-{month + 1:02d}.csv").write_text("\n".join([whole[0], *rows]) + "\n", encoding="utf-8")
    plan_file = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan_file["tables"]["profiles"]["file"] = "prices/2026-*.csv"
    path.write_text(yaml.safe_dump(plan_file, sort_keys=False), encoding="utf-8")
    plan = load(path)
    assert len(plan.tables["profiles"]) == 288
    assert str(plan.tables["profiles"].place(287, "value")) == "prices/2026-12.csv:25:3"
    assert len([one for one in plan.files() if one["file"].startswith("prices/")]) == 12


def test_zones_hours_that_end_and_dates_of_two_orders(tmp_path: Path) -> None:
    header = "Date,Hour Ending,Price\n"
    lines = [
        f"{month:02d}/{day:02d}/2026,{hour:02d}:00,{hour}\n"
        for month in range(1, 13)
        for day in (1, 13)
        for hour in range(1, 25)
    ]
    how = {
        "columns": {
            **PRICES_MAP["columns"],  # type: ignore[dict-item]
            "calendar_month": {"from": "Date", "time": "calendar_month"},
            "from_h": {"from": "Hour Ending", "time": "hour_ending"},
            "value": "Price",
        },
        "combine": "mean",
    }
    table = load(planned(tmp_path, "profiles", header + "".join(lines), how)).tables["profiles"]
    assert {(hour, value) for hour, value in table.select("from_h", "value")} == {(hour, hour + 1) for hour in range(24)}
    (finding,) = refused_plan(planned(tmp_path, "profiles", header + "".join(one for one in lines if "/01/" in one), how))
    assert "state order: day-month-year or month-day-year in the map, in" in finding
    utc = "t,price\n" + "".join(
        f"2026-{month:02d}-15T{hour:02d}:00:00-00:00,{hour}\n" for month in range(1, 13) for hour in range(24)
    )
    zoned = {"from": "t", "zone": "America/Chicago"}
    how["columns"] |= {  # type: ignore[index]
        "calendar_month": {**zoned, "time": "calendar_month"},
        "from_h": {**zoned, "time": "hour"},
        "value": "price",
    }
    table = load(planned(tmp_path, "profiles", utc, how)).tables["profiles"]
    values = {(month, hour): value for month, hour, value in table.select("calendar_month", "from_h", "value")}
    assert values[1, 0] == 6  # winter
    assert values[7, 0] == 5  # summer


def test_quarters_have_a_rule(tmp_path: Path) -> None:
    text = "generation_id,month,kunit,source,quality\nalpha,2028-Q1,6,toy,estimate\n"
    plan = load(planned(tmp_path, "deliveries", text, {"quarters": "spread"}))
    assert rows_of(plan, "deliveries", "month", "kunit") == [("2028-01", 2), ("2028-02", 2), ("2028-03", 2)]
    path = planned(tmp_path, "deliveries", text, {"quarters": "repeat"})
    assert [kunit for _, kunit in rows_of(load(path), "deliveries", "month", "kunit")] == [6, 6, 6]
    (finding,) = refused_plan(planned(tmp_path, "deliveries", text, {}))
    assert finding == (
        "theirs.csv:2:2: month = 2028-Q1: a quarter: state quarters: spread (a third of the numbers each month)"
        " or repeat (all of them) in the map"
    )


def changed(**more: Any) -> dict[str, Any]:
    return {**LEDGER_MAP, **more}


def column(name: str, **keys: Any) -> dict[str, Any]:
    columns: dict[str, Any] = dict(LEDGER_MAP["columns"])  # type: ignore[call-overload]
    return changed(columns={**columns, name: keys})


REFUSED = {
    "a value that the map does not list": (
        column("generation_id", **{"from": "Chip", "values": {"Alfa 1": "alpha"}}),
        (
            "theirs.csv:4:1: 2 values of Chip without one of generation_id in the map: Alpha 1 (did you mean Alfa 1?), Beta"
            " (one of Alfa 1) (3 rows): list them under values, or state others: leave_out"
        ),
    ),
    "a title that the file lacks": (
        column("kunit", **{"from": "Unit"}),
        "plan.yaml:{line}: theirs.csv has no column Unit (did you mean Units?)",
    ),
    "a column that nobody names": (
        changed(ignore=()),
        "theirs.csv:3:5: a column that the map does not name (Remark): expected it under columns, or under ignore",
    ),
    "a unit of another kind": (
        column("kunit", **{"from": "Units", "unit": "MWh"}),
        "plan.yaml:{line}: kunit: expected a unit that can be converted to thousand units: MWh cannot be",
    ),
    "a rate that is still to be stated": (
        column("kunit", **{"from": "Units", "rate": {"EUR": 0}}),
        "plan.yaml:{line}: tables.deliveries.columns.kunit.rate.EUR = 0: expected a number > 0",
    ),
    "a column that the table lacks": (
        column("kunits", **{"from": "Units"}),
        "plan.yaml:{line}: unknown column kunits of table deliveries (did you mean kunit?)",
    ),
    "neither from nor value": (
        column("kunit", **{"unit": "units"}),
        "plan.yaml:{line}: kunit: expected either from, the title of a column, or value, the same for all rows",
    ),
    "a filter that meets nothing": (
        changed(rows={"where": {"Status": "frim"}}),
        "plan.yaml:{line}: no row has Status = frim (did you mean firm?)",
    ),
    "a second column beside a value": (
        column("kunit", **{"value": 1, "and": "Units"}),
        "plan.yaml:{line}: kunit: expected and beside from, the title of a column of the file",
    ),
    "a second title that the file lacks": (
        column("month", **{"from": "Delivery", "and": "Monat"}),
        "plan.yaml:{line}: theirs.csv has no column Monat",
    ),
    "a column to combine that is not there": (
        changed(combine={"kunit": "sum", "optional_frac": "max"}),
        "plan.yaml:{line}: optional_frac: expected a column that the map has under columns, or that the file has",
    ),
    "a key that does not exist": (
        changed(combines="sum"),
        "plan.yaml:{line}: unknown key tables.deliveries.combines (did you mean combine?)",
    ),
    "numbers that are none": (
        column("kunit", **{"from": "Remark", "unit": "units"}) | {"ignore": "Units"},
        "theirs.csv:4:5: Remark = a: expected a number in units, in 2 cells",
    ),
    "an encoding that does not exist": (
        changed(rows={"encoding": "cp1249"}),
        "plan.yaml:{line}: tables.deliveries.rows.encoding = cp1249: expected the name of an encoding, such as cp1250",
    ),
    "an encoding in which the file is no text": (
        changed(rows={"encoding": "punycode"}),
        "theirs.csv:1: byte 0x4f: expected text in PUNYCODE",
    ),
    "a path that leaves the plan": (
        changed(map="../../ours.yaml"),
        "plan.yaml:{line}: ../../ours.yaml: expected a path inside",
    ),
    "a time zone that does not exist": (
        column("month", **{"from": "Delivery", "time": "month", "zone": "Mars/Olympus"}),
        "theirs.csv:4:2: Delivery = Jan-28: expected a date",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_its_place(name: str, tmp_path: Path) -> None:
    how, finding = REFUSED[name]
    found = refused_plan(planned(tmp_path, "deliveries", LEDGER, how))
    place, _, text = finding.partition("{line}")
    wanted = [one for one in found if one.startswith(place) and text in one]
    assert wanted, found
    assert not [one for one in found if "columns.kunit.str" in one]


def test_rows_of_a_key_have_to_agree(tmp_path: Path) -> None:
    text = "region_id,generation_id,kunit,delivered_from,delivered_to,source,quality\n"
    text += "ohio,alpha,5,2024-01,2024-06,a,measured\nohio,alpha,6,2024-01,2025-06,b,estimate\n"
    (finding,) = refused_plan(planned(tmp_path, "fleet", text, {"combine": "sum"}))
    assert finding == (
        "theirs.csv:3:5: delivered_to differs between rows of one key (1 times): state how to combine it, or filter the rows"
    )


def test_check_shows_rows_before_and_after(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = planned(tmp_path, "latency", MATRIX, MATRIX_MAP)
    assert main(["check", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("latency by its map, the first rows of ")
    assert lines[1:3] == [
        "  round trip (ms) new_york, ohio 12",
        "    -> from_id new_york, to_id ohio, one_way_ms 6, source toy, quality estimate",
    ]


def test_the_inputs_of_a_run_are_those_of_the_map_and_run_again(tmp_path: Path) -> None:
    plan = load(planned(tmp_path, "deliveries", LEDGER, LEDGER_MAP))
    mapping = plan.to_mapping()
    assert mapping["tables"]["deliveries"] == "theirs.csv"
    assert list(plan.tables["deliveries"].resolved["line"]) == [4, 7]
